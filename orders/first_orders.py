"""A first order on receipt: whoever has never taken goods here may be asked for a deposit, or is called before packing.

Each cooperative sets it for itself (Organization.first_order_rule). An order counts as taken once its goods were
accepted, here, under the same phone; orders elsewhere are nobody's business.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from base.money import MAX_TRANSFER_DONG
from cooperatives.models import Organization
from orders.models import Order

Rule = Organization.FirstOrder
DEPOSIT_STEP_DONG = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """``deposit_dong`` is to come, somebody is to call, before the goods are packed; neither is 0 and False."""

    deposit_dong: int = 0
    needs_call: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What became of the other orders of one phone with one cooperative. For its staff alone."""

    taken: int
    refused: int


def asked_of(seller: Organization, *, pay_by: str, total_dong: int, is_known: bool) -> Asked:
    """What ``seller`` asks before it packs. Pure.

    A deposit is ``deposit_bp`` of the total, up to whole thousands, never more than the total or than one transfer
    carries.
    """
    if pay_by != Order.PayBy.CASH or is_known or total_dong <= seller.first_order_above_dong:
        return Asked()
    if seller.first_order_rule == Rule.CALL:
        return Asked(needs_call=True)
    if seller.first_order_rule != Rule.DEPOSIT:
        return Asked()
    exact = -(-total_dong * seller.deposit_bp // 10_000)
    return Asked(deposit_dong=min(-(-exact // DEPOSIT_STEP_DONG) * DEPOSIT_STEP_DONG, total_dong, MAX_TRANSFER_DONG))


def who_know(phone: str, sellers: Iterable[Organization]) -> set[int]:
    """Ids of the ``sellers`` with a rule whose goods this phone (E.164) has taken before. One query, none without
    rules."""
    asking = [seller.pk for seller in sellers if seller.first_order_rule != Rule.NOTHING]
    if not asking:
        return set()
    taken = Order.objects.filter(organization__in=asking, buyer_phone=phone, accepted_at__isnull=False)
    return set(taken.values_list("organization_id", flat=True))


def history_of(order: Order) -> History:
    """Of the same phone, in the same cooperative, this order left out. One query."""
    others = Order.objects.filter(organization=order.organization_id, buyer_phone=order.buyer_phone)
    refused = Q(state=Order.State.RETURNED, accepted_at=None)
    counted = others.exclude(pk=order.pk).aggregate(
        taken=Count("pk", Q(accepted_at__isnull=False)), refused=Count("pk", refused)
    )
    return History(taken=counted["taken"], refused=counted["refused"])
