"""The stylesheet's promises: readable colours in both schemes, and small."""

import gzip
import re
from pathlib import Path

import pytest

import storefront

STATIC = Path(storefront.__file__).parent / "static" / "storefront"
CSS = (STATIC / "app.css").read_text()
PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("ink", "sunk"), ("muted", "paper"), ("muted", "card"), ("muted", "sunk"),
    ("leaf", "paper"), ("leaf", "card"), ("leaf", "leaf-wash"), ("muted", "leaf-wash"), ("on-leaf", "leaf"),
    ("on-leaf", "leaf-deep"), ("brick", "paper"), ("brick", "card"), ("honey", "honey-wash"), ("muted", "honey-wash"),
    ("honey", "card"), ("red", "card"), ("red", "paper"), ("red", "red-wash"), ("muted", "red-wash"),
    ("chalk", "board"),
    ("chalk-quiet", "board"), ("chalk-price", "board"), ("card", "brick"),
]  # fmt: skip


def tokens() -> dict[str, dict[str, str]]:
    """Colours of both schemes; dark inherits what it does not change."""
    roots = re.findall(r":root \{(.*?)\n\s*\}", CSS, flags=re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", root)) for root in roots[:2])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_text_can_be_read(scheme, front, back):
    colours = tokens()[scheme]
    dim, bright = sorted((luminance(colours[front]), luminance(colours[back])))
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_stylesheet_and_scripts_fit_their_budgets():
    assert len(gzip.compress((STATIC / "app.css").read_bytes())) <= 15 * 1024
    scripts = b"".join(path.read_bytes() for path in sorted((STATIC / "behaviours").glob("*.js")))
    assert len(gzip.compress(scripts)) <= 20 * 1024
