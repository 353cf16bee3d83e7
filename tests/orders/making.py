"""Orders for the tests of this floor: placed by the verb, paid by one cash entry (payments is a floor above)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from base.periods import vietnam_day
from catalog.models import Variant
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct, Move
from orders.models import Order
from orders.placing import Buyer, Wanted, place_orders
from tests.people import NOW, World

DUNG = Buyer(name="Hoàng Văn Dũng", phone="0912 000 004", address="Xóm 5, thôn Nộn Khê, xã Yên Mô")


def place(*wanted: tuple[Variant, int], **changed: Any) -> list[Order]:
    """Place ``(variant, measures)`` for Dũng, to be picked up and paid by transfer unless ``changed``."""
    asked: dict[str, Any] = {
        "wanted": [Wanted(variant_id=variant.pk, quantity=quantity) for variant, quantity in wanted],
        "buyer": DUNG, "delivery": Order.Delivery.PICKUP, "pickup_point_id": None, "pay_by": Order.PayBy.TRANSFER,
        "note": "", "placed_by": None, "at": NOW,
    }  # fmt: skip
    with transaction.atomic():
        return place_orders(**{**asked, **changed})


def pay(order: Order, *, world: World, at: datetime = NOW) -> Order:
    """The whole sum, counted in cash by the clerk and put into the order's purse."""
    till = Acct(Kind.CASH, f"keeper:{world.clerk.pk}")
    purse = Acct(Kind.PREPAID, f"order:{order.pk}")
    with transaction.atomic():
        locked = Order.objects.locked(order.pk)
        ledger.post(
            organization=locked.organization, key=f"cash:{order.pk}", event=Event.CASH_RECEIVED,
            meaning={"order": order.pk}, moves=[Move(debit=till, credit=purse, amount_dong=locked.total_dong)],
            booked_on=vietnam_day(at), at=at, actor=world.clerk,
        )  # fmt: skip
        locked.mark_payment(Order.Payment.PAID)
    return locked


def balance(kind: Kind, subject: str = "", *, world: World) -> int:
    return ledger.balance_dong(organization=world.organization, kind=kind, subject=subject)


def counts(variant: Variant) -> tuple[int, int]:
    """On hand and reserved, as they are now."""
    variant.refresh_from_db()
    return variant.on_hand, variant.reserved
