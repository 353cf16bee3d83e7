"""What a manager decides about delivery is what buyers read and pay; a stranger decides nothing."""

import pytest
from django.test import Client

from cooperatives.models import Organization
from orders import rating
from orders.models import Order, ShippingRate
from orders.rating import BadParcelWeight, BadWay, BadZone, Wanted
from tests.people import World
from tests.storefront.desk_walk import body, key_in, order_today, signed_in
from tests.storefront.making import text_of

pytestmark = pytest.mark.django_db
RATE = {"way": "POST", "zone": "anywhere", "up_to_g": "1,5", "price_dong": "35.000", "free_above_dong": "500.000"}


def test_a_rate_from_the_desk_to_the_page_of_policies_and_back(world: World) -> None:
    desk = signed_in(world.manager)
    form = desk.get("/desk/delivery/rates/new/")
    typed = {**RATE, "key": key_in(form)}
    for _twice in range(2):
        assert desk.post("/desk/delivery/rates/new/", typed)["Location"] == "/desk/delivery/"
    rate = ShippingRate.objects.get()
    assert (rate.way, rate.up_to_g, rate.price_dong, rate.free_above_dong) == ("POST", 1_500, 35_000, 500_000)
    assert "1,5\u00a0kg" in body(desk.get("/desk/delivery/"))
    page = text_of(Client().get("/policies/delivery/"))
    assert "35.000\u00a0₫" in page
    assert "miễn từ 500.000\u00a0₫" in page
    near = {**RATE, "way": "POST", "zone": "listed", "province_codes": ["37", "01"], "price_dong": "20000", "key": "b"}
    assert desk.post("/desk/delivery/rates/new/", {**near, "up_to_g": ""}).status_code == 303
    assert list(ShippingRate.objects.order_by("position").values_list("zone", "province_codes")) == [
        ("listed", "01,37"), ("anywhere", ""),
    ]  # fmt: skip
    changed = {**RATE, "price_dong": "38000", "key": "c"}
    assert desk.post(f"/desk/delivery/rates/{rate.pk}/", changed).status_code == 303
    assert "38.000\u00a0₫" in text_of(Client().get("/policies/delivery/"))
    assert desk.post(f"/desk/delivery/rates/{rate.pk}/", {**changed, "key": "d"}).status_code == 404
    now = ShippingRate.objects.get(price_dong=38_000)
    assert desk.post(f"/desk/delivery/rates/{now.pk}/stop/", {"key": "e"}).status_code == 303
    assert "38.000\u00a0₫" not in text_of(Client().get("/policies/delivery/"))


