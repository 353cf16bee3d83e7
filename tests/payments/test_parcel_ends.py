"""Parcels on their way back: attempts that count, goods past their best, deposits that were taken back."""

from datetime import timedelta

import pytest

from base.periods import vietnam_day
from base.refusals import NotFound
from catalog.models import Lot
from cooperatives.models import Organization
from orders import fulfilling, parcels
from orders.models import Allocation, Shipment
from orders.returning import PastItsBest
from payments import cash, delivering
from tests.payments.conftest import order_bags, request_of
from tests.payments.parcels_world import FEE, parcel_of, sent
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def test_each_attempt_in_vain_counts_and_asks_somebody_to_look(world: World) -> None:
    parcel = sent(order_bags(world, 1, pay_by="CASH"), world)
    told = {"shipment_id": parcel.pk, "actor": None, "at": world.now + timedelta(days=2)}
    first, second = world.now + timedelta(hours=3), world.now + timedelta(hours=27)
    for _twice in range(2):  # a hook and a look tell of the same attempt
        seen = delivering.failed(why="", word="không liên lạc được", happened_at=first, **told)
    assert (seen.failed_times, seen.trouble) == (1, "giao chưa được")
    Shipment.objects.filter(pk=parcel.pk).update(trouble="")  # somebody looked
    seen = delivering.failed(why="", word="không liên lạc được", happened_at=first, **told)
    assert (seen.failed_times, seen.trouble) == (1, ""), "old news"
    seen = delivering.failed(why="", word="không liên lạc được", happened_at=second, **told)
    assert (seen.failed_times, seen.trouble, seen.state_at) == (2, "lần thứ 2: giao chưa được", second)
    by_phone = told | {"actor": world.clerk, "why": "hẹn chiều mai"}
    for _twice in range(2):
        seen = delivering.failed(key="tap", **by_phone)
    assert (seen.failed_times, seen.trouble) == (3, "lần thứ 3: hẹn chiều mai")


def test_goods_past_their_best_never_lie_on_the_shelf_again(world: World) -> None:
    parcel = sent(order_bags(world, 2, pay_by="CASH"), world)
    Lot.objects.filter(variant=world.variant).update(best_before=vietnam_day(world.now) - timedelta(days=1))
    [share] = Allocation.objects.filter(line__order=parcel.order)
    told = {"shipment_id": parcel.pk, "why": "về muộn", "at": world.now}
    for goods in (None, {share.pk: "to_lot"}):
        with pytest.raises(PastItsBest):
            delivering.back(goods=goods, actor=world.clerk, **told)
    assert Shipment.objects.get(pk=parcel.pk).is_away
    with pytest.raises(NotFound):
        delivering.back(goods={share.pk: "written_off"}, actor=world.clerk, **told)
    delivering.back(goods={share.pk: "written_off"}, actor=world.manager, **told)
    world.variant.refresh_from_db()
    assert world.variant.on_hand == 28
    [said] = parcel.events.filter(note__startswith="bỏ đi")
    assert share.lot.code in said.note, "the parcel's story tells what became of each lot"


def test_packed_goods_whose_deposit_was_taken_back_stay_here(world: World) -> None:
    columns = {"first_order_rule": "deposit", "first_order_above_dong": 0, "deposit_bp": 3000}
    Organization.objects.filter(pk=world.organization.pk).update(**columns)
    world.organization.refresh_from_db()
    order = order_bags(world, 4, pay_by="CASH")
    assert order.deposit_dong
    asked = request_of(order)
    told = {"actor": world.treasurer, "at": world.now}
    paid = cash.receive(code=asked.code, amount_dong=order.deposit_dong, key="cọc", **told)
    parcel = parcel_of(order, world)
    cash.void(receipt_id=paid.pk, reason="tiền giả", **told)
    with pytest.raises(parcels.NotSendable):
        delivering.send(shipment_id=parcel.pk, actor=world.clerk, at=world.now)
    parcels.cancel(shipment_id=parcel.pk, actor=world.clerk, at=world.now)
    with pytest.raises(parcels.NotSendable):
        parcels.draft(order_id=order.pk, way="COACH", fee_dong=FEE, actor=world.clerk, at=world.now)
    cash.receive(code=asked.code, amount_dong=order.deposit_dong, key="cọc lại", **told)
    again = parcels.draft(order_id=order.pk, way="COACH", fee_dong=FEE, actor=world.clerk, at=world.now)
    assert delivering.send(shipment_id=again.pk, actor=world.clerk, at=world.now).is_away
    assert fulfilling.allocations_of(order).exists()
