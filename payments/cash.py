"""Cash counted by a named keeper: a numbered receipt, booked at once."""

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
from cooperatives.permissions import require
from payments import crediting, postings
from payments.models import CashReceipt, PaymentRequest


class RequestClosed(Refused):
    code = "REQUEST_CLOSED"
    sentence = _("Khoản này đã đóng (đã trả đủ, quá hạn hoặc đã hủy), không nhận thêm tiền được.")


class TooMuchCash(Refused):
    code = "TOO_MUCH_CASH"
    sentence = _("Nhiều hơn số còn phải trả (%(due)s). Hãy trả lại tiền thừa rồi ghi số thực nhận.")


@again_when_locked_out
def receive(*, code: str, amount_dong: int, actor: User, key: str, at: datetime) -> CashReceipt:
    """Take cash for one request into ``actor``'s cash box; repeat-safe by ``key``.

    ``amount_dong`` is what was counted. The whole due may be rounded to the organization's cash step
    (half up), the difference to other receipts or losses; less than that is a part payment. Raises NotFound,
    RequestClosed, TooMuchCash, BadAmount.
    """
    checked_dong(amount_dong)
    asked = PaymentRequest.objects.select_related("organization")
    found = asked.filter(code=code).first() if is_well_formed(code) else None
    if found is None:
        raise NotFound()
    require(actor, "receive_cash", organization=found.organization, on=vietnam_day(at))
    with transaction.atomic():
        result, _replayed = done_once(
            verb="cash_receive", actor=actor, key=key, meaning=[code, amount_dong], at=at,
            do=lambda: _receive(request_id=found.pk, amount_dong=amount_dong, keeper=actor, at=at),
        )  # fmt: skip
    return CashReceipt.objects.select_related("payment_request__order", "organization").get(pk=result)


def rounded_to_step(due_dong: int, *, step_dong: int) -> int:
    """Half up to the step; never to 0."""
    return max((due_dong + step_dong // 2) // step_dong * step_dong, step_dong)


def _receive(*, request_id: int, amount_dong: int, keeper: User, at: datetime) -> str:
    # Numbers run without gaps: taken under the organization's row, given back if anything fails. The row comes
    # before the request in docs/locking.md.
    organization_id = PaymentRequest.objects.values_list("organization_id", flat=True).get(pk=request_id)
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
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
    receipt.entry = ledger.post(
        organization=organization, key=f"cash:{receipt.pk}", event=Event.CASH_RECEIVED,
        meaning={"request": request.code, "amount": amount_dong, "credited": credited},
        moves=postings.cash(receipt), booked_on=vietnam_day(at), at=at, actor=keeper,
    )  # fmt: skip
    receipt.save(update_fields=["entry"])
    request.credited_dong += credited
    crediting.refresh_states(request=request)
    crediting.tell_buyer(request=request, at=at)
    return str(receipt.pk)
