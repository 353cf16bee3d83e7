"""A collector reads 175 where 125 stands and is sure of it; the household pays; the desk puts it right, in the open."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from base.money import figures, grouped
from base.periods import VIETNAM_OFFSET, month_of
from storefront.demo import cast
from tests.journeys import qr, walking
from tests.journeys.bank import Bank
from tests.journeys.conftest import DESK_SIZE, NewPhone
from tests.journeys.newcomers import (
    COLLECTOR,
    LUA,
    SON,
    TUYET,
    UPKEEP,
    WATER_TREASURER,
    WATER_USED,
    Home,
    Newcomers,
    water_dong,
)

pytestmark = pytest.mark.processes

WRONG, RIGHT = 175, 125
UPKEEP_DONG = 5_000
WRONG_DONG = water_dong(WRONG - LUA.old) + UPKEEP_DONG
RIGHT_DONG = water_dong(RIGHT - LUA.old) + UPKEEP_DONG
TOO_MUCH_DONG = WRONG_DONG - RIGHT_DONG
WHY = "đọc nhầm 125 thành 175, chủ hộ gửi ảnh đồng hồ"
KEEPS, GIVES_BACK = "Để lại, tự trừ vào đợt thu sau", "Lập việc trả lại ngay"


@pytest.fixture(autouse=True)
def _the_books_add_up_in_the_evening(newcomers: Newcomers) -> Iterator[None]:
    yield
    newcomers.audited()


@pytest.fixture
def months() -> list[str]:
    """The one that nobody has to read any more, the last one, this one: ``2026-11``."""
    this = datetime.now(VIETNAM_OFFSET).date().replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    return [month_of(last - timedelta(days=1)), month_of(last), month_of(this)]


def test_what_was_paid_too_much_pays_the_next_bill(
    newcomers: Newcomers, newcomers_phone: NewPhone, months: list[str]
) -> None:
    assert (WRONG_DONG, RIGHT_DONG) == (548_500, 87_500)
    before, last, this = months
    collector, treasurer, home = _at_work(newcomers_phone, deciding=KEEPS)
    _reads(collector, last, LUA.hamlet, {LUA: WRONG, SON: 350}, looks_wrong=LUA)
    _publishes(treasurer, last, LUA.hamlet, bills=2)
    _pays_what_is_asked(home, newcomers, LUA)
    _corrects(treasurer, LUA)
    expect(treasurer.get_by_role("heading", name=f"Người nộp đang dư {figures(TOO_MUCH_DONG)}")).to_be_visible()

    home.goto(newcomers.page_of(LUA))
    expect(home.get_by_text(f"Còn dư {figures(TOO_MUCH_DONG)}. Tự trừ vào khoản mới.")).to_be_visible()
    _sees_both_readings(home)
    assert newcomers.credit_of(LUA) == TOO_MUCH_DONG

    _reads(collector, this, LUA.hamlet, {LUA: 140, SON: 360})
    _publishes(treasurer, this, LUA.hamlet, bills=2)
    next_dong, left_dong = water_dong(140 - RIGHT) + UPKEEP_DONG, TOO_MUCH_DONG - water_dong(140 - RIGHT) - UPKEEP_DONG
    home.goto(newcomers.page_of(LUA))
    expect(home.get_by_text("Không còn khoản nào phải đóng")).to_be_visible()
    expect(home.get_by_text(f"Dùng tiền còn dư {figures(next_dong)}, ngày")).to_be_visible()
    expect(home.get_by_text(f"Còn dư {figures(left_dong)}. Tự trừ vào khoản mới.")).to_be_visible()
    walking.readable(home)

    assert [bill[1:] for bill in newcomers.bills_of(LUA)] == [
        ("paid", RIGHT_DONG, RIGHT_DONG), ("paid", next_dong, next_dong),
    ]  # fmt: skip
    assert newcomers.credit_of(LUA) == left_dong
    assert newcomers.refunds_of(LUA) == []
    assert newcomers.readings_of(LUA) == [
        (before, LUA.old - LUA.usual, LUA.old, True), (last, LUA.old, WRONG, False), (last, LUA.old, RIGHT, True),
        (this, RIGHT, 140, True),
    ]  # fmt: skip
    [(_code, state, asked, paid), _next] = newcomers.bills_of(SON)
    assert (state, asked, paid) == ("waiting", water_dong(10) + UPKEEP_DONG, 0)  # the neighbour's bill is as it was


def test_what_was_paid_too_much_goes_back(newcomers: Newcomers, newcomers_phone: NewPhone, months: list[str]) -> None:
    _before, last, _this = months
    collector, treasurer, home = _at_work(newcomers_phone, deciding=GIVES_BACK)
    _reads(collector, last, TUYET.hamlet, {TUYET: WRONG}, looks_wrong=TUYET)
    _publishes(treasurer, last, TUYET.hamlet, bills=1)
    _pays_what_is_asked(home, newcomers, TUYET)
    _corrects(treasurer, TUYET)
    [(code, state, dong)] = newcomers.refunds_of(TUYET)
    assert (state, dong) == ("to_do", TOO_MUCH_DONG)
    home.goto(newcomers.page_of(TUYET))
    expect(home.get_by_text(f"Nơi thu đang trả lại {figures(TOO_MUCH_DONG)}.")).to_be_visible()
    _sees_both_readings(home)

    _sends_it_back(treasurer, newcomers, code)
    assert newcomers.refunds_of(TUYET) == [(code, "sent", TOO_MUCH_DONG)]
    assert newcomers.credit_of(TUYET) == 0
    assert [bill[1:] for bill in newcomers.bills_of(TUYET)] == [("paid", RIGHT_DONG, RIGHT_DONG)]
    home.goto(newcomers.page_of(TUYET))
    expect(home.get_by_text("Không còn khoản nào phải đóng")).to_be_visible()
    expect(home.get_by_text("Nơi thu đang trả lại")).to_have_count(0)
    expect(home.get_by_text(re.compile("^Còn dư"))).to_have_count(0)
    walking.readable(home)


def _at_work(phone: NewPhone, *, deciding: str) -> tuple[Page, Page, Page]:
    """The collector with a phone, the treasurer at a desk, the household with a phone."""
    collector, treasurer, home = phone(), phone(viewport=DESK_SIZE), phone()
    walking.sign_in(collector, COLLECTOR.phone, cast.PASSWORD)
    walking.sign_in(treasurer, WATER_TREASURER.phone, cast.PASSWORD)
    treasurer.goto("/biller/settings/")
    treasurer.get_by_label(deciding).check()
    treasurer.get_by_role("button", name="Ghi, áp dụng từ bây giờ").click()
    expect(treasurer.get_by_text("Đã ghi. Áp dụng từ bây giờ.")).to_be_visible()
    walking.readable(treasurer)
    return collector, treasurer, home


def _reads(
    collector: Page, month: str, hamlet: str, shown: dict[Home, int], *, looks_wrong: Home | None = None
) -> None:
    """From house to house, as the list says; what looks wrong is asked about once, and he says that it is right."""
    collector.goto("/biller/")
    collector.get_by_role("link", name="Ghi chỉ số đồng hồ").click()
    collector.get_by_role("link", name=f"{month[5:]}/{month[:4]}", exact=True).click()
    collector.get_by_role("link", name=hamlet, exact=True).click()
    expect(collector.get_by_text(f"Đã ghi 0 trên {len(shown)} đồng hồ.")).to_be_visible()
    walking.readable(collector)
    collector.get_by_role("link", name=next(iter(shown)).owner).click()
    for home, value in shown.items():
        expect(collector.get_by_role("heading", name=home.owner)).to_be_visible()
        collector.get_by_label("Đồng hồ đang chỉ").fill(str(value))
        walking.readable(collector)
        collector.get_by_role("button", name="Ghi, sang nhà tiếp theo").click()
        if home == looks_wrong:
            asked = f"Tháng này dùng {value - home.old}, trong khi trung bình các tháng trước là {home.usual}."
            expect(collector.get_by_text(asked)).to_be_visible()
            expect(collector.get_by_label("Đồng hồ đang chỉ")).to_have_value(str(value))
            walking.readable(collector)
            collector.get_by_label("Đã xem lại đồng hồ, đúng như vậy").check()
            collector.get_by_role("button", name="Ghi, sang nhà tiếp theo").click()
        expect(collector.get_by_text(re.compile(f"^Đã ghi {home.owner}: {value}, dùng "))).to_be_visible()
    expect(collector.get_by_text(f"Đã ghi {len(shown)} trên {len(shown)} đồng hồ.")).to_be_visible()


def _publishes(treasurer: Page, month: str, hamlet: str, *, bills: int) -> None:
    treasurer.goto("/biller/runs/new/")
    treasurer.get_by_label("Tên đợt thu").fill(f"Tiền nước {hamlet}, tháng {month}")
    treasurer.get_by_label("Thu cho tháng").select_option(month)
    for item in (WATER_USED, UPKEEP):
        treasurer.get_by_label(item, exact=True).check()
    for box in treasurer.get_by_role("group", name="Lớp, thôn").get_by_role("checkbox").all():
        box.uncheck()
    treasurer.get_by_label(hamlet, exact=True).check()
    treasurer.get_by_role("button", name="Xem lại trước khi phát hành").click()
    expect(treasurer.get_by_text("Đã lập bản nháp.")).to_be_visible()
    walking.readable(treasurer)
    treasurer.get_by_role("button", name=re.compile(f"^Phát hành {bills} khoản: ")).click()
    expect(treasurer.get_by_text("Đã phát hành “")).to_be_visible()
    walking.readable(treasurer)


def _pays_what_is_asked(home: Page, newcomers: Newcomers, of: Home) -> None:
    """The page of their card shows what the meter is said to show; they pay it all the same."""
    home.goto(newcomers.page_of(of))
    expect(home.locator(".amount").first).to_contain_text(figures(WRONG_DONG))
    home.get_by_text("Gồm những gì").first.click()
    expect(home.get_by_text(f"Số cũ {of.old}, số mới {WRONG}, dùng {WRONG - of.old} m³")).to_be_visible()
    walking.readable(home)
    home.get_by_role("link", name=re.compile(f"^Trả {grouped(WRONG_DONG)}")).click()
    home.wait_for_url("**/pay/**")
    [(code, *_rest)] = newcomers.bills_of(of)
    assert walking.copied(home, "memo") == code
    Bank(newcomers.market).pays(code)
    expect(home.get_by_role("heading", name="Đã nhận đủ tiền")).to_be_visible()
    walking.readable(home)


def _corrects(treasurer: Page, of: Home) -> None:
    """Found by the number of the meter; afterwards the bill names both readings, who corrected it and why."""
    treasurer.goto(f"/biller/bills/?q={of.number}")
    treasurer.get_by_role("link", name=of.owner).click()
    treasurer.get_by_text("Sửa chỉ số đồng hồ", exact=True).click()
    walking.readable(treasurer)
    treasurer.get_by_label("Chỉ số mới đúng là").fill(str(RIGHT))
    form = treasurer.locator("form").filter(has=treasurer.get_by_role("button", name="Sửa chỉ số và khoản thu"))
    form.get_by_label("Lý do").fill(WHY)
    form.get_by_role("button", name="Sửa chỉ số và khoản thu").click()
    expect(treasurer.get_by_text("Đã sửa chỉ số và điều chỉnh khoản thu theo.")).to_be_visible()
    item = treasurer.get_by_role("row").filter(has_text=WATER_USED).first
    for said in (
        f"Chỉ số {of.old} → {WRONG}, dùng {WRONG - of.old}", f"chỉ số đúng {of.old} → {RIGHT}, dùng {RIGHT - of.old}",
        WHY, WATER_TREASURER.name, figures(RIGHT_DONG - UPKEEP_DONG),
    ):  # fmt: skip
        expect(item).to_contain_text(said)
    walking.readable(treasurer)


def _sees_both_readings(home: Page) -> None:
    """On the household's own page of the bill: the charge stays, the adjustment stands below it with its reason."""
    home.get_by_role("link", name=re.compile("^Biên nhận")).first.click()
    receipt = home.get_by_role("main")
    for said in (
        f"số mới {WRONG}, dùng {WRONG - LUA.old} m³", f"số mới {RIGHT}, dùng {RIGHT - LUA.old} m³",
        f"Điều chỉnh: {WATER_USED}", WHY, f"Chuyển khoản {figures(WRONG_DONG)}", f"Tính lại {figures(-TOO_MUCH_DONG)}",
        f"Đã nhận đủ {figures(RIGHT_DONG)}",
    ):  # fmt: skip
        expect(receipt).to_contain_text(said)
    walking.readable(home)


