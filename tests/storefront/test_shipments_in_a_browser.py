"""A parcel in a real browser at the size of a cheap phone: the clerk sends it, its buyer says that it came."""

from typing import Any

import pytest
from django.conf import settings as shop
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from orders.models import Order, Shipment
from payments import cash
from tests.catalog.test_pictures import drawn, encoded
from tests.payments.carrier_world import packed
from tests.payments.conftest import request_of
from tests.people import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server: Any, settings: Any, tmp_path: Any) -> World:
    settings.VAR_DIR = tmp_path
    return make_world()


def clerks(world: World, browser: Browser, url: str, *, scripts: bool) -> Page:
    client = Client()
    client.force_login(world.clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, java_script_enabled=scripts, base_url=url
    )  # fmt: skip
    name = shop.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    return context.new_page()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_coach_to_her_hands(world: World, browser: Browser, live_server: Any, scripts: bool) -> None:
    order = packed(world)
    asked = request_of(order)
    cash.receive(code=asked.code, amount_dong=asked.due_dong, actor=world.clerk, key="c", at=world.now)
    page = clerks(world, browser, live_server.url, scripts=scripts)
    page.goto(f"/desk/orders/{order.number}/")
    page.get_by_role("link", name="Gửi hàng").click()
    page.get_by_role("link", name="Gửi xe khách").click()
    page.get_by_label("Biển số xe").fill("35B-123.45")
    page.get_by_label("Điện thoại lái xe, phụ xe").fill("0912 345 679")
    picture = {"name": "goi.jpg", "mimeType": "image/jpeg", "buffer": encoded(drawn(800, 1000), "JPEG")}
    page.get_by_label("Ảnh gói hàng").set_input_files(picture)
    page.get_by_role("button", name="Gửi đi ngay").click()
    expect(page.get_by_alt_text("Ảnh gói hàng lúc gửi")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360 if scripts else True

    hers = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=scripts).new_page()
    hers.goto(f"{live_server.url}/o/{order.token}/")
    expect(hers.get_by_role("link", name="Gọi nhà xe")).to_have_attribute("href", "tel:+84912345679")
    hers.get_by_role("button", name="Đã nhận hàng").click()
    expect(hers.get_by_text("Cảm ơn bà con")).to_be_visible()
    assert Shipment.objects.get().state == Shipment.State.DELIVERED
    assert Order.objects.get(pk=order.pk).state == Order.State.ACCEPTED
    page.context.close()
    hers.context.close()
