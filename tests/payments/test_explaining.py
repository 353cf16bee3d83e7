"""What a line was for, where it belongs to no request and no refund; and taking that back."""

from datetime import timedelta

import pytest

from base.money import BadAmount, figures
from base.refusals import NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import BankAccount
from orders import fulfilling
from payments import cash, cash_boxes, closing, explaining, refunds, triage, undoing
from payments.audit import audit
from payments.deeds import NothingLeft, ReasonMissing
from payments.models import BankTransaction, Explanation, Refund
from tests.payments.conftest import order_bags, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

State, Reason, Why = BankTransaction.State, BankTransaction.Reason, Explanation.Kind


def explain(world, line, kind, *, key="e", **more):
    given = {"reason": "theo sao kê", "actor": world.treasurer, "at": world.now} | more
    return explaining.explain(transaction_id=line.pk, kind=kind, key=key, **given)


def undo(world, explanation, **more):
    given = {"actor": world.treasurer, "at": world.now} | more
    return undoing.undo(explanation_id=explanation.pk, **given)


def total(world, kind):
    return ledger.total_dong(organization=world.organization, kind=kind)


@pytest.fixture
def second(world):
    return BankAccount.objects.create(
        organization=world.organization, bin="970405", bank_name="Agribank", number="3200205123456",
        holder="HTX NONG SAN", created_at=world.now,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "direction", "account"),
    [
        (Why.BANK_FEE, "out", Kind.CHARGES), (Why.OWN_SPENDING, "out", Kind.OWN_SPENDING),
        (Why.CARRIER_COST, "out", Kind.SHIPPING_COST), (Why.OTHER_RECEIPT, "in", Kind.OTHER_RECEIPTS),
    ],
)  # fmt: skip
def test_a_line_is_explained_and_the_explanation_taken_back(world, comes, kind, direction, account):
    line = comes("noi dung", 11_000, direction=direction)
    for _time in range(2):
        explanation = explain(world, line, kind)
    line.refresh_from_db()
    assert (line.state, line.reason, line.unused_dong, total(world, account)) == (State.SETTLED, "", 0, 11_000)
    assert (total(world, Kind.UNMATCHED_DEPARTURES), total(world, Kind.UNMATCHED_ARRIVALS)) == (0, 0)
    for _time in range(2):
        line = undo(world, explanation)
    assert (line.state, line.reason, line.unused_dong) == (State.NEEDS_YOU, Reason.UNDONE, 11_000)
    assert total(world, account) == 0
    explain(world, line, kind, key="again")
    assert total(world, account) == 11_000


def test_a_part_of_a_line_is_a_fee_and_the_rest_waits(world, comes):
    line = comes("tra lai va phi", 101_100, direction="out")
    explain(world, line, Why.BANK_FEE, amount_dong=1_100)
    line.refresh_from_db()
    assert (line.state, line.unused_dong, audit(world.organization, at=world.now).alarm_dong) == (
        State.PART_SETTLED, 100_000, 100_000,
    )  # fmt: skip
    with pytest.raises(explaining.MoreThanIsLeft):
        explain(world, line, Why.OWN_SPENDING, amount_dong=100_001, key="2")
    explain(world, line, Why.OWN_SPENDING, key="2")
    line.refresh_from_db()
    assert line.state == State.SETTLED


def test_money_between_two_own_accounts_is_neither_spent_nor_received(world, comes, second):
    left, came = comes("chuyen noi bo", 500_000, direction="out"), comes("noi bo", 500_000, account=second)
    explanation = explain(world, came, Why.OWN_TRANSFER, counterpart_id=left.pk)  # from whichever side
    for line in (left, came):
        line.refresh_from_db()
        assert (line.state, line.unused_dong) == (State.SETTLED, 0)
    assert (explanation.transaction, explanation.counterpart) == (left, came)
    undo(world, explanation)
    for line in (left, came):
        line.refresh_from_db()
        assert (line.state, line.unused_dong) == (State.NEEDS_YOU, 500_000)


@pytest.mark.parametrize("said_of", [0, 1])
def test_a_transfer_that_was_undone_can_be_said_again_without_a_key(world, comes, second, said_of):
    two = [comes("chuyen noi bo", 500_000, direction="out"), comes("noi bo", 500_000, account=second)]
    for _time in range(2):
        said = explain(world, two[said_of], Why.OWN_TRANSFER, counterpart_id=two[1 - said_of].pk, key=None)
        assert said.is_live
        undo(world, said)


def test_the_other_side_of_a_transfer_is_really_the_other_side(world, comes, second):
    left = comes("chuyen noi bo", 500_000, direction="out")
    wrong = [
        comes("cung tai khoan", 500_000),
        comes("so khac", 499_999, account=second),
        comes("cung chieu", 500_000, direction="out", account=second),
        comes("nguoi khac", 500_000, account=world.other_bank_account),
    ]
    for line_id in [*(line.pk for line in wrong), 10**9, None]:
        with pytest.raises(explaining.NotTheOtherSide):
            explain(world, left, Why.OWN_TRANSFER, counterpart_id=line_id)
    assert not Explanation.objects.exists()


