"""``address find``: the collected addresses, one line each, and lines that hold no address."""

import json
from pathlib import Path
from typing import Any

from tests.acceptance.conftest import Run, lines

CASES = json.loads((Path(__file__).parents[1] / "samples" / "addresses.json").read_text(encoding="utf-8"))


def answers_right(case: dict[str, Any], answer: dict[str, Any]) -> bool:
    if case["expect"] != answer["expect"]:
        return False
    return answer["code"] == case["code"] and set(case["candidates"]) <= set(answer["candidates"])


def test_every_collected_address_is_answered_right(run: Run) -> None:
    code, answers = run("address", "find", stdin=lines(*(case["text"] for case in CASES)))
    assert code == 0
    assert len(answers) == len(CASES)
    wrong = [
        (case["id"], answer) for case, answer in zip(CASES, answers, strict=True) if not answers_right(case, answer)
    ]
    assert wrong == []


def test_every_line_gets_one_answer(run: Run) -> None:
    typed = "xom 3 yen hoa yen mo ninh binh\n\n" + json.dumps("xã Yên Mô\nNinh Bình") + "\n"
    code, answers = run("address", "find", stdin=typed.encode() + b"\xff\xfe\n")
    assert code == 0
    assert answers == [
        {"expect": "one", "code": "14701", "candidates": [], "rest": "xom 3"},
        {"expect": "none", "code": None, "candidates": [], "rest": ""},
        {"expect": "one", "code": "14701", "candidates": [], "rest": ""},
        {"expect": "none", "code": None, "candidates": [], "rest": "��"},
    ]
    assert run("address", "find", stdin=b"") == (0, [])


def test_another_verb_is_said_to_be_none(run: Run) -> None:
    code, answers = run("address", "lose")
    assert code == 2
    assert answers[0]["error"] == "BAD_ARGUMENTS"
