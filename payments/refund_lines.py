"""The bank's lines that carry a refund away or bring it back.

A debit closes only what is on its way out and has the same code, amount and, where the line names it, payee. Anything
else stays an unexplained departure: a second fitting debit, another sum, a task that nobody ordered.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.models import Message, Organization, User
from orders.models import Order
from payments import crediting, deeds, entering, finding, payees, postings, refunds
from payments.models import (
    BankTransaction,
    BillingAccount,
    CashReceipt,
    CashVoucher,
    KeptDebt,
    PaymentRequest,
    Refund,
    RefundMovement,
    Settlement,
)
from payments.owed_for import Subject

Direction, LineState = BankTransaction.Direction, BankTransaction.State
State = Refund.State
_EVENTS = {RefundMovement.Kind.SENT: Event.SENT, RefundMovement.Kind.BOUNCED: Event.BOUNCED}


class NotThatRefund(Refused):
    code = "NOT_THAT_REFUND"
    sentence = _("Dòng này không phải của khoản trả lại đó: khác số tiền, hoặc khoản đó không ở trạng thái chờ.")


def named_by(memo: str, *, organization_id: int) -> list[Refund]:
    """The organization's refunds whose codes could stand in the memo, in whatever state."""
    named = Refund.objects.filter(organization_id=organization_id, code__in=finding.possible_codes(memo))
    return list(named.order_by("id")) if named.exists() else []  # mostly none: the cheaper question first


def locked(refund_ids: Collection[int]) -> dict[str, Refund]:
    """By code, locked in id order; their orders and accounts are locked before (docs/locking.md)."""
    rows = Refund.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("organization", "order__organization", "entry").filter(pk__in=refund_ids)
    return {refund.code: refund for refund in rows.order_by("id")}


def lines_behind(some: Collection[Refund]) -> set[int]:
    """The lines whose kept debts these refunds give back: they may turn out to be returned."""
    owed_for = Q(pk__in=[])
    for refund in some:
        owed_for |= Subject.of(refund).kept_debts
    return set(KeptDebt.objects.filter(owed_for, undone_at=None).values_list("transaction_id", flat=True))


def fits(line: BankTransaction, refund: Refund) -> bool:
    """Whether ``line``, whose memo carries the code of ``refund``, closes it or brings it back."""
    if line.unused_dong != refund.amount_dong or line.amount_dong != refund.amount_dong:
        return False
    if line.direction == Direction.IN:
        return refund.state == State.SENT
    if refund.state != State.ORDERED:
        return False
    if refund.way == Refund.Way.CARD:
        return line.link_id in (None, refund.link_id)
    return not line.payer_account or payees.is_account(line.payer_account, refund.payee_account)


def candidates(line: BankTransaction) -> list[Refund]:
    """For a person: the refunds of this amount that wait for such a line, those that its memo names first."""
    waits = State.ORDERED if line.direction == Direction.OUT else State.SENT
    fitting = Refund.objects.filter(
        organization_id=line.organization_id, state=waits, amount_dong=line.unused_dong
    ).preloaded()  # fmt: skip
    if line.direction == Direction.IN:  # money that came in by chance is of some amount too: only what is named
        fitting = fitting.filter(code__in=finding.possible_codes(line.memo))
    named = finding.possible_codes(line.memo)
    return sorted(fitting.order_by("id")[:12], key=lambda refund: refund.code not in named)


def take(line: BankTransaction, refund: Refund, *, actor: User | None, reason: str, at: datetime) -> RefundMovement:
    """Book the locked, wholly unused ``line`` as the one that carried the locked ``refund`` away, or back again."""
    goes = line.direction == Direction.OUT
    kind = RefundMovement.Kind.SENT if goes else RefundMovement.Kind.BOUNCED
    movement = RefundMovement.objects.create(
        refund=refund, transaction=line, kind=kind, amount_dong=refund.amount_dong, at=at, actor=actor, reason=reason
    )
    movement.entry = ledger.post(
        organization=line.organization, key=f"{kind}:{movement.pk}", event=_EVENTS[kind],
        meaning={"transaction": line.pk, "refund": refund.code, "amount": refund.amount_dong},
        moves=postings.sent(movement) if goes else postings.bounced(movement), booked_on=vietnam_day(at), at=at,
        actor=actor,
    )  # fmt: skip
    movement.save(update_fields=["entry"])
    line.used_dong += refund.amount_dong
    line.state, line.reason = LineState.SETTLED, "" if goes else BankTransaction.Reason.BOUNCED
    refund.state = State.SENT if goes else State.BOUNCED
    refund.save(update_fields=["state"])
    if goes:
        refunds.tell(refund, Message.Kind.REFUND_SENT, at=at)
    else:
        _ask_again(refund, at=at)
    refresh(refund)
    return movement