@pytest.mark.parametrize(
    ("kind", "direction"),
    [(Why.BANK_FEE, "in"), (Why.CARRIER_COST, "in"), (Why.DISPUTED, "in"), (Why.OTHER_RECEIPT, "out")],
)
def test_money_that_came_was_not_spent(world, comes, kind, direction):
    with pytest.raises(explaining.WrongDirection):
        explain(world, comes("noi dung", 5_000, direction=direction), kind)


def test_what_is_explained_or_in_no_book_has_nothing_left(world, comes):
    line = comes("phi", 5_000, direction="out")
    with pytest.raises(BadAmount):
        explain(world, line, Why.BANK_FEE, amount_dong=0)
    with pytest.raises(ReasonMissing):
        explain(world, line, Why.BANK_FEE, reason=" ")
    explain(world, line, Why.BANK_FEE)
    for empty in (line, comes("0", 0, direction="out")):
        with pytest.raises(NothingLeft):
            explain(world, empty, Why.BANK_FEE, key=f"x{empty.pk}")


def test_a_departure_that_was_marked_can_still_be_explained(world, comes):
    line = comes("rut", 5_000, direction="out")
    triage.dismiss(transaction_id=line.pk, reason="chưa rõ", actor=world.treasurer, key="d", at=world.now)
    assert audit(world.organization, at=world.now).by_hand_dong == 5_000
    explain(world, line, Why.OWN_SPENDING)
    line.refresh_from_db()
    assert (line.state, line.dismissed_by, audit(world.organization, at=world.now).by_hand_dong) == ("SETTLED", None, 0)


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "clerk", "buyer"])
def test_to_anybody_but_the_treasurer_the_line_does_not_exist(world, comes, who):
    line, stranger = comes("phi", 5_000, direction="out"), getattr(world, who)
    explanation = explain(world, comes("phi nua", 6_000, direction="out"), Why.BANK_FEE)
    for deed in (
        lambda: explain(world, line, Why.BANK_FEE, actor=stranger, key="x"),
        lambda: undo(world, explanation, actor=stranger),
        lambda: undoing.undo(explanation_id=10**9, actor=world.treasurer, at=world.now),
        lambda: undoing.undo(refund_movement_id=10**9, actor=world.treasurer, at=world.now),
    ):
        with pytest.raises(NotFound):
            deed()
    line.refresh_from_db()
    explanation.refresh_from_db()
    assert (line.used_dong, explanation.is_live) == (0, True)


# -- Disputes ------------------------------------------------------------------------------------------


def paid_order(world, comes, bags=2):
    order = order_bags(world, bags)
    comes(request_of(order).code, 75_000 * bags)
    return order


def test_a_dispute_takes_the_purse_while_the_goods_are_here(world, comes):
    order = paid_order(world, comes)
    code = request_of(order).code
    line = comes("khieu nai", 150_000, direction="out")
    explanation = explain(world, line, Why.DISPUTED, code=code)
    order.refresh_from_db()
    line.refresh_from_db()
    assert (line.state, line.reason, explanation.from_purse_dong) == (State.SETTLED, Reason.DISPUTED, 150_000)
    assert (order.payment, request_of(order).state, request_of(order).due_dong) == ("UNPAID", "waiting", 150_000)
    assert total(world, Kind.OWED_BY_BUYERS) == 0
    undo(world, explanation)
    order.refresh_from_db()
    assert (order.payment, request_of(order).state) == ("PAID", "paid")


def test_a_disputed_payment_is_not_undone_besides(world, comes):
    order = paid_order(world, comes)
    settlement = request_of(order).settlements.get()
    explain(world, comes("khieu nai", 100_000, direction="out"), Why.DISPUTED, code=request_of(order).code)
    order.refresh_from_db()
    assert order.payment == "PART"
    with pytest.raises(undoing.MoneyReleased):
        undoing.undo(settlement_id=settlement.pk, actor=world.treasurer, at=world.now)


def test_a_dispute_after_the_goods_went_is_owed_by_the_buyer(world, comes):
    order = paid_order(world, comes)
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    explanation = explain(
        world, comes("khieu nai", 150_000, direction="out"), Why.DISPUTED, code=request_of(order).code
    )  # fmt: skip
    order.refresh_from_db()
    assert (explanation.from_purse_dong, order.payment) == (0, "PAID")
    assert total(world, Kind.OWED_BY_BUYERS) == 150_000


