"""Commands speak JSON lines: one answer a line in, one error object when the input cannot be used."""

import io
import json

import pytest
from django.core.management.base import CommandError

from base.command_line import JsonLinesCommand, Unusable, error_as_json, input_lines, json_line
from base.refusals import NotFound


def lines(raw: bytes) -> list[str]:
    return list(input_lines(io.BytesIO(raw)))


def test_one_string_a_line_also_for_an_empty_one() -> None:
    assert lines(b"a\n\nb") == ["a", "", "b"]
    assert lines(b"") == []
    assert lines(b"\n") == [""]


def test_only_the_final_newline_goes() -> None:
    assert lines(b" a \t\r\n") == [" a \t\r"]


def test_a_json_string_is_taken_as_that_string() -> None:
    assert lines(b'"a\\nb"\n') == ["a\nb"]
    assert lines(b' "a" \n') == ["a"]


@pytest.mark.parametrize("line", ['"a', '"a" b', "12", "null", '["a"]', '{"a": 1}'])
def test_any_other_line_stands_as_it_is(line) -> None:
    assert lines(line.encode() + b"\n") == [line]


def test_bytes_that_are_no_utf8_still_get_their_answer() -> None:
    assert lines(b"\xff\nx\n") == ["�", "x"]


def test_vietnamese_stays_readable_and_lone_surrogates_are_escaped() -> None:
    assert json_line({"memo": "cá trạch"}) == '{"memo": "cá trạch"}'
    assert json.loads(json_line({"memo": "\ud800"})) == {"memo": "\ud800"}
    json_line({"memo": "\ud800"}).encode()


def test_errors_as_json() -> None:
    assert error_as_json(Unusable("BAD_ROW", "no", row=3)) == {"error": "BAD_ROW", "message": "no", "row": 3}
    assert error_as_json(Unusable("BAD_FILE", "no")) == {"error": "BAD_FILE", "message": "no"}
    assert error_as_json(NotFound()) == {"error": "NOT_FOUND", "message": "Không tìm thấy."}
    assert error_as_json(CommandError("Error: what?")) == {"error": "BAD_ARGUMENTS", "message": "what?"}


class Touchy(JsonLinesCommand):
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--count", type=int, required=True)

    def handle(self, *, count, **options):
        if count > 2:
            raise Unusable("TOO_MANY", "at most two", row=count)
        for number in range(count):
            self.print_json({"number": number})


def run(capsys, *arguments):
    command = Touchy()
    try:
        command.run_from_argv(["manage.py", "touchy", *arguments])
    except SystemExit as left:
        return left.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


@pytest.mark.django_db
def test_how_a_command_ends(capsys) -> None:
    assert run(capsys, "--count", "2") == (0, '{"number": 0}\n{"number": 1}\n')
    assert run(capsys, "--count", "3") == (2, '{"error": "TOO_MANY", "message": "at most two", "row": 3}\n')
    for arguments in ([], ["--count", "x"], ["--count", "1", "--more"]):
        code, out = run(capsys, *arguments)
        assert code == 2
        assert out.count("\n") == 1
        assert json.loads(out)["error"] == "BAD_ARGUMENTS"
