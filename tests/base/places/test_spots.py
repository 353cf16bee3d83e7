"""Pins and household codes: their form, and no more."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.places.spots import AddressCode, BadAddressCode, BadPin, Scheme, address_code, centre, open_location_code


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [  # from the specification's own test data
        (20.3700625, 2.7821875, "7FG49QCJ+2V"),
        (47.0000625, 8.0000625, "8FVC2222+22"),
        (-41.2730625, 174.7859375, "4VCPPQGP+Q9"),
        (90, 1, "CFX3X2X2+X2"),
        (1, 180, "62H22222+22"),
        (0.5, -179.5, "62G2GG22+22"),
        (Decimal("20.16205"), Decimal("106.00500"), "7PG85264+R2"),  # the centre of xã Yên Mô
    ],
)
def test_a_pin_has_the_code_of_the_specification(latitude: float, longitude: float, code: str) -> None:
    assert open_location_code(latitude, longitude) == code


@settings(max_examples=40)
@given(st.decimals(-90, 90, places=6), st.decimals(-180, 180, places=6))
def test_a_code_leads_back_to_within_its_square(latitude: Decimal, longitude: Decimal) -> None:
    code = open_location_code(latitude, longitude)
    north, east = centre(code)
    assert abs(north - latitude) <= Decimal("0.000126")
    assert min(abs(east - longitude), 360 - abs(east - longitude)) <= Decimal("0.000126")
    assert open_location_code(north, east) == code
    assert address_code("olc", code.lower()).value == code


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0), (float("inf"), 0)])
def test_a_pin_off_the_earth_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(BadPin):
        open_location_code(latitude, longitude)


@pytest.mark.parametrize(
    ("scheme", "written", "value"),
    [
        ("vpostcode", "10000-7pg8 5264+r2".replace("7pg8 5264+r2", "85264R2"), "1000085264R2"),
        ("dap", "0123 456 789", "0123456789"),
        ("place_id", "0123-4567-8901", "012345678901"),
        ("postal", "08106", "08106"),
        ("olc", "7pg85264+r2", "7PG85264+R2"),
    ],
)
def test_each_scheme_has_its_form(scheme: str, written: str, value: str) -> None:
    assert address_code(scheme, written) == AddressCode(Scheme(scheme), value)


@pytest.mark.parametrize(
    ("scheme", "written"),
    [
        ("vpostcode", "1000085264A2"),  # A is no digit of such a code
        ("dap", "123456789"),
        ("dap", "١٢٣٤٥٦٧٨٩٠"),
        ("place_id", "01234567890"),
        ("postal", "8106"),
        ("olc", "5264+R2"),  # short: says nothing without a town
        ("olc", "XXXXXXXX+XX"),
        ("postcode", "08106"),
        ("", ""),
    ],
)
def test_another_form_is_refused(scheme: str, written: str) -> None:
    with pytest.raises(BadAddressCode):
        address_code(scheme, written)
