"""The page where a buyer says what the goods were like: under the order's link, after the hand-over."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Order, Review
from tests.orders.making import place
from tests.people import World
from tests.storefront.making import text_of
from tests.storefront.trusting import received, said

_KEY = re.compile(r'name="key" value="([^"]+)"')


def page_of(world: World, order: Order) -> str:
    return f"/o/{order.token}/review/{world.product.slug}/"


def filled(client: Client, address: str, **typed: Any) -> dict[str, Any]:
    key = _KEY.search(text_of(client.get(address)))
    assert key
    return {"key": key[1], "stars": "4", "text": "Giòn.", "shown_name": "chị Thanh", **typed}


def test_a_buyer_says_it_once_however_often_she_taps(world: World, client: Client) -> None:
    order = received(world)
    address = page_of(world, order)
    assert f'href="{address}"' in text_of(client.get(f"/o/{order.token}/"))
    form = filled(client, address)
    for _tap in range(2):
        answer = client.post(address, form)
        assert (answer.status_code, answer["Location"]) == (303, f"/o/{order.token}/")
    review = Review.objects.get()
    assert (review.stars, review.text, review.shown_name) == (4, "Giòn.", "chị Thanh")
    assert "Sửa nhận xét" in text_of(client.get(f"/o/{order.token}/"))


def test_it_starts_from_her_given_name_alone_and_then_from_what_she_said(world: World, client: Client) -> None:
    order = received(world)
    first = text_of(client.get(page_of(world, order)))
    assert 'value="Dũng"' in first
    assert "Hoàng Văn Dũng" not in first
    said(world, order, text="Hơi mặn.", shown_name="anh D", at=timezone.now())
    again = text_of(client.get(page_of(world, order)))
    assert "Hơi mặn." in again
    assert 'value="anh D"' in again


@pytest.mark.parametrize(
    ("typed", "beside"),
    [({"stars": ""}, "Hãy chọn số sao."), ({"stars": "9"}, "Hãy chọn từ 1 đến 5 sao."),
     ({"text": "x" * 1001}, "Dài quá 1.000 chữ"), ({"shown_name": "x" * 41}, "Tên dài quá 40 chữ.")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    world: World, client: Client, typed: dict[str, str], beside: str
) -> None:
    address = page_of(world, received(world))
    answer = client.post(address, filled(client, address, **typed))
    assert answer.status_code == 422
    page = text_of(answer)
    assert beside in page
    assert ("Giòn." in page) != ("text" in typed)
    assert not Review.objects.exists()


def test_before_the_hand_over_there_is_no_form(world: World, client: Client) -> None:
    order = place((world.variant, 1))[0]
    page = text_of(client.get(page_of(world, order)))
    assert "Nhận hàng rồi mới nhận xét được" in page
    assert 'name="stars"' not in page
    assert "Nhận xét" not in text_of(client.get(f"/o/{order.token}/"))
    answer = client.post(page_of(world, order), {"key": "k", "stars": "5", "text": "", "shown_name": ""})
    assert answer.status_code == 422
    assert not Review.objects.exists()


def test_after_a_month_it_stands(world: World, client: Client) -> None:
    order = received(world)
    said(world, order, at=timezone.now() - timedelta(days=31))
    page = text_of(client.get(page_of(world, order)))
    assert "Nhận xét giữ nguyên" in page
    assert 'name="stars"' not in page
    client.post(page_of(world, order), {"key": "k", "stars": "1", "text": "", "shown_name": ""})
    assert Review.objects.get().stars == 5


def test_the_token_stays_here(world: World, client: Client) -> None:
    answer = client.get(page_of(world, received(world)))
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/o/khong-co/review/ca-chach-say-kho/", f"/o/{'x' * 43}/review/ca-chach-say-kho/"])
def test_without_the_link_there_is_nothing(world: World, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.post(address, {"key": "k", "stars": "5"}).status_code == 404


def test_of_other_goods_there_is_nothing(world: World, client: Client) -> None:
    order = received(world)
    assert client.get(f"/o/{order.token}/review/gao-nep/").status_code == 404
