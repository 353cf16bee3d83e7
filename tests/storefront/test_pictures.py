"""The drawn goods: the same each time, square, and light enough for a slow phone."""

import io

import pytest
from PIL import Image

from storefront.demo.pictures import PICTURES, alt_text, draw

MOST_BYTES_AT_320 = 12 * 1024


@pytest.mark.parametrize("slug", PICTURES)
def test_drawn_good_is_light_and_says_what_it_is(slug):
    picture = draw(slug, size=640).resize((320, 320), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=75)
    assert len(file.getvalue()) <= MOST_BYTES_AT_320
    assert "hình vẽ" in alt_text(slug)


def test_same_slug_gives_the_same_pixels():
    assert draw("trung-vit", size=64).tobytes() == draw("trung-vit", size=64).tobytes()


def test_unknown_good_is_an_error():
    with pytest.raises(KeyError):
        draw("khong-co")
