"""dev.py: environments are told apart, a taken port is said, children are stopped with all that is theirs."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dev
from tests.house.tree import ROOT


@pytest.fixture
def scratch_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A .venv of nothing but its stamps, so that no test touches the real one."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").touch()
    monkeypatch.setattr(dev, "VENV", venv)
    monkeypatch.setattr(dev, "PYTHON", venv / "bin/python")
    return venv


def test_a_stamp_changes_with_the_lock_and_with_the_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("one==1\n")
    first = dev.stamp(lock)
    assert dev.stamp(lock) == first
    lock.write_text("one==2\n")
    other_lock = dev.stamp(lock)
    monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    assert len({first, other_lock, dev.stamp(lock)}) == 3


def test_an_environment_of_another_lock_is_remade_and_the_same_is_kept(
    scratch_venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(dev, "quietly", lambda command, **_: done.append(" ".join(map(str, command))))
    dev.ensure(dev.RUN_LOCK)
    assert [line for line in done if "venv --clear" in line]
    assert sum("pip install" in line for line in done) == 2  # setuptools with its hash, then the rest
    assert all("--require-hashes" in line for line in done if "pip install" in line)

    done.clear()
    dev.ensure(dev.RUN_LOCK)
    assert done == []

    dev.ensure(dev.DEV_LOCK)  # on top of the same environment
    assert done
    assert not [line for line in done if "venv --clear" in line]
    done.clear()
    dev.ensure(dev.RUN_LOCK)
    dev.ensure(dev.DEV_LOCK)
    assert done == []

    dev.stamp_file(dev.DEV_LOCK).write_text("another")
    dev.ensure(dev.DEV_LOCK)
    assert [line for line in done if "venv --clear" in line]


def test_an_installation_that_failed_leaves_no_stamp(scratch_venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], **_: object) -> None:
        if "install" in command:
            raise SystemExit(1)

    monkeypatch.setattr(dev, "quietly", fail)
    with pytest.raises(SystemExit):
        dev.ensure(dev.RUN_LOCK)
    assert list(scratch_venv.glob("*.stamp")) == []


def test_the_builder_is_taken_out_of_the_lock_with_its_hashes() -> None:
    lines = dev.pin_of("setuptools", dev.RUN_LOCK).splitlines()
    assert lines[0].startswith("setuptools==")
    assert sum("--hash=sha256:" in line for line in lines) >= 1
    assert sum("==" in line for line in lines) == 1


def test_a_missing_builder_is_said(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("one==1\n")
    with pytest.raises(SystemExit):
        dev.pin_of("setuptools", lock)


def test_a_taken_port_is_said_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as stopped:
            dev.check_port(port)
    assert stopped.value.code == 1
    assert f"PORT={port + 1} make run" in capsys.readouterr().err


def test_the_suite_runs_on_the_embedded_default_whatever_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    monkeypatch.setenv("SEARCH_URL", "http://127.0.0.1:9200")
    assert dev.embedded()["DATABASE_URL"] == dev.embedded()["SEARCH_URL"] == ""
    assert dev.with_services()["DATABASE_URL"] == "postgres://somewhere/else"


@pytest.mark.parametrize("somebody_chose", [False, True])
def test_what_python_compiled_is_kept_where_it_may_not_lie_beside_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, somebody_chose: bool
) -> None:
    chosen = str(tmp_path) if somebody_chose else ""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", chosen)  # also so that it is as before afterwards
    if not chosen:
        monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    dev.keep_bytecode()
    told = dev.quietly([sys.executable, "-c", "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"])
    assert told.split() == ["False", chosen or str(dev.VENV / "bytecode")]


def test_a_failed_step_shows_what_the_program_said_and_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        dev.quietly([sys.executable, "-c", "import sys; print('why'); sys.exit(7)"])
    assert stopped.value.code == 7
    assert "why" in capsys.readouterr().err


def test_what_runs_beside_the_tests_is_told_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    programs = {"good": "print('unsaid')", "bad": "print('because'); raise SystemExit(3)", "later": ""}
    with dev.beside({name: [sys.executable, "-c", one] for name, one in programs.items()}, env={}) as failed:
        assert failed == []
    assert failed == ["bad"]
    told = capsys.readouterr().out
    assert [line.split(" … ")[0] for line in told.splitlines()] == ["good", "bad", "because", "later"]


def test_no_verb_is_refused_with_the_list_of_verbs() -> None:
    done = subprocess.run([sys.executable, "dev.py", "fly"], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert "services-test" in done.stderr


def test_a_child_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    program = "import subprocess, sys, time\n"
    program += "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    program += f"open({str(told)!r}, 'w').write(str(child.pid) + '\\n')\ntime.sleep(600)\n"
    child = dev.Child("the sleeper", [sys.executable, "-c", program])
    grandchild = int(_wait_for(told))
    assert child.stop()
    assert child.process.returncode == -signal.SIGTERM
    for _ in range(1200):
        if not _lives(grandchild):
            return
        time.sleep(0.05)
    pytest.fail("the grandchild still runs")


def _wait_for(file: Path) -> str:
    for _ in range(1200):
        if file.exists() and file.read_text().endswith("\n"):
            return file.read_text()
        time.sleep(0.05)
    pytest.fail(f"{file.name} never came")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
