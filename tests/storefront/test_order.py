"""The buyer's own page of an order, found by its token, and the list this browser remembers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from orders import fulfilling
from orders.models import Order
from payments import closing
from storefront import remembered
from storefront.following import steps_of
from tests.people import World
from tests.storefront.making import order_as_guest, request_of, text_of


def page_of(order: Order) -> str:
    return text_of(Client().get(f"/o/{order.token}/"))


def stands_at(order: Order) -> list[tuple[str, str]]:
    order.refresh_from_db()
    return [(step.what, step.state) for step in steps_of(order)]


def test_the_link_is_enough_and_is_kept_from_others(world: World, client: Client) -> None:
    order = order_as_guest(client, world.variant)
    answer = Client().get(f"/o/{order.token}/")
    page = text_of(answer)
    for said in (order.number, "Cá chạch sấy khô", "150.000\u00a0₫", "Nhà văn hóa thôn", "0912 345 678"):
        assert said in page
    assert f"/pay/{request_of(order).code}/" in page
    assert "Hàng được giữ đến" in page
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 400, "é", "..%2f.."])
def test_a_wrong_link_is_not_found(world: World, token: str) -> None:
    assert Client().get(f"/o/{token}/").status_code == 404


def test_a_transfer_goes_from_placed_to_handed_over(world: World, client: Client, comes: Callable[..., object]) -> None:
    order = order_as_guest(client, world.variant)
    assert stands_at(order) == [
        ("Đã đặt", "done"), ("Chờ nhận tiền", "current"), ("Chờ gói hàng", ""), ("Chờ giao hàng", ""),
    ]  # fmt: skip
    comes(request_of(order).code, 150_000)
    assert [state for _what, state in stands_at(order)] == ["done", "done", "current", ""]
    assert "Không phải trả thêm gì" in page_of(order)
    fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
    assert [state for _what, state in stands_at(order)] == ["done", "done", "done", "current"]
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    assert stands_at(order)[-1] == ("Đã giao", "done")


def test_cash_is_paid_last(world: World, client: Client) -> None:
    order = order_as_guest(client, world.variant, pay_by="CASH")
    assert [what for what, _state in stands_at(order)] == [
        "Đã đặt", "Chờ gói hàng", "Chờ giao hàng, trả tiền khi nhận",
    ]  # fmt: skip
    assert "/pay/" not in page_of(order)


def test_too_little_says_what_is_missing(world: World, client: Client, comes: Callable[..., object]) -> None:
    order = order_as_guest(client, world.variant)
    comes(request_of(order).code, 100_000)
    page = page_of(order)
    assert "Đã nhận 100.000\u00a0₫, còn thiếu 50.000\u00a0₫" in page
    assert "Chuyển khoản 50.000\u00a0₫" in page


def test_too_much_says_that_it_comes_back(world: World, client: Client, comes: Callable[..., object]) -> None:
    order = order_as_guest(client, world.variant)
    comes(request_of(order).code, 170_000)
    assert "thừa 20.000\u00a0₫" in page_of(order)


def test_an_expired_order_says_what_happens_with_money_that_came(
    world: World, client: Client, comes: Callable[..., object]
) -> None:
    order = order_as_guest(client, world.variant)
    comes(request_of(order).code, 100_000)
    assert order.expires_at is not None
    closing.expire_due(at=order.expires_at + timedelta(seconds=1))
    page = page_of(order)
    assert "Đơn đã quá hạn" in page
    assert "đang giữ 100.000\u00a0₫ của đơn này và phải trả lại" in page
    assert "/pay/" not in page


def test_a_cancelled_order_owes_back_all_that_came(world: World, client: Client, comes: Callable[..., object]) -> None:
    order = order_as_guest(client, world.variant)
    comes(request_of(order).code, 170_000)  # 20,000 too much
    closing.cancel(order_id=order.pk, actor=world.manager, reason="Hết cá", at=world.now)
    assert "đang giữ 170.000\u00a0₫ của đơn này và phải trả lại" in page_of(order)


def test_a_cancelled_order_gives_its_reason(world: World, client: Client) -> None:
    order = order_as_guest(client, world.variant)
    closing.cancel(order_id=order.pk, actor=world.manager, reason="Hết cá", at=world.now)
    page = page_of(order)
    assert "Đơn đã hủy" in page
    assert "Hết cá" in page
    assert "Đừng chuyển tiền nữa" in page


def test_what_a_buyer_typed_is_text(world: World, client: Client) -> None:
    order = order_as_guest(client, world.variant, name="An <b onclick=x>", note="<script>1</script>")
    page = page_of(order)
    assert "<b onclick" not in page
    assert "<script>1" not in page
    assert "An &lt;b onclick=x&gt;" in page


# -- This browser's orders ---------------------------------------------------------------------------------
def test_this_browser_finds_its_orders_again_and_another_does_not(world: World, client: Client) -> None:
    order = order_as_guest(client, world.variant)
    assert order.number in text_of(client.get("/orders/"))
    stranger = text_of(Client().get("/orders/"))
    assert order.number not in stranger
    assert "Chưa đặt đơn nào trên máy này" in stranger
    assert "Đơn của tôi" in text_of(client.get("/basket/"))


@pytest.mark.parametrize("held", [None, "x", {"a": 1}, [1, None], ["../x"], ["t" * 44]])
def test_a_damaged_memory_is_an_empty_one(held: object) -> None:
    assert remembered.tokens_in({remembered.KEY: held}) == []


def test_twenty_orders_are_remembered_the_latest_first() -> None:
    tokens = [f"{number:030d}" for number in range(20)]
    kept = remembered.with_orders(tokens, [Order(token="n" * 43)])
    assert kept == ["n" * 43, *tokens[:19]]
    assert remembered.with_orders(kept, [Order(token="n" * 43)]) == kept


@pytest.mark.parametrize("orders", [1, 3])
def test_more_orders_ask_no_more_questions(
    world: World, client: Client, orders: int, django_assert_num_queries: object
) -> None:
    for _number in range(orders):
        order_as_guest(client, world.variant, "1")
    # session, orders, lines with their goods, requests, accounts, owners at the foot
    with django_assert_num_queries(7):  # type: ignore[operator]
        client.get("/orders/")
