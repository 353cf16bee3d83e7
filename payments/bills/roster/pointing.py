"""Which column is what: guessed from the heads and from the last list, then as a person said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.bills.roster.heading import Heading, heading_of, same_head
from payments.bills.roster.opening import Book
from payments.bills.roster.words import OF_KIND, Kind, Role, is_known_but_unused
from payments.statements.excel import MAX_COLUMNS, Table
from payments.statements.sheet import as_text

SHOWN_ROWS = 12
_FIRST_ROWS = 40


class ColumnMissing(Refused):
    code = "COLUMN_MISSING"
    sentence = _("Hãy chỉ ra cột này.")


class ColumnTwice(Refused):
    code = "COLUMN_TWICE"
    sentence = _("Cột này đã chọn cho một việc khác.")


@dataclass(frozen=True, slots=True)
class Pointing:
    """``roles``: columns counted from 0. ``heads``: what stands over the columns; empty where the file has no heads.
    ``header_row``: the last row of heads as the file numbers it, 0 for none. For the first of the file's tables that
    has them; in the others a column is known by its head."""

    kind: str
    roles: Mapping[Role, int]
    heads: tuple[str, ...]
    header_row: int

    def as_json(self) -> dict[str, Any]:
        return {"roles": dict(self.roles), "heads": list(self.heads), "header_row": self.header_row}


@dataclass(frozen=True, slots=True)
class Proposal:
    """``pointing`` as far as the file gave it away, ``unclear`` the roles that a person must look at, ``unused`` the
    heads of columns that are not taken in, ``sample`` the first rows with their numbers."""

    pointing: Pointing
    unclear: tuple[Role, ...]
    unused: tuple[str, ...]
    sample: tuple[tuple[int, tuple[str, ...]], ...]
    columns: int
    lead: int  # which of the book's tables


def propose(book: Book, *, kind: str, remembered: Mapping[str, Any] | None = None) -> Proposal:
    """``remembered``: what the last such list was (``Pointing.as_json``); its heads count for more than any word."""
    found = [(heading_of(table, kind=kind), at) for at, table in enumerate(book.tables)]
    headed = [(heading, at) for heading, at in found if heading is not None]
    if not headed and remembered and (known := _by_remembered(book, remembered, kind)):
        headed = [known]
    if headed:
        heading, lead = max(headed, key=lambda one: (len(one[0].roles), -one[1]))
        roles, doubled = _remembered_roles(heading, remembered, kind), heading.doubled
        pointing = Pointing(kind, roles, heading.captions, heading.row)
    else:
        lead = max(range(len(book.tables)), key=lambda at: _columns(book.tables[at]))
        roles, doubled = _by_content(book.tables[lead], kind), frozenset()
        pointing = Pointing(kind, roles, (), 0)
    table = book.tables[lead]
    unused = [
        head for at, head in enumerate(pointing.heads)
        if head and at not in roles.values() and not is_known_but_unused(head)
    ]  # fmt: skip
    start = next((at for at, (row, _cells) in enumerate(table.rows) if row == pointing.header_row), 0)
    shown = table.rows[max(0, start - 1) : start + SHOWN_ROWS]
    return Proposal(
        pointing=pointing,
        unclear=tuple(dict.fromkeys([*_missing(roles, kind), *doubled])),
        unused=tuple(dict.fromkeys(unused)),
        sample=tuple((row, tuple(" ".join(as_text(cell).split()) for cell in cells)) for row, cells in shown),
        columns=_columns(table),
        lead=lead,
    )


def pointed(proposal: Proposal, roles: Mapping[Role, int | None]) -> Pointing:
    """What a person made of a proposal. Raises ColumnMissing, ColumnTwice; ``field`` is the role."""
    kind = proposal.pointing.kind
    chosen = {role: at for role in OF_KIND[kind] if (at := roles.get(role)) is not None}
    for role, at in chosen.items():
        if not 0 <= at < proposal.columns:
            raise ColumnMissing(field=role)
    seen: set[int] = set()
    for role, at in chosen.items():
        if at in seen:
            raise ColumnTwice(field=role)
        seen.add(at)
    for role in _missing(chosen, kind):
        raise ColumnMissing(field=role)
    return Pointing(kind, chosen, proposal.pointing.heads, proposal.pointing.header_row)


def of_table(table: Table, pointing: Pointing) -> tuple[dict[Role, int], Heading] | None:
    """The columns of another table of the same file, by the same heads; None where it is another kind of table."""
    heading = heading_of(table, kind=pointing.kind)
    if heading is None:
        return None
    roles: dict[Role, int] = {}
    for role, at in pointing.roles.items():
        head = pointing.heads[at] if at < len(pointing.heads) else ""
        same = [place for place, caption in enumerate(heading.captions) if head and same_head(caption, head)]
        place = same[0] if len(same) == 1 or (same and at not in same) else at if at in same else None
        if place is None:
            place = heading.roles.get(role)
        if place is not None and place not in roles.values():
            roles[role] = place
    return None if _missing(roles, pointing.kind) else (roles, heading)


def _missing(roles: Mapping[Role, int], kind: str) -> list[Role]:
    """The roles without which no row can be understood."""
    missing: list[Role] = []
    if kind == Kind.ACCOUNTS and "name" not in roles and not {"family", "given"} <= roles.keys():
        missing.append("name" if "family" not in roles and "given" not in roles else
                       "given" if "family" in roles else "family")  # fmt: skip
    if kind != Kind.ACCOUNTS and "number" not in roles and "name" not in roles and "given" not in roles:
        missing.append("number")
    if kind == Kind.READINGS and "new" not in roles:
        missing.append("new")
    if kind == Kind.COUNTS and "count" not in roles:
        missing.append("count")
    return missing


def _remembered_roles(heading: Heading, remembered: Mapping[str, Any] | None, kind: str) -> dict[Role, int]:
    """The heading's own, unless the last list had these heads and a person said otherwise."""
    roles = dict(heading.roles)
    if not remembered:
        return roles
    heads, known = _heads_of(remembered), _roles_of(remembered, kind)
    if [head.lower() for head in heads] == [caption.lower() for caption in heading.captions]:
        return known
    return roles


