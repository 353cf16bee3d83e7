"""MB: title row "SAO KÊ CHI TIẾT TÀI KHOẢN", posting day before transaction day, 0 where nothing moved.

Columns and order are those of a public sample; figures with commas.
"""

from payments.statements.bank_map import BankMap, Head, Layout
from payments.statements.grammar import DAY_FIRST, Grammar, styles_with

MB = BankMap(
    key="mb",
    title="MB",
    names=("mb ?bank", "tmcp quan doi", "ngan hang quan doi", "military commercial"),
    titles=(r"sao ke chi tiet tai khoan",),
    layouts=(
        Layout(
            "xlsx",
            (
                Head("day", ("ngày hạch toán", "ngày bút toán", "posting date")),
                Head("day", ("ngày giao dịch", "transaction date")),
                Head("debit", ("phát sinh nợ", "ps nợ", "ghi nợ", "debit", "debit amount")),
                Head("credit", ("phát sinh có", "ps có", "ghi có", "credit", "credit amount")),
                Head("balance", ("số dư", "số dư lũy kế", "số dư luỹ kế", "balance", "available balance")),
                Head("memo", ("nội dung", "diễn giải", "mô tả", "description", "transaction description")),
            ),
        ),
    ),
    grammar=Grammar(styles=styles_with(("", ",")), day=DAY_FIRST),
)
