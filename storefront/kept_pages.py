"""Drawn pages, kept in this process for as long as their tag stands. Bounded by bytes; knows nothing of the web."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

_AROUND = 1024
"""Headers, tag and the rows of the table itself: measured at about 900 bytes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One page: the tag it was drawn under, what it says, gzipped, and the headers it came with."""

    tag: str
    gzipped: bytes
    headers: Mapping[str, str]


def weight(key: Hashable, kept: Kept) -> int:
    """Bytes that a page takes up under ``key``, a little too many rather than too few."""
    return len(kept.gzipped) + len(repr(key)) + _AROUND


class KeptPages:
    """At most ``most_bytes`` of gzipped pages and of the keys they lie under, which strangers may write: a thousand
    letters can be asked for to be told nothing. What was asked for longest ago goes first. For many threads."""

    def __init__(self, *, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable, *, tag: str) -> Kept | None:
        """The page under ``key``, if it was drawn under this very tag."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.tag != tag:
                return None
            self._pages.move_to_end(key)
            return kept

    def keep(self, key: Hashable, kept: Kept) -> None:
        """In the place of whatever stood there. A page larger than all the room is not kept."""
        if weight(key, kept) > self.most_bytes:
            return
        with self._lock:
            before = self._pages.pop(key, None)
            self.held_bytes += weight(key, kept) - (weight(key, before) if before else 0)
            self._pages[key] = kept
            while self.held_bytes > self.most_bytes:
                self.held_bytes -= weight(*self._pages.popitem(last=False))

    def forget_all(self) -> None:
        with self._lock:
            self._pages.clear()
            self.held_bytes = 0
