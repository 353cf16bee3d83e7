"""Phone numbers as people type them."""

import pytest

from cooperatives.phones import BadPhone, e164, shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912 345 678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0229 3123 456", "+842293123456"),
        ("+33 6 12 34 56 78", "+33612345678"),
    ],
)
def test_numbers_that_are_understood(typed: str, stored: str) -> None:
    assert e164(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "12", "0912 345 67", "09123456789", "abc", "٠٩١٢٣٤٥٦٧٨", "0" * 25, "0912345678 ext 5"]
)
def test_numbers_that_are_refused(typed: str) -> None:
    with pytest.raises(BadPhone) as refused:
        e164(typed)
    assert refused.value.field == "phone"


@pytest.mark.parametrize(
    ("stored", "on_the_page"),
    [("+84912345678", "0912 345 678"), ("+33612345678", "+33612345678"), ("", ""), (None, "")],
)
def test_numbers_as_they_are_shown(stored: str | None, on_the_page: str) -> None:
    assert shown(stored) == on_the_page
