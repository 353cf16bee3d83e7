"""Which line of the bank a piece of evidence tells of. Pure: whoever asks brings the lines that are known already.

Account, direction and amount are always equal, the days at most a week apart. Then the first question that finds a line
decides: the bank's reference; the balance after it; the memo, within a day of it; and for text messages the time.

A telling joins only a line that its own source has not told of, so that twins stay twins. For statements each file is a
telling of its own: another export of the same days joins line by line, on the very day that files gave the line before.

A text message can be cut, late, or about another kind of balance. So it never fills what a line says, lines that more
than a message told of are asked for first, and what a message alone said gives way to the first other source.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from base.periods import VIETNAM_OFFSET
from base.text import squeezed
from payments import matching
from payments.models import Sighting
from payments.providers.arrival import Arrival
from payments.telling import STATEMENTS, Telling

JoinedBy = Sighting.JoinedBy

POSTED_WITHIN = timedelta(days=7)
"""A bank reference is the same line however late the bank posted it; over Tết that takes days."""
SAME_MOMENT = timedelta(minutes=10)
SHORTEST_STRETCH = 10
"""Letters and digits that a cut memo must still share with the whole one."""


@dataclass(slots=True, eq=False, kw_only=True)
class KnownLine:
    """A line as it is known, seen from one source.

    ``own_source``  this source has told of it; ``own_reference``: and its reference came from there
    ``own_days``    the days that files gave it, one of which another file must give it too
    ``only_by_sms`` nothing but text messages tell of it
    ``memo_by_sms`` its memo is a message's, perhaps cut, though others may tell of it: a person declared it
    ``digests``     what its evidence says, where its own memo is not all (see ``digest_of``)
    ``joined``      a person said that it is another line's money: it only keeps its place among equal lines
    ``told``        the file at hand has told of it, so that k rows stay k lines
    """

    pk: int
    direction: str
    dong: int
    day: date
    occurrence: int
    memo: str
    memo_folded: str
    reference: str
    balance_dong: int | None
    happened_at: datetime
    own_source: bool = False
    own_days: frozenset[date] = frozenset()
    own_reference: bool = False
    only_by_sms: bool = False
    memo_by_sms: bool = False
    digests: tuple[str, ...] = ()
    joined: bool = False
    told: bool = False
    order: int = 0


class KnownLines:
    """The lines that a telling of one source may be about, and the numbering of equal ones.

    ``lines``: of one account, by day, occurrence and id, all within a week of whatever will be asked about.
    """

    def __init__(self, lines: Iterable[KnownLine] = ()) -> None:
        self._open: list[KnownLine] = []
        self._by_clue: defaultdict[tuple[object, ...], list[KnownLine]] = defaultdict(list)
        self._last: dict[tuple[object, ...], int] = {}
        self._by_pk: dict[int, KnownLine] = {}
        for order, line in enumerate(lines):
            line.order = order
            same = (line.direction, line.dong, line.day, line.memo_folded)
            self._last[same] = max(self._last.get(same, 0), line.occurrence)
            if not line.joined:
                self._open.append(line)
                self._by_pk[line.pk] = line
                for clue in _clues_of(line):
                    self._by_clue[clue].append(line)

    @property
    def references(self) -> frozenset[str]:
        """Every reference that an open line is known by."""
        return frozenset(line.reference for line in self._open if line.reference)

    def tell(self, pk: int | None) -> None:
        """The file at hand tells of this line: no other row of it may."""
        line = None if pk is None else self._by_pk.get(pk)
        if line is not None:
            line.told = True

    def next_occurrence(self, same: tuple[object, ...]) -> int:
        """The number of one more line of this sameness (direction, đồng, day, folded memo); counts it in."""
        self._last[same] = number = self._last.get(same, 0) + 1
        return number

    def recognized(self, telling: Telling, *, twins: Collection[Arrival] = ()) -> tuple[KnownLine, JoinedBy] | None:
        """The line that ``telling`` is about and by what it is known; None: nobody has told of it yet.

        ``twins``: the rows of the same file that are equal to this one in day, amount and memo, this one among them.
        """
        near = self._near(telling) if self._open else []
        if not near:
            return None
        agreeing = [line for line in near if not _says_otherwise(line, telling)]
        for some in self._in_turn(telling, near, agreeing, twins):
            found = _answering(some, telling)
            if found:
                return found
        return _at_that_time(agreeing, telling)

    def _near(self, telling: Telling) -> list[KnownLine]:
        arrival = telling.arrival
        if telling.by_sms:
            pool: Iterable[KnownLine] = self._open
        else:
            pool = sorted({line for clue in _clues(telling) for line in self._alive(clue)}, key=lambda line: line.order)
        in_files = telling.source == STATEMENTS
        return [
            line
            for line in pool
            if (line.direction, line.dong) == (arrival.direction, arrival.dong)
            and abs(line.day - telling.day) <= POSTED_WITHIN
            and not line.told
            and (not line.own_source or (in_files and telling.day in line.own_days))
        ]

    def _alive(self, clue: tuple[object, ...]) -> list[KnownLine]:
        lines = self._by_clue.get(clue)
        if not lines:
            return []
        if any(line.told for line in lines):
            lines[:] = [line for line in lines if not line.told]
        return lines

    def _in_turn(
        self, telling: Telling, near: list[KnownLine], agreeing: list[KnownLine], twins: Collection[Arrival]
    ) -> Iterable[list[KnownLine]]:
        """The lines to put the questions to, the surest first.

        Money is booked from lines that more than a message told of; so those go first, and a message that has found no
        line of its own stays a hint instead of becoming the same money again.
        """
        if telling.by_sms:
            yield agreeing
            # Its balance is another equal line's already: evidence of equal transfers went crosswise.
            known = [line for line in self._open if _same_balance(line, telling) and _within_a_day(line, telling)]
            yield near if known else []
            return
        yield [line for line in agreeing if not line.only_by_sms]
        yield [line for line in near if not line.only_by_sms and _covered(line, telling, twins)]
        yield [line for line in agreeing if line.only_by_sms]
        balances = {twin.balance_dong for twin in twins}
        yield [line for line in near if line.only_by_sms and line.balance_dong in balances]


def _clues_of(line: KnownLine) -> Iterable[tuple[object, ...]]:
    """What a line can be found by; every question but a message's goes by one of these."""
    sum_ = (line.direction, line.dong)
    if line.reference:
        yield ("reference", *sum_, line.reference)
    if line.balance_dong is not None:
        yield ("balance", *sum_, line.balance_dong)
    yield ("memo", *sum_, line.memo_folded)
    for digest in line.digests:
        yield ("memo", digest)
    if line.only_by_sms or line.memo_by_sms:
        yield ("sms", *sum_)


