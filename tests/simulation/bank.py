"""The bank as it really was: every line that moved, whoever has told us of it. And the files it exports."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from base.periods import VIETNAM_OFFSET, vietnam_day
from base.text import squeezed
from tests.payments.statements.files import HEADER, as_csv

CUT_OFF = time(21, 0)
"""What moves later stands in the files of a late bank under the next day."""
BY_CLOCK = timedelta(minutes=12)
"""A message without a memo is about what moved within ten minutes of it; minutes are all that it says."""


@dataclass(frozen=True)
class BankLine:
    """One movement. ``kind`` and ``codes`` say what its payer meant by ``memo``; ``link``: through which link he paid.

    ``posted`` is the day under which the bank's files have it; ``lone``: no other line of that day is equal to it.
    """

    account: int
    source_id: int
    direction: str
    dong: int
    memo: str
    at: datetime
    reference: str
    kind: str
    codes: tuple[str, ...]
    posted: date
    lone: bool = True
    before_opening: bool = False
    other_side: str = ""
    link: str = ""

    @property
    def day(self) -> date:
        return vietnam_day(self.at)

    @property
    def equal(self) -> object:
        """What it shares with its twins."""
        return (self.account, self.direction, self.dong, self.day, self.memo)

    @property
    def is_plain(self) -> bool:
        return self.dong > 0 and not self.before_opening

    def codes_shown(self, memo: str) -> tuple[str, ...]:
        """Those of its codes that stand whole in ``memo``, which may be cut."""
        shown = squeezed(memo)
        return tuple(code for code in self.codes if (code[2:] if self.kind == "bare" else code) in shown)


@dataclass(frozen=True)
class Text:
    """What the bank's message says of a line; ``is_true`` False: nothing moved, somebody made it up."""

    line: BankLine
    memo: str
    balance: int | None
    is_true: bool = True

    def could_be(self, other: BankLine) -> bool:
        """Whether a machine that follows its rules may take it for a message about ``other``, which is equal in sum."""
        line = self.line
        if (line.account, line.direction, line.dong) != (other.account, other.direction, other.dong):
            return False
        shorter, longer = sorted((squeezed(self.memo), squeezed(other.memo)), key=len)
        if abs(line.at - other.at) <= timedelta(days=2) and shorter in longer:
            return True
        theirs = other.codes if other.kind not in ("bare", "mistyped") else ()
        ours = line.codes_shown(self.memo) if line.kind not in ("bare", "mistyped") else ()
        differ = bool(ours and theirs) and not set(ours) & set(theirs)
        return abs(line.at - other.at) <= BY_CLOCK and not differ


@dataclass
class Bank:
    numbers: dict[int, str]
    openings: dict[int, int]
    late: set[int]  # accounts whose bank posts the evening's lines on the next day
    lines: list[BankLine] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    unfed: list[tuple[str, BankLine]] = field(default_factory=list)  # calls that have not come yet
    fed: list[tuple[str, BankLine]] = field(default_factory=list)
    balances: dict[int, int] = field(default_factory=dict)

    def move(self, line: BankLine) -> None:
        self.lines.append(line)
        if line.is_plain:
            moved = line.dong if line.direction == "in" else -line.dong
            self.balances[line.account] = self.balance(line.account) + moved

    def balance(self, account: int) -> int:
        return self.balances.get(account, self.openings[account])

    def posts_on(self, account: int, at: datetime) -> date:
        there = at.astimezone(VIETNAM_OFFSET)
        return there.date() + timedelta(days=1 if account in self.late and there.time() >= CUT_OFF else 0)

    def texted(self, line: BankLine) -> bool:
        return any(text.could_be(line) for text in self.texts)

    def of(self, account: int) -> list[BankLine]:
        """What moved its balance since the opening day."""
        return [line for line in self.lines if line.account == account and line.is_plain]

    def file(
        self,
        account: int,
        since: date,
        until: date,
        *,
        balances: bool,
        references: bool,
        named: bool,
        upper: bool,
        off: int = 0,
    ) -> tuple[bytes, list[BankLine]]:
        """Every line posted from ``since`` to ``until``, oldest first, and the lines. ``off``: a wrong last balance."""
        balance, rows, told = self.openings[account], [], []
        lines = [line for line in self.of(account) if line.posted <= until]
        for line in lines:
            moved = line.dong if line.direction == "in" else -line.dong
            balance += moved
            if line.posted < since:
                continue
            told.append(line)
            shown = [balance + (off if line is lines[-1] else 0)] if balances else []
            memo = line.memo.upper() if upper else line.memo
            rows.append([
                f"{line.posted:%d/%m/%Y}", line.reference if references else "", "" if moved > 0 else -moved,
                moved if moved > 0 else "", *shown, memo,
            ])  # fmt: skip
        header = HEADER if balances else [name for name in HEADER if name != "Số dư"]
        above = [["Số tài khoản", self.numbers[account]]] if named else []
        return as_csv([*above, header, *rows]), told
