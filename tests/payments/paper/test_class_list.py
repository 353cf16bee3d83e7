"""The list for those who collect: sums and boxes, on pages of its class, with a warning not to hang it up."""

from datetime import date

from reportlab.lib.units import mm

from payments.paper.class_list import ClassList, ListRow, class_list
from tests.payments.paper.making import LONG_NAME, Pdf

PRINTED = date(2026, 11, 22)


def of_class(section: str, rows: int, **more: object) -> ClassList:
    people = tuple(
        ListRow(LONG_NAME if place % 5 == 1 else f"Nguyễn Văn {place}", f"HS-{place:04d}", place * 1_000)
        for place in range(rows)
    )
    return ClassList("Trường Tiểu học Yên Hòa", "Tháng 11/2026", section, date(2026, 11, 30), people, **more)  # type: ignore[arg-type]


def test_each_row_is_there_once_and_every_page_says_that_it_is_not_for_a_wall():
    made = Pdf(class_list([of_class("Lớp 3A", 60)], printed_on=PRINTED))
    assert len(made.pages) > 1
    for number, page in enumerate(made.pages, 1):
        assert "Không dán công khai" in page.text
        assert "DANH SÁCH THU: Lớp 3A" in page.text
        assert f"trang {number}/{len(made.pages)}" in page.text
    for place in range(60):
        assert made.text.count(f"HS-{place:04d}") == 1
    assert made.text.replace(" ", "").count(LONG_NAME.replace(" ", "")) == 12
    assert "60 người, còn phải thu 1.770.000" in made.pages[-1].text


def test_nothing_leaves_the_sheet():
    for page in Pdf(class_list([of_class("Lớp 3A", 60), of_class("Thôn Nộn Khê", 3)], printed_on=PRINTED)).pages:
        assert all(letter.left >= 10 * mm and letter.right <= page.width - 10 * mm for letter in page.letters)
        assert all(letter.bottom >= 10 * mm and letter.top <= page.height - 10 * mm for letter in page.letters)


def test_a_class_has_pages_of_its_own_and_who_has_paid_has_no_box():
    made = Pdf(class_list([of_class("Lớp 3A", 2, demo=True), of_class("Lớp 3B", 2)], printed_on=PRINTED))
    assert [("Lớp 3A" in page.text, "Lớp 3B" in page.text) for page in made.pages] == [(True, False), (False, True)]
    assert ["DEMO" in page.text for page in made.pages] == [True, False]
    assert made.pages[0].text.count("đã trả") == 1  # the first row owes nothing


def test_no_class_at_all_is_an_empty_page():
    assert len(Pdf(class_list([], printed_on=PRINTED)).pages) == 1
