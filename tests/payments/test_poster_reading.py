"""Photos of posters: codes are found as phones take them, and what is no photo harms nothing."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from base.refusals import Refused
from catalog.pictures import NotAnImage, TooHeavy, TooManyPixels, TooSmall
from payments import poster_reading
from payments.poster_reading import LONGEST_CODE, MOST_BYTES, MOST_CODES, Busy, NoCode, codes_in
from payments.providers import vietqr, vietqr_images

PAYLOADS = [vietqr.write(bin="970436", account=f"00110001234{n:02d}") for n in range(12)]


def code(payload: str = PAYLOADS[0], side: int = 400) -> Image.Image:
    modules = vietqr_images.matrix(payload)
    image = Image.new("L", (len(modules) + 8, len(modules) + 8), 255)
    for y, row in enumerate(modules):
        for x, black in enumerate(row):
            if black:
                image.putpixel((x + 4, y + 4), 0)
    return image.resize((side, side), Image.Resampling.NEAREST)


def wall(*pieces: tuple[Image.Image, tuple[int, int]], size: tuple[int, int] = (1200, 1600)) -> Image.Image:
    image = Image.new("RGB", size, (180, 160, 130))
    for piece, place in pieces:
        image.paste(piece, place)
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_our_own_picture_reads_back() -> None:
    png = vietqr_images.png(PAYLOADS[0], holder="HTX NONG SAN", account="00110001", bank="Vietcombank")
    assert codes_in(png) == [PAYLOADS[0]]


@pytest.mark.parametrize(
    "taken",
    [
        lambda image: image,
        lambda image: image.rotate(17, fillcolor=(180, 160, 130)),
        lambda image: image.rotate(90, expand=True),
        lambda image: image.filter(ImageFilter.GaussianBlur(2)),
        lambda image: image.point(lambda value: value // 3 + 20),
        lambda image: image.resize((4000, 5333)),
        lambda image: image.transform(
            image.size, Image.Transform.PERSPECTIVE, (1, 0.12, -60, 0.05, 1.1, -90, 0.0001, 0.0001)
        ),
    ],
    ids=["straight", "tilted", "on its side", "blurred", "dark", "21 megapixels", "from below"],
)
def test_it_is_found_as_phones_take_it(taken: Callable[[Image.Image], Image.Image]) -> None:
    photo = taken(wall((code(), (380, 500))))
    assert codes_in(encoded(photo, quality=80)) == [PAYLOADS[0]]


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("WEBP", "RGB")])
def test_screenshots_of_every_kind_are_read(kind: str, mode: str) -> None:
    photo = wall((code(), (100, 100)), size=(720, 900)).convert("L")
    photo = photo.convert("I").point(lambda grey: grey * 256).convert("I;16") if mode == "I;16" else photo.convert(mode)
    assert codes_in(encoded(photo, kind)) == [PAYLOADS[0]]


def test_a_code_drawn_on_nothing_is_read_as_on_white() -> None:
    clear = Image.new("LA", (500, 500), (0, 0))
    clear.paste(code().convert("LA"), (50, 50))
    assert codes_in(encoded(clear, "PNG")) == [PAYLOADS[0]]


def test_a_sticker_beside_ours_is_seen_too_and_the_larger_comes_first() -> None:
    photo = wall((code(PAYLOADS[0], 300), (50, 50)), (code(PAYLOADS[1], 500), (500, 700)))
    assert codes_in(encoded(photo)) == [PAYLOADS[1], PAYLOADS[0]]


def test_a_wall_full_of_codes_is_cut_short() -> None:
    photo = wall(*((code(payload, 260), (40 + n % 4 * 290, 40 + n // 4 * 300)) for n, payload in enumerate(PAYLOADS)))
    found = codes_in(encoded(photo, quality=90))
    assert len(found) == MOST_CODES
    assert set(found) < set(PAYLOADS)


def test_a_novel_in_a_code_is_cut_short() -> None:
    assert codes_in(encoded(code("A" * 900, 1100), "PNG")) == ["A" * LONGEST_CODE]


def test_a_photo_of_a_dog_has_none() -> None:
    with pytest.raises(NoCode):
        codes_in(encoded(wall()))


def _png_claiming(width: int, height: int) -> bytes:
    """A header that promises so many pixels, and nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100))


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (b"", NotAnImage),
        (b"GIF89a" + b"\0" * 500, NotAnImage),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotAnImage),
        (b"%PDF-1.7", NotAnImage),
        (encoded(wall())[:2000], NotAnImage),
        (_png_claiming(60_000, 60_000), TooManyPixels),
        (_png_claiming(4000, 4000), TooManyPixels),
        (_png_claiming(1000, 1000), NotAnImage),
        (encoded(Image.new("RGB", (40, 40))), TooSmall),
        (encoded(wall()) + b"\0" * MOST_BYTES, TooHeavy),
    ],
    ids=["nothing", "gif", "svg", "pdf", "broken off", "3.6 gigapixels", "16 megapixels", "a lie", "tiny", "heavy"],
)
def test_what_is_no_photo_is_refused_before_it_costs_anything(data: bytes, refused: type[Refused]) -> None:
    with pytest.raises(refused):
        codes_in(data)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_bytes_turned_over_anywhere_end_in_a_refusal_or_in_texts(at: int, junk: bytes, kind: str) -> None:
    whole = encoded(code(side=320), kind)
    place = at % len(whole)
    with suppress(Refused):
        assert all(isinstance(text, str) for text in codes_in(whole[:place] + junk + whole[place + len(junk) :]))


def test_one_at_a_time_and_the_next_is_let_in_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poster_reading, "PATIENCE_S", 0.01)
    photo = encoded(code(), "PNG")
    with poster_reading._one, pytest.raises(Busy):
        codes_in(photo)
    assert codes_in(photo) == [PAYLOADS[0]]
