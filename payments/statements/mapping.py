"""A statement of any other bank, by the columns that a treasurer pointed out once: as data, and read with every proof.

The mapping says where things stand and how they are written; nothing of the file is believed for that. Balances, totals
and directions are proved as for any file, and a row has the id that the generic reader would give it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from django.utils.translation import gettext_lazy as _

from base.collecting import rare_collection
from base.refusals import Refused
from base.text import folded
from payments.statements import csv_text, excel, first_bytes, html_table
from payments.statements.days import Order
from payments.statements.excel import Table
from payments.statements.generic import MESSAGES, sections_of
from payments.statements.grammar import Grammar, styles_with
from payments.statements.head_words import Field
from payments.statements.sections import chosen
from payments.statements.sheet import HEADER_WITHIN, Header, Line, Sheet, captions_of, lines_of, numbers_columns
from payments.statements.statement import DoubtfulStatement, StatementRead

Role = Literal[
    "date", "time", "amount_in", "amount_out", "amount", "marker", "balance", "memo", "reference", "payer_account",
    "payer_name",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
Thousands = Literal["", ".", ",", " "]
DATE_ORDERS: tuple[Order, ...] = get_args(Order)
THOUSANDS: tuple[Thousands, ...] = get_args(Thousands)
SEPARATORS = ("", *csv_text.SEPARATORS)
LONGEST_NAME = 80
_LONGEST_HEAD = 200

_FIELDS: dict[Role, Field] = {
    "date": "day", "time": "time", "amount_in": "credit", "amount_out": "debit", "amount": "amount", "marker": "marker",
    "balance": "balance", "memo": "memo", "reference": "reference", "payer_account": "other_account",
    "payer_name": "other_name",
}  # fmt: skip


class BadMapping(Refused):
    """``field`` is the role or setting that cannot be as it is."""

    code = "STATEMENT_BAD_MAPPING"
    sentence = _("Cách chọn cột chưa dùng được: %(what)s.")


class MappingDiffers(DoubtfulStatement):
    code = "STATEMENT_MAPPING_DIFFERS"
    sentence = _("Dòng %(row)s: tên các cột khác với lúc chọn cột (%(text)s). Hãy chọn lại các cột cho tệp này.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Columns are counted from 0. Money stands in ``amount_in`` and ``amount_out``, or in ``amount``: signed, or beside
    a ``marker`` that says Nợ or Có.

    ``header_row``  the last row of heads as the file numbers it, 0 where there are none
    ``heads``       what stands in that row; a later file is known by the heads of the columns that are used, wherever
                    they stand among its first rows
    ``thousands``   the sign between thousands, "" for none
    ``separator``   between the columns of a text file, "" for workbooks and web pages
    """

    name: str
    header_row: int
    heads: tuple[str, ...]
    date: int
    memo: int
    time: int | None = None
    amount_in: int | None = None
    amount_out: int | None = None
    amount: int | None = None
    marker: int | None = None
    balance: int | None = None
    reference: int | None = None
    payer_account: int | None = None
    payer_name: int | None = None
    date_order: Order = "dmy"
    thousands: Thousands = ""
    separator: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def columns(self) -> dict[Role, int]:
        return {role: at for role in ROLES if (at := getattr(self, role)) is not None}

    def as_json(self) -> dict[str, Any]:
        """A dict for a JSON column; ``from_json`` gives back an equal Mapping."""
        return asdict(self) | {"heads": list(self.heads)}

    @classmethod
    def from_json(cls, told: object) -> "Mapping":
        """Raises BadMapping for anything that ``as_json`` would not have written."""
        names = {each.name for each in fields(cls)}
        if not isinstance(told, dict) or told.keys() != names:
            raise BadMapping(what=_("thiếu hoặc thừa mục"))
        if not isinstance(told["heads"], list | tuple):
            raise BadMapping(field="heads", what=_("tên cột"))
        return cls(**told | {"heads": tuple(told["heads"])})


def _check(mapping: Mapping) -> None:
    for name, right in _WRITTEN.items():
        if not right(getattr(mapping, name)):
            raise BadMapping(field=name, what=name)
    for role in ROLES:
        at = getattr(mapping, role)
        if at is None and role not in ("date", "memo"):
            continue
        if type(at) is not int or not 0 <= at < excel.MAX_COLUMNS:
            raise BadMapping(field=role, what=role)
    sides = (mapping.amount_in is not None, mapping.amount_out is not None)
    if sides not in ((True, True), (False, False)) or any(sides) == (mapping.amount is not None):
        raise BadMapping(field="amount", what=_("cần cột tiền vào và cột tiền ra, hoặc một cột số tiền"))
    if mapping.marker is not None and mapping.amount is None:
        raise BadMapping(field="marker", what=_("dấu Nợ/Có đi cùng một cột số tiền"))
    taken: dict[int, Role] = {}
    for role, at in mapping.columns.items():
        if at in taken and {taken[at], role} != {"date", "reference"}:  # these two may share a cell
            raise BadMapping(field=role, what=_("một cột chọn cho hai việc"))
        taken[at] = role