def test_a_buyer_who_disputed_more_than_the_purse_gets_nothing_back_of_it(world, comes):
    order = paid_order(world, comes)
    code = request_of(order).code
    explain(world, comes("khieu nai", 160_000, direction="out"), Why.DISPUTED, code=code)
    comes(code, 150_000)  # she pays again, and then changes her mind
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="", at=world.now)
    assert total(world, Kind.OWED_BY_BUYERS) == 0
    assert refunds.owed_dong(organization=world.organization, order_id=order.pk) == 140_000


def test_a_dispute_that_a_purse_has_paid_for_is_not_undone(world, comes):
    order = order_bags(world, 2)
    code = request_of(order).code
    explanation = explain(world, comes("khieu nai", 10_000, direction="out"), Why.DISPUTED, code=code)
    comes(code, 150_000)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="", at=world.now)
    with pytest.raises(undoing.MoneyReleased):
        undo(world, explanation)
    explanation.refresh_from_db()
    assert (explanation.is_live, total(world, Kind.OWED_TO_PAYERS)) == (True, 140_000)


def test_late_money_of_a_buyer_who_owes_for_a_dispute_is_still_booked(world, comes):
    order = order_bags(world, 2)
    code = request_of(order).code
    comes(code, 100_000)
    explain(world, comes("khieu nai", 120_000, direction="out"), Why.DISPUTED, code=code)
    later = world.now + timedelta(hours=80)
    closing.expire_due(at=later)
    world.variant.refresh_from_db()
    order_bags(world, world.variant.available, at=later)  # its goods went to others
    line = comes(code, 150_000, at=later)
    assert (line.state, line.reason, Refund.objects.get().amount_dong) == (State.SETTLED, Reason.LATE, 130_000)


def test_a_dispute_is_about_an_order_of_ours(world, comes):
    line = comes("khieu nai", 150_000, direction="out")
    for code in (None, "", "CP7K2M9Q9M", "\x00"):
        with pytest.raises(explaining.NoOrderDisputed):
            explain(world, line, Why.DISPUTED, code=code)


def test_the_machine_explains_in_nobodys_name(world, comes):
    explanation = explain(world, comes("phi nhan the", 4_000, direction="out"), Why.BANK_FEE, actor=None)
    assert (explanation.actor, explanation.entry.actor) == (None, None)


# -- Cash brought to the bank -----------------------------------------------------------------------------


def received(world, *, bags=2):
    """Lan has taken 75,000 a bag in cash."""
    order = order_bags(world, bags, pay_by="CASH")
    cash.receive(
        code=request_of(order).code, amount_dong=bags * 75_000, actor=world.clerk, key=f"cash{order.pk}", at=world.now
    )


def box(world):
    return cash_boxes.box_dong(world.organization, world.clerk)


def test_cash_brought_to_the_bank_leaves_the_box_against_the_line_that_came(world, comes):
    received(world)
    line = comes("nop tien mat", 100_000)
    for _time in range(2):
        banked = explain(world, line, Why.BANKED, keeper_id=world.clerk.pk)
    line.refresh_from_db()
    assert (line.state, line.unused_dong, box(world)) == (State.SETTLED, 0, 50_000)
    assert (banked.keeper, total(world, Kind.UNMATCHED_ARRIVALS)) == (world.clerk, 0)
    for _time in range(2):
        line = undo(world, banked)
    assert (line.state, line.reason, line.unused_dong, box(world)) == (State.NEEDS_YOU, Reason.UNDONE, 100_000, 150_000)


def test_a_box_gives_no_more_than_lies_in_it(world, comes):
    received(world)
    line = comes("nop tien mat", 200_000)
    with pytest.raises(cash_boxes.MoreThanInBox) as refused:
        explain(world, line, Why.BANKED, keeper_id=world.clerk.pk)
    assert (refused.value.field, refused.value.details["box"]) == ("keeper_id", figures(150_000))
    explain(world, line, Why.BANKED, keeper_id=world.clerk.pk, amount_dong=150_000)
    line.refresh_from_db()
    assert (line.state, line.unused_dong, box(world)) == (State.PART_SETTLED, 50_000, 0)


@pytest.mark.parametrize("keeper_id", [None, 10**9])
def test_banked_cash_names_whose_box_it_came_from(world, comes, keeper_id):
    with pytest.raises(explaining.NoKeeper):
        explain(world, comes("nop tien mat", 5_000), Why.BANKED, keeper_id=keeper_id)


def test_the_cash_of_a_person_who_keeps_no_box_here_is_not_banked(world, comes):
    received(world)
    with pytest.raises(cash_boxes.MoreThanInBox):
        explain(world, comes("nop tien mat", 5_000), Why.BANKED, keeper_id=world.other_treasurer.pk)


def test_money_that_left_was_not_banked(world, comes):
    received(world)
    with pytest.raises(explaining.WrongDirection):
        explain(world, comes("rut tien", 5_000, direction="out"), Why.BANKED, keeper_id=world.clerk.pk)
