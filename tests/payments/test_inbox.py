"""What arrives is written down once, by whatever doors and however often."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperatives.models import BankAccount, Entry
from payments import importing, inbox, settlement
from payments.models import BankTransaction, Sighting
from tests.payments.conftest import arrival, order_bags, request_of, statement
from tests.people import World

pytestmark = pytest.mark.django_db

State, Reason = BankTransaction.State, BankTransaction.Reason
DAY = "15/03/2026"


def tell(
    world: World, memo: str = "tien ca kho", dong: int = 100_000, *, source: str = "sepay:live", days: int = 0,
    account: BankAccount | None = None, **more: Any,
) -> inbox.Written:  # fmt: skip
    account = account or world.bank_account
    return inbox.write_down(
        arrival=arrival(memo, dong, at=world.now + timedelta(days=days), account=account.number, **more),
        organization=account.organization, bank_account=account, source=source, at=world.now,
    )  # fmt: skip


def test_the_same_call_again_is_the_same_rows(world):
    first, again = tell(world, source_id="7"), tell(world, source_id="7")
    assert first.is_new
    assert not again.is_new
    assert (again.sighting, again.transaction) == (first.sighting, first.transaction)
    assert (Sighting.objects.count(), BankTransaction.objects.count()) == (1, 1)


def test_the_same_id_with_blanks_moved_is_no_contradiction(world):
    first = tell(world, "Tiền cá khô", source_id="7")
    again = tell(world, "tien  ca kho", source_id="7")
    assert again.sighting == first.sighting
    assert not Sighting.objects.get().contradicted


def test_the_same_id_with_other_content_is_kept_and_books_nothing(world):
    order = order_bags(world)
    first = tell(world, request_of(order).code, 150_000, source_id="7")
    for _time in range(3):
        second = tell(world, request_of(order).code, 950_000, source_id="7")
        assert not second.is_new
        assert second.transaction == first.transaction
    told = list(Sighting.objects.order_by("id").values_list("amount_dong", "contradicted"))
    assert told == [(150_000, True), (950_000, True)]
    line = settlement.settle(transaction_id=first.transaction.pk, at=world.now)
    assert (line.state, line.reason, line.used_dong) == (State.NEEDS_YOU, Reason.CONFLICT, 0)
    assert set(line.sightings.values_list("amount_dong", flat=True)) == {150_000, 950_000}


def test_a_contradiction_after_the_money_is_settled_is_still_said(world, comes):
    line = comes(request_of(order_bags(world)).code, 150_000, source_id="7")
    entries = Entry.objects.count()
    tell(world, "khac", 150_000, source_id="7")
    line.refresh_from_db()
    assert (line.state, line.reason, line.used_dong) == (State.SETTLED, Reason.CONFLICT, 150_000)
    assert Entry.objects.count() == entries


def test_the_account_is_part_of_the_identity(world):
    ours, theirs = tell(world, source_id="7"), tell(world, source_id="7", account=world.other_bank_account)
    assert ours.transaction != theirs.transaction
    assert theirs.transaction.organization == world.other_organization


def test_two_equal_transfers_are_two(world):
    assert [tell(world).transaction.occurrence for _time in range(2)] == [1, 2]


@pytest.mark.parametrize("days", [-7, -1, 0, 3, 7])
def test_a_second_source_joins_by_the_banks_reference(world, days):
    line = tell(world, reference="FT26074000001").transaction
    again = tell(world, "noi dung viet khac han", source="casso:live", days=days, reference="FT26074000001")
    assert again.transaction == line
    assert again.sighting.transaction == line


def test_a_reference_joins_neither_other_sums_nor_other_directions(world):
    tell(world, reference="FT1")
    assert tell(world, dong=100_001, source="casso:live", reference="FT1").is_new
    assert tell(world, direction="out", source="casso:live", reference="FT1").is_new
    assert tell(world, "khac", source="casso:live", reference="FT1", days=8).is_new


def test_a_second_source_joins_by_the_balance(world):
    line = tell(world, balance_dong=900_000).transaction
    assert tell(world, "khac", source="statement", balance_dong=900_000, days=1).transaction == line
    assert tell(world, "tien ca kho", source="casso:live", balance_dong=800_000).is_new  # same memo, other balance


@pytest.mark.parametrize(("days", "joins"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_second_source_joins_by_the_memo_within_a_day(world, days, joins):
    tell(world, "Tiền cá khô")
    assert tell(world, "TIEN CA  KHO", source="casso:live", days=days).is_new is not joins


def test_the_nearest_day_is_joined_first(world):
    yesterday, today = tell(world, days=-1).transaction, tell(world).transaction
    assert tell(world, source="casso:live").transaction == today
    assert tell(world, source="casso:live").transaction == yesterday


def test_what_the_first_source_did_not_say_is_filled_in(world):
    line = tell(world).transaction
    tell(world, source="casso:live", reference="FT9", balance_dong=5)
    line.refresh_from_db()
    assert (line.reference, line.balance_dong) == ("FT9", 5)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sepay=st.integers(0, 3), casso=st.integers(0, 3), rows=st.integers(1, 3), balances=st.booleans(), dice=st.randoms()
)
def test_k_equal_transfers_stay_k_in_any_order_of_the_sources(world, sepay, casso, rows, balances, dice):
    """The largest count over the sources, each file twice and once more in another format."""
    told: list[Any] = [("sepay:live", n) for n in range(sepay)] + [("casso:live", n) for n in range(casso)]
    plain = statement([(DAY, "", 100_000, "tien ca kho")] * rows, opening=None)
    other = statement([(DAY, "", 100_000, "TIEN CA KHO")] * rows, opening=0 if balances else None)
    told += [("file", plain), ("file", other), ("file", plain)]
    dice.shuffle(told)
    with transaction.atomic():
        for source, what in told:
            if source == "file":
                importing.import_statement(
                    bank_account_id=world.bank_account.pk, name="sao ke.csv", data=what, actor=world.treasurer,
                    at=world.now,
                )  # fmt: skip
            else:
                for _time in range(2):
                    tell(world, source=source, source_id=str(what))
        assert BankTransaction.objects.count() == max(sepay, casso, rows)
        transaction.set_rollback(True)


def test_money_of_another_account_is_evidence_and_nothing_more(world):
    for dong in (100_000, 100_000, 200_000):
        written = inbox.write_down(
            arrival=arrival("nham", dong, at=world.now, source_id="7", account="999"), organization=world.organization,
            bank_account=None, source="sepay:live", at=world.now,
        )  # fmt: skip
        assert (written.transaction, written.is_new) == (None, False)
    assert list(Sighting.objects.order_by("id").values_list("amount_dong", flat=True)) == [100_000, 200_000]
    assert not BankTransaction.objects.exists()


def test_a_memo_as_long_as_a_call_is_kept_whole(world):
    memo = "CPAB " * 12_000
    line = tell(world, memo).transaction
    assert settlement.settle(transaction_id=line.pk, at=world.now).memo == memo
