"""Money that goes back to whoever paid it: a task, then ordered out, then seen leaving the bank (refund_lines.py).

Never more than is owed: whoever asks holds the row of what it is owed for (owed_for.py), and the debt's own account
cannot fall below 0.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.codes import new_code
from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.doing_once import done_once
from cooperatives.models import BankAccount, Message, Organization, User
from cooperatives.permissions import require
from orders import messages
from payments import deeds, owing, payees, postings
from payments.bills import messages as messages_of_bills
from payments.fresh_codes import fresh_codes
from payments.models import Refund
from payments.owed_for import Subject, lock_subject
from payments.owing import owed_dong
from payments.payees import Payee

__all__ = [
    "MoreThanOwed",
    "OneSubject",
    "RefundGone",
    "SentToTheCard",
    "ask",
    "cancel",
    "drop_what_is_not_owed",
    "lock_subject",
    "order_out",
    "owed_dong",
]

State, Way = Refund.State, Refund.Way
NOT_KNOWN = Payee()


class MoreThanOwed(Refused):
    code = "MORE_THAN_OWED"
    sentence = _("Chỉ còn %(owed)s phải trả lại cho khoản này.")


class RefundGone(Refused):
    code = "REFUND_GONE"
    sentence = _("Khoản trả lại này đã chuyển đi hoặc đã bỏ, không làm việc này được nữa.")


class OneSubject(Refused):
    code = "ONE_SUBJECT"
    sentence = _("Hãy chọn một đơn, một người nộp tiền, hoặc một dòng tiền, để trả lại.")


class SentToTheCard(Refused):
    code = "SENT_TO_THE_CARD"
    sentence = _("Việc trả lại vào thẻ đã gửi cho bên nhận thẻ, không bỏ được nữa.")


@again_when_locked_out
def ask(
    *,
    order_id: int | None = None,
    transaction_id: int | None = None,
    account_id: int | None = None,
    amount_dong: int,
    payee_bin: str = "",
    payee_account: str = "",
    payee_holder: str = "",
    reason: str,
    actor: User,
    key: str | None,
    at: datetime,
) -> Refund:
    """Make a task of giving money back: for an order, to whoever pays the bills of an account, or for the line of a
    stranger. Books nothing yet.

    The payee may be told later. What came by card goes back to that card. Repeat-safe by ``key``. Raises NotFound,
    OneSubject, BadAmount, MoreThanOwed, ReasonMissing, PayeeUnusable.
    """
    subject = Subject(order_id, transaction_id, account_id)
    if not subject.is_one:
        raise OneSubject(field="order_id")
    organization = subject.organization()
    require(actor, "settle_money", organization=organization, on=vietnam_day(at))
    checked_dong(amount_dong)
    why = deeds.checked_reason(reason)
    payee = payees.part(payee_bin, payee_account, payee_holder)

    def do() -> str:
        subject.lock()
        refund = write(
            organization=organization, amount_dong=amount_dong, payee=payee, reason=why, actor=actor, at=at,
            **subject._asdict(),
        )  # fmt: skip
        return str(refund.pk)

    meaning = [*subject, amount_dong, *payee]
    with transaction.atomic():
        result, _replayed = done_once(verb="refund_ask", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return Refund.objects.preloaded().get(pk=result)


def write(
    *,
    organization: Organization,
    order_id: int | None = None,
    transaction_id: int | None = None,
    account_id: int | None = None,
    amount_dong: int,
    payee: Payee = NOT_KNOWN,
    reason: str,
    actor: User | None,
    at: datetime,
) -> Refund:
    """The task itself. Needs an open transaction and the locked order, account or line that it is owed for.

    Raises MoreThanOwed.
    """
    subject = Subject(order_id, transaction_id, account_id)
    owed = owing.owed_dong(organization=organization, **subject._asdict())
    if amount_dong > owed:
        raise MoreThanOwed(field="amount_dong", owed=figures(owed))
    link = owing.card_of(subject, amount_dong)
    return Refund.objects.create(
        organization=organization, **subject._asdict(), amount_dong=amount_dong,
        code=fresh_codes(1, draw=new_code)[0], way=Way.CARD if link else Way.TRANSFER, link=link, payee_bin=payee.bin,
        payee_account=payee.account, payee_holder=payee.holder, reason=reason, created_at=at, created_by=actor,
    )  # fmt: skip


@again_when_locked_out
def order_out(
    *,
    refund_id: int,
    payee_bin: str = "",
    payee_account: str = "",
    payee_holder: str = "",
    from_account_id: int | None = None,
    actor: User,
    key: str | None,
    at: datetime,
) -> Refund:
    """Say that the money is being sent now: no longer owed, on its way out until the bank's line is seen.

    A transfer needs the whole payee (what was told before counts where nothing is told now) and shows its QR from here
    on. A card needs none: payments/cards.py sends what is ORDERED and has no ``external_id``. Repeat-safe by ``key``.
    Raises NotFound, RefundGone, MoreThanOwed, PayeeUnusable.
    """
    found = visible(refund_id, actor=actor, at=at)
    payee = NOT_KNOWN
    if found.way == Way.TRANSFER:
        payee = payees.whole(
            payee_bin or found.payee_bin, payee_account or found.payee_account, payee_holder or found.payee_holder
        )
    source = _from_account(found, from_account_id)

    def do() -> str:
        Subject.of(found).lock()
        post_order(locked(refund_id), payee=payee, from_account=source, actor=actor, at=at)
        return str(refund_id)

    with transaction.atomic():
        meaning = [refund_id, *payee, from_account_id]
        done_once(verb="refund_order_out", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return Refund.objects.preloaded().get(pk=refund_id)


def post_order(
    refund: Refund, *, payee: Payee, from_account: BankAccount | None, actor: User | None, at: datetime
) -> None:
    """Book a locked task as ordered, its subject locked too. Raises RefundGone, MoreThanOwed."""
    if refund.state != State.TO_DO:
        raise RefundGone()
    debt = owing.debt_dong(organization=refund.organization, **Subject.of(refund)._asdict())
    if refund.amount_dong > debt:
        raise MoreThanOwed(owed=figures(debt))
    refund.payee_bin, refund.payee_account, refund.payee_holder = payee
    refund.from_account, refund.ordered_at, refund.ordered_by = from_account, at, actor
    refund.entry = ledger.post(
        organization=refund.organization, key=f"ordered_out:{refund.pk}", event=Event.ORDERED_OUT,
        meaning={"refund": refund.code, "subject": refund.subject, "amount": refund.amount_dong},
        moves=postings.ordered_out(refund), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    refund.state = State.ORDERED
    refund.save()
    tell(refund, Message.Kind.REFUND_ORDERED, at=at)


def order_now(refund: Refund, *, actor: User, at: datetime) -> None:
    """Order a task out in the same transaction that made it, to the payee that it names."""
    payee = Payee(refund.payee_bin, refund.payee_account, refund.payee_holder)
    post_order(refund, payee=payee, from_account=_from_account(refund, None), actor=actor, at=at)


@again_when_locked_out
def cancel(*, refund_id: int, reason: str, actor: User | None, at: datetime) -> Refund:
    """Drop a task, or take back an order that was not carried out: the money is owed as before.

    ``actor`` None: the card's processor refused it. Repeating it changes nothing. Raises NotFound, ReasonMissing,
    RefundGone once the bank's line was seen, SentToTheCard for a person once the processor has it.
    """
    found = Refund.objects.get(pk=refund_id) if actor is None else visible(refund_id, actor=actor, at=at)
    why = deeds.checked_reason(reason)
    with transaction.atomic():
        Subject.of(found).lock()
        refund = locked(refund_id)
        if refund.state == State.CANCELLED:
            return refund
        if refund.state not in (State.TO_DO, State.ORDERED):
            raise RefundGone()
        if actor is not None and refund.external_id:
            raise SentToTheCard()
        drop(refund, reason=why, actor=actor, at=at)
    return Refund.objects.preloaded().get(pk=refund_id)


def drop(refund: Refund, *, reason: str, actor: User | None, at: datetime) -> None:
    """Cancel a locked task or order, whose subject is locked too."""
    if refund.entry is not None:
        ledger.reverse(entry=refund.entry, at=at, booked_on=vietnam_day(at), actor=actor)
    refund.state, refund.reason = State.CANCELLED, _and_why(refund.reason, reason)
    refund.cancelled_at, refund.cancelled_by = at, actor
    refund.save(update_fields=["state", "reason", "cancelled_at", "cancelled_by"])


def drop_what_is_not_owed(
    *,
    organization: Organization,
    order_id: int | None,
    transaction_id: int | None,
    account_id: int | None = None,
    actor: User | None,
    at: datetime,
) -> None:
    """After a debt was taken back: tasks that it no longer covers go, the newest first. Needs the locked subject."""
    subject = Subject(order_id, transaction_id, account_id)
    debt = owing.debt_dong(organization=organization, **subject._asdict())
    tasks = Refund.objects.select_for_update(of=("self",), no_key=True).filter(subject.its_refunds, state=State.TO_DO)
    for refund in tasks.order_by("id"):
        if refund.amount_dong > debt:
            drop(refund, reason=str(_("khoản nợ này đã được gỡ")), actor=actor, at=at)
        else:
            debt -= refund.amount_dong


def _and_why(reason: str, why_not: str) -> str:
    """Why it was asked and why it is not done, in the room there is."""
    return f"{reason[: 199 - 3 - len(why_not)]} · {why_not}"[:200] if reason else why_not


def visible(refund_id: int, *, actor: User, at: datetime) -> Refund:
    """The refund, for its treasurer. Raises NotFound for everybody else."""
    found = Refund.objects.preloaded().filter(pk=refund_id).first()
    if found is None:
        raise NotFound()
    require(actor, "settle_money", organization=found.organization, on=vietnam_day(at))
    return found


def locked(refund_id: int) -> Refund:
    rows = Refund.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organization", "order__organization", "entry").get(pk=refund_id)


def tell(refund: Refund, kind: str, *, at: datetime) -> None:
    """News for the buyer or the household. A stranger of whom we know an account only cannot be told."""
    if refund.order is not None:
        messages.tell_buyer(order=refund.order, kind=kind, at=at, paid_dong=refund.amount_dong)
    elif refund.account is not None:
        messages_of_bills.tell_household(account=refund.account, kind=kind, at=at, paid_dong=refund.amount_dong)


def _from_account(refund: Refund, account_id: int | None) -> BankAccount | None:
    if refund.link is not None:
        return refund.link.feed.bank_account
    own = BankAccount.objects.filter(organization=refund.organization)
    if account_id is None:
        return own.filter(is_default=True, is_active=True).first()
    found = own.filter(pk=account_id).first()
    if found is None:
        raise NotFound()
    return found
