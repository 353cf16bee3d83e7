"""Tables of the second floor, one module a subject."""

from orders.models.allocations import Allocation, AllocationQuerySet
from orders.models.complaints import Complaint, ComplaintMessage
from orders.models.lines import OrderLine
from orders.models.orders import Order, OrderQuerySet
from orders.models.packing import StockQuestion, StockQuestionQuerySet, Weighing
from orders.models.pickup import Cycle, CyclePickup, CycleQuerySet, PickupPoint
from orders.models.returns import Netting, Return, ReturnLine, ReturnQuerySet
from orders.models.reviews import Review, ReviewQuerySet
from orders.models.shipping import (
    CarrierConnection,
    DeliveryBorne,
    Shipment,
    ShipmentEvent,
    ShipmentQuerySet,
    ShippingRate,
)

__all__ = [
    "Allocation",
    "AllocationQuerySet",
    "CarrierConnection",
    "Complaint",
    "ComplaintMessage",
    "Cycle",
    "CyclePickup",
    "CycleQuerySet",
    "DeliveryBorne",
    "Netting",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "PickupPoint",
    "Return",
    "ReturnLine",
    "ReturnQuerySet",
    "Review",
    "ReviewQuerySet",
    "Shipment",
    "ShipmentEvent",
    "ShipmentQuerySet",
    "ShippingRate",
    "StockQuestion",
    "StockQuestionQuerySet",
    "Weighing",
]
