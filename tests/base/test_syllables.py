"""One form for every Vietnamese word, however its letters and tone were typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.syllables import MOST_LETTERS, folded_word, letters_and_tone, tokens, words, written
from catalog.search.rules import joined, plain_sound, sound, spoken

VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ ", max_size=40
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"),
        ("khỏe", "khoẻ"),
        ("thúy", "thuý"),
        ("của", "cuả"),
        ("toán", "tóan"),
        ("quý", "qúy"),
        ("giò", "gìo"),
        ("thuở", "thủơ"),
        ("nước", "nứơc"),
        ("khuỷu", "khủyu"),
    ],
)
def test_the_place_of_a_tone_makes_no_other_word(one: str, other: str) -> None:
    assert written(other) == written(one) == one


@pytest.mark.parametrize("word", ["mía", "múa", "quả", "gì", "già", "giếng", "yến", "chuối", "ngoài", "khuya", "ửng"])
def test_dictionary_words_stay_as_they_are(word: str) -> None:
    assert written(word) == word


@given(VIETNAMESE)
def test_composed_and_decomposed_letters_are_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(st.text(max_size=200))
def test_words_are_short_small_and_stay_what_they_are(text: str) -> None:
    for word in words(text):
        assert 1 <= len(word) <= MOST_LETTERS
        assert folded_word(folded_word(word)) == folded_word(word)
        assert letters_and_tone(letters_and_tone(word)[0]) == (letters_and_tone(word)[0], 0)
    assert words(" ".join(words(text))) == words(text)


def test_letters_and_figures_part_in_words_and_stay_together_in_tokens() -> None:
    assert words("Cá  CHẠCH sấy-khô, 200g/Gói") == ["cá", "chạch", "sấy", "khô", "200", "g", "gói"]
    assert tokens("chach5 200g") == ["chach5", "200g"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trạch", "chạch"), ("xấy", "sấy"), ("rò", "giò"), ("dò", "giò"), ("nạc", "lạc"), ("lấm", "nấm"), ("mỳ", "mì"),
        ("quí", "quý"), ("diệu", "rượu"), ("ngệ", "nghệ"), ("gẹ", "ghẹ"), ("cẹo", "kẹo"), ("iến", "yến"),
    ],
)  # fmt: skip
def test_what_half_the_country_says_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)
    assert plain_sound(folded_word(one)) == plain_sound(folded_word(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dứa", "dừa"), ("giò", "giỏ"), ("vải", "dải"), ("đỏ", "dỏ"), ("tay", "tai"), ("nghe", "le"), ("nhà", "là"),
        ("kho", "co"), ("quả", "của"), ("cá", "cà"),
    ],
)  # fmt: skip
def test_what_nobody_takes_for_the_same(one: str, other: str) -> None:
    assert sound(one) != sound(other)


def test_a_plain_r_is_never_the_sound_of_d_with_a_stroke() -> None:
    assert plain_sound("ro") == plain_sound("giò") != plain_sound("đỏ")


@given(VIETNAMESE)
def test_a_sound_sounds_like_itself(text: str) -> None:
    for word in words(text):
        once = spoken(letters_and_tone(word)[0])
        assert spoken(once) == once or once.startswith(("di", "y", "i", "g", "c")), word


def test_neighbours_are_joined_by_their_sound() -> None:
    assert joined("cá", "trạch") == joined("ca", "chach") == "cachach"
