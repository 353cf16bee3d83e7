"""Vietcombank: retail xlsx, CashUp (several accounts in one sheet), the printed form and the public relief-fund CSV.

The four orders of columns are those of public samples. The printed form has day and document number in one cell.
Figures come with commas in the retail file and with dots in CashUp and in the relief fund's file, never both in one.
"""

from payments.statements.bank_map import BankMap, Head, Layout
from payments.statements.grammar import DAY_FIRST, Grammar, styles_with

_DAY = Head("day", ("ngày giao dịch", "ngày gd", "transaction date", "tnx date", "date", "ngày"))
_DEBIT = Head("debit", ("số tiền ghi nợ", "ghi nợ", "phát sinh nợ", "nợ", "debit", "debit amount"))
_CREDIT = Head("credit", ("số tiền ghi có", "ghi có", "phát sinh có", "có", "credit", "credit amount"))
_BALANCE = Head("balance", ("số dư", "balance"))
_MEMO = Head(
    "memo",
    ("mô tả", "diễn giải", "nội dung chi tiết", "nội dung", "description", "transactions in detail",
     "transaction details"),
)  # fmt: skip
_REFERENCE = Head("reference", ("số tham chiếu", "số chứng từ", "reference no", "reference number", "doc no"))

VIETCOMBANK = BankMap(
    key="vietcombank",
    title="Vietcombank",
    names=("vietcombank", "vcb", "tmcp ngoai thuong", "ngoai thuong viet nam", "foreign trade of viet ?nam"),
    layouts=(
        Layout("retail xlsx", (_DAY, _REFERENCE, _DEBIT, _CREDIT, _MEMO)),
        Layout("CashUp and the printed form", (_DAY, _DEBIT, _CREDIT, _BALANCE, _MEMO)),
        Layout("relief-fund CSV", (_DAY, _REFERENCE, _MEMO, _DEBIT, _CREDIT, _BALANCE)),
    ),
    grammar=Grammar(styles=styles_with(("", ",", ".")), day=DAY_FIRST),
)