def _ask_again(refund: Refund, *, at: datetime) -> None:
    """It is owed as before: the same task anew, its payee to be looked at."""
    subject = Subject.of(refund)._asdict()
    if refund.amount_dong <= refunds.owed_dong(organization=refund.organization, **subject):
        refunds.write(
            organization=refund.organization, amount_dong=refund.amount_dong, actor=None, at=at,
            payee=payees.Payee(refund.payee_bin, refund.payee_account, refund.payee_holder),
            reason=str(_("trả lại lần trước bị trả về")), **subject,
        )  # fmt: skip


def match(
    *, refund_id: int, transaction_id: int, reason: str, actor: User, key: str | None, at: datetime
) -> Refund:  # fmt: skip
    """A person says that a line without a readable code is that refund, going out or coming back.

    Raises NotFound, ReasonMissing, NotYetBooked, NotThatRefund.
    """
    found = refunds.visible(refund_id, actor=actor, at=at)

    def do(line: BankTransaction, why: str) -> str:
        if line.organization_id != found.organization_id:
            raise NotFound()
        lock_orders(found.organization, [found])
        refund = refunds.locked(refund_id)
        waits = State.ORDERED if line.direction == Direction.OUT else State.SENT
        if refund.state != waits or line.used_dong or line.amount_dong != refund.amount_dong:
            raise NotThatRefund()
        if line.booked_at is None and not entering.is_claim(line):
            raise deeds.NothingLeft()
        entering.declare(line, actor=actor, at=at)
        take(line, refund, actor=actor, reason=why, at=at)
        line.dismissed_by, line.dismissed_why = None, ""
        return str(refund.pk)

    deeds.on_line(
        "refund_match", transaction_id, [refund_id, transaction_id], reason, actor, key, at, do,
        also=lines_behind([found]),
    )  # fmt: skip
    return Refund.objects.preloaded().get(pk=refund_id)


def lock_orders(organization: Organization, some: Collection[Refund]) -> None:
    """The requests and orders, and the billing accounts, that these refunds are owed for: before the refunds."""
    ids = {refund.order_id for refund in some if refund.order_id}
    crediting.locked_requests([], organization_id=organization.pk, order_ids=ids)
    if accounts := {refund.account_id for refund in some if refund.account_id}:
        rows = BillingAccount.objects.select_for_update(of=("self",), no_key=True)
        list(rows.filter(pk__in=accounts).order_by("id"))


def refresh(refund: Refund) -> None:
    """After a refund went, came back or was taken back: what its subject's request and lines say of themselves.

    A request of an ended order is REFUNDED, and a line kept as debt RETURNED, once nothing of it is owed any more and
    nothing is on its way.
    """
    if refund.account_id is not None:  # bills stay paid: what went back was never theirs, or was given back of an item
        return
    is_back = _all_gone(refund.organization, Subject.of(refund))
    if refund.order is not None:
        _say_of_requests(refund.order, is_back=is_back)
    kept = KeptDebt.objects.filter(Subject.of(refund).kept_debts, undone_at=None).order_by().values("transaction_id")
    for row in kept.annotate(total=Sum("amount_dong")):
        whole = BankTransaction.objects.filter(pk=row["transaction_id"], amount_dong=row["total"])
        stands, becomes = LineState.SETTLED, LineState.RETURNED
        if not is_back:
            stands, becomes = becomes, stands
        whole.filter(state=stands).update(state=becomes)


def refresh_order(order: Order) -> None:
    """The same of the requests alone, after an order's debt grew or was taken back. Needs the locked order."""
    _say_of_requests(order, is_back=_all_gone(order.organization, Subject(order.pk)))


def _say_of_requests(order: Order, *, is_back: bool) -> None:
    if not order.is_ended:
        return
    for request in PaymentRequest.objects.filter(order=order):
        request.state = PaymentRequest.State.REFUNDED if is_back and _took(request) else crediting.closed_as(order)
        request.save(update_fields=["state"])


def _all_gone(organization: Organization, subject: Subject) -> bool:
    owed = ledger.balance_dong(organization=organization, kind=Kind.OWED_TO_PAYERS, subject=subject.name)
    same = Refund.objects.filter(subject.its_refunds)
    if owed or same.filter(state=State.ORDERED).exists():
        return False
    by_hand = CashVoucher.objects.filter(order=subject.order_id, kind=CashVoucher.Kind.BUYER, undone_at=None)
    return same.filter(state=State.SENT).exists() or (subject.order_id is not None and by_hand.exists())


def _took(request: PaymentRequest) -> bool:
    """Whether anything ever came for it."""
    return (
        Settlement.objects.filter(payment_request=request, undone_at=None).exists()
        or CashReceipt.objects.filter(payment_request=request, undone_at=None).exists()
        or KeptDebt.objects.filter(order=request.order, undone_at=None).exists()
    )
