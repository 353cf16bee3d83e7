"""Parents write what they like into a transfer; the school's accountant finds whose it is, and takes a mistake back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import walking
from tests.journeys.bank import Bank
from tests.journeys.conftest import NewPhone
from tests.journeys.primary_school import BOARDING, BOARDING_DONG, MAI, MEAL_DONG, MEALS, SEN, Child, School

pytestmark = pytest.mark.processes

HUY, TRAM = MAI.children  # what Huy's bill asks for is what came, and more than Trâm's
KIET, HAN = SEN.children
TOO_MUCH_DONG = HUY.due_dong - TRAM.due_dong


@pytest.fixture(scope="module", autouse=True)
def _the_books_add_up_afterwards(school: School) -> Iterator[None]:
    yield
    school.audited()


def test_a_transfer_without_a_code_is_found_by_name_class_and_sum(
    school: School, schools_bank: Bank, parents_phone: NewPhone, accountant: Page
) -> None:
    """First for the child that the memo names; then the mother calls: it was meant for the other one."""
    parent = parents_phone()
    walking.open_bills(parent, school.card_of(MAI), MAI.phone[-4:])
    _is_due(parent, HUY, TRAM)
    memo = "MBVCB.8812345678.HOANG THI MAI nop tien an cho con DO QUANG HUY.CT tu 0011000000000"
    schools_bank.pays_with_memo(school.code_of(HUY), dong=HUY.due_dong, memo=memo)
    line, state, reason = schools_bank.line_of("DO QUANG HUY")
    assert (state, reason) == ("NEEDS_YOU", "NO_CODE")
    parent.reload()
    _is_due(parent, HUY, TRAM)  # money that nobody understands pays for nobody

    _opens_what_waits(accountant, line, memo)
    for text in ("DO QUANG HUY", "huy 5a", HUY.name, HUY.section, money(HUY.due_dong), MAI.phone[-6:]):
        _searches(accountant, text)
        expect(_offer(accountant, HUY)).to_be_visible()
    _searches(accountant, "DO QUANG HUY")
    expect(accountant.get_by_role("link", name="Chọn khoản này")).to_have_count(
        2
    )  # a namesake in 5B: the class decides
    walking.readable(accountant)
    _assigns(accountant, HUY, why="Nội dung ghi tên cháu, lớp 5A đúng số tiền")
    assert school.paid_of(HUY) == {MEALS: HUY.meals * MEAL_DONG, BOARDING: BOARDING_DONG}

    parent.reload()
    _is_due(parent, TRAM)
    _has_a_receipt(parent, HUY, paid_dong=HUY.due_dong)

    _takes_back(accountant)
    assert school.paid_of(HUY) == {}
    parent.reload()
    _is_due(parent, HUY, TRAM)
    expect(parent.get_by_role("link", name=re.compile("^Biên nhận"))).to_have_count(0)

    _searches(accountant, "tram 2b")
    _assigns(accountant, TRAM, why="Mẹ cháu gọi: tiền này đóng cho cháu Trâm")
    expect(accountant.get_by_text(f"Trong đó thừa {money(TOO_MUCH_DONG)}. Tự trừ vào khoản mới.")).to_be_visible()
    walking.readable(accountant)
    assert school.paid_of(TRAM) == {MEALS: TRAM.meals * MEAL_DONG, BOARDING: BOARDING_DONG}
    assert (school.paid_of(HUY), school.credit_of(TRAM)) == ({}, TOO_MUCH_DONG)

    parent.reload()
    _is_due(parent, HUY)
    expect(parent.get_by_text(f"Còn dư {money(TOO_MUCH_DONG)}. Tự trừ vào khoản mới.")).to_be_visible()
    _has_a_receipt(parent, TRAM, paid_dong=TRAM.due_dong)
    _the_bill_tells_the_whole_story(accountant, HUY)
    school.audited()


def test_two_codes_in_one_memo_are_split_with_one_tap(
    school: School, schools_bank: Bank, parents_phone: NewPhone, accountant: Page
) -> None:
    """She copied both slips into one transfer. The machine proposes; a person decides."""
    parent = parents_phone()
    walking.open_bills(parent, school.card_of(SEN), SEN.phone[-4:])
    _is_due(parent, KIET, HAN)
    memo = f"nop tien cho 2 con {school.code_of(KIET)} {school.code_of(HAN)}"
    schools_bank.pays_with_memo(school.code_of(KIET), dong=SEN.due_dong, memo=memo)
    line, state, reason = schools_bank.line_of(school.code_of(HAN))
    assert (state, reason) == ("NEEDS_YOU", "TWO_CODES")

    _opens_what_waits(accountant, line, memo)
    proposed = accountant.locator("form").filter(has=accountant.get_by_role("button", name="như gợi ý"))
    for child in SEN.children:
        expect(proposed.first).to_contain_text(f"{child.name} · {child.section}")
        expect(proposed.first).to_contain_text(money(child.due_dong))
    walking.readable(accountant)
    accountant.get_by_role("button", name=f"Khớp {money(SEN.due_dong)} như gợi ý").first.click()
    expect(accountant.get_by_text("Đã khớp. Nếu nhầm, bấm gỡ ở ngay bên dưới.")).to_be_visible()
    for child in SEN.children:
        assert school.paid_of(child) == {MEALS: child.meals * MEAL_DONG, BOARDING: BOARDING_DONG}

    parent.reload()
    expect(parent.get_by_text("Không còn khoản nào phải đóng")).to_be_visible()
    for child in SEN.children:
        _has_a_receipt(parent, child, paid_dong=child.due_dong)
    school.audited()


def money(dong: int) -> str:
    """``650.000 ₫`` as every page writes it."""
    return f"{dong:,}".replace(",", ".") + "\u00a0₫"


# -- The parent's phone ------------------------------------------------------------------------------------------


def _is_due(parent: Page, *children: Child) -> None:
    """The household's page asks for these children's bills in full and for nothing else."""
    for child in children:
        ends = rf"{child.due_dong // 1000}\.000\s₫.*{child.number}$"
        expect(parent.get_by_role("link", name=re.compile(f"^Trả .*{ends}"))).to_be_visible()
    asked = parent.get_by_role("main").get_by_role("link", name=re.compile("^Trả "))
    expect(asked).to_have_count(len(children))
    assert walking.dong_in(parent.locator(".amount").first.inner_text()) == sum(child.due_dong for child in children)
    walking.readable(parent)


def _has_a_receipt(parent: Page, child: Child, *, paid_dong: int) -> None:
    """From the household's page to the receipt of one child's bill, and back."""
    parent.get_by_role("link", name=re.compile(f"^Biên nhận.*{child.number}$")).click()
    expect(parent.get_by_role("heading", name="Biên nhận")).to_be_visible()
    receipt = parent.locator("main")
    for said in (child.shown, f"Đã nhận đủ {money(paid_dong)}", f"Chuyển khoản {money(paid_dong)}, ngày"):
        expect(receipt).to_contain_text(said)
    walking.readable(parent)
    parent.get_by_role("link", name="Các khoản cần đóng").click()
    expect(parent.get_by_role("heading", name="Nhà mình cần đóng")).to_be_visible()


# -- The accountant's screen --------------------------------------------------------------------------------------


def _opens_what_waits(accountant: Page, line: int, memo: str) -> None:
    """From her first page of the day to the transfer, which stands there with its memo and the next step."""
    accountant.goto("/biller/")
    waiting = accountant.get_by_role("listitem").filter(has_text=memo)
    walking.readable(accountant)
    waiting.get_by_role("link").first.click()
    accountant.wait_for_url(f"**/desk/money/{line}/")
    expect(accountant.get_by_text(memo).first).to_be_visible()
    walking.readable(accountant)


def _searches(accountant: Page, text: str) -> None:
    form = accountant.get_by_role("search")
    form.get_by_role("searchbox").fill(text)
    form.get_by_role("button", name="Tìm").click()
    expect(accountant.get_by_role("searchbox")).to_have_value(text)


def _offer(accountant: Page, child: Child) -> Locator:
    return accountant.get_by_role("listitem").filter(has_text=f"{child.name} · {child.section} ·")


def _assigns(accountant: Page, child: Child, *, why: str) -> None:
    """What was found, chosen; the form is then filled in but for the reason."""
    _offer(accountant, child).get_by_role("link", name="Chọn khoản này").click()
    form = accountant.locator("form").filter(has=accountant.get_by_role("button", name="Khớp như trên"))
    form.get_by_label("Lý do").fill(why)
    form.get_by_role("button", name="Khớp như trên").click()
    expect(accountant.get_by_text("Đã khớp. Nếu nhầm, bấm gỡ ở ngay bên dưới.")).to_be_visible()
    expect(accountant.get_by_text(f"Khớp với {child.name} · {child.section}").first).to_be_visible()
    walking.readable(accountant)


def _takes_back(accountant: Page) -> None:
    accountant.get_by_role("button", name="Gỡ khớp").click()
    expect(accountant.get_by_text("Đã gỡ. Khoản tiền này lại chờ xử lý.")).to_be_visible()
    expect(accountant.get_by_text("Đã gỡ ngày")).to_be_visible()  # what was done stays visible
    walking.readable(accountant)


def _the_bill_tells_the_whole_story(accountant: Page, child: Child) -> None:
    """On the bill that was paid by mistake: what came, that it was taken back, and that all of it is due again."""
    accountant.get_by_role("link", name=re.compile(f"^{child.name}")).first.click()
    expect(accountant.get_by_role("heading", name=child.name)).to_be_visible()
    expect(accountant.get_by_text("đã gỡ")).to_be_visible()
    assert walking.dong_in(accountant.locator(".amount").first.inner_text()) == child.due_dong
    walking.readable(accountant)
