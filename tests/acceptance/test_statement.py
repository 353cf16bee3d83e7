"""Statement files in layouts of banks, invented, and what spoils such files."""

import io
import json
import time
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tests.acceptance.conftest import Run

pytestmark = pytest.mark.django_db

Cells = Sequence[Any]
OPENING = 12_345_678
MOVES = [150_000, 1, -50_000, 2_000_000, 185_000, -11_000, 150_000]  # in positive, out negative
MEMOS = [
    "MBVCB.7712345678.123456.CP7K2M9Q9M.CT tu 0071000123456 NGUYEN THI HOA toi 1030000030 HTX",
    "1 dong",
    "Phi dich vu; thang 11, ky 2",
    'Mua "ca chach" say',
    "Tiền cá chạch – nhà bà Tý",
    "PHI SMS",
    "CP7K2M9Q9M",
]
BALANCES = [OPENING + sum(MOVES[: n + 1]) for n in range(len(MOVES))]
CLOSING = BALANCES[-1]
FIRST = date(2026, 11, 2)
DAYS = [FIRST + timedelta(days=n // 2) for n in range(len(MOVES))]


def dmy(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def commas(dong: int) -> str:
    return f"{dong:,}"


def dots(dong: int) -> str:
    return f"{dong:,}".replace(",", ".")


def csv_of(rows: Sequence[Cells], separator: str = ",") -> str:
    def cell(value: Any) -> str:
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',;\t"\n') else text

    return "".join(separator.join(map(cell, row)) + "\r\n" for row in rows)


def xlsx_of(
    *sheets: Sequence[Cells], merged: Sequence[str] = (), change: Callable[[Workbook], None] | None = None
) -> bytes:
    book = Workbook()
    for n, rows in enumerate(sheets):
        sheet = book.active if n == 0 else book.create_sheet(f"Sheet{n + 1}")
        assert sheet is not None
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                if value not in ("", None):
                    sheet[f"{get_column_letter(c)}{r}"] = value
    for cells in merged:
        assert book.active is not None
        book.active.merge_cells(cells)
    if change:
        change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.fixture
def read(run: Run, tmp_path: Path) -> Any:
    def read(data: bytes | str, name: str = "sao ke.dat", *options: str) -> tuple[int, list[dict[str, Any]]]:
        file = tmp_path / name
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        return run("statement", "read", str(file), *options)

    return read


def check(answer: tuple[int, list[dict[str, Any]]], *, balances: bool = True, newest_first: bool = False) -> list[Any]:
    """The seven movements, each once, in the file's order; then the end."""
    code, lines = answer
    assert code == 0, lines
    *rows, end = lines
    order = range(len(MOVES))[:: -1 if newest_first else 1]
    assert [(row["direction"], row["dong"]) for row in rows] == [
        ("in" if MOVES[n] > 0 else "out", abs(MOVES[n])) for n in order
    ]
    assert ["".join(row["memo"].split()) for row in rows] == ["".join(MEMOS[n].split()) for n in order]
    assert [row["happened_at"][:10] for row in rows] == [DAYS[n].isoformat() for n in order]
    assert all(row["happened_at"].endswith("+07:00") for row in rows)
    assert len({row["source_id"] for row in rows}) == len(rows)
    assert all(set(row) == {"source_id", "account", "dong", "direction", "memo", "happened_at", "row"} for row in rows)
    assert [row["row"] for row in rows] == sorted({row["row"] for row in rows})
    if balances:
        assert end == {"rows": len(MOVES), "opening": OPENING, "closing": CLOSING, "continuous": True}
    else:
        assert end["rows"] == len(MOVES)
    return rows


def split(n: int, write: Callable[[int], Any] = int, none: Any = "") -> tuple[Any, Any]:
    """(debit, credit) of a movement."""
    return (write(-MOVES[n]), none) if MOVES[n] < 0 else (none, write(MOVES[n]))


ALL = range(len(MOVES))


def vietcombank(write: Callable[[int], Any] = commas, day: Callable[[date], Any] = dmy, none: Any = "") -> list[Cells]:
    debits, credits = -sum(m for m in MOVES if m < 0), sum(m for m in MOVES if m > 0)
    return [
        ["NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM"],
        ["SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT"],
        [],
        ["Số tài khoản/Account number:", "1030000030"],
        ["Tên tài khoản/Account name:", "HTX NONG NGHIEP YEN HOA"],
        ["Từ ngày/From: 02/11/2026", "", "Đến ngày/To: 30/11/2026"],
        [],
        ["Ngày giao dịch\nTransaction date", "Số tham chiếu\nReference No", "Số tiền ghi nợ\nDebit",
         "Số tiền ghi có\nCredit", "Mô tả\nDescription"],
        *[[day(DAYS[n]), f"5213 - {n:05d}", *split(n, write, none), MEMOS[n]] for n in ALL],
        ["Tổng số/Total", "", write(debits), write(credits), ""],
        [],
        ["Số dư đầu kỳ/Opening balance", write(OPENING)],
        ["Số dư cuối kỳ/Closing balance", write(CLOSING)],
    ]  # fmt: skip


def cashup(write: Callable[[int], Any] = dots, day: Callable[[date], Any] = dmy) -> list[Cells]:
    return [
        ["Tài khoản: 1030000030 - HTX NONG NGHIEP YEN HOA - VND"],
        ["STT", "Ngày giao dịch", "Phát sinh nợ", "Phát sinh có", "Số dư", "Diễn giải"],
        ["", "Số dư đầu kỳ", "", "", write(OPENING), ""],
        *[[n + 1, day(DAYS[n]), *split(n, write), write(BALANCES[n]), MEMOS[n]] for n in ALL],
        ["", "Cộng phát sinh", write(61_000), write(sum(m for m in MOVES if m > 0)), "", ""],
        ["", "Số dư cuối kỳ", "", "", write(CLOSING), ""],
    ]


def techcombank(write: Callable[[int], Any] = commas, day: Callable[[date], Any] = dmy) -> list[Cells]:
    return [
        ["SAO KÊ GIAO DỊCH"],
        ["Ngày yêu cầu giao dịch\nRequesting date", "Ngày giao dịch\nTransaction date", "Số bút toán\nReference No",
         "Ngân hàng đối tác\nRemitter's bank", "Số tài khoản đối tác\nRemitter's account number",
         "Tên tài khoản đối tác\nRemitter's account name", "Diễn giải\nDescription", "Nợ\nDebit", "Có\nCredit",
         "Số dư\nRunning balance"],
        *[[day(DAYS[n]), day(DAYS[n]), f"FT2632{n:08d}", "VCB", "0071000123456", "NGUYEN THI HOA", MEMOS[n],
           *split(n, write), write(BALANCES[n])] for n in ALL],
    ]  # fmt: skip


def mb(write: Callable[[int], Any] = commas, day: Callable[[date], Any] = dmy) -> list[Cells]:
    return [
        ["SAO KÊ CHI TIẾT TÀI KHOẢN"],
        ["Số dư đầu kỳ:", write(OPENING)],
        ["STT", "Ngày hạch toán", "Ngày giao dịch", "Phát sinh nợ", "Phát sinh có", "Số dư lũy kế", "Nội dung"],
        *[[n + 1, day(DAYS[n]), day(DAYS[n]), *split(n, write, "0"), write(BALANCES[n]), MEMOS[n]] for n in ALL],
    ]


def bidv(write: Callable[[int], Any] = commas, day: Callable[[date], Any] = dmy) -> list[Cells]:
    return [
        ["BIDV - SAO KÊ TÀI KHOẢN"],
        ["STT\nNo.", "Ngày giờ giao dịch\nTransaction date", "Ngày hiệu lực\nEffective date", "Mã giao dịch\nCode",
         "Phát sinh nợ\nDebit", "Phát sinh có\nCredit", "Số dư\nBalance", "Số chứng từ\nDoc No",
         "Giao dịch viên\nTeller", "Chi nhánh\nBranch", "Diễn giải\nDescription"],
        *[[n + 1, f"{dmy(DAYS[n])} 08:{n:02d}:59", day(DAYS[n]), "TRF", *split(n, write, "-"), write(BALANCES[n]),
           f"00{n}", "9901", "483", MEMOS[n]] for n in ALL],
    ]  # fmt: skip


def relief_fund(write: Callable[[int], Any] = str, day: Callable[[date], Any] = dmy) -> list[Cells]:
    return [
        ["PageId", "Date", "Time", "DocumentNumber", "ReferenceNumber", "TransactionDetails", "DebitAmount",
         "CreditAmount", "Balance", "OffsetAccount"],
        *[[1, day(DAYS[n]), f"09:0{n}:00", f"5213.{n}", f"R{n}", MEMOS[n], *split(n, write),
           write(BALANCES[n]), "0071000123456"] for n in ALL],
    ]  # fmt: skip


WITH_BALANCES = {"CashUp": cashup, "Techcombank": techcombank, "MB": mb, "BIDV": bidv, "relief fund": relief_fund}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("bank", WITH_BALANCES)
def test_csv(read: Any, bank: str, separator: str, encoding: str) -> None:
    for write in (str, commas, dots):
        check(read(csv_of(WITH_BALANCES[bank](write=write), separator).encode(encoding), "a.csv"))


@pytest.mark.parametrize("bank", WITH_BALANCES)
@pytest.mark.parametrize("write", [int, float, str, commas, dots])
@pytest.mark.parametrize("excel_dates", [False, True])
def test_xlsx(read: Any, bank: str, write: Callable[[int], Any], excel_dates: bool) -> None:
    rows = WITH_BALANCES[bank](write=write, day=(lambda d: datetime.combine(d, clock())) if excel_dates else dmy)
    check(read(xlsx_of(rows), "a.xlsx"))


def test_vietcombank_without_a_balance_column(read: Any) -> None:
    for write in (int, str, commas, dots):
        rows = check(read(xlsx_of(vietcombank(write=write)), "a.xlsx"), balances=False)
        assert {row["account"] for row in rows} <= {"", "1030000030"}
        assert [row["row"] for row in rows] == list(range(9, 16))
    check(read(csv_of(vietcombank(none="0"))), balances=False)
    check(read(csv_of(vietcombank(none="-"), ";")), balances=False)
    rows = vietcombank()[:-3]
    assert read(csv_of(rows))[1][-1] == {"rows": 7, "opening": None, "closing": None, "continuous": None}


OWN = {"vietcombank": vietcombank, "techcombank": techcombank, "mb": mb, "bidv": bidv}


@pytest.mark.parametrize("bank", OWN)
def test_the_bank_by_name(read: Any, bank: str) -> None:
    for data in (csv_of(OWN[bank]()), xlsx_of(OWN[bank]())):
        named = check(read(data, "a.dat", "--bank", bank), balances=bank != "vietcombank")
        assert named == check(read(data), balances=bank != "vietcombank"), "the same ids, bank named or not"
    for other in OWN.keys() - {bank}:
        answer = refused(read(csv_of(OWN[bank]()), "a.dat", "--bank", other))
        assert answer["error"] in ("STATEMENT_OTHER_BANK", "STATEMENT_NOT_THE_BANKS_LAYOUT")


def test_one_account_of_several(read: Any) -> None:
    both = [*cashup(), ["Tài khoản: 1030000031 - HTX NONG NGHIEP YEN HOA - VND"], *cashup()[1:]]
    for data in (csv_of(both), xlsx_of(both)):
        answer = refused(read(data))
        assert answer["error"] == "STATEMENT_SEVERAL_ACCOUNTS"
        assert "1030000030" in answer["message"]
        assert "1030000031" in answer["message"]
        rows = check(read(data, "a.dat", "--account", "1030000031"))
        assert {row["account"] for row in rows} == {"1030000031"}


def mt940() -> str:
    lines = [":20:STMT", ":25:1030000030", ":28C:1/1", f":60F:C261101VND{OPENING},"]
    for n in ALL:
        side = "C" if MOVES[n] > 0 else "D"
        lines += [f":61:{DAYS[n]:%y%m%d}{DAYS[n]:%m%d}{side}{abs(MOVES[n])},NTRFNONREF//R{n}", f":86:{MEMOS[n]}"]
    return "\r\n".join([*lines, f":62F:C261130VND{CLOSING},", "-", ""])


def camt() -> str:
    def money(dong: int) -> str:
        side = "CRDT" if dong >= 0 else "DBIT"
        return f'<Amt Ccy="VND">{abs(dong)}.00</Amt><CdtDbtInd>{side}</CdtDbtInd>'

    def balance(kind: str, dong: int) -> str:
        return f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{money(dong)}</Bal>"

    entries = "".join(
        f"<Ntry>{money(MOVES[n])}<Sts>BOOK</Sts><BookgDt><Dt>{DAYS[n]}</Dt></BookgDt><AcctSvcrRef>R{n}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{MEMOS[n]}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for n in ALL
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        "<BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>1030000030</Id></Othr></Id></Acct>"
        f"{balance('OPBD', OPENING)}{balance('CLBD', CLOSING)}{entries}</Stmt></BkToCstmrStmt></Document>"
    )


@pytest.mark.parametrize("message", [mt940, camt])
def test_messages(read: Any, message: Callable[[], str]) -> None:
    assert {row["account"] for row in check(read(message()))} == {"1030000030"}
    check(read(message(), "a.txt", "--bank", "vietcombank"))
    assert refused(read(message().replace("VND", "USD")))["error"] == "STATEMENT_OTHER_CURRENCY"
    assert refused(read(message().replace("2000000", "2000001")))["error"] == "STATEMENT_CLOSING_DIFFERS"


def test_a_web_page_that_is_a_table(read: Any) -> None:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in techcombank())
    check(read(f"<html><body><table>{cells}</table></body></html>".replace("\n", "<br>"), "a.xls"))


def test_newest_first(read: Any) -> None:
    for layout in (techcombank, bidv):
        rows = layout()
        rows[2:] = rows[:1:-1]
        check(read(csv_of(rows)), newest_first=True)
        check(read(xlsx_of(rows)), newest_first=True)


def test_the_account_is_ours_and_not_the_payers(read: Any) -> None:
    for layout in (techcombank, relief_fund):
        rows = check(read(csv_of(layout())))
        assert {row["account"] for row in rows} == {""}
    assert {row["account"] for row in check(read(csv_of(cashup())))} <= {"", "1030000030"}


def test_blank_rows_and_a_merged_title(read: Any) -> None:
    rows: list[Cells] = [["SAO KÊ"], [], *techcombank()]
    for at in (5, 8):
        rows.insert(at, [])
    rows.insert(6, [""] * 10)
    answer = check(read(xlsx_of(rows, merged=["A1:J1", "A3:J3"])))
    assert answer[-1]["row"] == len(rows)
    assert [row["row"] for row in check(read(csv_of(rows)))] == [row["row"] for row in answer]


def test_bilingual_head_on_two_rows_with_merged_groups(read: Any) -> None:
    rows: list[Cells] = [
        ["Ngày giao dịch", "Số tham chiếu", "Số tiền phát sinh", "", "Số dư", "Nội dung"],
        ["", "", "Ghi nợ", "Ghi có", "", ""],
        *[[dmy(DAYS[n]), f"R{n}", *split(n), BALANCES[n], MEMOS[n]] for n in ALL],
    ]
    check(read(xlsx_of(rows, merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"])))
    english: list[Cells] = [
        ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Nội dung"],
        ["Transaction date", "Reference No", "Debit", "Credit", "Balance", "Description"],
        *rows[2:],
    ]
    check(read(xlsx_of(english)))
    check(read(csv_of(english)))


def test_heads_without_accents_in_capitals_and_decomposed(read: Any) -> None:
    body = [[dmy(DAYS[n]), f"R{n}", *split(n), BALANCES[n], MEMOS[n]] for n in ALL]
    for heads in (
        ["NGAY GIAO DICH", "SO THAM CHIEU", "GHI NO", "GHI CO", "SO DU", "NOI DUNG"],
        ["NGÀY GIAO DỊCH", "SỐ THAM CHIẾU", "GHI NỢ (VND)", "GHI CÓ (VND)", "SỐ DƯ (VND)", "NỘI DUNG"],
        ["Date", "Reference", "Debit", "Credit", "Balance", "Description"],
        ["Transaction Date", "Ref No.", "Withdrawal", "Deposit", "Balance", "Transaction details"],
        ["Ngày GD", "Số GD", "Tiền ra", "Tiền vào", "Số dư sau giao dịch", "Nội dung giao dịch"],
        ["Ngày", "Số CT", "Nợ", "Có", "Số dư", "Diễn giải"],
        [" Ngày giao dịch ", "Mã giao dịch", "Phát sinh Nợ", "Phát sinh Có", "Số dư cuối", "Nội dung chi tiết"],
    ):
        check(read(csv_of([heads, *body])))
        check(read(csv_of([[unicodedata.normalize("NFD", head) for head in heads], *body])))


def test_wrapped_descriptions(read: Any) -> None:
    rows = list(techcombank())
    rows[4] = [*rows[4][:6], MEMOS[2][:10], *rows[4][7:]]
    rows.insert(5, ["", "", "", "", "", "", MEMOS[2][10:], "", "", ""])
    check(read(csv_of(rows)))
    check(read(xlsx_of(rows)))
    rows = [[cell.replace(" ", "\n") if cell in MEMOS else cell for cell in row] for row in techcombank()]
    check(read(csv_of(rows)))


def test_one_signed_column(read: Any) -> None:
    head = ["Ngày giao dịch", "Số tham chiếu", "Số tiền", "Số dư", "Nội dung"]
    for amount, balance in ((str, str), (lambda n: f"{n:+,}", commas), (dots, dots)):
        rows = [head, *[[dmy(DAYS[n]), f"R{n}", amount(MOVES[n]), balance(BALANCES[n]), MEMOS[n]] for n in ALL]]
        check(read(csv_of(rows)))
    check(read(xlsx_of([head, *[[DAYS[n], f"R{n}", MOVES[n], BALANCES[n], MEMOS[n]] for n in ALL]])))


def test_repeated_heads_of_printed_pages(read: Any) -> None:
    rows = techcombank()
    rows.insert(6, rows[1])
    check(read(csv_of(rows)))


def test_other_sheets_do_not_disturb(read: Any) -> None:
    notes = [["Ghi chú"], ["Tải lúc 08:00"]]
    check(read(xlsx_of(techcombank(), notes, [])))
    check(read(xlsx_of(notes, [], techcombank())))

    def named(book: Workbook) -> None:
        assert book.active is not None
        book.active.title = "CURRENTACCOUNTSTATEMENT"

    check(read(xlsx_of(bidv(), change=named)))


def test_formulas_of_text_in_csv(read: Any) -> None:
    rows = [[f'="{cell}"' if str(cell).startswith("FT") else cell for cell in row] for row in techcombank()]
    check(read(csv_of(rows)))


def test_the_name_of_the_file_does_not_matter(read: Any) -> None:
    check(read(xlsx_of(mb()), "sao ke.xls"))
    check(read(xlsx_of(mb()), "sao ke.csv"))
    check(read(csv_of(mb()), "sao ke.xlsx"))


def test_twins_and_equal_ids_between_files(read: Any) -> None:
    head = ["Ngày giao dịch", "Ghi nợ", "Ghi có", "Nội dung"]
    twin = ["02/11/2026", "", "150000", "NOP TIEN HOC"]
    *rows, end = read(csv_of([head, twin, twin, ["03/11/2026", "", "150000", "NOP TIEN HOC"]]))[1]
    assert end == {"rows": 3, "opening": None, "closing": None, "continuous": None}
    assert len({row["source_id"] for row in rows}) == 3
    assert read(csv_of([head, twin, twin]))[1][:2] == rows[:2]


STYLES: dict[str, Callable[[int], str]] = {
    "comma, two decimals": lambda n: f"{n:,}.00",
    "dot, two decimals": lambda n: dots(n) + ",00",
    "plain, two decimals": lambda n: f"{n}.00",
    "blanks": lambda n: f"{n:,}".replace(",", " "),
    "no-break blanks": lambda n: f"{n:,}".replace(",", "\u00a0"),
    "with VND": lambda n: f"{n:,} VND",
    "with đ": lambda n: dots(n) + " đ",
    "with ₫": lambda n: dots(n) + "₫",
    "a plus": lambda n: f"+{n:,}",
}


@pytest.mark.parametrize("style", STYLES)
def test_every_way_to_write_a_figure(read: Any, style: str) -> None:
    for layout in WITH_BALANCES.values():
        check(read(csv_of(layout(write=STYLES[style]), ";")))
        check(read(xlsx_of(layout(write=STYLES[style]))))


@pytest.mark.parametrize(
    "day",
    [
        lambda d: d.strftime("%d-%m-%Y"),
        lambda d: d.strftime("%d.%m.%Y"),
        lambda d: d.isoformat(),
        lambda d: d.strftime("%d/%m/%Y %H:%M:%S"),
        lambda d: d.strftime(" %d/%m/%Y "),
        lambda d: d.strftime("%d/%m/%Y\n08:15"),
        lambda d: d.strftime("%d/%m/%Y 8:15"),
        lambda d: d.isoformat() + "T08:15:59",
        lambda d: d.strftime("08:15:59 %d/%m/%Y"),
    ],
)
def test_every_way_to_write_a_day(read: Any, day: Callable[[date], str]) -> None:
    check(read(csv_of(techcombank(day=day))))
    check(read(xlsx_of(techcombank(day=day))))


def test_a_memo_may_say_what_it_likes(read: Any) -> None:
    odd = ["Tổng tiền cá", "Số dư đầu kỳ", "Ngày giao dịch", "(1)", "=1+1", "+84912345678", "123123", "0", "-",
           "1.02E+11", "Số tài khoản: 0071000123456", "Ghi nợ; Ghi có", "02/11/2026", "đ", "<table>", "﷽"]  # fmt: skip
    for at, memo in enumerate(odd):
        row = 3 + at % len(MOVES)
        rows = changed(row, 6, memo)
        code, answers = read(csv_of(rows))
        assert code == 0, (memo, answers)
        assert answers[row - 3]["memo"] == memo
        assert answers[-1]["continuous"] is True
        if memo != "=1+1":
            code, answers = read(xlsx_of(rows))
            assert code == 0, (memo, answers)
            assert answers[row - 3]["memo"] == memo
    for number in (123123, 5.0):
        assert read(xlsx_of(changed(3, 6, number)))[0] == 0


def test_foot_notes_under_the_table(read: Any) -> None:
    rows = [
        *techcombank(),
        [],
        ["Ngày in: 30/11/2026"],
        ["1. Sao kê này có giá trị trong 30 ngày."],
        ["30/11/2026"],
        ["", "", "Trang 1/1"],
        ["Giao dịch viên", "", "", "", "", "", "Kiểm soát"],
    ]
    check(read(xlsx_of(rows)))
    check(read(csv_of([[*row, *[""] * (10 - len(row))] for row in rows])))
    check(read(csv_of(rows[:-3])))


# --- what must not be read ---


def changed(
    row: int, column: int, value: Any, layout: Callable[..., list[Cells]] = techcombank, **how: Any
) -> list[Cells]:
    rows = [list(cells) for cells in layout(**how)]
    rows[row - 1][column] = value
    return rows


def without(row: int) -> list[Cells]:
    rows = list(techcombank())
    del rows[row - 1]
    return rows


def swapped() -> list[Cells]:
    rows = [list(cells) for cells in techcombank()]
    rows[1][7], rows[1][8] = rows[1][8], rows[1][7]
    return rows


DOUBLED = techcombank()
DOUBLED.insert(5, DOUBLED[4])

# techcombank's columns: 0, 1 days; 2 reference; 4 payer's account; 6 memo; 7 debit; 8 credit; 9 balance; rows 3 to 9
DOUBTFUL: dict[str, tuple[Sequence[Cells], int | None]] = {
    "a row is missing": (without(5), 5),
    "a row stands twice": (DOUBLED, 6),
    "debit and credit changed places": (swapped(), 3),
    "one đồng more": (changed(6, 8, "2,000,001"), 6),
    "a wrong balance": (changed(6, 9, "1"), 6),
    "dots among commas": (changed(6, 8, "2.000.000"), 6),
    "one dot, one comma": (changed(6, 8, "2.000,000"), 6),
    "a fraction": (changed(6, 8, "2,000,000.50"), 6),
    "full-width digits": (changed(6, 8, "２,０００,０００"), 6),
    "Arabic-Indic digits": (changed(6, 8, "٢٠٠٠٠٠٠"), 6),
    "an exponent": (changed(6, 8, "2E+06"), 6),
    "letters": (changed(6, 8, "hai trieu"), 6),
    "groups of two": (changed(6, 8, "20,00,000"), 6),
    "an l for a 1": (changed(5, 7, "5O,000"), 5),
    "negative credit": (changed(6, 8, "-2,000,000"), 6),
    "both sides": (changed(6, 7, "1"), 6),
    "neither side": (changed(6, 8, ""), 6),
    "no balance in one row": (changed(6, 9, ""), 6),
    "31 February": (changed(6, 1, "31/02/2026"), 6),
    "month first": (changed(6, 1, "11/13/2026"), 6),
    "day 0": (changed(6, 1, "00/11/2026"), 6),
    "full-width day": (changed(6, 1, "０３/11/2026"), 6),
    "no day": (changed(6, 1, ""), 6),
    "a day in words": (changed(6, 1, "hom qua"), 6),
    "a reference that became a number": (changed(6, 2, "1.02E+11"), 6),
}


@pytest.mark.parametrize("what", DOUBTFUL)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_doubtful(read: Any, what: str, kind: str) -> None:
    rows, row = DOUBTFUL[what]
    code, answers = read(csv_of(rows) if kind == "csv" else xlsx_of(rows))
    assert code == 2, answers[-1]
    (answer,) = answers
    assert set(answer) == {"error", "message", "row"}
    assert answer["error"] == answer["error"].upper()
    assert answer["row"] == row, answer


HEADS = ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Nội dung"]


def mixed_years() -> list[Cells]:
    return changed(6, 1, "03/11/26")


NO_STATEMENT = {
    "empty": b"",
    "blanks": b" \r\n\r\n ",
    "a byte-order mark alone": b"\xef\xbb\xbf",
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\n",
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "html": b"<html><body><table><tr><td>Ng\xc3\xa0y</td></tr></table></body></html>",
    "html in capitals": b"\r\n <!DOCTYPE HTML><HTML></HTML>",
    "html with a mark": b"\xef\xbb\xbf<table><tr><td>x</td></tr></table>",
    "xml of excel 2003": b'<?xml version="1.0"?><Workbook></Workbook>',
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "a zip that is none": b"PK\x03\x04 not a zip",
    "binary": bytes(range(256)) * 4,
    "windows-1258": csv_of(techcombank()).replace("–", "-").encode("utf-8").decode("utf-8").encode("cp1258", "replace"),
    "utf-16 without a mark": csv_of(techcombank()).encode("utf-16-le"),
    "prose": "Kính gửi quý khách, đây không phải sao kê.".encode(),
    "json": json.dumps([{"ngay": "02/11/2026"}]).encode(),
    "no header": csv_of(techcombank()[2:]).encode(),
    "an open quote": (csv_of(techcombank()) + '"02/11/2026,oops').encode(),
    "two balances": csv_of([["Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Số dư", "Nội dung"]]).encode(),
    **{
        f"cut {less} bytes before its end": csv_of(techcombank()).encode()[:-less]
        for less in (3, 8, 14, 20, 40, 60, 80, 90)
    },
}


@pytest.mark.parametrize("what", NO_STATEMENT)
def test_no_statement_at_all(read: Any, what: str) -> None:
    code, answers = read(NO_STATEMENT[what])
    assert code == 2, answers
    (answer,) = answers
    assert {"error", "message"} <= set(answer) <= {"error", "message", "row"}
    assert answer["error"] == answer["error"].upper()


def zip_of(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return written.getvalue()


def refused(answer: tuple[int, list[dict[str, Any]]]) -> dict[str, Any]:
    code, answers = answer
    assert code == 2, answers
    (only,) = answers
    return only


def test_zips_that_are_no_workbook(read: Any) -> None:
    refused(read(zip_of(readme=b"hello")))
    refused(read(zip_of(word__document_xml=b"<w/>")))
    refused(read(zip_of(xl__workbook_xml=b"<not closed")))
    refused(read(xlsx_of(techcombank())[:-100]))
    refused(read(b"PK\x05\x06" + b"\0" * 18))


def test_a_bomb(read: Any) -> None:
    started = time.thread_time()
    refused(read(zip_of(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=b"<row/>" * 5_000_000)))
    refused(read(zip_of(xl__workbook_xml=b"<workbook/>", xl__media__a=b"\0" * 30_000_000)))
    assert time.thread_time() - started < 5


def test_two_statements_in_one_book(read: Any) -> None:
    refused(read(xlsx_of(techcombank(), mb())))

    def hide(book: Workbook) -> None:
        book.worksheets[1].sheet_state = "hidden"

    refused(read(xlsx_of(techcombank(), mb(), change=hide)))


def test_two_accounts_in_one_sheet_are_split_or_refused(read: Any) -> None:
    """Never are the rows of a second account taken for the first one's."""
    first, second = cashup(), cashup()
    second[0] = ["Tài khoản: 1030000031 - HTX NONG NGHIEP YEN HOA - VND"]
    for rows in ([*first, *second], [*first, [], *second]):
        refused(read(csv_of(rows)))
        refused(read(xlsx_of(rows)))
    head = ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Nội dung"]
    body = [[dmy(DAYS[n]), f"R{n}", *split(n), MEMOS[n]] for n in ALL]
    for label in ("Số tài khoản: {}", "Tài khoản {} - HTX YEN HOA", "Account number: {} (VND)"):
        bare = [[label.format("1030000030")], head, *body, [label.format("1030000031")], head, *body]
        refused(read(csv_of(bare)))
        refused(read(xlsx_of(bare)))
        again = [*bare[:-9], [label.format("1030000030")], head, *body]  # a second page of the same account
        rows = read(csv_of(again))[1]
        assert rows[-1]["rows"] == 14
        assert {row["account"] for row in rows[:-1]} == {"1030000030"}


@pytest.mark.parametrize(
    ("told", "account"),
    [
        (["Số tài khoản: 0071.000.123.456"], "0071000123456"),
        (["Số tài khoản: 0071 0001 23456 (VND)"], "0071000123456"),
        (["Tài khoản/Account No.: 1030000030 - HTX NONG NGHIEP"], "1030000030"),
        (["Số tài khoản: 1030000030 02/11/2026 - 30/11/2026"], "1030000030"),
        (["Số tài khoản / Account number", "1030000030"], "1030000030"),
        (["Số TK 1030000030"], "1030000030"),
        (["STK: 1030000030, VND"], "1030000030"),
        (["Số tài khoản: 1.0300E+11"], ""),
        (["Số tài khoản: HTX Yên Hòa"], ""),
        (["Loại tài khoản: tiền gửi thanh toán"], ""),
    ],
)
def test_our_account_above_the_header(read: Any, told: list[str], account: str) -> None:
    for data in (csv_of([told, *techcombank()], ";"), xlsx_of([told, *techcombank()])):
        assert {row["account"] for row in check(read(data))} == {account}


def test_only_a_header(read: Any) -> None:
    """A quiet month, or a refusal: never rows."""
    code, answers = read(csv_of([HEADS]))
    assert (code, answers) == (0, [{"rows": 0, "opening": None, "closing": None, "continuous": None}]) or code == 2


def test_formulas_without_a_value(read: Any) -> None:
    refused(read(xlsx_of(changed(6, 8, "=1000000*2"))))
    refused(read(xlsx_of(changed(6, 9, "=J5+I6"))))


def test_merged_cells_over_money(read: Any) -> None:
    for merged in ("I3:I4", "H5:I5", "J6:J7", "B3:B4"):
        assert refused(read(xlsx_of(techcombank(), merged=[merged])))["row"] in range(3, 8)


def test_numbers_that_excel_holds_wrongly(read: Any) -> None:
    assert refused(read(xlsx_of(changed(6, 8, 2_000_000.5, write=int))))["row"] == 6
    assert refused(read(xlsx_of(changed(6, 8, True, write=int))))["row"] == 6
    assert refused(read(xlsx_of(changed(6, 8, "#REF!", write=int))))["row"] == 6
    assert refused(read(xlsx_of(changed(6, 8, FIRST, write=int))))["row"] == 6
    assert refused(read(xlsx_of(changed(6, 1, 46000, write=int))))["row"] == 6


def test_our_account_as_a_number(read: Any) -> None:
    head = ["Số tài khoản", *HEADS]
    rows = [["1030000030", dmy(DAYS[n]), f"R{n}", *split(n), BALANCES[n], MEMOS[n]] for n in ALL]
    assert {row["account"] for row in check(read(csv_of([head, *rows])))} == {"1030000030"}
    rows[2][0] = "1.02E+11"
    assert refused(read(csv_of([head, *rows])))["row"] == 4
    rows[2][0] = "1030000031"
    refused(read(csv_of([head, *rows])))
    for row in rows:
        row[0] = 1.02e11
    refused(read(xlsx_of([head, *rows])))


def test_a_reference_that_excel_rounded(read: Any) -> None:
    for number in (1.02e15, 2.6326123456789e17, 263261234567890123, 12.5):
        assert refused(read(xlsx_of(changed(6, 2, number))))["row"] == 6
    check(read(xlsx_of(changed(6, 2, 26326123456))))


@pytest.mark.parametrize("column", [1, 2, 8, 9])
@pytest.mark.parametrize("number", ["nan", "inf", "1E400", "-1E400", "1e308", "-1", "99999999999", "x", "", "٣"])
def test_numbers_that_no_spreadsheet_writes(read: Any, column: int, number: str) -> None:
    """The cell of the fourth movement holds this, whatever its type says: one doubt, never a traceback."""
    day = FIRST if column == 1 else dmy(FIRST)
    rows = changed(6, column, day if column == 1 else 77_777, write=int)
    data, cell = xlsx_of(rows), f'r="{get_column_letter(column + 1)}6"'
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        for part in old.namelist():
            content = old.read(part).decode() if part.endswith(".xml") else old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert isinstance(content, str)
                at = content.index("<v>", content.index(cell)) + 3
                content = content[:at] + number + content[content.index("</v>", at) :]
            new.writestr(part, content)
    code, answers = read(written.getvalue())
    if code != 0:
        assert {"error", "message"} <= set(refused((code, answers)))
    else:
        assert (column, number) in ((2, ""), (2, "-1"), (2, "99999999999"), (2, "x"), (2, "٣")), answers[3]


def test_files_that_are_not_there(run: Run, tmp_path: Path) -> None:
    for arguments in (
        ("read",), (), ("write", "x"), ("read", str(tmp_path / "khong")), ("read", str(tmp_path)),
        ("read", str(tmp_path / "khong"), "--bank", "x"), ("read", "a\0b"),
    ):  # fmt: skip
        code, answers = run("statement", *arguments)
        assert code == 2
        assert [set(answer) for answer in answers] == [{"error", "message"}]


def test_a_hundred_thousand_rows(read: Any) -> None:
    balance, rows = OPENING, [HEADS]
    for n in range(100_000):
        balance += 1_000 + n
        rows.append(
            [dmy(FIRST + timedelta(days=n // 5000)), f"R{n}", "", commas(1_000 + n), commas(balance), f"CP ca {n}"]
        )
    started = time.process_time()
    code, answers = read(csv_of(rows))
    assert time.process_time() - started < 20
    assert code == 0
    assert answers[-1] == {"rows": 100_000, "opening": OPENING, "closing": balance, "continuous": True}
    del rows[77_777]
    assert refused(read(csv_of(rows)))["row"] == 77_778
