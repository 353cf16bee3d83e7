"""What strangers send as a photo, and what is left of it."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from base.refusals import Refused
from catalog import pictures
from catalog.pictures import NotAnImage, TooHeavy, TooManyPixels, TooSmall, picture_from

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (30, 60, 200), (255, 255, 255)


def drawn(width: int = 800, height: int = 600, *, mode: str = "RGB", colour: object = RED) -> Image.Image:
    return Image.new(mode, (width, height), colour)  # type: ignore[arg-type]


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 12 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_squares_of_two_kinds(kind: str) -> None:
    picture = picture_from(encoded(drawn(1600, 900), kind))
    assert set(picture.files) == {(size, kind) for size in (160, 320, 640) for kind in ("webp", "jpg")}
    assert (picture.width, picture.height) == (640, 640)
    for (size, file_kind), data in picture.files.items():
        file = decoded(data)
        assert (file.format, file.size, file.mode) == ({"webp": "WEBP", "jpg": "JPEG"}[file_kind], (size, size), "RGB")
        assert near(file.getpixel((size // 2, size // 2)), RED)
    assert decoded(picture.files[640, "jpg"]).info["progressive"]


def test_the_middle_is_kept() -> None:
    image = drawn(1800, 600, colour=BLUE)
    image.paste(RED, (600, 0, 1200, 600))
    square = decoded(picture_from(encoded(image, "PNG")).files[320, "jpg"])
    assert all(near(square.getpixel(spot), RED) for spot in ((20, 160), (160, 160), (300, 160)))


def test_small_pictures_are_not_blown_up() -> None:
    picture = picture_from(encoded(drawn(300, 200)))
    assert (picture.width, picture.height) == (200, 200)
    assert decoded(picture.files[640, "webp"]).size == decoded(picture.files[320, "jpg"]).size == (200, 200)
    assert decoded(picture.files[160, "webp"]).size == (160, 160)


def test_a_busy_photo_stays_light() -> None:
    noise = Image.effect_noise((1600, 1200), 40).convert("RGB")
    files = picture_from(encoded(noise)).files
    assert len(files[320, "webp"]) < 40_000, "even noise, which no photo is"
    photo_like = Image.radial_gradient("L").resize((1600, 1200)).convert("RGB")
    assert len(picture_from(encoded(photo_like)).files[320, "webp"]) < 12_000


def test_the_colour_is_the_average() -> None:
    image = drawn(400, 400, colour=(0, 0, 0))
    image.paste((200, 100, 50), (0, 0, 400, 200))
    assert picture_from(encoded(image, "PNG")).colour == "#643219"


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        *((1, "top left"), (2, "top right"), (3, "bottom right"), (4, "bottom left")),
        *((5, "top left"), (6, "top right"), (7, "bottom right"), (8, "bottom left")),
    ],
)
def test_pictures_stand_upright(orientation: int, corner: str) -> None:
    """The corner that the phone stored at the top left is shown where EXIF says it belongs."""
    image = drawn(400, 400, colour=WHITE)
    image.paste(RED, (0, 0, 150, 150))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    square = decoded(picture_from(encoded(image, "JPEG", exif=exif, quality=95)).files[160, "jpg"])
    spots = {"top left": (20, 20), "top right": (140, 20), "bottom left": (20, 140), "bottom right": (140, 140)}
    assert [name for name, spot in spots.items() if near(square.getpixel(spot), RED)] == [corner]


def test_nothing_of_the_upload_but_its_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRETPHONE"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (20.0, 9.0, 12.0)
    jpeg = encoded(drawn(), "JPEG", exif=exif, comment=b"SECRETCOMMENT", icc_profile=b"SECRETPROFILE" * 20)
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Place", "SECRETHAMLET")
    png = encoded(drawn(), "PNG", pnginfo=notes, exif=exif)
    webp = encoded(drawn(), "WEBP", exif=exif, xmp=b"SECRETXMP", icc_profile=b"SECRETPROFILE" * 20)
    trailing = encoded(drawn()) + b"<script>SECRETSCRIPT</script>"
    for upload in (jpeg, png, webp, trailing):
        assert b"SECRET" in upload
        for data in picture_from(upload).files.values():
            assert b"SECRET" not in data
            file = decoded(data)
            assert not file.getexif()
            assert not {"icc_profile", "exif", "xmp", "comment"} & set(file.info)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_costs_only_the_exif() -> None:
    jpeg = encoded(drawn(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xffgarbage")
    assert picture_from(jpeg).width == 600


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (drawn(mode="L", colour=128), (128, 128, 128)),
        (drawn(mode="1", colour=1), WHITE),
        (drawn(mode="I;16", colour=128 * 256), (128, 128, 128)),
        (drawn(mode="RGBA", colour=(0, 0, 0, 0)), WHITE),
        (drawn(mode="LA", colour=(0, 0)), WHITE),
        (drawn(3000, 3000, mode="RGBA", colour=(*GREEN, 255)), GREEN),
        (drawn(mode="RGB", colour=GREEN).quantize(8), GREEN),
    ],
    ids=["grey", "black and white", "sixteen bits", "clear", "clear grey", "large", "palette"],
)
def test_every_kind_of_pixel_becomes_plain_colour(image: Image.Image, expected: tuple[int, int, int]) -> None:
    file = decoded(picture_from(encoded(image, "PNG")).files[160, "webp"])
    assert near(file.getpixel((80, 80)), expected)


def test_four_colour_print_jpeg() -> None:
    file = decoded(picture_from(encoded(drawn(mode="CMYK", colour=(0, 255, 255, 0)))).files[160, "jpg"])
    red, green, blue = file.getpixel((80, 80))  # type: ignore[misc]
    assert red > 200 > 80 > max(green, blue)


def png_header(width: int, height: int, rest: bytes = b"") -> bytes:
    """A PNG that claims to be large and brings next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rest)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (encoded(drawn(8000, 5000, mode="1", colour=0), "PNG"), TooManyPixels),
        (png_header(5001, 5000), TooManyPixels),
        (png_header(20_000, 20_000), TooManyPixels),
        (png_header(2**31 - 1, 2**31 - 1), TooManyPixels),
        (png_header(5000, 5000), NotAnImage),
        (png_header(0, 0), NotAnImage),
        (encoded(drawn(159, 4000)), TooSmall),
        (encoded(drawn()) + bytes(pictures.MOST_BYTES), TooHeavy),
        (b"", NotAnImage),
        (b"ca chach say kho", NotAnImage),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='800' height='800'></svg>", NotAnImage),
        (b"\xff\xd8\xff\xe0 no image follows", NotAnImage),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", NotAnImage),
        (b"\x89PNG\r\n\x1a\n" + encoded(drawn()), NotAnImage),
        (encoded(drawn(), "GIF"), NotAnImage),
        (encoded(drawn(), "BMP"), NotAnImage),
        (encoded(drawn(), "TIFF"), NotAnImage),
        (b"GIF89a" + encoded(drawn()), NotAnImage),
        (b" " + encoded(drawn()), NotAnImage),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_no_usable_photo_is_refused(data: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as refused:
        picture_from(data)
    assert type(refused.value) is refusal
    assert refused.value.field == "photo"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_breaks_off_is_refused(kind: str) -> None:
    whole = encoded(Image.effect_noise((400, 400), 60).convert("RGB"), kind)
    for kept in (20, len(whole) // 2, len(whole) * 9 // 10):
        with pytest.raises(NotAnImage):
            picture_from(whole[:kept])


def test_a_file_that_is_something_else_too_is_refused() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("evil.html", "<script>")
    with pytest.raises(NotAnImage):
        picture_from(encoded(drawn()) + archive.getvalue())
    with pytest.raises(NotAnImage):
        picture_from(encoded(drawn(), "JPEG", comment=b"%PDF-1.7\n1 0 obj"))


SEEDS = [encoded(Image.linear_gradient("L").convert("RGB"), kind) for kind in ("JPEG", "PNG", "WEBP")]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=8)), max_size=5))
def test_damaged_files_are_a_picture_or_a_refusal(seed: bytes, damages: list[tuple[float, bytes]]) -> None:
    data = bytearray(seed)
    for place, junk in damages:
        at = int(place * len(data))
        data[at : at + len(junk)] = junk
    with suppress(Refused):
        assert len(picture_from(bytes(data)).files) == 6
