"""What the documents point at is there: links, files they name, the index of decisions, the commands they tell."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.house.tree import ROOT, files, relative

PAGES = [path for path in files(".md") if not relative(path).startswith("tests/")]
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))
FLOORS = "base|cooperatives|catalog|orders|payments|storefront|shop|tests|docs|benchmarks|requirements"
NAMED = re.compile(rf"`((?:{FLOORS})/[\w./-]+\.(?:py|md|js|css|html))`")


@pytest.mark.parametrize("paper", PAGES, ids=relative)
def test_every_link_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", paper.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("paper", PAGES, ids=relative)
def test_every_file_that_is_named_exists(paper: Path) -> None:
    assert [name for name in NAMED.findall(paper.read_text(encoding="utf-8")) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("paper", PAGES, ids=relative)
def test_every_command_that_is_told_exists(paper: Path) -> None:
    told = set(re.findall(r"manage\.py (\w+)", paper.read_text(encoding="utf-8")))
    assert told - set(get_commands()) == set()


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", index, flags=re.MULTILINE)
    titles = [re.fullmatch(r"# (\d+)\. (.+)", path.read_text(encoding="utf-8").splitlines()[0]) for path in DECISIONS]
    written = [(title[1], title[2], path.name) for title, path in zip(titles, DECISIONS, strict=True) if title]
    assert listed == written
    assert [int(number) for number, _title, _name in written] == list(range(1, len(DECISIONS) + 1))
    assert all(int(name[:4]) == int(number) for number, _title, name in written)


def test_no_comment_names_a_paper_that_is_not_here() -> None:
    """A reader has this repository and nothing beside it."""
    named = re.compile(r"[\w/-]+\.md\b")
    missing = {
        f"{relative(path)}: {name}"
        for path in files(".py", ".css", ".js")
        if "/vendor/" not in relative(path) and not relative(path).startswith("tests/")
        for name in named.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists() and not any(ROOT.glob(f"docs/**/{name}"))
    }
    assert missing == set()
