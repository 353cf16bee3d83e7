"""Which tests of a run in several processes stay together in one of them: those that share what is costly to set up.

A file's tests do, so that what a module sets up is set up once. The sixteen racers are started for one process, and
the journeys that share a market open it in one. Tests that drive a browser are units of their own: they come last.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/journeys/test_meter_read_wrong_and_corrected_after_payment.py": "billers",
    "tests/journeys/test_messy_excel_to_published_slips.py": "billers",
    "tests/journeys/test_two_children_one_transfer.py": "billers",
    "tests/journeys/test_wrong_memo_found_by_the_desk.py": "billers",
    "tests/journeys": "market",
    "tests/race": "racers",
}
"""File or folder → what its tests share. Whoever is not named here is with the tests of the same file."""


def unit_of(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    shared = TOGETHER.get(file) or TOGETHER.get(file.rpartition("/")[0]) or file
    return f"{shared} in a browser" if "chromium" in nodeid.partition("[")[2] else shared  # Playwright says which


class ByWhatTheyShare(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWhatTheyShare:
    config.option.loadscopereorder = False  # as they were collected: browsers last
    return ByWhatTheyShare(config, log)
