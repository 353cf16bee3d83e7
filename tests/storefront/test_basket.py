"""The basket: pure rules first, then its page."""

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from base.refusals import Refused
from catalog.models import Product, Variant
from orders.placing import TooManyLines, UnknownGoods
from storefront.basket import KEY, as_text, basket_in, for_session, from_text, with_line
from tests import people
from tests.people import World
from tests.storefront.making import put, text_of


# -- Rules -----------------------------------------------------------------------------------------------
def test_a_line_is_set_not_added_so_that_a_second_tap_changes_nothing() -> None:
    once = with_line({}, 7, 2)
    assert with_line(once, 7, 2) == once == {7: 2}
    assert with_line(once, 7, 0) == {}


def test_fifty_lines_are_enough() -> None:
    full = dict.fromkeys(range(1, 51), 1)
    assert with_line(full, 50, 3)[50] == 3
    with pytest.raises(TooManyLines):
        with_line(full, 51, 1)


@pytest.mark.parametrize(
    "held",
    [None, "x", [1], {"1": "2"}, {"1": True}, {"1": 0}, {"1": -1}, {"1": 10**13}, {"-1": 1}, {"1.5": 1}, {"٣": 1},
     {"9" * 30: 1}, {"": 1}, {"1": None}, {"1": [1]}],
)  # fmt: skip
def test_a_damaged_session_is_an_empty_basket(held: object) -> None:
    assert basket_in({KEY: held}) == {}


@pytest.mark.parametrize("text", ["1", "1:", ":1", "0:1", "1:0", "1:-1", "1:1,1:2", "1:1,", "a:1", "1:1e3", "9" * 5000])
def test_lines_of_nobodys_form_are_unknown_goods(text: str) -> None:
    with pytest.raises(UnknownGoods):
        from_text(text)


def test_a_form_of_a_thousand_lines_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooManyLines):
        from_text(",".join(f"{number}:1" for number in range(1, 1001)))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(1, 2**63 - 1), st.integers(1, 10**9), max_size=50))
def test_a_basket_survives_form_and_session(basket: dict[int, int]) -> None:
    assert from_text(as_text(basket)) == basket
    assert basket_in({KEY: for_session(basket)}) == basket


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_basket_or_a_refusal(text: str) -> None:
    try:
        basket = from_text(text)
    except Refused:
        return
    assert as_text(basket) == text


# -- The page ---------------------------------------------------------------------------------------------
def test_an_empty_basket_says_what_to_do(world: World, client: Client) -> None:
    page = text_of(client.get("/basket/"))
    assert "Giỏ hàng đang trống" in page
    assert "Đi tới đặt hàng" not in page


def test_goods_go_in_and_the_second_tap_is_the_same_basket(world: World, client: Client) -> None:
    for _tap in range(2):
        answer = put(client, world.variant, "2")
        assert (answer.status_code, answer["Location"]) == (303, "/basket/")
    assert client.session[KEY] == {str(world.variant.pk): 2}
    page = text_of(client.get("/basket/"))
    assert "Đi tới đặt hàng: 150.000\u00a0₫" in page


def test_weights_are_typed_in_kilograms_or_grams(world: World, client: Client) -> None:
    put(client, world.variant_by_weight, "1,5")
    assert client.session[KEY] == {str(world.variant_by_weight.pk): 1500}
    put(client, world.variant_by_weight, "500 g")
    assert client.session[KEY] == {str(world.variant_by_weight.pk): 500}
    assert "120.000\u00a0₫" in text_of(client.get("/basket/"))


@pytest.mark.parametrize("typed", ["hai", "0", "-1", "10000000000000", "2<script>", ""])
def test_a_bad_quantity_keeps_the_page_and_what_was_typed(world: World, client: Client, typed: str) -> None:
    answer = put(client, world.variant, typed)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert "Cá chạch sấy khô" in page
    assert "<script>" not in page.replace('<script type="module"', "")
    assert KEY not in client.session


