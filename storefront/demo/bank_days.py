"""What a bank would say of an account: lines day by day, as the file that a treasurer downloads."""

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from base.periods import vietnam_day
from base.text import without_accents

HEADER = ("Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Nội dung")


@dataclass
class BankDays:
    """Lines that came since the last file. ``balance_dong`` is what the last file ended with."""

    balance_dong: int
    dice: Random
    number: int = 0
    waiting: list[tuple[datetime, int, str]] = field(default_factory=list)

    def comes(self, when: datetime, dong: int, memo: str) -> None:
        """``dong`` with its sign: what leaves is below 0."""
        self.waiting.append((when, dong, memo))

    def file(self, *, until: datetime) -> bytes | None:
        """The lines up to ``until`` as a CSV with running balances; None where there is none."""
        ripe = sorted(line for line in self.waiting if line[0] <= until)
        self.waiting = [line for line in self.waiting if line[0] > until]
        written = io.StringIO()
        out = csv.writer(written, lineterminator="\r\n")
        out.writerow(HEADER)
        for when, dong, memo in ripe:
            self.number += 1
            self.balance_dong += dong
            reference = f"FT{when:%y%j}{self.number:06d}"
            in_, gone = (dong, "") if dong > 0 else ("", -dong)
            out.writerow([f"{vietnam_day(when):%d/%m/%Y}", reference, gone, in_, self.balance_dong, memo])
        return written.getvalue().encode() if ripe else None

    def memo(self, code: str, *, name: str, section: str) -> str:
        """A code as people and their banks write it around, all of it readable."""
        plain = without_accents(name).upper()
        spaced = f"{code[:2]} {code[2:6]} {code[6:]}"
        return self.dice.choice(
            (
                f"MBVCB.{self.dice.randrange(10**10)}.{code}.CT tu 0000 toi 0000", code, f"{code} {plain}",
                f"IBFT {code.lower()} nop tien", f"{spaced} {plain} {without_accents(section)}", f"QR - {code}",
            )
        )  # fmt: skip
