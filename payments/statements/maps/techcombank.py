"""Techcombank xlsx: heads in two languages, and the payer's bank, account and name in columns of their own.

Columns and order are those of a public sample; figures with commas.
"""

from payments.statements.bank_map import BankMap, Head, Layout
from payments.statements.grammar import DAY_FIRST, Grammar, styles_with

TECHCOMBANK = BankMap(
    key="techcombank",
    title="Techcombank",
    names=("techcombank", "tcb", "tmcp ky thuong", "ky thuong viet nam", "technological and commercial"),
    layouts=(
        Layout(
            "xlsx",
            (
                Head("day", ("ngày giao dịch", "transaction date")),
                Head("reference", ("số bút toán", "số tham chiếu", "reference no", "transaction no")),
                Head(
                    "other_account",
                    ("số tài khoản đối tác", "remitter's account number", "remitter's account", "remitter account"),
                    always=False,
                    own=True,
                ),
                Head("memo", ("diễn giải", "mô tả", "description")),
                Head("debit", ("nợ", "ghi nợ", "nợ tktt", "debit")),
                Head("credit", ("có", "ghi có", "có tktt", "credit")),
                Head("balance", ("số dư", "running balance", "balance")),
            ),
        ),
    ),
    grammar=Grammar(styles=styles_with(("", ",")), day=DAY_FIRST),
)