def _is_text(longest: int) -> Callable[[object], bool]:
    return lambda told: isinstance(told, str) and len(told) <= longest


_WRITTEN: dict[str, Callable[[Any], bool]] = {
    "name": lambda told: _is_text(LONGEST_NAME)(told) and bool(told.strip()),
    "header_row": lambda told: type(told) is int and 0 <= told <= excel.LAST_EXCEL_ROW,
    "heads": lambda told: (
        isinstance(told, tuple) and len(told) <= excel.MAX_COLUMNS and all(map(_is_text(_LONGEST_HEAD), told))
    ),
    "date_order": lambda told: told in DATE_ORDERS,
    "thousands": lambda told: told in THOUSANDS,
    "separator": lambda told: told in SEPARATORS,
}


@rare_collection()
def read_mapped(data: bytes, mapping: Mapping, *, account: str | None = None) -> StatementRead:
    """The statement in ``data`` by ``mapping``; messages (MT940, CAMT.053) need none and are read as they are.

    Raises MappingDiffers where the heads are others, and what the generic reader raises.
    """
    kind = first_bytes.kind_of(data)
    if kind in MESSAGES:
        return chosen(MESSAGES[kind](data), account=account)
    tables = tables_of(data, kind=kind, separator=mapping.separator)
    found = [(table, header) for table in tables if (header := _header(table, mapping))]
    if len(found) != 1:
        raise MappingDiffers(
            row=mapping.header_row or 1, text=", ".join(f"“{head}”" for head in _wanted(mapping).values())
        )
    table, header = found[0]
    grammar = Grammar(styles=styles_with((mapping.thousands,)), order=mapping.date_order)
    reads = [section.read() for section in sections_of(_sheet(table, header), grammar)]
    return chosen(reads, account=account)


def tables_of(data: bytes, *, kind: first_bytes.Kind, separator: str) -> list[Table]:
    """The tables of a file, whatever their heads. Raises what excel.py, html_table.py and csv_text.py raise."""
    if kind == "xlsx":
        return [table for table in excel.tables(data) if table.rows]
    text = csv_text.text_of(data)
    if kind == "web page":
        return [html_table.table(text)]
    return [csv_text.table(text, separator=separator)] if separator else []


def _wanted(mapping: Mapping) -> dict[int, str]:
    """Column → the head over it."""
    heads = dict(enumerate(mapping.heads))
    return {at: heads.get(at, "") for at in mapping.columns.values()}


def _header(table: Table, mapping: Mapping) -> Header | None:
    columns: dict[Field, int] = {_FIELDS[role]: at for role, at in mapping.columns.items()}
    if mapping.header_row == 0:
        widest = max((len(cells) for _row, cells in table.rows), default=0)
        return Header(0, 0, 0, columns, [""] * widest) if widest > max(columns.values()) else None
    wanted = {at: folded(head) for at, head in _wanted(mapping).items()}
    fitting = [at for at in range(min(len(table.rows), HEADER_WITHIN)) if _has_heads(captions_of(table, at), wanted)]
    fitting.sort(key=lambda at: table.rows[at][0] != mapping.header_row)  # its own row first
    if not fitting:
        return None
    at = fitting[0]
    return Header(at, 1, table.rows[at][0], columns, captions_of(table, at))


def _has_heads(captions: list[str], wanted: dict[int, str]) -> bool:
    return any(wanted.values()) and all(
        folded(captions[at] if at < len(captions) else "") == head for at, head in wanted.items()
    )


def _sheet(table: Table, header: Header) -> Sheet:
    heads = tuple(folded(caption) for caption in header.captions)

    def repeats(line: Line) -> bool:
        return bool(any(heads)) and tuple(folded(str(cell or "")) for cell in line.cells) == heads[: len(line.cells)]

    lines = (line for line in lines_of(table, header) if not (numbers_columns(line.cells) or repeats(line)))
    return Sheet(table.rows[: header.at], header.row, header.captions, header.columns, lines, table.merges, table.title)
