"""Two parcels to an old commune, paid at the door: one is taken, one comes back; the money comes in two parts."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import walking
from tests.journeys.bank import Bank
from tests.journeys.conftest import NewPhone
from tests.market import Market

pytestmark = pytest.mark.processes

FISH, BAG, BAG_DONG = "Cá chạch sấy khô", "Gói 200 g", 92_500
POST, POSTAGE_DONG = "Bưu điện Yên Mô", 22_000
COD_DONG = 2 * BAG_DONG + POSTAGE_DONG
FEE_DONG, FEE_BACK_DONG, SHORT_DONG = 15_000, 9_000, 10_000
BROUGHT_DONG = COD_DONG - FEE_DONG - FEE_BACK_DONG
AN = "Nguyễn Thị An"
AN_DONG, AN_BAG_DONG = 166_500, 83_250  # the cooperative keeps 10 % of fish
NEW, OLD = "xã Yên Mô, tỉnh Ninh Bình", "xã Yên Hòa, huyện Yên Mô, Ninh Bình"


@pytest.fixture(autouse=True)
def _the_books_add_up_afterwards(market: Market) -> object:
    yield
    assert market.audit()["unexplained_dong"] == 0


def test_parcels_to_an_old_commune_and_the_money_that_the_post_brings(
    market: Market, bank: Bank, new_phone: NewPhone
) -> None:
    before_dong = _owed_to_an(market)
    men, sinh = new_phone(), new_phone(scripts=False)
    taken, refused = _orders_by_post(men, name="Tạ Thị Mến"), _orders_by_post(sinh, name="Lương Văn Sinh", typed=False)

    clerk = new_phone()
    walking.sign_in_by_card(clerk, "nhân viên")
    first, second = f"EB{taken[-4:]}1VN", f"EB{refused[-4:]}2VN"
    for number, tracking in ((taken, first), (refused, second)):
        _packs_and_posts(clerk, number, tracking)
    men.reload()
    expect(men.get_by_text(first).first).to_be_visible()
    assert _owed_to_an(market) == before_dong  # on its way: nobody has earned anything yet

    _is_given_to_her(clerk, first)
    assert _owed_to_an(market) == before_dong + AN_DONG
    men.reload()
    expect(men.get_by_text("Đã giao và trả tiền")).to_be_visible()
    _comes_back(clerk, second)
    sinh.reload()
    expect(sinh.get_by_role("heading", name=f"Đơn {refused}")).to_be_visible()
    assert _owed_to_an(market) == before_dong + AN_DONG

    treasurer = new_phone()
    walking.sign_in_by_card(treasurer, "thủ quỹ")
    code = _writes_the_list(treasurer, first, second)
    bank.pays(code, BROUGHT_DONG - SHORT_DONG)
    treasurer.reload()
    assert walking.dong_in(treasurer.locator(".amount").first.inner_text()) == SHORT_DONG
    walking.readable(treasurer)
    bank.pays(code)  # what is still missing
    treasurer.reload()
    expect(treasurer.get_by_text("đã về đủ").first).to_be_visible()
    expect(treasurer.get_by_role("link", name="Lưu ảnh mã QR")).to_have_count(0)
    treasurer.goto("/desk/cod/?show=all")
    nowhere = treasurer.get_by_role("row").filter(has_text="Chưa rõ ở đâu")
    assert walking.dong_in(nowhere.get_by_role("cell").inner_text()) == 0
    walking.readable(treasurer)

    refund = _takes_a_bag_back(treasurer, taken)
    assert _owed_to_an(market) == before_dong + AN_DONG - AN_BAG_DONG
    bank.pays(refund)  # the line that leaves the account closes it
    treasurer.reload()
    expect(treasurer.get_by_text("đã trả", exact=True).first).to_be_visible()
    men.reload()
    expect(men.get_by_text("92.500\u00a0₫").first).to_be_visible()
    walking.readable(men)


# -- The buyers' phones ------------------------------------------------------------------------------------------


def _orders_by_post(buyer: Page, *, name: str, typed: bool = True) -> str:
    """Two bags by post, paid at the door, to a commune by the name that it had. Returns the order's number.

    ``typed``: chosen from what is offered while typing; else the page is asked, as a phone without scripts does.
    """
    walking.put_in_basket(buyer, FISH, "2", variant=BAG)
    buyer.get_by_role("link", name=re.compile("^Đi tới đặt hàng")).click()
    buyer.get_by_label("Tên người nhận").fill(name)
    buyer.get_by_label("Số điện thoại").fill("0900 000 611" if typed else "0900 000 612")
    buyer.get_by_label(re.compile("^Gửi bưu điện")).check()
    commune = buyer.get_by_label("Xã, phường", exact=True).first
    commune.fill("yen hoa yen mo")
    if typed:
        buyer.get_by_role("option", name=re.compile(f"^{NEW}")).click()
    buyer.get_by_label(re.compile("^Thôn, xóm")).fill("Xóm Trung")
    buyer.get_by_label("Ở gần đâu").fill("cổng xanh, cạnh ao")
    buyer.get_by_label(re.compile("^Trả tiền khi nhận hàng")).check()
    order = buyer.get_by_role("button", name=re.compile("^Đặt hàng"))
    if typed:
        expect(order).to_contain_text("207.000")
        walking.readable(buyer)
    order.click()
    if not typed:  # the sum with its postage is shown before anything is ordered
        expect(buyer.get_by_text("Tiền gửi 22.000\u00a0₫").first).to_be_visible()
        expect(buyer.get_by_text(f"trước 7/2025: {OLD}").first).to_be_visible()
        buyer.get_by_role("button", name=re.compile("^Đặt hàng.*207.000")).click()
    buyer.wait_for_url("**/o/**")
    expect(buyer.get_by_text("Trả 207.000\u00a0₫ khi nhận hàng")).to_be_visible()
    expect(buyer.get_by_text(re.compile(f"Xóm Trung, cổng xanh, cạnh ao, {NEW}")).first).to_contain_text(OLD)
    heading = buyer.get_by_role("heading", name=re.compile("^Đơn DH-")).inner_text()
    return heading.removeprefix("Đơn ").strip()


# -- The desk ----------------------------------------------------------------------------------------------------


def _packs_and_posts(clerk: Page, number: str, tracking: str) -> None:
    clerk.goto(f"/desk/orders/{number}/")
    clerk.get_by_role("button", name="Đã gói xong").click()
    expect(clerk.get_by_role("button", name="Đã gói xong")).to_have_count(0)
    clerk.get_by_role("link", name="Gửi hàng").click()
    expect(clerk.get_by_text("207.000\u00a0₫").first).to_be_visible()  # who carries it collects this
    walking.readable(clerk)
    clerk.get_by_label(re.compile("^Mã vận đơn")).fill(tracking)
    clerk.get_by_role("button", name="Gửi đi ngay").click()
    expect(clerk.get_by_role("heading", name=f"Kiện {tracking}")).to_be_visible()
    expect(clerk.get_by_role("button", name="Đã tới tay người mua")).to_be_visible()
    walking.readable(clerk)


def _parcel(page: Page, tracking: str) -> None:
    page.goto("/desk/shipments/")
    page.get_by_role("link", name="Đang trên đường").click()
    page.get_by_role("link", name=re.compile(tracking)).first.click()
    expect(page.get_by_role("heading", name=f"Kiện {tracking}")).to_be_visible()


def _is_given_to_her(clerk: Page, tracking: str) -> None:
    _parcel(clerk, tracking)
    clerk.get_by_role("button", name="Đã tới tay người mua").click()
    expect(clerk.get_by_text("đã thu 207.000\u00a0₫")).to_be_visible()


def _comes_back(clerk: Page, tracking: str) -> None:
    """Nobody took it; the bags are good still."""
    _parcel(clerk, tracking)
    clerk.get_by_text("Hàng đã về lại đây").click()
    clerk.locator("form").filter(has_text="Ghi hàng đã về").get_by_label("Lý do").fill("Không nghe máy, hẹn hai lần")
    clerk.get_by_role("button", name="Ghi hàng đã về").click()
    expect(clerk.get_by_role("button", name="Ghi hàng đã về")).to_have_count(0)


def _writes_the_list(treasurer: Page, first: str, second: str) -> str:
    """As the post tells it: one collected, one came back and costs its way. Returns the code of the list."""
    treasurer.goto("/desk/cod/new/")
    treasurer.get_by_label("Ai mang tiền về").fill(POST)
    treasurer.get_by_label(re.compile("^Mỗi dòng một kiện")).fill(
        f"{first}; 207.000; {FEE_DONG}\n{second}; 0; {FEE_BACK_DONG}\nEB00000000VN; 50.000; 0"
    )
    treasurer.get_by_role("button", name=re.compile("^Đọc ")).click()
    stranger = treasurer.get_by_role("row").filter(has_text="EB00000000VN")
    expect(stranger).to_be_visible()  # a parcel that is not ours is said before anything is written
    walking.readable(treasurer)
    treasurer.get_by_label(re.compile("^Mỗi dòng một kiện")).fill(
        f"{first}; 207.000; {FEE_DONG}\n{second}; 0; {FEE_BACK_DONG}"
    )
    treasurer.get_by_role("button", name=re.compile("^Đọc ")).click()
    expect(treasurer.get_by_role("row").filter(has_text="EB00000000VN")).to_have_count(0)
    treasurer.get_by_role("button", name=re.compile("^Lập bảng kê")).click()
    expect(treasurer.get_by_role("heading", name=f"Bảng kê của {POST}")).to_be_visible()
    assert walking.dong_in(treasurer.locator(".amount").first.inner_text()) == BROUGHT_DONG
    return _last_of(treasurer.url)


def _takes_a_bag_back(treasurer: Page, number: str) -> str:
    """It leaks: thrown away, its price goes back by transfer. Returns the code of the refund, ordered at the bank."""
    treasurer.goto(f"/desk/orders/{number}/")
    treasurer.get_by_role("link", name="Nhận hàng trả lại").click()
    treasurer.get_by_label(re.compile("^Trả lại bao nhiêu")).fill("1")
    treasurer.get_by_label("bỏ đi").check()
    treasurer.get_by_label(re.compile("^Vì sao trả lại")).fill("Một gói bị hở, cá ỉu")
    treasurer.get_by_text("Tài khoản của người mua").click()
    treasurer.get_by_label(re.compile("^Ngân hàng của người nhận")).select_option(label="Vietcombank")
    treasurer.get_by_label(re.compile("^Số tài khoản người nhận")).fill("0000000000611")
    treasurer.get_by_label(re.compile("^Tên chủ tài khoản")).fill("TA THI MEN")
    treasurer.get_by_role("button", name="Xem ai chịu bao nhiêu").click()
    sums = treasurer.get_by_role("region", name="Ai chịu bao nhiêu")
    expect(sums).to_contain_text(re.compile(rf"{AN}\s*83.250"))
    expect(sums).to_contain_text(re.compile(r"Phần hợp tác xã giữ\s*9.250"))
    walking.readable(treasurer)
    treasurer.get_by_role("button", name=re.compile("^Nhận lại, nợ người mua 92.500")).click()
    treasurer.wait_for_url("**/desk/refunds/**")
    return _last_of(treasurer.url)


def _last_of(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1]


# -- What stands in the books --------------------------------------------------------------------------------------


def _owed_to_an(market: Market) -> int:
    """All that the books owe her, đồng."""
    [(dong,)] = market.rows(
        "SELECT COALESCE(SUM(l.credits - l.debits), 0) FROM cooperatives_ledgeraccount l"
        " JOIN cooperatives_member m ON l.subject = 'member:' || m.id JOIN cooperatives_user u ON u.id = m.user_id"
        " WHERE l.kind = 'owed_to_members' AND u.name = %s",
        AN,
    )
    return int(dong)
