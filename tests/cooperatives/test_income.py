"""Income is a reading of the books: by the month of the sale, whoever asks."""

from datetime import date

import pytest

from base.periods import BadPeriod
from cooperatives import income, ledger
from cooperatives.chart import Event, Kind
from cooperatives.income import MonthIncome
from cooperatives.ledger import Acct, Move
from cooperatives.models import Entry, Member
from tests.people import NOW, World


def sold(member: Member, dong: int, on: date, *, order: int, fee_dong: int = 0) -> Entry:
    """``dong`` for her from one order handed over on a day; what is paid in that morning leaves nothing behind."""
    purse, arrival = Acct(Kind.PREPAID, f"order:{order}"), Acct(Kind.UNMATCHED_ARRIVALS, f"transaction:{order}")
    whole = dong + fee_dong
    shares = [Move(purse, Acct(Kind.OWED_TO_MEMBERS, f"member:{member.pk}"), dong)]
    if fee_dong:
        shares.append(Move(purse, Acct(Kind.FEE), fee_dong))
    entry = None
    for event, moves in (
        (Event.ARRIVED, [Move(Acct(Kind.BANK, "bank_account:1"), arrival, whole)]),
        (Event.SETTLED, [Move(arrival, purse, whole)]),
        (Event.HANDED_OVER, shares),
    ):
        entry = ledger.post(
            organization=member.organization, key=f"{event}:{order}", event=event, meaning=order, moves=moves,
            booked_on=on, at=NOW,
        )  # fmt: skip
    assert entry is not None
    return entry


def months(member: Member, first: str, last: str) -> list[tuple[str, int]]:
    return [(month.month, month.income_dong) for month in income.months(member=member, first=first, last=last)]


def test_months_without_sales_are_there_with_nothing(world: World) -> None:
    assert income.months(member=world.member_an, first="2026-01", last="2026-02") == [
        MonthIncome("2026-01", 0), MonthIncome("2026-02", 0),
    ]  # fmt: skip


def test_what_the_cooperative_keeps_is_not_hers(world: World) -> None:
    sold(world.member_an, 117_000, date(2026, 3, 2), order=1, fee_dong=13_000)
    assert months(world.member_an, "2026-03", "2026-03") == [("2026-03", 117_000)]


def test_sales_fall_into_the_month_in_which_they_are_booked(world: World) -> None:
    for order, day in enumerate([date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)], start=1):
        sold(world.member_an, 1_000 * order, day, order=order)
    assert months(world.member_an, "2026-01", "2026-03") == [
        ("2026-01", 1_000), ("2026-02", 5_000), ("2026-03", 4_000),
    ]  # fmt: skip
    assert months(world.member_an, "2026-02", "2026-02") == [("2026-02", 5_000)]


def test_each_member_has_her_own(world: World) -> None:
    sold(world.member_an, 10_000, NOW.date(), order=1)
    sold(world.member_hoa, 7_000, NOW.date(), order=2)
    assert months(world.member_hoa, "2026-03", "2026-03") == [("2026-03", 7_000)]
    assert income.of_everybody(organization=world.organization) == {
        (world.member_an.pk, "2026-03"): 10_000,
        (world.member_hoa.pk, "2026-03"): 7_000,
    }
    assert income.of_everybody(organization=world.other_organization) == {}


def test_an_undone_sale_leaves_the_month_of_the_sale(world: World) -> None:
    """Undone in April, it is March that was wrong."""
    entry = sold(world.member_an, 10_000, date(2026, 3, 20), order=1)
    ledger.reverse(entry=entry, at=NOW, booked_on=date(2026, 4, 2), actor=None)
    assert months(world.member_an, "2026-03", "2026-04") == [("2026-03", 0), ("2026-04", 0)]


def test_what_she_is_owed_and_has_been_paid(world: World) -> None:
    assert income.owed_dong(member=world.member_an) == income.paid_out_dong(member=world.member_an) == 0
    sold(world.member_an, 10_000, date(2026, 1, 20), order=1)
    sold(world.member_an, 5_000, date(2026, 3, 20), order=2)
    assert income.total_dong(member=world.member_an) == 15_000
    assert income.owed_dong(member=world.member_an) == 15_000
    assert income.paid_out_dong(member=world.member_an) == 0


def test_an_opening_debt_to_a_member_is_not_income(world: World) -> None:
    owed = Acct(Kind.OWED_TO_MEMBERS, f"member:{world.member_an.pk}")
    ledger.post(
        organization=world.organization, key="opened:9", event=Event.OPENED, meaning=9,
        moves=[Move(Acct(Kind.OPENING), owed, 3_000)], booked_on=date(2026, 1, 1), at=NOW,
    )  # fmt: skip
    assert months(world.member_an, "2026-01", "2026-01") == [("2026-01", 0)]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-03", "2026-02"), ("2026-3", "2026-04"), ("", ""), ("2016-01", "2026-12")]
)
def test_a_period_that_is_none_is_refused(world: World, first: str, last: str) -> None:
    with pytest.raises(BadPeriod):
        income.months(member=world.member_an, first=first, last=last)


def test_a_longer_history_takes_no_more_queries(world: World, django_assert_num_queries) -> None:
    for order in range(1, 4):
        sold(world.member_an, 1_000, date(2026, order, 5), order=order)
        with django_assert_num_queries(2):
            income.months(member=world.member_an, first="2026-01", last="2026-12")
