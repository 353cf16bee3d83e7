"""Every Vietnamese letter is drawn whole, in both weights, however it was stored; nothing vanishes from a line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.paper.letters import drawn, fitting, font, width, wrapped
from payments.paper.pages import Paper
from tests.payments.paper.making import Pdf

VOWELS, TONES = "aăâeêioôơuưy", ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = [
    unicodedata.normalize("NFC", case(vowel) + tone) for vowel in VOWELS for tone in TONES for case in (str, str.upper)
] + ["đ", "Đ"]


def test_the_alphabet_is_the_whole_one():
    assert len(set(LETTERS)) == len(LETTERS) == 146
    assert all(len(letter) == 1 for letter in LETTERS)


@pytest.mark.parametrize("bold", [False, True])
def test_every_letter_with_every_tone_looks_like_no_other(bold):
    paper = Paper(title="Chữ")
    columns, cell = 12, 40
    for place, letter in enumerate(LETTERS):
        down, across = divmod(place, columns)
        stored = unicodedata.normalize("NFD", letter)
        paper.text(40 + across * cell, 780 - down * 50, stored, 24, bold=bold)
    paper.next_page()
    [page] = Pdf(paper.finished()).pages
    assert sorted(unicodedata.normalize("NFC", page.text.replace(" ", ""))) == sorted(LETTERS)
    pixels = page.pixels(dpi=144)
    seen: dict[bytes, str] = {}
    for place, letter in enumerate(LETTERS):
        down, across = divmod(place, columns)
        left, top = (40 + across * cell - 6) * 2, (842 - (780 - down * 50) - 30) * 2
        image = pixels.crop((left, top, left + cell * 2, top + 80))
        assert image.getextrema()[0] < 64, f"{letter} is not drawn"
        assert image.tobytes() not in seen, f"{letter} looks like {seen.get(image.tobytes())}"
        seen[image.tobytes()] = letter


def test_decomposed_text_is_as_wide_as_composed():
    name = "Nguyễn Thị Ngọc Ánh"
    assert width(unicodedata.normalize("NFD", name), 10) == width(name, 10)


def test_letters_outside_the_face_lose_their_mark_and_never_vanish():
    assert drawn("Y Kŏ Niê Ƀuôn") == "Y Ko Niê Buôn"
    assert drawn("−5.000 ₫") == "–5.000 ₫"
    assert drawn("Hoa 🌸") == "Hoa ?"
    assert drawn("ＡＢ①") == "AB1"


@given(st.text(max_size=60))
def test_whatever_is_drawn_is_in_the_face(text):
    for bold in (False, True):
        known = font(bold=bold).face.charToGlyph
        assert all(ord(letter) in known for letter in drawn(text))


@given(st.text(alphabet="aăGWđ 0.-ỹ", max_size=80), st.floats(20, 200))
def test_wrapped_lines_fit_and_hold_every_letter(text, room):
    lines = wrapped(text, 10, room)
    assert "".join(lines).replace(" ", "") == drawn(text).replace(" ", "")
    assert all(width(line, 10) <= room or len(line) == 1 for line in lines)


def test_fitting_shrinks_and_never_grows():
    assert fitting("CP7K2M9Q9M", 20, 1000) == 20
    assert width("CP7K2M9Q9M", fitting("CP7K2M9Q9M", 20, 50)) == pytest.approx(50)
