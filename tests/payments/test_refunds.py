"""Money that goes back: asked for, ordered out, seen leaving, and come back again."""

from datetime import timedelta

import pytest

from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import BankAccount, Entry, Message
from payments import checkout, closing, owing, payees, refund_lines, refunds, triage, undoing
from payments.deeds import NotYetBooked, ReasonMissing
from payments.models import BankTransaction, Feed, PaymentLink, PaymentRequest, Refund
from payments.providers import vietqr
from tests.payments.conftest import order_bags, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

State, Reason = BankTransaction.State, BankTransaction.Reason
WHY = "khách gọi điện xin lại"
DUNG = {"payee_bin": "970415", "payee_account": "101 872 345 678", "payee_holder": "Hoàng Văn Dũng"}


def owed_order(world, comes, dong=150_000):
    """An order of 150,000 that was paid and cancelled: its money is owed to Dũng."""
    order = order_bags(world, 2)
    comes(request_of(order).code, dong)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    return order


def ask(world, *, key="k", amount=150_000, **more):
    given = {"reason": WHY, "actor": world.treasurer, "at": world.now} | more
    return refunds.ask(amount_dong=amount, key=key, **given)


def send(world, refund, *, key="s", **more):
    given = DUNG | {"actor": world.treasurer, "at": world.now} | more
    return refunds.order_out(refund_id=refund.pk, key=key, **given)


def balance(world, kind, subject):
    return ledger.balance_dong(organization=world.organization, kind=kind, subject=subject)


