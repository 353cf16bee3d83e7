"""What the cooperative holds of a buyer's money for one order and owes back."""

from orders.models import Order
from payments import owing


def owed_back_dong(order: Order) -> int:
    """Whole đồng: its released purse, what came late or beyond the price, less what is on its way back."""
    return owing.debt_dong(organization=order.organization, order_id=order.pk)
