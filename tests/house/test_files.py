"""What a look over all files must show: nothing of anybody's machine, and modules small enough to be read."""

import re

from tests.house.tree import ROOT, files, relative

# The brackets keep these patterns from finding themselves.
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:[w]ork|[f]arm|[r]oot|[o]pt/wheels|[U]sers/\w+|[h]ome/\w+)/")
REGISTRY = re.compile(
    r"[p]ypi\.org|[p]ythonhosted\.org|registry\.[n]pmjs|[d]eb\.debian\.org|[p]roxy\.golang\.org|[r]epo1\.maven"
    r"|[r]epo\.maven|[s]tatic\.crates\.io|[i]ndex\.crates\.io|registry\.[y]arnpkg|[d]ocker\.elastic\.co|[g]hcr\.io"
)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:sk|rk)_live_[0-9A-Za-z]{8}|\bAKIA[0-9A-Z]{16}\b")

# Longer than 300 lines on purpose, each with its reason. A module that shrinks must leave this list.
LONG = {
    "dev.py": "runs before anything is installed, so it has to be one file that needs nothing",
}


def _found(pattern: re.Pattern[str]) -> list[str]:
    hits = []
    for path in files():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if pattern.search(line):
                hits.append(f"{relative(path)}:{number}: {line.strip()[:80]}")
    return hits


def test_no_file_names_a_path_of_a_machine() -> None:
    assert _found(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert _found(REGISTRY) == []


def test_no_file_holds_a_live_secret() -> None:
    assert _found(SECRET) == []


def test_the_patterns_find_what_they_are_for() -> None:
    for planted in ("cd /" + "work/x", "'/" + "root/.cache'", "/" + "home/an/x"):
        assert MACHINE_PATH.search(planted)
    assert not MACHINE_PATH.search("https://example.vn/" + "work/")
    assert REGISTRY.search("https://" + "pypi" + ".org/simple")


def test_modules_are_small_enough_to_be_read() -> None:
    lengths = {
        relative(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".py")
        if not relative(path).startswith("tests/") and "/migrations/" not in relative(path)
    }
    too_long = {name: lines for name, lines in lengths.items() if lines > 300 and name not in LONG}
    assert too_long == {}, "split it where its name stops fitting, or list it in LONG with the reason"
    assert {name for name in LONG if lengths.get(name, 0) <= 300} == set(), "no longer long: take it off the list"


def test_names_say_what_a_module_does() -> None:
    drawers = {
        "utils.py",
        "helpers.py",
        "services.py",
        "managers.py",
        "constants.py",
        "signals.py",
        "misc.py",
        "common.py",
    }
    assert [relative(path) for path in files(".py") if path.name in drawers] == []


def test_the_licence_is_the_one_that_was_decided() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]
    assert "Apache-2.0" in (ROOT / "docs/decisions/0001-licence.md").read_text(encoding="utf-8").splitlines()[0]