def test_a_refund_goes_from_task_to_order_to_the_banks_line(world, comes):
    order = owed_order(world, comes)
    refund = ask(world, order_id=order.pk)
    assert (refund.state, refund.entry, refund.way) == ("to_do", None, "transfer")
    assert balance(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 150_000
    refund = send(world, refund)
    assert (refund.state, refund.payee_account, refund.payee_holder) == ("ordered", "101872345678", "HOANG VAN DUNG")
    assert balance(world, Kind.ON_THE_WAY_OUT, f"refund:{refund.pk}") == 150_000
    line = comes(f"HTX tra lai {refund.code}", 150_000, direction="out")
    refund.refresh_from_db()
    assert (line.state, line.reason, refund.state) == (State.SETTLED, "", "sent")
    assert balance(world, Kind.ON_THE_WAY_OUT, f"refund:{refund.pk}") == 0
    assert ledger.total_dong(organization=world.organization, kind=Kind.UNMATCHED_DEPARTURES) == 0
    assert request_of(order).state == PaymentRequest.State.REFUNDED
    said = Message.objects.filter(about=f"order:{order.pk}").values_list("kind", flat=True)
    assert {"refund_ordered", "refund_sent"} <= set(said)


def test_the_treasurers_qr_carries_the_code_the_amount_and_the_payee(world, comes):
    refund = ask(world, order_id=owed_order(world, comes).pk)
    assert (payees.payload_of(refund), payees.svg_of(refund)) == ("", "")
    refund = send(world, refund)
    read = vietqr.decode(payees.payload_of(refund))
    assert (read.bin, read.account, read.amount_dong, read.memo) == ("970415", "101872345678", 150_000, refund.code)
    assert payees.svg_of(refund).startswith("<")


def test_what_is_asked_already_is_not_asked_again(world, comes):
    order = owed_order(world, comes)
    ask(world, order_id=order.pk, amount=100_000, key="1")
    assert refunds.owed_dong(organization=world.organization, order_id=order.pk) == 50_000
    with pytest.raises(refunds.MoreThanOwed) as refused:
        ask(world, order_id=order.pk, amount=50_001, key="2")
    assert "50.000" in refused.value.message
    ask(world, order_id=order.pk, amount=50_000, key="2")
    assert refunds.owed_dong(organization=world.organization, order_id=order.pk) == 0


def test_the_same_key_is_the_same_refund(world, comes):
    order = owed_order(world, comes)
    first, again = ask(world, order_id=order.pk, amount=70_000), ask(world, order_id=order.pk, amount=70_000)
    assert (first.pk, Refund.objects.count()) == (again.pk, 1)
    with pytest.raises(KeyReused):
        ask(world, order_id=order.pk, amount=70_001)
    for _time in range(2):
        send(world, first)
    assert Entry.objects.filter(event="ordered_out").count() == 1
    with pytest.raises(refunds.RefundGone):
        send(world, first, key="another")


def test_a_stranger_is_paid_back_for_her_line(world, comes):
    line = comes("chuyen nham", 60_000)
    triage.keep_as_debt(transaction_id=line.pk, code=None, reason=WHY, actor=world.treasurer, key="k", at=world.now)
    refund = send(world, ask(world, transaction_id=line.pk, amount=60_000))
    out = comes(f"tra lai {refund.code}", 60_000, direction="out")
    line.refresh_from_db()
    assert (out.state, line.state) == (State.SETTLED, State.RETURNED)
    assert not Message.objects.filter(kind="refund_sent").exists()  # nobody knows her number


@pytest.mark.parametrize(
    ("more", "refusal", "field"),
    [
        ({"amount": 0}, BadAmount, None),
        ({"amount": 150_001}, refunds.MoreThanOwed, "amount_dong"),
        ({"reason": "x"}, ReasonMissing, "reason"),
        ({"payee_bin": "123456"}, payees.PayeeUnusable, "payee_bin"),
        ({"payee_account": "số 12"}, payees.PayeeUnusable, "payee_account"),
        ({"payee_account": "1" * 20}, payees.PayeeUnusable, "payee_account"),
        ({"transaction_id": 1}, refunds.OneSubject, "order_id"),
        ({"order_id": None}, refunds.OneSubject, "order_id"),
        ({"order_id": 10**9}, NotFound, None),
    ],
)
def test_what_cannot_be_asked(world, comes, more, refusal, field):
    given = {"order_id": owed_order(world, comes).pk} | more
    with pytest.raises(refusal) as refused:
        ask(world, **given)
    assert refused.value.field == field
    assert not Refund.objects.exists()


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "clerk", "buyer"])
def test_to_anybody_but_the_treasurer_there_is_nothing_to_refund(world, comes, who):
    order = owed_order(world, comes)
    refund, stranger = ask(world, order_id=order.pk), getattr(world, who)
    for deed in (
        lambda: ask(world, order_id=order.pk, actor=stranger, key="x"),
        lambda: send(world, refund, actor=stranger),
        lambda: refunds.cancel(refund_id=refund.pk, reason=WHY, actor=stranger, at=world.now),
        lambda: refunds.cancel(refund_id=10**9, reason=WHY, actor=world.treasurer, at=world.now),
        lambda: send(world, refund, from_account_id=world.other_bank_account.pk),
    ):
        with pytest.raises(NotFound):
            deed()
    refund.refresh_from_db()
    assert (refund.state, Refund.objects.count()) == ("to_do", 1)


@pytest.mark.parametrize("missing", ["payee_bin", "payee_account", "payee_holder"])
def test_a_transfer_needs_its_whole_payee(world, comes, missing):
    refund = ask(world, order_id=owed_order(world, comes).pk)
    with pytest.raises(payees.PayeeUnusable) as refused:
        send(world, refund, **{missing: " "})
    assert refused.value.field == missing
    refund.refresh_from_db()
    assert refund.state == "to_do"


def test_a_payee_told_before_need_not_be_told_again(world, comes):
    refund = ask(world, order_id=owed_order(world, comes).pk, **DUNG)
    refund = send(world, refund, payee_bin="", payee_account="", payee_holder="")
    assert (refund.state, refund.payee_bin) == ("ordered", "970415")


# -- Which line closes it ------------------------------------------------------------------------------


