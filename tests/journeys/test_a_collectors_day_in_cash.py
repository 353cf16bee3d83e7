"""A day of cash at the demo's school: found by name, taken, taken back, handed over, counted, banked; the books add up.

Real browsers, server and worker. The collector has a phone without scripts, the treasurer one with them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import walking
from tests.journeys.bank import Bank
from tests.journeys.conftest import NewPhone
from tests.market import Market

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def _the_books_add_up_in_the_evening(market: Market) -> Iterator[None]:
    yield
    for answer in market.printed("books", "audit"):
        assert answer["unexplained_dong"] == 0, answer
        assert set(answer["checks"].values()) == {"ok"}, answer


@dataclass(frozen=True)
class Pupil:
    number: str
    name: str
    code: str
    due_dong: int


@pytest.fixture
def pupils(market: Market) -> list[Pupil]:
    """Three who have exactly one open bill, without a brother or sister, none of it paid."""
    rows = market.rows(
        "SELECT a.number, a.name, MIN(r.code), SUM(r.asked_dong - r.credited_dong)"
        " FROM payments_paymentrequest r JOIN payments_billingaccount a ON a.id = r.account_id"
        " JOIN cooperatives_organization o ON o.id = r.organization_id"
        " WHERE o.bills_for = 'school' AND r.bill_id IS NOT NULL AND r.state = 'waiting'"
        " AND r.asked_dong > 100000 AND (SELECT COUNT(*) FROM payments_billingaccount b"
        " WHERE b.household_id = a.household_id) = 1"
        " AND NOT EXISTS (SELECT 1 FROM payments_paymentrequest p WHERE p.account_id = a.id AND p.state = 'part')"
        " GROUP BY a.id, a.number, a.name HAVING COUNT(*) = 1 ORDER BY a.id LIMIT 3"
    )
    assert len(rows) == 3
    return [Pupil(number, name, code, int(dong)) for number, name, code, dong in rows]


def boxes(market: Market) -> dict[str, int]:
    """What the school's keepers hold by the books, by name."""
    rows = market.rows(
        "SELECT u.name, a.debits - a.credits FROM cooperatives_ledgeraccount a"
        " JOIN cooperatives_organization o ON o.id = a.organization_id"
        " JOIN cooperatives_user u ON a.subject = 'keeper:' || u.id WHERE a.kind = 'cash' AND o.bills_for = 'school'"
    )
    return {name: int(dong) for name, dong in rows}


def opened(page: Page, pupil: Pupil, search: str) -> None:
    page.goto("/biller/cash/")
    page.get_by_role("searchbox").fill(search)
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.wait_for_url(re.compile(r"/biller/cash/(of/\d+/|\?q=)"))
    if "/of/" not in page.url:
        row = page.get_by_role("listitem").filter(has_text=pupil.number)
        row.get_by_role("link", name=pupil.name).click()
    expect(page.get_by_role("heading", name=pupil.name)).to_be_visible()


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).click()


def receipt_number(page: Page) -> int:
    expect(page.get_by_role("heading", name=re.compile("^Phiếu thu số "))).to_be_visible()
    return int(page.url.rstrip("/").rsplit("/", 1)[-1])


def state_of(market: Market, code: str) -> tuple[str, int]:
    [(state, credited)] = market.rows("SELECT state, credited_dong FROM payments_paymentrequest WHERE code = %s", code)
    return state, int(credited)


