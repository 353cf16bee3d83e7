"""What somebody wants of a list, and what came of it."""

from dataclasses import dataclass, field
from datetime import date

from payments.bills.roster.faults import Fault
from payments.bills.roster.lines import Skipped
from payments.bills.roster.planning import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """``kind`` of RosterImport. Of accounts: their kind, and since when they are billed (``day``). Of readings: their
    month, the day they were read where the list names none, and whether odd-looking ones are ``sure``. Of counts: the
    draft run and the item."""

    kind: str
    day: date
    account_kind: str = ""
    month: str = ""
    sure: bool = False
    run_id: int | None = None
    fee_item_id: int | None = None


@dataclass(slots=True)
class Outcome:
    """``rows`` are those that are somebody's. ``notes``: sentences on what was read otherwise than it stands there, or
    not at all; ``plan`` for lists of accounts."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubted_days: list[str] = field(default_factory=list)
    plan: Plan | None = None
