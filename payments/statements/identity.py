"""Rows as Arrivals, each with an id made from what the row itself says."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any

from base.periods import VIETNAM_OFFSET
from base.text import composed
from payments.providers.arrival import Arrival
from payments.statements.movement import Movement
from payments.statements.sheet import as_text
from payments.statements.statement import StatementRow


def arrivals_of(movements: Sequence[Movement], *, account: str) -> tuple[StatementRow, ...]:
    """One StatementRow each, in the order given; equal rows are numbered 1, 2 … so that twins stay two."""
    seen: Counter[str] = Counter()
    rows = []
    for entry in movements:
        own = _identity(entry)
        seen[own] += 1
        arrival = Arrival(
            source_id=f"{own}-{seen[own]}",
            account=account,
            dong=abs(entry.dong),
            direction=entry.direction,
            memo=entry.memo,
            happened_at=entry.at,
            reference=entry.reference,
            payer_account=entry.payer_account,
            payer_name=entry.payer_name,
            balance_dong=entry.balance_dong,
            raw=_as_json(entry.cells),
        )
        rows.append(StatementRow(row=entry.row, arrival=arrival))
    return tuple(rows)


def _as_json(cells: Sequence[Any]) -> str:
    """A JSON list of texts; written by hand, because ``json.dumps`` builds an encoder for each row."""
    texts = [cell.strip() if cell.__class__ is str else as_text(cell) for cell in cells]
    return "[" + ", ".join([encode_basestring(text) for text in texts]) + "]"


def _identity(entry: Movement) -> str:
    """Day, signed amount, memo, balance, reference: overlapping files agree on it, whatever their format."""
    balance = "" if entry.balance_dong is None else str(entry.balance_dong)
    assert entry.at.tzinfo is VIETNAM_OFFSET
    own = (entry.at.date().isoformat(), str(entry.dong), composed(entry.memo), balance, entry.reference)
    return hashlib.sha256("\x1f".join(own).encode()).hexdigest()[:32]
