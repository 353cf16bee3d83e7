"""A shared page is the same for everybody, checked by one query, and never older than what it shows."""

import gzip
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from catalog import listing, lots, photos, stock, versions
from catalog.models import OcopCertificate, ShopVersion
from catalog.variants import VariantChange
from cooperatives.models import Member
from storefront import build, shared_pages
from storefront.views.product import product
from tests.catalog.test_pictures import drawn, encoded
from tests.people import World
from tests.storefront.making import put, text_of

PAGE = "/p/ca-chach-say-kho/"
pytestmark = pytest.mark.django_db


def tag_of(client: Client, path: str = PAGE) -> str:
    return client.get(path)["ETag"]


# -- The same for everybody -------------------------------------------------------------------------------


def test_visitors_of_every_kind_get_the_same_bytes(world: World) -> None:
    nobody, buyer, seller, full = Client(), Client(), Client(), Client()
    buyer.force_login(world.buyer)
    seller.force_login(world.manager)
    put(full, world.variant, "3")
    full.get("/checkout/")  # has a form token now
    seen = set()
    for client in (full, seller, buyer, nobody):
        shared_pages.PLAIN.forget_all()  # drawn for each of them
        answer = client.get(PAGE, headers={"user-agent": str(client), "accept-language": "en", "referer": "/x"})
        assert answer.status_code == 200
        assert not answer.cookies
        seen.add((answer.content, answer["ETag"]))
    assert len(seen) == 1
    page = seen.pop()[0].decode()
    for private in ("csrfmiddlewaretoken", world.buyer.name, "Trong giỏ"):
        assert private not in page


def test_a_message_for_one_visitor_waits_for_a_page_of_hers(world: World, rf: RequestFactory) -> None:
    """Told on no shared page, and not lost there either."""
    request = rf.get(PAGE)
    request.session, request.resolver_match = SessionStore(), resolve(PAGE)  # type: ignore[assignment]
    request._messages = waiting = CookieStorage(request)  # type: ignore[attr-defined]
    messages.success(request, "Chỉ nói với một người")
    page = text_of(product(request, slug=world.product.slug))
    assert "Chỉ nói với một người" not in page
    assert "flash" not in page
    assert not waiting.used
    assert [str(one) for one in waiting] == ["Chỉ nói với một người"]


@pytest.mark.parametrize(
    "chat", ["?fbclid=abc", "?utm_source=zalo&zarsrc=30", "?q=%00", "?next=//evil", "?" + "x" * 4_000]
)
def test_what_a_chat_hangs_on_to_an_address_changes_nothing(chat: str, world: World, client: Client) -> None:
    plain = client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        hung = client.get(PAGE + chat)
    assert hung.content == plain.content
    assert len(asked) == 1


# -- One query --------------------------------------------------------------------------------------------


def test_what_the_phone_holds_costs_one_query(world: World, django_assert_num_queries: Any) -> None:
    client = Client()
    client.force_login(world.buyer)
    put(client, world.variant, "1")
    tag = tag_of(client)
    with django_assert_num_queries(1):
        answer = client.get(PAGE, headers={"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer["ETag"], answer["Cache-Control"]) == (tag, "no-cache")
    assert {one.strip() for one in answer["Vary"].split(",")} == {"Accept-Encoding", "Cookie"}


def test_a_page_drawn_before_costs_one_query(world: World, client: Client, django_assert_num_queries: Any) -> None:
    first = client.get(PAGE)
    with django_assert_num_queries(1):
        second = client.get(PAGE)
    assert (second.status_code, second.content, second["ETag"]) == (200, first.content, first["ETag"])


@pytest.mark.parametrize("held", ['W/"old", {tag}', "{strong}", '"a,b" , {tag},'])
def test_a_tag_among_others_or_without_its_weakness_is_known(held: str, world: World, client: Client) -> None:
    tag = tag_of(client)
    sent = held.format(tag=tag, strong=tag.removeprefix("W/"))
    assert client.get(PAGE, headers={"if-none-match": sent}).status_code == 304


@pytest.mark.parametrize("held", ["*", "", "W/", '"', '""', "\x00", "W/" * 2_000, '"' + "a" * 3_000 + '"'])
def test_any_other_tag_gets_the_page(held: str, world: World, client: Client) -> None:
    assert client.get(PAGE, headers={"if-none-match": held}).status_code == 200


def test_asking_for_the_head_alone(world: World, client: Client) -> None:
    got, head = client.get(PAGE), client.head(PAGE)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    assert client.head(PAGE, headers={"if-none-match": got["ETag"]}).status_code == 304


def test_packed_and_unpacked_are_one_page_under_one_tag(world: World, client: Client) -> None:
    plain = client.get(PAGE)
    packed = client.get(PAGE, headers={"accept-encoding": "br;q=1.0, gzip;q=0.8"})
    assert packed["Content-Encoding"] == "gzip"
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content) == plain.content
    assert plain["ETag"] == packed["ETag"]
    assert plain["ETag"].startswith('W/"')
    assert client.get(PAGE, headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]}).status_code == 304


