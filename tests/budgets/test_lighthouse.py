"""Lighthouse's mobile phone on five key pages: the median of three is 95 or more in all four categories."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.budgets.conftest import Site, seen
from tests.conftest import CHROMIUM, NO_CHROMIUM
from tests.figures import Figure
from tests.market import OpenMarket
from tests.stored import ROOT

ENOUGH = 95
# A search engine must list neither payment pages nor our own results: there the one audit that wants it is left out.
PAGES = [
    ("home", "", ""),
    ("search", "card", "is-crawlable"),
    ("product", "", ""),
    ("cooperative", "", ""),
    ("pay", "data-refresh", "is-crawlable"),
]


@pytest.fixture
def site(open_market: OpenMarket, tmp_path: Path) -> Iterator[Site]:
    with seen(open_market, tmp_path, *(name for name, _holding, _without in PAGES)) as site:
        yield site


@pytest.mark.timeout(500)
@pytest.mark.skipif("PYTEST_XDIST_WORKER" in os.environ, reason="by itself: a busy machine would be measured instead")
@pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
def test_five_key_pages_score_95(site: Site, tools: Path, node: str, tmp_path: Path, figure: Figure) -> None:
    asked = {}
    for name, holding, without in PAGES:
        address = site.market.url + site.path(name, holding=holding)
        asked[address] = f"{address} without={without}" if without else address
    command = [node, str(ROOT / ".ci" / "tools" / "lighthouse.mjs"), str(tools), str(tmp_path), *asked.values()]
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=480)
    assert said.returncode == 0, said.stderr[-3000:]
    scores: dict[str, dict[str, int]] = json.loads(said.stdout)
    for (name, _holding, _without), address in zip(PAGES, asked, strict=True):
        figure(f"Lighthouse, {name}: {scores[address]}")
    low = {
        address: {"scores": of_page, "because": because(tmp_path / f"{place}.json")}
        for place, (address, of_page) in enumerate(scores.items())
        if min(of_page.values()) < ENOUGH
    }
    assert len(scores) == len(PAGES)
    assert low == {}


def because(report: Path) -> list[str]:
    """The audits that were missed, worst first."""
    told = json.loads(report.read_text(encoding="utf-8"))
    weighed = {ref["id"] for category in told["categories"].values() for ref in category["auditRefs"] if ref["weight"]}
    missed = [
        one
        for one in told["audits"].values()
        if (one["id"] in weighed and (one["score"] or 1) < 0.9) or one["score"] == 0
    ]
    return [f"{one['id']}: {one.get('displayValue', '')}" for one in sorted(missed, key=lambda one: one["score"] or 0)]
