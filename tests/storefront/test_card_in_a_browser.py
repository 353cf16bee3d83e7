"""From the payment page to Stripe's (played here) and back, in a real Chromium at 360×640, scripts on and off."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from payments import cards
from payments.models import Feed, PaymentLink, PaymentRequest
from tests.outside.fake_stripe import NO_FUNDS, FakeStripe, fake_stripe
from tests.payments.cards_world import deliver
from tests.payments.conftest import order_bags, request_of
from tests.people import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fake(live_server: Any, settings: Any) -> Iterator[FakeStripe]:
    now = int(datetime.now(UTC).timestamp())
    with fake_stripe(now=now, secret_key="sk_live_fake") as running:
        settings.STRIPE_API_BASE, settings.SITE_URL = running.address, live_server.url
        yield running


@pytest.fixture
def world(fake: FakeStripe) -> World:
    return make_world()


@pytest.fixture
def feed(world: World, fake: FakeStripe) -> Feed:
    return cards.connect(
        organization=world.organization, secret_key=fake.secret_key, webhook_secret=fake.webhook_secret, actor=None,
        at=world.now,
    )  # fmt: skip


@pytest.fixture
def asked(world: World, feed: Feed) -> PaymentRequest:
    return request_of(order_bags(world, 2, at=datetime.now(UTC)))


def is_readable(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "something is wider than the phone"


def test_to_stripe_and_back_and_awake_when_the_money_is_confirmed(
    live_server: Any, fake: FakeStripe, feed: Feed, asked: PaymentRequest, page: Page
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/pay/{asked.code}/")
    is_readable(page)
    page.get_by_role("button", name="Trả bằng thẻ").click()
    page.wait_for_url(f"{fake.address}/c/pay/*")
    page.get_by_role("button", name="Pay").click()
    page.wait_for_url(f"{live_server.url}/pay/{asked.code}/card/")
    page.get_by_role("heading", name="Đang chờ bên nhận thẻ xác nhận").wait_for()
    is_readable(page)
    assert page.get_by_text("Đã nhận đủ tiền").count() == 0
    assert set(deliver(fake, feed)) == {200}
    page.get_by_role("heading", name="Đã nhận đủ tiền").wait_for()
    is_readable(page)
    assert complaints == []


def test_the_same_without_scripts_and_with_a_card_that_is_declined(
    live_server: Any, fake: FakeStripe, feed: Feed, asked: PaymentRequest, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{live_server.url}/pay/{asked.code}/")
    page.get_by_role("button", name="Trả bằng thẻ").click()
    page.wait_for_url(f"{fake.address}/c/pay/*")
    page.get_by_label("Card").fill(NO_FUNDS)
    page.get_by_role("button", name="Pay").click()
    page.get_by_role("link", name="Back").click()
    deliver(fake, feed)
    page.goto(f"{live_server.url}/pay/{asked.code}/")
    page.get_by_text("Thẻ không đủ tiền").wait_for()
    page.get_by_role("button", name="Trả bằng thẻ").click()
    page.wait_for_url(f"{fake.address}/c/pay/*")
    page.get_by_role("button", name="Pay").click()
    page.wait_for_url(f"{live_server.url}/pay/{asked.code}/card/")
    page.get_by_text("Đang chờ bên nhận thẻ xác nhận").wait_for()
    deliver(fake, feed)
    page.reload()
    page.get_by_text("Đã nhận đủ tiền").wait_for()
    context.close()
    assert PaymentLink.objects.get().state == "paid"
