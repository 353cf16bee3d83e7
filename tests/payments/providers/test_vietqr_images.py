"""The picture: read back by another reader, small enough for a village line, honest about being a demo."""

import io
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image
from vietnam_qr_pay import QRPay

from payments.providers import vietqr, vietqr_images
from payments.providers.banks import BANKS, bank_of

HOLDER = "HỢP TÁC XÃ NÔNG NGHIỆP DỊCH VỤ YÊN HÒA"


def drawn(account="1030000030", memo="CP7K2M9Q9M", demo=False, amount_dong=185_000):
    payload = vietqr.write(bin="970436", account=account, amount_dong=amount_dong, memo=memo)
    words = {"holder": HOLDER, "account": account, "bank": "Vietcombank", "amount_dong": amount_dong, "memo": memo}
    return payload, words | {"demo": demo}


cases = pytest.mark.parametrize("demo", [False, True], ids=["real", "demo"])
sizes = pytest.mark.parametrize(
    ("account", "memo", "amount_dong"),
    [
        ("1030000030", "CP7K2M9Q9M", 185_000),
        ("9704360000000001018", "CP7K2M9Q9M 12345678", 499_999_999),
        ("1", None, None),
    ],
    ids=["usual", "longest", "shortest"],
)


@cases
@sizes
def test_another_reader_finds_the_payload_in_the_png(account, memo, amount_dong, demo) -> None:
    payload, words = drawn(account, memo, demo, amount_dong)
    png = vietqr_images.png(payload, **words)
    picture = Image.open(io.BytesIO(png))
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == payload
    assert QRPay(code.text).consumer.bank_number == account
    assert picture.width >= 720
    assert len(png) <= 12 * 1024
    blurred = picture.convert("L").resize((picture.width // 3, picture.height // 3))
    assert zxingcpp.read_barcodes(blurred)[0].text == payload, "small on a screen, too"


@cases
def test_the_quiet_zone_is_white(demo) -> None:
    payload, words = drawn(demo=demo)
    picture = Image.open(io.BytesIO(vietqr_images.png(payload, **words))).convert("L")
    scale = picture.width // (len(vietqr_images.matrix(payload)) + 8)
    edge = picture.crop((0, 130, 4 * scale, picture.width))
    assert edge.getextrema() == (255, 255)


def test_demo_is_drawn_and_only_in_a_demo() -> None:
    payload, words = drawn()
    real = Image.open(io.BytesIO(vietqr_images.png(payload, **words))).convert("L")
    demo = Image.open(io.BytesIO(vietqr_images.png(payload, **words | {"demo": True}))).convert("L")
    assert demo.height > real.height
    assert demo.getpixel((5, 5)) == 0
    assert real.getpixel((5, 5)) == 255
    assert ">DEMO<" in vietqr_images.svg(payload, **words | {"demo": True})
    assert "DEMO" not in vietqr_images.svg(payload, **words)


@cases
@sizes
def test_the_svg_says_the_same_and_is_small(account, memo, amount_dong, demo) -> None:
    payload, words = drawn(account, memo, demo, amount_dong)
    svg = vietqr_images.svg(payload, **words)
    assert len(svg.encode()) <= 6 * 1024
    texts = ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")]
    assert {HOLDER, account, "Vietcombank"} <= set(texts)
    assert memo is None or memo in texts
    assert svg_modules(svg, len(vietqr_images.matrix(payload)), top=7 if demo else 0) == vietqr_images.matrix(payload)


def test_words_cannot_break_out_of_the_svg() -> None:
    payload, words = drawn()
    svg = vietqr_images.svg(payload, **words | {"holder": "<script>&\"'"})
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_a_holder_with_letters_that_the_font_lacks_is_still_drawn() -> None:
    payload, words = drawn()
    assert vietqr_images.png(payload, **words | {"holder": "合作社 🐟 " + "X" * 80})


def test_banks_by_bin() -> None:
    assert bank_of("970436").short_name == "Vietcombank"
    assert bank_of("123456") is None
    assert len({bank.bin for bank in BANKS}) == len(BANKS) >= 57
    assert all(len(bank.bin) == 6 and bank.bin.isdigit() and len(bank.swift) in (0, 8) for bank in BANKS)


def svg_modules(svg, side, top):
    """The modules that the stroked path paints, followed by hand."""
    path = next(node.get("d") for node in ElementTree.fromstring(svg).iter() if node.get("stroke"))
    painted = [[False] * side for _ in range(side)]
    x = y = 0
    for step in path.replace("M", " M").replace("m", " m").split(" M")[1:]:
        start, *moves = step.replace("h", " h").replace("m", " m").split(" ")
        x, y, rest = int(start), None, moves
        for move in rest:
            if y is None:
                y = int(move.removesuffix(".5")) - top - 4
            elif move.startswith("h"):
                for at in range(x, x + int(move[1:])):
                    painted[y][at - 4] = True
                x += int(move[1:])
            elif move.startswith("m"):
                x += int(move[1:])
    return tuple(tuple(row) for row in painted)
