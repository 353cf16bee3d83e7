"""The treasurer's pages in a real Chromium, on a phone and at a desk: readable by everybody, scripts on and off."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as shop
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from payments import closing, feeds, inbox, settlement, triage
from payments.models import BankTransaction, Feed
from tests.payments.conftest import arrival, request_of
from tests.people import World, make_world
from tests.storefront.desk_walk import order_today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(360, 640), (1280, 800)]
FILE = b"Ngay GD;Dien giai;So phat sinh;Con lai\n14/03/2026;tien ca;150.000;150.000\n15/03/2026;phi;-11.000;139.000\n"


@pytest.fixture
def world(live_server: Any, settings: Any, tmp_path: Any) -> World:
    settings.VAR_DIR = tmp_path
    return make_world()


def comes(world: World, memo: str, dong: int, *, source: str = "sepay:live", **more: Any) -> BankTransaction:
    now = timezone.now()
    written = inbox.write_down(
        arrival=arrival(memo, dong, at=now, account=world.bank_account.number, **more),
        organization=world.organization, bank_account=world.bank_account, source=source, at=now,
    )  # fmt: skip
    assert written.transaction is not None
    return settlement.settle(transaction_id=written.transaction.pk, at=now)


def treasurers(world: World, browser: Browser, live_server: Any, *, size: tuple[int, int], scripts: bool) -> Page:
    """Bình's browser, signed in."""
    client = Client()
    client.force_login(world.treasurer, backend="allauth.account.auth_backends.AuthenticationBackend")
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, base_url=live_server.url
    )
    name = shop.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture(params=SIZES, ids=["phone", "desk"])
