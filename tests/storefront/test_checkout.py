"""From basket to order through the form: once, whole, and repeat-safe."""

import pytest
from django.test import Client

from catalog.models import Product, Variant
from orders.models import Order, PickupPoint
from payments.models import PaymentRequest
from storefront.basket import KEY
from tests import people
from tests.people import World
from tests.storefront.making import checkout_form, order_as_guest, put, request_of, text_of


def goods_of_another(world: World) -> Variant:
    mats = people.product(world.other_organization, world.category, slug="chieu-coi", name="Chiếu cói")
    mat = people.variant_by_piece(mats, price_dong=200_000)
    people.stock(mat, 3, owner=None)
    return mat


def test_the_form_says_what_it_costs_how_long_goods_are_held_and_what_the_button_does(
    world: World, client: Client
) -> None:
    put(client, world.variant, "2")
    page = text_of(client.get("/checkout/"))
    assert "Đặt hàng: 150.000\u00a0₫" in page
    for said in ("một trăm năm mươi nghìn đồng", "72 giờ", "Nhà văn hóa thôn", "được xem hàng"):
        assert said in page


def test_a_transfer_order_leads_to_its_payment_page(world: World, client: Client) -> None:
    put(client, world.variant, "2")
    answer = client.post("/checkout/", checkout_form(client))
    order = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/pay/{request_of(order).code}/")
    assert (order.buyer_phone, order.total_dong, order.delivery) == ("+84912345678", 150_000, "PICKUP")
    assert order.pickup_point == world.pickup_point
    assert client.session[KEY] == {}


def test_a_cash_order_leads_to_the_order_itself(world: World, client: Client) -> None:
    order = order_as_guest(client, world.variant, pay_by="CASH")
    page = text_of(client.get(f"/o/{order.token}/"))
    assert "Trả 150.000\u00a0₫ khi nhận hàng" in page
    assert order.expires_at is None


def test_goods_brought_home_need_an_address(world: World, client: Client) -> None:
    put(client, world.variant, "1")
    answer = client.post("/checkout/", checkout_form(client, receive="HOME", hamlet=" "))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text_of(answer).split('name="hamlet"')[1].split(">")[0]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("name", "1234"), ("name", "x" * 500), ("phone", ""), ("phone", "09x"), ("phone", "1" * 50),
     ("receive", ""), ("receive", "PICKUP:999999"), ("receive", "MOON"), ("pay_by", ""), ("pay_by", "CARD"),
     ("note", "x" * 600), ("key", ""), ("key", "k" * 101), ("seen_dong", "x")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World, client: Client, field: str, typed: str) -> None:
    put(client, world.variant, "2")
    answer = client.post("/checkout/", checkout_form(client, **{field: typed}))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Chưa đặt được" in page
    assert field == "name" or "Hoàng Văn Dũng" in page
    assert not Order.objects.exists()
    world.variant.refresh_from_db()
    assert world.variant.reserved == 0
    assert client.session[KEY] == {str(world.variant.pk): 2}


def test_the_same_form_sent_twice_is_one_order(world: World, client: Client) -> None:
    put(client, world.variant, "2")
    form = checkout_form(client)
    first, second = client.post("/checkout/", form), client.post("/checkout/", form)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1
    world.variant.refresh_from_db()
    assert world.variant.reserved == 2


def test_the_key_of_a_finished_order_with_other_input_is_refused_once(world: World, client: Client) -> None:
    put(client, world.variant, "2")
    form = checkout_form(client)
    client.post("/checkout/", form)
    other = client.post("/checkout/", {**form, "note": "giao sớm"})
    assert other.status_code == 409
    assert Order.objects.count() == 1
    page = text_of(other)
    assert "giao sớm" in page
    assert form["key"] not in page  # the next press is a new order


