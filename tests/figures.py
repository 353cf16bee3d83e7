"""What a long test found out, in one line, at the end of the run: ``figure("kill: … 0 lost")``.

The line travels with the test's report, so that it is there as well when the suite runs in several processes.
"""

from collections.abc import Callable

import pytest

Figure = Callable[[str], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Say a figure: name, database, seed and counts."""

    def said(line: str) -> None:
        record_property("figure", line)

    return said


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found if hasattr(report, "when")]
    lines = [
        said
        for report in reports
        if report.when == "call"
        for name, said in getattr(report, "user_properties", ())
        if name == "figure"
    ]
    if lines:
        terminalreporter.section("figures")
        for line in sorted(lines):
            terminalreporter.write_line(line)
