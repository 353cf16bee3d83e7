"""What a product's page says beside the price: per kilogram, stars while they live, season, face, what buyers said."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from base.periods import today_in_vietnam
from catalog import certifying, portraits, seasons
from orders import reviewing
from tests.people import World
from tests.storefront.making import text_of
from tests.storefront.trusting import received, said, shown

PAGE = "/p/ca-chach-say-kho/"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def certify(world: World, *, issued_on: date, days: int) -> None:
    certifying.record_certificate(
        product_id=world.product.pk, stars=4, decision="12/QĐ-UBND", issuer="UBND tỉnh Ninh Bình", issued_on=issued_on,
        expires_on=issued_on + timedelta(days=days), actor=world.treasurer, key="k", at=world.now,
    )  # fmt: skip


def test_a_kilogram_of_what_is_packed(world: World, client: Client) -> None:
    page = text_of(client.get(PAGE))
    assert "375.000\u00a0₫/kg" in page  # a bag of 200 g for 75,000 đ
    assert page.count("₫/kg") == 1  # what is sold by the kilogram says so itself


def test_stars_stand_on_card_and_page_while_they_live(world: World, client: Client) -> None:
    certify(world, issued_on=today_in_vietnam() - timedelta(days=300), days=301)
    for page in (PAGE, f"/c/{world.organization.slug}/"):
        assert "4 sao" in text_of(client.get(page))
    assert "12/QĐ-UBND" in text_of(client.get(PAGE))


def test_on_their_last_day_the_stars_are_gone_everywhere(world: World, client: Client) -> None:
    certify(world, issued_on=today_in_vietnam() - timedelta(days=300), days=300)
    for page in (PAGE, f"/c/{world.organization.slug}/"):
        assert "OCOP" not in text_of(client.get(page))


def test_the_season_is_told_and_shown(world: World, client: Client) -> None:
    month = today_in_vietnam().month
    seasons.set_season(product_id=world.product.pk, first=month, last=month, actor=world.clerk, at=world.now)
    page = text_of(client.get(PAGE))
    assert f"Ngon nhất tháng {month}." in page
    assert "Tháng này đang mùa." in page
    after = month % 12 + 1
    seasons.set_season(product_id=world.product.pk, first=after, last=after, actor=world.clerk, at=world.now)
    assert "đang mùa" not in text_of(client.get(PAGE))


def test_a_face_is_there_while_she_agrees_and_gone_the_moment_she_does_not(world: World, client: Client) -> None:
    portrait = shown(world, world.member_an)
    address = portrait.url(320, "jpg")
    pages = (PAGE, f"/c/{world.organization.slug}/")
    assert all(portrait.name in text_of(client.get(page)) for page in pages)
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Cache-Control"] == "private, max-age=3600"
    portraits.withdraw_portrait(member_id=world.member_an.pk, actor=world.member_an.user, at=world.now)
    assert not any(portrait.name in text_of(client.get(page)) for page in pages)
    assert client.get(address).status_code == 404


def test_a_name_that_is_not_to_be_shown_is_not_shown_with_the_face(world: World, client: Client) -> None:
    shown(world, world.member_an)
    for page in (PAGE, f"/c/{world.organization.slug}/"):
        told = text_of(client.get(page))
        assert world.member_an.user.name not in told
        assert 'alt="Thành viên hợp tác xã"' in told


def test_what_buyers_said_is_read_with_its_average(world: World, client: Client) -> None:
    assert "Chưa có nhận xét nào" in text_of(client.get(PAGE))
    first = said(world, received(world), stars=5)
    said(world, received(world), stars=4, text="Hơi mặn.", shown_name="")
    reviewing.reply(review_id=first.pk, text="Cảm ơn chị.", actor=world.clerk, at=world.now)
    page = text_of(client.get(PAGE))
    for words in ("4,5", "Giòn và thơm.", "Hơi mặn.", "Người mua", "Cảm ơn chị.", "2 nhận xét"):
        assert words in page


def test_a_hidden_text_leaves_its_stars_and_its_reason(world: World, client: Client) -> None:
    review = said(world, received(world), stars=1, text="Gọi số 0911…")
    reviewing.hide(review_id=review.pk, reason="quảng cáo", actor=world.manager, at=world.now)
    page, every = text_of(client.get(PAGE)), text_of(client.get(f"{PAGE}reviews/"))
    assert "0911" not in page + every
    assert "1,0" in page
    assert "1 lời đã ẩn" in page
    assert "quảng cáo" in every


def test_markup_in_a_review_is_text(world: World, client: Client) -> None:
    said(world, received(world), text="<script>alert(1)</script>", shown_name="<b>x</b>")
    for page in (PAGE, f"{PAGE}reviews/"):
        told = text_of(client.get(page))
        assert "<script>alert" not in told
        assert "<b>x" not in told
        assert "&lt;script&gt;" in told


@pytest.mark.parametrize("reviews", [1, 3])
def test_more_reviews_ask_no_more_questions(
    world: World, client: Client, reviews: int, django_assert_num_queries: Any
) -> None:
    for _number in range(reviews):
        said(world, received(world))
    # the version; the goods with all they show (5), their lots; counted stars, latest words
    with django_assert_num_queries(10):
        assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("reviews", [1, 3])
def test_the_page_of_all_reviews_asks_no_more(
    world: World, client: Client, reviews: int, django_assert_num_queries: Any
) -> None:
    for _number in range(reviews):
        said(world, received(world))
    # the version; the goods (5); counted stars, latest words; how many, which
    with django_assert_num_queries(10):
        assert client.get(f"{PAGE}reviews/").status_code == 200


def test_reviews_of_goods_that_are_not_on_sale_are_not_found(world: World, client: Client) -> None:
    assert client.get("/p/khong-co/reviews/").status_code == 404
    world.product.withdraw(at=world.now)
    assert client.get(f"{PAGE}reviews/").status_code == 404
