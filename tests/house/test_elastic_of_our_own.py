"""tests/elastic.py: where a node comes from, what is said where there is none, and nothing left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import elastic
from tests.house.tree import ROOT

SHOW = [sys.executable, "-c", "import os; print(os.environ['TEST_SEARCH_URL'], '|', os.environ['SEARCH_URL'])"]


def said_by(**changed: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-m", "tests.elastic", "--", *SHOW]
    environment = {**os.environ, "SEARCH_URL": "", "ES_HOME": "", **changed}
    return subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def a_java(home: Path, version: str) -> Path:
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "java").touch()
    (home / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
    return home


def test_the_version_of_a_java_is_read_and_not_run(tmp_path: Path) -> None:
    assert elastic.java_version(a_java(tmp_path / "new", "25.0.1")) == 25
    assert elastic.java_version(a_java(tmp_path / "old", "1.8.0_452")) == 1
    assert elastic.java_version(tmp_path) is None


def test_a_named_java_is_taken_only_if_it_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ES_JAVA_HOME", str(a_java(tmp_path / "old", "17.0.15")))
    monkeypatch.setenv("JAVA_HOME", str(a_java(tmp_path / "new", "21")))
    assert elastic.java_home() == tmp_path / "new"
    bundled = a_java(tmp_path / "es" / "jdk", "25")
    monkeypatch.delenv("JAVA_HOME")
    assert elastic.java_home(bundled) == bundled


def test_no_java_is_skipped_aloud_and_the_command_still_runs(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(elastic, "java_version", lambda home: 17)
    monkeypatch.setattr(elastic.wrapping, "end_when_told", lambda: None)
    monkeypatch.setenv("SEARCH_URL", "")
    monkeypatch.setenv("ES_HOME", "")
    assert elastic.main([*SHOW[:2], f"{SHOW[2]}; raise SystemExit(7)"]) == 7
    assert capfd.readouterr().out.splitlines() == [f"skipped: Elasticsearch ({elastic.NO_JAVA})", " | "]


def test_nothing_to_fetch_it_with_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(elastic.NoNode, match="no mvn"):
        elastic.distribution_zip()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo '[ERROR] nobody is there'; exit 1", "nobody is there"),
        ('for word; do :; done; echo other > "${word#*=}/%s"', "SHA-256 differs"),
    ],
)
def test_a_failed_or_foreign_fetch_is_a_reason_and_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    mvn = tmp_path / "mvn"
    mvn.write_text("#!/bin/sh\n" + script.replace("%s", f"elasticsearch-{elastic.VERSION}.zip") + "\n")
    mvn.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(elastic.NoNode, match=reason):
        elastic.distribution_zip()
    assert list((tmp_path / "cache").rglob("*.zip")) == []


def test_what_the_caller_names_has_to_be_there(tmp_path: Path) -> None:
    nowhere = said_by(SEARCH_URL="http://cho:secret@127.0.0.1:1")
    assert (nowhere.returncode, nowhere.stdout) == (1, "")
    assert "secret" not in nowhere.stderr
    assert "SEARCH_URL points: 127.0.0.1:1" in nowhere.stderr
    empty = said_by(ES_HOME=str(tmp_path))
    assert (empty.returncode, empty.stdout) == (1, "")
    assert "no bin/elasticsearch" in empty.stderr


@pytest.mark.skipif(not elastic.TEST_URL, reason=elastic.NOT_HERE)
def test_a_named_node_is_used_as_it_is_and_the_product_does_not_see_it() -> None:
    done = said_by(SEARCH_URL=f"{elastic.TEST_URL}/the-market-itself")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{elastic.TEST_URL} | "


def test_a_killed_starter_leaves_no_node_and_no_folder() -> None:
    # Beside pytest's own folders, which only their owner may enter.
    data = Path(tempfile.mkdtemp(prefix="chophien-elastic-", dir="/tmp" if os.geteuid() == 0 else None))
    data.chmod(0o777)
    pids, node = data / "pids", data / "node"
    node.write_text("#!/bin/sh\nsleep 600 & echo $$ $! > new; mv new pids; wait\n")
    node.chmod(0o755)
    program = "import subprocess, sys, time\nw = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\ntime.sleep(600)"
    watch = [sys.executable, "-m", "tests.elastic", "--watch", str(data), str(node)]
    starter = subprocess.Popen([sys.executable, "-c", program, *watch], cwd=ROOT)
    _until(pids.exists)
    numbers = [int(word) for word in pids.read_text().split()]
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    _until(lambda: not data.exists())
    _until(lambda: not any(Path(f"/proc/{number}").exists() for number in numbers))


def _until(true: Callable[[], bool]) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not come about in 60 s")
