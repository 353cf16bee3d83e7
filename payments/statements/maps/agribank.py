"""Agribank: no public sample is known, so every column is **not confirmed**; ask the cooperative for a file early.

Asked for are the bank's name or silence above the table, a day, debit and credit, and a memo, in any order; figures
in any one way, the same in the whole file; days day first.
"""

from payments.statements.bank_map import BankMap, Layout
from payments.statements.grammar import DAY_FIRST, Grammar
from payments.statements.maps.unconfirmed import USUAL_HEADS

AGRIBANK = BankMap(
    key="agribank",
    title="Agribank",
    names=("agribank", "nong nghiep va phat trien nong thon", "agriculture and rural development"),
    layouts=(Layout("not confirmed", USUAL_HEADS, ordered=False),),
    grammar=Grammar(day=DAY_FIRST),
    confirmed=False,
)
