"""The address form and what carrying costs, as a browser without scripts goes through it."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog.models import Variant
from cooperatives.models import Organization
from orders.models import Order, ShippingRate
from tests import people
from tests.people import World
from tests.storefront.making import checkout_form, order_as_guest, put, text_of

pytestmark = pytest.mark.django_db
YEN_MO = "14701"


def sends(owner: Organization, *rates: tuple[str, str, int, int], commune: str = YEN_MO) -> None:
    """``rates``: way, zone, up to grams, đồng."""
    Organization.objects.filter(pk=owner.pk).update(commune_code=commune)
    for position, (way, zone, up_to_g, price_dong) in enumerate(rates):
        ShippingRate.objects.create(
            organization=owner, way=way, zone=zone, up_to_g=up_to_g, price_dong=price_dong, position=position
        )


@pytest.fixture
def far(world: World) -> World:
    """By post within the province for 22,000 đ, farther for 35,000 đ; by coach for 40,000 đ; up to 2 kg."""
    sends(
        world.organization, ("POST", "province", 2_000, 22_000), ("POST", "anywhere", 2_000, 35_000),
        ("COACH", "anywhere", 2_000, 40_000),
    )  # fmt: skip
    return world


def values(page: str) -> dict[str, str]:
    """What stands in the form's texts and hidden fields."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page[page.index('data-remember="checkout"') :]):
        fields = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if fields.get("type") in {"text", "tel", "hidden"} and fields.get("name"):
            found[fields["name"]] = fields.get("value", "")
    return found


def posted(client: Client, **typed: Any) -> Any:
    return client.post("/checkout/", checkout_form(client, **typed))


def test_a_commune_by_its_old_name_step_by_step(far: World, client: Client) -> None:
    put(client, far.variant, "2")
    typed = {"receive": "POST", "commune_typed": "yên hòa", "hamlet": "Xóm 3", "note": "gói kỹ"}
    asked = posted(client, **typed, do="find")
    page = text_of(asked)
    assert asked.status_code == 200
    assert not Order.objects.exists()
    for said in ("xã Yên Mô, tỉnh Ninh Bình", "xã Yên Hòa, huyện Yên Mô, Ninh Bình", "xã Yên Hòa, tỉnh Hà Tĩnh"):
        assert said in page
    assert 'role="alert"' not in page  # what is missing elsewhere is not said yet
    assert values(page)["hamlet"] == "Xóm 3"
    assert "gói kỹ" in page
    picked = {**typed, "commune": "14701:14722", "commune_of": "yên hòa"}
    counted = text_of(posted(client, **picked, do="count"))
    assert "Đặt hàng: 172.000\u00a0₫" in counted
    held = values(counted)
    assert (held["commune_typed"], held["commune"], held["seen_dong"]) == (
        "xã Yên Mô, tỉnh Ninh Bình", "14701:14722", "172000",
    )  # fmt: skip
    placed = posted(client, **{**picked, **held, "name": "Hoàng Văn Dũng", "phone": "0912 345 678"})
    assert placed.status_code == 303, text_of(placed)
    order = Order.objects.get()
    assert (order.shipping_dong, order.total_dong, order.delivery) == (22_000, 172_000, "POST")
    assert (order.commune_code, order.commune_name) == (YEN_MO, "xã Yên Mô, tỉnh Ninh Bình")
    assert order.former_name == "xã Yên Hòa, huyện Yên Mô, Ninh Bình"
    assert order.buyer_address == "Xóm 3, xã Yên Mô, tỉnh Ninh Bình"
    assert "22.000\u00a0₫" in text_of(client.get(f"/o/{order.token}/"))


def test_a_whole_address_in_one_box_fills_the_form(far: World, client: Client) -> None:
    put(client, far.variant, "1")
    whole = "Xóm 3, thôn Nộn Khê, gần chợ Bút, xã Yên Hòa, huyện Yên Mô, Ninh Bình"
    page = text_of(posted(client, receive="POST", commune_typed=whole, hamlet="", do="find"))
    held = values(page)
    assert (held["hamlet"], held["landmark"], held["commune"]) == (
        "Xóm 3, thôn Nộn Khê", "gần chợ Bút", "14701:14722",
    )  # fmt: skip
    assert '<option value="37" selected>' in page