def test_sold_out_meanwhile_changes_nothing_and_says_what_is_left(world: World, client: Client) -> None:
    put(client, world.variant, "20")
    form = checkout_form(client)
    Variant.objects.filter(pk=world.variant.pk).update(reserved=25)
    answer = client.post("/checkout/", form)
    assert answer.status_code == 409
    assert "Chỉ còn 5\u00a0gói" in text_of(answer)
    assert not Order.objects.exists()


def test_a_price_that_rose_is_agreed_to_before_it_is_ordered(world: World, client: Client) -> None:
    put(client, world.variant, "2")
    form = checkout_form(client)
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=80_000)
    answer = client.post("/checkout/", form)
    assert answer.status_code == 409
    assert "Giá hoặc tiền gửi vừa đổi" in text_of(answer)
    assert "Đặt hàng: 160.000\u00a0₫" in text_of(answer)
    assert 'name="seen_dong" value="160000"' in text_of(answer)
    assert not Order.objects.exists()
    assert client.post("/checkout/", {**form, "seen_dong": "160000"}).status_code == 303


def test_withdrawn_meanwhile_is_refused(world: World, client: Client) -> None:
    put(client, world.variant, "2")
    form = checkout_form(client)
    Product.objects.update(state=Product.State.WITHDRAWN)
    answer = client.post("/checkout/", form)
    assert answer.status_code == 422
    assert "không còn bán" in text_of(answer)
    assert not Order.objects.exists()


@pytest.mark.parametrize("lines", ["", "x", "1:0", "99999999:1", ",".join(f"{n}:1" for n in range(1, 200))])
def test_lines_that_no_page_of_ours_wrote_place_nothing(world: World, client: Client, lines: str) -> None:
    put(client, world.variant, "1")
    assert client.post("/checkout/", checkout_form(client, lines=lines)).status_code in {303, 409, 422}
    assert not Order.objects.exists()


def test_ten_million_million_is_refused(world: World, client: Client) -> None:
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=10**13, on_hand=10**9)
    assert put(client, world.variant, "2").status_code == 303
    answer = client.post("/checkout/", checkout_form(client))
    assert answer.status_code == 422
    assert "499.999.999\u00a0₫" in text_of(answer)
    assert not Order.objects.exists()


def test_an_empty_basket_has_no_checkout(world: World, client: Client) -> None:
    answer = client.get("/checkout/")
    assert (answer.status_code, answer["Location"]) == (303, "/basket/")


def test_goods_of_two_cooperatives_become_two_payments_on_one_page(world: World, client: Client) -> None:
    mat = goods_of_another(world)
    put(client, world.variant, "1")
    put(client, mat, "1")
    answer = client.post("/checkout/", checkout_form(client))
    assert answer["Location"] == "/orders/"
    page = text_of(client.get("/orders/"))
    for request in PaymentRequest.objects.all():
        assert f"/pay/{request.code}/" in page
    assert "Còn phải chuyển 275.000\u00a0₫, mỗi đơn một lần chuyển." in page


def test_a_point_that_closed_is_not_offered_again(world: World, client: Client) -> None:
    put(client, world.variant, "1")
    form = checkout_form(client)
    PickupPoint.objects.update(is_open=False)
    answer = client.post("/checkout/", form)
    assert answer.status_code == 422
    assert "không còn dùng" in text_of(answer)


def test_what_was_added_meanwhile_stays_in_the_basket(world: World, client: Client) -> None:
    put(client, world.variant, "1")
    form = checkout_form(client)
    put(client, world.variant_by_weight, "1,5")
    client.post("/checkout/", form)
    assert client.session[KEY] == {str(world.variant_by_weight.pk): 1500}


def test_whoever_is_signed_in_finds_her_name_and_owns_the_order(world: World, client: Client) -> None:
    client.force_login(world.buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    put(client, world.variant, "1")
    assert 'value="Hoàng Văn Dũng"' in text_of(client.get("/checkout/"))
    client.post("/checkout/", checkout_form(client))
    assert Order.objects.get().placed_by == world.buyer


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/checkout/", {"name": "Dũng"}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 403
    assert "Chưa có gì thay đổi" in text_of(answer)