def test_only_code_amount_and_payee_together_close_a_refund(world, comes):
    refund = send(world, ask(world, order_id=owed_order(world, comes).pk))
    for line in (
        comes(refund.code, 149_999, direction="out"),
        comes("tra lai anh Dung", 150_000, direction="out"),
        comes(refund.code, 150_000, direction="out", payer_account="999999999"),
        comes(f"{refund.code} {request_of(order_bags(world, 1)).code}", 150_000, direction="out"),
        comes(f"{refund.code} CP7K2M9Q9M", 150_000, direction="out"),
    ):
        assert (line.state, line.reason) == (State.NEEDS_YOU, Reason.OUTGOING)
    refund.refresh_from_db()
    assert refund.state == "ordered"
    line = comes(refund.code, 150_000, direction="out", payer_account="******5678")
    assert line.state == State.SETTLED


def test_what_nobody_ordered_and_what_is_gone_already_alarm(world, comes):
    refund = ask(world, order_id=owed_order(world, comes).pk)
    early = comes(refund.code, 150_000, direction="out")
    assert early.state == State.NEEDS_YOU
    send(world, refund)
    assert comes(f"{refund.code} ", 150_000, direction="out", reference="FT2").state == State.SETTLED
    second = comes(f"{refund.code} lan hai", 150_000, direction="out", reference="FT3")
    assert (second.state, second.reason) == (State.NEEDS_YOU, Reason.OUTGOING)
    assert ledger.total_dong(organization=world.organization, kind=Kind.UNMATCHED_DEPARTURES) == 300_000


def test_a_person_names_the_refund_of_a_line_without_a_code(world, comes):
    refund = ask(world, order_id=owed_order(world, comes).pk)
    line = comes("tra lai anh Dung", 150_000, direction="out")
    match = {"refund_id": refund.pk, "transaction_id": line.pk, "reason": WHY, "actor": world.treasurer, "key": "m"}
    with pytest.raises(refund_lines.NotThatRefund):
        refund_lines.match(**match, at=world.now)
    send(world, refund)
    assert refund_lines.candidates(line) == [refund]
    for _time in range(2):
        refund = refund_lines.match(**match, at=world.now)
    assert (refund.state, refund.movements.count()) == ("sent", 1)
    assert refund.movements.get().actor == world.treasurer


def test_the_refund_of_another_organization_is_like_none(world, comes):
    refund = send(world, ask(world, order_id=owed_order(world, comes).pk))
    line = comes(refund.code, 150_000, direction="out", account=world.other_bank_account)
    assert (line.state, line.reason) == (State.NEEDS_YOU, Reason.OUTGOING)
    with pytest.raises(NotFound):
        refund_lines.match(
            refund_id=refund.pk, transaction_id=line.pk, reason=WHY, actor=world.other_treasurer, key="m", at=world.now
        )


# -- Coming back -----------------------------------------------------------------------------------------


def sent_refund(world, comes):
    order = owed_order(world, comes)
    refund = send(world, ask(world, order_id=order.pk))
    comes(refund.code, 150_000, direction="out")
    refund.refresh_from_db()
    return order, refund


