"""``statement read`` from the shell's side: lines on success, one error and exit 2 on doubt."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from base.command_line import Unusable
from payments.management.commands.statement import Command
from payments.statements.banks import UnknownBank
from tests.payments.statements.files import HEADER, OPENING, as_csv, movements


def printed(*arguments: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("statement", "read", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_one_arrival_a_line_and_then_the_balances(tmp_path: Path) -> None:
    file = tmp_path / "sao kê.csv"
    file.write_bytes(as_csv([HEADER, *movements()]))
    *arrivals, end = printed(str(file))
    assert end == {"rows": 6, "opening": OPENING, "closing": movements()[-1][4], "continuous": True}
    assert [arrival["row"] for arrival in arrivals] == [2, 3, 4, 5, 6, 7]
    first = arrivals[0]
    assert set(first) == {"source_id", "account", "dong", "direction", "memo", "happened_at", "row"}
    assert (first["dong"], first["direction"], first["happened_at"]) == (150_000, "in", "2026-03-01T00:00:00+07:00")
    assert printed(str(file), "--bank", "generic") == [*arrivals, end]


@pytest.mark.parametrize("row", [3, 5])
def test_a_doubt_is_all_that_is_printed(tmp_path: Path, row: int, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [HEADER, *movements()]
    del rows[row - 1]
    file = tmp_path / "thieu.csv"
    file.write_bytes(as_csv(rows))
    with pytest.raises(Unusable) as unusable:
        printed(str(file))
    assert (unusable.value.code, unusable.value.row) == ("STATEMENT_BALANCE_BREAK", row)
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "statement", "read", str(file)])
    assert ended.value.code == 2
    (only_line,) = capsys.readouterr().out.splitlines()
    answer = json.loads(only_line)
    assert set(answer) == {"error", "message", "row"}
    assert answer["row"] == row


def test_no_file_no_bank(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="tệp"):
        printed(str(tmp_path / "khong-co.csv"))
    with pytest.raises(Unusable, match="tệp"):
        printed(str(tmp_path))
    file = tmp_path / "a.csv"
    file.write_bytes(b"")
    with pytest.raises(UnknownBank):
        printed(str(file), "--bank", "khong-co")
