"""Tables of the second floor, one module a subject."""

from orders.models.complaints import Complaint, ComplaintMessage
from orders.models.orders import Allocation, AllocationQuerySet, Order, OrderLine, OrderQuerySet, PickupPoint
from orders.models.reviews import Review, ReviewQuerySet

__all__ = [
    "Allocation",
    "AllocationQuerySet",
    "Complaint",
    "ComplaintMessage",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "PickupPoint",
    "Review",
    "ReviewQuerySet",
]
