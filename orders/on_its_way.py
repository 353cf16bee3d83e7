"""What a member is owed for goods whose buyers have paid whoever brought them, and whose money is not here yet."""

from django.db.models import F, Sum

from cooperatives.models import Member
from orders.models import Allocation, Order


def waiting_dong(*, member: Member) -> int:
    """Her part, after the fee and what came back, of accepted orders that are covered and not paid. One query.

    She is owed it all the same: it is the cooperative that waits for the carrier.
    """
    hers = Allocation.objects.filter(
        lot__member=member, line__order__accepted_at__isnull=False, line__order__payment=Order.Payment.COVERED
    )
    kept = F("gross_dong") - F("fee_dong") - (F("back_gross_dong") - F("back_fee_dong"))
    return hers.aggregate(dong=Sum(kept))["dong"] or 0
