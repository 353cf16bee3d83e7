"""Booking at a carrier: one parcel whatever is lost on the way, and none where it was given up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from base.refusals import NotFound
from orders import former_places, parcels
from orders.models import CarrierConnection, Order, Shipment
from payments import (
    calling,
    carrier_calls,
    carrier_connecting,
    closing,
    delivering,
    parcel_booking,
    parcel_news,
    paying_on_receipt,
    undoing,
)
from payments.carriers.contract import CarrierSaidNo, ServesNot
from payments.models import BankTransaction
from tests.carrier_fake import FakeCarrier, carrier  # noqa: F401 - a fixture
from tests.payments.carrier_world import FORMER, SENDER, joined, packed
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


@pytest.fixture
def connection(world: World, carrier: FakeCarrier) -> CarrierConnection:  # noqa: F811
    return joined(world)


def book(world: World, order: Order, **more: Any) -> Shipment:
    given: dict[str, Any] = {"weight_g": 600, "actor": world.clerk, "key": f"book-{order.pk}", "at": world.now} | more
    return parcel_booking.book(order_id=order.pk, **given)


def test_a_key_is_tried_before_it_is_kept_and_kept_unreadable(world: World, carrier: FakeCarrier) -> None:  # noqa: F811
    connect = {"organization": world.organization, "sender": SENDER, "actor": world.treasurer, "at": world.now}
    with pytest.raises(calling.ProviderRefused):
        carrier_connecting.connect(key="khoa-cua-ai-do", **connect)
    with pytest.raises(NotFound):
        carrier_connecting.connect(key="khoa-cua-ai-do", **connect | {"actor": world.clerk})
    assert not CarrierConnection.objects.exists()
    made = joined(world)
    assert "khoa-thu" not in made.key_sealed
    assert made.sender_phone == "+842293862999"
    with pytest.raises(carrier_connecting.CarrierThereAlready):
        joined(world)
    carrier_connecting.disconnect(connection_id=made.pk, actor=world.treasurer, at=world.now)
    made.refresh_from_db()
    assert (made.is_live, made.key_sealed) == (False, "")
    with pytest.raises(parcel_booking.NoCarrier):
        book(world, packed(world))


def test_a_booked_parcel_has_its_number_its_fee_and_what_is_to_be_collected(
    world: World, connection: CarrierConnection, carrier: FakeCarrier  # noqa: F811
) -> None:  # fmt: skip
    order = packed(world)
    assert parcel_booking.quote(order_id=order.pk, weight_g=600, actor=world.clerk, at=world.now).fee_dong == 30_400
    made = [book(world, order), book(world, order)]  # two taps
    held = carrier.parcels[f"{order.number}-1"]
    assert {one.pk for one in made} == {Shipment.objects.get().pk}
    assert (made[1].state, made[1].tracking, made[1].fee_dong) == ("booked", held.label, 30_400)
    wanted = held.wanted["order"]
    assert (wanted["pick_money"], wanted["district"], wanted["tel"]) == (150_000, "huyện Yên Mô", "0912345678")
    assert carrier.calls.count("POST /services/shipment/order") == 1
    with pytest.raises(parcels.BookedAtCarrier):
        closing.cancel(order_id=order.pk, actor=world.treasurer, reason="thôi", at=world.now)


def test_an_answer_that_was_lost_makes_no_second_parcel(
    world: World, connection: CarrierConnection, carrier: FakeCarrier  # noqa: F811
) -> None:  # fmt: skip
    order = packed(world)
    carrier.deaf = True
    lost = book(world, order)
    assert (lost.state, lost.tracking) == ("draft", "")
    assert "Không gọi được" in lost.trouble
    carrier.deaf = False
    later = world.now + parcel_booking.ASK_AGAIN_AFTER
    assert parcel_news.check_due(at=world.now) == 0  # whoever made the call may still be at work
    assert parcel_news.check_due(at=later) == 1
    lost.refresh_from_db()
    assert len(carrier.parcels) == 1
    assert (lost.state, lost.tracking, lost.trouble) == ("booked", carrier.parcels[f"{order.number}-1"].label, "")
    assert (
        parcel_news.check_due(at=later) == 1
    )  # what it had before is looked at at once: the same sum, the same weight
    lost.refresh_from_db()
    assert (lost.state, lost.trouble, lost.fee_dong) == ("booked", "", 30_400)


def test_a_carrier_that_says_no_leaves_a_draft_for_a_person(
    world: World, connection: CarrierConnection, carrier: FakeCarrier  # noqa: F811
) -> None:  # fmt: skip
    carrier.unserved = "Ninh Bình"
    with pytest.raises(ServesNot):
        parcel_booking.quote(order_id=packed(world).pk, weight_g=600, actor=world.clerk, at=world.now)
    carrier.refuses = "Vui lòng nhập tên quận/huyện của người nhận hàng hóa."
    draft = book(world, packed(world))
    assert (draft.state, draft.next_check_at) == ("draft", None)
    assert "quận/huyện" in draft.trouble
    carrier.refuses = ""
    again = parcel_booking.book_again(shipment_id=draft.pk, actor=world.clerk, at=world.now)
    assert (again.state, again.trouble) == ("booked", "")


@pytest.mark.parametrize("spoilt", ["down", "broken"])
def test_nothing_is_believed_of_a_carrier_that_is_down_or_broken(
    world: World, connection: CarrierConnection, carrier: FakeCarrier, spoilt: str  # noqa: F811
) -> None:  # fmt: skip
    setattr(carrier, spoilt, True)
    draft = book(world, packed(world))
    assert (draft.state, draft.next_check_at) == ("draft", world.now + parcel_booking.ASK_AGAIN_AFTER)
    setattr(carrier, spoilt, False)
    parcel_news.check_due(at=world.now + timedelta(hours=1))
    draft.refresh_from_db()
    assert (draft.state, len(carrier.parcels)) == ("booked", 1)


def test_given_up_while_it_was_being_booked_it_is_called_off_there_too(
    world: World, connection: CarrierConnection, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    order = packed(world)
    real = carrier_calls.create

    def slowly(**what: Any) -> Any:
        made = real(**what)
        parcels.cancel(shipment_id=Shipment.objects.get().pk, actor=world.clerk, at=world.now)
        return made

    monkeypatch.setattr(carrier_calls, "create", slowly)
    assert book(world, order).state == "cancelled"
    assert carrier.parcels[f"{order.number}-1"].status == -1

    # The same, where our process died with the carrier's answer: the worker calls it off.
    monkeypatch.setattr(carrier_calls, "create", real)
    carrier.deaf = True
    second = book(world, order, key="again")
    carrier.deaf = False
    parcels.cancel(shipment_id=second.pk, actor=world.clerk, at=world.now)
    assert parcel_news.check_due(at=world.now) == 1
    assert carrier.parcels[f"{order.number}-2"].status == -1
    assert parcel_news.check_due(at=world.now) == 0


def test_called_off_before_it_is_fetched_and_not_after(
    world: World, connection: CarrierConnection, carrier: FakeCarrier  # noqa: F811
) -> None:  # fmt: skip
    order = packed(world)
    booked = book(world, order)
    off = {"shipment_id": booked.pk, "actor": world.clerk, "at": world.now}
    carrier.down = True
    with pytest.raises(calling.ProviderSilent):
        parcel_booking.call_off(**off)
    carrier.down = False
    held = carrier.says(f"{order.number}-1", 3, at=world.now)
    with pytest.raises(CarrierSaidNo):
        parcel_booking.call_off(**off)
    assert Shipment.objects.get().state == "booked"  # nothing changes by itself: the carrier has it
    held.status = 2
    assert parcel_booking.call_off(**off).state == parcel_booking.call_off(**off).state == "cancelled"
    assert (held.status, book(world, order, key="anew").number) == (-1, 2)
    with pytest.raises(NotFound):
        parcel_booking.call_off(**off | {"actor": world.other_treasurer})


def test_which_old_commune_is_asked_where_nobody_has_said(world: World, connection: CarrierConnection) -> None:
    order = packed(world, former="")
    for wrong in ("", "Yên Mô", "a,,c", "a,b,c,d"):
        with pytest.raises(former_places.FormerPlaceMissing):
            book(world, order, former=wrong)
    assert not Shipment.objects.exists()
    assert book(world, order, former=f" {FORMER} ").state == "booked"
    order.refresh_from_db()
    assert order.former_name == FORMER
    with pytest.raises(parcel_booking.WeightMissing):
        book(world, packed(world), weight_g=0)


def test_the_worker_follows_it_to_the_buyer_with_every_dong(
    world: World, connection: CarrierConnection, carrier: FakeCarrier  # noqa: F811
) -> None:  # fmt: skip
    order = packed(world)
    booked = book(world, order)
    at = world.now
    seen = []
    for status in (12, 3, 4, 45, 5, 6):
        at += timedelta(hours=13)
        carrier.says(f"{order.number}-1", status, at=at)
        assert parcel_news.check_due(at=at) == (status != 6)
        booked.refresh_from_db()
        seen.append(booked.state)
    assert seen == ["booked", "moving", "out", "out", "delivered", "delivered"]
    order.refresh_from_db()
    assert (order.state, order.payment, booked.trouble) == ("ACCEPTED", "COVERED", "")
    assert booked.collections.get().amount_dong == 150_000
    told = [event.word for event in booked.events.all() if event.word]
    assert told[0].startswith("12")
    assert told[-1] == "5 Đã giao hàng"


@pytest.mark.parametrize(("status", "sum_dong"), [(99, 150_000), (5, 140_000), (13, 150_000)])
def test_a_strange_word_or_another_sum_waits_for_a_person(
    world: World, connection: CarrierConnection, carrier: FakeCarrier, status: int, sum_dong: int  # noqa: F811
) -> None:  # fmt: skip
    order = packed(world)
    booked = book(world, order)
    delivering.send(shipment_id=booked.pk, actor=world.clerk, at=world.now)
    later = world.now + timedelta(days=1)
    carrier.says(f"{order.number}-1", status, at=later, pick_money=sum_dong)
    parcel_news.refresh(shipment_id=booked.pk, at=later)
    booked.refresh_from_db()
    assert (booked.state, booked.collections.count()) == ("handed_over", 0)
    assert booked.trouble
    seen = parcel_news.looked_at(shipment_id=booked.pk, actor=world.clerk, at=later)
    assert seen.trouble == ""
    if status != 5:  # the same word again is no news
        parcel_news.refresh(shipment_id=booked.pk, at=later)
        booked.refresh_from_db()
        assert booked.trouble == ""


def test_old_news_moves_nothing_and_what_contradicts_people_is_shown(
    world: World, connection: CarrierConnection, carrier: FakeCarrier  # noqa: F811
) -> None:  # fmt: skip
    order = packed(world)
    booked = book(world, order)
    name, later = f"{order.number}-1", world.now + timedelta(days=2)
    delivering.send(shipment_id=booked.pk, actor=world.clerk, at=world.now)
    delivering.delivered(shipment_id=booked.pk, actor=world.clerk, at=later)
    carrier.says(name, 4, at=world.now + timedelta(days=1))
    assert parcel_news.look(shipment_id=booked.pk, actor=world.clerk, at=later).trouble == ""
    carrier.says(name, 20, at=later + timedelta(hours=1))
    contradicted = parcel_news.look(shipment_id=booked.pk, actor=world.clerk, at=later)
    assert contradicted.state == "delivered"
    assert "Đang trả hàng" in contradicted.trouble


def test_what_a_carrier_is_to_fetch_outlives_its_order_until_somebody_calls_it_off(
    world: World, connection: CarrierConnection, carrier: FakeCarrier, comes: Callable[..., BankTransaction]  # noqa: F811
) -> None:  # fmt: skip
    """Its money was another's: the order expires. The treasurer looks, and nothing is lost from sight."""
    order = order_bags(world)
    line = comes(request_of(order).code, 150_000)
    Order.objects.filter(pk=order.pk).update(former_name=FORMER, hamlet="Xóm 3")
    shipment = book(world, order)
    undoing.undo(settlement_id=line.settlements.get().pk, actor=world.treasurer, at=world.now)
    assert closing.expire_due(at=world.now + timedelta(days=9)) == 1
    shipment.refresh_from_db()
    assert (shipment.state, bool(shipment.trouble)) == ("booked", True)
    parcel_news.looked_at(shipment_id=shipment.pk, actor=world.clerk, at=world.now)
    assert is_clean(world.organization, at=world.now)
    assert parcel_booking.call_off(shipment_id=shipment.pk, actor=world.clerk, at=world.now).state == "cancelled"


def test_who_pays_on_receipt_is_not_changed_once_a_carrier_is_to_collect(
    world: World, connection: CarrierConnection, carrier: FakeCarrier  # noqa: F811
) -> None:  # fmt: skip
    order = order_bags(world, pay_by="CASH")
    Order.objects.filter(pk=order.pk).update(former_name=FORMER, hamlet="Xóm 3")
    book(world, order)
    with pytest.raises(paying_on_receipt.TooLateToChange):
        paying_on_receipt.choose(token=order.token, pay_by="TRANSFER", actor=None, key="đổi", at=world.now)
