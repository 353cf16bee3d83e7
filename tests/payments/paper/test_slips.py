"""Slips: one readable code each, for what the paper says, nothing cut off, the same bytes each time."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.units import mm

from base.money import figures, in_words
from payments.paper import squares
from payments.paper.letters import drawn
from payments.paper.slip import Arrear, Item, Shown
from payments.paper.slips import FORMS, slips
from payments.providers import vietqr
from tests.payments.paper.making import ITEMS, LONG_NAME, Pdf, places, slip


def shape(per_page: int) -> tuple[int, int]:
    return FORMS[per_page].across, FORMS[per_page].down


@pytest.mark.parametrize("per_page", [2, 4, 8])
@pytest.mark.parametrize("demo", [False, True])
def test_the_code_in_each_place_is_for_the_slip_in_that_place(per_page, demo):
    wanted = [slip(number, demo=demo) for number in range(1, 12)]
    found = {}
    for page in Pdf(slips(wanted, per_page=per_page)).pages:
        for left, bottom, right, top in places(page, *shape(per_page)):
            text = page.text_in(left, bottom, right, top)
            for payload, across, up in page.codes():
                if left < across < right and bottom < up < top:
                    found[payload] = text
    assert sorted(found) == sorted(one.payload for one in wanted)
    for one in wanted:
        assert one.number in found[one.payload]
        assert one.memo in found[one.payload]
        assert figures(one.due_dong) in found[one.payload].replace("\u00a0", " ").replace(" ₫", "\u00a0₫")
        assert ("DEMO" in found[one.payload]) is demo


def test_the_paper_says_everything_that_a_bank_app_will_show_and_a_parent_asks():
    text = Pdf(slips([slip(7, items=4, note="Nộp tiền mặt tại phòng tài vụ")], per_page=4)).text
    for said in (
        "Trường Tiểu học Yên Hòa", "PHIẾU BÁO THU", "Tháng 11/2026", "Nguyễn Thị Ngọc Ánh", "Lớp 3A · HS-0007",
        "22 suất × 25.000 ₫", "giảm 50.000 ₫ (Hộ cận nghèo)", "chỉ số cũ 1.234, mới 1.256, dùng 22 m³", "768.000 ₫",
        in_words(768_000), "30/11/2026", "CP00000007", "Agribank", "3307201012345", "TRUONG TIEU HOC YEN HOA",
        "0229 386 1234", "Nộp tiền mặt tại phòng tài vụ",
    ):  # fmt: skip
        assert said in text.replace("\u00a0", " ")
    assert "hóa đơn" not in text.lower()


def test_a_meter_with_one_price_says_units_times_price():
    item = Item("Nước sạch", 154_000, 22, "m³", 7_000, shown=Shown(1234, 16, 22, changed=True))
    assert item.detail == "chỉ số cũ 1.234, mới 16, thay đồng hồ, 22 m³ × 7.000\u00a0₫"


def test_arrears_share_the_one_code_and_both_sums_are_said():
    older = (Arrear("Tháng 9/2026", 45_000), Arrear("Tháng 10/2026", 180_000))
    one = slip(3, arrears=older, own_memo="CPOWN0CODE")
    [page] = Pdf(slips([one], per_page=8)).pages
    [(payload, _across, _up)] = page.codes()
    assert vietqr.decode(payload).amount_dong == one.due_dong == 615_000 + 225_000
    text = page.text.replace("\u00a0", " ")
    for said in ("Cộng kỳ này 615.000 ₫", "Nợ kỳ trước: Tháng 9/2026 45.000 ₫", "gồm nợ kỳ trước 840.000 ₫"):
        assert said in text
    assert "Chỉ trả kỳ này: chuyển 615.000 ₫, nội dung CPOWN0CODE" in text


def test_what_was_paid_is_taken_off_and_a_paid_bill_has_no_code():
    part = Pdf(slips([slip(1, paid_dong=100_000)])).text.replace("\u00a0", " ")
    assert "Đã trả, đã trừ –100.000 ₫" in part
    assert "Còn phải trả 515.000 ₫" in part
    [page] = Pdf(slips([slip(2, paid_dong=615_000)])).pages
    assert page.codes() == []
    assert "ĐÃ TRẢ ĐỦ" in page.text


@pytest.mark.parametrize("per_page", [2, 4, 8])
def test_twelve_items_and_long_names_are_all_there(per_page):
    older = tuple(Arrear(f"Tháng {month}/2026", 100_000) for month in (8, 9, 10))
    one = slip(
        1, items=12, name=LONG_NAME, arrears=older, own_memo="CPOWN0CODE",
        note="Nộp tiền mặt tại phòng tài vụ sáng thứ tư",
        holder="TRUONG TIEU HOC VA TRUNG HOC CO SO YEN HOA XA YEN MO TINH NINH BINH",
        biller="Trường Tiểu học và Trung học cơ sở Yên Hòa, xã Yên Mô, tỉnh Ninh Bình",
    )  # fmt: skip
    made = Pdf(slips([one, slip(2)], per_page=per_page))
    for item in ITEMS:
        for word in item.name.split():
            assert word in made.text
        assert made.text.replace("\u00a0", " ").count(
            figures(item.amount_dong).replace("\u00a0", " ").replace("−", "–")
        )
    assert sum(len(page.codes()) for page in made.pages) == 2


def test_a_continued_slip_has_one_code_and_says_so():
    made = Pdf(slips([slip(1, items=12, name=LONG_NAME)], per_page=8))
    [page] = made.pages
    assert len(page.codes()) == 1
    first, second, *_ = places(page, 2, 4)
    assert "Xem tiếp" in page.text_in(*first)
    assert "PHIẾU BÁO THU (tiếp)" in page.text_in(*second)
    assert "HS-0001" in page.text_in(*second)


def test_another_class_begins_on_another_page():
    made = Pdf(slips([slip(1, section="Lớp 3A"), slip(2, section="Lớp 3B")], per_page=8))
    assert ["Lớp 3A" in page.text for page in made.pages] == [True, False]


WORD = st.text(alphabet="aâbcdđeêghiklmnoôơpqrstuưvxyẮỆỢỮĩ0", min_size=1, max_size=22)
WORDS = st.lists(WORD, min_size=1, max_size=12).map(lambda words: " ".join(words)[:80])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    per_page=st.sampled_from([2, 4, 8]), name=WORDS, biller=WORDS, section=WORDS, number=WORD, holder=WORDS,
    names=st.lists(WORDS, min_size=1, max_size=14), arrears=st.integers(0, 6), demo=st.booleans(),
    thousands=st.integers(1, 30_000),
)  # fmt: skip
def test_no_letter_leaves_its_place_or_is_lost(
    per_page, name, biller, section, number, holder, names, arrears, demo, thousands
):
    items = tuple(Item(one, thousands * 1000, 3, "suất", thousands, why="vì sao đổi") for one in names)
    older = tuple(Arrear(f"Đợt thu tháng {month}", 1_000) for month in range(arrears))
    one = replace(
        slip(1, arrears=older), name=name, biller=biller, section=section, number=number, holder=holder, items=items,
        asked_dong=thousands * 1000 * len(items), demo=demo, own_memo="CPOWN0CODE" if older else "",
    )  # fmt: skip
    made = Pdf(slips([one, one], per_page=per_page))
    edge, cut = 5 * mm, 3 * mm
    for page in made.pages:
        for letter in page.letters:
            assert letter.left >= edge
            assert letter.right <= page.width - edge
            assert edge <= letter.bottom < letter.top <= page.height - edge
            for at in (page.width * part / shape(per_page)[0] for part in range(1, shape(per_page)[0])):
                assert letter.right <= at - cut or letter.left >= at + cut
            for at in (page.height * part / shape(per_page)[1] for part in range(1, shape(per_page)[1])):
                assert letter.top <= at - cut or letter.bottom >= at + cut
    drawn_signs = "".join(letter.sign for page in made.pages for letter in page.letters)
    for said in (name, biller, holder, *names):
        assert drawn_signs.count(drawn(said).replace(" ", "")) >= 2
    assert [payload for page in made.pages for payload, _, _ in page.codes()] == [one.payload] * 2


@pytest.mark.parametrize("per_page", [2, 4, 8])
def test_the_black_part_of_a_code_is_25_millimetres_or_more_and_white_is_left_around_it(per_page):
    one = slip(1)
    form = FORMS[per_page]
    assert form.code_side >= squares.LEAST_SIDE
    [page] = Pdf(slips([one], per_page=per_page)).pages
    pixels = page.pixels(dpi=300)
    [(_payload, across, up)] = page.codes(dpi=300)
    side = squares.side_with_quiet_zone(one.payload, form.code_side)
    quiet = (side - form.code_side) / 2
    scale = 300 / 72
    box = [across - side / 2, page.height - up - side / 2, across + side / 2, page.height - up + side / 2]
    whole = pixels.crop([round(point * scale) for point in box])
    modules, _ = squares.stencil(one.payload)
    assert quiet == pytest.approx(4 * form.code_side / modules)
    dark = whole.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert dark is not None
    margins = (dark[0], dark[1], whole.width - dark[2], whole.height - dark[3])
    assert all(margin == pytest.approx(quiet * scale, abs=3) for margin in margins)
    assert (dark[2] - dark[0]) / scale == pytest.approx(form.code_side, abs=1)


def test_the_same_slips_are_the_same_bytes_and_the_file_names_nobody():
    made = slips([slip(1), slip(2)])
    assert made == slips(iter([slip(1), slip(2)]))
    assert Pdf(made).metadata.keys() <= {"Title", "CreationDate", "ModDate"}
    assert Pdf(made).metadata["Title"] == "PHIẾU BÁO THU"
    assert Pdf(made).metadata["CreationDate"].startswith("D:2000")


def test_many_older_bills_are_summed_before_the_slip_is_continued():
    older = tuple(Arrear(f"Tháng {month}/2026", 100_000) for month in range(1, 10))
    [page] = Pdf(slips([slip(1, arrears=older, own_memo="CPOWN0CODE")], per_page=8)).pages
    assert "Nợ 9 kỳ trước 900.000 ₫" in page.text.replace("\u00a0", " ")
    assert "tiếp" not in page.text


def test_other_numbers_a_page_are_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        slips([slip(1)], per_page=3)
