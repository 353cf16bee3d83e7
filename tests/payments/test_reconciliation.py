"""The bank beside the books, day by day: what a file says of each day it covers, and which lines stand on one side."""

from datetime import date, timedelta

import pytest

from payments import importing, opening
from payments.models import BankTransaction
from payments.reconciliation import only_in_bank, only_in_books, reconcile, verdicts
from tests.payments.conftest import statement

DAY = date(2026, 3, 15)


@pytest.fixture
def brings(world):
    """A statement file of the bank's, imported."""

    def imported(rows, *, start: int = 0, name: str = "t3.csv"):
        return importing.import_statement(
            bank_account_id=world.bank_account.pk, name=name, data=statement(rows, opening=start),
            actor=world.treasurer, at=world.now,
        )  # fmt: skip

    return imported


def closings(world, *days: int) -> list[int | None]:
    found = [reconcile(organization=world.organization, day=date(2026, 3, day))[0] for day in days]
    return [one.bank_closing_dong for one in found]


def test_a_file_says_what_the_account_held_at_the_end_of_each_of_its_days(world, brings):
    brings([("12/03/2026", "FT1", 5_000, "a"), ("14/03/2026", "FT2", -2_000, "b"), ("15/03/2026", "FT3", 700, "c")])
    assert closings(world, 11, 12, 13, 14, 15) == [None, 5_000, 5_000, 3_000, 3_700]
    days = verdicts(organization=world.organization, first=date(2026, 3, 11), last=DAY)
    assert [day.verdict for day in days] == ["right", "right", "right", "right", "unknown"]


def test_of_two_files_the_later_one_counts(world, brings):
    brings([("14/03/2026", "FT1", 5_000, "a")])
    brings([("14/03/2026", "FT1", 5_000, "a"), ("15/03/2026", "FT2", 1_000, "b")], start=40, name="sau.csv")
    assert closings(world, 14, 15) == [5_040, 6_040]


def test_a_difference_is_exact_and_has_its_sign(world, brings):
    opening.open_account(bank_account=world.bank_account, amount_dong=100, actor=None, at=world.now)
    brings([("15/03/2026", "FT1", 5_000, "a")], start=40)
    [day] = verdicts(organization=world.organization, first=DAY, last=DAY)
    assert (day.verdict, list(day.differences_dong)) == ("wrong", [-60])


def test_lines_on_one_side_only_are_named(world, brings, comes):
    brings([("15/03/2026", "FT1", 5_000, "a"), ("15/03/2026", "FT2", 9_000, "b")])
    ours = comes("chi webhook bao", 3_000)
    theirs = BankTransaction.objects.get(amount_dong=9_000)
    BankTransaction.objects.filter(pk=theirs.pk).update(booked_at=None)
    assert list(only_in_books(bank_account=world.bank_account, day=DAY)) == [ours]
    assert list(only_in_bank(bank_account=world.bank_account, day=DAY)) == [theirs]
    [account] = reconcile(organization=world.organization, day=DAY)
    assert account.difference_dong == 9_000 - 3_000


def test_without_a_file_of_that_day_nothing_is_on_one_side(world, comes):
    comes("chi webhook bao", 3_000)
    assert not only_in_books(bank_account=world.bank_account, day=DAY).exists()


def test_no_day_before_the_books_were_opened(world):
    first = world.organization.opened_on
    days = verdicts(organization=world.organization, first=first - timedelta(days=3), last=first + timedelta(days=1))
    assert [day.day for day in days] == [first + timedelta(days=1), first]
    assert (
        verdicts(organization=world.organization, first=first - timedelta(days=3), last=first - timedelta(days=1)) == []
    )


@pytest.mark.parametrize("span", [1, 30])
def test_any_number_of_days_costs_the_same(world, brings, span, django_assert_num_queries):
    brings([("12/03/2026", "FT1", 5_000, "a"), ("15/03/2026", "FT3", 700, "c")])
    with django_assert_num_queries(6):
        verdicts(organization=world.organization, first=DAY - timedelta(days=span), last=DAY)