def _by_remembered(book: Book, remembered: Mapping[str, Any], kind: str) -> tuple[Heading, int] | None:
    """A row that stands in the file as it stood over the last list, although no word of it is known."""
    heads = _heads_of(remembered)
    if not any(heads):
        return None
    for at, table in enumerate(book.tables):
        for place, (row, cells) in enumerate(table.rows[:_FIRST_ROWS]):
            shown = [" ".join(as_text(cell).split()) for cell in cells]
            if len(shown) == len(heads) and all(same_head(one, other) for one, other in zip(shown, heads, strict=True)):
                return Heading(place, row, tuple(shown), _roles_of(remembered, kind), frozenset()), at
    return None


def _heads_of(remembered: Mapping[str, Any]) -> list[str]:
    heads = remembered.get("heads")
    return [str(head) for head in heads] if isinstance(heads, Sequence) and not isinstance(heads, str) else []


def _roles_of(remembered: Mapping[str, Any], kind: str) -> dict[Role, int]:
    told = remembered.get("roles")
    if not isinstance(told, Mapping):
        return {}
    return {
        role: at for role in OF_KIND[kind]
        if isinstance(at := told.get(role), int) and not isinstance(at, bool) and 0 <= at < MAX_COLUMNS
    }  # fmt: skip


def _by_content(table: Table, kind: str) -> dict[Role, int]:
    """Without heads: the column whose cells are names of several words."""
    counts: dict[int, int] = {}
    for _row, cells in table.rows[:_FIRST_ROWS]:
        for at, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell.split()) >= 2 and not any(sign.isdigit() for sign in cell):
                counts[at] = counts.get(at, 0) + 1
    best = max(counts, key=lambda at: counts[at], default=None)
    return {} if best is None or "name" not in OF_KIND[kind] else {"name": best}


def _columns(table: Table) -> int:
    return max((len(cells) for _row, cells in table.rows), default=0)