def _clues(telling: Telling) -> Iterable[tuple[object, ...]]:
    arrival = telling.arrival
    sum_ = (arrival.direction, arrival.dong)
    if arrival.reference:
        yield ("reference", *sum_, arrival.reference[:80])
    if arrival.balance_dong is not None:
        yield ("balance", *sum_, arrival.balance_dong)
    yield ("memo", *sum_, telling.memo_folded)
    yield ("memo", telling.digest)
    yield ("sms", *sum_)


def _answering(lines: Sequence[KnownLine], telling: Telling) -> tuple[KnownLine, JoinedBy] | None:
    """The three questions; the source's own id was asked for before them."""
    if not lines:
        return None
    reference = telling.arrival.reference[:80]
    questions: tuple[tuple[JoinedBy, Callable[[KnownLine], bool]], ...] = (
        (JoinedBy.REFERENCE, lambda line: bool(reference) and line.reference == reference),
        (JoinedBy.BALANCE, lambda line: _same_balance(line, telling) and _within_a_day(line, telling)),
        (JoinedBy.MEMO, lambda line: _same_memo(line, telling) and _within_a_day(line, telling)),
    )
    for why, answers in questions:
        # The nearest day first: yesterday's twin must not take today's evidence.
        fitting = [line for line in lines if answers(line)]
        if fitting:
            return min(fitting, key=lambda line: abs(line.day - telling.day)), why
    fitting = [line for line in lines if _cut_memo(line, telling) and _within_a_day(line, telling)]
    if fitting:
        return min(fitting, key=lambda line: abs(line.happened_at - telling.arrival.happened_at)), JoinedBy.MEMO
    return None


