"""Posting, repeating, reversing: what cooperatives/ledger.py promises, with made-up accounts and no documents."""

from collections import Counter
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.money import MAX_DONG, BadAmount
from cooperatives import ledger, verifying
from cooperatives.chart import PAIRS, Event, Kind
from cooperatives.ledger import Acct, Move
from cooperatives.models import Entry, LedgerAccount, Organization, Posting
from tests.people import NOW, OPENED_ON, World

BANK = Acct(Kind.BANK, "bank_account:1")
ARRIVAL = Acct(Kind.UNMATCHED_ARRIVALS, "transaction:1")
PURSE = Acct(Kind.PREPAID, "order:1")
FEE = Acct(Kind.FEE)
AN, HOA = Acct(Kind.OWED_TO_MEMBERS, "member:1"), Acct(Kind.OWED_TO_MEMBERS, "member:2")


def post(organization: Organization, event: Event, *moves: tuple[Acct, Acct, Any], key: str = "", **more: Any) -> Entry:
    asked: dict[str, Any] = {
        "organization": organization, "key": key or f"{event}:1", "event": event, "meaning": {"of": "this test"},
        "moves": [Move(debit=debit, credit=credit, amount_dong=dong) for debit, credit, dong in moves],
        "booked_on": OPENED_ON, "at": NOW,
    }  # fmt: skip
    return ledger.post(**(asked | more))


def balance(organization: Organization, acct: Acct) -> int:
    return ledger.balance_dong(organization=organization, kind=acct.kind, subject=acct.subject)


@pytest.fixture
def home(world: World) -> Organization:
    return world.organization


# -- Posting ----------------------------------------------------------------------------------------------


def test_one_event_moves_both_balances(home: Organization) -> None:
    entry = post(home, Event.ARRIVED, (BANK, ARRIVAL, 185_000))
    assert (entry.key, entry.event, entry.booked_on, entry.at) == ("arrived:1", "arrived", OPENED_ON, NOW)
    assert balance(home, BANK) == balance(home, ARRIVAL) == 185_000


def test_one_debit_against_many_credits(home: Organization) -> None:
    """From the bank over the purse to two members and the fee."""
    post(home, Event.ARRIVED, (BANK, ARRIVAL, 200_000))
    post(home, Event.SETTLED, (ARRIVAL, PURSE, 200_000))
    post(home, Event.HANDED_OVER, (PURSE, AN, 117_000), (PURSE, HOA, 63_000), (PURSE, FEE, 20_000))
    assert [balance(home, acct) for acct in (ARRIVAL, PURSE, AN, HOA, FEE)] == [0, 0, 117_000, 63_000, 20_000]
    assert ledger.total_dong(organization=home, kind=Kind.OWED_TO_MEMBERS) == 180_000


def test_an_account_never_opened_holds_nothing(home: Organization) -> None:
    assert balance(home, PURSE) == 0
    assert not LedgerAccount.objects.exists()


def test_the_greatest_amount_fits(home: Organization) -> None:
    post(home, Event.ARRIVED, (BANK, ARRIVAL, MAX_DONG))
    assert balance(home, ARRIVAL) == MAX_DONG


@pytest.mark.parametrize("amount", [True, Decimal("5"), 5.0, "5", None, 0, -5, MAX_DONG + 1])
def test_only_positive_whole_dong_get_in(home: Organization, amount: Any) -> None:
    """``True`` is an int in Python and 0.5 is rounded by PostgreSQL: so it is decided here."""
    with pytest.raises(BadAmount):
        post(home, Event.ARRIVED, (BANK, ARRIVAL, 5), (BANK, ARRIVAL, amount))
    assert not Entry.objects.exists()


def test_a_pair_that_the_chart_does_not_know_is_a_programming_error(home: Organization) -> None:
    with pytest.raises(AssertionError):
        post(home, Event.ARRIVED, (BANK, FEE, 5))
    assert not Entry.objects.exists()


