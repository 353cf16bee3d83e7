"""The first whole walk: from the shop to what the member who dried the fish is owed."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import qr, walking
from tests.journeys.bank import Bank
from tests.journeys.conftest import NewPhone
from tests.market import Market

pytestmark = pytest.mark.processes

FISH, BAG, PRICE_DONG = "Cá chạch sấy khô", "Gói 200 g", 92_500
TOTAL_DONG = 2 * PRICE_DONG
KEPT_DONG, OWED_DONG = 18_500, 166_500  # the cooperative keeps 10 % of fish
TOTAL = "185.000\u00a0₫"
VIETCOMBANK = "970436"  # its number at NAPAS


def test_from_the_shop_to_a_members_income(market: Market, bank: Bank, new_phone: NewPhone) -> None:
    buyer = new_phone()
    code = _buys_two_bags(buyer)
    _the_page_and_both_pictures_say_the_same(buyer, code)
    _money_shows_by_itself(buyer, bank, code)

    treasurer = new_phone()
    walking.sign_in_by_card(treasurer, "thủ quỹ")
    expect(treasurer.get_by_text("Chênh lệch chưa giải thích")).to_be_visible()
    expect(treasurer.locator(".unexplained")).to_contain_text("0\u00a0₫")
    expect(treasurer.get_by_text(re.compile(code)).first).to_be_visible()  # the arrival, with its memo
    number = _hands_over(treasurer, code, market)

    buyer.get_by_role("link", name="Xem đơn hàng").click()
    expect(buyer.get_by_role("heading", name=f"Đơn {number}")).to_be_visible()
    expect(buyer.get_by_text(f"Đã nhận đủ {TOTAL}")).to_be_visible()

    _the_member_sees_it(new_phone(), market)
    assert market.audit()["unexplained_dong"] == 0


def test_a_phone_without_scripts_gets_as_far_as_paid(bank: Bank, new_phone: NewPhone) -> None:
    buyer = new_phone(scripts=False)
    code = _buys_two_bags(buyer)
    _the_page_and_both_pictures_say_the_same(buyer, code)
    # The page opens itself again every ten seconds, and has no link any more once it is paid: too quick to be tapped.
    expect(buyer.get_by_role("link", name="Xem lại tiền đã về chưa")).to_have_attribute("href", "")
    bank.pays(code)
    page, buyer = buyer, buyer.context.new_page()
    buyer.goto(page.url)
    expect(buyer.get_by_role("heading", name="Đã nhận đủ tiền")).to_be_visible()
    expect(buyer.get_by_role("link", name="Lưu ảnh mã QR")).to_have_count(0)  # nobody is to pay twice


def _buys_two_bags(buyer: Page) -> str:
    walking.put_in_basket(buyer, FISH, "2", variant=BAG)
    expect(buyer.get_by_text(TOTAL).first).to_be_visible()
    return walking.check_out(buyer, name="Nguyễn Văn Thử", phone="0900 000 301", note="Gọi trước")


def _the_page_and_both_pictures_say_the_same(buyer: Page, code: str) -> None:
    """Text, words, the QR in the pixels of the screen, and the saved image."""
    expect(buyer.get_by_text("Một trăm tám mươi lăm nghìn đồng").first).to_be_visible()
    assert walking.dong_in(walking.copied(buyer, "amount")) == TOTAL_DONG
    assert walking.copied(buyer, "memo") == code
    assert walking.copied(buyer, "bank") == "Vietcombank"
    account = walking.copied(buyer, "account")
    shown = qr.Transfer(bin=VIETCOMBANK, account=account, dong=TOTAL_DONG, memo=code)
    assert qr.read(buyer.screenshot(full_page=True)) == shown
    with buyer.expect_download() as saving:
        buyer.get_by_role("link", name="Lưu ảnh mã QR").click()
    saved = saving.value
    assert saved.suggested_filename == f"VietQR-{code}.png"
    assert qr.read(saved.path().read_bytes()) == shown
    for private in (
        "Nguyễn Văn Thử",
        "Nộn Khê",
        "0900 000 301",
        FISH,
    ):  # a code is short: who guesses one learns nothing
        assert private not in buyer.content()
    expect(buyer.locator("main")).to_contain_text("DEMO")


def _money_shows_by_itself(buyer: Page, bank: Bank, code: str) -> None:
    buyer.evaluate("window.sameDocument = true")
    expect(buyer.get_by_role("heading", name="Chưa thấy tiền về")).to_be_visible()
    bank.pays(code)
    answered = time.monotonic()  # the webhook has its 200; only the page is waited for
    expect(buyer.get_by_role("heading", name="Đã nhận đủ tiền")).to_be_visible()
    print(f"the page said so {time.monotonic() - answered:.1f} s after the bank had its answer")
    assert buyer.evaluate("window.sameDocument") is True, "the page was reloaded"


def _hands_over(treasurer: Page, code: str, market: Market) -> str:
    """From the desk's queue: pack, give. Returns the order's number."""
    [(number,)] = market.rows(
        "SELECT o.number FROM orders_order o JOIN payments_paymentrequest r ON r.order_id = o.id WHERE r.code = %s",
        code,
    )
    treasurer.get_by_role("link", name=re.compile("Đơn hàng")).first.click()
    treasurer.get_by_role("link", name=number).click()
    treasurer.get_by_role("button", name="Đã gói xong").click()
    treasurer.get_by_role("button", name="Đã giao cho khách").click()
    shares = treasurer.locator("#shares")
    expect(shares).to_contain_text("Nguyễn Thị An")
    expect(shares).to_contain_text("18.500")
    expect(shares).to_contain_text("166.500")
    return str(number)


def _the_member_sees_it(member: Page, market: Market) -> None:
    walking.sign_in_by_card(member, "thành viên")
    sale = member.get_by_role("row").filter(has_text=f"{FISH}, gói 200 g").first
    for part in ("2\u00a0gói", TOTAL, "18.500\u00a0₫", "166.500\u00a0₫"):
        expect(sale).to_contain_text(part)
    [(owed_dong,)] = market.rows(
        "SELECT SUM(p.amount_dong) FROM cooperatives_posting p JOIN cooperatives_ledgeraccount a ON a.id = p.credit_id"
        " WHERE a.kind = 'owed_to_members' AND a.subject = (SELECT 'member:' || m.id FROM cooperatives_member m"
        " JOIN cooperatives_user u ON u.id = m.user_id WHERE u.name = 'Nguyễn Thị An')"
    )
    expect(member.locator("main")).to_contain_text(f"{owed_dong:,}".replace(",", "."))
    expect(member.locator("svg.bars rect").first).to_be_visible()
    expect(member.get_by_text("Mức trước khi tham gia").first).to_be_visible()
