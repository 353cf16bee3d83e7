"""Back to an order by number and phone; and its goods into the basket once more."""

from django.test import Client

from catalog.models import Product, Variant
from orders.models import Order
from storefront.basket import basket_in
from tests.people import World
from tests.storefront.making import order_as_guest, text_of


def test_number_and_phone_open_the_order_and_this_browser_keeps_it(world: World, client: Client) -> None:
    order = order_as_guest(Client(), world.variant)
    answer = client.post("/orders/find/", {"number": order.number, "phone": order.buyer_phone})
    assert answer["Location"] == f"/o/{order.token}/"
    assert order.number in text_of(client.get("/orders/"))


def test_what_is_wrong_and_what_is_unknown_look_alike(world: World, client: Client) -> None:
    order = order_as_guest(Client(), world.variant)
    pages = []
    for number in (order.number, "DH-200101-AAAA"):
        answer = Client().post("/orders/find/", {"number": number, "phone": "0912345000"})
        assert answer.status_code == 422
        assert "không khớp với nhau" in text_of(answer)
        pages.append(text_of(answer).replace(number, "").split("<main")[1].split("csrfmiddlewaretoken")[0])
    assert pages[0] == pages[1]
    assert Client().post("/orders/find/", {}).status_code == 422


def test_many_wrong_tries_are_told_to_wait(world: World, client: Client) -> None:
    order = order_as_guest(Client(), world.variant)
    for _ in range(10):
        client.post("/orders/find/", {"number": order.number, "phone": "0912345000"})
    answer = client.post("/orders/find/", {"number": order.number, "phone": order.buyer_phone})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert 'name="waited"' in text_of(answer)


def test_goods_of_an_old_order_lie_in_the_basket_again(world: World, client: Client) -> None:
    order = order_as_guest(Client(), world.variant)
    [line] = order.lines.all()
    answer = client.post(f"/o/{order.token}/again/", follow=True)
    assert basket_in(client.session) == {line.variant_id: line.quantity}
    assert "Đã cho hàng của đơn cũ vào giỏ" in text_of(answer)
    client.post(f"/o/{order.token}/again/")
    assert basket_in(client.session) == {line.variant_id: line.quantity}, "twice is once"


def test_what_is_gone_or_dearer_is_said(world: World, client: Client) -> None:
    order = order_as_guest(Client(), world.variant)
    [line] = order.lines.all()
    Variant.objects.filter(pk=line.variant_id).update(price_dong=line.price_dong + 1000)
    assert "Giá nay cao hơn lần trước" in text_of(client.post(f"/o/{order.token}/again/", follow=True))
    Product.objects.update(state=Product.State.WITHDRAWN)
    fresh = Client()
    assert "Không còn bán lúc này" in text_of(fresh.post(f"/o/{order.token}/again/", follow=True))
    assert basket_in(fresh.session) == {}


def test_an_unknown_order_is_not_found(world: World, client: Client) -> None:
    assert client.post(f"/o/{'a' * 30}/again/").status_code == 404
    assert client.get(f"/o/{'a' * 30}/again/").status_code == 405
    assert Order.objects.count() == 0
