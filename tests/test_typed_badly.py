"""The bending itself: what a person would type, and nothing where the rule does not fit."""

import pytest

from tests.typed_badly import SOUNDS, as_heard, in_telex, in_the_wrong_tone, in_vni, typed_badly, without_accents


@pytest.mark.parametrize(
    ("word", "telex", "vni"),
    [
        ("chuối", "chuoois", "chuo6i1"),
        ("đường", "dduwowngf", "d9u7o7ng2"),
        ("gạo", "gaoj", "gao5"),
        ("săn", "sawn", "sa8n"),
        ("sữa", "suwax", "su7a4"),
        ("bo", "bo", "bo"),
    ],
)
def test_keys(word: str, telex: str, vni: str) -> None:
    assert in_telex(word) == telex
    assert in_vni(word) == vni


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("trạch", {"chạch"}),
        ("sấy", {"xấy"}),
        ("giò", {"dò"}),
        ("dừa", {"giừa"}),
        ("diêm", set()),  # "giiêm" is nothing anybody writes
        ("giếng", set()),
        ("gì", set()),
        ("rong", {"dong"}),
        ("nghệ", set()),
        ("nấm", {"lấm"}),
        ("gà", set()),
    ],
)
def test_sounds(word: str, others: set[str]) -> None:
    assert {other for sound in SOUNDS if (other := as_heard(word, *sound))} == others


def test_tones_and_accents() -> None:
    assert in_the_wrong_tone("giò") == "gió"
    assert in_the_wrong_tone("bo") == "bo"
    assert without_accents("Đũa tre Hoà") == "Dua tre Hoa"


def test_words_are_bent_alike_each_time_and_each_way_differs() -> None:
    bent = list(typed_badly(["cá", "trạch", "chiên"]))
    assert bent == list(typed_badly(["cá", "trạch", "chiên"]))
    assert len({text for _, text in bent}) == len(bent)
    assert {"no space": "catrachchien", "ch for tr": "cá chạch chiên", "unfinished": "cá trạch chiê"}.items() <= dict(
        bent
    ).items()
    assert dict(bent)["letters swapped"] == "ca tarch chien"
    assert dict(bent)["letter left out"] == "ca trch chien"
