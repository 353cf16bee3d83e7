"""The pages of trust in a real browser, at the size of a cheap phone; with scripts and without."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from orders.models import Complaint, Order
from payments.models import PaymentRequest
from payments.providers import vietqr, vietqr_images
from tests.payments.conftest import order_bags
from tests.people import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market(live_server: Any, settings: Any) -> tuple[World, str]:
    settings.SITE_URL = live_server.url
    return make_world(), live_server.url


def photo(payload: str, side: int = 3000) -> bytes:
    """As heavy as phones take it."""
    png = Image.open(io.BytesIO(vietqr_images.png(payload, holder="HTX", account="1", bank="B"))).convert("RGB")
    wall = Image.new("RGB", (side, side), (150, 140, 120))
    wall.paste(png.resize((1400, 1400 * png.height // png.width)), (700, 500))
    out = io.BytesIO()
    wall.save(out, "JPEG", quality=92)
    return out.getvalue()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_photo_of_a_poster_is_sent_and_answered(market: tuple[World, str], new_context: Any, scripts: bool) -> None:
    world, url = market
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(f"{url}/check/")
    ours = vietqr.write(bin=world.bank_account.bin, account=world.bank_account.number)
    for payload, said in ((ours, "Đúng là tài khoản của"), (vietqr.write(bin="970422", account="1"), "Không phải")):
        page.set_input_files(
            "input[type=file]", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo(payload)}
        )
        if scripts:  # shrunk before it is sent
            page.wait_for_function("document.querySelector('input[type=file]').files[0].size < 300_000")
        page.get_by_role("button", name="Gửi ảnh để kiểm tra").click()
        expect(page.locator(".verdict__title").first).to_contain_text(said)


def test_the_phone_remembers_its_bank_and_asks_nobody_before_it_is_pressed(
    market: tuple[World, str], page: Any
) -> None:
    world, url = market
    code = PaymentRequest.objects.get(order=order_bags(world)).code
    elsewhere: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(url) else elsewhere.append(request.url))
    page.route("https://dl.vietqr.io/**", lambda route: route.fulfill(body="mở", content_type="text/html"))
    page.goto(f"{url}/pay/{code}/")
    page.get_by_role("link", name="Chọn ngân hàng để mở").click()
    page.wait_for_url("**/app/")
    assert elsewhere == []
    with page.expect_navigation():
        page.get_by_role("link", name="BIDV").click()
    assert elsewhere[0].startswith("https://dl.vietqr.io/pay?app=bidv&ba=0011000123456@vcb&am=150000&tn=" + code)
    page.goto(f"{url}/pay/{code}/")
    expect(page.get_by_role("link", name="Mở BIDV")).to_be_visible()


def test_without_scripts_a_complaint_goes_its_way_and_is_read_again(
    market: tuple[World, str], new_context: Any
) -> None:
    _world, url = market
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{url}/complaints/?of=yen-hoa&about=late")
    page.fill("[name=text]", "Đợi ba ngày chưa thấy hàng.")
    page.fill("[name=name]", "Hoàng Văn Dũng")
    page.fill("[name=phone]", "0912 345 678")
    page.get_by_role("button", name="Gửi khiếu nại").click()
    page.locator(".talk").wait_for()
    complaint = Complaint.objects.get()
    assert complaint.about == "late"
    assert page.url == f"{url}/complaints/{complaint.token}/"
    page.fill("[name=text]", "Có ai đọc không?")
    page.get_by_role("button", name="Gửi thêm").click()
    expect(page.locator(".talk")).to_contain_text("Có ai đọc không?")


def test_without_scripts_an_unpaid_order_is_changed_to_paying_on_receipt(
    market: tuple[World, str], new_context: Any
) -> None:
    world, url = market
    order = order_bags(world)
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{url}/o/{order.token}/")
    page.get_by_role("button", name="Để khi nhận hàng mới trả").click()
    expect(page.get_by_role("button", name="Đổi sang chuyển khoản")).to_be_visible()
    expect(page.locator("main")).to_contain_text("khi nhận hàng")
    assert Order.objects.get().pay_by == "CASH"
    page.get_by_role("button", name="Đổi sang chuyển khoản").click()
    page.wait_for_url("**/pay/CP*/")
    assert Order.objects.get().pay_by == "TRANSFER"
