"""What the cooperative holds of a buyer's money for one order and owes back, and what is on its way back."""

from orders.models import Order
from payments import owing
from payments.models import Refund


def owed_back_dong(order: Order) -> int:
    """Whole đồng: its released purse, what came late or beyond the price, less what is on its way back."""
    return owing.debt_dong(organization=order.organization, order_id=order.pk)


def given_back(order: Order) -> list[Refund]:
    """Ordered out or gone already, oldest first. A refund that came back is owed again, so it is not among these."""
    seen = [Refund.State.ORDERED, Refund.State.SENT]
    return list(Refund.objects.filter(order=order, state__in=seen).order_by("id"))
