"""What the cooperative holds of a buyer's money for one order and owes back."""

from django.db.models import Sum

from orders.models import Order
from payments.models import KeptDebt, Release


def owed_back_dong(order: Order) -> int:
    """Whole đồng: its released purse, what came late, and what came inside its transfers beyond the price.

    Two queries, beside the order's preloaded payment requests.
    """
    released = Release.objects.filter(order=order, undone_at=None).aggregate(dong=Sum("amount_dong"))["dong"]
    late = KeptDebt.objects.filter(order=order, undone_at=None).aggregate(dong=Sum("amount_dong"))["dong"]
    return (released or 0) + (late or 0) + sum(asked.excess_dong for asked in order.payment_requests.all())
