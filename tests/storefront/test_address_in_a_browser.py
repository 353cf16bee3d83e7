"""To a hamlet without street names: an old name, one tap, and the sum changes before anything is agreed to."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cooperatives.models import Organization
from orders.models import Order, ShippingRate
from tests.journeys.walking import readable
from tests.people import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(live_server: Any, new_context: Callable[..., BrowserContext]) -> BrowserContext:
    world = make_world()
    Organization.objects.filter(pk=world.organization.pk).update(commune_code="14701", commune_name="Yên Mô")
    for zone, price_dong in (("province", 22_000), ("anywhere", 35_000)):
        ShippingRate.objects.create(
            organization=world.organization, way="POST", zone=zone, up_to_g=2_000, price_dong=price_dong,
            position=price_dong,
        )  # fmt: skip
    here = {"latitude": 20.162, "longitude": 106.0}
    return new_context(base_url=live_server.url, service_workers="block", geolocation=here, permissions=["geolocation"])


def to_checkout(page: Page) -> None:
    page.goto("/p/ca-chach-say-kho/")
    page.get_by_role("button", name="Thêm vào giỏ").first.click()
    page.wait_for_url("**/basket/")
    page.goto("/checkout/", wait_until="networkidle")


def test_an_old_name_is_enough_and_the_phone_remembers_where(phone: BrowserContext) -> None:
    page = phone.new_page()
    to_checkout(page)
    expect(page.get_by_label("Ở gần đâu")).to_be_hidden()  # nothing is asked of whoever fetches
    page.get_by_label("Gửi bưu điện").check()
    commune = page.get_by_role("combobox", name="Xã, phường")
    commune.press_sequentially("yen hoa yen m")
    page.get_by_role("option", name="xã Yên Mô").click()
    expect(page.get_by_role("button", name="Đặt hàng: 97.000")).to_be_visible()
    expect(page.get_by_text("trước 7/2025: xã Yên Hòa, huyện Yên Mô")).to_be_visible()
    expect(page.get_by_label("Tỉnh, thành phố")).to_have_value("37")
    readable(page)
    page.get_by_label("Tên người nhận").fill("Hoàng Văn Dũng")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_label("Thôn, xóm").fill("Xóm 3, thôn Nộn Khê")
    page.get_by_text("Ghim vị trí").click()
    page.get_by_role("button", name="Ghim chỗ tôi đang đứng").click()
    expect(page.get_by_label("Mã vị trí")).to_have_value("7PG85262+R2")
    page.get_by_role("button", name="Đặt hàng:").click()
    page.wait_for_url("**/pay/CP*/")
    order = Order.objects.get()
    assert (order.commune_code, order.former_name, order.plus_code, order.total_dong) == (
        "14701", "xã Yên Hòa, huyện Yên Mô, Ninh Bình", "7PG85262+R2", 97_000,
    )  # fmt: skip

    to_checkout(page)
    page.get_by_label("Gửi bưu điện").check()
    expect(page.get_by_label("Thôn, xóm")).to_have_value("Xóm 3, thôn Nộn Khê")
    expect(commune).to_have_value("xã Yên Mô, tỉnh Ninh Bình")
    expect(page.get_by_role("button", name="Đặt hàng: 97.000")).to_be_visible()