def test_what_bounces_is_owed_again_and_asked_for_anew(world, comes):
    order, refund = sent_refund(world, comes)
    line = comes(f"HOAN TRA {refund.code} SAI TAI KHOAN", 150_000)
    refund.refresh_from_db()
    assert (line.state, line.reason, refund.state) == (State.SETTLED, Reason.BOUNCED, "bounced")
    assert balance(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 150_000
    assert request_of(order).state == PaymentRequest.State.CANCELLED
    retry = Refund.objects.get(state="to_do")
    assert (retry.code != refund.code, retry.amount_dong, retry.payee_account) == (True, 150_000, "101872345678")
    send(world, retry, key="again", payee_account="101872345679")
    assert comes(retry.code, 150_000, direction="out").state == State.SETTLED
    assert request_of(order).state == PaymentRequest.State.REFUNDED


def test_money_that_names_a_refund_and_is_not_it_waits_for_a_person(world, comes):
    _order, refund = sent_refund(world, comes)
    other_sum = comes(refund.code, 149_000)
    beside_a_request = comes(f"{refund.code} {request_of(order_bags(world, 1)).code}", 150_000)
    for line in (other_sum, beside_a_request):
        assert line.state == State.NEEDS_YOU
    assert other_sum.reason == Reason.BOUNCED
    comes(refund.code, 150_000)
    twice = comes(f"{refund.code} nua", 150_000)
    assert (twice.state, twice.reason) == (State.NEEDS_YOU, Reason.BOUNCED)


def test_an_order_whose_money_came_once_more_is_not_called_given_back(world, comes):
    order, _refund = sent_refund(world, comes)
    code = request_of(order).code
    assert request_of(order).state == PaymentRequest.State.REFUNDED
    line = comes(code, 150_000)
    for _time in range(2):
        triage.keep_as_debt(
            transaction_id=line.pk, code=code, reason=WHY, actor=world.treasurer, key=None, at=world.now
        )  # fmt: skip
        assert request_of(order).state == PaymentRequest.State.CANCELLED
        undoing.undo(kept_debt_id=line.kept_debts.get(undone_at=None).pk, actor=world.treasurer, at=world.now)
        assert request_of(order).state == PaymentRequest.State.REFUNDED


# -- Cancelling and undoing ----------------------------------------------------------------------------


def test_a_task_and_an_order_are_dropped_and_the_money_is_owed_as_before(world, comes):
    order = owed_order(world, comes)
    for _time in range(2):
        task = refunds.cancel(
            refund_id=(Refund.objects.first() or ask(world, order_id=order.pk)).pk, reason=WHY, actor=world.treasurer,
            at=world.now,
        )  # fmt: skip
    assert (task.state, task.entry, task.cancelled_by) == ("cancelled", None, world.treasurer)
    ordered = send(world, ask(world, order_id=order.pk, key="2"), key="2")
    dropped = refunds.cancel(refund_id=ordered.pk, reason="chưa chuyển", actor=world.treasurer, at=world.now)
    assert dropped.reason == f"{WHY} · chưa chuyển"
    assert refunds.owed_dong(organization=world.organization, order_id=order.pk) == 150_000
    assert comes(ordered.code, 150_000, direction="out").state == State.NEEDS_YOU


def test_a_refund_that_went_is_not_dropped(world, comes):
    _order, refund = sent_refund(world, comes)
    with pytest.raises(refunds.RefundGone):
        refunds.cancel(refund_id=refund.pk, reason=WHY, actor=world.treasurer, at=world.now)


def test_a_line_is_taken_off_its_refund_and_back_on(world, comes):
    order, refund = sent_refund(world, comes)
    movement = refund.movements.get()
    for _time in range(2):
        line = undoing.undo(refund_movement_id=movement.pk, actor=world.treasurer, at=world.now)
    refund.refresh_from_db()
    assert (line.state, line.reason, refund.state) == (State.NEEDS_YOU, Reason.UNDONE, "ordered")
    assert request_of(order).state == PaymentRequest.State.CANCELLED
    refund = refund_lines.match(
        refund_id=refund.pk, transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="m", at=world.now
    )
    assert (refund.state, request_of(order).state) == ("sent", "refunded")


def test_a_bounce_is_taken_back_with_its_task_unless_the_money_goes_out_again(world, comes):
    _order, refund = sent_refund(world, comes)
    line = comes(refund.code, 150_000)
    bounced = line.refund_movements.get()
    with pytest.raises(undoing.CameBack):
        undoing.undo(refund_movement_id=refund.movements.get(kind="sent").pk, actor=world.treasurer, at=world.now)
    retry = send(world, Refund.objects.get(state="to_do"), key="r")
    with pytest.raises(undoing.MoneyOnItsWay):
        undoing.undo(refund_movement_id=bounced.pk, actor=world.treasurer, at=world.now)
    refunds.cancel(refund_id=retry.pk, reason=WHY, actor=world.treasurer, at=world.now)
    ask(world, order_id=refund.order_id, key="once more")
    undoing.undo(refund_movement_id=bounced.pk, actor=world.treasurer, at=world.now)
    refund.refresh_from_db()
    assert (refund.state, Refund.objects.filter(state="to_do").count()) == ("sent", 0)


def test_a_debt_that_is_being_paid_back_is_not_taken_back(world, comes):
    line = comes("chuyen nham", 60_000)
    triage.keep_as_debt(transaction_id=line.pk, code=None, reason=WHY, actor=world.treasurer, key="k", at=world.now)
    debt = line.kept_debts.get()
    refund = send(world, ask(world, transaction_id=line.pk, amount=60_000))
    with pytest.raises(undoing.MoneyOnItsWay):
        undoing.undo(kept_debt_id=debt.pk, actor=world.treasurer, at=world.now)
    refunds.cancel(refund_id=refund.pk, reason=WHY, actor=world.treasurer, at=world.now)
    task = ask(world, transaction_id=line.pk, amount=60_000, key="2")
    undoing.undo(kept_debt_id=debt.pk, actor=world.treasurer, at=world.now)
    task.refresh_from_db()
    assert task.state == "cancelled"


def test_an_excess_that_is_being_paid_back_is_not_taken_back(world, comes):
    order = order_bags(world, 2)
    line = comes(request_of(order).code, 170_000)
    send(world, ask(world, order_id=order.pk, amount=20_000))
    with pytest.raises(undoing.MoneyOnItsWay):
        undoing.undo(settlement_id=line.settlements.get().pk, actor=world.treasurer, at=world.now)


# -- In one tap ----------------------------------------------------------------------------------------


def give_back(world, line, **more):
    given = {"reason": WHY, "actor": world.treasurer, "key": "r", "at": world.now} | more
    return triage.return_line(transaction_id=line.pk, **given)


def test_money_for_a_cancelled_order_goes_back_in_one_tap(world, comes):
    order = order_bags(world, 2)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="", at=world.now)
    line = comes(request_of(order).code, 150_000)
    assert line.reason == Reason.CANCELLED_ORDER
    for _time in range(2):
        refund = give_back(world, line, **DUNG)
    assert (refund.state, refund.order, Refund.objects.count()) == ("ordered", order, 1)
    comes(refund.code, 150_000, direction="out")
    line.refresh_from_db()
    assert (line.state, request_of(order).state) == (State.RETURNED, "refunded")


