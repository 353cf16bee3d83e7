"""Figures, days and quantities as they are written in Việt Nam; bars that say the same as their table."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from storefront.templatetags import dong as written
from storefront.templatetags.pictures import bars

BY_PIECE = SimpleNamespace(sold_by="piece", unit_name="gói")
BY_WEIGHT = SimpleNamespace(sold_by="weight", unit_name="kg")


@pytest.mark.parametrize(
    ("measures", "variant", "text"),
    [
        (3, BY_PIECE, "3 gói"),
        (1200, BY_PIECE, "1.200 gói"),
        (300, BY_WEIGHT, "300 g"),
        (1000, BY_WEIGHT, "1 kg"),
        (1500, BY_WEIGHT, "1,5 kg"),
        (1050, BY_WEIGHT, "1,05 kg"),
        (1200500, BY_WEIGHT, "1.200,5 kg"),
        (None, BY_WEIGHT, "–"),
    ],
)
def test_quantity(measures, variant, text):
    assert written.quantity(measures, variant) == text.replace(" ", "\u00a0")  # a number and its unit stay on one line


def test_days_and_clocks_are_vietnams():
    late = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)
    assert (written.day(late), written.clock(late)) == ("22/11/2026", "00:05")
    assert written.day(date(2026, 3, 9)) == "09/03/2026"
    assert written.month("2026-03") == "03/2026"


def test_money_and_phone():
    assert written.dong(185000) == "185.000\u00a0₫"
    assert written.words(185000) == "một trăm tám mươi lăm nghìn đồng"
    assert written.phone("+84912345678") == "0912 345 678"
    assert written.dong(None) == written.phone("") == "–"


def test_bars_keep_their_proportions_and_the_line_its_place():
    drawing = bars([("2026-03", 500_000), ("2026-04", 1_000_000), ("2026-05", -20_000)], baseline_dong=500_000)
    half, full, negative = drawing["bars"]
    assert float(half["length"]) * 2 == pytest.approx(float(full["length"]), abs=0.2)
    assert negative["length"] == "0.0"
    assert negative["dong"] == -20_000
    assert float(drawing["base_x"]) == pytest.approx(drawing["start"] + float(half["length"]), abs=0.1)


def test_bars_of_nothing_divide_by_nothing():
    assert bars([("2026-03", 0)])["bars"][0]["length"] == "0.0"
    assert bars([])["bars"] == []
