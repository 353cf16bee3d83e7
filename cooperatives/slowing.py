"""Slowing guessers down without locking anybody out: wrong tries are counted, and from some number on each waits.

After ``Limit.free`` wrong tries in an hour at a subject (a code, an address), each further one has to wait, longer and
longer. No process sleeps: who has to wait gets a signed ticket and comes back with it and the same question. Used
where something opens by a short secret (docs/decisions/0019-looking-up-bills.md).
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple, TypeVar

from django.core import signing
from django.utils.crypto import salted_hmac

from cooperatives import trying
from cooperatives.trying import Subject

TICKET_LIFE = timedelta(minutes=15)
"""So long after its time has come a ticket is still good: phones sleep, people are called away."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limit:
    """Tries in an hour until a subject is slowed, then how long each further one waits, whole seconds.

    ``at_once`` tickets of those given out at one count are good; the next ones have to wait anew.
    """

    scope: str
    first_s: int
    doubles_after: int
    most_s: int
    at_once: int
    free: int = 10

    def wait_s(self, tries: int) -> int:
        """How long the next try waits after so many wrong ones; 0: not at all."""
        beyond = min(tries - self.free, 1000)
        return 0 if beyond < 0 else min(ceil(self.first_s * 2 ** (beyond / self.doubles_after)), self.most_s)


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back with ``ticket`` and the same question after so many seconds, and it is looked at."""

    seconds: int
    ticket: str


def slowly(
    look: Callable[[], T | None],
    *,
    by: Sequence[tuple[Limit, str]],
    question: str,
    salt: str,
    waited: str | None,
    at: datetime,
) -> T | Wait | None:
    """What ``look`` finds, unless the try has to wait. None (nothing found) counts as a wrong try.

    ``by``: the limits and the name of each subject under it. ``question`` is all that was typed: a ticket is good for
    it alone, and under this ``salt``. A wrong try costs three queries here, a right one one more a subject.
    """
    tried = [_Tried(limit, name) for limit, name in by]
    subjects = [one.subject for one in tried]
    pair = salted_hmac(salt, question, algorithm="sha256").hexdigest()
    ticket = _ticket(waited, pair=pair, salt=salt)
    wait = _wait(tried, trying.made(subjects, at=at), ticket, pair=pair, salt=salt, at=at)
    if wait is not None:
        return wait
    # Counted first and taken back if right: a thousand tries sent at once do not all see the count of the first.
    others = [count - 1 for count in trying.note(subjects, at=at)]
    wait = _wait(tried, others, ticket, pair=pair, salt=salt, at=at)
    found = look() if wait is None else None
    if wait is not None or found is not None:
        trying.take_back(subjects, at=at)
    return wait or found


class _Tried(NamedTuple):
    """One of the things by which a try is counted, and its limit."""

    limit: Limit
    name: str

    @property
    def subject(self) -> Subject:
        return Subject(self.limit.scope, self.name)

    @property
    def held(self) -> str:
        """Enough of its digest to know it again in a ticket; nobody gets the address back from it."""
        return self.subject.digest[:16]


@dataclass(frozen=True, slots=True)
class _Ticket:
    """From when on it is good (seconds), which counts stood where when it was given, and how it is written."""

    from_s: int
    counts: dict[str, int]
    written: str

    def is_used_up(self, one: _Tried, count: int) -> bool:
        """As many tries as it stood for have been made since, by whomever; or it says nothing of this one."""
        return one.held not in self.counts or count >= self.counts[one.held] + one.limit.at_once


def _wait(
    tried: Sequence[_Tried], counts: Sequence[int], ticket: _Ticket | None, *, pair: str, salt: str, at: datetime
) -> Wait | None:
    """None where the try may be looked at: nothing is over its limit, or its ticket is good for all that is."""
    slowed = [(one, count) for one, count in zip(tried, counts, strict=True) if one.limit.wait_s(count)]
    if not slowed:
        return None
    now_s = int(at.timestamp())
    is_good = ticket is not None and now_s <= ticket.from_s + TICKET_LIFE.total_seconds()
    if ticket is not None and is_good and not any(ticket.is_used_up(one, count) for one, count in slowed):
        return Wait(ticket.from_s - now_s, ticket.written) if now_s < ticket.from_s else None
    seconds = max(one.limit.wait_s(count) for one, count in slowed)
    stood = {one.held: count for one, count in zip(tried, counts, strict=True)}
    return Wait(seconds, signing.dumps({"pair": pair[:32], "from": now_s + seconds, "stood": stood}, salt=salt))


def _ticket(waited: str | None, *, pair: str, salt: str) -> _Ticket | None:
    """What we once signed for just this pair; None for anything else."""
    try:
        held: Any = signing.loads(waited, salt=salt) if waited else None
    except signing.BadSignature:
        return None
    if held is None or not hmac.compare_digest(held["pair"], pair[:32]):
        return None
    return _Ticket(from_s=held["from"], counts=held["stood"], written=waited or "")
