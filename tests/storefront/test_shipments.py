"""Parcels at the desk and on the buyer's page: a coach with its photo, a carrier with its price, and who sees what."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from orders import parcels
from orders.models import CarrierConnection, Order, Shipment
from payments import delivering
from tests.carrier_fake import KEY, FakeCarrier, carrier  # noqa: F401 - a fixture
from tests.payments.carrier_world import FORMER, joined, packed
from tests.payments.conftest import is_clean, request_of
from tests.people import World
from tests.storefront.desk_walk import body, key_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(world: World) -> Client:
    return signed_in(world.clerk)


def a_photo() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (640, 900), "brown").save(drawn, "JPEG")
    return SimpleUploadedFile("goi.jpg", drawn.getvalue(), content_type="image/jpeg")


def paid(world: World, comes) -> Order:  # type: ignore[no-untyped-def]
    order = packed(world, pay_by="CASH")
    comes(request_of(order).code, order.total_dong)
    order.refresh_from_db()
    return order


def test_by_coach_with_its_photo_to_the_buyers_own_word(
    world: World, comes, clerk: Client, settings: LazySettings, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    settings.VAR_DIR = tmp_path
    order = paid(world, comes)
    assert "Gửi hàng" in body(clerk.get(f"/desk/orders/{order.number}/"))
    address = f"/desk/orders/{order.number}/ship/?way=COACH"
    wrong = clerk.post(address, {"key": "k1", "then": "send", "bearer_phone": "12"})
    assert wrong.status_code == 422
    assert "biển số" in body(wrong)
    assert "không phải ảnh" in body(
        clerk.post(address, {"key": "k2", "plate": "35B-1", "bearer_phone": "0912345679",
                             "photo": SimpleUploadedFile("x.jpg", b"%PDF-1.7")})
    )  # fmt: skip
    assert not Shipment.objects.exists()
    typed = {"key": "k3", "then": "send", "plate": "35B-123.45", "bearer_phone": "0912 345 679", "photo": a_photo()}
    page = body(clerk.post(address, typed, follow=True))
    made = Shipment.objects.get()
    assert (made.state, made.plate, made.bearer_phone, made.collect_dong) == (
        "handed_over",
        "35B-123.45",
        "+84912345679",
        0,
    )
    assert "đã gửi đi" in page
    photo = f"/desk/shipments/{made.pk}/photo.jpg"
    assert photo in page
    shown = clerk.get(photo)
    assert Image.open(BytesIO(shown.content)).size == (640, 900)
    assert "no-store" in shown.headers["Cache-Control"]
    assert [Client().get(photo).status_code, signed_in(world.buyer).get(photo).status_code] == [302, 404]
    assert signed_in(world.other_treasurer).get(photo).status_code == 404
    again = {"key": "k4", "plate": "35B-123.45", "bearer_phone": "0912 345 679", "photo": a_photo()}
    assert clerk.post(f"/desk/shipments/{made.pk}/correct/", again).status_code == 303
    assert [one.name for one in (tmp_path / "parcels").iterdir()] == [Shipment.objects.get().photo], (
        "the old one is gone"
    )

    guest = Client()
    hers = body(guest.get(f"/o/{order.token}/"))
    assert "35B-123.45" in hers
    assert 'href="tel:+84912345679"' in hers
    assert "Đã nhận hàng" in hers
    assert "photo.jpg" not in hers
    thanked = body(guest.post(f"/o/{order.token}/received/", follow=True))
    assert "Cảm ơn" in thanked
    assert f"/o/{order.token}/received/" not in thanked
    order.refresh_from_db()
    assert order.state == "ACCEPTED"
    assert guest.post(f"/o/{order.token}/received/").status_code == 303  # a second tap
    assert guest.post("/o/khong-co-don-nay/received/").status_code == 404
    assert is_clean(world.organization, at=world.now)


def test_connected_priced_booked_and_seen_by_the_buyer(
    world: World, carrier: FakeCarrier, clerk: Client  # noqa: F811
) -> None:  # fmt: skip
    manager = signed_in(world.manager)
    assert clerk.get("/desk/carriers/").status_code == 404
    typed = {"key": "c", "token": "sai-khoa-roi", "name": "HTX", "phone": "02293862999", "address": "Thôn 1",
             "district": "huyện Yên Mô", "province": "Ninh Bình"}  # fmt: skip
    refused = manager.post("/desk/carriers/", typed)
    assert refused.status_code == 422
    assert "từ chối" in body(refused)
    page = body(manager.post("/desk/carriers/", typed | {"token": KEY}, follow=True))
    connection = CarrierConnection.objects.get()
    assert f"/hooks/ghtk/{connection.token}/" in page
    assert KEY not in page
    assert "30.400" in body(manager.post(f"/desk/carriers/{connection.pk}/try/", {"key": "t"}, follow=True))

    order = packed(world)
    address = f"/desk/orders/{order.number}/ship/?way=CARRIER"
    form = clerk.get(address)
    assert 'value="500"' in body(form)  # two bags of 200 g, and their box
    quoted = clerk.post(address, {"key": key_in(form), "weight_g": "500", "then": "quote"})
    assert "Hãng tính cước 30.400" in body(quoted)
    assert not carrier.parcels
    booked = clerk.post(address, {"key": key_in(quoted), "weight_g": "500", "then": "book"}, follow=True)
    made = Shipment.objects.get()
    assert made.tracking in body(booked)
    hers = body(Client().get(f"/o/{order.token}/"))
    assert made.tracking in hers
    assert "Đã nhận hàng" not in hers  # it has not even been fetched
    sent = body(clerk.post(f"/desk/shipments/{made.pk}/send/", {"key": "s"}, follow=True))
    assert "150.000" in sent
    assert "Trả 150.000" in body(Client().get(f"/o/{order.token}/"))
    short = clerk.post(f"/desk/shipments/{made.pk}/delivered/", {"key": "d1", "collected_dong": "100.000"})
    assert short.status_code == 422
    clerk.post(f"/desk/shipments/{made.pk}/delivered/", {"key": "d2", "collected_dong": "150.000"})
    made.refresh_from_db()
    assert made.state == "delivered"
    assert "Ngắt" in body(manager.get("/desk/carriers/"))
    manager.post(f"/desk/carriers/{connection.pk}/stop/", {"key": "x"})
    assert "Thử khóa và nối" in body(manager.get("/desk/carriers/"))


def test_failed_and_back_again_and_what_needs_a_person_comes_first(world: World, comes, clerk: Client) -> None:  # type: ignore[no-untyped-def]
    order = paid(world, comes)
    typed = {"key": "n", "then": "later", "bearer_name": "Chú Tư", "bearer_phone": "0912345679"}
    clerk.post(f"/desk/orders/{order.number}/ship/?way=HOME", typed)
    made = Shipment.objects.get()
    at = f"/desk/shipments/{made.pk}"
    assert "Kiện hàng" in body(clerk.get(f"/desk/orders/{order.number}/"))
    clerk.post(
        f"{at}/correct/", {"key": "c", "bearer_name": "Chú Năm", "bearer_phone": "0912345678", "fee_dong": "20.000"}
    )
    clerk.post(f"{at}/send/", {"key": "s"})
    assert clerk.post(f"{at}/failed/", {"key": "f"}).status_code == 422  # nobody said why
    clerk.post(f"{at}/failed/", {"key": "f", "reason": "Không nghe máy"})
    listed = body(clerk.get("/desk/shipments/"))
    assert "Không nghe máy" in listed
    assert "Chú Năm" in body(clerk.get(f"{at}/"))
    clerk.post(f"{at}/seen/", {"key": "v"})
    assert "Không nghe máy" not in body(clerk.get("/desk/shipments/?show=away"))
    assert clerk.post(f"{at}/lost/", {"key": "l", "what": "lost", "reason": "x"}).status_code == 404  # not hers to say
    share = made.order.lines.get().allocations.get()
    manager = signed_in(world.manager)
    back = {"key": "b", "reason": "Không nhận hàng", f"fate_{share.pk}": "to_lot", "return_fee_dong": "15.000"}
    manager.post(f"{at}/back/", back)
    made.refresh_from_db()
    order.refresh_from_db()
    assert (made.state, made.return_fee_dong, order.state) == ("returned", 15_000, "RETURNED")
    assert "Đã về lại hợp tác xã" in body(Client().get(f"/o/{order.token}/"))
    for name in ("look", "waiting", "away", "delivered", "back"):
        assert clerk.get(f"/desk/shipments/?show={name}").status_code == 200
    assert clerk.get("/desk/shipments/?show=khac").status_code == 404
    assert is_clean(world.organization, at=world.now)


def test_strangers_find_no_parcel_and_change_none(world: World, carrier: FakeCarrier) -> None:  # noqa: F811
    joined(world)
    order = packed(world, former="")
    made = parcels.draft(order_id=order.pk, way="HOME", bearer_name="A", actor=world.clerk, at=world.now)
    delivering.send(shipment_id=made.pk, actor=world.clerk, at=world.now)
    stranger = signed_in(world.other_treasurer)
    connection = CarrierConnection.objects.get()
    assert stranger.get(f"/desk/shipments/{made.pk}/").status_code == 404
    assert stranger.get(f"/desk/orders/{order.number}/ship/").status_code == 404
    for deed in (
        "send",
        "delivered",
        "failed",
        "coming-back",
        "back",
        "lost",
        "correct",
        "cancel",
        "book",
        "look",
        "seen",
        "asked",
    ):
        assert stranger.post(f"/desk/shipments/{made.pk}/{deed}/", {"key": "k", "reason": "x"}).status_code == 404
    for deed in ("change", "try", "stop"):
        assert stranger.post(f"/desk/carriers/{connection.pk}/{deed}/", {"key": "k"}).status_code == 404
    made.refresh_from_db()
    connection.refresh_from_db()
    assert (made.state, connection.is_live) == ("handed_over", True)
    second = packed(world, former="")
    form = body(signed_in(world.clerk).get(f"/desk/orders/{second.number}/ship/?way=CARRIER"))
    assert 'name="former"' in form
    answer = signed_in(world.clerk).post(
        f"/desk/orders/{second.number}/ship/?way=CARRIER", {"key": "w", "weight_g": "500", "former": "Yên Mô"}
    )
    assert answer.status_code == 422
    done = {"key": "w", "weight_g": "500", "former": FORMER}
    assert signed_in(world.clerk).post(f"/desk/orders/{second.number}/ship/?way=CARRIER", done).status_code == 303
