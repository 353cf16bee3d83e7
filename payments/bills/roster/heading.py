"""The row of heads of a table, found by what it says, and which column each role takes."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.text import composed, folded
from payments.bills.roster.words import CLASS_NAME, OF_KIND, Role, meanings
from payments.statements.excel import MAX_COLUMNS, Table
from payments.statements.sheet import as_text

HEADER_WITHIN = 40
_LONGEST_CAPTION = 80
_SURE_ROLES = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """``at`` is the position of its last row among the table's rows, ``row`` that row as the file numbers it.

    ``doubled``: roles that two columns claim with the same word; the first of them was taken.
    """

    at: int
    row: int
    captions: tuple[str, ...]
    roles: Mapping[Role, int]
    doubled: frozenset[Role]


def heading_of(table: Table, *, kind: str) -> Heading | None:
    """The row, or pair of rows, that says most among the first ones; None where none names two columns."""
    best: Heading | None = None
    above: list[str] = []
    across = _merged_across(table)
    for at in range(min(len(table.rows), HEADER_WITHIN)):
        row, cells = table.rows[at]
        captions = _captions(cells, across.get(row, ()))
        candidates = [_heading(at, row, captions, kind)]
        if above and _may_be_heads(cells):
            pairs = itertools.zip_longest(above, captions, fillvalue="")
            candidates.append(_heading(at, row, [_joined(*pair) for pair in pairs], kind, paired=True))
        for found in candidates:
            if len(found.roles) >= _SURE_ROLES and (best is None or len(found.roles) > len(best.roles)):
                best = found
        above = captions
    return best


def roles_by_captions(captions: Sequence[str], *, kind: str) -> tuple[dict[Role, int], frozenset[Role]]:
    """Each role's column, the best word first; and the roles that two columns claim alike."""
    meant = [meanings(caption, kind) if caption else {} for caption in captions]
    roles: dict[Role, int] = {}
    doubled: set[Role] = set()
    for role in OF_KIND[kind]:
        ranked = sorted((said[role], at) for at, said in enumerate(meant) if role in said and at not in roles.values())
        if not ranked:
            continue
        best = [at for rank, at in ranked if rank == ranked[0][0]]
        if role == "name" and len(best) == 2 and best[1] == best[0] + 1 and captions[best[0]] == captions[best[1]]:
            roles["family"], roles["given"] = best  # one head over two columns: family name, given name
            continue
        if role in {"family", "given"} and ("name" in roles or role in roles):
            continue
        roles[role] = best[0]
        if len(best) > 1:
            doubled.add(role)
    if "given" in roles and "family" not in roles and "name" not in roles:
        roles["name"] = roles.pop("given")
    if "family" in roles and "given" not in roles:
        del roles["family"]
    return roles, frozenset(doubled)


def same_head(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def _heading(at: int, row: int, captions: Sequence[str], kind: str, *, paired: bool = False) -> Heading:
    said = [caption.split("\n") for caption in captions]
    if paired:  # the narrower, lower one says more; both together most of all
        captions = [_saying_most(pieces, kind) for pieces in said]
    roles, doubled = roles_by_captions(captions, kind=kind)
    return Heading(at, row, tuple(captions), roles, doubled)


def _saying_most(pieces: list[str], kind: str) -> str:
    together = " ".join(pieces)
    return next((said for said in (together, *reversed(pieces)) if said and meanings(said, kind)), together)


def _joined(above: str, below: str) -> str:
    return f"{above}\n{below}" if above and below and above != below else above or below


def _captions(cells: tuple[Any, ...], across: Sequence[tuple[int, int, str]]) -> list[str]:
    """The texts of a row, with what is merged over it written into every cell that it covers."""
    texts = [" ".join(composed(as_text(cell)).split())[:_LONGEST_CAPTION] for cell in cells]
    for first, last, caption in across:
        texts += [""] * (last + 1 - len(texts))
        texts[first : last + 1] = [caption] * (last + 1 - first)
    return texts


def _merged_across(table: Table) -> dict[int, list[tuple[int, int, str]]]:
    """Row → (first column, last column, text) of each merge over the first rows."""
    first = dict(table.rows[:HEADER_WITHIN])
    found: dict[int, list[tuple[int, int, str]]] = {}
    for merge in table.merges:
        cells = first.get(merge.first_row)
        if cells is None or merge.first_column >= len(cells) or merge.last_column >= MAX_COLUMNS:
            continue
        caption = " ".join(composed(as_text(cells[merge.first_column])).split())[:_LONGEST_CAPTION]
        for row in range(merge.first_row, min(merge.last_row, merge.first_row + HEADER_WITHIN) + 1):
            if row in first:
                found.setdefault(row, []).append((merge.first_column, merge.last_column, caption))
    return found


def _may_be_heads(cells: tuple[Any, ...]) -> bool:
    """Whether it may be the lower one of two rows of heads. A row of data has figures, a class row the class."""
    texts = [as_text(cell) for cell in cells]
    return any(texts) and not any(
        isinstance(cell, int | float) or CLASS_NAME.fullmatch(text) or text.replace(".", "").replace(" ", "").isdigit()
        for cell, text in zip(cells, texts, strict=True)
    )
