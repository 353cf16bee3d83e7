"""Pages of rows: relay connections over a scoped, preloaded queryset or a ranked list.

A queryset is paged by key, not by offset: the cursor carries the ordering values of its row, so rows
that arrive meanwhile neither repeat nor vanish. One query a page; a second one only when
``totalCount`` is asked for. A list (already ranked by a search) is paged by position.
"""

import base64
import binascii
import json
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import graphene
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

PAGE = 20
LARGEST_PAGE = 100
_BY_POSITION = ("#",)


class BadCursor(Refused):
    """``after`` is not a cursor of this list in this order."""

    code = "BAD_CURSOR"
    sentence = _("Không đọc được vị trí trang. Hãy xem lại từ trang đầu.")


class BadPage(Refused):
    """``first`` is outside 0 to 100."""

    code = "BAD_PAGE"
    sentence = _("Mỗi trang có từ 0 đến 100 dòng.")


class Connection(graphene.relay.Connection):
    """Relay's connection with ``totalCount``, counted only when it is asked for."""

    class Meta:
        abstract = True

    total_count = graphene.Int(required=True, description="How many there are on all pages. Costs a query.")

    @staticmethod
    def resolve_total_count(page: "Page", _info: graphene.ResolveInfo) -> int:
        return page.rows.count() if isinstance(page.rows, QuerySet) else len(page.rows)


@cache
def connection_of(node_type: Any) -> type[Connection]:
    """The one connection type of ``node_type``: ``Product`` → ``ProductConnection``."""
    name = f"{node_type._meta.name}Connection"
    meta = type("Meta", (), {"node": node_type, "name": name, "strict_types": True})
    return type(name, (Connection,), {"Meta": meta, "__doc__": f"A page of {node_type._meta.name}."})


class ConnectionField(graphene.Field):
    """A page at the root. Its resolver gets the other arguments and returns rows that are already
    scoped (``visible_to``) and preloaded: a QuerySet in a plain, non-null order, or a ranked list.

    ``first`` (default 20, at most 100) and ``after`` are added to the field's own arguments.
    """

    def __init__(self, node_type: type[graphene.ObjectType], **options: Any) -> None:
        options.setdefault("required", True)
        super().__init__(
            lambda: connection_of(node_type),  # type: ignore[arg-type]
            first=graphene.Int(default_value=PAGE, description="At most 100."),
            after=graphene.String(description="The endCursor of the page before."),
            **options,
        )

    def wrap_resolve(self, parent_resolver: Callable[..., Any]) -> Callable[..., Any]:
        resolver = super().wrap_resolve(parent_resolver)

        def resolve(
            root: Any, info: graphene.ResolveInfo, first: int | None = PAGE, after: str | None = None, **arguments: Any
        ) -> Page | None:
            rows = resolver(root, info, **arguments)
            return None if rows is None else page_of(rows, first=PAGE if first is None else first, after=after)

        return resolve


@dataclass(frozen=True, slots=True)
class Edge:
    """A row and where it stands."""

    node: Any
    order: tuple[str, ...]
    position: int

    @property
    def cursor(self) -> str:
        return _write(self.order, [self.position] if self.order == _BY_POSITION else _values(self.node, self.order))


@dataclass(frozen=True, slots=True)
class Page:
    """What the connection type reads: ``edges``, ``page_info``, and the rows to count."""

    rows: QuerySet[Any] | Sequence[Any]
    edges: list[Edge]
    page_info: graphene.relay.PageInfo


