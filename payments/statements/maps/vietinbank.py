"""VietinBank eFAST: title "LỊCH SỬ GIAO DỊCH - TRANSACTION HISTORY" is public, the columns are **not confirmed**.

Asked for are the bank's name or silence above the table, a day, debit and credit, and a memo, in any order; figures
in any one way, the same in the whole file; days day first.
"""

from payments.statements.bank_map import BankMap, Layout
from payments.statements.grammar import DAY_FIRST, Grammar
from payments.statements.maps.unconfirmed import USUAL_HEADS

VIETINBANK = BankMap(
    key="vietinbank",
    title="VietinBank",
    names=("vietinbank", "tmcp cong thuong", "cong thuong viet nam", "industry and trade"),
    titles=(r"lich su giao dich",),
    layouts=(Layout("not confirmed", USUAL_HEADS, ordered=False),),
    grammar=Grammar(day=DAY_FIRST),
    confirmed=False,
)
