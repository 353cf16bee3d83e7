"""A parent with a printed card, no account and no app: two children, one QR, one transfer, two receipts."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import primary_school, qr, walking
from tests.journeys.bank import Bank
from tests.journeys.conftest import NewPhone
from tests.journeys.primary_school import BOARDING, BOARDING_DONG, HANH, LANH, MEAL_DONG, MEALS, Family, School
from tests.storefront.test_pages_in_a_browser import weight_of_first_view

pytestmark = pytest.mark.processes

HEAVIEST = 50_000  # bytes of a household's page, all that comes with it included
DOES_NOT_FIT = "Mã và số (hoặc tên) này không khớp với nhau."


@pytest.fixture(scope="module", autouse=True)
def _the_books_add_up_afterwards(school: School) -> Iterator[None]:
    yield
    school.audited()


def test_two_children_one_transfer(
    school: School, schools_bank: Bank, parents_phone: NewPhone, browser: Browser
) -> None:
    parent = parents_phone()
    _is_refused(parent, school, HANH, second_factor="0000")
    walking.readable(parent)
    _is_let_in(parent, school, HANH, second_factor=HANH.phone[-4:])
    walking.readable(parent)
    weight, _requests = weight_of_first_view(parents_phone(), school.page_of(HANH))
    assert weight <= HEAVIEST

    code = _chooses_both(parent, HANH)
    walking.readable(parent)
    _the_page_and_both_pictures_ask_for_both(parent, code, HANH)
    _a_stranger_with_the_code_learns_nothing(parents_phone(), code, HANH)
    _money_shows_by_itself(parent, schools_bank, code)
    walking.readable(parent)

    parent.get_by_role("link", name="Về trang của nhà mình").click()
    expect(parent.get_by_text("Không còn khoản nào phải đóng")).to_be_visible()
    walking.readable(parent)
    for child in HANH.children:
        _has_a_receipt(parent, child)
    _every_dong_is_where_it_belongs(school, HANH)


def test_a_phone_without_scripts_gets_as_far_as_paid(
    school: School, schools_bank: Bank, parents_phone: NewPhone
) -> None:
    """And a family whose phone the school does not know: the given name of a child, as anybody types it."""
    parent = parents_phone(scripts=False)
    _is_refused(parent, school, LANH, second_factor="Bảo")
    _is_let_in(parent, school, LANH, second_factor="khoi")
    code = _chooses_both(parent, LANH)
    _the_page_and_both_pictures_ask_for_both(parent, code, LANH)
    expect(parent.get_by_role("link", name="Xem lại tiền đã về chưa")).to_be_visible()
    schools_bank.pays(code)
    expect(parent.get_by_role("heading", name="Đã nhận đủ tiền")).to_be_visible(timeout=20_000)  # it looks every ten
    expect(parent.get_by_role("link", name="Lưu ảnh mã QR")).to_have_count(0)  # nobody is to pay twice
    parent.get_by_role("link", name="Về trang của nhà mình").click()
    expect(parent.get_by_text("Không còn khoản nào phải đóng")).to_be_visible()
    _every_dong_is_where_it_belongs(school, LANH)


def _is_refused(parent: Page, school: School, family: Family, *, second_factor: str) -> None:
    """The page says that card and second factor do not fit, and not which of the two is wrong."""
    card = school.card_of(family)
    walking.open_bills(parent, card, second_factor)
    expect(parent.get_by_role("alert")).to_contain_text(DOES_NOT_FIT)
    expect(parent.get_by_label("Mã trên phiếu hoặc trên thẻ")).to_have_value(card)  # not to be typed again


def _is_let_in(parent: Page, school: School, family: Family, *, second_factor: str) -> None:
    """With the right one; the page shows both children, and no name."""
    parent.get_by_label("4 số cuối điện thoại đã đăng ký").fill(second_factor)
    parent.get_by_role("button", name="Xem các khoản cần đóng").click()
    parent.wait_for_url(f"**{school.page_of(family)}")
    expect(parent.get_by_role("heading", name="Nhà mình cần đóng")).to_be_visible()
    assert walking.dong_in(parent.locator(".amount").first.inner_text()) == family.due_dong
    for child in family.children:
        expect(parent.get_by_text(child.shown).first).to_be_visible()
    for name in family.names:
        assert name not in parent.content()


def _chooses_both(parent: Page, family: Family) -> str:
    """Ticks both bills, asks for one QR; returns its code."""
    for child in family.children:
        parent.get_by_label(child.shown).check()
    parent.get_by_role("button", name="Trả các khoản đã đánh dấu bằng một mã QR").click()
    parent.wait_for_url("**/pay/**")
    return parent.url.rstrip("/").rsplit("/", 1)[-1]


def _the_page_and_both_pictures_ask_for_both(parent: Page, code: str, family: Family) -> None:
    """Text, the QR in the pixels of the screen, and the saved image; and no name on any of it."""
    assert walking.dong_in(walking.copied(parent, "amount")) == family.due_dong
    assert walking.copied(parent, "memo") == code
    assert walking.copied(parent, "bank") == primary_school.SCHOOL.bank_name
    assert walking.copied(parent, "account") == primary_school.SCHOOL.account
    shown = qr.Transfer(
        bin=primary_school.SCHOOL.bin, account=primary_school.SCHOOL.account, dong=family.due_dong, memo=code
    )
    assert qr.read(parent.screenshot(full_page=True)) == shown
    with parent.expect_download() as saving:
        parent.get_by_role("link", name="Lưu ảnh mã QR").click()
    assert qr.read(saving.value.path().read_bytes()) == shown
    _says_nothing_of(parent, family)


def _says_nothing_of(page: Page, family: Family) -> None:
    children = [part for child in family.children for part in (child.initials, child.number, f"lớp {child.section}")]
    for private in (*family.names, *children, *([family.phone] if family.phone else [])):
        assert private not in page.content()


def _a_stranger_with_the_code_learns_nothing(stranger: Page, code: str, family: Family) -> None:
    stranger.goto(f"/pay/{code}/")
    expect(stranger.get_by_role("heading", name="Chưa thấy tiền về")).to_be_visible()
    expect(stranger.get_by_role("link", name="Về trang của nhà mình")).to_have_count(0)
    walking.readable(stranger)
    _says_nothing_of(stranger, family)


def _money_shows_by_itself(parent: Page, bank: Bank, code: str) -> None:
    parent.evaluate("window.sameDocument = true")
    expect(parent.get_by_role("heading", name="Chưa thấy tiền về")).to_be_visible()
    bank.pays(code)
    answered = time.monotonic()  # the webhook has its 200; only the page is waited for
    expect(parent.get_by_role("heading", name="Đã nhận đủ tiền")).to_be_visible()
    print(f"the page said so {time.monotonic() - answered:.1f} s after the bank had its answer")
    assert parent.evaluate("window.sameDocument") is True, "the page was reloaded"


def _has_a_receipt(parent: Page, child: primary_school.Child) -> None:
    """From the household's page to the receipt of one child's bill, and back."""
    sum_words = f"{child.due_dong:,}".replace(",", ".") + "\u00a0₫"
    parent.get_by_role("link", name=re.compile(f"^Biên nhận.*{child.number}$")).click()
    expect(parent.get_by_role("heading", name="Biên nhận")).to_be_visible()
    receipt = parent.locator("main")
    for said in (child.shown, f"Đã nhận đủ {sum_words}", MEALS, BOARDING, f"Chuyển khoản {sum_words}, ngày"):
        expect(receipt).to_contain_text(said)
    walking.readable(parent)
    parent.get_by_role("link", name="Các khoản cần đóng").click()


def _every_dong_is_where_it_belongs(school: School, family: Family) -> None:
    """One transfer, and of each child's bill both items are paid in full."""
    for child in family.children:
        assert school.paid_of(child) == {MEALS: child.meals * MEAL_DONG, BOARDING: BOARDING_DONG}
        assert school.credit_of(child) == 0
    school.audited()
