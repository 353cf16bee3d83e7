"""A form without a token is heard when the browser says that a page of ours sent it; else it is asked for again."""

import re

import pytest
from django.test import Client

from storefront.basket_cookie import COOKIE
from tests.people import World
from tests.storefront.making import text_of

HOST = "testserver"
OURS, THEIRS = f"http://{HOST}", "https://cho-khac.example"
NONE_SENT: dict[str, str] = {}


def press(client: Client, world: World, headers: dict[str, str], **more: str) -> int:
    form = {"variant": world.variant.pk, "quantity": "2", **more}
    return client.post("/basket/add/", form, headers=headers).status_code


@pytest.fixture
def strict() -> Client:
    """A browser whose tokens are asked for, as in life."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": OURS},
        {"referer": f"{OURS}/p/ca-chach-say-kho/"},
        {"origin": OURS.upper(), "referer": THEIRS},
    ],
)
def test_from_our_page(headers, strict, world: World) -> None:
    assert press(strict, world, headers) == 303
    assert strict.session["basket"] == {str(world.variant.pk): 2}


@pytest.mark.parametrize(
    "headers",
    [
        NONE_SENT,
        {"sec-fetch-site": "cross-site", "origin": OURS},
        {"sec-fetch-site": "same-site", "referer": OURS},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": ""},
        {"origin": THEIRS, "referer": OURS},
        {"origin": "null", "referer": OURS},
        {"origin": f"http://{HOST}.cho-khac.example"},
        {"origin": f"http://{HOST}:8001"},
        {"origin": f"https://{HOST}"},
        {"referer": f"{THEIRS}/{OURS}"},
        {"referer": "http://[bad"},
        {"referer": HOST},
    ],
)
def test_from_elsewhere_or_from_nowhere_nothing_is_done(headers, strict, world: World) -> None:
    assert press(strict, world, headers) == 403
    assert COOKIE not in strict.cookies
    assert "basket" not in strict.session


def test_the_page_that_asks_again_does_it_with_its_token(strict, world: World) -> None:
    form = {"variant": world.variant.pk, "quantity": '2"><b>'}
    asked = strict.post("/basket/add/", form)
    page = text_of(asked)
    assert "chưa có gì thay đổi" in page
    assert '"><b>' not in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page[page.index("<main") :]))
    assert fields["variant"] == str(world.variant.pk)
    fields["quantity"] = "2"
    assert strict.post("/basket/add/", fields).status_code == 303
    assert strict.session["basket"] == {str(world.variant.pk): 2}


def test_a_token_of_another_browser_is_none(strict, world: World) -> None:
    theirs = text_of(strict.post("/basket/add/", {"variant": world.variant.pk, "quantity": "2"}))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', theirs)
    assert token
    assert press(Client(enforce_csrf_checks=True), world, NONE_SENT, csrfmiddlewaretoken=token[1]) == 403


def test_a_long_form_is_refused_unread(strict, world: World) -> None:
    assert press(strict, world, {"sec-fetch-site": "same-origin"}, note="x" * 300_000) == 413


def test_a_form_of_a_thousand_fields_is_not_carried_along(strict, world: World) -> None:
    asked = strict.post("/basket/add/", {f"field{number}": "x" for number in range(400)})
    assert text_of(asked).count('name="field') == 20


@pytest.mark.parametrize("path", ["/language/", "/demo/sign-in/", "/basket/add/"])
def test_only_posting_does_anything(path, client: Client, world: World) -> None:
    assert client.get(path).status_code == 405


def test_money_still_asks_for_a_token(strict, world: World) -> None:
    assert strict.post("/checkout/", {}, headers={"sec-fetch-site": "same-origin"}).status_code == 403
    assert strict.post("/basket/change/", {}, headers={"sec-fetch-site": "same-origin"}).status_code == 403


# -- What the badge reads ---------------------------------------------------------------------------------------


def test_the_phone_knows_how_much_is_in_the_basket(client: Client, world: World) -> None:
    press(client, world, {"sec-fetch-site": "same-origin"})
    cookie = client.cookies[COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", "", "Lax")
    client.post("/basket/change/", {"variant": world.variant.pk, "remove": "1"})
    assert client.cookies[COOKIE].value == ""


def test_a_wrong_number_is_set_right_where_the_basket_is_read(client: Client, world: World) -> None:
    press(client, world, {"sec-fetch-site": "same-origin"})
    client.cookies[COOKIE] = "7"
    client.get("/basket/")
    assert client.cookies[COOKIE].value == "1"


def test_the_next_person_on_this_phone_sees_no_number(client: Client, world: World) -> None:
    client.force_login(world.buyer)
    press(client, world, {"sec-fetch-site": "same-origin"})
    client.post("/sign-out/")
    assert client.cookies[COOKIE].value == ""


def test_a_shared_page_sets_no_cookie(client: Client, world: World) -> None:
    press(client, world, {"sec-fetch-site": "same-origin"})
    client.cookies[COOKIE] = "7"
    assert not client.get("/p/ca-chach-say-kho/").cookies
