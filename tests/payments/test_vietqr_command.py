"""``vietqr`` and ``codes`` as other programs call them: processes, lines in, lines out, exit codes."""

import io
import json
import sys

import pytest

from base.codes import is_well_formed
from payments.management.commands import codes, vietqr

PAYLOAD = (
    "00020101021238540010A00000072701240006970436011010300000300208QRIBFTTA"
    "53037045405500005802VN62140810CP7K2M9Q9M6304FC68"
)


@pytest.fixture
def run(capsys, monkeypatch, db):
    """(exit code, answers) of ``manage.py …`` with ``stdin`` as bytes."""

    def run(command, *arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            command.Command(stdout=sys.stdout).run_from_argv(["manage.py", command.__name__.split(".")[-1], *arguments])
        except SystemExit as left:
            code = left.code
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_vietqr_encode(run) -> None:
    asked = ("--bin", "970436", "--account", "1030000030", "--amount", "50000", "--memo", "CP7K2M9Q9M")
    assert run(vietqr, "encode", *asked) == (0, [{"payload": PAYLOAD}])
    assert run(vietqr, "encode", *asked, "--static")[1][0]["payload"].startswith("00020101021138")
    assert "QRIBFTTC" in run(vietqr, "encode", *asked, "--service", "QRIBFTTC")[1][0]["payload"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "BAD_ARGUMENTS"),
        (["paint"], "BAD_ARGUMENTS"),
        (["encode", "--bin", "970436"], "BAD_ARGUMENTS"),
        (["encode", "--bin", "970436", "--account", "1", "--static", "--dynamic"], "BAD_ARGUMENTS"),
        (["encode", "--bin", "970436", "--account", "1", "--amount", "1_000"], "BAD_ARGUMENTS"),
        (["encode", "--bin", "970436", "--account", "1", "--amount", "５"], "BAD_ARGUMENTS"),
        (["encode", "--bin", "970436", "--account", "1", "--amount", "0"], "BAD_AMOUNT"),
        (["encode", "--bin", "970436", "--account", "1", "--amount", "500000000"], "BAD_AMOUNT"),
        (["encode", "--bin", "970436", "--account", "1", "--memo", "cá"], "BAD_MEMO"),
        (["encode", "--bin", "97", "--account", "1"], "BAD_BIN"),
    ],
)
def test_vietqr_refuses_with_two_and_one_object(run, arguments, error) -> None:
    code, answers = run(vietqr, *arguments)
    assert code == 2
    assert [answer["error"] for answer in answers] == [error]
    assert answers[0]["message"]


def test_vietqr_decode_answers_each_line(run) -> None:
    code, answers = run(vietqr, "decode", stdin=f'{PAYLOAD}\n\n"{PAYLOAD}"\n{PAYLOAD} \n\xff\n'.encode("latin-1"))
    assert code == 0
    assert [answer["valid"] for answer in answers] == [True, False, True, False, False]
    assert answers[0] == {
        "valid": True,
        "reasons": [],
        "warnings": [],
        "scheme": "vietqr",
        "bin": "970436",
        "account": "1030000030",
        "service": "QRIBFTTA",
        "amount": 50000,
        "memo": "CP7K2M9Q9M",
        "dynamic": True,
    }


def test_codes_new(run) -> None:
    code, answers = run(codes, "new", "--count", "50")
    assert code == 0
    assert len({answer["code"] for answer in answers}) == 50
    assert all(is_well_formed(answer["code"]) for answer in answers)
    for count in ("0", "-1", "x", "1000001"):
        assert run(codes, "new", "--count", count)[0] == 2


def test_codes_find(run, tmp_path) -> None:
    memos = b'tien CP7K2M9Q9M\n\n"CP7K2M\\n9Q9M"\n7K2M9Q9M\nCP7K2M9Q9E\n'
    nothing = {"codes": [], "bare": [], "repaired": []}
    whole = nothing | {"codes": ["CP7K2M9Q9M"]}
    everything = [whole, nothing, whole, nothing | {"bare": ["CP7K2M9Q9M"]}, nothing | {"repaired": ["CP7K2M9Q9M"]}]
    assert run(codes, "find", stdin=memos) == (0, everything)
    live = tmp_path / "live"
    live.write_text('cp7k2m9q9m\n\n{"code": "CPAAAAAAZZ"}\n')
    assert run(codes, "find", "--live", str(live), stdin=memos) == (0, everything)
    live.write_text("")
    assert run(codes, "find", "--live", str(live), stdin=memos) == (0, [nothing] * 5)


def test_codes_find_knows_codes_of_another_system(run, tmp_path) -> None:
    live = tmp_path / "live"
    live.write_text("HTX7K3Q9F\nORD-1001\n")
    code, answers = run(codes, "find", "--live", str(live), stdin=b"H.T.X.7K3Q9F va ORD 1001\nHTX7K3Q9E\n")
    assert code == 0
    assert [answer["codes"] for answer in answers] == [["HTX7K3Q9F", "ORD-1001"], []]


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, "NO_SUCH_FILE"), (b"\xff\xfe", "NOT_UTF8"), (b"CP7K2M9Q9M\n{}\n", "BAD_CODE"), (b"---\n", "BAD_CODE")],
)
def test_a_file_of_open_codes_that_cannot_be_used(run, tmp_path, content, error) -> None:
    live = tmp_path / "live"
    if content is not None:
        live.write_bytes(content)
    code, answers = run(codes, "find", "--live", str(live), stdin=b"x\n")
    assert (code, [answer["error"] for answer in answers]) == (2, [error])
