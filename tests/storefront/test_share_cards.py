"""The picture of a link: what stands on it, how heavy it is, when it is another one."""

import random
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from storefront.share_cards import HEIGHT, MOST_BYTES, WANTED_BYTES, WIDTH, ShareCard, draw

CARD = ShareCard(
    name="Cá chạch sấy khô", price="75.000 ₫", unit="gói 200 g", seller="HTX Nông sản Yên Hòa",
    place="Yên Mô, Ninh Bình", photo="photos/x-640.jpg",
)  # fmt: skip
LONG = replace(
    CARD, name="Bánh đa nem phơi nắng truyền thống gói giấy loại đặc biệt dùng cho Tết Nguyên Đán " * 2,
    price="999.999.999.999 ₫", unit="thùng xốp lớn 12,5 kg", seller="Hợp tác xã Dịch vụ Nông nghiệp tổng hợp " * 3,
    place="Thị trấn Yên Thịnh huyện Yên Mô, Ninh Bình " * 2,
)  # fmt: skip


def jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def noise() -> bytes:
    """The photo that compresses worst of all."""
    return jpeg(Image.frombytes("RGB", (640, 640), random.Random(5).randbytes(640 * 640 * 3)))


def opened(made: bytes) -> Image.Image:
    image = Image.open(BytesIO(made))
    image.load()
    return image


def written_box(image: Image.Image) -> tuple[int, int, int, int]:
    """What the words take of the right part."""
    right = image.convert("L").crop((HEIGHT + 20, 0, WIDTH, HEIGHT)).point(lambda grey: 255 if grey < 190 else 0)
    box = right.getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("card", [CARD, LONG, replace(LONG, name="Mắm" * 60)], ids=["usual", "long", "one word"])
@pytest.mark.parametrize("photo", [None, noise()], ids=["no photo", "the worst photo"])
def test_every_card_has_its_size_its_margins_and_few_bytes(card: ShareCard, photo: bytes | None) -> None:
    made = draw(card, photo)
    image = opened(made)
    assert (image.format, image.size) == ("JPEG", (WIDTH, HEIGHT))
    assert len(made) <= MOST_BYTES
    left, top, right, bottom = written_box(image)
    assert left >= 15
    assert top >= 30
    assert right <= WIDTH - HEIGHT - 20 - 30
    assert bottom <= HEIGHT - 30


def test_a_usual_photo_costs_no_more_than_is_wanted() -> None:
    gradient = Image.linear_gradient("L").resize((640, 640)).convert("RGB")
    assert len(draw(CARD, jpeg(gradient))) <= WANTED_BYTES


def test_the_photo_fills_its_square_even_where_it_is_not_one() -> None:
    image = opened(draw(CARD, jpeg(Image.new("RGB", (900, 500), "#2050c0"))))
    for spot in ((40, 5), (5, 600), (600, 300)):
        red, _green, blue = image.convert("RGB").getpixel(spot)  # type: ignore[misc]
        assert blue > 150 > red


def test_a_broken_photo_leaves_a_card_without_photo() -> None:
    assert draw(CARD, b"\xff\xd8\xff broken") == draw(CARD, None)
    cut = jpeg(Image.new("RGB", (640, 640), "red"))[:400]
    assert draw(CARD, cut) == draw(CARD, None)


def test_a_practice_shop_is_marked_even_over_the_worst_photo() -> None:
    for photo in (None, noise()):
        plain, marked = opened(draw(CARD, photo)), opened(draw(replace(CARD, demo=True), photo))
        corner = (0, 0, 30, 60)
        assert max(marked.convert("L").crop(corner).getextrema()) < 90  # type: ignore[type-var]
        assert max(plain.convert("L").crop(corner).getextrema()) > 90  # type: ignore[type-var]


@pytest.mark.parametrize("field", ["name", "price", "unit", "seller", "place", "photo"])
def test_whatever_is_drawn_moves_the_version(field: str) -> None:
    assert replace(CARD, **{field: "khác"}).version != CARD.version
    assert replace(CARD).version == CARD.version


def test_the_version_knows_which_text_stands_where() -> None:
    assert replace(CARD, price="a", unit="b").version != replace(CARD, price="b", unit="a").version
    assert replace(CARD, demo=True).version != CARD.version
