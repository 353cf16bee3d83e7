"""Codes in memos, as banks deliver them: cut, glued, wrapped, folded, mistyped."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.codes import ALPHABET, new_code
from payments.finding import Found, codes_in, find_open, possible_codes

MEMOS = json.loads((Path(__file__).parents[1] / "samples" / "memos.json").read_text(encoding="utf-8"))
EVERY_CODE = {memo["code"] for memo in MEMOS if memo["expect"] == "match"}
EVERY_DECOY = {decoy for memo in MEMOS for decoy in memo.get("decoys") or ()}

CODE = "CP7K2M9Q9M"
DICE = random.Random("open codes")
OPEN = frozenset({CODE, *(new_code(DICE) for _ in range(20_000))})
ENVELOPES = (
    "{}",
    "tien ca {} cam on",
    "MBVCB.4125261053.047334.{}.CT tu 9000000001 PHAM VAN A toi 1100000009 PHAM DUC B tai MB",
    "128266361079-{}-CHUYEN TIEN-OQCH000BC6Jz",
    "{} Ma giao dich Trace507428 Trace 507428",
    "MB(123458)({})",
    "PARTNER.DIRECT_DEBITS_VCB.MSE.66000000001.20240911.66000000001-0900000011_{}",
)


@pytest.mark.parametrize("memo", MEMOS, ids=lambda memo: memo["id"])
@pytest.mark.parametrize("also_open", [set(), EVERY_CODE, EVERY_CODE | EVERY_DECOY], ids=["own", "all", "decoys"])
def test_collected_memos(memo, also_open) -> None:
    own = {memo["code"]} if memo["expect"] == "match" else set()
    found = find_open(memo["raw"], own | set(memo.get("decoys") or ()) | also_open)
    if memo["expect"] == "ambiguous":
        assert len(found) > 1
    else:
        assert found == sorted(own)


@pytest.mark.parametrize("memo", MEMOS, ids=lambda memo: memo["id"])
def test_memos_of_others_hold_no_code_of_ours(memo) -> None:
    assert codes_in(memo["raw"], open_codes=OPEN) == Found()
    assert codes_in(memo["raw"]).codes == ()


@pytest.mark.parametrize(
    "written",
    [
        "CP7K2M9Q9M",
        "cp7k2m9q9m",
        "Cp7K2m9q9M",
        "CP 7K2M 9Q9M",
        "C.P.7K2M9Q9M",
        "CP-7K2M9Q9M",
        "CP_7K2M9Q9M",
        "CP7K2M9Q\n9M",
        "CP7K2 \n M9Q9M",
        "CP７K2M9Q9M",
        "CP7K2M9Q9M CP7K2M9Q9M",
    ],
)
@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize("open_codes", [None, OPEN], ids=["check rule", "open codes"])
def test_a_whole_code_behind_its_prefix(written, envelope, open_codes) -> None:
    assert codes_in(envelope.format(written), open_codes=open_codes) == Found(codes=(CODE,))


@pytest.mark.parametrize(
    "memo", ["NAPCP7K2M9Q9M", "CP7K2M9Q9MFT25077404901198", "Tiền cá trạchĐCP7K2M9Q9Mđ", "TCP7K2M9Q9MT970416T"]
)
@pytest.mark.parametrize("open_codes", [None, OPEN], ids=["check rule", "open codes"])
def test_text_glued_before_and_behind(memo, open_codes) -> None:
    assert codes_in(memo, open_codes=open_codes).codes == (CODE,)


@pytest.mark.parametrize(
    "written", ["7K2M9Q9M", "7K2M 9Q9M", "GP7K2M9Q9M", "P7K2M9Q9M", "C7K2M9Q9M", "CPX7K2M9Q9M", "PC7K2M9Q9M"]
)
@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize("open_codes", [None, OPEN], ids=["check rule", "open codes"])
def test_a_whole_code_without_its_prefix(written, envelope, open_codes) -> None:
    found = codes_in(envelope.format(written), open_codes=open_codes)
    assert (found.codes, found.bare) == ((), (CODE,))


@pytest.mark.parametrize(
    "written",
    [
        "CP7K2M9Q9E",
        "CP7K2M9Q9O",
        "CP7K2M9Q9",
        "CP7K2M9Q99M",
        "CP7KM29Q9M",
        "C7PK2M9Q9M",
        "CP7K2MM9Q9M",
        "CPK2M9Q9M",
    ],
)  # wrong, not in the alphabet, cut, extra, swapped, swapped with the prefix, doubled, first symbol lost
@pytest.mark.parametrize("envelope", ENVELOPES)
def test_one_slip_is_proposed_and_not_found(written, envelope) -> None:
    found = codes_in(envelope.format(written), open_codes=OPEN)
    if (written, envelope[2:5]) == ("CP7K2M9Q9", " Ma"):  # the M of "Ma" is by chance the symbol that was cut off
        assert found == Found(codes=(CODE,))
    else:
        assert found == Found(repaired=(CODE,), unknown=found.unknown)


def test_a_bare_code_with_a_slip_is_proposed_where_it_stands_apart() -> None:
    assert codes_in("tien ca 7K2M9Q9E", open_codes=OPEN).repaired == (CODE,)
    assert codes_in("tien ca 7K2M9Q9E").repaired == ()


def test_two_codes_in_the_order_of_the_memo() -> None:
    other = sorted(OPEN - {CODE})[0]
    assert codes_in(f"{other} va {CODE}", open_codes=OPEN).codes == (other, CODE)
    assert codes_in(f"{CODE}{other}", open_codes=OPEN).codes == (CODE, other)
    assert codes_in(f"{CODE} {other[2:]}", open_codes=OPEN) == Found(codes=(CODE,), bare=(other,))


def test_only_open_codes_count_and_whole_strangers_are_named() -> None:
    assert codes_in(f"tien {CODE}", open_codes=frozenset()) == Found(unknown=(CODE,))
    assert codes_in("7K2M9Q9M", open_codes=frozenset()) == Found()


def test_a_code_that_lost_a_symbol_and_gained_one_of_the_next_word_is_doubtful() -> None:
    """``CPJS5DCWCT`` lost a C; with the C of CHUYEN what is left happens to pass the check."""
    meant, gained = "CPJS5DCWCT", "CPJS5DWCTC"
    memo = "1282-CPJS5DWCT-CHUYEN TIEN"
    assert codes_in(memo, open_codes={meant, gained}) == Found(repaired=(gained, meant))
    assert codes_in(memo, open_codes={meant}).repaired == (meant,)
    assert codes_in(memo, open_codes={gained}) == Found(codes=(gained,))
    assert {meant, gained} <= possible_codes(memo)


@pytest.mark.parametrize("behind", [" TU", "TU", "T tu", "T123"])
def test_what_is_glued_behind_leaves_a_doubt_where_both_readings_are_open(behind) -> None:
    """``CPF2VUC4K`` is what is left of ``CP2F2VUC4K``; a 2 behind it makes it ``CPF2VUC4K2``."""
    meant, gained = "CP2F2VUC4K", "CPF2VUC4K2"
    for memo in (f"CPF2VUC4K2{behind}", f"CPF2VUC4K 2{behind}", f"CT DEN CP2F2VUC4K2{behind}"):
        found = codes_in(memo, open_codes={meant, gained})
        if memo.startswith("CPF2VUC4K2 "):
            assert found.codes == (gained,), "set apart by itself it is what it says"
        else:
            assert (found.codes, set(found.repaired)) == ((), {meant, gained})
        assert codes_in(memo, open_codes=possible_codes(memo) & {meant, gained}) == found


def test_one_symbol_too_many_is_not_the_code_of_its_first_eight() -> None:
    meant, first_eight = "CPPDFEU396", "CPPDFEU639"
    for prefix in ("CP", ""):
        found = codes_in(f"tien {prefix}PDFEU6396 nhe", open_codes={meant, first_eight})
        assert (found.codes, found.bare, set(found.repaired)) == ((), (), {meant, first_eight})


def test_a_bare_code_in_the_middle_of_a_word_is_said_to_be_inside() -> None:
    for memo, inside in (("NAP7K2M9Q9MFT25", True), ("NAP7K2M9Q9M FT25", False), ("7K2M9Q9MFT25", False)):
        found = codes_in(memo, open_codes=OPEN)
        assert (found.bare, found.inside) == ((CODE,), (CODE,) if inside else ())


def test_a_code_that_ends_with_the_letters_of_the_prefix() -> None:
    one, other = "CPQPDJKBCP", "CP8WQHMDP8"
    assert codes_in(f"{one}+ {other[2:]}", open_codes={one, other}) == Found(codes=(one,), bare=(other,))


def test_wrapped_and_glued_at_once_is_whole() -> None:
    assert codes_in("NAPCP7K2M9Q9 \nMFT25077404901198", open_codes=OPEN) == Found(codes=(CODE,))


def test_two_open_codes_in_one_glued_stretch_are_doubtful() -> None:
    one, other = "CP2ANCN2AY", "CPANCN2AY2"
    assert codes_in("1282-CP2ANCN2AY2-CHUYEN", open_codes={one, other}) == Found(repaired=(one, other))
    assert codes_in("1282-CP2ANCN2AY-CHUYEN", open_codes={one, other}) == Found(codes=(one,))


@pytest.mark.parametrize(
    "memo", ["", " ", "CP", "CTY CP THUC PHAM SACH CHUYEN TIEN", "GIAN HANG CP", "0900000003 011225 123456"]
)
def test_running_text_is_no_code(memo) -> None:
    assert codes_in(memo) == Found()
    assert codes_in(memo, open_codes=OPEN) == Found()


def test_one_slip_of_any_kind_anywhere() -> None:
    dice = random.Random(5)
    codes, missed, wrong = sorted(OPEN), 0, 0
    for _ in range(3_000):
        code = dice.choice(codes)
        memo = dice.choice(ENVELOPES).format(_slipped(code, dice))
        found = codes_in(memo, open_codes=OPEN)
        missed += code not in found.codes + found.bare + found.repaired
        wrong += any(other != code for other in found.codes)
    assert wrong == 0
    assert missed <= 30, "99 in a hundred, at least"


@settings(max_examples=60)
@given(st.text(max_size=60), st.sampled_from(sorted(OPEN)[:50]), st.text(max_size=60), st.integers(0, 2**32))
def test_what_exists_of_the_possible_codes_is_enough(before, code, after, seed) -> None:
    """Looking a handful up in the database answers as if all open codes were at hand."""
    dice = random.Random(seed)
    memo = before + dice.choice([code, code[2:], _slipped(code, dice)]) + after
    exist = possible_codes(memo) & OPEN
    with_all = codes_in(memo, open_codes=OPEN)
    assert codes_in(memo, open_codes=exist) == with_all
    assert {*with_all.codes, *with_all.bare, *with_all.repaired} <= exist


@settings(max_examples=60)
@given(st.text())
def test_no_text_breaks_the_finder(memo) -> None:
    for open_codes in (None, OPEN):
        found = codes_in(memo, open_codes=open_codes)
        assert len({*found.codes, *found.bare, *found.repaired}) == len(found.codes + found.bare + found.repaired)


def _slipped(code: str, dice: random.Random) -> str:
    at = dice.randrange(10)
    other = dice.choice([symbol for symbol in ALPHABET + "01ILO" if symbol != code[at]])
    return dice.choice(
        [
            code[:at] + other + code[at + 1 :],
            code[:at] + code[at + 1 :],
            code[:at] + other + code[at:],
            code[:at] + code[at : at + 2][::-1] + code[at + 2 :],
        ]
    )