def test_the_sum_that_the_button_named_is_what_is_agreed_to(far: World, client: Client) -> None:
    put(client, far.variant, "2")
    typed = {"receive": "POST", "commune_typed": "phường Ba Đình, Hà Nội", "hamlet": "Số 8"}
    answer = posted(client, **typed)  # the button said 150,000 đ: nobody had said where to
    assert answer.status_code == 409
    assert "Đặt hàng: 185.000\u00a0₫" in text_of(answer)
    assert not Order.objects.exists()
    assert posted(client, **typed, seen_dong="185000").status_code == 303
    assert Order.objects.get().shipping_dong == 35_000


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"receive": "POST"}, "commune_typed", "Hãy chọn xã"),
        ({"receive": "POST", "commune_typed": "yên hòa"}, "commune_typed", "Có mấy nơi tên như vậy"),
        ({"receive": "POST", "commune_typed": "zzz"}, "commune_typed", "Chưa thấy xã nào"),
        ({"receive": "POST", "commune_typed": "xã Yên Mô, Ninh Bình", "hamlet": "", "seen_dong": "172000"}, "hamlet",
         "thôn, xóm"),
        ({"receive": "HOME", "landmark": ""}, "landmark", "gần đâu"),
        ({"receive": "POST", "commune_typed": "xã Yên Mô, Ninh Bình", "plus_code": "xx", "seen_dong": "172000"},
         "plus_code", "Mã vị trí"),
        ({"receive": "POST", "commune_typed": "x" * 301}, "commune_typed", ""),
        ({"receive": "POST", "commune_typed": "a\x00b"}, "commune_typed", ""),
        ({"receive": "CARRIER"}, "receive", "không còn dùng"),
        ({"receive": "COACH", "commune_typed": "xã Yên Mô, Ninh Bình", "pay_by": "CASH", "seen_dong": "190000"},
         "pay_by", "không thu hộ"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    far: World, client: Client, typed: dict[str, str], field: str, said: str
) -> None:
    put(client, far.variant, "2")
    answer = posted(client, **typed)
    page = text_of(answer)
    assert answer.status_code == 422, page
    assert said in page
    assert field in {"receive", "pay_by"} or 'aria-invalid="true"' in page.split(f'name="{field}"')[1].split(">")[0]
    assert "Hoàng Văn Dũng" in page
    assert not Order.objects.exists()


def test_several_cooperatives_each_ask_their_own_and_one_that_does_not_send_is_named(
    far: World, client: Client
) -> None:
    mats = people.product(far.other_organization, far.category, slug="chieu-coi", name="Chiếu cói")
    mat = people.variant_by_piece(mats, price_dong=200_000)
    people.stock(mat, 3, owner=None)
    sends(far.other_organization, ("POST", "anywhere", 9_000, 50_000), commune="14620")
    for variant in (far.variant, mat):
        put(client, variant, "1")
    page = text_of(posted(client, receive="POST", commune_typed="xã Yên Mô, Ninh Bình", do="count"))
    assert "HTX Nông sản Yên Hòa 22.000\u00a0₫; HTX Cói Kim Sơn 50.000\u00a0₫" in page
    assert "Đặt hàng: 347.000\u00a0₫" in page
    assert "HTX Cói Kim Sơn không có cách “Gửi xe khách”" in page
    assert 'value="COACH" required disabled' in page
    answer = posted(client, receive="POST", commune_typed="xã Yên Mô, Ninh Bình", seen_dong="347000")
    assert answer["Location"] == "/orders/"
    assert sorted(Order.objects.values_list("shipping_dong", flat=True)) == [22_000, 50_000]


def test_goods_of_unknown_weight_are_not_guessed(far: World, client: Client) -> None:
    Variant.objects.filter(pk=far.variant.pk).update(weight_g=None)
    put(client, far.variant, "1")
    typed = {"receive": "POST", "commune_typed": "xã Yên Mô, Ninh Bình"}
    assert "chưa ghi nặng bao nhiêu" in text_of(posted(client, **typed, do="count"))
    assert posted(client, **typed).status_code == 422
    assert not Order.objects.exists()


def test_a_neighbour_needs_only_hamlet_and_landmark(far: World, client: Client) -> None:
    order = order_as_guest(client, far.variant, receive="HOME", landmark="cổng xanh")
    assert (order.commune_code, order.shipping_dong) == (YEN_MO, 0)
    assert order.buyer_address == "Xóm 3, thôn Nộn Khê, cổng xanh, xã Yên Mô, tỉnh Ninh Bình"


def test_a_deposit_is_told_before_and_asked_after(far: World, client: Client) -> None:
    Organization.objects.filter(pk=far.organization.pk).update(first_order_rule="deposit")
    put(client, far.variant, "2")
    assert "đặt cọc 30 % trước khi gói" in text_of(client.get("/checkout/"))
    answer = posted(client, pay_by="CASH")
    page = text_of(client.get(answer["Location"]))
    assert "Đặt cọc, cần chuyển" in page
    assert "45.000\u00a0₫" in page
    assert "105.000\u00a0₫ trả khi nhận hàng" in page
    assert "Chuyển đặt cọc 45.000" in text_of(client.get(f"/o/{Order.objects.get().token}/"))


def test_names_are_offered_to_everybody_alike(world: World, client: Client) -> None:
    answer = client.get("/places/communes/", {"q": "yen hoa yen m", "province": "37"})
    assert answer.json()["communes"][0]["name"] == "xã Yên Mô, tỉnh Ninh Bình"
    assert "public" in answer["Cache-Control"]
    for typed in ("", "\x00", "x" * 9000, "%F0%9F%8E%89"):
        assert client.get("/places/communes/", {"q": typed}).json() == {"communes": []}
    assert client.post("/places/communes/").status_code == 405
