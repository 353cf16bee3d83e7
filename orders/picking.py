"""Which lot gives what to which order, before anything is taken: what to bring together, and what goes into each bag.

Pure, but for ``picks_of``. Goods go first in, first out, to orders in the order in which they were placed; those that
are packed already have theirs first. That is how ``catalog.stock.take`` will find it when they are handed over in turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.models import Lot
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Need:
    """One line of one order; ``quantity`` in measures."""

    line_id: int
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class OnShelf:
    """What is left of one lot, in measures."""

    lot_id: int
    variant_id: int
    left: int


@dataclass(frozen=True, slots=True)
class Pick:
    """``quantity`` measures of one lot for one line. ``lot_id`` None: nobody has brought them yet."""

    line_id: int
    variant_id: int
    lot_id: int | None
    quantity: int


def picked(needs: Iterable[Need], shelf: Iterable[OnShelf]) -> list[Pick]:
    """Every need filled from the lots as they come; what the lots do not hold is a pick without a lot.

    The picks of one line add up to its quantity, those of one lot to no more than is left of it.
    """
    lots: dict[int, list[list[int]]] = {}
    for lot in shelf:
        lots.setdefault(lot.variant_id, []).append([lot.lot_id, lot.left])
    picks: list[Pick] = []
    for need in needs:
        missing = need.quantity
        of_variant = lots.get(need.variant_id, [])
        while missing and of_variant:
            first = of_variant[0]
            part = min(first[1], missing)
            if part:
                picks.append(Pick(need.line_id, need.variant_id, first[0], part))
            first[1] -= part
            missing -= part
            if not first[1]:
                of_variant.pop(0)
        if missing:
            picks.append(Pick(need.line_id, need.variant_id, None, missing))
    return picks


def picks_of(orders: Sequence[Order], *, packed: Sequence[Order] = ()) -> list[Pick]:
    """What ``orders`` (with their lines preloaded, in the order they are to be packed) get from which lot.

    ``packed``: those whose goods lie ready already; they have theirs first and are not in the answer. One query.
    """
    needs = [
        Need(line.pk, line.variant_id, line.quantity) for order in (*packed, *orders) for line in order.lines.all()
    ]
    rows = Lot.objects.filter(variant_id__in={need.variant_id for need in needs}).here()
    shelf = [OnShelf(lot.pk, lot.variant_id, lot.left - lot.missing) for lot in rows.order_by("received_at", "pk")]
    done = {line.pk for order in packed for line in order.lines.all()}
    return [pick for pick in picked(needs, shelf) if pick.line_id not in done]
