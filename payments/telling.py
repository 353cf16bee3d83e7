"""An arrival as one source tells it: what of it is compared, and nothing of any database."""

import hashlib
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from base.periods import vietnam_day
from base.text import without_accents
from payments.providers.arrival import Arrival

STATEMENTS = "statement"
"""The source of every line that came in a file."""
SMS = "sms"
"""The source of every text message, forwarded or pasted. Alone it is a hint and books nothing."""


def identity_of(memo: str) -> str:
    """The memo's part in a line's identity: banks change case, blanks and accents between sources."""
    plain = "".join((memo if memo.isascii() else without_accents(memo)).upper().split())
    return hashlib.sha256(plain.encode()).hexdigest()


def digest_of(direction: str, dong: int, memo_folded: str, *, currency: str = "VND") -> str:
    """What one id must always say. Not the account: it is part of the identity, and one file names it, the next does
    not. The memo as in a line's identity: another format of the same export changes its blanks."""
    parts = [direction, str(dong), memo_folded] + ([] if currency == "VND" else [currency])
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


_day_of = lru_cache(maxsize=1_024)(vietnam_day)  # the rows of a file share few moments


class Telling(NamedTuple):
    """One arrival from one source, with what is asked of it again and again.

    ``sameness``: what equal transfers of one day share; also the identity of a line without its occurrence.
    """

    arrival: Arrival
    source: str
    day: date
    memo_folded: str
    digest: str
    sameness: tuple[object, ...]

    @classmethod
    def of(cls, arrival: Arrival, *, source: str) -> "Telling":
        folded = identity_of(arrival.memo)
        digest = digest_of(arrival.direction, arrival.dong, folded, currency=arrival.currency)
        day = _day_of(arrival.happened_at)
        return cls(arrival, source, day, folded, digest, (arrival.direction, arrival.dong, day, folded))

    @property
    def by_sms(self) -> bool:
        return self.source == SMS
