"""``manage.py codes new|find``: make payment codes, or find them in memos, one memo a line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from base.codes import is_well_formed, new_code
from base.command_line import JsonLinesCommand, Unusable, input_lines
from base.text import squeezed
from payments import matching

MOST_AT_ONCE = 1_000_000


class Command(JsonLinesCommand):
    help = "Make payment codes, or find them in memos from standard input, one memo a line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        new = actions.add_parser("new", help="print fresh codes")
        new.add_argument("--count", type=int, default=1)
        find = actions.add_parser("find", help="read memos from standard input")
        find.add_argument("--live", type=Path, metavar="FILE", help="the open codes, one a line; only those count")

    def handle(self, *, action: str, **options: Any) -> None:
        if action == "new":
            self._new(options["count"])
        else:
            self._find(options["live"])

    def _new(self, count: int) -> None:
        if not 1 <= count <= MOST_AT_ONCE:
            raise Unusable("BAD_COUNT", f"--count must be 1 to {MOST_AT_ONCE}")
        made: set[str] = set()
        while len(made) < count:  # two alike among a million are likely; a list of codes holds each once
            code = new_code()
            if code not in made:
                made.add(code)
                self.print_json({"code": code})

    def _find(self, live: Path | None) -> None:
        ours, foreign = (None, frozenset[str]()) if live is None else _read_codes(live)
        for memo in input_lines():
            found = matching.codes_in(memo, open_codes=ours)
            whole = [*found.codes, *(matching.find_open(memo, foreign) if foreign else ())]
            self.print_json({"codes": whole, "bare": found.bare, "repaired": found.repaired})


def _read_codes(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The open codes of a file, ours and foreign: one a line, plain or as ``codes new`` prints them.

    Codes that another system issued have no check symbols and are found as they are. Empty lines are passed over.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise Unusable("NO_SUCH_FILE", f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Unusable("NOT_UTF8", f"{path} is not UTF-8 text") from error
    codes = (_code_on(line.strip(), row) for row, line in enumerate(lines, start=1) if line.strip())
    listed = frozenset(codes)
    ours = frozenset(filter(is_well_formed, listed))
    return ours, listed - ours


def _code_on(line: str, row: int) -> str:
    code: object = line
    if line[0] in '{"':
        try:
            read = json.loads(line)
        except ValueError as error:
            raise Unusable("BAD_CODE", "neither a code nor a line of `codes new`", row=row) from error
        code = read.get("code") if isinstance(read, dict) else read
    if not isinstance(code, str) or not squeezed(code):
        raise Unusable("BAD_CODE", "neither a code nor a line of `codes new`", row=row)
    return code.upper()