def test_a_collectors_day_in_cash(market: Market, bank: Bank, new_phone: NewPhone, pupils: list[Pupil]) -> None:
    hers, his = new_phone(scripts=False), new_phone()
    walking.sign_in_by_card(hers, "người thu")
    walking.sign_in_by_card(his, "kế toán")
    whole, part, wrong = pupils
    began = boxes(market)
    collector = market.rows("SELECT name FROM cooperatives_user WHERE phone = '+84900000303'")[0][0]
    treasurer = market.rows("SELECT name FROM cooperatives_user WHERE phone = '+84900000302'")[0][0]

    # The first one by her name without accents, everything; the button names the sum.
    opened(hers, whole, whole.name.split()[-1])
    button = hers.get_by_role("button", name=re.compile("^Thu "))
    taken = walking.dong_in(button.inner_text())
    assert abs(taken - whole.due_dong) <= 500
    button.click()
    first = receipt_number(hers)
    assert state_of(market, whole.code) == ("paid", whole.due_dong)

    # The second one by the code on her slip, and she has only 100,000.
    hers.get_by_role("link", name="Người tiếp theo").click()
    opened(hers, part, part.code)
    hers.get_by_text("Bỏ bớt khoản, hoặc nhận ít hơn").click()
    hers.get_by_label("Nhận ít hơn").fill("100.000")
    tap(hers, "^Tính lại")
    expect(hers.get_by_text("Một trăm nghìn đồng")).to_be_visible()
    tap(hers, "^Thu 100.000")
    assert receipt_number(hers) == first + 1
    assert state_of(market, part.code) == ("part", 100_000)

    # The third one was a slip of the thumb: taken back, its number stays.
    opened(hers, wrong, wrong.number)
    tap(hers, "^Thu ")
    assert receipt_number(hers) == first + 2
    hers.get_by_text("Hủy phiếu này", exact=True).click()
    hers.get_by_label("Vì sao hủy phiếu này?").fill("ghi nhầm sang cháu khác")
    tap(hers, "^Hủy phiếu thu")
    expect(hers.get_by_text("ghi nhầm sang cháu khác")).to_be_visible()
    assert state_of(market, wrong.code) == ("waiting", 0)
    holds = began.get(collector, 0) + taken + 100_000
    assert boxes(market)[collector] == holds

    # In the evening all of it goes to the treasurer, who counts it before it is his.
    hers.goto("/biller/cash/box/")
    hers.get_by_label(treasurer).check()
    waiting = market.rows(
        "SELECT COALESCE(SUM(h.amount_dong), 0) FROM payments_cashhandover h JOIN cooperatives_user u"
        " ON u.id = h.from_keeper_id WHERE h.state = 'offered' AND u.name = %s", collector,
    )  # fmt: skip
    given = walking.dong_in(hers.get_by_label("Số tiền giao").input_value() + "₫")
    assert given == holds - int(waiting[0][0])
    tap(hers, "^Ghi là đã giao")
    expect(hers.get_by_text("Tiền chuyển két khi bên nhận đếm xong.")).to_be_visible()
    assert boxes(market)[collector] == holds
    his.goto("/biller/cash/box/")
    offer = his.get_by_role("article").last
    offer.get_by_label("Đếm được").fill(str(given - 1_000))
    offer.get_by_role("button", name="Đã đếm đủ, nhận vào két").click()
    expect(his.get_by_role("alert").filter(has_text="không bằng số bàn giao")).to_be_visible()
    offer = his.get_by_role("article").last
    offer.get_by_label("Đếm được").fill(str(given))
    offer.get_by_role("button", name="Đã đếm đủ, nhận vào két").click()
    expect(his.get_by_text("vào két.")).to_be_visible()
    assert boxes(market)[collector] == holds - given
    assert boxes(market)[treasurer] == began.get(treasurer, 0) + given

    # She closes her day: counts first, then reads that it fits.
    hers.goto("/biller/cash/count/")
    hers.get_by_label("Trong két đếm được").fill(str(holds - given))
    tap(hers, "^Chốt két")
    expect(hers.get_by_text("Đếm khớp sổ")).to_be_visible()

    # He brings it to the bank; its line empties his box.
    memo = f"NOP TIEN MAT {first}"
    bank.pays_with_memo(whole.code, dong=given, memo=memo)
    line, state, _reason = bank.line_of(memo)
    assert state == "NEEDS_YOU"
    his.goto("/biller/cash/boxes/")
    his.locator(f'a[href$="/desk/money/{line}/"]').click()
    his.get_by_text("Tiền này không phải của khoản nào: ghi rõ là gì").click()
    form = his.locator("#explain")
    form.get_by_label("Tiền mặt nộp vào ngân hàng").check()
    his_box = form.locator("option").filter(has_text=treasurer).get_attribute("value")
    form.get_by_label("Tiền mặt từ két của").select_option(his_box)
    form.get_by_label("Lý do").fill("nộp tiền thu trong ngày")
    form.get_by_role("button", name=re.compile("^Ghi ")).click()
    expect(his.get_by_text("nộp tiền thu trong ngày")).to_be_visible()
    assert bank.line_of(memo)[1] == "SETTLED"
    assert boxes(market)[treasurer] == began.get(treasurer, 0)
