"""Whether an order's money is here, or still with whoever brought its parcel (docs/books.md §3, 9)."""

from django.db.models import F, Sum

from cooperatives.chart import Kind
from cooperatives.models import LedgerAccount
from orders.models import Order


def with_carrier_dong(order: Order) -> int:
    """What of this order was collected and has been neither remitted nor made good. Two queries."""
    subjects = [f"shipment:{pk}" for pk in order.shipments.values_list("pk", flat=True)]
    accounts = LedgerAccount.objects.filter(
        organization_id=order.organization_id, kind=Kind.WITH_CARRIER, subject__in=subjects
    )
    return accounts.aggregate(dong=Sum(F("debits") - F("credits")))["dong"] or 0


def refresh_payment(order: Order) -> None:
    """COVERED while a carrier has any of its money, PAID once that came or was made good. Needs the locked order.

    Called after every entry on what is with a carrier. What is not covered yet is crediting's affair.
    """
    if order.is_covered:
        order.mark_payment(Order.Payment.COVERED if with_carrier_dong(order) else Order.Payment.PAID)
