"""The collector of cycles is asked to look less often, and asked back whatever happens."""

import gc
import threading

import pytest

from base.collecting import rare_collection


def test_it_looks_rarely_inside_and_as_before_outside() -> None:
    before = gc.get_threshold()
    with rare_collection():
        assert gc.get_threshold()[0] == 100_000
        assert gc.isenabled()
    assert gc.get_threshold() == before


def test_a_failure_sets_it_back() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), rare_collection():
        _ = 1 / 0
    assert gc.get_threshold() == before


def test_the_last_one_to_leave_sets_it_back() -> None:
    before = gc.get_threshold()
    entered, may_leave = threading.Event(), threading.Event()

    def another_file() -> None:
        with rare_collection():
            entered.set()
            may_leave.wait(10)

    with rare_collection():
        other = threading.Thread(target=another_file)
        other.start()
        assert entered.wait(10)
    assert gc.get_threshold()[0] == 100_000
    may_leave.set()
    other.join()
    assert gc.get_threshold() == before