def test_money_of_a_stranger_becomes_a_task_until_her_account_is_known(world, comes):
    line = comes("chuyen nham", 60_000)
    refund = give_back(world, line, payee_holder="Nguyễn Văn Ất")
    line.refresh_from_db()
    assert (refund.state, refund.transaction, refund.payee_holder) == ("to_do", line, "NGUYEN VAN AT")
    assert line.state == State.SETTLED
    with pytest.raises(triage.NothingLeft):
        give_back(world, line, key="again")
    with pytest.raises(triage.OnlyMoneyIn):
        give_back(world, comes("rut", 5_000, direction="out"), key="out")


# -- Codes, cards, lists ---------------------------------------------------------------------------------


def test_no_code_is_ever_a_requests_and_a_refunds(world, comes, monkeypatch):
    order = owed_order(world, comes)
    used = request_of(order).code
    drawn = iter([used, "CPAAAAAA22", "CPAAAAAA22", "CPBBBBBB22"])
    monkeypatch.setattr(refunds, "new_code", lambda: next(drawn))
    monkeypatch.setattr(checkout, "new_code", lambda: next(drawn))
    assert ask(world, order_id=order.pk).code == "CPAAAAAA22"
    assert request_of(order_bags(world, 1)).code == "CPBBBBBB22"


