"""What the address form offers while a name is being typed."""

import pytest

from base.places.typing_ahead import suggestions


def offered(typed: str, province: str | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in suggestions(typed, province=province)]


@pytest.mark.parametrize(
    "typed", ["yen hoa yen mo", "Yên Hoà Yên Mô", "yen hoa ye", "xã yên hòa yên mô", "xóm 3 yen hoa yen mo"]
)
def test_an_old_name_with_its_district_offers_what_it_became(typed: str) -> None:
    assert [code for code, _ in offered(typed)] == ["14701"]


def test_the_old_name_that_was_typed_stands_first_in_the_label() -> None:
    assert offered("yen hoa", "37")[0] == ("14701", "Yên Mô (Yên Hòa, Khánh Dương, TT Yên Thịnh cũ)")
    assert offered("tt yen thinh", "37")[0] == ("14701", "Yên Mô (TT Yên Thịnh, Khánh Dương, Yên Hòa cũ)")


def test_namesakes_elsewhere_come_with_their_province() -> None:
    labels = dict(offered("Yên Hòa"))
    assert {"00175", "16909", "18682", "14701"} <= labels.keys()
    assert labels["16909"].startswith("Yên Hòa, Nghệ An (")
    assert labels["14701"].startswith("Yên Mô, Ninh Bình (Yên Hòa, ")
    first = offered("Yên Hòa", "40")[0]
    assert first == ("16909", "Yên Hòa (Yên Thắng cũ)")


def test_a_divided_commune_offers_all_its_parts() -> None:
    parts = [code for code, label in offered("vien an", "96") if "(Viên An," in label]
    assert parts == ["32201", "32248"]


def test_few_letters_offer_what_begins_with_them_in_order_and_not_too_much() -> None:
    names = [one.name for one in suggestions("y", province="37", at_most=3)]
    assert names == ["Ý Yên", "Yên Cường", "Yên Đồng"]
    assert [one.name for one in suggestions("quy", province="37")] == ["Quỹ Nhất", "Quỳnh Lưu"]


@pytest.mark.parametrize("typed", ["", "  ", "zzz", "\ud800", "xã", "?" * 5000])
def test_what_is_no_name_offers_nothing(typed: str) -> None:
    assert suggestions(typed, province="37") == ()
