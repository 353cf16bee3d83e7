"""What the treasurer does by hand, what she is refused, and that a stranger changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.money import BadAmount
from base.refusals import KeyReused, NotFound, Refused
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import DoneOnce, Entry
from orders import fulfilling
from orders.models import Order
from payments import closing, explaining, inbox, triage, undoing
from payments.models import BankTransaction, KeptDebt, PaymentRequest, Settlement
from payments.triage import Part
from tests.payments.conftest import arrival, order_bags, request_of
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

State, Reason = BankTransaction.State, BankTransaction.Reason
WHY = "khách gọi điện xác nhận"


def assign(
    world: World, line: BankTransaction, *parts: tuple[str, int], key: str = "a", **more: Any
) -> BankTransaction:
    given = {"reason": WHY, "actor": world.treasurer, "at": world.now} | more
    return triage.assign(transaction_id=line.pk, parts=[Part(*part) for part in parts], key=key, **given)


def owed(line: BankTransaction, subject: str) -> int:
    return ledger.balance_dong(organization=line.organization, kind=Kind.OWED_TO_PAYERS, subject=subject)


def waiting(line: BankTransaction) -> int:
    return ledger.balance_dong(
        organization=line.organization, kind=Kind.UNMATCHED_ARRIVALS, subject=f"transaction:{line.pk}"
    )


# -- Assigning -----------------------------------------------------------------------------------------


def test_a_line_without_a_code_pays_the_order_she_names(world, comes):
    order = order_bags(world, 2)
    line = assign(world, comes("tien ca", 150_000), (request_of(order).code, 150_000))
    order.refresh_from_db()
    assert (line.state, line.reason, line.unused_dong, order.payment) == (State.SETTLED, "", 0, "PAID")
    settlement = line.settlements.get()
    assert (settlement.actor, settlement.reason, settlement.entry.actor) == (world.treasurer, WHY, world.treasurer)


def test_one_line_pays_several_orders_and_keeps_its_rest(world, comes):
    first, second = order_bags(world, 1), order_bags(world, 2)
    line = comes("tien ca hai nha", 230_000)
    line = assign(world, line, (request_of(first).code, 75_000), (request_of(second).code, 150_000))
    assert (line.state, line.unused_dong, waiting(line)) == (State.PART_SETTLED, 5_000, 5_000)
    line = triage.keep_as_debt(
        transaction_id=line.pk, code=request_of(first).code, reason=WHY, actor=world.treasurer, key="k", at=world.now
    )
    assert (line.state, owed(line, f"order:{first.pk}")) == (State.SETTLED, 5_000)


def test_what_a_request_cannot_take_is_owed_to_its_payer(world, comes):
    order = order_bags(world, 1)
    line = assign(world, comes("tien ca", 100_000), (request_of(order).code, 60_000), (request_of(order).code, 40_000))
    request = request_of(order)
    assert (line.state, line.reason, request.state, request.credited_dong) == ("SETTLED", "OVERPAID", "over", 75_000)
    assert owed(line, f"order:{order.pk}") == 25_000


def test_money_for_what_is_paid_already_is_owed_whole(world, comes):
    order = order_bags(world, 1)
    comes(request_of(order).code, 75_000)
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    line = assign(world, comes(request_of(order).code, 75_000), (request_of(order).code, 75_000))
    assert (line.settlements.get().credited_dong, owed(line, f"order:{order.pk}")) == (0, 75_000)


def test_two_expired_orders_stand_again_under_one_lock_of_their_goods(world, comes):
    first, second = order_bags(world, 1), order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    line = comes("tien hai don", 225_000, at=later)
    with CaptureQueriesContext(connection) as asked:
        assign(world, line, (request_of(first).code, 75_000), (request_of(second).code, 150_000), at=later)
    for order in (first, second):
        order.refresh_from_db()
        assert (order.state, order.payment) == ("PLACED", "PAID")
    # One look at all variants comes before the first of them is reserved.
    touching = [query["sql"] for query in asked if 'catalog_variant"' in query["sql"]]
    assert touching[0].startswith("SELECT")
    reserving = next(place for place, sql in enumerate(touching) if sql.startswith("UPDATE"))
    assert reserving > 0


def test_an_expired_order_stands_again_if_its_goods_are_there(world, comes):
    order = order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    assign(world, comes("tien ca", 150_000), (request_of(order).code, 150_000), at=later)
    order.refresh_from_db()
    world.variant.refresh_from_db()
    assert (order.state, order.payment, world.variant.reserved) == ("PLACED", "PAID", 2)


def test_the_same_key_is_the_same_deed(world, comes):
    order, line = order_bags(world, 1), comes("tien ca", 150_000)
    for _time in range(2):
        again = assign(world, line, (request_of(order).code, 75_000), key="k")
    assert (again.used_dong, Settlement.objects.count()) == (75_000, 1)
    with pytest.raises(KeyReused):
        assign(world, line, (request_of(order).code, 74_000), key="k")


# -- Refusals ------------------------------------------------------------------------------------------

Case = Callable[[World, Any], tuple[BankTransaction, list[tuple[str, int]], dict[str, Any]]]


def plain(world: World, comes: Any) -> tuple[BankTransaction, str]:
    return comes("tien ca", 150_000), request_of(order_bags(world, 2)).code


def no_parts(world, comes):
    return plain(world, comes)[0], [], {}


def zero(world, comes):
    line, code = plain(world, comes)
    return line, [(code, 0)], {}


def negative(world, comes):
    line, code = plain(world, comes)
    return line, [(code, -1)], {}


def too_much(world, comes):
    line, code = plain(world, comes)
    return line, [(code, 100_000), (code, 50_001)], {}


def unknown_code(world, comes):
    return plain(world, comes)[0], [("CP7K2M9Q9M", 1_000)], {}


def no_code_at_all(world, comes):
    return plain(world, comes)[0], [("CP\x00\ud800' OR 1", 1_000)], {}


def code_of_another_organization(world, comes):
    line = comes("tien ca", 150_000, account=world.other_bank_account)
    return line, [(plain(world, comes)[1], 1_000)], {"actor": world.other_treasurer}


def cancelled(world, comes):
    order = order_bags(world, 2)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="", at=world.now)
    return comes("tien ca", 150_000), [(request_of(order).code, 150_000)], {}


def goods_gone_to_others(world, comes):
    order = order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    order_bags(world, 30, at=later)
    return comes("tien ca", 150_000), [(request_of(order).code, 150_000)], {}


def no_reason(world, comes):
    line, code = plain(world, comes)
    return line, [(code, 1_000)], {"reason": " \u200b a\t"}


def long_reason(world, comes):
    line, code = plain(world, comes)
    return line, [(code, 1_000)], {"reason": "x" * 201}


def money_out(world, comes):
    comes("nap", 900_000)
    return comes("rut", 150_000, direction="out"), [(plain(world, comes)[1], 1_000)], {}


def used_up(world, comes):
    line, code = plain(world, comes)
    assign(world, line, (code, 150_000), key="before")
    return line, [(code, 1)], {}


def before_the_opening_day(world, comes):
    line = comes("cu", 150_000, at=world.now - timedelta(days=365))
    return line, [(plain(world, comes)[1], 1_000)], {}


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        (no_parts, triage.NoParts), (zero, BadAmount), (negative, BadAmount), (too_much, triage.MoreThanItHolds),
        (unknown_code, triage.UnknownRequest), (no_code_at_all, triage.UnknownRequest),
        (code_of_another_organization, triage.UnknownRequest), (cancelled, triage.RequestEnded),
        (goods_gone_to_others, triage.RequestEnded), (no_reason, triage.ReasonMissing),
        (long_reason, triage.ReasonMissing), (money_out, triage.OnlyMoneyIn), (used_up, triage.NothingLeft),
        (before_the_opening_day, triage.NothingLeft),
    ],
)  # fmt: skip
def test_refused_and_nothing_changed(world, comes, case: Case, refusal: type[Refused]):
    line, parts, more = case(world, comes)
    before = snapshot(line)
    with pytest.raises(refusal) as refused:
        assign(world, line, *parts, **more)
    assert refused.value.message
    assert snapshot(line) == before


def test_a_line_that_is_being_booked_is_left_alone(world, comes):
    written = inbox.write_down(
        arrival=arrival("moi", 5_000, at=world.now, account=world.bank_account.number), organization=world.organization,
        bank_account=world.bank_account, source="sepay:live", at=world.now,
    )  # fmt: skip
    for deed in deeds(world, written.transaction, actor=world.treasurer):
        with pytest.raises(triage.NotYetBooked):
            deed()


def snapshot(line: BankTransaction) -> Any:
    line.refresh_from_db()
    seen = Entry.objects.count(), Settlement.objects.count(), KeptDebt.objects.count(), DoneOnce.objects.count()
    requests = sorted(PaymentRequest.objects.values_list("code", "state", "credited_dong", "excess_dong"))
    return seen, requests, line.state, line.reason, line.used_dong, sorted(Order.objects.values_list("pk", "state"))


def deeds(world: World, line: BankTransaction, *, actor: Any) -> list[Callable[[], BankTransaction]]:
    """Everything that can be done with a line."""
    own = {"transaction_id": line.pk, "reason": WHY, "actor": actor, "at": world.now}
    return [
        lambda: triage.assign(parts=[Part("CP7K2M9Q9M", 1)], key="s1", **own),
        lambda: triage.keep_as_debt(code=None, key="s2", **own),
        lambda: triage.dismiss(key="s3", **own),
    ]


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "clerk", "buyer"])
def test_to_anybody_but_the_treasurer_the_line_does_not_exist(world, comes, who):
    settled = comes(request_of(order_bags(world, 1)).code, 75_000).settlements.get()
    kept = comes("khac", 9_000)
    triage.keep_as_debt(transaction_id=kept.pk, code=None, reason=WHY, actor=world.treasurer, key="k", at=world.now)
    line = comes("tien ca", 150_000)
    stranger = getattr(world, who)
    taking_back = {"actor": stranger, "at": world.now}
    before = snapshot(line)
    for deed in [
        *deeds(world, line, actor=stranger),
        lambda: undoing.undo(settlement_id=settled.pk, kept_debt_id=None, **taking_back),
        lambda: undoing.undo(settlement_id=None, kept_debt_id=kept.kept_debts.get().pk, **taking_back),
        lambda: triage.dismiss(
            transaction_id=10**9, reason=WHY, actor=world.treasurer, key="none", at=world.now
        ),
        lambda: undoing.undo(settlement_id=10**9, kept_debt_id=None, actor=world.treasurer, at=world.now),
        lambda: undoing.undo(settlement_id=None, kept_debt_id=10**9, actor=world.treasurer, at=world.now),
    ]:  # fmt: skip
        with pytest.raises(NotFound):
            deed()
    assert snapshot(line) == before


# -- Keeping and dismissing ------------------------------------------------------------------------------


def test_money_that_is_not_ours_becomes_a_debt_to_whoever_paid(world, comes):
    line = comes("chuyen nham", 60_000)
    line = triage.dismiss(transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="d", at=world.now)
    assert (line.state, line.dismissed_by, line.dismissed_why) == (State.NOT_OURS, world.treasurer, WHY)
    assert (owed(line, f"transaction:{line.pk}"), waiting(line)) == (60_000, 0)
    assert line.memo == "chuyen nham"
    with pytest.raises(triage.NothingLeft):
        triage.dismiss(transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="d2", at=world.now)
    line = undoing.undo(settlement_id=None, kept_debt_id=line.kept_debts.get().pk, actor=world.treasurer, at=world.now)
    assert (line.state, line.reason, line.dismissed_by, waiting(line)) == (State.NEEDS_YOU, "UNDONE", None, 60_000)


def test_money_out_that_is_explained_in_part_keeps_its_alarm_when_it_is_dismissed(world, comes):
    line = comes("phi", 60_000, direction="out")
    own = {"transaction_id": line.pk, "reason": WHY, "actor": world.treasurer, "at": world.now}
    explaining.explain(kind="bank_fee", amount_dong=11_000, key="e", **own)
    line = triage.dismiss(key="d", **own)
    assert (line.state, line.unused_dong) == (State.NOT_OURS, 49_000)


def test_money_out_that_is_wholly_explained_is_not_dismissed(world, comes):
    line = comes("phi", 60_000, direction="out")
    own = {"transaction_id": line.pk, "reason": WHY, "actor": world.treasurer, "at": world.now}
    explaining.explain(kind="bank_fee", key="e", **own)
    with pytest.raises(triage.NothingLeft):
        triage.dismiss(key="d", **own)


def test_the_rest_of_a_line_is_dismissed_and_the_line_stays_ours(world, comes):
    line = assign(world, comes("tien ca", 80_000), (request_of(order_bags(world, 1)).code, 75_000))
    line = triage.dismiss(transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="d", at=world.now)
    assert (line.state, owed(line, f"transaction:{line.pk}")) == (State.SETTLED, 5_000)


def test_money_out_stays_an_alarm_when_it_is_marked(world, comes):
    comes("nap", 500_000)
    line = comes("rut", 200_000, direction="out")
    line = triage.dismiss(transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="d", at=world.now)
    assert line.state == State.NOT_OURS
    assert ledger.total_dong(organization=world.organization, kind=Kind.UNMATCHED_DEPARTURES) == 200_000
    with pytest.raises(triage.NothingLeft):
        triage.dismiss(transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="d2", at=world.now)
    with pytest.raises(triage.OnlyMoneyIn):
        triage.keep_as_debt(transaction_id=line.pk, code=None, reason=WHY, actor=world.treasurer, key="k", at=world.now)


def test_a_debt_is_named_for_an_order_of_our_own_only(world, comes):
    line = comes("tien ca", 60_000)
    for code in ("CP7K2M9Q9M", "\x00"):
        with pytest.raises(triage.UnknownRequest):
            triage.keep_as_debt(
                transaction_id=line.pk, code=code, reason=WHY, actor=world.treasurer, key="k", at=world.now
            )
    assert waiting(line) == 60_000


# -- Undoing -----------------------------------------------------------------------------------------


def test_undone_and_given_to_another_order(world, comes):
    wrong, right = order_bags(world, 2), order_bags(world, 2)
    line = comes(request_of(wrong).code, 150_000)
    settlement = line.settlements.get()
    for _time in range(2):
        line = undoing.undo(settlement_id=settlement.pk, kept_debt_id=None, actor=world.treasurer, at=world.now)
    wrong.refresh_from_db()
    assert (line.state, line.reason, line.unused_dong) == (State.NEEDS_YOU, Reason.UNDONE, 150_000)
    assert (wrong.payment, request_of(wrong).state) == ("UNPAID", "waiting")
    settlement.refresh_from_db()
    assert (settlement.undone_by, settlement.is_live) == (world.treasurer, False)
    assign(world, line, (request_of(right).code, 150_000))
    assign(world, comes("nua", 150_000), (request_of(wrong).code, 150_000), key="b")
    right.refresh_from_db()
    assert right.payment == "PAID"
    assert Entry.objects.filter(event="settled").count() == 3


def test_undoing_an_old_payment_gives_time_to_pay_again(world, comes):
    order = order_bags(world, 2)
    line = comes(request_of(order).code, 150_000)
    later = world.now + timedelta(days=10)
    undoing.undo(settlement_id=line.settlements.get().pk, kept_debt_id=None, actor=world.treasurer, at=later)
    assert closing.expire_due(at=later + timedelta(hours=71)) == 0
    assert closing.expire_due(at=later + timedelta(hours=72)) == 1
    assert request_of(order).expires_at == later + timedelta(hours=72)


def test_money_that_went_to_the_members_is_not_taken_back(world, comes):
    order = order_bags(world, 2)
    line = comes(request_of(order).code, 150_000)
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    before = snapshot(line)
    with pytest.raises(undoing.GoodsGone):
        undoing.undo(settlement_id=line.settlements.get().pk, kept_debt_id=None, actor=world.treasurer, at=world.now)
    assert snapshot(line) == before


def test_an_excess_is_taken_back_even_then(world, comes):
    order = order_bags(world, 1)
    comes(request_of(order).code, 75_000)
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    line = assign(world, comes(request_of(order).code, 75_000), (request_of(order).code, 75_000))
    line = undoing.undo(
        settlement_id=line.settlements.get().pk, kept_debt_id=None, actor=world.treasurer, at=world.now
    )  # fmt: skip
    assert (line.state, waiting(line), request_of(order).state) == (State.NEEDS_YOU, 75_000, "paid")


def test_a_part_that_was_released_is_not_taken_from_the_new_payment(world, comes):
    order = order_bags(world, 2)
    part = comes(request_of(order).code, 50_000)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    comes(request_of(order).code, 150_000, at=later)
    before = snapshot(part)
    with pytest.raises(undoing.MoneyReleased):
        undoing.undo(settlement_id=part.settlements.get().pk, kept_debt_id=None, actor=world.treasurer, at=later)
    assert snapshot(part) == before
    assert owed(part, f"order:{order.pk}") == 50_000
