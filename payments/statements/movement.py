"""One row that moves money: its day, its signed đồng, its texts, or the doubt about it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.text import folded
from payments.providers.arrival import Direction, readable_text
from payments.statements.grammar import Grammar
from payments.statements.head_words import Field
from payments.statements.numbers import BadFigure, FigureReader
from payments.statements.sheet import Line, as_text
from payments.statements.statement import DoubtfulStatement

_REWRITTEN = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
# Day, perhaps time, and after blanks or a line break a document's number: what some printed forms put in one cell.
_DAY_AND_NUMBER = re.compile(
    r"\s*([0-9]{2}[/.-][0-9]{2}[/.-][0-9]{4}(?:\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?=\s|$))?)(?:\s+(\S.*?))?\s*",
    re.DOTALL,
)
_PAYERS_ACCOUNT = re.compile(r"[0-9][0-9 .\-]{3,30}[0-9]")
_OUT = frozenset({"d", "dr", "n", "no", "debit", "ghi no", "-", "−", "out", "ra", "tien ra", "chi", "rut"})
_IN = frozenset({"c", "cr", "co", "credit", "ghi co", "+", "in", "vao", "tien vao", "thu", "gui"})
_RESAVED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)
_EXCEL_ROUNDS_FROM = 10**15  # a spreadsheet keeps fifteen digits of a number and makes the rest zeros


class OneSideOnly(DoubtfulStatement):
    code = "STATEMENT_DEBIT_AND_CREDIT"
    sentence = _("Dòng %(row)s: phải có đúng một trong hai số, tiền vào hoặc tiền ra. Hãy xuất lại tệp từ ngân hàng.")


class BadMarker(DoubtfulStatement):
    code = "STATEMENT_BAD_MARKER"
    sentence = _("Dòng %(row)s: “%(text)s” không nói rõ tiền vào hay tiền ra (Nợ/Có, D/C, −/+). Hãy xuất lại tệp.")


class CutRow(DoubtfulStatement):
    code = "STATEMENT_CUT_ROW"
    sentence = _("Dòng %(row)s: số ô không khớp dòng tên cột; dòng bị cắt hoặc có dấu ngăn cột thừa. Hãy xuất lại tệp.")


class NumberNotText(DoubtfulStatement):
    code = "STATEMENT_ACCOUNT_AS_NUMBER"
    sentence = _(
        "Dòng %(row)s: số tài khoản hoặc số tham chiếu “%(text)s” đã bị Excel đổi thành số nên mất chữ số. "
        "Hãy tải tệp gốc từ ngân hàng, đừng mở rồi lưu lại."
    )


@dataclass(slots=True)
class Movement:
    """``dong`` is signed, in positive; ``memo`` grows where the bank broke it over two rows."""

    row: int
    cells: tuple[Any, ...]
    at: datetime
    dong: int
    balance_dong: int | None
    direction: Direction
    memo: str
    reference: str
    account: str
    payer_account: str = ""
    payer_name: str = ""


@dataclass(slots=True)
class Signs:
    """How this file tells out from in: whether its debits carry a minus (None until the first debit), and whether
    any figure of a single amount column carried a sign."""

    debits_negative: bool | None = None
    amount_signed: bool = False


def movement(line: Line, *, grammar: Grammar, figures: FigureReader, signs: Signs) -> Movement:
    """What ``line`` moves. Raises CutRow, OneSideOnly, NumberNotText, and what days.py and numbers.py raise."""
    if not line.whole:
        raise CutRow(row=line.row)
    filled = line.filled
    day, reference = filled.get("day"), None
    if "reference" in filled:
        if line.columns["reference"] == line.columns["day"]:
            day, reference = parted(day)
        else:
            reference = _kept_as_text(line, "reference")
    at = grammar.moment(day, filled.get("time"), row=line.row)
    dong = _signed(line, figures, signs)
    return Movement(
        row=line.row,
        cells=line.cells,
        at=at,
        dong=dong,
        balance_dong=figures.dong(filled.get("balance"), row=line.row),
        direction="out" if dong < 0 else "in",
        memo=readable_text(as_text(filled.get("memo"))),
        reference=reference or "",
        account=_kept_as_text(line, "account") if "account" in filled else "",
        payer_account=_payer_account(line) if "other_account" in filled else "",
        payer_name=readable_text(as_text(filled["other_name"])) if "other_name" in filled else "",
    )


def parted(cell: object) -> tuple[object, str | None]:
    """Day and document number out of one cell; a cell that is no such pair is left whole, for days.py to judge."""
    if not isinstance(cell, str) or not (match := _DAY_AND_NUMBER.fullmatch(cell)):
        return cell, None
    return match[1], match[2]


def _payer_account(line: Line) -> str:
    """The other side's account. It only suggests: a number in place of text has lost its zeros and says nothing.

    Raises NumberNotText for ``1.02E+11``: a spreadsheet saved this file again, and nobody knows what else it changed.
    """
    cell = line.cell("other_account")
    if not isinstance(cell, str):
        return ""
    text = cell.strip()
    if _RESAVED.fullmatch(text):
        raise NumberNotText(row=line.row, text=text)
    return re.sub(r"[ .\-]", "", text) if _PAYERS_ACCOUNT.fullmatch(text) else ""


def _signed(line: Line, figures: FigureReader, signs: Signs) -> int:
    """Đồng of a row, in positive, out negative; from two columns, from one with a sign or with a word beside it."""
    if "amount" in line.columns:
        dong = figures.dong(line.cell("amount"), row=line.row)
        if dong is None:
            raise OneSideOnly(row=line.row)
        if "marker" in line.columns:
            signs.amount_signed = True
            return _by_marker(dong, line)
        signs.amount_signed = signs.amount_signed or dong < 0 or as_text(line.cell("amount")).startswith("+")
        return dong
    debit = figures.dong(line.cell("debit"), row=line.row) or 0
    credit = figures.dong(line.cell("credit"), row=line.row) or 0
    if bool(debit) == bool(credit):
        raise OneSideOnly(row=line.row)
    if credit < 0:
        raise BadFigure(row=line.row, text=as_text(line.cell("credit")))
    if debit:  # some banks print a minus in the debit column: then in every row, or it means something else
        if signs.debits_negative is None:
            signs.debits_negative = debit < 0
        if signs.debits_negative != (debit < 0):
            raise BadFigure(row=line.row, text=as_text(line.cell("debit")))
    return credit - abs(debit)


def _by_marker(dong: int, line: Line) -> int:
    marker = as_text(line.cell("marker"))
    side = direction_of(marker)
    if side is None or dong < 0:
        raise BadMarker(row=line.row, text=marker)
    return dong if side == "in" else -dong


def direction_of(marker: str) -> Direction | None:
    """What a word like ``Nợ``, ``C`` or ``Tiền vào`` beside an amount says; None for any other text."""
    word = folded(marker).strip(" .()")
    return "out" if word in _OUT else "in" if word in _IN else None


def _kept_as_text(line: Line, name: Field) -> str:
    """Text of a column whose digits are a name. Raises NumberNotText where a spreadsheet made a number of it."""
    cell = line.cell(name)
    text = readable_text(as_text(cell))
    if cell.__class__ is str and "E" not in text and "e" not in text:
        return text
    lost_zeros = name == "account" and isinstance(cell, int | float)
    rounded = isinstance(cell, int | float) and (abs(cell) >= _EXCEL_ROUNDS_FROM or not float(cell).is_integer())
    if lost_zeros or rounded or _REWRITTEN.fullmatch(text):
        raise NumberNotText(row=line.row, text=text)
    return text