def test_what_came_by_card_goes_back_to_the_card(world, comes):
    clearing = BankAccount.objects.create(
        organization=world.organization, bin="000000", bank_name="Stripe", number="acct_1", holder="HTX",
        created_at=world.now,
    )  # fmt: skip
    feed = Feed.objects.create(
        organization=world.organization, bank_account=clearing, provider=Feed.Provider.STRIPE, token="t" * 43,
        created_at=world.now,
    )  # fmt: skip
    order = order_bags(world, 2)
    link = PaymentLink.objects.create(
        organization=world.organization, feed=feed, payment_request=request_of(order), number="CARD1",
        amount_dong=150_000, key="c1", created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    line = comes("stripe", 150_000, account=clearing)
    BankTransaction.objects.filter(pk=line.pk).update(link=link)
    triage.assign(
        transaction_id=line.pk, parts=[triage.Part(request_of(order).code, 150_000)], reason=WHY,
        actor=world.treasurer, key="a", at=world.now,
    )  # fmt: skip
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="", at=world.now)
    refund = ask(world, order_id=order.pk, amount=100_000)
    assert (refund.way, refund.link) == ("card", link)
    refund = refunds.order_out(refund_id=refund.pk, actor=world.treasurer, key="s", at=world.now)
    assert (refund.state, refund.from_account, refund.external_id, payees.payload_of(refund)) == (
        "ordered", clearing, "", "",
    )  # fmt: skip
    Refund.objects.filter(pk=refund.pk).update(external_id="re_1")
    with pytest.raises(refunds.SentToTheCard):
        refunds.cancel(refund_id=refund.pk, reason=WHY, actor=world.treasurer, at=world.now)
    out = comes(refund.code, 100_000, direction="out", account=clearing)
    refund.refresh_from_db()
    assert (out.state, refund.state) == (State.SETTLED, "sent")
    assert ask(world, order_id=order.pk, amount=50_000, key="rest").way == "card"


def test_what_is_owed_and_nobody_asked_for_is_listed(world, comes):
    order = owed_order(world, comes)
    line = comes("chuyen nham", 60_000)
    triage.dismiss(transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="d", at=world.now)
    ask(world, order_id=order.pk, amount=40_000)
    owed = owing.owed_list(world.organization)
    assert [(one.dong, one.order, one.transaction) for one in owed] == [(110_000, order, None), (60_000, None, line)]
    assert owing.owed_list(world.other_organization) == []


def test_a_late_payment_that_went_back_leaves_the_order_refunded(world, comes):
    order = order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    order_bags(world, world.variant.on_hand, at=later)
    late = comes(request_of(order).code, 150_000, at=later)
    refund = send(world, Refund.objects.get(), at=later)
    comes(refund.code, 150_000, direction="out", at=later)
    late.refresh_from_db()
    assert (late.state, late.reason, request_of(order).state) == (State.RETURNED, Reason.LATE, "refunded")


def test_a_line_that_is_being_booked_is_left_alone(world, comes):
    refund = send(world, ask(world, order_id=owed_order(world, comes).pk))
    line = comes("tra lai", 150_000, direction="out")
    BankTransaction.objects.filter(pk=line.pk).update(state=State.NEW)
    with pytest.raises(NotYetBooked):
        refund_lines.match(
            refund_id=refund.pk, transaction_id=line.pk, reason=WHY, actor=world.treasurer, key="m", at=world.now
        )
    BankTransaction.objects.filter(pk=line.pk).update(state=State.NEEDS_YOU)


@pytest.mark.parametrize(
    ("said", "is_it"),
    [
        ("101872345678", True), ("101 872 345 678", True), ("******5678", True), ("xxxx345678", True),
        ("101872345679", False), ("******5679", False), ("****78", False), ("5678", False),
    ],
)  # fmt: skip
def test_sources_mask_accounts(said, is_it):
    assert payees.is_account(said, "101872345678") is is_it
