"""Cash on delivery of one side: parcels delivered, a list that waits, one paid through the bank and one in cash."""

from datetime import datetime

from graphql_relay import to_global_id

from catalog.models import Variant
from cooperatives.models import BankAccount, User
from orders import parcels
from orders.models import CarrierConnection, Order, Shipment
from orders.placing import Buyer, Wanted
from payments import checkout, delivering, inbox, making_good, remittance_cash, remitting, sealing, settlement
from payments.models import Remittance
from payments.providers.arrival import Arrival
from payments.remittance_reading import Row
from tests.carrier_fake import KEY


def make_carried(
    letter: str, variant: Variant, account: BankAccount, *, staff: dict[str, User], at: datetime
) -> dict[str, str]:
    """The names by which a request could ask for them."""
    free, *listed = (_parcel(f"{letter}{number}", variant, staff=staff, at=at) for number in range(4))
    waiting, paid, counted = (_list(account, one, staff=staff, at=at) for one in listed)
    arrived = Arrival(
        source_id=f"list {letter}", account=account.number, dong=paid.net_dong, direction="in", memo=paid.code,
        happened_at=at, raw=paid.code,
    )  # fmt: skip
    written = inbox.write_down(
        arrival=arrived, organization=account.organization, bank_account=account, source="sepay:live", at=at
    )
    assert written.transaction is not None
    settlement.settle(transaction_id=written.transaction.pk, at=at)
    cash = remittance_cash.receive(
        remittance_id=counted.pk, amount_dong=10_000, actor=staff["clerk"], key=f"cash {letter}", at=at
    )
    return {
        "parcel": free.tracking, **_on_the_way(letter, variant, staff=staff, at=at),
        **_not_arrived(letter, variant, free, staff=staff, at=at),
        "remittance": to_global_id("Remittance", waiting.pk),
        "remittance_payment": to_global_id("RemittancePayment", paid.payments.get().pk),
        "remittance_cash": to_global_id("RemittancePayment", cash.pk),
    }  # fmt: skip


def _on_the_way(letter: str, variant: Variant, *, staff: dict[str, User], at: datetime) -> dict[str, str]:
    """A parcel that waits, one that is away, and a carrier (tests/isolation/conftest.py) to ask about more."""
    waits, away = (_drafted(f"{letter}-{name}", variant, staff=staff, at=at) for name in ("waits", "away"))
    delivering.send(shipment_id=away.pk, actor=staff["clerk"], at=at)
    CarrierConnection.objects.create(
        organization=waits.organization, carrier="ghtk", environment="sandbox", key_sealed=sealing.seal([KEY]),
        token=f"duong-kin-{letter}", sender_name="HTX", sender_phone="+84912000008", sender_address="Thôn 1",
        sender_district="huyện Yên Mô", sender_province="Ninh Bình", created_at=at,
    )  # fmt: skip
    return {
        "shipment": to_global_id("Shipment", waits.pk), "away_shipment": to_global_id("Shipment", away.pk),
        "shipped_order": to_global_id("Order", waits.order_id),
    }  # fmt: skip


def _not_arrived(
    letter: str, variant: Variant, arrived: Shipment, *, staff: dict[str, User], at: datetime
) -> dict[str, str]:
    """A parcel that was lost, one that is back, and something given to the buyer of one that arrived."""
    lost, back = (_drafted(f"{letter}-{name}", variant, staff=staff, at=at) for name in ("lost", "back"))
    for gone in (lost, back):
        delivering.send(shipment_id=gone.pk, actor=staff["clerk"], at=at)
    told = {"actor": staff["manager"], "at": at}
    delivering.lost(shipment_id=lost.pk, why="bến xe báo mất", **told)
    delivering.back(shipment_id=back.pk, why="không nhận", **told)
    made = making_good.goodwill(
        order_id=arrived.order_id, amount_dong=1_000, reason="cá vụn", key=f"goodwill {letter}", **told
    )
    return {
        "lost_shipment": to_global_id("Shipment", lost.pk), "back_shipment": to_global_id("Shipment", back.pk),
        "made_good": to_global_id("MadeGood", made.pk),
    }  # fmt: skip


def _parcel(name: str, variant: Variant, *, staff: dict[str, User], at: datetime) -> Shipment:
    drafted = _drafted(name, variant, staff=staff, at=at)
    delivering.send(shipment_id=drafted.pk, actor=staff["clerk"], at=at)
    return delivering.delivered(shipment_id=drafted.pk, actor=staff["clerk"], at=at)


def _drafted(name: str, variant: Variant, *, staff: dict[str, User], at: datetime) -> Shipment:
    order = checkout.place(
        wanted=[Wanted(variant.pk, 1)], buyer=Buyer(f"Người mua kín {name[0]}", "0912000009", ""), delivery="PICKUP",
        pickup_point_id=None, pay_by="CASH", note="", key=f"cod {name}", placed_by=None, at=at,
    ).orders[0]  # fmt: skip
    Order.objects.filter(pk=order.pk).update(
        needs_call=False, deposit_dong=0, former_name="xã Yên Hòa, huyện Yên Mô, Ninh Bình"
    )
    return parcels.draft(order_id=order.pk, way="COACH", tracking=f"KIEN-{name.upper()}", actor=staff["clerk"], at=at)


def _list(account: BankAccount, parcel: Shipment, *, staff: dict[str, User], at: datetime) -> Remittance:
    return remitting.make(
        organization_id=account.organization_id, carrier_name=f"Nhà xe kín {parcel.tracking}",
        rows=[Row(1, parcel.tracking, parcel.collect_dong, 0)], actor=staff["treasurer"], key=parcel.tracking, at=at,
    )  # fmt: skip
