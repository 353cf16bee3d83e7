"""tests/postgres.py: the command's own exit code, and nothing left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres
from tests.house.tree import ROOT

needs_postgres = pytest.mark.skipif(postgres.binaries() is None, reason=f"no PostgreSQL: {postgres.INSTALL_IT}")


def run(*command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": "", **changed}
    whole = [sys.executable, "-m", "tests.postgres", "--", *command]
    return subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@needs_postgres
def test_the_command_gets_an_address_and_its_exit_code_is_handed_on(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = f"import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL']); open({str(note)!r}, 'w').write("
    program += "c.execute('SHOW data_directory').fetchone()[0]); raise SystemExit(7)"
    done = run(sys.executable, "-c", program)
    assert done.returncode == 7, done.stdout + done.stderr
    assert not Path(note.read_text()).exists()  # stopped and removed


def test_a_database_that_is_named_is_used_as_it_is() -> None:
    named = "postgres://somebody@127.0.0.1:1/named"
    done = run(sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])", DATABASE_URL=named)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == named


def test_a_missing_server_is_skipped_aloud(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(postgres, "binaries", lambda: None)
    monkeypatch.setenv("DATABASE_URL", "")
    assert postgres.main(["false"]) == 0
    assert capsys.readouterr().out.startswith("skipped: PostgreSQL")