# -- When it is another page ------------------------------------------------------------------------------


def price(world: World) -> None:
    change = VariantChange(world.variant.pk, price_dong=80_000)
    listing.update_product(product_id=world.product.pk, variants=[change], actor=world.manager, at=world.now)


def withdrawn_and_back(world: World) -> None:
    listing.withdraw_product(product_id=world.product.pk, actor=None, at=world.now)
    listing.publish_product(product_id=world.product.pk, actor=None, at=world.now)


def picture(world: World) -> None:
    photos.add_photo(product=world.product, data=encoded(drawn()), alt="cá", actor=None, at=world.now)


def lot(world: World) -> None:
    lots.receive_lot(
        variant_id=world.variant.pk, member_id=None, quantity=1, made_on=None, best_before=None, actor=None,
        at=world.now,
    )  # fmt: skip


def another_band(world: World) -> None:
    with transaction.atomic():
        stock.reserve(wanted={world.variant.pk: 10})


def a_name_is_shown(world: World) -> None:
    Member.objects.filter(pk=world.product.maker_id).update(shows_name=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("deed", [price, withdrawn_and_back, picture, lot, another_band, a_name_is_shown])
def test_it_is_another_page_after(deed: Callable[[World], None], world: World, client: Client) -> None:
    before = client.get(PAGE)
    deed(world)
    after = client.get(PAGE, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


def test_a_sale_inside_a_band_leaves_it_standing(world: World, client: Client) -> None:
    tag = tag_of(client)
    with transaction.atomic():
        stock.reserve(wanted={world.variant.pk: 9})
    assert client.get(PAGE, headers={"if-none-match": tag}).status_code == 304


def test_goods_of_another_shop_leave_it_standing(world: World, client: Client) -> None:
    tag = tag_of(client)
    with transaction.atomic():
        versions.moved([world.other_organization.pk])
    assert tag_of(client) == tag


def test_the_stars_go_on_their_last_day_though_nothing_moves(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every date that ends something: the Vietnamese day is part of the tag."""
    today = date(2026, 3, 15)
    OcopCertificate.objects.create(
        product=world.product, stars=4, decision="12/QĐ", issuer="UBND tỉnh", issued_on=today - timedelta(days=9),
        expires_on=today + timedelta(days=1), recorded_at=timezone.now(),
    )  # fmt: skip
    tags = []
    for day in (today, today + timedelta(days=1)):
        monkeypatch.setattr(shared_pages, "today_in_vietnam", lambda day=day: day)
        live = OcopCertificate.objects.live(on=day).count()
        tags.append((tag_of(client), live))
    assert [live for _tag, live in tags] == [1, 0]
    assert tags[0][0] != tags[1][0]


def test_each_language_is_a_page_of_its_own(world: World, client: Client) -> None:
    vietnamese = client.get(PAGE)
    client.cookies["lang"] = "en"
    english = client.get(PAGE, headers={"if-none-match": vietnamese["ETag"]})
    assert (english.status_code, english["Content-Language"]) == (200, "en")
    assert 'lang="en"' in text_of(english)
    client.cookies["lang"] = "xx"
    assert client.get(PAGE).content == vietnamese.content


def test_another_template_is_another_page(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = tag_of(client)
    monkeypatch.setattr(shared_pages, "build", lambda: build.fingerprint([], told="other templates"))
    assert client.get(PAGE, headers={"if-none-match": tag}).status_code == 200


def test_a_move_in_another_process_is_seen_at_once(world: World, client: Client) -> None:
    """What this process holds is worth nothing the moment the database says another number."""
    before = text_of(client.get(PAGE))
    world.product.name = "Cá trạch rang"
    world.product.save()
    assert text_of(client.get(PAGE)) == before  # nobody said that anything moved
    ShopVersion.objects.update_or_create(organization=world.organization, defaults={"number": 77})
    assert "Cá trạch rang" in text_of(client.get(PAGE))


def test_goods_that_are_gone_are_not_kept(world: World, client: Client) -> None:
    tag = tag_of(client)
    listing.withdraw_product(product_id=world.product.pk, actor=None, at=world.now)
    assert client.get(PAGE, headers={"if-none-match": tag}).status_code == 404
