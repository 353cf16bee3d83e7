"""VIB: the worksheet is called CURRENTACCOUNTSTATEMENT and has a document number, debit and credit.

The other columns, their order and the way figures are written are **not confirmed**: no order is asked for, and any one
way of writing figures, the same in the whole file.
"""

from payments.statements.bank_map import BankMap, Head, Layout
from payments.statements.grammar import DAY_FIRST, Grammar

VIB = BankMap(
    key="vib",
    title="VIB",
    names=("vib", "tmcp quoc te", "ngan hang quoc te", "vietnam international", "currentaccountstatement"),
    layouts=(
        Layout(
            "xlsx",
            (
                Head("day", ("ngày giao dịch", "ngày gd", "ngày", "transaction date", "date")),
                Head("reference", ("số chứng từ", "số ct", "document no", "doc no")),
                Head("debit", ("ghi nợ", "phát sinh nợ", "ps nợ", "nợ", "debit", "debit amount", "withdrawal")),
                Head("credit", ("ghi có", "phát sinh có", "ps có", "có", "credit", "credit amount", "deposit")),
                Head("memo", ("diễn giải", "nội dung", "mô tả", "description", "transaction details", "remarks")),
            ),
            ordered=False,
        ),
    ),
    grammar=Grammar(day=DAY_FIRST),
    confirmed=False,
)
