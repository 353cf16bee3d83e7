"""The commands as a stranger's program calls them: arguments and bytes in, an exit code and JSON lines out."""

import importlib
import io
import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from base import command_line

Run = Callable[..., tuple[int, list[dict[str, Any]]]]

HOUSES = {"address": "orders", "demo": "storefront"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("vietqr", "decode", stdin=b"…")`` → (exit code, answers), as the shell would get them."""

    def run(name: str, *arguments: str, stdin: bytes = b"") -> tuple[int, list[dict[str, Any]]]:
        module = importlib.import_module(f"{HOUSES.get(name, 'payments')}.management.commands.{name}")
        # The command's process ends by closing its connections; here they are the test's own, and go on.
        monkeypatch.setattr(command_line, "connections", SimpleNamespace(close_all=lambda: None))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = 0
        try:
            module.Command(stdout=sys.stdout).run_from_argv(["manage.py", name, *arguments])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        return code, [json.loads(line) for line in capsys.readouterr().out.split("\n") if line]

    return run


def lines(*texts: str) -> bytes:
    """One JSON string a line: the only way to hand over a text that holds a line break."""
    return "".join(json.dumps(text) + "\n" for text in texts).encode()
