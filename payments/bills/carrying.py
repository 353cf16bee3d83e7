"""What a biller owes to those who pay its bills: carried to the next bill, or given back, as the biller has decided."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.doing_once import done_once
from cooperatives.ledger import Booking
from cooperatives.models import LedgerAccount, Organization, User
from payments import crediting, owing, postings, refunds
from payments.bills import shares, sums
from payments.bills.billers import biller
from payments.bundles import NothingDue
from payments.models import BillingAccount, CreditUse, ItemShare, PaymentRequest, Refund
from payments.owed_for import Subject

_BOOKED_AT_ONCE = 200


class NoCredit(Refused):
    code = "NO_CREDIT"
    sentence = _("Chỉ còn %(credit)s tiền dư dùng được.")


class MoreThanDue(Refused):
    code = "MORE_THAN_DUE"
    sentence = _("Nhiều hơn số còn phải trả (%(due)s).")


class GivenBackSince(Refused):
    code = "GIVEN_BACK_SINCE"
    sentence = _("Khoản thu đã được điều chỉnh xuống, tiền này đã trả lại một phần. Không gỡ được nữa.")


def credit_dong(account_id: int) -> int:
    """What the payer of one account can still use: owed, and no task stands for its going back."""
    account = BillingAccount.objects.select_related("organization").get(pk=account_id)
    return owing.owed_dong(organization=account.organization, account_id=account_id)


def credits_of(organization: Organization) -> dict[int, int]:
    """The same of every account that has anything, by account. Two queries."""
    owed: defaultdict[int, int] = defaultdict(int)
    stands = LedgerAccount.objects.filter(
        organization=organization, kind=Kind.OWED_TO_PAYERS, subject__startswith="account:", credits__gt=F("debits")
    )
    for account in stands:
        owed[int(account.subject.removeprefix("account:"))] = account.balance_dong
    tasks = Refund.objects.filter(organization=organization, account__isnull=False, state=Refund.State.TO_DO)
    for account_id, dong in tasks.order_by().values_list("account_id").annotate(Sum("amount_dong")):
        owed[account_id] -= dong
    return {account_id: dong for account_id, dong in owed.items() if dong > 0}


@again_when_locked_out
def use(*, bill_id: int, amount_dong: int | None = None, actor: User, key: str | None, at: datetime) -> CreditUse:
    """Pay (part of) a bill with what is owed to the payer of its account; None: as much as there is and is due.

    Repeat-safe by ``key``. Raises NotFound, BadAmount, NothingDue, MoreThanDue, NoCredit.
    """
    found = PaymentRequest.objects.filter(bill=bill_id).first()
    if found is None:
        raise NotFound()
    organization = biller(found.organization_id, deed="keep_bills", actor=actor, at=at)
    if amount_dong is not None:
        checked_dong(amount_dong)

    def do() -> str:
        request = crediting.locked_request(found.pk)
        due = request.due_dong if request.takes_money else 0
        if not due:
            raise NothingDue(field="bill_id")
        Subject(account_id=request.account_id).lock()
        credit = owing.owed_dong(organization=organization, account_id=request.account_id)
        wanted = min(due, credit) if amount_dong is None else amount_dong
        if wanted > due:
            raise MoreThanDue(field="amount_dong", due=figures(due))
        if wanted > credit or not wanted:
            raise NoCredit(field="amount_dong", credit=figures(credit))
        return str(take(request, wanted, actor=actor, at=at).pk)

    with transaction.atomic():
        meaning = [bill_id, amount_dong]
        result, _replayed = done_once(verb="credit_use", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return CreditUse.objects.select_related("payment_request", "account").get(pk=result)


def take(request: PaymentRequest, amount_dong: int, *, actor: User | None, reason: str = "", at: datetime) -> CreditUse:
    """``amount_dong`` of what is owed to the account of a locked bill's request, for that bill.

    Needs an open transaction and the locked account; no more than is due and is owed.
    """
    assert request.account_id is not None
    used = CreditUse.objects.create(
        account_id=request.account_id, payment_request=request, amount_dong=amount_dong, at=at, actor=actor,
        reason=reason,
    )  # fmt: skip
    crediting.write_shares(crediting.spread(request, amount_dong), credit_use=used)
    booking = _booking(used, at=at)
    used.entry = ledger.post(
        organization=request.organization, key=booking.key, event=booking.event, meaning=booking.meaning,
        moves=booking.moves, booked_on=booking.booked_on, at=at, actor=actor,
    )  # fmt: skip
    used.save(update_fields=["entry"])
    crediting.refresh_states(request=request, at=at)
    return used


def apply(requests: Sequence[PaymentRequest], *, actor: User | None, at: datetime) -> int:
    """Use what is owed to the payers of these (new) bills for what their accounts have open, oldest due day first.

    Returns how many bills it paid for. Nothing where the biller gives back instead. Needs an open transaction; locks
    the open requests of those accounts and then the accounts. Brings ``requests`` up to date. A fixed number of
    queries for hundreds of payers.
    """
    if not requests or not requests[0].organization.carries_credit:
        return 0
    organization = requests[0].organization
    theirs = credits_of(organization).keys() & {request.account_id for request in requests if request.account_id}
    if not theirs:
        return 0
    wanted = PaymentRequest.objects.takes_money().filter(account__in=theirs, bill__isnull=False)
    list(wanted.select_for_update(of=("self",), no_key=True).order_by("id"))
    list(BillingAccount.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=theirs).order_by("id"))
    credits = credits_of(organization)  # what was read before the lock is asked again after it
    by_account: defaultdict[int, list[PaymentRequest]] = defaultdict(list)
    for request in wanted.order_by("bill__due_on", "code"):
        assert request.account_id is not None
        by_account[request.account_id].append(request)
    items = shares.dues([request.bill_id for of_one in by_account.values() for request in of_one if request.bill_id])
    uses, parts = list[CreditUse](), list[list[shares.Spread]]()
    for account_id, of_one in sorted(by_account.items()):
        left = credits.get(account_id, 0)
        for request in of_one:
            assert request.bill_id is not None
            taken = min(left, sum(item.due_dong for item in items[request.bill_id]))
            if taken:
                uses.append(CreditUse(account_id=account_id, payment_request=request, amount_dong=taken, at=at,
                                      actor=actor))  # fmt: skip
                parts.append(shares.spread(taken, [(request.bill_id, items[request.bill_id])]))
                left -= taken
    _write_many(organization, uses, parts, actor=actor, at=at)
    paid = {use.payment_request.bill_id for use in uses}
    sums.refresh([bill_id for bill_id in paid if bill_id is not None])
    _bring_up_to_date([request for request in requests if request.bill_id in paid])
    return len(uses)


def _write_many(
    organization: Organization,
    uses: Sequence[CreditUse],
    parts: Sequence[Sequence[shares.Spread]],
    *,
    actor: User | None,
    at: datetime,
) -> None:
    CreditUse.objects.bulk_create(uses, batch_size=_BOOKED_AT_ONCE)
    ItemShare.objects.bulk_create(
        [
            ItemShare(bill_id=part.bill_id, fee_item_id=part.fee_item_id, amount_dong=part.dong, credit_use=use)
            for use, of_use in zip(uses, parts, strict=True)
            for part in of_use
        ],
        batch_size=500,
    )
    for start in range(0, len(uses), _BOOKED_AT_ONCE):
        ids = [use.pk for use in uses[start : start + _BOOKED_AT_ONCE]]
        stored = CreditUse.objects.filter(pk__in=ids).select_related("payment_request")
        written = list(stored.prefetch_related("shares").order_by("id"))
        bookings = [_booking(use, at=at) for use in written]
        entries = ledger.post_many(organization=organization, bookings=bookings, at=at, actor=actor)
        for use, entry_id in zip(written, entries, strict=True):
            use.entry_id = entry_id
        CreditUse.objects.bulk_update(written, ["entry"])


def _booking(use: CreditUse, *, at: datetime) -> Booking:
    return Booking(
        key=f"credit_used:{use.pk}", event=Event.CREDIT_USED,
        meaning={"account": use.account_id, "request": use.payment_request.code, "amount": use.amount_dong},
        moves=postings.credit_used(use), booked_on=vietnam_day(at),
    )  # fmt: skip


def _bring_up_to_date(requests: Collection[PaymentRequest]) -> None:
    stored = PaymentRequest.objects.in_bulk([request.pk for request in requests])
    for request in requests:
        for column in sums.SAVED:
            setattr(request, column, getattr(stored[request.pk], column))


@again_when_locked_out
def undo(*, credit_use_id: int, actor: User, at: datetime) -> CreditUse:
    """Take one use back: the bill is due again, the money owed again (and given back, where the biller does not carry).

    Repeating it changes nothing. Raises NotFound; GivenBackSince once part of it was given back by a correction.
    """
    found = CreditUse.objects.select_related("payment_request").filter(pk=credit_use_id).first()
    if found is None:
        raise NotFound()
    biller(found.payment_request.organization_id, deed="keep_bills", actor=actor, at=at)
    with transaction.atomic():
        request = crediting.locked_request(found.payment_request_id)
        Subject(account_id=found.account_id).lock()
        used = CreditUse.objects.select_related("entry", "account__organization").get(pk=credit_use_id)
        if not used.is_live:
            return used
        check_still_paid(list(used.shares.all()))
        assert used.entry is not None
        ledger.reverse(entry=used.entry, at=at, booked_on=vietnam_day(at), actor=actor)
        used.undone_at, used.undone_by = at, actor
        used.save(update_fields=["undone_at", "undone_by"])
        crediting.refresh_states(request=request, at=at)
        treat_excess(used.account, actor=actor, at=at)
    return used


def check_still_paid(taken: Collection[ItemShare]) -> None:
    """What was paid for an item never falls below what was given back of it since. Raises GivenBackSince."""
    if shares.given_back_since(taken):
        raise GivenBackSince()


def treat_excess(account: BillingAccount, *, actor: User | None, at: datetime) -> Refund | None:
    """After more became owed to an account's payer: nothing where the biller carries it, else the task of giving it
    back, at once. Needs an open transaction; locks the account.
    """
    if account.organization.carries_credit:
        return None
    Subject(account_id=account.pk).lock()
    owed = owing.owed_dong(organization=account.organization, account_id=account.pk)
    if not owed:
        return None
    return refunds.write(
        organization=account.organization, account_id=account.pk, amount_dong=owed, actor=actor, at=at,
        reason=str(_("trả thừa khoản thu")),
    )  # fmt: skip