def page(request: Any, world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    page = treasurers(world, browser, live_server, size=request.param, scripts=True)
    yield page
    page.context.close()


@pytest.fixture
def plain(world: World, browser: Browser, live_server: Any) -> Iterator[Page]:
    """Without scripts, on a phone."""
    page = treasurers(world, browser, live_server, size=SIZES[0], scripts=False)
    yield page
    page.context.close()


def assert_readable_by_everybody(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than its window"


@pytest.fixture
def addresses(world: World) -> list[str]:
    """Every page of money, each with something on it."""
    cancelled, paid, texted = (order_today(world, 1) for _each in range(3))
    closing.cancel(order_id=cancelled.pk, actor=None, reason="khách gọi hủy", at=timezone.now())
    comes(world, request_of(paid).code, 80_000)
    lines = [
        comes(world, "tien ca", 72_000, reference="FT9"), comes(world, "tien ca nua", 72_000),
        comes(world, request_of(cancelled).code, 75_000), comes(world, "phi", 11_000, direction="out"),
        comes(world, request_of(texted).code, 75_000, source="sms"), comes(world, request_of(paid).code + " x", 75_000),
    ]  # fmt: skip
    told = arrival("tien ca", 72_000, at=timezone.now(), account=world.bank_account.number, reference="FT9")
    inbox.write_down(
        arrival=told, organization=world.organization, bank_account=world.bank_account, source="casso:live",
        at=timezone.now(),
    )  # fmt: skip
    payee: dict[str, Any] = {"payee_bin": "970407", "payee_account": "19033445566", "payee_holder": "NGUYEN THU HA"}
    why: dict[str, Any] = {"reason": "chuyển nhầm", "actor": world.treasurer, "key": None, "at": timezone.now()}
    sent = triage.return_line(transaction_id=comes(world, "nham", 31_000).pk, **payee, **why)
    task = triage.return_line(transaction_id=comes(world, "nham nua", 32_000).pk, **why)
    kinds = {Feed.Provider.SEPAY: "khoa-bi-mat-1", Feed.Provider.SMS: None}
    made = [
        feeds.connect(
            bank_account=world.bank_account, provider=provider, auth=feeds.AUTHS[provider][0], key=key,
            senders="Vietcombank", actor=None, at=timezone.now(),
        )
        for provider, key in kinds.items()
    ]  # fmt: skip
    return [
        "/desk/", "/desk/money/", "/desk/money/?show=today", "/desk/money/?reason=NO_CODE", "/desk/money/?show=all",
        *(f"/desk/money/{line.pk}/" for line in lines), "/desk/money/evidence/", "/desk/refunds/",
        "/desk/refunds/?show=ordered", f"/desk/refunds/{sent.code}/", f"/desk/refunds/{task.code}/",
        f"/desk/refunds/new/?order={paid.number}", "/desk/day/", "/desk/checks/", "/desk/statement/", "/desk/bank/",
        "/desk/bank/connect/", "/desk/bank/connect/sepay/", "/desk/bank/connect/payos/", "/desk/bank/connect/sms/",
        "/desk/bank/connect/stripe/", *(f"/desk/bank/feeds/{feed.pk}/" for feed in made), "/desk/bank/paste/",
    ]  # fmt: skip


def test_every_page_of_money_is_readable_by_everybody(page: Page, addresses: list[str]) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        assert_readable_by_everybody(page)
    assert complaints == []


def test_columns_are_pointed_out_and_the_file_settles(page: Page, world: World) -> None:
    _point_out(page)
    page.get_by_text("2 dòng, khớp từng đồng").wait_for()
    assert_readable_by_everybody(page)
    page.get_by_role("button", name="Ghi 2 dòng này vào sổ").click()
    page.get_by_text("Đã xử lý xong mọi dòng").wait_for()
    assert_readable_by_everybody(page)
    assert BankTransaction.objects.count() == 2


def test_without_scripts_columns_are_pointed_out_too(plain: Page, world: World) -> None:
    _point_out(plain)
    plain.get_by_role("button", name="Ghi 2 dòng này vào sổ").click()
    expect(plain.get_by_text("Đã xử lý xong mọi dòng")).to_be_visible()
    assert BankTransaction.objects.count() == 2


def _point_out(page: Page) -> None:
    page.goto("/desk/statement/")
    page.locator("input[type=file]").set_input_files({"name": "la.csv", "mimeType": "text/csv", "buffer": FILE})
    page.get_by_role("button", name="Ngân hàng khác: tự chọn cột").click()
    page.get_by_label("Số tiền (khi vào và ra chung một cột)").select_option("2")
    page.get_by_label("Số dư sau giao dịch").select_option("3")
    page.get_by_label("Dấu ngăn hàng nghìn").select_option(".")
    page.get_by_role("button", name="Xem thử, chưa ghi gì").click()


def test_a_file_that_still_works_is_looked_at_again_by_itself(page: Page, world: World) -> None:
    _point_out(page)
    page.get_by_role("button", name="Ghi 2 dòng này vào sổ").click()
    page.get_by_text("Đã xử lý xong mọi dòng").wait_for()
    BankTransaction.objects.update(state="NEW")
    page.reload()
    page.get_by_text("Đang khớp: xong 0 trên 2 dòng").wait_for()
    BankTransaction.objects.update(state="NEEDS_YOU")
    page.get_by_text("Đã xử lý xong mọi dòng").wait_for(timeout=10_000)
    assert page.locator("[data-again]").count() == 0


def test_what_is_left_to_split_is_said_while_it_is_typed(page: Page, world: World) -> None:
    line = comes(world, "tien ca", 150_000)
    page.goto(f"/desk/money/{line.pk}/")
    page.get_by_text("Gán cho một khoản, hoặc chia cho nhiều khoản").click()
    said = page.locator("[data-remainder-shown]")
    amounts = page.get_by_label("Số tiền", exact=True)
    amounts.nth(0).fill("90.000")
    expect(said).to_have_text("Còn 60.000\u00a0₫ chưa chia.")
    amounts.nth(1).fill("60000")
    expect(said).to_have_text("Vừa hết, không còn đồng nào.")
    amounts.nth(2).fill("1 000 đ")
    expect(said).to_have_text("Quá 1.000\u00a0₫: nhiều hơn số tiền đã về.")


def test_without_scripts_money_goes_back_and_the_order_is_undone(plain: Page, world: World) -> None:
    line = comes(world, "chuyen nham", 150_000)
    plain.goto(f"/desk/money/{line.pk}/")
    plain.get_by_text("Trả lại 150.000").first.click()
    form = plain.locator("#return form")
    form.get_by_label("Ngân hàng của người nhận").select_option(label="Techcombank")
    form.get_by_label("Số tài khoản người nhận").fill("1903 3445 566")
    form.get_by_label("Tên chủ tài khoản").fill("Nguyễn Thu Hà")
    form.get_by_label("Lý do").fill("khách chuyển nhầm")
    form.get_by_role("button").click()
    expect(plain.locator("#copy-holder")).to_have_text("NGUYEN THU HA")
    with plain.expect_download() as saving:
        plain.get_by_role("link", name="Lưu ảnh mã QR").click()
    assert saving.value.suggested_filename.startswith("VietQR-CP")
    plain.get_by_text("Chưa chuyển: gỡ lệnh trả lại").click()
    plain.get_by_label("Lý do").fill("chưa chuyển")
    plain.get_by_role("button", name="Bỏ lệnh trả 150.000").click()
    expect(plain.get_by_text("Vẫn nợ khoản này như trước")).to_be_visible()


def test_five_groups_stand_in_one_row_and_every_page_is_two_taps_away(plain):
    plain.goto("/desk/")
    groups = plain.get_by_role("navigation", name="Bàn làm việc").get_by_role("link")
    assert one_row(groups, least=44) == 5
    groups.filter(has_text="Tiền").click()
    row = plain.get_by_role("navigation", name="Trong phần Tiền").get_by_role("link")
    assert one_row(row, least=44) == 5
    row.filter(has_text="Sổ ngày").click()
    expect(plain.get_by_role("heading", name="Sổ ngày")).to_be_visible()
    groups.filter(has_text="Khác").click()
    plain.get_by_role("main").get_by_role("link", name="Nhập sao kê").click()
    expect(plain.get_by_role("heading", name="Nhập sao kê ngân hàng")).to_be_visible()
    expect(groups.filter(has_text="Tiền")).to_have_attribute("aria-current", "true")


def one_row(links: Locator, *, least: int) -> int:
    """How many stand beside each other; each high enough for a thumb."""
    expect(links.first).to_be_visible()
    boxes = [box for box in (link.bounding_box() for link in links.all()) if box]
    assert len({round(box["y"]) for box in boxes}) == 1
    assert min(box["height"] for box in boxes) >= least
    return len(boxes)
