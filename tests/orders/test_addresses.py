"""Where goods go: what each way needs, what is kept of it, and what of it is read from a line of text."""

from datetime import date
from typing import Any

import pytest

from orders import addresses, reading_addresses
from orders.addresses import Address, BadAddressCode, BadCommune, BadHamlet, BadLandmark, BadPlusCode, Written
from orders.buyers import BadAddress

DAY = date(2026, 11, 22)
YEN_MO, YEN_HOA = "14701", "14722"


def checked(delivery: str, *, own: str = YEN_MO, on: date = DAY, **typed: Any) -> Written:
    return addresses.checked_address(Address(**typed), delivery=delivery, own_commune=own, on=on)


def test_code_and_names_are_kept_as_of_that_day_and_the_old_name_beside_them() -> None:
    written = checked(
        "POST", commune_code=YEN_MO, former_code=YEN_HOA, hamlet=" Xóm 3,\tthôn Nộn Khê ", landmark="gần đình",
        plus_code="7pg8 5264+r2", scheme="dap", code="01.2345-6789",
    )  # fmt: skip
    assert written == Written(
        buyer_address="Xóm 3, thôn Nộn Khê, gần đình, xã Yên Mô, tỉnh Ninh Bình", commune_code=YEN_MO,
        commune_name="xã Yên Mô, tỉnh Ninh Bình", former_name="xã Yên Hòa, huyện Yên Mô, Ninh Bình",
        hamlet="Xóm 3, thôn Nộn Khê", landmark="gần đình", plus_code="7PG85264+R2", address_scheme="dap",
        address_code="0123456789",
    )  # fmt: skip
    assert len(written.buyer_address) <= 300
    longest = checked("POST", commune_code=YEN_MO, hamlet="x" * 80, landmark="y" * 160)
    assert len(longest.buyer_address) <= 300


def test_an_old_commune_that_is_no_part_of_it_is_not_believed() -> None:
    assert checked("COACH", commune_code=YEN_MO, former_code="00001").former_name == ""


def test_what_is_fetched_needs_no_address_and_keeps_none() -> None:
    assert checked("PICKUP", commune_code=YEN_MO, hamlet="Xóm 3", text="Xóm 3") == Written()


def test_a_neighbour_goes_about_the_shops_own_commune_and_needs_a_landmark() -> None:
    near = checked("HOME", hamlet="Xóm 3", landmark="cổng xanh")
    assert (near.commune_code, near.buyer_address) == (YEN_MO, "Xóm 3, cổng xanh, xã Yên Mô, tỉnh Ninh Bình")
    assert checked("HOME", hamlet="Xóm 3", plus_code="7PG85264+R2").landmark == ""  # a pin finds the house too
    for wrong, refusal in (
        ({"hamlet": "Xóm 3"}, BadLandmark), ({"landmark": "cổng"}, BadHamlet), ({}, BadAddress),
        ({"text": "x" * 201}, BadAddress), ({"hamlet": "x" * 81, "landmark": "c"}, BadHamlet),
        ({"hamlet": "x", "landmark": "c" * 161}, BadLandmark),
    ):  # fmt: skip
        with pytest.raises(refusal):
            checked("HOME", **wrong)
    with pytest.raises(BadCommune):
        checked("HOME", own="", hamlet="Xóm 3", landmark="cổng xanh")
    assert checked("HOME", text="Xóm 5,\tYên Mô") == Written(buyer_address="Xóm 5, Yên Mô")


@pytest.mark.parametrize("delivery", ["COACH", "POST", "CARRIER"])
def test_whoever_carries_it_far_needs_a_commune(delivery: str) -> None:
    for code in ("", "00000", "14722", "x"):
        with pytest.raises(BadCommune):
            checked(delivery, commune_code=code, hamlet="Xóm 3")
    assert checked("COACH", commune_code=YEN_MO).buyer_address == "xã Yên Mô, tỉnh Ninh Bình"
    if delivery != "COACH":
        with pytest.raises(BadHamlet):
            checked(delivery, commune_code=YEN_MO)


def test_codes_of_a_spot_are_looked_at_for_their_form() -> None:
    far = {"commune_code": YEN_MO, "hamlet": "Xóm 3"}
    with pytest.raises(BadPlusCode):
        checked("POST", plus_code="7PG85264", **far)
    for scheme, code in (("dap", "123"), ("", "0123456789"), ("moon", "1")):
        with pytest.raises(BadAddressCode):
            checked("POST", scheme=scheme, code=code, **far)


def test_a_commune_that_changed_its_type_is_named_as_of_that_day() -> None:
    """Bắc Ninh became a city in 2026 and twelve of its xã became phường."""
    changed = next(
        rows for rows in addresses.divisions.divisions().communes.values() if len({row.type for row in rows}) > 1
    )
    before, after = changed[0], changed[-1]
    named = [checked("COACH", commune_code=before.code, on=day).commune_name for day in (before.valid_from, DAY)]
    assert [name.split(" ")[0] for name in named] == [before.type, after.type]


@pytest.mark.parametrize(
    ("typed", "province", "codes", "former", "hamlet", "landmark"),
    [
        ("yen hoa yen mo", "", [YEN_MO], YEN_HOA, "", ""),
        ("Xóm 3, thôn Nộn Khê, gần chợ Bút, xã Yên Hòa, Yên Mô, Ninh Bình", "", [YEN_MO], YEN_HOA,
         "Xóm 3, thôn Nộn Khê", "gần chợ Bút"),
        ("yên hòa", "37", [YEN_MO], YEN_HOA, "", ""),
        ("xã Yên Mô, tỉnh Ninh Bình", "", [YEN_MO], "", "", ""),
        ("zzz", "37", [], "", "", ""), ("", "37", [], "", "", ""), ("yên mô", "99", [YEN_MO], "", "", ""),
    ],
)  # fmt: skip
def test_a_commune_read_from_a_line(
    typed: str, province: str, codes: list[str], former: str, hamlet: str, landmark: str
) -> None:
    read = reading_addresses.read(typed, province=province)
    assert [one.code for one in read.choices][: len(codes) or 1] == codes or set(codes) <= {
        one.code for one in read.choices
    }
    if codes and read.one:
        assert read.one.former_code == former
    assert (read.hamlet, read.landmark) == (hamlet, landmark)


def test_several_of_a_name_are_all_offered_and_a_choice_comes_back_whole() -> None:
    read = reading_addresses.read("yên hòa")
    assert {"00175", "16909", "18682", YEN_MO} <= {one.code for one in read.choices}
    assert read.one is None
    assert [reading_addresses.chosen(one.value) for one in read.choices] == list(read.choices)
    for nothing in ("", "x", "00000:14722", ":"):
        assert reading_addresses.chosen(nothing) is None


def test_a_half_typed_name_is_offered_with_its_old_names() -> None:
    (first, old), *_others = reading_addresses.suggest("yen hoa yen m", province="37", at_most=8)
    assert (first.code, "Yên Hòa" in old) == (YEN_MO, True)
