"""What a query is taken to ask for: read by everybody's habits, cheap whatever is typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.plan import MOST_CHOICES, MOST_SLOTS, NAME_FACTOR
from catalog.search.ranking import shelf_of
from catalog.search.reading import read
from catalog.search.vocabulary import Vocabulary, is_one_slip

NAMES = [
    "Cá chạch sấy khô Yên Hòa, gói 200g", "Trạch chiên giòn hộp 250g", "Cá rô đồng kho niêu", "Cà chua bi",
    "Chuối tây sấy dẹt gói 500g", "CHUOI SAY GION 300G", "Lạc đỏ khô 1kg", "Kẹo lạc giòn", "Thịt nạc vai heo sạch",
    "Dứa sấy dẻo", "Dừa xiêm gọt", "Dưa cải muối chua", "Gạo thơm Hải Hậu 5kg", "Gạo nếp cái", "Cá hồi Sa Pa phi lê",
    "Nến sáp ong", "Bưởi đỏ Tân Lạc", "Sapôchê Xuân Đỉnh", "Trứng gà ta vỉ 10 quả", "Mắm tép chai 500ml",
    "Cua đồng xay", "Hỏi nhanh đáp gọn, sách", "Vừng đen rang", "Cá mè hấp", "Mỡ hành hũ", "O MAI MO GUNG",
]  # fmt: skip
SHELF = shelf_of([(name, name) for name in NAMES])


def found(text: str) -> list[str]:
    return SHELF.rank(text, most=50)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ca chach say", "Cá chạch sấy khô Yên Hòa, gói 200g"),
        ("cachach", "Cá chạch sấy khô Yên Hòa, gói 200g"),
        ("cas chachj saays", "Cá chạch sấy khô Yên Hòa, gói 200g"),
        ("ca1 chach5", "Cá chạch sấy khô Yên Hòa, gói 200g"),
        ("chạhc sấy", "Cá chạch sấy khô Yên Hòa, gói 200g"),
        ("trach chien", "Trạch chiên giòn hộp 250g"),
        ("chuói sấy giòn", "CHUOI SAY GION 300G"),
        ("đậu phộng", "Lạc đỏ khô 1kg"),
        ("kẹo nạc", "Kẹo lạc giòn"),
        ("thơm", "Dứa sấy dẻo"),
        ("gạo thơm", "Gạo thơm Hải Hậu 5kg"),
        ("dưa", "Dưa cải muối chua"),
        ("dừa", "Dừa xiêm gọt"),
        ("ca hoi sa p", "Cá hồi Sa Pa phi lê"),
        ("sa pô chê", "Sapôchê Xuân Đỉnh"),
        ("mua trứng gà ở đâu", "Trứng gà ta vỉ 10 quả"),
        ("mè", "Vừng đen rang"),
        ("cá mè", "Cá mè hấp"),
        ("mơ", "O MAI MO GUNG"),
        ("gạo 5 ký", "Gạo thơm Hải Hậu 5kg"),
        ("mắm nửa lít", "Mắm tép chai 500ml"),
        ("hỏi nhanh", "Hỏi nhanh đáp gọn, sách"),
        ("mắm tép nửa lít", "Mắm tép chai 500ml"),
        ("vừn đen", "Vừng đen rang"),
    ],
)
def test_what_comes_first(text: str, first: str) -> None:
    assert found(text)[0] == first


def test_kinds_of_goods_need_not_be_said_twice() -> None:
    assert set(found("cá trạch")) == {"Cá chạch sấy khô Yên Hòa, gói 200g", "Trạch chiên giòn hộp 250g"}
    assert len(found("cá")) >= 4


def test_a_place_is_no_food() -> None:
    assert "Bưởi đỏ Tân Lạc" not in found("đậu phộng")


def test_a_tea_is_one_wherever_it_comes_from_and_a_fruit_also_in_a_jar() -> None:
    teas = ["Trà hoa cúc 50g", "Chè Thái Nguyên móc câu 500g", "Trà dây rừng 200g"]
    assert shelf_of([(name, name) for name in teas]).rank("trà thái nguyên", most=1) == [teas[1]]
    jars = ["Dừa sáp trái loại 1", "Mứt thơm dẻo 300g", "Thơm Tắc Cậu 1kg"]
    assert shelf_of([(name, name) for name in jars]).rank("mứt dứa", most=1) == [jars[1]]
    assert set(shelf_of([(name, name) for name in jars]).rank("khóm", most=3)) == {jars[1], jars[2]}


def test_dishes_that_an_accent_parts_stay_apart() -> None:
    names = ["Cá khô chỉ vàng 300g", "Cá kho niêu 1kg", "Cà khô 100g", "O mai sau 200g", "Ô mai mơ 200g"]
    names += ["Cám gạo 5kg", "Cam Cao Phong 1kg"]
    shelf = shelf_of([(name, name) for name in names])
    assert [shelf.rank(q, most=1)[0] for q in ("cá khô", "cá kho", "ô mai sấu", "cam")] == [
        names[0],
        names[1],
        names[3],  # has all that was asked for, though typed without accents
        names[6],
    ]


def test_a_bare_word_among_accented_ones_is_no_slip() -> None:
    names = ["Nước mắm Nam Ngư", "Thuận Châu gạo nếp"]
    assert shelf_of([(name, name) for name in names]).rank("áo thun nam", most=5) == []


def test_where_nothing_has_all_words_fewer_are_asked() -> None:
    assert found("lạc vừng")[0] in {"Lạc đỏ khô 1kg", "Vừng đen rang"}
    assert found("điện thoại") == []


@pytest.mark.parametrize("text", ["xe máy", "chôm chôm", "nụ hòe", "nguyễn thị an", "nước hoa hồng"])
def test_what_the_market_does_not_have_is_answered_with_nothing(text: str) -> None:
    assert found(text) == []


def test_what_was_understood_is_said() -> None:
    vocabulary = SHELF.vocabulary
    assert read("cas chachj", vocabulary=vocabulary).read_as == "cá chạch"
    assert read("cá chạch", vocabulary=vocabulary).read_as == ""
    assert read("cachach", vocabulary=vocabulary).read_as == "ca chach"
    assert read("chuốii tây", vocabulary=vocabulary).did_you_mean == "chuối tây"
    assert read("chuối tây", vocabulary=vocabulary).did_you_mean == ""


def test_a_beginning_is_continued_only_where_it_is_no_word_or_unfinished() -> None:
    plan = read("chu", vocabulary=SHELF.vocabulary).plan
    assert plan is not None
    assert "a:chuối" in plan.terms
    whole = read("gà", vocabulary=SHELF.vocabulary).plan
    assert whole is not None
    assert "a:gạo" not in whole.terms


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "\\", "\x00", "'; drop table catalog_product; --", "\ud800", "🍌"]
)
def test_nothing_to_read_finds_nothing(text: str) -> None:
    assert found(text) == []


@given(st.text(max_size=400))
def test_any_text_makes_a_small_plan(text: str) -> None:
    reading = read(text, vocabulary=SHELF.vocabulary, unfinished=True)
    if reading.plan is None:
        return
    required = [slot for slot in reading.plan.slots if not slot.optional]
    assert 1 <= reading.plan.needed <= len(required)
    assert len(reading.plan.slots) <= MOST_SLOTS
    weights = [choice.weight for slot in reading.plan.slots for choice in slot.choices]
    assert all(type(weight) is int and weight >= 1 for weight in weights)
    assert all(1 <= len(slot.choices) <= MOST_CHOICES for slot in reading.plan.slots)
    assert sum(max(choice.weight for choice in slot.choices) for slot in reading.plan.slots) * NAME_FACTOR < 2**24


@given(st.text("aăâeêioôơuưycáàảãạnghtrxsdđgl 0123456789", max_size=60))
def test_composed_and_decomposed_queries_find_the_same(text: str) -> None:
    assert found(unicodedata.normalize("NFD", text)) == found(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", ["chachx" * 40, "a" * 200, "sa" * 100, "cachach" * 28, "cá chạch " * 22, "1kg" * 60])
def test_two_hundred_letters_look_few_words_up(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    spelled, sounding = Vocabulary.spelled, Vocabulary.sounding_plain

    def counting(look_up):
        def look(vocabulary: Vocabulary, word: str) -> list[str]:
            nonlocal asked
            asked += 1
            return look_up(vocabulary, word)

        return look

    monkeypatch.setattr(Vocabulary, "spelled", counting(spelled))
    monkeypatch.setattr(Vocabulary, "sounding_plain", counting(sounding))
    read(text, vocabulary=SHELF.vocabulary)
    assert asked < 3000


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_slip_is_one_letter_or_two_swapped(left: str, right: str) -> None:
    def edits(word: str) -> set[str]:
        letters = "abc"
        gone = {word[:at] + word[at + 1 :] for at in range(len(word))}
        added = {word[:at] + letter + word[at:] for at in range(len(word) + 1) for letter in letters}
        changed = {word[:at] + letter + word[at + 1 :] for at in range(len(word)) for letter in letters}
        swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
        return (gone | added | changed | swapped) - {word}

    assert is_one_slip(left, right) == (right in edits(left))