def page_of(rows: QuerySet[Any] | Sequence[Any], *, first: int, after: str | None) -> Page:
    """The page of ``first`` rows after the cursor, in one query. Raises BadPage, BadCursor; TypeError for
    an order that cannot be paged by key (an expression, or a column that may be null)."""
    if not 0 <= first <= LARGEST_PAGE:
        raise BadPage(field="first")
    if isinstance(rows, QuerySet):
        order, start = _order(rows), 0
        ordered = rows.order_by(*order)
        window = list((ordered.filter(_beyond(rows, order, _read(order, after))) if after else ordered)[: first + 1])
    else:
        order = _BY_POSITION
        start = _position(after) + 1 if after else 0
        window = list(rows[start : start + first + 1])
    edges = [Edge(row, order, start + index) for index, row in enumerate(window[:first])]
    info = graphene.relay.PageInfo(
        has_next_page=len(window) > first,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Page(rows, edges, info)


def _order(rows: QuerySet[Any]) -> tuple[str, ...]:
    """The queryset's order as names ("-placed_at", "pk"), made total by the primary key."""
    names: list[str] = []
    for item in rows.query.order_by:
        if isinstance(item, OrderBy) and isinstance(item.expression, F) and not (item.nulls_first or item.nulls_last):
            item = f"{'-' if item.descending else ''}{item.expression.name}"  # type: ignore[attr-defined]
        if not isinstance(item, str) or item == "?":
            raise TypeError(f"{rows.model.__name__}: cannot page by {item!r}; annotate it and order by its name")
        names.append(item.removeprefix("+"))
    key = {"pk", rows.model._meta.pk.name}
    if not key & {name.removeprefix("-") for name in names}:
        names.append("-pk" if names and names[-1].startswith("-") else "pk")
    for name in names:
        _column(rows, name.removeprefix("-"))
    return tuple(names)


def _column(rows: QuerySet[Any], name: str) -> Any:
    """The field behind an ordering name. Raises TypeError when it may be null: a page would lose those rows."""
    if name in rows.query.annotations:
        return rows.query.annotations[name].output_field
    model: type[Model] = rows.model
    for part in name.split("__"):
        field: Any = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if field.null:
            raise TypeError(f"{rows.model.__name__}: cannot page by {name}, it may be null")
        model = field.related_model or model
    return field


def _values(row: Any, order: tuple[str, ...]) -> list[Any]:
    values = []
    for name in order:
        value = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        values.append(value)
    return values


def _beyond(rows: QuerySet[Any], order: tuple[str, ...], raw: list[Any]) -> Q:
    """Rows that come after ``raw``: (a > x) or (a = x and b > y) or …, behind one plain bound for the index."""
    names = [name.removeprefix("-") for name in order]
    try:
        values = [_column(rows, name).to_python(value) for name, value in zip(names, raw, strict=True)]
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise BadCursor(field="after") from None
    beyond, equal = Q(), Q()
    for name, signed, value in zip(names, order, values, strict=True):
        beyond |= equal & Q(**{f"{name}__{'lt' if signed.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{names[0]}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]}) & beyond


def _position(after: str) -> int:
    raw = _read(_BY_POSITION, after)
    if type(raw[0]) is not int or not 0 <= raw[0] < 2**31:
        raise BadCursor(field="after")
    return raw[0]


def _write(order: tuple[str, ...], values: list[Any]) -> str:
    text = json.dumps([_mark(order), *values], default=_plain, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(order: tuple[str, ...], cursor: str) -> list[Any]:
    """The values in a cursor; strangers write these too. Raises BadCursor."""
    try:
        content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise BadCursor(field="after") from None
    if not isinstance(content, list) or len(content) != len(order) + 1 or content[0] != _mark(order):
        raise BadCursor(field="after")
    values = content[1:]
    if not all(type(value) in (str, int, float) for value in values):
        raise BadCursor(field="after")
    if any("\0" in value if isinstance(value, str) else not math.isfinite(value) for value in values):
        raise BadCursor(field="after")
    return values


def _mark(order: tuple[str, ...]) -> int:
    """Ties a cursor to its order, so that one from another sorting is refused instead of misread."""
    return zlib.crc32(",".join(order).encode())


def _plain(value: Any) -> str:
    if isinstance(value, date):  # datetimes too, to the microsecond
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot page by a {type(value).__name__}")
