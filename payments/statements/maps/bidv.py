"""BIDV: day and time in one cell, debit before credit, the document's number behind the balance.

Columns and order are those of the printed statement (public samples of the PDF, whose text is glued together); that the
xlsx of the portal has the same order is **not confirmed**. Figures with commas. The column "Mã giao dịch / Code" is the
kind of transaction; it is kept as reference because rows were known by it before this map.
"""

from payments.statements.bank_map import BankMap, Head, Layout
from payments.statements.grammar import DAY_FIRST, Grammar, styles_with

BIDV = BankMap(
    key="bidv",
    title="BIDV",
    names=("bidv", "dau tu va phat trien viet nam", "investment and development of viet ?nam"),
    layouts=(
        Layout(
            "printed form",
            (
                Head("day", ("ngày giờ giao dịch", "ngày giao dịch", "thời gian giao dịch", "transaction date")),
                Head("debit", ("phát sinh nợ", "ps nợ", "ghi nợ", "nợ", "debit")),
                Head("credit", ("phát sinh có", "ps có", "ghi có", "có", "credit")),
                Head("balance", ("số dư", "balance")),
                Head("memo", ("diễn giải", "nội dung", "mô tả", "description")),
            ),
        ),
    ),
    grammar=Grammar(styles=styles_with(("", ",")), day=DAY_FIRST),
)
