"""A PDF to draw on: metadata that names nobody, the same bytes for the same input, text, rules and the DEMO mark."""

from io import BytesIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from payments.paper.letters import BOLD, REGULAR, drawn, fitting, font, width
from payments.providers.vietqr_images import DEMO

rl_config.useA85 = 0  # pages as they were compressed, not as text again: a fifth smaller, and sooner written

GREY, PALE, BLACK = 0.35, 0.8, 0.0
"""Of white, as PDF counts it. Grey text still has a contrast of 7 : 1 on paper."""


class Paper:
    """Pages of one size. ``text`` and ``rule`` count points from the lower left corner.

    File title and the rest of the metadata say what kind of paper it is and never for whom.
    """

    def __init__(self, *, title: str, size: tuple[float, float] = A4) -> None:
        font(bold=False), font(bold=True)
        self._out = BytesIO()
        self.width, self.height = size
        self.canvas = Canvas(self._out, pagesize=size, pageCompression=1, invariant=1, lang="vi-VN")
        self.canvas.setTitle(title)
        for said in (self.canvas.setAuthor, self.canvas.setSubject, self.canvas.setCreator, self.canvas.setProducer):
            said("")

    def text(
        self,
        left: float,
        base: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        grey: float = BLACK,
        align: str = "left",
    ) -> None:
        """``align``: what ``left`` is of the text, its ``left``, its ``middle`` or its ``right``."""
        shown = drawn(text)
        if align != "left":
            left -= width(shown, size, bold=bold) * (1 if align == "right" else 0.5)
        self.canvas.setFont(BOLD if bold else REGULAR, size)
        self.canvas.setFillGray(grey)
        self.canvas.drawString(left, base, shown)

    def rule(self, left: float, base: float, right: float, *, grey: float = GREY, thick: float = 0.5) -> None:
        self.line(left, base, right, base, grey=grey, thick=thick)

    def line(
        self,
        left: float,
        bottom: float,
        right: float,
        top: float,
        *,
        grey: float = GREY,
        thick: float = 0.5,
        dashed: bool = False,
    ) -> None:
        self.canvas.setStrokeGray(grey)
        self.canvas.setLineWidth(thick)
        self.canvas.setDash([3, 3] if dashed else [])
        self.canvas.line(left, bottom, right, top)

    def box(self, left: float, bottom: float, wide: float, high: float, *, filled: bool = False) -> None:
        self.canvas.setStrokeGray(GREY)
        self.canvas.setFillGray(BLACK)
        self.canvas.setLineWidth(0.7)
        self.canvas.setDash([])
        self.canvas.rect(left, bottom, wide, high, stroke=0 if filled else 1, fill=1 if filled else 0)

    def demo_behind(self, left: float, bottom: float, side: float) -> None:
        """The word DEMO, pale, where a code will be drawn over it: a photo of the code alone still shows it."""
        size = fitting(DEMO, side, side * 0.94, bold=True)
        self.text(left + side / 2, bottom + side / 2 - size * 0.35, DEMO, size, bold=True, grey=PALE, align="middle")

    def demo_chip(self, right: float, base: float, size: float) -> None:
        """White on black, ending at ``right``: nobody is to pay this paper."""
        wide = width(DEMO, size, bold=True) + size
        self.box(right - wide, base - size * 0.3, wide, size * 1.35, filled=True)
        self.text(right - wide / 2, base, DEMO, size, bold=True, grey=1, align="middle")

    def next_page(self, size: tuple[float, float] | None = None) -> None:
        self.canvas.showPage()
        if size:
            self.canvas.setPageSize(size)

    def finished(self) -> bytes:
        """The whole file. The last page must have been ended by ``next_page``."""
        self.canvas.save()
        return self._out.getvalue()
