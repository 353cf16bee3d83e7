"""Lists named by the mess they survive: each one brings in the same three children, or says why a row did not come."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from payments.bills.roster.lines import section_named, section_of_sheet
from payments.bills.roster.opening import opened
from payments.bills.roster.outcome import Outcome, Wish
from payments.bills.roster.pointing import ColumnMissing, ColumnTwice, pointed, propose
from payments.bills.roster.refusing import UnreadableList
from payments.bills.roster.taking import look, opened_and_proposed, take_in
from payments.models import BillingAccount, Household, RosterImport
from tests.billers import School
from tests.payments.bills import roster_files as files
from tests.payments.bills.roster_files import AN, BINH, CUC, HEAD, ROWS, book, in_font, page, text, xlsx

pytestmark = pytest.mark.django_db
THREE = {("HS-01", "Nguyễn Văn An", "3A"), ("HS-02", "Lê Thị Bình", "3A"), ("HS-03", "Nguyễn Thị Cúc", "5B")}
Enrol = Callable[..., RosterImport]


def nfd(rows: files.Rows) -> list[list[Any]]:
    return in_font(lambda cell: unicodedata.normalize("NFD", cell), rows)


def without(rows: files.Rows, *columns: int) -> list[list[Any]]:
    return [[cell for at, cell in enumerate(row) if at not in columns] for row in rows]


TITLE = [["TRƯỜNG TIỂU HỌC HOA SEN"], [""], ["DANH SÁCH HỌC SINH NĂM HỌC 2026–2027"], [""]]
CLASSLESS = without(ROWS, 3)
SPLIT = [[row[0], row[1], *row[2].rsplit(" ", 1), *row[3:]] for row in ROWS]
MESSES: dict[str, bytes] = {
    "plain csv": text(),
    "semicolons": text(separator=";"),
    "tabs in utf-16, as Excel saves unicode text": text(separator="\t", encoding="utf-16"),
    "a byte order mark": text(encoding="utf-8-sig"),
    "windows-1258": files.typed_in_1258(text().decode()),
    "tcvn3 in a csv": files.typed_in_tcvn3(text().decode()).encode("latin-1"),
    "vni in a csv": files.typed_in_vni(text().decode()).encode("latin-1"),
    "tcvn3 in a workbook": xlsx(in_font(files.typed_in_tcvn3)),
    "vni in a workbook": xlsx(in_font(files.typed_in_vni)),
    "only the names in tcvn3": xlsx(
        [HEAD, *([*row[:2], *map(files.typed_in_tcvn3, row[2:5]), row[5]] for row in ROWS)]
    ),
    "phones that a csv keeps as a float": text([HEAD, *([*row[:5], f"{int(row[5])}.0"] for row in ROWS)]),
    "decomposed accents": xlsx(nfd([HEAD, *ROWS])),
    "a web page that calls itself xls": page(),
    "title rows above the heads": xlsx([*TITLE, HEAD, *ROWS], merged=["A1:F1", "A3:F3"]),
    "empty rows between": xlsx([HEAD, AN, ["", "", "", "", "", ""], BINH, [], CUC]),
    "a total and signatures below": xlsx(
        [HEAD, *ROWS, ["Tổng cộng:", "", 3], [], ["", "", "", "", "Yên Mô, ngày 5 tháng 9 năm 2026"],
         ["", "", "Người lập biểu", "", "Hiệu trưởng"], ["", "", "Vũ Thị Lan", "", "Đỗ Văn Minh"]]
    ),
    "the heads again on the next page": xlsx([HEAD, AN, HEAD, BINH, CUC]),
    "the row of column numbers": xlsx([HEAD, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], *ROWS]),
    "a merged class cell": xlsx(
        [HEAD, AN, [*BINH[:3], "", *BINH[4:]], CUC], merged=["D2:D3"]
    ),
    "class rows": xlsx(
        [without([HEAD], 3)[0], ["Lớp 3A"], *CLASSLESS[:2], ["Lớp: 5B (1 học sinh)"], CLASSLESS[2]], merged=["A2:E2"]
    ),
    "class rows in two cells": xlsx(
        [without([HEAD], 3)[0], ["Lớp:", "3A"], *CLASSLESS[:2], ["Lớp:", "5B"], CLASSLESS[2]]
    ),
    "a sheet for each class": book(
        {"3A": without([HEAD, AN, BINH], 3), "Lớp 5B": without([HEAD, CUC], 3)}
    ),
    "the class in the title of each sheet": book(
        {
            "Sheet1": [["DANH SÁCH LỚP 3A"], *without([HEAD, AN, BINH], 3)],
            "Sheet2": [["DANH SÁCH LỚP 5B"], *without([HEAD, CUC], 3)],
        }
    ),
    "family name and given name in two columns": xlsx(
        [["STT", "Mã HS", "Họ và tên đệm", "Tên", "Lớp", "Phụ huynh", "Điện thoại"], *SPLIT]
    ),
    "one merged head over family name and given name": xlsx(
        [["STT", "Mã HS", "Họ và tên", "", "Lớp", "Phụ huynh", "SĐT"], *SPLIT], merged=["C1:D1"]
    ),
    "heads over two rows": xlsx(
        [["STT", "Học sinh", "", "", "Gia đình", ""], ["", "Mã HS", "Họ tên", "Lớp", "Phụ huynh", "SĐT"], *ROWS],
        merged=["A1:A2", "B1:D1", "E1:F1"],
    ),
    "phones without their zero": xlsx([HEAD, *([*row[:5], int(row[5])] for row in ROWS)]),
    "phones with dots, blanks and dashes": xlsx(
        [HEAD, [*AN[:5], "0912.345.678"], [*BINH[:5], "0987 654 321"], [*CUC[:5], "+84 912-345-678"]]
    ),
    "running numbers as text": xlsx([HEAD, *([f"{row[0]}.0", *row[1:]] for row in ROWS)]),
    "numbers kept as text by an apostrophe": xlsx([HEAD, *([row[0], "'" + row[1], *row[2:]] for row in ROWS)]),
    "columns in another order, and birthdays": xlsx(
        [["Lớp", "Ngày sinh", "SĐT phụ huynh", "Họ tên học sinh", "Họ tên mẹ", "Mã học sinh"],
         *([row[3], "01/02/2018", row[5], row[2], row[4], row[1]] for row in ROWS)]
    ),
    "heads in capitals without accents": xlsx([["STT", "MA HS", "HO VA TEN", "LOP", "PHU HUYNH", "SDT"], *ROWS]),
    "invisible signs and double blanks": xlsx(
        [HEAD, [1, "HS-01\u200b", " Nguyễn  Văn\u00a0An ", " 3a", *AN[4:]], BINH, CUC]
    ),
    "numbers behind nobody": xlsx([HEAD, *ROWS, [4], [5], [6]]),
}  # fmt: skip


@pytest.fixture
def empty(school: School) -> School:
    BillingAccount.objects.all().delete()
    Household.objects.all().delete()
    return school


@pytest.fixture
def enrol(empty: School) -> Enrol:
    """Take a file in as the accountant would who agrees with every guess."""
    keys = iter(range(1000))

    def takes_in(data: bytes, *, kind: str = "accounts", account_kind: str = "pupil", **more: Any) -> RosterImport:
        opened_book, proposal = opened_and_proposed(data, organization=empty.organization, kind=kind)
        assert proposal.unclear == ()
        return take_in(
            organization_id=empty.organization.pk, name="ds.xlsx", data=data, book=opened_book, proposal=proposal,
            pointing=proposal.pointing,
            wish=Wish(kind=kind, account_kind=account_kind, day=date(2026, 3, 1), **more),
            actor=empty.treasurer, key=f"list-{next(keys)}", at=empty.now,
        )  # fmt: skip

    return takes_in


def looked(school: School, data: bytes, **more: Any) -> Outcome:
    opened_book, proposal = opened_and_proposed(data, organization=school.organization, kind="accounts")
    return look(
        organization_id=school.organization.pk, book=opened_book, proposal=proposal, pointing=proposal.pointing,
        wish=Wish(kind="accounts", account_kind=more.pop("account_kind", "pupil"), day=date(2026, 3, 1)),
        actor=school.treasurer, at=school.now,
    )  # fmt: skip


def accounts() -> set[tuple[str, str, str]]:
    return set(BillingAccount.objects.values_list("number", "name", "section"))


def codes(done: RosterImport | Outcome) -> list[tuple[int, str]]:
    if isinstance(done, Outcome):
        return [(fault.row, fault.code) for fault in done.faults]
    return [(fault["row"], fault["code"]) for fault in done.faults]


@pytest.mark.parametrize("mess", MESSES)
def test_three_children_come_in_and_the_same_list_again_changes_nothing(enrol, mess):
    first = enrol(MESSES[mess])
    assert codes(first) == []
    assert (first.rows, first.added, first.changed, first.same) == (3, 3, 0, 0)
    assert accounts() == THREE
    households = {(one.name, one.phone, one.accounts.count()) for one in Household.objects.all()}
    assert households == {("Trần Thị Hòa", "+84912345678", 2), ("Phạm Văn Cường", "+84987654321", 1)}
    again = enrol(MESSES[mess])
    assert (again.rows, again.added, again.changed, again.same) == (3, 0, 0, 3)
    assert accounts() == THREE
    assert Household.objects.count() == 2


@pytest.mark.parametrize(
    ("mess", "row", "code"),
    [
        ([1, "X", "", "3A", "", "0911111111"], 5, "NO_NAME"),
        ([1, "X", "12345", "3A", "", ""], 5, "BAD_NAME"),
        ([1, "X", "@SUM(A1)", "3A", "", ""], 5, "BAD_NAME"),
        ([1, "X", "A" * 81, "3A", "", ""], 5, "BAD_NAME"),
        ([1, "1.02E+11", "Vũ Văn Dũng", "3A", "", ""], 5, "LOST_DIGITS"),
        ([1, "9" * 41, "Vũ Văn Dũng", "3A", "", ""], 5, "BAD_NUMBER"),
        ([1, "X", "Vũ Văn Dũng", "3A", "", "12345"], 5, "BAD_PHONE"),
        ([1, "X", "Vũ Văn Dũng", "3A", "", "không nhớ"], 5, "BAD_PHONE"),
        ([1, "X", "#N/A", "3A", "", ""], 5, "EXCEL_ERROR"),
        ([1, "X", "Vũ Văn Dũng", "lớp bán trú của các cháu ở thôn Nộn Khê xa trường", "", ""], 5, "TOO_LONG"),
        ([1, "HS-01", "Vũ Văn Dũng", "3A", "", ""], 5, "SAME_NUMBER"),
        ([1, "hs-01", *AN[2:]], 5, "REPEATED"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_come_in(enrol, mess, row, code):
    done = enrol(xlsx([HEAD, *ROWS, mess]))
    assert (row, code) in codes(done)
    assert done.added == (2 if code == "SAME_NUMBER" else 3)
    fault = next(fault for fault in done.faults if fault["row"] == row)
    assert fault["said"]
    assert fault["cells"][1] == str(mess[1])


def test_hidden_sheets_are_left_out_aloud(empty, enrol):
    data = book({"Sheet1": [HEAD, *ROWS], "cũ": [HEAD, [9, "HS-09", "Vũ Văn Cũ", "3A", "", ""]]}, hidden=["cũ"])
    assert "Không đọc trang ẩn: cũ." in looked(empty, data).notes
    enrol(data)
    assert accounts() == THREE


def test_what_is_nobodys_is_said_with_its_row(empty):
    said = looked(empty, MESSES["a total and signatures below"])
    assert [one.row for one in said.skipped] == [5, 7, 8, 9]
    assert any("4 dòng không phải của ai" in note for note in said.notes)


def test_old_letters_are_said_aloud(empty):
    assert any("TCVN3" in note for note in looked(empty, MESSES["tcvn3 in a csv"]).notes)


def test_another_kind_of_sheet_is_a_fault_that_names_it(enrol):
    done = enrol(book({"3A": [HEAD, *ROWS], "Giáo viên": [["Ghi chép", "Khác"], ["x", "y"]]}))
    assert codes(done) == [(1, "SHEET_DIFFERS")]
    assert done.added == 3


def test_a_list_without_numbers_gets_some_and_knows_its_children_again(enrol):
    data = xlsx(without([HEAD, *ROWS], 1))
    assert enrol(data).added == 3
    assert {number for number, _name, _section in accounts()} == {"HS0001", "HS0002", "HS0003"}
    again = enrol(data)
    assert (again.added, again.same) == (0, 3)


def test_the_schools_own_numbers_take_the_place_of_ours(enrol):
    enrol(xlsx(without([HEAD, *ROWS], 1)))
    done = enrol(xlsx())
    assert (done.added, done.changed) == (0, 3)
    assert accounts() == THREE


def test_a_corrected_list_changes_only_what_differs(enrol):
    enrol(xlsx())
    before = dict(BillingAccount.objects.values_list("number", "pk"))
    done = enrol(xlsx([HEAD, [1, "HS-01", "Nguyễn Văn Ân", "4A", *AN[4:]], BINH, CUC]))
    assert (done.added, done.changed, done.same) == (0, 1, 2)
    assert ("HS-01", "Nguyễn Văn Ân", "4A") in accounts()
    assert dict(BillingAccount.objects.values_list("number", "pk")) == before


def test_an_empty_cell_takes_nothing_away(enrol):
    enrol(xlsx())
    done = enrol(xlsx([HEAD, [1, "HS-01", "Nguyễn Văn An", "", "", ""], BINH, CUC]))
    assert done.same == 3
    assert accounts() == THREE


def test_a_parents_new_phone_is_taken_over_when_all_the_children_have_it(enrol):
    enrol(xlsx())
    new = "0933333333"
    done = enrol(xlsx([HEAD, [*AN[:5], new], BINH, [*CUC[:5], new]]))
    assert (done.changed, done.same) == (2, 1)
    assert Household.objects.get(name="Trần Thị Hòa").phone == "+84933333333"
    assert Household.objects.count() == 2


def test_two_phones_for_one_household_are_a_fault_and_not_a_guess(enrol):
    enrol(xlsx())
    done = enrol(xlsx([HEAD, [*AN[:5], "0933333333"], BINH, CUC]))
    assert codes(done) == [(2, "HOUSEHOLD_DIFFERS")]
    assert Household.objects.get(name="Trần Thị Hòa").phone == "+84912345678"


def test_two_of_one_name_in_a_class_without_numbers_are_both_asked_about(enrol):
    rows = [["Họ và tên", "Lớp"], ["Nguyễn Văn An", "3A"], ["Nguyễn Văn An", "3A"], ["Lê Thị Bình", "3A"]]
    done = enrol(xlsx(rows))
    assert codes(done) == [(2, "SAME_NAME"), (3, "SAME_NAME")]
    assert done.added == 1


def test_two_of_one_name_are_told_apart_by_their_parents_phones(enrol):
    rows = [["Họ và tên", "Lớp", "SĐT"], ["Nguyễn Văn An", "3A", "0911111111"], ["Nguyễn Văn An", "3A", "0922222222"]]
    assert enrol(xlsx(rows)).added == 2
    assert enrol(xlsx(rows)).same == 2
    without_phones = enrol(xlsx([["Họ và tên", "Lớp"], ["Nguyễn Văn An", "3A"]]))
    assert codes(without_phones) == [(2, "AMBIGUOUS")]


def test_a_child_of_the_same_name_with_another_phone_is_not_guessed(enrol):
    enrol(xlsx([["Họ và tên", "Lớp", "SĐT"], ["Nguyễn Văn An", "3A", "0911111111"]]))
    done = enrol(xlsx([["Họ và tên", "Lớp", "SĐT"], ["Nguyễn Văn An", "3A", "0922222222"]]))
    assert codes(done) == [(2, "AMBIGUOUS")]
    assert BillingAccount.objects.count() == 1


def test_one_phone_of_two_parents_without_a_name_is_not_guessed(enrol):
    head = ["Mã HS", "Họ và tên", "Phụ huynh", "SĐT"]
    enrol(xlsx([head, ["1a", "Nguyễn An", "Mẹ Hòa", "0911111111"], ["1b", "Lê Ba", "Bố Cường", "0911111111"]]))
    assert Household.objects.count() == 2
    done = enrol(xlsx([head, ["1c", "Vũ Dũng", "", "0911111111"]]))
    assert codes(done) == [(2, "AMBIGUOUS_HOUSEHOLD")]


def test_a_household_column_joins_meters_of_one_house(enrol):
    head = ["Số đồng hồ", "Chủ hộ", "Xóm", "Mã hộ"]
    rows = [head, ["0012", "Phạm Văn Tám", "Xóm 2", "H1"], ["0013", "Phạm Văn Tám", "Xóm 2", "H1"],
            ["0014", "Phạm Văn Tám", "Xóm 10", "H2"]]  # fmt: skip
    assert enrol(xlsx(rows), account_kind="meter").added == 3
    assert sorted(one.accounts.count() for one in Household.objects.all()) == [1, 2]
    assert enrol(xlsx(rows), account_kind="meter").same == 3


def test_a_meter_whose_zeros_excel_took_is_known_again(enrol):
    head = ["Số đồng hồ", "Tên khách hàng", "Xóm"]
    enrol(xlsx([head, ["0012", "Phạm Văn Tám", "Xóm 2"]]), account_kind="meter")
    assert enrol(xlsx([head, [12, "Phạm Văn Tám", "Xóm 2"]]), account_kind="meter").same == 1
    other = enrol(xlsx([head, [12.0, "Vũ Thị Chín", "Xóm 2"]]), account_kind="meter")
    assert codes(other) == [(2, "AMBIGUOUS_NUMBER")]
    nameless = enrol(xlsx([head, ["", "Vũ Thị Chín", "Xóm 2"]]), account_kind="meter")
    assert codes(nameless) == [(2, "NO_NUMBER")]


def test_a_merged_name_is_a_fault_in_every_row_that_it_covers(enrol):
    done = enrol(xlsx([HEAD, AN, [2, "HS-02", "", *BINH[3:]], CUC], merged=["C2:C3"]))
    assert codes(done) == [(2, "MERGED"), (3, "MERGED")]
    assert done.added == 1


def test_a_day_is_read_day_first_and_said(empty, enrol):
    head = [*HEAD, "Ngày vào"]
    data = xlsx([head, [*AN, "01/02"], [*BINH, "05/09/2025"], [*CUC, date(2025, 9, 6)]])
    assert "2 ngày được hiểu là ngày trước, tháng sau (ví dụ 01/02, 05/09/2025)." in looked(empty, data).notes
    enrol(data)
    days = dict(BillingAccount.objects.values_list("number", "since"))
    assert days == {"HS-01": date(2026, 2, 1), "HS-02": date(2025, 9, 5), "HS-03": date(2025, 9, 6)}


def test_a_column_that_shows_itself_month_first_is_not_believed(enrol):
    head = [*HEAD, "Ngày vào"]
    done = enrol(xlsx([head, [*AN, "09/05/2025"], [*BINH, "09/25/2025"], [*CUC, "25/09/2025"]]))
    assert codes(done) == [(2, "AMBIGUOUS_DATE"), (3, "BAD_DATE")]
    assert done.added == 1


def test_an_ended_account_is_not_brought_back_by_a_list(enrol):
    enrol(xlsx())
    BillingAccount.objects.filter(number="HS-01").update(until=date(2026, 3, 10))
    done = enrol(xlsx())
    assert codes(done) == [(2, "ENDED")]
    assert done.same == 2


def test_a_number_of_another_kind_is_not_taken_over(enrol):
    enrol(xlsx())
    done = enrol(xlsx([["Số đồng hồ", "Chủ hộ"], ["HS-01", "Nguyễn Văn An"]]), account_kind="meter")
    assert codes(done) == [(2, "OTHER_KIND")]


def test_columns_that_were_pointed_out_are_remembered(empty):
    odd = [["#", "Cháu", "Nhóm trẻ lớn bé"], ["a1", "Nguyễn Văn An", "Mầm"], ["a2", "Lê Thị Bình", "Chồi"]]

    def proposed(rows: files.Rows) -> Any:
        return opened_and_proposed(xlsx(rows), organization=empty.organization, kind="accounts")

    opened_book, proposal = proposed(odd)
    assert proposal.pointing.header_row == 0
    pointing = pointed(proposal, {"number": 0, "name": 1, "section": 2})
    take_in(
        organization_id=empty.organization.pk, name="x", data=xlsx(odd), book=opened_book, proposal=proposal,
        pointing=pointing, wish=Wish(kind="accounts", account_kind="pupil", day=date(2026, 3, 1)),
        actor=empty.treasurer, key="k", at=empty.now,
    )  # fmt: skip
    known = [["Mã HS", "Họ và tên", "Ghi chú", "Lớp"], ["a1", "Nguyễn Văn An", "4A", "ghi nhầm cột"]]
    opened_book, proposal = proposed(known)
    swapped = pointed(proposal, {"number": 0, "name": 1, "section": 2, "note": 3})
    take_in(
        organization_id=empty.organization.pk, name="x", data=xlsx(known), book=opened_book, proposal=proposal,
        pointing=swapped, wish=Wish(kind="accounts", account_kind="pupil", day=date(2026, 3, 1)),
        actor=empty.treasurer, key="k2", at=empty.now,
    )  # fmt: skip
    assert proposed(known)[1].pointing.roles == {"number": 0, "name": 1, "section": 2, "note": 3}


def test_pointing_out_is_held_to_what_a_list_needs():
    proposal = propose(opened(xlsx(), kind="accounts"), kind="accounts")
    with pytest.raises(ColumnMissing):
        pointed(proposal, {"number": 1})
    with pytest.raises(ColumnTwice):
        pointed(proposal, {"number": 2, "name": 2})
    with pytest.raises(ColumnMissing):
        pointed(proposal, {"name": 60})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "LIST_EMPTY"),
        (b"%PDF-1.7", "LIST_PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "LIST_OLD_EXCEL"),
        (b"PK\x03\x04 not a zip", "LIST_UNREADABLE"),
        (b"\x00\x01\x02\x03\xff\xfe\xfd", "LIST_LOST_LETTERS"),
        ("Họ và tên;Lớp\nNguy?n V?n An;3A\n".encode("cp1258", "replace"), "LIST_LOST_LETTERS"),
        (b"<html><body>xin chao</body></html>", "LIST_UNREADABLE"),
        (b":20:STATEMENT\n", "LIST_UNREADABLE"),
        (b"a;b\n" * 10_001, "LIST_TOO_BIG"),
        (b"x" * (5 * 1024 * 1024 + 1), "LIST_TOO_BIG"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, code):
    with pytest.raises(UnreadableList) as refused:
        opened(data, kind="accounts")
    assert refused.value.code == code
    assert "sao kê" not in refused.value.message  # it is no bank's


@pytest.mark.parametrize(
    ("written", "named"),
    [("Lớp 3A", "3A"), ("LỚP: 3 a", "3A"), ("3A1 (32 học sinh)", "3A1"), ("Xóm 2", "Xóm 2"), ("Mầm non", "Mầm non"),
     ("lớp Lá", "Lá"), ("", "")],
)  # fmt: skip
def test_a_class_is_named_one_way(written, named):
    assert section_named(written) == named


@pytest.mark.parametrize(
    ("title", "named"), [("3A", "3A"), ("Lớp 5B", "5B"), ("Sheet1", ""), ("Danh sách", ""), ("DS lớp 4C", ""), ("", "")]
)
def test_a_sheet_is_a_class_only_if_it_is_named_like_one(title, named):
    assert section_of_sheet(title) == named
