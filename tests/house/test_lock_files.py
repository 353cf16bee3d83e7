"""A lock installs the same packages everywhere: hashed, and without a word on where they came from."""

import json
import re

import pytest

from tests.house.tree import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+(?:\[[^\]]+\])?)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_names_no_host_and_no_path(name: str) -> None:
    told = re.findall(r"^.*(?:https?://|file://|--index|--extra-index|--find-links| @ ).*$", _text(name), re.MULTILINE)
    assert told == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(name: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", _text(name).strip())
    assert len(blocks) == len(pins(name)) > 30
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_development_holds_every_run_time_pin_unchanged() -> None:
    # dev.py counts on it: what `make test` installed also serves `make run`.
    run, development = (pins(name) for name in LOCKS)
    assert {name: (pin, development.get(name)) for name, pin in run.items() if development.get(name) != pin} == {}


def test_every_requirement_written_by_hand_is_locked() -> None:
    for source, lock in (("run", LOCKS[0]), ("dev", LOCKS[1])):
        wanted = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", _text(f"requirements/{source}.in"), re.MULTILINE)
        locked = {name.partition("[")[0].lower().replace("_", "-") for name in pins(lock)}
        assert [name for name in wanted if name.lower().replace("_", "-") not in locked] == []


def test_the_tools_that_measure_pages_are_locked_by_hash_and_name_no_host() -> None:
    """Their lock is npm's: without ``resolved``, and without the addresses where authors ask for money."""
    text = _text(".ci/tools/package-lock.json")
    assert re.findall(r".*(?:https?://|git\+|file:|\"resolved\"|\"link\").*", text) == []
    packages = json.loads(text)["packages"]
    asked = packages.pop("")
    assert asked["devDependencies"] == json.loads(_text(".ci/tools/package.json"))["devDependencies"]
    assert all(pin[0].isdigit() for pin in asked["devDependencies"].values())
    assert [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")] == []
    assert "omit-lockfile-registry-resolved=true" in _text(".ci/tools/.npmrc").splitlines()


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
