"""How our commands speak: JSON lines on standard output, logs on standard error, 2 for unusable input.

A verdict is a result ("not valid" exits 0). Exit 2 says that the arguments, a file or the whole input cannot
be used; standard output then holds one ``{"error", "message"}`` with the ``row`` where there is one.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, SystemCheckError, handle_default_options
from django.db import connections

from base.refusals import Refused

_READABLE = json.JSONEncoder(ensure_ascii=False)  # json.dumps would make one for each line


class Unusable(CommandError):
    """These arguments, this file or this whole input cannot be used: exit 2.

    ``code`` is upper snake case and stable; ``message`` says what to do; ``row`` is the line or row, from 1.
    """

    def __init__(self, code: str, message: str, *, row: int | None = None) -> None:
        super().__init__(message, returncode=2)
        self.code = code
        self.message = message
        self.row = row


class JsonLinesCommand(BaseCommand):
    """A management command that follows the rules above; wrong arguments follow them too.

    A subclass raises ``Unusable`` or lets a ``Refused`` through, and answers by ``self.print_json``. Through
    ``call_command`` the exceptions arrive as they are.
    """

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as from the shell. Ends the process with 2 and one JSON error where the input is unusable."""
        if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.lower() != "utf-8":
            sys.stdout.reconfigure(encoding="utf-8")  # a C locale or an old code page cannot write Vietnamese
        # Django would print usage errors as text and leave at once. Here its parser believes that it is called
        # from code (``_called_from_command_line`` stays unset) and raises CommandError, which is ours to print.
        try:
            asked = self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
            handle_default_options(asked)
            options = vars(asked)
            args = options.pop("args", ())
            self.execute(*args, **options)
        except SystemCheckError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        except (CommandError, Refused) as error:
            self.print_json(error_as_json(error))
            sys.exit(2)
        finally:
            connections.close_all()

    def print_json(self, answer: dict[str, Any]) -> None:
        """Write one answer as one line."""
        self.stdout.write(json_line(answer))


def error_as_json(error: CommandError | Refused) -> dict[str, Any]:
    """The one object that standard output holds when a command exits with 2."""
    if isinstance(error, Refused):
        return {"error": error.code, "message": error.message}
    if isinstance(error, Unusable):
        row = {} if error.row is None else {"row": error.row}
        return {"error": error.code, "message": error.message} | row
    return {"error": "BAD_ARGUMENTS", "message": str(error).removeprefix("Error: ")}


def json_line(answer: dict[str, Any]) -> str:
    """One line of JSON without its newline. Vietnamese stays readable; what UTF-8 cannot hold is escaped."""
    line = _READABLE.encode(answer)
    return line if _fits_utf8(line) else json.dumps(answer)


def input_lines(stream: BinaryIO | None = None) -> Iterator[str]:
    """The lines of standard input (or of ``stream``), one string for each, an empty one too.

    Only the final newline is taken off. A line that parses as a JSON string is that string, so that a memo may
    hold a line break; any other line stands as it is. Bytes that are not UTF-8 become U+FFFD: such a line still
    gets its answer, and the mark is part of no code and of no valid payload.
    """
    for raw_line in stream or sys.stdin.buffer:
        yield line_as_text(raw_line.removesuffix(b"\n").decode("utf-8", errors="replace"))


def line_as_text(line: str) -> str:
    """The string that ``line`` spells in JSON, or else the line itself."""
    if not line.lstrip().startswith('"'):
        return line
    try:
        spelled = json.loads(line)
    except ValueError:
        return line
    assert isinstance(spelled, str), "JSON that starts with a quote is a string"
    return spelled


def _fits_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, from an escape in the input
        return False
    return True
