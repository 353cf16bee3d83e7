"""Cash counted by a named keeper: a numbered receipt, booked at once; and taking a receipt back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from base.codes import is_well_formed
from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import may, require
from payments import bundles, cash_boxes, crediting, deeds, postings
from payments.bills import shares
from payments.models import CashReceipt, PaymentRequest, Release
from payments.undoing import GoodsGone, MoneyReleased


class RequestClosed(Refused):
    code = "REQUEST_CLOSED"
    sentence = _("Khoản này đã đóng (đã trả đủ, quá hạn hoặc đã hủy), không nhận thêm tiền được.")


class TooMuchCash(Refused):
    code = "TOO_MUCH_CASH"
    sentence = _("Nhiều hơn số còn phải trả (%(due)s). Hãy trả lại tiền thừa rồi ghi số thực nhận.")


class NotYourReceipt(Refused):
    code = "NOT_YOUR_RECEIPT"
    sentence = _("Người thu chỉ hủy được phiếu của mình trong ngày đã thu. Phiếu khác thì thủ quỹ hủy.")


class CashGone(Refused):
    code = "CASH_GONE"
    sentence = _(
        "Két của %(keeper)s chỉ còn %(box)s, ít hơn số tiền của phiếu: tiền đã bàn giao hoặc nộp ngân hàng. "
        "Hãy nhận lại tiền vào két ấy rồi mới hủy phiếu."
    )


class ItemsGivenBack(Refused):
    code = "ITEMS_GIVEN_BACK"
    sentence = _("Một phần tiền của phiếu này đã ghi trả lại cho người nộp, nên không hủy phiếu được.")


@again_when_locked_out
def receive(*, code: str, amount_dong: int, actor: User, key: str, at: datetime) -> CashReceipt:
    """Take cash for one request (of an order, a bill, a bundle of bills) into ``actor``'s box; repeat-safe by ``key``.

    ``amount_dong`` is what was counted. The whole due may be rounded to the organization's cash step
    (half up), the difference to other receipts or losses; less than that is a part payment. Raises NotFound,
    RequestClosed, TooMuchCash, BadAmount.
    """
    checked_dong(amount_dong)
    asked = PaymentRequest.objects.select_related("organization")
    found = asked.filter(code=code).first() if is_well_formed(code) else None
    if found is None or (found.order_id is None and not found.organization.bills):
        raise NotFound()
    require(actor, "receive_cash", organization=found.organization, on=vietnam_day(at))
    with transaction.atomic():
        result, _replayed = done_once(
            verb="cash_receive", actor=actor, key=key, meaning=[code, amount_dong], at=at,
            do=lambda: _receive(
                Organization.objects.held(found.organization_id), request_id=found.pk, amount_dong=amount_dong,
                keeper=actor, at=at,
            ),
        )  # fmt: skip
    return _shown(result)


@again_when_locked_out
def receive_bills(
    *, organization_id: int, codes: Sequence[str], amount_dong: int, actor: User, key: str, at: datetime
) -> CashReceipt:
    """One receipt for the open ones of several bills, oldest due day first; otherwise as ``receive``.

    ``codes`` are those of the bills of one biller. Raises as ``receive`` and ``bundles.make``.
    """
    checked_dong(amount_dong)
    organization = Organization.objects.filter(pk=organization_id, bills=True).first()
    if organization is None:
        raise NotFound()
    require(actor, "receive_cash", organization=organization, on=vietnam_day(at))

    def do() -> str:
        locked = Organization.objects.held(organization_id)
        # Before they are put together: whether another biller's code exists is not told.
        named = {code for code in codes if is_well_formed(code)}
        if PaymentRequest.objects.filter(code__in=named).exclude(organization_id=organization_id).exists():
            raise NotFound()
        request = bundles.make(codes=codes, at=at)
        return _receive(locked, request_id=request.pk, amount_dong=amount_dong, keeper=actor, at=at)

    with transaction.atomic():
        result, _replayed = done_once(
            verb="cash_receive_bills", actor=actor, key=key, meaning=[organization_id, sorted(set(codes)), amount_dong],
            at=at, do=do,
        )  # fmt: skip
    return _shown(result)


@again_when_locked_out
def void(*, receipt_id: int, reason: str, actor: User, at: datetime) -> CashReceipt:
    """Take a receipt back by a reversing entry: its payer owes again, its number stays used. Repeating changes nothing.

    The treasurer may void any, a keeper her own on the Vietnamese day that she took it. The keeper's box must still
    hold as much as the receipt says: what was handed over or banked since cannot leave it a second time, while a
    count takes nothing out. Raises NotFound, ReasonMissing, NotYourReceipt, CashGone; for an order GoodsGone once it
    was handed over or has ended, and MoneyReleased where its purse was emptied since; for bills ItemsGivenBack where
    less would be left of an item than was given back of it.
    """
    found = CashReceipt.objects.select_related("organization").filter(pk=receipt_id).first()
    if found is None:
        raise NotFound()
    _check_who(found, actor=actor, at=at)
    why = deeds.checked_reason(reason)
    with transaction.atomic():
        organization = Organization.objects.held(found.organization_id)
        request = crediting.locked_request(found.payment_request_id)
        receipt = CashReceipt.objects.select_related("entry", "keeper").get(pk=receipt_id)
        if receipt.is_live:
            _check_takes_back(receipt, request)
            box_dong = cash_boxes.locked_box_dong(organization, receipt.keeper)
            if box_dong < receipt.amount_dong:
                raise CashGone(keeper=receipt.keeper.name, box=figures(box_dong))
            _take_back(receipt, request, why=why, actor=actor, at=at)
    return _shown(receipt.pk)


def may_void(receipt: CashReceipt, *, actor: User, at: datetime) -> bool:
    """Whether ``actor`` is one of those who may; what else may hinder it, ``void`` says. Needs ``organization``."""
    try:
        _check_who(receipt, actor=actor, at=at)
    except Refused:
        return False
    return True


def rounded_to_step(due_dong: int, *, step_dong: int) -> int:
    """Half up to the step; never to 0."""
    return max((due_dong + step_dong // 2) // step_dong * step_dong, step_dong)


def _receive(organization: Organization, *, request_id: int, amount_dong: int, keeper: User, at: datetime) -> str:
    request = crediting.locked_request(request_id)
    if not request.takes_money or request.due_dong == 0:
        raise RequestClosed(field="code")
    due = request.due_dong
    rounded = rounded_to_step(due, step_dong=organization.cash_step_dong)
    if amount_dong not in (due, rounded) and amount_dong > due:
        raise TooMuchCash(field="amount_dong", due=figures(rounded))
    credited = due if amount_dong in (due, rounded) else amount_dong
    last = CashReceipt.objects.filter(organization=organization).aggregate(last=Max("number"))["last"] or 0
    receipt = CashReceipt.objects.create(
        organization=organization, number=last + 1, payment_request=request, keeper=keeper, amount_dong=amount_dong,
        credited_dong=credited, at=at, actor=keeper,
    )  # fmt: skip
    crediting.write_shares(crediting.spread(request, credited), cash_receipt=receipt)
    receipt.entry = ledger.post(
        organization=organization, key=f"cash:{receipt.pk}", event=Event.CASH_RECEIVED,
        meaning={"request": request.code, "amount": amount_dong, "credited": credited},
        moves=postings.cash(receipt), booked_on=vietnam_day(at), at=at, actor=keeper,
    )  # fmt: skip
    receipt.save(update_fields=["entry"])
    request.credited_dong += credited
    crediting.refresh_states(request=request, at=at)
    crediting.tell_buyer(request=request, at=at)
    return str(receipt.pk)


def _check_who(receipt: CashReceipt, *, actor: User, at: datetime) -> None:
    today = vietnam_day(at)
    if may(actor, "settle_money", organization=receipt.organization, on=today):
        return
    require(actor, "receive_cash", organization=receipt.organization, on=today)
    if receipt.keeper_id != actor.pk or vietnam_day(receipt.at) != today:
        raise NotYourReceipt()


def _check_takes_back(receipt: CashReceipt, request: PaymentRequest) -> None:
    """What the receipt paid for is still there to be owed again."""
    order = request.order
    if order is not None:
        if not crediting.may_be_owed_again(request, receipt.credited_dong):
            raise GoodsGone()
        if Release.objects.filter(order=order, entry_id__gt=receipt.entry_id, undone_at=None).exists():
            raise MoneyReleased()
        if receipt.credited_dong > request.credited_dong:  # a card's holder took it back out of the purse
            raise MoneyReleased()
        return
    if shares.given_back_since(receipt.shares.all()):
        raise ItemsGivenBack()


def _take_back(receipt: CashReceipt, request: PaymentRequest, *, why: str, actor: User, at: datetime) -> None:
    assert receipt.entry is not None
    ledger.reverse(entry=receipt.entry, at=at, booked_on=vietnam_day(at), actor=actor)
    receipt.undone_at, receipt.undone_by, receipt.void_reason = at, actor, why
    receipt.save(update_fields=["undone_at", "undone_by", "void_reason"])
    request.credited_dong -= receipt.credited_dong
    crediting.refresh_states(request=request, at=at)
    crediting.give_time(request=request, at=at)


def _shown(receipt_id: int | str) -> CashReceipt:
    return CashReceipt.objects.select_related("payment_request__order", "organization").get(pk=receipt_id)