def _at_that_time(agreeing: Sequence[KnownLine], telling: Telling) -> tuple[KnownLine, JoinedBy] | None:
    """A message and another source's line, equal in amount and minutes apart, when there is exactly one such line."""
    if not _has_clock(telling.arrival.happened_at):
        return None
    fitting = [
        line
        for line in agreeing
        if (telling.by_sms or line.only_by_sms)
        and _has_clock(line.happened_at)
        and abs(line.happened_at - telling.arrival.happened_at) <= SAME_MOMENT
        and not _codes_differ(line.memo, telling.arrival.memo)
    ]
    return (fitting[0], JoinedBy.TIME) if len(fitting) == 1 else None


def _same_memo(line: KnownLine, telling: Telling) -> bool:
    return line.memo_folded == telling.memo_folded or telling.digest in line.digests


def _cut_memo(line: KnownLine, telling: Telling) -> bool:
    """Whether a message's memo is a stretch of the other one: banks cut it, and say so with ``...`` or ``~``."""
    if not (telling.by_sms or line.only_by_sms or line.memo_by_sms):
        return False
    shorter, longer = sorted((squeezed(line.memo), squeezed(telling.arrival.memo)), key=len)
    return len(shorter) >= SHORTEST_STRETCH and shorter in longer


def _codes_differ(one: str, other: str) -> bool:
    """Two memos with whole codes, none in common, are two payers'."""
    ours, theirs = set(matching.codes_in(one).codes), set(matching.codes_in(other).codes)
    return bool(ours) and bool(theirs) and not ours & theirs


def _covered(line: KnownLine, telling: Telling, twins: Collection[Arrival]) -> bool:
    """Whether equal rows of one file, ``twins``, hold all that earlier files said of ``line``, be it of several rows.

    Of equal transfers, a call without a reference may have joined the line of another one. What that line says of its
    balance and reference is then two rows' of the next file, and no reason to believe in one transfer more.
    """
    if not twins or line.day != telling.day or not _same_memo(line, telling):
        return False
    balances = {twin.balance_dong for twin in twins if twin.balance_dong is not None}
    references = {twin.reference[:80] for twin in twins if twin.reference}
    return (not balances or line.balance_dong is None or line.balance_dong in balances) and (
        not references or not line.own_reference or not line.reference or line.reference in references
    )


def _says_otherwise(line: KnownLine, telling: Telling) -> bool:
    """Balances tell two lines apart, and one line is known by its balance. References tell them apart where one source
    gave both: two sources name one line in two ways."""
    arrival = telling.arrival
    if line.balance_dong is not None and arrival.balance_dong is not None:
        return line.balance_dong != arrival.balance_dong
    known = bool(line.reference and arrival.reference)
    return line.own_reference and known and line.reference != arrival.reference[:80]


def _same_balance(line: KnownLine, telling: Telling) -> bool:
    return line.balance_dong is not None and line.balance_dong == telling.arrival.balance_dong


def _within_a_day(line: KnownLine, telling: Telling) -> bool:
    return abs((line.day - telling.day).days) <= 1


def _has_clock(at: datetime) -> bool:
    """Sources that give only a day stand at midnight."""
    there = at.astimezone(VIETNAM_OFFSET)
    return (there.hour, there.minute, there.second) != (0, 0, 0)
