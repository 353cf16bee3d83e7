"""One market for all budgets, and what its pages are; the tools that only CI installs."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.market import Market, OpenMarket
from tests.stored import python


@dataclass(frozen=True)
class Site:
    """Every page of the site, as scene.py found it; ``folder`` holds what each one sent."""

    market: Market
    folder: Path
    pages: list[dict[str, Any]]
    others: dict[str, str]
    sessions: dict[str, str]

    def path(self, name: str, *, holding: str = "") -> str:
        """The address of the first page of that name whose HTML has ``holding`` in it."""
        for page in self.pages:
            if page["name"] == name and holding in (self.folder / page["files"][0]).read_text(encoding="utf-8"):
                return str(page["path"])
        raise AssertionError(f"no page {name} with {holding!r}")


@pytest.fixture(scope="session")
def site(open_market: OpenMarket, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A market of its own: the scene leaves a complaint and a list behind."""
    with seen(open_market, tmp_path_factory.mktemp("pages")) as site:
        yield site


@contextmanager
def seen(open_market: OpenMarket, folder: Path, *names: str) -> Iterator[Site]:
    """With every page, or those of ``names`` alone."""
    with open_market(worker=False) as market:
        told = json.loads(python(market.environment, "-m", "tests.budgets.scene", str(folder), *names).stdout)
        yield Site(market=market, folder=folder, **told)


@pytest.fixture(scope="session")
def tools() -> Path:
    """Where `npm ci` put what .ci/tools/package.json names."""
    named = os.environ.get("CI_TOOLS", "")
    if not named or not (Path(named) / "node_modules").is_dir():
        pytest.skip("Lighthouse and vnu are not installed: .ci/run installs them and sets CI_TOOLS")
    return Path(named)


@pytest.fixture(scope="session")
def java() -> str:
    found = shutil.which("java")
    return found or pytest.skip("no Java on this machine: apt-get install default-jre-headless")


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    return found or pytest.skip("no Node on this machine: apt-get install nodejs npm")
