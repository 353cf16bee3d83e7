"""Found with and without accents, by whole words and a typed beginning; alike on both databases."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from catalog.search import rules
from catalog.search.embedded import matching, reindex
from tests import people
from tests.people import World


def test_words_are_folded_and_numbers_stand_alone() -> None:
    assert rules.words("Cá  CHẠCH sấy-khô, 200g/Gói (Đặc biệt)") == [
        *("ca", "chach", "say", "kho", "200", "g", "goi", "dac", "biet"),
    ]
    assert rules.words("ca\u0301") == ["ca"]


def test_the_name_is_marked_and_every_word_stands_once() -> None:
    text = rules.folded_words(
        name="Cá kho", description="Cá đồng", maker="", category="Đồ khô", commune="Yên Mô", variants=["nồi", "cá"]
    )
    assert text == " =ca =kho ca kho noi do yen mo dong "


@given(st.text(max_size=300))
def test_a_query_is_few_plain_words(text: str) -> None:
    asked = rules.query_words(text)
    assert len(asked) <= rules.MOST_QUERY_WORDS
    assert all(word and not set(word) & set(" =%_\\") for word in asked)


@pytest.fixture
def shop(world: World) -> World:
    """Four products, an hour apart, the last the newest."""
    for number, (slug, name, text) in enumerate(
        [
            ("chuoi", "Chuối tây sấy dẹt", "Ăn với cá chạch rất hợp"),
            ("cay", "Cây cảnh", ""),
            ("trach", "Cá chạch chiên", "giòn 100% tự nhiên"),
        ],
        start=1,
    ):
        product = people.product(
            world.organization, world.category, slug=slug, name=name, at=world.now + timedelta(hours=number)
        )
        product.description = text
        product.save()
        people.variant_by_piece(product, name="gói 500g")
    assert reindex(Product.objects.all()) == 4
    assert reindex(Product.objects.all()) == 0
    return world


def found(text: str) -> list[str]:
    return [product.slug for product in matching(Product.objects.published(), text)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("ca chach say", ["ca-chach-say-kho", "chuoi"]),
        ("cá chạch sấy", ["ca-chach-say-kho", "chuoi"]),
        ("CÁ CHẠCH", ["trach", "ca-chach-say-kho", "chuoi"]),  # by name first, then the newest
        ("chach ca", ["trach", "ca-chach-say-kho", "chuoi"]),  # in any order
        ("cá ch", ["trach", "ca-chach-say-kho", "chuoi"]),  # still typing
        ("ca", ["trach", "cay", "ca-chach-say-kho", "chuoi"]),  # the last word may be the beginning of "cây"
        ("ca canh", []),  # but not one that a space has ended
        ("chạch s", ["ca-chach-say-kho", "chuoi"]),
        ("500 g chien", ["trach"]),
        ("500g", ["trach", "cay", "chuoi"]),
        ("yên mô", ["trach", "cay", "chuoi", "ca-chach-say-kho"]),
        ("đồ khô", ["trach", "cay", "chuoi", "ca-chach-say-kho"]),
        ("điện thoại", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("=ca", ["trach", "cay", "ca-chach-say-kho", "chuoi"]),
        ("'; drop table catalog_product; --", []),
        ("\u0000", []),
    ],
)
def test_what_is_found(shop: World, text: str, slugs: list[str]) -> None:
    assert found(text) == slugs


@pytest.mark.django_db
def test_blank_text_asks_for_nothing(shop: World) -> None:
    assert len(found("")) == len(found(" \t")) == 4


@pytest.mark.django_db
def test_a_makers_name_is_searched_only_with_her_consent(shop: World) -> None:
    assert found("nguyễn thị an") == []
    shop.member_an.shows_name = True
    shop.member_an.save()
    reindex(Product.objects.filter(maker=shop.member_an))
    assert found("nguyễn thị an") == ["ca-chach-say-kho"]
    shop.member_an.shows_name = False
    shop.member_an.save()
    reindex(Product.objects.filter(maker=shop.member_an))
    assert found("nguyễn thị an") == []
