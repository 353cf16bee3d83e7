"""The model of evidence: which lines exist, what told of each, and which a text message alone tells of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.simulation.bank import BankLine, Text
from tests.simulation.goods import Goods, No, Order

SMS, FILE = "sms", "file"


@dataclass(eq=False)
class Told:
    """A line of the bank as the product should know it. ``used`` of ``dong`` is explained.

    ``codes`` are those that its memo shows, ``link`` the payment link that a source has named.
    """

    truth: BankLine
    org: int
    day: date
    pk: int = 0
    state: str = "NEW"
    reason: str = ""
    used: int = 0
    contradicted: bool = False
    undone: int = 0
    sources: set[str] = field(default_factory=set)
    codes: tuple[str, ...] = ()
    other_side: str = ""
    link: str = ""
    is_booked: bool = False
    is_declared: bool = False
    is_dismissed: bool = False
    is_joined: bool = False
    is_true: bool = True
    by_clock: bool = False  # whoever told first knew the minute

    @property
    def dong(self) -> int:
        return self.truth.dong

    @property
    def is_in(self) -> bool:
        return self.truth.direction == "in"

    @property
    def unused(self) -> int:
        return self.truth.dong - self.used

    @property
    def by_text_alone(self) -> bool:
        return self.sources == {SMS}

    @property
    def is_claim(self) -> bool:
        return not self.is_booked and self.reason == "SMS_ONLY"

    @property
    def subject(self) -> str:
        return f"transaction:{self.pk or id(self)}"


@dataclass
class Seen:
    """Equal lines of one day: how many each source has told of. As many exist as the source with the most says."""

    by: dict[str, set[object]] = field(default_factory=dict)
    most_in_a_file: int = 0
    lines: list[Told] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(not told.is_joined for told in self.lines)

    @property
    def most(self) -> int:
        return max([self.most_in_a_file, *map(len, self.by.values())])


class Lines(Goods):
    def __init__(self) -> None:
        super().__init__()
        self.owner_of: dict[int, int] = {}  # bank account → organization
        self.lines: list[Told] = []
        self.seen: dict[object, Seen] = {}
        self.wrong: set[tuple[str, int, int, int]] = set()
        self.codes: dict[str, Order] = {}

    def book(self, told: Told) -> None:
        raise NotImplementedError

    def fed(self, source: str, line: BankLine, *, other_side: str = "", link: str = "", booked: bool = True) -> None:
        """``source`` calls about ``line``; ``booked`` False: we die between writing it down and booking it."""
        told = self._heard(source, line, line.source_id, day=line.day)
        if told is not None:
            told.other_side = told.other_side or other_side
            told.link = told.link or link
        if booked:
            for told in self.seen[line.equal].lines:
                self.book(told)

    def texted(self, text: Text, words: str) -> None:
        """A message about a line, ``words`` being all of it: the same words are the same message."""
        told = self._heard(SMS, text.line, words, day=text.line.day, memo=text.memo)
        if told is not None:
            told.is_true = told.is_true and text.is_true
        for told in self.seen[text.line.equal].lines:
            self.book(told)

    def in_file(self, lines: Sequence[BankLine], *, written: Sequence[object], at_once: int) -> None:
        """A file tells of ``lines``. New lines are booked in the order ``written``, then those that only messages told
        of, in all ``at_once`` of them; the others wait for the worker.

        That order alone is the product's: which row of a file comes first is no rule.
        """
        in_this_file: Counter[object] = Counter()
        before, woken = len(self.lines), []
        for line in lines:
            in_this_file[line.equal] += 1
            seen = self.seen.setdefault(line.equal, Seen())
            seen.most_in_a_file = max(seen.most_in_a_file, in_this_file[line.equal])
            told = self._first_without(seen, FILE) if seen.count >= seen.most else self._new(seen, line)
            if told is not None and self._hear(told, FILE, line, day=line.posted, memo=line.memo):
                woken.append(told)
        fresh = self.lines[before:]
        del self.lines[before:]
        for what in written:
            told = next((one for one in fresh if _shown(one) == what), None)
            if told is not None:  # else the comparison says which line has no partner
                fresh.remove(told)
                self.lines.append(told)
        waiting = [*self.lines[before:], *sorted(woken, key=lambda told: told.pk)]
        self.lines += fresh
        for told in waiting[:at_once]:
            self.book(told)

    def contradicted(self, source: str, line: BankLine, dong: int) -> None:
        """The feed says another sum under the id of ``line``: nothing moves, a person is told once."""
        told = self.line_of(line)
        if (source, line.account, line.source_id, dong) not in self.wrong:
            self.wrong.add((source, line.account, line.source_id, dong))
            told.contradicted = True
            if told.state not in ("NEW", "NOT_OURS") and told.reason != "SMS_ONLY":
                told.reason = "CONFLICT"
        self.book(told)

    def parted(self, told: Told, source: str, pk: int) -> Told:
        """One source's evidence is taken off its line and is money of its own."""
        alone = Told(told.truth, told.org, told.day, pk, sources={source}, codes=told.codes, by_clock=told.by_clock)
        told.sources.discard(source)
        self.seen[told.truth.equal].lines.append(alone)
        self.lines.append(alone)
        return alone

    def joined(self, gone: Told, stays: Told) -> None:
        """Two lines are one: the first stays as history, in no book."""
        if gone.used:
            raise No("STILL_USED")
        if gone.is_booked:
            self.enter(gone, -1)
        stays.sources |= gone.sources
        gone.sources, gone.state, gone.reason = set(), "NOT_OURS", "JOINED"
        gone.is_joined, gone.is_dismissed = True, False

    def line_of(self, line: BankLine) -> Told:
        [told] = [one for one in self.seen[line.equal].lines if not one.is_joined]
        return told

    def bind(self, told: Told, pk: int) -> None:
        """The product's number of a line that it has just made."""
        for kind in ("unmatched_arrivals", "unmatched_departures", "owed_to_payers"):
            dong = self.books.pop((told.org, kind, told.subject), 0)
            self.books[told.org, kind, f"transaction:{pk}"] += dong
        told.pk = pk

    def enter(self, told: Told, sign: int = 1) -> None:
        """Into the books, or out again."""
        bank = (told.org, "bank", f"bank_account:{told.truth.account}")
        kind = "unmatched_arrivals" if told.is_in else "unmatched_departures"
        self.books[bank] += sign * (told.dong if told.is_in else -told.dong)
        self.books[told.org, kind, told.subject] += sign * told.dong
        told.is_booked = sign > 0

    def declare(self, told: Told) -> None:
        """Somebody says that the money of a message really moved."""
        if told.is_claim:
            self.enter(told)
            told.is_declared, told.is_dismissed = True, False

    def withdraw(self, told: Told) -> None:
        """What was only declared, and nothing uses any more, is a claim again."""
        if told.is_declared and not told.used and told.is_booked and told.by_text_alone:
            self.enter(told, -1)
            told.is_declared, told.state, told.reason = False, "NEEDS_YOU", "SMS_ONLY"

    def _heard(self, source: str, line: BankLine, own_id: object, *, day: date, memo: str | None = None) -> Told | None:
        seen = self.seen.setdefault(line.equal, Seen())
        ids = seen.by.setdefault(source, set())
        if own_id in ids:
            return None
        ids.add(own_id)
        told = self._first_without(seen, source) if seen.count >= seen.most else self._new(seen, line)
        if told is not None:
            self._hear(told, source, line, day=day, memo=line.memo if memo is None else memo)
        return told

    def _first_without(self, seen: Seen, source: str) -> Told | None:
        without = [told for told in seen.lines if source not in told.sources and not told.is_joined]
        return min(without, key=lambda told: told.by_text_alone, default=None)

    def _new(self, seen: Seen, line: BankLine) -> Told:
        told = Told(line, self.owner_of[line.account], line.day)
        if line.dong == 0 or line.before_opening:
            told.state, told.reason = "NOT_OURS", "NO_AMOUNT" if line.dong == 0 else "BEFORE_OPENING"
        seen.lines.append(told)
        self.lines.append(told)
        return told

    def _hear(self, told: Told, source: str, line: BankLine, *, day: date, memo: str) -> bool:
        """One source more for a line; whether it wakes a claim."""
        if not told.sources:
            told.day, told.by_clock = day, source != FILE
        if not told.sources or (told.by_text_alone and not told.is_booked):
            told.codes = line.codes_shown(memo)
        wakes = told.by_text_alone and source != SMS and told.is_claim
        told.sources.add(source)
        if wakes:
            told.state, told.reason, told.is_dismissed = "NEW", "", False
        if source != SMS:
            told.is_true = True
        return wakes


def _shown(told: Told) -> object:
    """By what a line of the product is known to be this one, or its twin."""
    line = told.truth
    return (line.account, line.direction, line.dong, told.day, line.memo.upper())
