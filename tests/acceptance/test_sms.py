"""Balance-change texts through ``sms parse``, as a stranger's program hands them over."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Run, lines

pytestmark = pytest.mark.django_db

SAMPLES = json.loads((Path(__file__).parents[1] / "samples" / "sms.json").read_text(encoding="utf-8"))
AGRIBANK = "Agribank: 10h20p 31/12 TK 1500xxxx5007: +2,000,000VND (CP7K2M9Q9M). SD: 5,123,000VND."


def expected(text: dict[str, Any]) -> dict[str, Any]:
    return {
        "ok": True,
        "amount": text["amount"],
        "sign": text["sign"],
        "account_tail": text["account_tail"],
        "balance": None if text["balance"] is None else int(text["balance"]),
        "memo": text["memo"],
        "time": text["time"] and text["time"] + "+07:00",
        "bank": text["bank"],
    }


def test_every_text_of_the_data_in_one_run(run: Run) -> None:
    code, answers = run("sms", "parse", stdin=lines(*(text["raw"] for text in SAMPLES)))
    assert code == 0
    assert len(answers) == len(SAMPLES)
    for text, answer in zip(SAMPLES, answers, strict=True):
        if text["expect"] == "parse":
            assert answer == expected(text)
            assert type(answer["amount"]) is int
        else:
            assert answer["ok"] is False
            assert answer["reason"].islower()
            assert set(answer) == {"ok", "reason"}


def test_split_letters_and_foreign_line_ends(run: Run) -> None:
    texts = [text for text in SAMPLES if text["expect"] == "parse"]
    for change in (lambda raw: unicodedata.normalize("NFD", raw), lambda raw: raw.replace("\n", "\r\n")):
        _, answers = run("sms", "parse", stdin=lines(*(change(text["raw"]) for text in texts)))
        assert answers == [expected(text) for text in texts]


@pytest.mark.parametrize(
    ("received", "time"),
    [
        (None, None),
        ("2026-01-01T00:05:00+07:00", "2025-12-31T10:20:00+07:00"),
        ("2026-01-01T00:05:00", "2025-12-31T10:20:00+07:00"),
        ("2025-12-31T17:05:00Z", "2025-12-31T10:20:00+07:00"),
        ("2026-12-31", "2026-12-31T10:20:00+07:00"),
    ],
)
def test_the_year_is_guessed_only_when_the_receipt_is_told(run: Run, received: str | None, time: str | None) -> None:
    more = [] if received is None else ["--received-at", received]
    _, (answer,) = run("sms", "parse", *more, stdin=lines(AGRIBANK))
    assert (answer["ok"], answer["time"]) == (True, time)


def test_a_text_without_a_time_has_none_whenever_it_came(run: Run) -> None:
    text = "TK 1903xxxx0017\nSo tien GD:+185,000\nSo du:2,185,000\nCP7K2M9Q9M"
    _, (answer,) = run("sms", "parse", "--received-at", "2026-01-01T00:05:00+07:00", stdin=lines(text))
    assert (answer["amount"], answer["time"], answer["memo"]) == (185_000, None, "CP7K2M9Q9M")


def test_every_line_has_its_answer(run: Run) -> None:
    odd = [b"\n", b"\xff\xfe\n", b"null\n", b'"\n', b'"\\ud800"\n', b"x" * 1_000_000 + b"\n", b"[" * 100_000 + b"\n"]
    good = AGRIBANK.encode() + b"\n"
    code, answers = run("sms", "parse", stdin=b"".join(part for one in odd for part in (one, good)))
    assert code == 0
    assert [answer["ok"] for answer in answers] == [False, True] * len(odd)
    assert run("sms", "parse") == (0, [])


@pytest.mark.parametrize(
    "arguments",
    [(), ("read",), ("parse", "--received-at"), ("parse", "--received-at", "hom qua"),
     ("parse", "--received-at", "2026-13-01"), ("parse", "--received-at", "0001-01-01"), ("parse", "x")],
)  # fmt: skip
def test_arguments_that_cannot_be_used(run: Run, arguments: tuple[str, ...]) -> None:
    code, (answer,) = run("sms", *arguments, stdin=lines(AGRIBANK))
    assert code == 2
    assert answer["error"] == answer["error"].upper()
    assert answer["message"]
