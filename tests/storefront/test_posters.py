"""Posters as PDF: what their codes say, what stands beside them, who may print which."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from base.codes import ALPHABET
from catalog.models import Product
from cooperatives.models import BankAccount, Organization
from payments import payee_checks, poster_codes
from payments.payee_checks import Kind
from payments.providers import vietqr
from storefront import posters
from tests.payments.paper.making import Page, Pdf
from tests.people import World
from tests.storefront.making import text_of

PAGE = "/p/ca-chach-say-kho/"
MM = 72 / 25.4
WIDE = {"a6": 105, "a4": 210}


@pytest.fixture
def at_desk(world: World) -> Client:
    client = Client()
    client.force_login(world.clerk, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page_of(made: bytes) -> Page:
    [page] = Pdf(made).pages
    return page


def code_of(page: Page) -> str:
    [(text, _across, _up)] = page.codes()
    return text


def in_the_margins(page: Page) -> None:
    for letter in page.letters:
        assert letter.left >= 5 * MM, letter
        assert letter.right <= page.width - 5 * MM, letter
        assert letter.bottom >= 3 * MM, letter
        assert letter.top <= page.height - 2 * MM, letter


@pytest.mark.parametrize("size", ["a6", "a4"])
def test_anybody_prints_a_product_and_its_code_opens_the_page(world: World, client: Client, size: str) -> None:
    answer = client.get(f"{PAGE}poster.pdf?size={size}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="ca-chach-say-kho-{size}.pdf"'
    page = page_of(answer.content)
    assert page.width == pytest.approx(WIDE[size] * MM, abs=1)
    assert code_of(page) == settings.SITE_URL + PAGE
    assert client.get(urlsplit(code_of(page)).path).status_code == 200
    for said in ("Cá chạch sấy khô", "75.000", "gói 200 g", "240.000", "HTX Nông sản Yên Hòa", "Yên Mô, Ninh Bình"):
        assert said in page.text


def test_a_poster_is_a6_unless_asked_and_nothing_else_than_two_sizes(world: World, client: Client) -> None:
    assert page_of(client.get(f"{PAGE}poster.pdf").content).width == pytest.approx(105 * MM, abs=1)
    for wrong in ("a5", "A4", "", "a4&size=a3"):
        assert client.get(f"{PAGE}poster.pdf?size={wrong}").status_code == 404


def test_a_product_poster_says_of_which_day_its_price_is(world: World) -> None:
    page = page_of(posters.of_product(world.product, size="a6", on=date(2026, 11, 22)))
    assert "Giá ngày 22/11/2026" in page.text


@pytest.mark.parametrize("size", posters.SIZES)
def test_the_longest_names_stay_on_the_paper_and_the_code_is_read(world: World, size: posters.Size) -> None:
    shop = world.organization
    shop.name, shop.commune_name = "Hợp tác xã Dịch vụ Nông nghiệp tổng hợp Yên Hòa Yên Thịnh " * 2, "Thị trấn " * 8
    product = world.product
    product.name, product.organization = "Bánh đa nem phơi nắng loại đặc biệt dùng cho Tết " * 2, shop
    account = world.bank_account
    account.organization, account.holder, account.number = shop, "HTX DICH VU NONG NGHIEP " * 3, "VQRQAAABBBCCCDDD123"
    for made in (
        posters.of_product(product, size=size, on=date(2026, 11, 22)),
        posters.of_shop(shop, size=size),
        posters.of_account(account, size=size),
    ):
        page = page_of(made)
        in_the_margins(page)
        assert code_of(page)


def test_the_shops_poster_opens_its_page(world: World, at_desk: Client, client: Client) -> None:
    page = page_of(at_desk.get("/desk/posters/shop.pdf?size=a4").content)
    assert code_of(page) == f"{settings.SITE_URL}/c/yen-hoa/"
    assert "HTX Nông sản Yên Hòa" in page.text
    assert client.get("/c/yen-hoa/").status_code == 200


@pytest.mark.parametrize("size", ["a6", "a4"])
def test_the_accounts_poster_is_static_names_no_sum_and_the_check_page_says_yes(
    world: World, at_desk: Client, client: Client, size: str
) -> None:
    account = world.bank_account
    page = page_of(at_desk.get(f"/desk/posters/account/{account.pk}.pdf?size={size}").content)
    payload = code_of(page)
    read = vietqr.decode(payload)
    assert (read.bin, read.account, read.amount_dong, read.memo) == (account.bin, account.number, None, None)
    assert not read.dynamic
    code = poster_codes.check_code(account)
    for said in (account.holder, account.number, "Vietcombank", poster_codes.shown(code), "/check/", "bằng tay"):
        assert said in page.text
    assert payee_checks.about_code(payload).kind is Kind.OURS
    assert [answer.kind for answer in payee_checks.about_typed(code)] == [Kind.OURS]
    assert "Đúng" in text_of(client.get("/check/", {"q": code}))


def test_an_altered_poster_is_told_apart(world: World) -> None:
    account = world.bank_account
    code = poster_codes.check_code(account)
    account.number = "0011000123457"  # not saved: only the paper says so
    altered = code_of(page_of(posters.of_account(account, size="a6")))
    assert not payee_checks.about_code(altered).is_ours
    other = next(symbol for symbol in ALPHABET if symbol != code[0]) + code[1:]
    assert [answer.is_ours for answer in payee_checks.about_typed(other)] == [False]


def test_practice_posters_bear_their_mark(world: World) -> None:
    shop = world.organization
    shop.is_demo = True
    world.product.organization = world.bank_account.organization = shop
    for made in (
        posters.of_product(world.product, size="a6", on=date(2026, 11, 22)),
        posters.of_shop(shop, size="a6"),
        posters.of_account(world.bank_account, size="a6"),
    ):
        page = page_of(made)
        assert "DEMO" in page.text
        assert code_of(page)


def test_the_desk_offers_all_of_them(world: World, at_desk: Client) -> None:
    body = text_of(at_desk.get("/desk/posters/"))
    doors = (
        "/desk/posters/shop.pdf",
        f"/desk/posters/account/{world.bank_account.pk}.pdf",
        f"/desk/goods/{world.product.pk}/poster.pdf",
    )
    for door in doors:
        for size in ("a6", "a4"):
            assert f'href="{door}?size={size}"' in body
            assert at_desk.get(f"{door}?size={size}").status_code == 200
        assert at_desk.get(f"{door}?size=a0").status_code == 404


def test_a_stranger_gets_nothing_from_the_desk(world: World, client: Client) -> None:
    doors = (
        "/desk/posters/shop.pdf",
        f"/desk/posters/account/{world.bank_account.pk}.pdf",
        f"/desk/goods/{world.product.pk}/poster.pdf",
    )
    for door in doors:
        assert client.get(door).status_code == 302
    client.force_login(world.other_treasurer, backend=settings.AUTHENTICATION_BACKENDS[0])
    for door in doors[1:]:
        assert client.get(door).status_code == 404


def test_no_poster_of_an_account_out_of_use_or_of_goods_off_the_shop(world: World, at_desk: Client) -> None:
    BankAccount.objects.update(is_active=False)
    Product.objects.update(state=Product.State.WITHDRAWN)
    assert at_desk.get(f"/desk/posters/account/{world.bank_account.pk}.pdf").status_code == 404
    assert at_desk.get(f"/desk/goods/{world.product.pk}/poster.pdf").status_code == 404
    Organization.objects.update(is_open=False)
    assert at_desk.get("/desk/posters/shop.pdf").status_code == 404
