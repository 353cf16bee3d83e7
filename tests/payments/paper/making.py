"""Slips to print, and paper looked at as a person would: its letters and where they stand, its pixels, its codes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import zxingcpp
from PIL import Image

from payments.paper.slip import Item, Shown, Slip
from payments.providers import vietqr

DPI = 150
ITEMS = (
    Item("Tiền ăn bán trú", 550_000, 22, "suất", 25_000),
    Item("Nước uống", 15_000),
    Item("Bảo hiểm thân thể", 50_000, reduction_dong=50_000, reduction_name="Hộ cận nghèo"),
    Item("Nước sạch sinh hoạt", 153_000, 1, "m³", shown=Shown(1234, 1256, 22)),
    Item("Tiếng Anh tăng cường theo thỏa thuận với phụ huynh", 120_000, 8, "buổi", 15_000),
    Item("Kỹ năng sống", 60_000, 4, "buổi", 15_000),
    Item("Sổ liên lạc điện tử", 30_000),
    Item("Vệ sinh trường lớp", 20_000),
    Item("Trông giữ xe đạp", 10_000),
    Item("Đồng phục thể thao mùa đông", 210_000),
    Item("Gửi sớm đón muộn", 88_000, 22, "buổi", 4_000),
    Item("Quỹ khuyến học (điều chỉnh)", -20_000, why="đã nộp ở lớp cũ"),
)
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Phương Khánh Huyền Thục Quỳnh Anh Trâm"


def slip(number: int = 1, *, items: int = 3, **more: Any) -> Slip:
    """A slip whose code and account number tell which one it is."""
    chosen = ITEMS[:items]
    asked = sum(item.amount_dong for item in chosen)
    arrears = sum(arrear.due_dong for arrear in more.get("arrears", ()))
    due = more.pop("due_dong", asked - more.get("paid_dong", 0) + arrears)
    code = f"CP{number:08d}"
    payload = vietqr.write(bin="970405", account="3307201012345", amount_dong=due, memo=code) if due else ""
    said: dict[str, Any] = {
        "biller": "Trường Tiểu học Yên Hòa", "run": "Tháng 11/2026", "name": "Nguyễn Thị Ngọc Ánh",
        "section": "Lớp 3A", "number": f"HS-{number:04d}", "items": chosen, "asked_dong": asked, "paid_dong": 0,
        "due_dong": due, "due_on": date(2026, 11, 30), "memo": code if due else "", "payload": payload,
        "bank": "Agribank", "account": "3307201012345", "holder": "TRUONG TIEU HOC YEN HOA",
        "ask": "Hỏi: 0229 386 1234",
    }  # fmt: skip
    return Slip(**{**said, **more})


@dataclass(frozen=True)
class Letter:
    """One drawn letter and its box in points from the lower left corner of its page."""

    sign: str
    left: float
    bottom: float
    right: float
    top: float


class Page:
    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self.width, self.height = page.get_size()
        self._text = page.get_textpage()

    @property
    def text(self) -> str:
        """All of it, in the order in which it was drawn."""
        return " ".join(self._text.get_text_range().split())

    def text_in(self, left: float, bottom: float, right: float, top: float) -> str:
        return " ".join(self._text.get_text_bounded(left, bottom, right, top).split())

    @property
    def letters(self) -> list[Letter]:
        found = []
        for place in range(self._text.count_chars()):
            sign = chr(pdfium_c.FPDFText_GetUnicode(self._text.raw, place))
            if sign.strip():
                found.append(Letter(sign, *self._text.get_charbox(place)))
        return found

    def pixels(self, dpi: int = DPI) -> Image.Image:
        return self._page.render(scale=dpi / 72).to_pil().convert("L")

    def codes(self, dpi: int = DPI) -> list[tuple[str, float, float]]:
        """(payload, across, up) of each QR that a reader finds in the pixels, its middle in points."""
        found = []
        for code in zxingcpp.read_barcodes(self.pixels(dpi), formats=zxingcpp.BarcodeFormat.QRCode):
            corner, opposite = code.position.top_left, code.position.bottom_right
            across, down = (corner.x + opposite.x) / 2 * 72 / dpi, (corner.y + opposite.y) / 2 * 72 / dpi
            found.append((code.text, across, self.height - down))
        return found


class Pdf:
    def __init__(self, made: bytes) -> None:
        self._document = pdfium.PdfDocument(made)
        self.pages = [Page(self._document[place]) for place in range(len(self._document))]

    @property
    def metadata(self) -> dict[str, str]:
        return self._document.get_metadata_dict(skip_empty=True)

    @property
    def text(self) -> str:
        return " ".join(page.text for page in self.pages)


def places(page: Page, across: int, down: int) -> list[tuple[float, float, float, float]]:
    """The places of a page between its cut lines, row by row: (left, bottom, right, top)."""
    wide, high = page.width / across, page.height / down
    return [
        (column * wide, page.height - (row + 1) * high, (column + 1) * wide, page.height - row * high)
        for row in range(down)
        for column in range(across)
    ]
