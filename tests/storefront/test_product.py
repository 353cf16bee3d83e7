"""One product's page."""

from datetime import date

import pytest
from django.test import Client

from catalog.models import Lot, Variant
from tests.people import World
from tests.storefront.making import put, text_of

PAGE = "/p/ca-chach-say-kho/"


def test_it_says_price_lot_and_what_is_left(world: World, client: Client) -> None:
    Lot.objects.filter(variant=world.variant).update(best_before=date(2026, 6, 1))
    page = text_of(client.get(PAGE))
    for said in (
        "75.000\u00a0₫",
        "240.000\u00a0₫",
        "Còn hơn 20\u00a0gói",
        "Còn hơn 2\u00a0kg",
        "15/03/2026",
        "01/06/2026",
    ):
        assert said in page


def test_the_lot_shown_is_the_first_in_with_goods_left(world: World, client: Client) -> None:
    first, second = Lot.objects.filter(variant=world.variant).order_by("id")
    first.left = 0
    first.save()
    page = text_of(client.get(PAGE))
    assert second.code in page
    assert f">{first.code}<" not in page[: page.index("Rời</h2>")]


def test_sold_out_goods_have_no_form(world: World, client: Client) -> None:
    Variant.objects.update(on_hand=0, reserved=0)
    page = text_of(client.get(PAGE))
    assert "Mặt hàng này vừa hết" in page
    assert 'action="/basket/add/"' not in page


def test_the_page_for_everybody_says_nothing_of_the_basket(world: World, client: Client) -> None:
    put(client, world.variant, "4")
    page = text_of(client.get(PAGE))
    assert "Trong giỏ" not in page
    assert "Thêm vào giỏ" in page


def test_a_refusal_is_drawn_for_one_visitor_with_her_basket(world: World, client: Client) -> None:
    put(client, world.variant, "4")
    refused = put(client, world.variant, "400")
    assert refused.status_code == 409
    page = text_of(refused)
    assert "Trong giỏ đang có 4\u00a0gói" in page
    assert 'value="400"' in page
    assert "Đổi số lượng trong giỏ" in page


@pytest.mark.parametrize("slug", ["no-such", "a" * 200])
def test_unknown_goods_are_not_found(world: World, client: Client, slug: str) -> None:
    answer = client.get(f"/p/{slug}/")
    assert answer.status_code == 404
    assert "Không thấy trang này" in text_of(answer)


def test_a_preview_in_a_chat_has_title_and_words(world: World, client: Client) -> None:
    said = '<meta property="og:title" content="Cá chạch sấy khô, 75.000\u00a0₫ / gói 200 g">'
    assert said in text_of(client.get(PAGE))


def test_only_reading_is_possible(world: World, client: Client) -> None:
    assert client.post(PAGE).status_code == 405
