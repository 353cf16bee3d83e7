"""Python's collector of cycles, asked to look less often while a long file is held in memory."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Of the hundred thousands of small objects that a file becomes none is garbage before its end, and each look at them
# walks over all of them: by the interpreter's own numbers that was a third of the time of reading.
_RARELY = (100_000, 20, 20)
_lock = threading.Lock()
_inside = 0
_before: tuple[int, int, int] = gc.get_threshold()


@contextmanager
def rare_collection() -> Iterator[None]:
    """Within it the collector runs once in 100,000 new objects, in this process, whichever of its threads makes them.

    It is not stopped: what other threads throw away meanwhile is still collected. May be entered by several threads
    and within itself; the last one to leave sets the numbers back that the first one found.
    """
    global _before, _inside
    with _lock:
        if _inside == 0:
            _before = gc.get_threshold()
            gc.set_threshold(*_RARELY)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                gc.set_threshold(*_before)
