"""What a biller decides for itself: what it bills for, what becomes of overpayments, how cash is rounded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from base.retrying import again_when_locked_out
from cooperatives.models import Organization, User
from payments.bills.billers import biller

MOST_STEP_DONG = 100_000


class BadChoice(Refused):
    code = "BAD_CHOICE"
    sentence = _("Hãy chọn một mục trong danh sách.")


class BadCashStep(Refused):
    code = "BAD_CASH_STEP"
    sentence = _("Bước làm tròn từ 1 đến 100.000 đồng.")


@again_when_locked_out
def decide(
    *, organization_id: int, bills_for: str, carries_credit: bool, cash_step_dong: int, actor: User, at: datetime
) -> Organization:
    """It counts from now on; what was carried or given back before stays so. Repeating it changes nothing.

    Raises NotFound, BadChoice, BadCashStep.
    """
    biller(organization_id, deed="keep_bills", actor=actor, at=at)
    if bills_for not in Organization.BillsFor:
        raise BadChoice(field="bills_for")
    if type(cash_step_dong) is not int or not 1 <= cash_step_dong <= MOST_STEP_DONG:
        raise BadCashStep(field="cash_step_dong")
    with transaction.atomic():
        locked = Organization.objects.held(organization_id)
        locked.bills_for, locked.carries_credit, locked.cash_step_dong = bills_for, carries_credit, cash_step_dong
        locked.save(update_fields=["bills_for", "carries_credit", "cash_step_dong"])
        return locked
