"""The layouts of banks with the same invented movements, and the ways in which a file may be spoiled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Cells = list[Any]
Write = Callable[[int], Any]
OPENING = 12_345_678
ACCOUNT = "1030000030"
FIRST = date(2026, 3, 14)


def commas(dong: int) -> str:
    return f"{dong:,}"


def dots(dong: int) -> str:
    return f"{dong:,}".replace(",", ".")


@dataclass(frozen=True)
class Move:
    """``dong`` is signed, in positive."""

    day: date
    dong: int
    balance: int
    memo: str
    reference: str

    @property
    def dmy(self) -> str:
        return self.day.strftime("%d/%m/%Y")

    def sides(self, write: Write, none: Any = "") -> tuple[Any, Any]:
        return (write(-self.dong), none) if self.dong < 0 else (none, write(self.dong))


def moves(count: int, *, seed: int = 0, opening: int = OPENING) -> list[Move]:
    """Unequal sums, every third one going out; the days go past the twelfth so that month-first cannot be."""
    found, balance = [], opening
    for n in range(count):
        dong = 150_000 + 7_919 * (n + 1) + 101 * seed
        dong = -dong if (n + seed) % 3 == 2 else dong
        balance += dong
        memo = f"CP7K2M9Q{n % 10}M cá trạch, mẻ {n}"
        found.append(Move(FIRST + timedelta(days=n // 2), dong, balance, memo, f"FT26{seed:03d}{n:06d}"))
    return found


@dataclass(frozen=True)
class Layout:
    """``rows`` writes the file; ``header`` is its row and ``first`` that of the first movement, from 1."""

    bank: str
    rows: Callable[[Sequence[Move], Write], list[Cells]]
    header: int
    first: int
    day: int
    debit: int
    credit: int
    balance: int | None
    reference: int | None
    memo: int
    writes: tuple[Write, ...] = (commas,)
    payers_account: int | None = None

    @property
    def proves_each_row(self) -> bool:
        return self.balance is not None


def _vietcombank(moved: Sequence[Move], write: Write) -> list[Cells]:
    out, into = -sum(m.dong for m in moved if m.dong < 0), sum(m.dong for m in moved if m.dong > 0)
    return [
        ["NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM"],
        ["SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT"],
        ["Số tài khoản/Account number:", ACCOUNT],
        ["Ngày giao dịch\nTransaction date", "Số tham chiếu\nReference No", "Số tiền ghi nợ\nDebit",
         "Số tiền ghi có\nCredit", "Mô tả\nDescription"],
        *[[m.dmy, m.reference, *m.sides(write), m.memo] for m in moved],
        ["Tổng số/Total", "", write(out), write(into), ""],
        ["Số dư đầu kỳ/Opening balance", write(moved[0].balance - moved[0].dong), "", "", ""],
        ["Số dư cuối kỳ/Closing balance", write(moved[-1].balance), "", "", ""],
    ]  # fmt: skip


def cashup(moved: Sequence[Move], write: Write, account: str = ACCOUNT) -> list[Cells]:
    return [
        [f"Tài khoản: {account} - HTX NONG NGHIEP YEN HOA - VND"],
        ["STT", "Ngày giao dịch", "Phát sinh nợ", "Phát sinh có", "Số dư", "Diễn giải"],
        ["", "Số dư đầu kỳ", "", "", write(moved[0].balance - moved[0].dong), ""],
        *[[n, m.dmy, *m.sides(write), write(m.balance), m.memo] for n, m in enumerate(moved, 1)],
    ]


def _vietcombank_printed(moved: Sequence[Move], write: Write) -> list[Cells]:
    return [
        ["VIETCOMBANK - SAO KÊ"],
        ["Ngày GD/ Số CT\nTNX Date/ Doc No", "Số tiền ghi nợ/ Debit", "Số tiền ghi có/ Credit", "Số dư/ Balance",
         "Nội dung chi tiết/ Transactions in detail"],
        *[[f"{m.dmy}\n{m.reference}", *m.sides(write), write(m.balance), m.memo] for m in moved],
    ]  # fmt: skip


def _relief_fund(moved: Sequence[Move], write: Write) -> list[Cells]:
    return [
        ["PageId", "Date", "Time", "DocumentNumber", "ReferenceNumber", "TransactionDetails", "DebitAmount",
         "CreditAmount", "Balance", "OffsetAccount"],
        *[["1", m.dmy, "09:00:00", f"5213.{n}", m.reference, m.memo, *m.sides(write), write(m.balance),
           "0071000123456"] for n, m in enumerate(moved)],
    ]  # fmt: skip


def _techcombank(moved: Sequence[Move], write: Write) -> list[Cells]:
    return [
        ["SAO KÊ GIAO DỊCH"],
        ["Ngày yêu cầu giao dịch\nRequesting date", "Ngày giao dịch\nTransaction date", "Số bút toán\nReference No",
         "Ngân hàng đối tác\nRemitter's bank", "Số tài khoản đối tác\nRemitter's account number",
         "Tên tài khoản đối tác\nRemitter's account name", "Diễn giải\nDescription", "Nợ\nDebit", "Có\nCredit",
         "Số dư\nRunning balance"],
        *[[m.dmy, m.dmy, m.reference, "VCB", "0071000123456", "NGUYEN THI HOA", m.memo, *m.sides(write),
           write(m.balance)] for m in moved],
    ]  # fmt: skip


def _mb(moved: Sequence[Move], write: Write) -> list[Cells]:
    return [
        ["SAO KÊ CHI TIẾT TÀI KHOẢN"],
        ["Số dư đầu kỳ:", write(moved[0].balance - moved[0].dong)],
        ["STT", "Ngày hạch toán", "Ngày giao dịch", "Phát sinh nợ", "Phát sinh có", "Số dư lũy kế", "Nội dung"],
        *[[n, m.dmy, m.dmy, *m.sides(write, "0"), write(m.balance), m.memo] for n, m in enumerate(moved, 1)],
    ]


def _bidv(moved: Sequence[Move], write: Write) -> list[Cells]:
    return [
        ["BIDV - SAO KÊ TÀI KHOẢN"],
        ["STT\nNo.", "Ngày giờ giao dịch\nTransaction date", "Ngày hiệu lực\nEffective date", "Mã giao dịch\nCode",
         "Phát sinh nợ\nDebit", "Phát sinh có\nCredit", "Số dư\nBalance", "Số chứng từ\nDoc No",
         "Giao dịch viên\nTeller", "Chi nhánh\nBranch", "Diễn giải\nDescription"],
        *[[n, f"{m.dmy} 08:{n % 60:02d}:59", m.dmy, m.reference, *m.sides(write, "-"), write(m.balance), f"00{n}",
           "9901", "483", m.memo] for n, m in enumerate(moved, 1)],
    ]  # fmt: skip


def _usual(title: str) -> Callable[[Sequence[Move], Write], list[Cells]]:
    def rows(moved: Sequence[Move], write: Write) -> list[Cells]:
        return [
            [title],
            ["Ngày giao dịch", "Số chứng từ", "Ghi nợ", "Ghi có", "Số dư", "Diễn giải"],
            *[[m.dmy, m.reference, *m.sides(write), write(m.balance), m.memo] for m in moved],
        ]

    return rows


def _usual_layout(bank: str, title: str) -> Layout:
    return Layout(bank, _usual(title), 2, 3, 0, 2, 3, 4, 1, 5, (commas, dots))


LAYOUTS = {
    "Vietcombank retail": Layout("vietcombank", _vietcombank, 4, 5, 0, 2, 3, None, 1, 4, (commas, dots)),
    "Vietcombank CashUp": Layout("vietcombank", cashup, 2, 4, 1, 2, 3, 4, None, 5, (commas, dots)),
    "Vietcombank printed": Layout("vietcombank", _vietcombank_printed, 2, 3, 0, 1, 2, 3, None, 4, (commas, dots)),
    "Vietcombank relief fund": Layout("vietcombank", _relief_fund, 1, 2, 1, 6, 7, 8, 4, 5, (commas, dots, str), 9),
    "Techcombank": Layout("techcombank", _techcombank, 2, 3, 1, 7, 8, 9, 2, 6, (commas,), 4),
    "MB": Layout("mb", _mb, 3, 4, 2, 3, 4, 5, None, 6),
    "BIDV": Layout("bidv", _bidv, 2, 3, 1, 4, 5, 6, 3, 10),
    "VIB": _usual_layout("vib", "VIB - CURRENTACCOUNTSTATEMENT"),
    "VietinBank": _usual_layout("vietinbank", "VIETINBANK eFAST: LỊCH SỬ GIAO DỊCH - TRANSACTION HISTORY"),
    "Agribank": _usual_layout("agribank", "AGRIBANK - SAO KÊ TÀI KHOẢN"),
    "ACB": _usual_layout("acb", "NGÂN HÀNG TMCP Á CHÂU (ACB)"),
}
