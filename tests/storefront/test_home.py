"""The start page: what is sold, how it is found, and what it costs the database."""

import pytest
from django.test import Client

from catalog.models import Category, Product, Variant
from catalog.search.embedded import reindex
from tests import people
from tests.people import World
from tests.storefront.making import text_of


def more_goods(world: World, count: int) -> None:
    for number in range(count):
        made = people.product(world.organization, world.category, slug=f"them-{number}", name=f"Hàng thêm {number}")
        people.stock(people.variant_by_piece(made), 5, owner=None)


def test_goods_stand_with_price_unit_and_what_is_left(world: World, client: Client) -> None:
    page = text_of(client.get("/"))
    for said in ("Cá chạch sấy khô", "75.000\u00a0₫", "Còn 30\u00a0gói", "HTX Nông sản Yên Hòa", "0229 3123 456"[:4]):
        assert said in page


def test_the_maker_is_named_only_when_she_agreed(world: World, client: Client) -> None:
    assert "Nguyễn Thị An" not in text_of(client.get("/"))
    assert "Nguyễn Thị An" not in text_of(client.get("/p/ca-chach-say-kho/"))
    world.member_an.shows_name = True
    world.member_an.save()
    assert "Nguyễn Thị An" in text_of(client.get("/"))
    assert "Nguyễn Thị An" in text_of(client.get("/p/ca-chach-say-kho/"))


def test_sold_out_is_said_and_stands_last(world: World, client: Client) -> None:
    more_goods(world, 2)
    Variant.objects.filter(product__slug="them-1").update(on_hand=0)
    page = text_of(client.get("/"))
    assert "Tạm hết" in page
    assert page.index("Cá chạch sấy khô</a>") < page.index("Hàng thêm 1</a>")


def test_search_needs_no_accents_and_helps_when_nothing_is_found(world: World, client: Client) -> None:
    reindex(Product.objects.all())
    assert "Cá chạch sấy khô" in text_of(client.get("/", {"q": "ca chach"}))
    nothing = text_of(client.get("/", {"q": "máy cày"}))
    assert "Không thấy mặt hàng nào như thế" in nothing
    assert "Xem mọi mặt hàng" in nothing


def test_a_category_shows_its_goods_alone(world: World, client: Client) -> None:
    mats = Category.objects.create(slug="coi", name="Đồ cói")
    people.variant_by_piece(people.product(world.organization, mats, slug="chieu", name="Chiếu hoa"))
    page = text_of(client.get("/", {"category": "coi"}))
    assert "Chiếu hoa" in page
    assert "Cá chạch sấy khô" not in page
    assert "Cá chạch sấy khô" in text_of(client.get("/", {"category": "no-such"}))


@pytest.mark.parametrize(
    "query", [{"q": "<script>alert(1)</script>"}, {"q": "\x00'; --"}, {"q": "a" * 5000}, {"page": "-1"}, {"page": "x"}]
)
def test_hostile_queries_are_answered_and_escaped(world: World, client: Client, query: dict[str, str]) -> None:
    answer = client.get("/", query)
    assert answer.status_code == 200
    assert "<script>alert" not in text_of(answer)


def test_names_are_text_and_never_markup(world: World, client: Client) -> None:
    Product.objects.update(name='<img src=x onerror="alert(1)">', description="<b>đậm</b>")
    for page in ("/", "/p/ca-chach-say-kho/"):
        body = text_of(client.get(page))
        assert "<img src=x" not in body
        assert "<b>đậm" not in body
        assert "&lt;img src=x" in body


def test_drafts_and_closed_shops_are_not_shown(world: World, client: Client) -> None:
    Product.objects.update(state=Product.State.DRAFT)
    assert "Cá chạch" not in text_of(client.get("/")).split('type="search"')[1].split("placeholder")[0]
    assert client.get("/p/ca-chach-say-kho/").status_code == 404
    Product.objects.update(state=Product.State.PUBLISHED)
    world.organization.is_open = False
    world.organization.save()
    assert client.get("/p/ca-chach-say-kho/").status_code == 404


def test_a_claim_is_marked_as_one(world: World, client: Client) -> None:
    world.other_organization.is_open = False
    world.other_organization.save()
    world.organization.claim = "Thu nhập tăng gấp rưỡi."
    world.organization.claim_source = "Báo tỉnh, 2021"
    world.organization.save()
    page = text_of(client.get("/"))
    assert "Thu nhập tăng gấp rưỡi." in page
    assert "Báo tỉnh, 2021" in page
    assert "lời kể, chưa kiểm chứng" in page


def test_twenty_four_goods_a_page(world: World, client: Client) -> None:
    more_goods(world, 30)
    assert text_of(client.get("/")).count('<article class="card">') == 24
    assert text_of(client.get("/", {"page": "2"})).count('<article class="card">') == 7


@pytest.mark.parametrize("more", [0, 2, 99])
def test_a_longer_list_asks_no_more_questions(
    world: World, client: Client, more: int, django_assert_num_queries: object
) -> None:
    more_goods(world, more)
    # categories, count, products, variants, photos, sellers, owners at the foot
    with django_assert_num_queries(7):  # type: ignore[operator]
        client.get("/")


def test_the_foot_says_who_receives_the_money(world: World, client: Client) -> None:
    world.organization.tax_code = "2700123456"
    world.organization.save()
    page = text_of(client.get("/"))
    assert "Mã số thuế: 2700123456" in page
    assert "Trang này không giữ tiền của ai" in page