def _sends_it_back(treasurer: Page, newcomers: Newcomers, code: str) -> None:
    """The task waits where the money is; its QR fills in the bank's app; the bank's own line closes it."""
    treasurer.goto("/biller/")
    treasurer.get_by_role("link", name="Xem và trả").click()
    expect(treasurer.get_by_role("main")).to_contain_text(TUYET.owner)
    walking.readable(treasurer)
    treasurer.get_by_role("link", name=re.compile(grouped(TOO_MUCH_DONG))).click()
    walking.readable(treasurer)
    treasurer.get_by_label("Ngân hàng của người nhận").select_option("970436")
    treasurer.get_by_label("Số tài khoản người nhận").fill("0451000813813")
    treasurer.get_by_label("Tên chủ tài khoản").fill("PHUNG THI TUYET")
    treasurer.get_by_role("button", name=re.compile("^Lập lệnh trả lại")).click()
    expect(treasurer.get_by_role("heading", name="Chuyển tiền")).to_be_visible()
    walking.readable(treasurer)
    asked = qr.Transfer(bin="970436", account="0451000813813", dong=TOO_MUCH_DONG, memo=code)
    with treasurer.expect_download() as saving:
        treasurer.get_by_role("link", name="Lưu ảnh mã QR").click()
    assert qr.read(saving.value.path().read_bytes()) == asked
    newcomers.waterworks_sends(memo=code, dong=TOO_MUCH_DONG)
    treasurer.reload()
    expect(treasurer.get_by_text("Ngân hàng báo tiền đã đi")).to_be_visible()
    walking.readable(treasurer)
