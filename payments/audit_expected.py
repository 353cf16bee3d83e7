"""What the documents say should be booked, one entry at a time: the shape of an expectation and of what stands."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from base.periods import vietnam_day
from cooperatives.chart import Event
from cooperatives.ledger import Move
from orders.models import DeliveryBorne
from payments.models.booking import Undoable

CHUNK = 2000


@dataclass(frozen=True)
class Expected:
    """What one document books. ``booked_on`` None: the document does not say when. ``names``: the entry that the
    document itself names, where it names one."""

    key: str
    event: Event
    booked_on: date | None
    moves: list[Move]
    names: tuple[int | None] | None = None


@dataclass
class Booked:
    """One entry as it stands."""

    pk: int
    event: str
    booked_on: date
    moves: Counter[Move]

    @property
    def dong(self) -> int:
        return sum(move.amount_dong * times for move, times in self.moves.items())


def undoable(name: str, event: Event, document: Undoable | DeliveryBorne, moves: list[Move]) -> Iterator[Expected]:
    entry_id: int | None = document.entry_id  # type: ignore[union-attr]  # each names its own relation
    yield Expected(f"{name}:{document.pk}", event, vietnam_day(document.at), moves, (entry_id,))
    if document.undone_at is not None:
        day = vietnam_day(document.undone_at)
        yield Expected(f"reversed:{entry_id}", Event.REVERSED, day, mirror(moves))


def mirror(moves: list[Move]) -> list[Move]:
    return [Move(debit=move.credit, credit=move.debit, amount_dong=move.amount_dong) for move in moves]
