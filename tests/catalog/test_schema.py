"""Goods through GraphQL: who sees what, one query count for any number, and a refusal that says which field."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import graphene
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql_relay import from_global_id, to_global_id

import cooperatives.schema
from catalog.models import Category, Lot, Photo, Product
from catalog.schema import Mutations, Query
from catalog.search.embedded import reindex
from cooperatives.models import RoleGrant
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db

SCHEMA = graphene.Schema(query=Query, mutation=Mutations)
assert cooperatives.schema, "gives Organization and Member their types"

GOODS = """
query Goods($search: String, $where: ProductWhereInput, $sortBy: ProductOrder, $first: Int, $after: String) {
  products(search: $search, where: $where, sortBy: $sortBy, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      id slug name description state
      category { slug name }
      organization { slug name }
      maker { name }
      variants { id name soldBy unitName unit step priceDong available weightG }
      photos { alt width height colour isDrawn url small: url(size: 160, kind: JPG) }
    } }
  }
}
"""


def ask(document: str, viewer: Any = None, **variables: Any) -> dict[str, Any]:
    context = SimpleNamespace(viewer=viewer or AnonymousUser())
    result = SCHEMA.execute(document, variables=variables, context_value=context)
    assert result.errors is None, result.errors
    return result.data


def slugs(viewer: Any = None, **variables: Any) -> list[str]:
    return [edge["node"]["slug"] for edge in ask(GOODS, viewer, **variables)["products"]["edges"]]


def do(mutation: str, fields: str, viewer: Any, **given: Any) -> dict[str, Any]:
    name = f"{mutation[0].upper()}{mutation[1:]}Input"
    name = "ProductIdInput" if mutation in ("productPublish", "productWithdraw") else name
    document = f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ {fields} errors {{ field code }} }} }}"
    return ask(document, viewer, input=given)[mutation]


def goods(world: World, count: int) -> None:
    """``count`` products more, each with a maker, two variants, two photos; each an hour newer."""
    for number in range(count):
        product = people.product(
            world.organization,
            world.category,
            slug=f"hang-{number}",
            name=f"Hàng {number}",
            maker=world.member_hoa,
            at=world.now + timedelta(hours=number + 1),
        )
        people.variant_by_piece(product, price_dong=1000 + number)
        people.variant_by_weight(product)
        for position in range(2):
            Photo.objects.create(
                product=product, name=f"{number}-{position}", alt="", width=640, height=640, colour="#aabbcc",
                position=position, added_at=world.now,
            )  # fmt: skip
    reindex(Product.objects.all(), at=world.now)


@pytest.mark.parametrize("count", [1, 3, 100])
def test_any_number_of_goods_takes_the_same_queries(world: World, count: int) -> None:
    goods(world, count)
    with CaptureQueriesContext(connection) as captured:
        answer = ask(GOODS, first=100, search="hang")
    assert len(answer["products"]["edges"]) == count
    assert all(len(edge["node"]["photos"]) == 2 for edge in answer["products"]["edges"])
    assert len(captured) == 10, (
        "the words of the market (2), those asked for, their names; a page with all it reads (5), count"
    )


def test_what_a_buyer_reads_of_goods(world: World) -> None:
    Photo.objects.create(
        product=world.product, name="abc", alt="Cá", width=640, height=640, colour="#aabbcc", added_at=world.now
    )
    answer = ask(GOODS)["products"]
    (node,) = [edge["node"] for edge in answer["edges"]]
    assert from_global_id(node.pop("id")) == ("Product", str(world.product.pk))
    bag, loose = node.pop("variants")
    assert from_global_id(bag.pop("id")) == ("Variant", str(world.variant.pk))
    assert bag == {
        "name": "gói 200 g", "soldBy": "PIECE", "unitName": "gói", "unit": 1, "step": 1, "priceDong": "75000",
        "available": 30, "weightG": 200,
    }  # fmt: skip
    assert (loose["soldBy"], loose["unit"], loose["step"], loose["available"]) == ("WEIGHT", 1000, 100, 5000)
    assert node == {
        "slug": "ca-chach-say-kho", "name": "Cá chạch sấy khô", "description": "", "state": "PUBLISHED",
        "category": {"slug": "do-kho", "name": "Đồ khô"},
        "organization": {"slug": "yen-hoa", "name": "HTX Nông sản Yên Hòa"},
        "maker": None,
        "photos": [{
            "alt": "Cá", "width": 640, "height": 640, "colour": "#aabbcc", "isDrawn": False,
            "url": default_storage.url("photos/abc-320.webp"), "small": default_storage.url("photos/abc-160.jpg"),
        }],
    }  # fmt: skip
    assert answer["totalCount"] == 1


def test_a_maker_is_named_only_with_her_consent(world: World) -> None:
    document = '{ product(slug: "ca-chach-say-kho") { maker { name } } }'
    assert ask(document)["product"] == {"maker": None}
    world.member_an.shows_name = True
    world.member_an.save()
    assert ask(document)["product"] == {"maker": {"name": "Nguyễn Thị An"}}


def test_photos_come_in_the_next_larger_size(world: World) -> None:
    Photo.objects.create(
        product=world.product, name="abc", alt="", width=640, height=640, colour="#aabbcc", added_at=world.now
    )
    document = "{ product(slug: %r) { photos { a: url(size: 1) b: url(size: 161) c: url(size: 9999) } } }".replace(
        "%r", '"ca-chach-say-kho"'
    )
    (photo,) = ask(document)["product"]["photos"]
    assert [photo[name].rpartition("-")[2] for name in "abc"] == ["160.webp", "320.webp", "640.webp"]


def test_drafts_are_for_staff_of_their_organization(world: World) -> None:
    Product.objects.filter(pk=world.product.pk).update(state=Product.State.DRAFT)
    one = '{ product(slug: "ca-chach-say-kho") { state } }'
    for viewer in (None, world.buyer, world.other_treasurer, world.member_an.user):
        assert slugs(viewer) == []
        assert ask(one, viewer)["product"] is None
    assert slugs(world.clerk) == ["ca-chach-say-kho"]
    assert ask(one, world.clerk)["product"] == {"state": "DRAFT"}
    assert slugs(world.clerk, where={"state": "PUBLISHED"}) == []


def test_nothing_is_found_at_an_unknown_address(world: World) -> None:
    document = "query ($slug: String!) { product(slug: $slug) { name } }"
    for slug in ("", "khong-co", "' or 1=1 --", "\0", "\ud83d", "a" * 500):
        assert ask(document, slug=slug)["product"] is None


def test_goods_by_shelf_seller_words_and_price(world: World) -> None:
    goods(world, 3)
    fresh = Category.objects.create(slug="tuoi", name="Đồ tươi", position=1)
    Product.objects.filter(slug="hang-1").update(category=fresh)
    assert slugs() == ["hang-2", "hang-1", "hang-0", "ca-chach-say-kho"]
    assert slugs(where={"category": "tuoi"}) == ["hang-1"]
    assert slugs(where={"organization": "kim-son"}) == []
    assert slugs(where={"organization": "yen-hoa", "category": "khong-co"}) == []
    assert slugs(where={"category": "\0"}) == slugs(where={"organization": "\ud83d"}) == slugs(search="\ud83d") == []
    assert slugs(search="cá chạch s") == slugs(search="ca chach s") == ["ca-chach-say-kho"]
    assert slugs(sortBy={"field": "PRICE"}) == ["hang-0", "hang-1", "hang-2", "ca-chach-say-kho"]
    assert slugs(sortBy={"field": "PRICE", "direction": "DESC"})[0] == "ca-chach-say-kho"
    assert slugs(sortBy={"field": "CREATED_AT", "direction": "ASC"})[0] == "ca-chach-say-kho"
    assert [one["slug"] for one in ask("{ categories { slug } }")["categories"]] == ["do-kho", "tuoi"]


@pytest.mark.parametrize("variables", [{}, {"search": "hàng"}, {"sortBy": {"field": "PRICE", "direction": "DESC"}}])
def test_pages_hold_every_row_once(world: World, variables: dict[str, Any]) -> None:
    goods(world, 7)
    seen, after = [], None
    while True:
        page = ask(GOODS, first=3, after=after, **variables)["products"]
        seen += [edge["node"]["slug"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == slugs(first=100, **variables)
    assert len(seen) == len(set(seen)) == page["totalCount"]


DRAFT = {
    "name": "Chuối tây sấy dẹt",
    "category": "do-kho",
    "variants": [
        {"name": "gói 200 g", "unit": "gói", "priceDong": "60000", "weightG": 200},
        {"name": "rời", "unit": "kg", "priceDong": 250000},
    ],
    "idempotencyKey": "draft-1",
}
PRODUCT = "product { id slug state variants { name soldBy unit step priceDong } }"


def test_a_seller_lists_receives_publishes_changes_and_withdraws(world: World) -> None:
    made = do("productCreate", PRODUCT, world.clerk, **DRAFT)
    assert made["errors"] == []
    assert (made["product"]["slug"], made["product"]["state"]) == ("chuoi-tay-say-det", "DRAFT")
    assert [(v["soldBy"], v["unit"], v["step"], v["priceDong"]) for v in made["product"]["variants"]] == [
        ("PIECE", 1, 1, "60000"),
        ("WEIGHT", 1000, 100, "250000"),
    ]
    assert do("productCreate", PRODUCT, world.clerk, **DRAFT) == made, "the same key is the same product"
    product_id = made["product"]["id"]
    variant = Product.objects.get(slug="chuoi-tay-say-det").variants.get(name="rời")
    lot = do(
        "lotReceive",
        "lot { code quantity left madeOn variant { available } member { id } }",
        world.clerk,
        variantId=to_global_id("Variant", variant.pk),
        memberId=to_global_id("Member", world.member_an.pk),
        quantity=2500,
        madeOn="2026-03-01",
        idempotencyKey="slip-1",
    )
    assert lot["errors"] == []
    assert (lot["lot"]["quantity"], lot["lot"]["left"], lot["lot"]["madeOn"]) == (2500, 2500, "2026-03-01")
    assert lot["lot"]["variant"] == {"available": 2500}
    assert lot["lot"]["member"] == {"id": to_global_id("Member", world.member_an.pk)}
    assert do("productPublish", "product { state }", world.clerk, productId=product_id)["product"] == {
        "state": "PUBLISHED"
    }
    assert "chuoi-tay-say-det" in slugs()
    changed = do(
        "productUpdate",
        "product { name variants { name priceDong } }",
        world.manager,
        productId=product_id,
        name="Chuối sấy dẻo",
        variants=[
            {"id": to_global_id("Variant", variant.pk), "priceDong": "260000"},
            {"name": "hộp", "unit": "hộp", "priceDong": "99000"},
        ],
        idempotencyKey="change-1",
    )
    assert changed["errors"] == []
    assert changed["product"]["name"] == "Chuối sấy dẻo"
    assert [(v["name"], v["priceDong"]) for v in changed["product"]["variants"]] == [
        ("gói 200 g", "60000"),
        ("rời", "260000"),
        ("hộp", "99000"),
    ]
    assert do("productWithdraw", "product { state }", world.clerk, productId=product_id)["product"] == {
        "state": "WITHDRAWN"
    }
    assert "chuoi-tay-say-det" not in slugs()


def test_refusals_name_the_field_and_carry_a_code(world: World) -> None:
    before = Product.objects.count()

    def refused(**changes: Any) -> tuple[str | None, str]:
        answer = do("productCreate", PRODUCT, world.clerk, **DRAFT | changes)
        assert answer["product"] is None
        (error,) = answer["errors"]
        return error["field"], error["code"]

    variant = {"name": "gói", "unit": "gói", "priceDong": "60000"}
    assert refused(name="  ") == ("name", "EMPTY_NAME")
    assert refused(category="vang") == ("category", "UNKNOWN_CATEGORY")
    assert refused(variants=[]) == ("variants", "NO_VARIANTS")
    assert refused(variants=[variant | {"priceDong": "0"}]) == ("variants.0.priceDong", "BAD_PRICE")
    assert refused(variants=[variant | {"priceDong": 10**13}]) == ("variants.0.priceDong", "BAD_PRICE")
    assert refused(variants=[variant, variant]) == ("variants", "VARIANT_TWICE")
    assert refused(makerId=to_global_id("Member", 10**9)) == ("makerId", "NOT_A_MEMBER_HERE")
    assert refused(organization="kim-son") == refused(organization="\0") == ("organization", "NOT_FOUND")
    assert refused(idempotencyKey="") == ("idempotencyKey", "BAD_KEY")
    assert Product.objects.count() == before


def test_who_lists_for_two_names_one(world: World) -> None:
    people.grant(world.clerk, world.other_organization, RoleGrant.Role.CLERK)
    answer = do("productCreate", PRODUCT, world.clerk, **DRAFT)
    assert answer["errors"] == [{"field": "organization", "code": "WHICH_ORGANIZATION"}]
    named = do("productCreate", "product { organization { slug } }", world.clerk, **DRAFT, organization="kim-son")
    assert named["product"] == {"organization": {"slug": "kim-son"}}


def test_strangers_find_nothing_and_change_nothing(world: World) -> None:
    product_id = to_global_id("Product", world.product.pk)
    variant_id = to_global_id("Variant", world.variant.pk)
    lots_before = Lot.objects.count()
    for viewer in (None, world.buyer, world.other_treasurer, world.member_an.user, world.treasurer):
        for answer in (
            do("productCreate", PRODUCT, viewer, **DRAFT),
            do("productUpdate", PRODUCT, viewer, productId=product_id, name="Của tôi", idempotencyKey="k"),
            do("productPublish", PRODUCT, viewer, productId=product_id),
            do("productWithdraw", PRODUCT, viewer, productId=product_id),
            do("lotReceive", "lot { code }", viewer, variantId=variant_id, quantity=1, idempotencyKey="k"),
        ):
            assert [error["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    world.product.refresh_from_db()
    assert (world.product.name, world.product.state) == ("Cá chạch sấy khô", "published")
    assert (Product.objects.count(), Lot.objects.count()) == (1, lots_before)


@pytest.mark.parametrize("wrong", ["", "rubbish", to_global_id("Variant", 1), to_global_id("Product", "1; drop")])
def test_an_id_of_something_else_is_not_found(world: World, wrong: str) -> None:
    answer = do("productWithdraw", PRODUCT, world.manager, productId=wrong)
    assert answer == {"product": None, "errors": [{"field": None, "code": "NOT_FOUND"}]}