def test_more_than_is_left_is_said_with_what_is_left(world: World, client: Client) -> None:
    answer = put(client, world.variant, "31")
    assert answer.status_code == 409
    assert "Chỉ còn 30\u00a0gói" in text_of(answer)
    assert KEY not in client.session


@pytest.mark.parametrize("variant", ["", "x", "0", "-1", "99999999", "9" * 40, "1:1,2"])
def test_a_variant_that_is_none_is_not_found(world: World, client: Client, variant: str) -> None:
    assert client.post("/basket/add/", {"variant": variant, "quantity": "1"}).status_code == 404
    assert client.post("/basket/change/", {"variant": variant, "quantity": "1"}).status_code == 404


def test_withdrawn_goods_cannot_be_put_in(world: World, client: Client) -> None:
    Product.objects.update(state=Product.State.WITHDRAWN)
    assert put(client, world.variant, "1").status_code == 404


def test_a_line_is_changed_taken_out_and_put_back(world: World, client: Client) -> None:
    put(client, world.variant, "2")
    client.post("/basket/change/", {"variant": world.variant.pk, "quantity": "3"})
    assert client.session[KEY] == {str(world.variant.pk): 3}
    wrong = client.post("/basket/change/", {"variant": world.variant.pk, "quantity": "ba"})
    assert wrong.status_code == 422
    assert 'value="ba"' in text_of(wrong)
    assert client.session[KEY] == {str(world.variant.pk): 3}
    out = client.post("/basket/change/", {"variant": world.variant.pk, "remove": "1"})
    assert client.session[KEY] == {}
    page = text_of(client.get(out["Location"]))
    assert "Để lại vào giỏ" in page
    assert 'name="quantity" value="3"' in page
    client.post("/basket/change/", {"variant": world.variant.pk, "quantity": "3"})
    assert client.session[KEY] == {str(world.variant.pk): 3}


@pytest.mark.parametrize("out", ["x", "1:0", "999999:1", "1:1," * 100])
def test_a_made_up_undo_offers_nothing(world: World, client: Client, out: str) -> None:
    page = client.get("/basket/", {"out": out})
    assert page.status_code == 200
    assert "Để lại vào giỏ" not in text_of(page)


def test_what_was_sold_meanwhile_is_said_beside_its_line(world: World, client: Client) -> None:
    put(client, world.variant, "20")
    Variant.objects.filter(pk=world.variant.pk).update(reserved=25)
    page = text_of(client.get("/basket/"))
    assert "chỉ còn 5\u00a0gói" in page
    assert "Lấy 5\u00a0gói còn lại" in page
    assert "Đi tới đặt hàng" not in page
    assert client.get("/checkout/")["Location"] == "/basket/"


def test_goods_taken_off_the_shop_stay_readable_and_block_the_order(world: World, client: Client) -> None:
    put(client, world.variant, "1")
    Product.objects.update(state=Product.State.WITHDRAWN)
    page = text_of(client.get("/basket/"))
    assert "không còn bán" in page
    assert "Đi tới đặt hàng" not in page


def test_two_cooperatives_have_a_sum_each(world: World, client: Client) -> None:
    mats = people.product(world.other_organization, world.category, slug="chieu-coi", name="Chiếu cói")
    mat = people.variant_by_piece(mats, price_dong=200_000)
    people.stock(mat, 3, owner=None)
    put(client, world.variant, "1")
    put(client, mat, "1")
    page = text_of(client.get("/basket/"))
    assert "HTX Cói Kim Sơn" in page
    assert "275.000\u00a0₫" in page
    assert "trả tiền riêng" in page


@pytest.mark.parametrize("goods", [1, 3])
def test_a_longer_basket_asks_no_more_questions(
    world: World, client: Client, goods: int, django_assert_num_queries: object
) -> None:
    for number in range(goods):
        made = people.product(world.organization, world.category, slug=f"hang-{number}", name=f"Hàng {number}")
        variant = people.variant_by_piece(made)
        people.stock(variant, 5, owner=None)
        put(client, variant, "1")
    with django_assert_num_queries(5):  # type: ignore[operator]  # session, variants, photos, on sale, owners
        client.get("/basket/")
