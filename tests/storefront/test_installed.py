"""The service worker's script, the manifest, the icons, the page without network: as a browser is given them."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image, ImageChops

from cooperatives.models import Organization
from storefront import app_icons, shell
from tests.people import World

pytestmark = pytest.mark.django_db


def test_the_worker_may_serve_every_page_and_is_asked_for_each_time(client: Client, world: World) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert client.get("/sw.js", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_worker_holds_every_behaviour_ready(client: Client, world: World) -> None:
    first = client.get("/sw.js").content.decode().partition(";\n")[0]
    held = json.loads(first.removeprefix("const SHELL = "))
    behaviours = Path(shell.__file__).parent / "static" / "storefront" / "behaviours"
    named = {address.rpartition("/")[2] for address in held["files"]}
    assert {file.name for file in behaviours.glob("*.js")} <= named
    assert {"app.css", "icons.svg"} <= named
    assert held["offline"] == "/offline/"


def test_a_new_number_to_call_is_a_new_version(world: World) -> None:
    _script, before = shell.service_worker()
    Organization.objects.filter(pk=world.organization.pk).update(phone="+84912000001")
    _script, after = shell.service_worker()
    assert before != after
    assert shell.service_worker()[1] == after


def test_the_offline_page_is_the_same_for_everybody_and_speaks_both_languages(client: Client, world: World) -> None:
    page = client.get("/offline/")
    assert "Chưa có mạng" in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode()
    client.force_login(world.treasurer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/offline/").content == page.content
    client.cookies["lang"] = "en"
    assert 'lang="en"' in client.get("/offline/").content.decode()


def test_the_offline_page_says_whom_to_call(client: Client, world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(phone="+84912000001")
    assert "0912 000 001" in client.get("/offline/").content.decode()


def test_money_is_not_among_what_is_kept() -> None:
    """The worker's own pattern, tried on the addresses of the site. What it does not name is never kept."""
    worker = (Path(shell.__file__).parent / "static" / "storefront" / "sw.js").read_text(encoding="utf-8")
    written = re.search(r"^const KEPT = /(.+)/;", worker, re.MULTILINE)
    assert written
    kept = re.compile(written[1].replace(r"\/", "/"))
    assert all(kept.match(path) for path in ("/", "/p/mat-ong/", "/search/", "/category/qua/", "/c/yen-hoa/"))
    money = ("/pay/CP7K2M9Q9M/", "/o/abc/", "/orders/", "/checkout/", "/bills/", "/desk/", "/biller/", "/member/")
    assert not any(kept.match(path) for path in (*money, "/sign-in/", "/complaints/abc/", "/media/faces/a-320.webp"))


def test_the_manifest_is_what_a_phone_needs_to_install(client: Client, world: World) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"], told["lang"]) == ("/", "/", "standalone", "vi")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in told["icons"]:
        [size, _same] = icon["sizes"].split("x")
        with Image.open(app_icons.FOLDER / Path(icon["src"]).name) as picture:
            assert picture.size == (int(size), int(size))
    assert all(client.get(one["url"]).status_code == 200 for one in told["shortcuts"])


@pytest.mark.parametrize("name", app_icons.ICONS)
def test_icons_are_what_is_drawn(name: str) -> None:
    pixels, share, corners = app_icons.ICONS[name]
    drawn = app_icons.draw(pixels, share=share, corners=corners)
    with Image.open(app_icons.FOLDER / name) as kept:
        apart = ImageChops.difference(kept.convert("RGBA"), drawn)
    # Colours were counted down to 64; a forgotten change of the drawing would move whole shapes.
    assert max(high for _low, high in apart.getextrema()) <= 48
    assert (app_icons.FOLDER / name).stat().st_size <= 8_000


def test_a_maskable_icon_keeps_to_the_part_that_no_shape_cuts_off() -> None:
    pixels, share, corners = app_icons.ICONS["app-512-maskable.png"]
    drawn = app_icons.draw(pixels, share=share, corners=corners).convert("RGB")
    paper = Image.new("RGB", drawn.size, app_icons.PAPER)
    box = ImageChops.difference(drawn, paper).getbbox()
    assert box is not None
    furthest = max(((x - pixels / 2) ** 2 + (y - pixels / 2) ** 2) ** 0.5 for x in box[::2] for y in box[1::2])
    assert furthest <= 0.4 * pixels
