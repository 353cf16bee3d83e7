"""Drawn pages, kept in this process for as long as their tag stands. Bounded by bytes; knows nothing of the web."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """One page: the tag it was drawn under, what it says, gzipped, and the headers it came with."""

    tag: str
    gzipped: bytes
    headers: Mapping[str, str]


class KeptPages:
    """At most ``most_bytes`` of gzipped pages; what was asked for longest ago goes first. For many threads."""

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
        if len(kept.gzipped) > self.most_bytes:
            return
        with self._lock:
            before = self._pages.pop(key, None)
            self.held_bytes += len(kept.gzipped) - (len(before.gzipped) if before else 0)
            self._pages[key] = kept
            while self.held_bytes > self.most_bytes:
                _key, forgotten = self._pages.popitem(last=False)
                self.held_bytes -= len(forgotten.gzipped)

    def forget_all(self) -> None:
        with self._lock:
            self._pages.clear()
            self.held_bytes = 0
