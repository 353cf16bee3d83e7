"""QR codes on paper: each module of a VietQR as a black square, sharp at any size.

The matrix goes into the page as a one-bit stencil, eight dots to a module: reportlab's own QR widget draws a
rectangle a module and is sixty times slower, and a stencil of one dot a module is blurred by viewers that smooth
pictures. White stays see-through, so what lies behind the code (the pale DEMO) shows between its modules.
"""

import zlib
from functools import lru_cache

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from payments.providers.vietqr_images import QUIET_ZONE, matrix

DOTS = 8
"""To a module, both ways. Eight make a row of a module one whole byte."""


@lru_cache(maxsize=8192)
def stencil(payload: str) -> tuple[int, str]:
    """(modules a side, the stencil as text for a PDF page). Kept: who prints a run prints it again."""
    modules = matrix(payload)
    rows = b"".join(bytes(0x00 if black else 0xFF for black in row) * DOTS for row in modules)
    return len(modules), zlib.compress(rows).hex()


def side_with_quiet_zone(payload: str, code_side: float) -> float:
    """How much room a code takes whose black part is ``code_side`` wide."""
    modules, _ = stencil(payload)
    return code_side * (modules + 2 * QUIET_ZONE) / modules


def draw(canvas: Canvas, payload: str, *, left: float, bottom: float, side: float) -> None:
    """The code for ``payload`` with its quiet zone of four modules in a square of ``side`` points."""
    modules, dots = stencil(payload)
    module = side / (modules + 2 * QUIET_ZONE)
    black, across = modules * module, modules * DOTS
    canvas.addLiteral(
        f"q 0 g {black:.3f} 0 0 {black:.3f} {left + QUIET_ZONE * module:.3f} {bottom + QUIET_ZONE * module:.3f} cm "
        f"BI /W {across} /H {across} /IM true /D [0 1] /F [/AHx /Fl] ID {dots}> EI Q"
    )


LEAST_SIDE = 25 * mm
"""Of the black part, on any paper: smaller ones are not read by old phones at arm's length."""
