"""How many calls this process has at hand: with many, what they bring is only written down, and the worker settles.

A flood then costs the sender's 200 no more than the evidence does, and leaves threads for whoever looks at the shop.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

CROWDED_FROM = 3
"""Of the four threads that a server process is started with."""

_lock = threading.Lock()
_at_hand = 0


@contextmanager
def one_more() -> Iterator[None]:
    """Counts the call inside it."""
    global _at_hand
    with _lock:
        _at_hand += 1
    try:
        yield
    finally:
        with _lock:
            _at_hand -= 1


def is_crowded() -> bool:
    with _lock:
        return _at_hand >= CROWDED_FROM
