"""The bank as it really was: every line that moved, whoever has told us of it. And the files it exports."""

from dataclasses import dataclass, field
from datetime import date, datetime

from base.periods import vietnam_day
from tests.payments.statements.files import HEADER, as_csv


@dataclass(frozen=True)
class BankLine:
    """One movement. ``kind`` and ``codes`` say what its payer meant by ``memo``."""

    account: int
    source_id: int
    direction: str
    dong: int
    memo: str
    at: datetime
    reference: str
    kind: str
    codes: tuple[str, ...]
    lone: bool = True
    before_opening: bool = False

    @property
    def day(self) -> date:
        return vietnam_day(self.at)

    @property
    def equal(self) -> object:
        """What it shares with its twins."""
        return (self.account, self.direction, self.dong, self.day, self.memo)

    @property
    def shown(self) -> object:
        """By what a line of the product is known to be this one, or its twin."""
        return (self.account, self.direction, self.dong, self.day, self.memo.upper())


@dataclass
class Bank:
    numbers: dict[int, str]
    openings: dict[int, int]
    lines: list[BankLine] = field(default_factory=list)
    unfed: list[BankLine] = field(default_factory=list)  # the feed has not told of them yet
    fed: list[BankLine] = field(default_factory=list)

    def balance(self, account: int) -> int:
        moved = (line.dong if line.direction == "in" else -line.dong for line in self.of(account))
        return self.openings[account] + sum(moved)

    def of(self, account: int) -> list[BankLine]:
        """What moved its balance since the opening day."""
        return [line for line in self.lines if line.account == account and line.dong and not line.before_opening]

    def file(
        self, account: int, since: date, *, balances: bool, references: bool, named: bool, upper: bool, off: int = 0
    ) -> tuple[bytes, list[BankLine]]:
        """Every line from ``since`` on, oldest first, and the lines themselves. ``off``: a wrong last balance."""
        balance, rows, told = self.openings[account], [], []
        lines = self.of(account)
        for line in lines:
            moved = line.dong if line.direction == "in" else -line.dong
            balance += moved
            if line.day < since:
                continue
            told.append(line)
            shown = [balance + (off if line is lines[-1] else 0)] if balances else []
            memo = line.memo.upper() if upper else line.memo
            rows.append([
                f"{line.day:%d/%m/%Y}", line.reference if references else "", "" if moved > 0 else -moved,
                moved if moved > 0 else "", *shown, memo,
            ])  # fmt: skip
        header = HEADER if balances else [name for name in HEADER if name != "Số dư"]
        above = [["Số tài khoản", self.numbers[account]]] if named else []
        return as_csv([*above, header, *rows]), told
