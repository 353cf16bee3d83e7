"""An organization joined to the played carrier, and orders that it can bring."""

from orders import fulfilling
from orders.models import CarrierConnection, Order
from payments import carrier_connecting
from payments.carrier_connecting import Sender
from tests.carrier_fake import KEY
from tests.payments.conftest import order_bags
from tests.people import World

FORMER = "xã Yên Hòa, huyện Yên Mô, Ninh Bình"
SENDER = Sender(
    name="HTX Yên Hòa", phone="0229 3 862 999", address="Thôn Nộn Khê", ward="xã Yên Hòa", district="huyện Yên Mô",
    province="Ninh Bình",
)  # fmt: skip


def joined(world: World) -> CarrierConnection:
    """By the treasurer, with the right key; the carrier has to be there."""
    return carrier_connecting.connect(
        organization=world.organization, key=KEY, sender=SENDER, actor=world.treasurer, at=world.now
    )


def packed(world: World, *, bags: int = 2, pay_by: str = "CASH", former: str = FORMER) -> Order:
    order = order_bags(world, bags, pay_by=pay_by)
    Order.objects.filter(pk=order.pk).update(former_name=former, hamlet="Xóm 3")
    return fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
