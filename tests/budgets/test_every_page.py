"""Every page of the site: valid HTML, readable by everybody, no wider than the phone, asking nobody else's server."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.budgets.conftest import Site

pytestmark = pytest.mark.timeout(600)  # the first one founds the market and asks for every page
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Names of the URL conf that answer no page to a GET, and what they answer. A new name that is neither here nor a page
# fails below: give it something to show in arguments.py. "forms only" says itself.
NO_PAGES = {
    "graphql": "forms only",
    "healthz": "application/json",
    "readyz": "?",  # no worker runs in this market
    "metrics": "text/plain",
    "worker": "text/javascript",
    "manifest": "application/manifest+json",
    "photo": "image/webp",
    "face": "image/webp",
    "product-picture": "image/jpeg",
    "shop-picture": "image/jpeg",
    "product-poster": "application/pdf",
    "desk-poster-product": "application/pdf",
    "desk-poster-shop": "application/pdf",
    "desk-poster-account": "application/pdf",
    "sitemap": "application/xml",
    "robots": "text/plain",
    "pay-qr-png": "image/png",
    "pay-qr-svg": "image/svg+xml",
    "pay-status": "application/json",
    "after-sign-in": "elsewhere",
    "pay-card": "elsewhere",  # the demo takes no cards: storefront/test_card_in_a_browser.py looks at that page
    "desk-refund-qr": "image/png",
    "desk-lot-labels": "application/pdf",
    "desk-packing-fetch": "application/pdf",
    "desk-packing-pack": "application/pdf",
    "desk-shipment-photo": "image/jpeg",
    "places-communes": "application/json",
    "biller-run-change": "elsewhere",
    "biller-slips": "application/pdf",
    "biller-class-list": "application/pdf",
    "biller-cards": "application/pdf",
    "biller-card": "application/pdf",
    "biller-receipt": "application/pdf",
    "desk-cash-slip": "application/pdf",
    "desk-cod-differences": XLSX,
    "desk-cod-qr": "image/png",
    "biller-paid-receipt": "application/pdf",
    "biller-export": XLSX,
    "biller-import-faults": XLSX,
}


def test_every_address_is_a_page_or_known_to_be_none(site: Site) -> None:
    unknown = {name: why for name, why in site.others.items() if why != "forms only" and NO_PAGES.get(name) != why}
    assert unknown == {}, "find them something to show in arguments.py, or say here what they are"
    gone = NO_PAGES.keys() - site.others.keys()
    assert gone == set(), "these are pages now, or gone: take them off the list"


def test_every_page_is_valid_html(site: Site, tools: Path, java: str) -> None:
    """One start of the W3C's checker reads all of them, in both languages."""
    jar = tools / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    files = [name for page in site.pages for name in page["files"]]
    command = [java, "-jar", str(jar), "--errors-only", "--format", "json", *files]
    said = subprocess.run(command, cwd=site.folder, capture_output=True, text=True, timeout=400)
    wrong = [f"{Path(one['url']).name}: {one['message']}" for one in json.loads(said.stderr)["messages"]]
    assert wrong == [], "\n".join(wrong[:40])


@pytest.fixture
def browsers(site: Site, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[dict[str, BrowserContext]]:
    """One browser for each person."""
    opened = {}
    for who in {page["who"] for page in site.pages}:
        context = opened[who] = browser.new_context(
            **{**browser_context_args, "base_url": site.market.url, "service_workers": "block"}
        )
        if who in site.sessions:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": site.sessions[who], "url": site.market.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
    yield opened
    for context in opened.values():
        context.close()


def test_every_page_is_readable_by_everybody(site: Site, browsers: dict[str, BrowserContext]) -> None:
    """axe on each, everything unfolded, by day; what guests see by night too, as far as night can change it."""
    wrong: list[str] = []
    for who, context in browsers.items():
        page = _watched(context.new_page(), site, wrong)
        for one in (one for one in site.pages if one["who"] == who):
            wrong.extend(_looked_at(page, one, by_night=who == "guest"))
    assert wrong == [], "\n".join(wrong)


def _watched(page: Page, site: Site, wrong: list[str]) -> Page:
    """Script errors and questions to other hosts go into ``wrong``."""
    ours = (f"{site.market.url}/", "data:", "blob:")
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(ours) else wrong.append(f"asks {asked.url}"))
    return page


def _looked_at(page: Page, one: dict[str, Any], *, by_night: bool) -> Iterator[str]:
    page.emulate_media(color_scheme="light")
    answer = page.goto(one["path"])
    assert answer is not None
    if answer.status != one["status"]:
        yield f"{one['name']} {one['path']}: {answer.status}"
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    yield from _violations(page, one, "by day", {})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 360:
        yield f"{one['name']} {one['path']}: {wide} px wide"
    if by_night:
        page.emulate_media(color_scheme="dark")
        page.evaluate("document.getAnimations().forEach((one) => one.finish())")  # no colour half way to another
        yield from _violations(page, one, "by night", {"runOnly": ["color-contrast"]})


def _violations(page: Page, one: dict[str, Any], when: str, options: dict[str, Any]) -> Iterator[str]:
    """Only what is wrong is described: what is right, too, would take as long again."""
    for found in Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]:
        where = "; ".join(re.sub(r"\s+", " ", node["html"])[:160] for node in found["nodes"][:3])
        yield f"{one['name']} {one['path']} {when}: {found['id']}: {where}"
