"""A first guess at the columns of an unknown statement, for a person to confirm: what is sure, and what is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from django.utils.translation import gettext_lazy as _

from payments.statements import csv_text, excel, first_bytes
from payments.statements.days import Order, moment
from payments.statements.generic import MESSAGES, WORDS
from payments.statements.grammar import styles_with
from payments.statements.head_words import Field
from payments.statements.mapping import LONGEST_NAME, THOUSANDS, BadMapping, Mapping, Role, Thousands, tables_of
from payments.statements.movement import direction_of, parted
from payments.statements.numbers import FigureReader
from payments.statements.sheet import HEADER_WITHIN, NoHeader, as_text, captions_of
from payments.statements.statement import DoubtfulStatement

SHOWN_ROWS = 25
_LOOKED_AT_ROWS = 200
_ROLES: dict[Field, Role] = {
    "day": "date", "time": "time", "credit": "amount_in", "debit": "amount_out", "amount": "amount",
    "balance": "balance", "memo": "memo", "reference": "reference", "other_account": "payer_account",
    "other_name": "payer_name",
}  # fmt: skip


class NothingToMap(DoubtfulStatement):
    code = "STATEMENT_NOTHING_TO_MAP"
    sentence = _("Tệp MT940 hoặc CAMT.053 tự nói rõ từng mục, không cần chọn cột. Hãy nhập thẳng.")


@dataclass(frozen=True, slots=True)
class SampleRow:
    """``row`` as the file numbers it; every cell as a person reads it."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """``roles``     the columns that were recognised, counted from 0
    ``guess``     the whole mapping where nothing that it needs is missing, to be confirmed; else None
    ``unclear``   what a person must say or look at: roles, ``date_order``, ``thousands``
    ``columns``   how many columns there are
    """

    sample: tuple[SampleRow, ...]
    columns: int
    header_row: int
    heads: tuple[str, ...]
    separator: str
    roles: dict[Role, int]
    date_order: Order
    thousands: Thousands
    guess: Mapping | None
    unclear: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Guessed:
    table: excel.Table
    separator: str
    at: int | None  # position of the last row of heads among the table's rows
    roles: dict[Role, int]
    doubled: frozenset[Role]


def propose(data: bytes, *, name: str = "Cột đã ghép") -> Proposal:
    """What the file shows of itself. Raises NothingToMap, NoHeader where it has no table at all, and what the readers
    of such files raise (EmptyFile, OldExcel, UnknownEncoding …)."""
    kind = first_bytes.kind_of(data)
    if kind in MESSAGES:
        raise NothingToMap()
    separators = csv_text.separators_of(csv_text.text_of(data)) if kind == "text" else ("",)
    guesses = [guess for separator in separators for guess in _guesses(data, kind, separator)]
    if not guesses:
        raise NoHeader()
    best = max(guesses, key=lambda guess: (len(guess.roles), _columns(guess.table)))
    return _proposal(best, name=name)


def _guesses(data: bytes, kind: first_bytes.Kind, separator: str) -> list[_Guessed]:
    try:
        tables = tables_of(data, kind=kind, separator=separator)
    except DoubtfulStatement:
        if kind == "text":
            return []  # it was not written with this separator
        raise
    return [_guess(table, separator) for table in tables if _columns(table) > 1]


def _guess(table: excel.Table, separator: str) -> _Guessed:
    best: dict[Role, int] = {}
    doubled: frozenset[Role] = frozenset()
    head: int | None = None
    for at in range(min(len(table.rows), HEADER_WITHIN)):
        roles, twice = _by_heads(captions_of(table, at))
        if len(roles) > max(1, len(best)) and _has_no_figure(table.rows[at][1]):
            best, doubled, head = roles, twice, at
    body = [cells for _row, cells in table.rows[0 if head is None else head + 1 :][:_LOOKED_AT_ROWS]]
    return _Guessed(table, separator, head, _by_content(dict(best), body), doubled)


def _by_heads(captions: Sequence[str]) -> tuple[dict[Role, int], frozenset[Role]]:
    ranks: dict[Role, int] = {}
    roles: dict[Role, int] = {}
    doubled: set[Role] = set()
    for at, caption in enumerate(captions):
        meaning = WORDS.meaning(caption) if caption else None
        role = _ROLES.get(meaning[0]) if meaning else None
        if meaning is None or role is None:
            continue
        if role in roles and ranks[role] == meaning[1]:
            doubled.add(role)
        if role not in roles or meaning[1] < ranks[role]:
            roles[role], ranks[role] = at, meaning[1]
    if "amount_in" in roles or "amount_out" in roles:
        roles.pop("amount", None)
    if "date" in roles and "reference" not in roles and WORDS.says_also(captions[roles["date"]], "reference"):
        roles["reference"] = roles["date"]
    return roles, frozenset(doubled)


def _by_content(roles: dict[Role, int], body: list[tuple[Any, ...]]) -> dict[Role, int]:
    """Fills in what no head told and the cells alone leave no choice about."""
    free = [at for at in range(max((len(cells) for cells in body), default=0)) if at not in roles.values()]
    if "date" not in roles:
        days = [at for at in free if _mostly(body, at, lambda cell: bool(_orders([cell])))]
        roles |= {"date": days[0]} if days else {}
    if "amount" in roles and "marker" not in roles:
        markers = [at for at in free if _mostly(body, at, lambda cell: direction_of(as_text(cell)) is not None)]
        roles |= {"marker": markers[0]} if len(markers) == 1 else {}
    if "memo" not in roles:
        free = [at for at in free if at not in roles.values()]
        wordy = {at: sum(len(as_text(cells[at])) for cells in body if at < len(cells) and isinstance(cells[at], str)
                         and " " in cells[at].strip()) for at in free}  # fmt: skip
        longest = max(wordy, key=lambda at: wordy[at], default=None)
        roles |= {"memo": longest} if longest is not None and wordy[longest] else {}
    return roles


def _proposal(found: _Guessed, *, name: str) -> Proposal:
    table, roles = found.table, found.roles
    start = 0 if found.at is None else found.at + 1
    body = [cells for _row, cells in table.rows[start:][:_LOOKED_AT_ROWS]]
    unclear: list[str] = [role for role in ("date", "memo") if role not in roles]
    if "amount" not in roles and not {"amount_in", "amount_out"} <= roles.keys():
        unclear += [role for role in ("amount_in", "amount_out") if role not in roles]
    elif "amount" in roles and "marker" not in roles and not _signed(body, roles["amount"]):
        unclear.append("marker")
    unclear += [role for role in sorted(found.doubled) if role not in unclear]
    orders = _orders(_cells(body, roles.get("date")))
    if len(orders) != 1:
        unclear.append("date_order")
    money = [at for role in ("amount_in", "amount_out", "amount", "balance") if (at := roles.get(role)) is not None]
    signs = _signs([cell for at in money for cell in _cells(body, at)])
    if len(signs) != 1:
        unclear.append("thousands")
    heads = tuple(captions_of(table, found.at)) if found.at is not None else ()
    header_row = table.rows[found.at][0] if found.at is not None else 0
    order, thousands = (orders or ("dmy",))[0], (signs or ("",))[0]
    try:
        guess = Mapping(
            name=name[:LONGEST_NAME], header_row=header_row, heads=heads, date_order=order, thousands=thousands,
            separator=found.separator, **roles,
        )  # fmt: skip
    except (BadMapping, TypeError):  # a role that it cannot do without is missing: that is in ``unclear``
        guess = None
    return Proposal(
        sample=tuple(SampleRow(row, tuple(as_text(cell) for cell in cells)) for row, cells in table.rows[:SHOWN_ROWS]),
        columns=_columns(table),
        header_row=header_row,
        heads=heads,
        separator=found.separator,
        roles=dict(roles),
        date_order=order,
        thousands=thousands,
        guess=guess,
        unclear=tuple(unclear),
    )


def _orders(cells: Sequence[Any]) -> tuple[Order, ...]:
    """The orders in which all of these are days; real dates of a workbook leave no choice and count as day first."""
    texts = [cell for cell in cells if isinstance(cell, str) and any(sign.isdigit() for sign in cell)]
    if not texts:
        return ("dmy",) if any(_is_day(cell, None) for cell in cells) else ()
    return tuple(order for order in get_args(Order) if all(_is_day(text, order) for text in texts))


def _is_day(cell: Any, order: Order | None) -> bool:
    try:
        moment(parted(cell)[0], None, row=1, order=order)
    except DoubtfulStatement:
        return False
    return True


def _signs(cells: Sequence[Any]) -> tuple[Thousands, ...]:
    """The signs between thousands with which all of these read as đồng; numbers of a workbook need none."""
    texts = [cell for cell in cells if isinstance(cell, str) and any(sign.isdigit() for sign in cell)]
    if not texts:
        return ("",)
    return tuple(sign for sign in THOUSANDS if _all_read(texts, FigureReader(styles_with((sign,)))))


def _all_read(texts: list[str], figures: FigureReader) -> bool:
    try:
        for text in texts:
            figures.dong(text, row=1)
    except DoubtfulStatement:
        return False
    return True


def _signed(body: list[tuple[Any, ...]], at: int) -> bool:
    return any(as_text(cell).startswith(("-", "−", "+", "(")) for cell in _cells(body, at))


def _mostly(body: list[tuple[Any, ...]], at: int, fits: Any) -> bool:
    cells = _cells(body, at)
    return len(cells) >= 2 and sum(bool(fits(cell)) for cell in cells) >= 0.9 * len(cells)


def _cells(body: list[tuple[Any, ...]], at: int | None) -> list[Any]:
    """What stands in a column, in the rows that have enough cells to be rows of the table."""
    if at is None or not body:
        return []
    whole = max(len(cells) for cells in body) * 2 // 3
    return [cells[at] for cells in body if len(cells) > max(at, whole - 1) and as_text(cells[at])]


def _has_no_figure(cells: tuple[Any, ...]) -> bool:
    return not any(isinstance(cell, int | float) and cell > 1_000 for cell in cells)


def _columns(table: excel.Table) -> int:
    return max((len(cells) for _row, cells in table.rows), default=0)