@pytest.mark.parametrize(
    "wrong",
    [{"way": "PICKUP"}, {"way": "MOON"}, {"zone": "x"}, {"zone": "listed"}, {"up_to_g": "0"}, {"up_to_g": "9999"},
     {"up_to_g": "nặng"}, {"price_dong": "-1"}, {"price_dong": ""}, {"free_above_dong": "x"}, {"key": ""}],
)  # fmt: skip
def test_no_rate_that_cannot_be_read(world: World, wrong: dict[str, str]) -> None:
    answer = signed_in(world.manager).post("/desk/delivery/rates/new/", {**RATE, "key": "k", **wrong})
    assert answer.status_code == 422
    assert not ShippingRate.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [(Wanted("PICKUP", "anywhere", 1), BadWay), (Wanted("POST", "moon", 1), BadZone),
     (Wanted("POST", "listed", 1, ("99",)), BadZone), (Wanted("POST", "anywhere", 1, up_to_g=0), BadParcelWeight)],
)  # fmt: skip
def test_the_verb_itself_refuses_too(world: World, wanted: Wanted, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rating.set_rate(
            organization_id=world.organization.pk, rate_id=None, wanted=wanted, actor=world.manager, key="k",
            at=world.now,
        )  # fmt: skip


def test_where_goods_leave_from_by_an_old_name(world: World) -> None:
    desk = signed_in(world.manager)
    asked = desk.post("/desk/delivery/from/", {"key": "a", "commune_typed": "Yên Hòa"})
    assert asked.status_code == 422
    assert "xã Yên Mô, tỉnh Ninh Bình" in body(asked)
    assert desk.post("/desk/delivery/from/", {"key": "b", "commune_typed": "zzz"}).status_code == 422
    typed = {"key": "c", "commune_typed": "Yên Hòa", "commune": "14701"}
    assert desk.post("/desk/delivery/from/", typed).status_code == 303
    here = Organization.objects.get(pk=world.organization.pk)
    assert (here.commune_code, here.commune_name, here.province_name) == ("14701", "Yên Mô", "Ninh Bình")


def test_terms_and_first_orders(world: World) -> None:
    desk = signed_in(world.treasurer)
    terms = {"silent_days": "4", "refused_borne_by": "shared", "lost_borne_by": "members", "heavier_asked_above": "3"}
    assert desk.post("/desk/delivery/terms/", {**terms, "key": "a"}).status_code == 303
    rule = {"first_order_rule": "deposit", "above_dong": "300.000", "deposit_percent": "25"}
    assert desk.post("/desk/delivery/first-orders/", {**rule, "key": "b"}).status_code == 303
    here = Organization.objects.get(pk=world.organization.pk)
    assert (here.silent_days, here.refused_borne_by, here.lost_borne_by, here.heavier_asked_above_bp) == (
        4, "shared", "members", 300,
    )  # fmt: skip
    assert (here.first_order_rule, here.first_order_above_dong, here.deposit_bp) == ("deposit", 300_000, 2_500)
    assert "300.000\u00a0₫" in text_of(Client().get("/policies/delivery/"))
    for wrong in ({"silent_days": "0"}, {"silent_days": "31"}, {"lost_borne_by": "x"}, {"heavier_asked_above": "101"}):
        assert desk.post("/desk/delivery/terms/", {**terms, **wrong, "key": "c"}).status_code == 422
    for wrong in ({"deposit_percent": "0"}, {"first_order_rule": "x"}, {"above_dong": "x"}):
        assert desk.post("/desk/delivery/first-orders/", {**rule, **wrong, "key": "d"}).status_code == 422


def test_calls_are_listed_made_and_noted(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(first_order_rule="call")
    order = order_today(world, pay_by="CASH")
    desk = signed_in(world.clerk)
    listed = body(desk.get("/desk/orders/?show=call"))
    assert f'href="tel:{order.buyer_phone}"' in listed
    assert "Đã gọi, người mua xác nhận" in listed
    assert "Số này chưa nhận đơn nào ở đây" in body(desk.get(f"/desk/orders/{order.number}/"))
    stranger = signed_in(world.other_treasurer)
    for door in (f"/desk/orders/{order.number}/confirm/", f"/desk/orders/{order.number}/"):
        assert stranger.post(door, {"key": "k"}).status_code in {404, 405}
    for _twice in range(2):
        desk.post(f"/desk/orders/{order.number}/confirm/", {"key": "k"})
    order.refresh_from_db()
    assert order.confirmed_by == world.clerk
    Order.objects.filter(pk=order.pk).update(state="RETURNED")
    again = order_today(world, pay_by="CASH")
    assert "nhận 0, từ chối 1" in body(desk.get(f"/desk/orders/{again.number}/"))
    assert "từ chối" not in text_of(Client().get(f"/o/{again.token}/"))


def test_clerks_and_strangers_decide_nothing(world: World) -> None:
    rate = ShippingRate.objects.create(
        organization=world.organization, way="POST", zone="anywhere", up_to_g=1, price_dong=1
    )  # fmt: skip
    doors = ["", "from/", "rates/new/", f"rates/{rate.pk}/", f"rates/{rate.pk}/stop/", "terms/", "first-orders/"]
    for who in (world.clerk, world.buyer):
        client = signed_in(who)
        assert {client.post(f"/desk/delivery/{door}", {"key": "k"}).status_code for door in doors} <= {404, 405}
    theirs = signed_in(world.other_treasurer)
    assert theirs.post(f"/desk/delivery/rates/{rate.pk}/", {**RATE, "key": "k"}).status_code == 404
    theirs.post(f"/desk/delivery/rates/{rate.pk}/stop/", {"key": "k"})
    assert ShippingRate.objects.get().is_live
