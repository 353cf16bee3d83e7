"""What only a text message tells of is in no book until another source or a person says the same."""

import pytest
from django.db.models import Q

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry
from payments import explaining, inbox, settlement, triage, undoing
from payments.audit import audit
from payments.models import BankTransaction, Explanation, Sighting
from payments.telling import SMS
from payments.triage import Part
from tests.payments.conftest import arrival, order_bags, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

State, Reason = BankTransaction.State, BankTransaction.Reason
WHY = "đã xem ứng dụng ngân hàng"


@pytest.fixture
def told(world):
    """A source tells of money: written down and settled."""

    def tell(memo, dong, *, source=SMS, **more):
        written = inbox.write_down(
            arrival=arrival(memo, dong, at=world.now, account=world.bank_account.number, **more),
            organization=world.organization, bank_account=world.bank_account, source=source, at=world.now,
        )  # fmt: skip
        return settlement.settle(transaction_id=written.transaction.pk, at=world.now)

    return tell


def deed(world, key="k"):
    return {"reason": WHY, "actor": world.treasurer, "key": key, "at": world.now}


def assign(world, line, order, dong=150_000, key="k"):
    return triage.assign(transaction_id=line.pk, parts=[Part(request_of(order).code, dong)], **deed(world, key))


def figures(world):
    seen = audit(world.organization, at=world.now)
    return seen.waiting_dong, seen.alarm_dong, seen.by_hand_dong, seen.claimed_dong


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_text_message_alone_books_nothing_whatever_it_says(world, told, direction):
    line = told(request_of(order_bags(world, 2)).code, 150_000, direction=direction)
    assert (line.state, line.reason, line.booked_at) == (State.NEEDS_YOU, Reason.SMS_ONLY, None)
    assert not Entry.objects.exists()
    assert figures(world) == (0, 0, 0, 150_000)


def test_a_second_source_settles_what_the_message_told(world, told):
    order = order_bags(world, 2)
    line = told(request_of(order).code, 150_000)
    again = told(request_of(order).code, 150_000, source="sepay:live")
    order.refresh_from_db()
    assert (again.pk, again.state, order.payment) == (line.pk, State.SETTLED, "PAID")
    assert figures(world) == (0, 0, 0, 0)


def test_she_assigns_it_and_it_rests_on_her_word_until_the_bank_says_so_too(world, told):
    order = order_bags(world, 2)
    line = assign(world, told(request_of(order).code, 150_000), order)
    order.refresh_from_db()
    assert (line.state, line.reason, line.declared_by, order.payment) == (State.SETTLED, "", world.treasurer, "PAID")
    assert Entry.objects.get(event="arrived").actor == world.treasurer
    assert figures(world) == (0, 0, 150_000, 0)
    told(request_of(order).code, 150_000, source="sepay:live")
    assert BankTransaction.objects.count() == 1
    assert figures(world) == (0, 0, 0, 0)


def test_she_keeps_it_for_the_payer(world, told):
    line = triage.keep_as_debt(transaction_id=told("chuyen nham", 60_000).pk, code=None, **deed(world))
    assert (line.state, line.declared_by) == (State.SETTLED, world.treasurer)
    assert ledger.total_dong(organization=world.organization, kind=Kind.OWED_TO_PAYERS) == 60_000


def test_she_explains_money_that_a_message_says_went_out(world, told):
    line = told("phi", 11_000, direction="out")
    explanation = explaining.explain(transaction_id=line.pk, kind=Explanation.Kind.BANK_FEE, **deed(world))
    line.refresh_from_db()
    assert (line.state, line.declared_by, figures(world)) == (State.SETTLED, world.treasurer, (0, 0, 11_000, 0))
    line = undoing.undo(explanation_id=explanation.pk, actor=world.treasurer, at=world.now)
    assert (line.state, line.reason, line.booked_at) == (State.NEEDS_YOU, Reason.SMS_ONLY, None)


def test_a_false_message_is_dismissed_and_nothing_was_booked(world, told):
    line = triage.dismiss(transaction_id=told("gia", 60_000).pk, **deed(world))
    assert (line.state, line.reason, line.dismissed_by) == (State.NOT_OURS, Reason.SMS_ONLY, world.treasurer)
    assert not Entry.objects.exists()
    assert figures(world) == (0, 0, 0, 0)
    with pytest.raises(triage.NothingLeft):
        triage.dismiss(transaction_id=line.pk, **deed(world, "2"))


def test_what_was_dismissed_and_came_after_all_is_settled(world, told):
    order = order_bags(world, 2)
    triage.dismiss(transaction_id=told(request_of(order).code, 150_000).pk, **deed(world))
    line = told(request_of(order).code, 150_000, source="sepay:live")
    assert (line.state, line.dismissed_by) == (State.SETTLED, None)


def test_what_was_dismissed_can_be_assigned_after_all(world, told):
    order = order_bags(world, 2)
    line = told(request_of(order).code, 150_000)
    triage.dismiss(transaction_id=line.pk, **deed(world))
    line = assign(world, line, order)
    assert (line.state, line.dismissed_by, line.dismissed_why) == (State.SETTLED, None, "")


def test_her_word_is_taken_back_with_what_she_did_and_given_again(world, told):
    order = order_bags(world, 2)
    line = told(request_of(order).code, 150_000)
    for turn in range(3):
        line = assign(world, line, order, key=f"k{turn}")
        settlement_id = line.settlements.latest("pk").pk
        line = undoing.undo(settlement_id=settlement_id, actor=world.treasurer, at=world.now)
        assert (line.state, line.reason, line.booked_at, line.declared_by) == ("NEEDS_YOU", "SMS_ONLY", None, None)
        assert ledger.total_dong(organization=world.organization, kind=Kind.BANK) == 0
    assert audit(world.organization, at=world.now).is_clean
    line = told(request_of(order).code, 150_000, source="sepay:live")
    assert (line.state, line.declared_by) == (State.SETTLED, None)
    keys = Entry.objects.filter(event="arrived").order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"arrived:{line.pk}", *(f"arrived:{line.pk}:{nth}" for nth in (2, 3, 4))]


def test_her_word_stands_while_part_of_the_money_is_used(world, told):
    first, second = order_bags(world, 1), order_bags(world, 1)
    line = told("hai don", 150_000)
    for order in (first, second):
        line = assign(world, line, order, 75_000, key=str(order.pk))
    one, two = line.settlements.order_by("pk")
    line = undoing.undo(settlement_id=one.pk, actor=world.treasurer, at=world.now)
    assert (line.state, line.declared_by) == (State.PART_SETTLED, world.treasurer)
    line = undoing.undo(settlement_id=two.pk, actor=world.treasurer, at=world.now)
    assert line.booked_at is None


def test_what_the_bank_confirmed_meanwhile_stays_booked(world, told):
    order = order_bags(world, 2)
    line = assign(world, told(request_of(order).code, 150_000), order)
    told(request_of(order).code, 150_000, source="sepay:live")
    line = undoing.undo(settlement_id=line.settlements.get().pk, actor=world.treasurer, at=world.now)
    assert (line.state, line.reason, line.booked_at is None) == (State.NEEDS_YOU, Reason.UNDONE, False)


def test_a_contradicted_message_stays_a_claim(world, told):
    told("CP", 5_000, source_id="m1")
    told("CP", 6_000, source_id="m1")
    line = BankTransaction.objects.get()
    assert (line.reason, line.booked_at) == (Reason.SMS_ONLY, None)
    assert Sighting.objects.filter(Q(contradicted=True), transaction=line).count() == 2