def test_an_entry_without_postings_is_a_programming_error(home: Organization) -> None:
    with pytest.raises(AssertionError):
        post(home, Event.ARRIVED)


def test_spending_what_is_not_there_changes_nothing(home: Organization) -> None:
    post(home, Event.ARRIVED, (BANK, ARRIVAL, 10))
    with pytest.raises(DatabaseError), transaction.atomic():
        post(home, Event.SETTLED, (ARRIVAL, PURSE, 11))
    assert (balance(home, ARRIVAL), balance(home, PURSE), Entry.objects.count()) == (10, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_posting_outside_a_transaction_is_a_programming_error(world: World) -> None:
    with pytest.raises(AssertionError, match="inside its caller's transaction"):
        post(world.organization, Event.ARRIVED, (BANK, ARRIVAL, 5))


# -- The same key again -----------------------------------------------------------------------------------


def test_the_same_key_returns_the_first_entry(home: Organization) -> None:
    first = post(home, Event.ARRIVED, (BANK, ARRIVAL, 5))
    # An honest repeat may come later and from somebody else.
    again = post(home, Event.ARRIVED, (BANK, ARRIVAL, 5), booked_on=OPENED_ON.replace(day=2), at=NOW.replace(hour=10))
    assert again == first
    assert again.booked_on == OPENED_ON
    assert Posting.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(home: Organization) -> None:
    post(home, Event.ARRIVED, (BANK, ARRIVAL, 5))
    with pytest.raises(ledger.EntryKeyReused):
        post(home, Event.ARRIVED, (BANK, ARRIVAL, 6), meaning={"of": "another"})
    assert balance(home, BANK) == 5


def test_two_organizations_have_keys_of_their_own(world: World) -> None:
    ours = post(world.organization, Event.ARRIVED, (BANK, ARRIVAL, 5))
    theirs = post(world.other_organization, Event.ARRIVED, (BANK, ARRIVAL, 7))
    assert ours != theirs
    assert (balance(world.organization, ARRIVAL), balance(world.other_organization, ARRIVAL)) == (5, 7)


# -- Undoing ----------------------------------------------------------------------------------------------


def undo(entry: Entry) -> Entry:
    return ledger.reverse(entry=entry, at=NOW, booked_on=OPENED_ON, actor=None)


def test_a_reversal_is_the_exact_mirror(home: Organization) -> None:
    post(home, Event.ARRIVED, (BANK, ARRIVAL, 200_000))
    entry = post(
        home, Event.SETTLED, (ARRIVAL, PURSE, 185_000), (ARRIVAL, Acct(Kind.OWED_TO_PAYERS, "order:1"), 15_000)
    )
    mirror = undo(entry)
    assert (mirror.reverses, mirror.event, mirror.key) == (entry, "reversed", f"reversed:{entry.pk}")
    assert [balance(home, acct) for acct in (ARRIVAL, PURSE)] == [200_000, 0]
    forward = entry.postings.order_by("id").values_list("debit_id", "credit_id", "amount_dong")
    backward = mirror.postings.order_by("id").values_list("credit_id", "debit_id", "amount_dong")
    assert list(forward) == list(backward)


def test_undoing_twice_takes_nothing_back_twice(home: Organization) -> None:
    entry = post(home, Event.ARRIVED, (BANK, ARRIVAL, 5))
    assert undo(entry) == undo(entry)
    assert balance(home, BANK) == 0
    assert Entry.objects.count() == 2


def test_an_undo_is_not_undone(home: Organization) -> None:
    mirror = undo(post(home, Event.ARRIVED, (BANK, ARRIVAL, 5)))
    with pytest.raises(ledger.AlreadyReversed):
        undo(mirror)


def test_what_is_spent_cannot_be_taken_back(home: Organization) -> None:
    entry = post(home, Event.ARRIVED, (BANK, ARRIVAL, 5))
    post(home, Event.SETTLED, (ARRIVAL, PURSE, 5))
    with pytest.raises(DatabaseError), transaction.atomic():
        undo(entry)
    assert balance(home, BANK) == 5


# -- Locks ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's transaction is the lock")
def test_every_touched_account_is_locked_in_one_statement_in_id_order(home: Organization) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        post(home, Event.ARRIVED, (BANK, ARRIVAL, 5))
    [lock] = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert 'FROM "cooperatives_ledgeraccount"' in lock
    assert "ORDER BY id FOR NO KEY UPDATE" in lock


def test_posting_takes_the_same_number_of_queries_whatever_its_size(
    home: Organization, django_assert_num_queries: Any
) -> None:
    members = [Acct(Kind.OWED_TO_MEMBERS, f"member:{n}") for n in range(1, 21)]
    post(home, Event.ARRIVED, (BANK, ARRIVAL, 1_000))
    post(home, Event.SETTLED, (ARRIVAL, PURSE, 1_000))
    with CaptureQueriesContext(connection) as one:
        post(home, Event.HANDED_OVER, (PURSE, members[0], 1), key="handed_over:1")
    with django_assert_num_queries(len(one)):
        post(home, Event.HANDED_OVER, *((PURSE, member, 1) for member in members), key="handed_over:2")


# -- Many at once -----------------------------------------------------------------------------------------


def booking(number: int, dong: int = 5, **more: Any) -> ledger.Booking:
    given: dict[str, Any] = {
        "key": f"arrived:{number}", "event": Event.ARRIVED, "meaning": {"of": "this test"},
        "moves": [Move(BANK, Acct(Kind.UNMATCHED_ARRIVALS, f"transaction:{number}"), dong)], "booked_on": OPENED_ON,
    }  # fmt: skip
    return ledger.Booking(**(given | more))


def post_many(organization: Organization, *bookings: ledger.Booking) -> list[int]:
    return ledger.post_many(organization=organization, bookings=bookings, at=NOW)


def test_many_events_are_booked_as_each_alone(world: World) -> None:
    ids = post_many(world.organization, booking(2), booking(1, 7))
    assert [Entry.objects.get(pk=pk).key for pk in ids] == ["arrived:2", "arrived:1"]
    for number, dong in ((2, 5), (1, 7)):
        one = booking(number, dong)
        alone = ledger.post(
            organization=world.other_organization, key=one.key, event=one.event, meaning=one.meaning, moves=one.moves,
            booked_on=one.booked_on, at=NOW,
        )  # fmt: skip
        assert Entry.objects.get(organization=world.organization, key=one.key).fingerprint == alone.fingerprint
    assert balance(world.organization, BANK) == balance(world.other_organization, BANK) == 12
    both_sides_are_equal(world.organization)


def test_many_with_some_that_stand_already_add_only_the_others(home: Organization) -> None:
    first = post(home, Event.ARRIVED, (BANK, Acct(Kind.UNMATCHED_ARRIVALS, "transaction:1"), 5))
    ids = post_many(home, booking(1), booking(2))
    assert ids[0] == first.pk
    assert post_many(home, booking(1), booking(2)) == ids
    assert (balance(home, BANK), Posting.objects.count()) == (10, 2)


def test_many_with_one_key_for_something_else_are_refused_whole(home: Organization) -> None:
    post_many(home, booking(1))
    with pytest.raises(ledger.EntryKeyReused), transaction.atomic():
        post_many(home, booking(2), booking(1, meaning={"of": "another"}))
    assert (balance(home, BANK), Entry.objects.count()) == (5, 1)


@pytest.mark.parametrize("amount", [True, Decimal("5"), 5.0, "5", None, 0, -5, MAX_DONG + 1])
def test_many_take_only_positive_whole_dong(home: Organization, amount: Any) -> None:
    with pytest.raises(BadAmount):
        post_many(home, booking(1), booking(2, amount))
    assert not Entry.objects.exists()


def test_many_must_be_sound_each(home: Organization) -> None:
    for wrong in (booking(1, moves=[]), booking(1, moves=[Move(BANK, FEE, 5)])):
        with pytest.raises(AssertionError):
            post_many(home, booking(2), wrong)
    with pytest.raises(AssertionError, match="a key of its own"):
        post_many(home, booking(1), booking(1))
    assert not Entry.objects.exists()


def test_many_that_spend_what_is_not_there_change_nothing(home: Organization) -> None:
    post_many(home, booking(1, 10))
    spending = [Move(Acct(Kind.UNMATCHED_ARRIVALS, "transaction:1"), PURSE, 11)]
    with pytest.raises(DatabaseError), transaction.atomic():
        post_many(home, booking(2), booking(3, key="settled:3", event=Event.SETTLED, moves=spending))
    assert (balance(home, BANK), Entry.objects.count()) == (10, 1)


@pytest.mark.django_db(transaction=True)
def test_many_outside_a_transaction_are_a_programming_error(world: World) -> None:
    with pytest.raises(AssertionError, match="inside its caller's transaction"):
        post_many(world.organization, booking(1))


def test_many_lock_their_accounts_in_one_statement_in_id_order(home: Organization) -> None:
    with CaptureQueriesContext(connection) as queries:
        post_many(home, *(booking(number) for number in range(1, 40)))
    assert len(queries) <= 12
    if connection.vendor == "postgresql":
        [lock] = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
        assert "ORDER BY id FOR NO KEY UPDATE" in lock


# -- Whatever is posted, the books hold -------------------------------------------------------------------

_PAIRS = [(event, pair) for event in sorted(PAIRS) for pair in sorted(PAIRS[event])]
_STEP = st.tuples(
    st.sampled_from(_PAIRS), st.integers(1, 3), st.integers(1, 2), st.integers(1, 50_000), st.integers(0, 4)
)


class RolledBackError(Exception):
    """Ends one example, so that the next one finds empty books."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_STEP, max_size=25))
def test_random_events_keep_both_sides_equal(world: World, steps: list[Any]) -> None:
    """Events with random accounts, amounts, repeats and undoings; what the walls refuse leaves no trace."""
    organizations = [world.organization, world.other_organization]
    with suppress(RolledBackError), transaction.atomic():
        posted: list[Entry] = []
        for number, step in enumerate(steps):
            with suppress(DatabaseError), transaction.atomic():  # an overdraft
                posted += random_step(step, number, organizations, posted)
        for organization in organizations:
            both_sides_are_equal(organization)
        raise RolledBackError


def random_step(step: Any, number: int, organizations: list[Organization], posted: list[Entry]) -> list[Entry]:
    (event, (debit, credit)), subject, where, dong, twist = step
    if twist == 0 and posted:
        undo(posted[dong % len(posted)])
        return []
    move = Acct(debit, str(subject)), Acct(credit, str(subject)), dong
    entry = post(organizations[where - 1], event, move, key=f"{event}:{number}")
    if twist == 1:
        assert post(organizations[where - 1], event, move, key=f"{event}:{number}") == entry
    return [entry]


def both_sides_are_equal(organization: Organization) -> None:
    debited, credited = Counter[int](), Counter[int]()
    for posting in Posting.objects.filter(entry__organization=organization):
        debited[posting.debit_id] += posting.amount_dong
        credited[posting.credit_id] += posting.amount_dong
    accounts = LedgerAccount.objects.filter(organization=organization)
    assert all((account.debits, account.credits) == (debited[account.pk], credited[account.pk]) for account in accounts)
    assert (
        sum(account.debits for account in accounts) == sum(account.credits for account in accounts) == debited.total()
    )
    assert all(account.balance_dong >= 0 for account in accounts if account.no_overdraft)
    verdict = verifying.verify(organization=organization)
    assert [verdict.cache.faults, verdict.form.faults, verdict.undo.faults] == [[], [], []]
