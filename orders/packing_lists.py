"""What is to be packed now, read twice: by whose goods they are, to fetch them, and by who gets them, to pack them."""

from collections.abc import Sequence
from dataclasses import dataclass

from base.text import given_name_key
from catalog.measures import shown_quantity
from catalog.models import Lot, Variant
from cooperatives.models import Member, Organization
from orders import picking
from orders.models import Order, OrderLine, OrderQuerySet
from orders.picking import Pick

MOST_ORDERS = 200
"""On one list: more than a morning's work."""


@dataclass(frozen=True, slots=True)
class FromLot:
    """``lot`` None: nobody has brought so much yet. ``quantity`` in measures of ``variant``."""

    variant: Variant
    lot: Lot | None
    quantity: int

    @property
    def shown(self) -> str:
        return shown_quantity(self.variant, self.quantity)


@dataclass(frozen=True, slots=True)
class OfMember:
    """What to fetch from one owner. ``member`` None with ``is_missing``: nobody's yet; else the cooperative's own."""

    member: Member | None
    is_missing: bool
    rows: tuple[FromLot, ...]


@dataclass(frozen=True, slots=True)
class ToPack:
    """One line of one order and the lots for it."""

    line: OrderLine
    parts: tuple[FromLot, ...]

    @property
    def is_weighed(self) -> bool:
        """Whether it has to go onto the scales."""
        return self.line.variant.sold_by == Variant.SoldBy.WEIGHT

    @property
    def is_missing(self) -> bool:
        return any(part.lot is None for part in self.parts)


@dataclass(frozen=True, slots=True)
class OfOrder:
    order: Order
    lines: tuple[ToPack, ...]

    @property
    def is_weighed(self) -> bool:
        return any(line.is_weighed for line in self.lines)


@dataclass(frozen=True, slots=True)
class Lists:
    """``more``: how many orders wait beyond those listed."""

    by_member: tuple[OfMember, ...]
    by_order: tuple[OfOrder, ...]
    more: int


def lists_of(
    organization: Organization, *, cycle_id: int | None = None, point_id: int | None = None, way: str = ""
) -> Lists:
    """Both lists of what can be packed now: all of it, or of one market day, one pick-up point, one way of delivery.

    Eight queries for any number of orders. Goods of orders that lie packed already are nobody else's.
    """
    here = Order.objects.filter(organization=organization)
    wanted = here.to_pack()
    if cycle_id is not None:
        wanted = wanted.filter(cycle_id=cycle_id)
    if point_id is not None:
        wanted = wanted.filter(pickup_point_id=point_id)
    if way:
        wanted = wanted.filter(delivery=way)
    waiting = wanted.count()
    orders = list(_with_lines(wanted.order_by("placed_at", "pk"))[:MOST_ORDERS])
    packed = list(_with_lines(here.filter(state=Order.State.PACKED).order_by("packed_at", "pk")))
    picks = picking.picks_of(orders, packed=packed)
    lots = Lot.objects.select_related("member__user").in_bulk({pick.lot_id for pick in picks if pick.lot_id})
    lines = {line.pk: line for order in orders for line in order.lines.all()}
    return Lists(_by_member(picks, lots, lines), _by_order(orders, picks, lots), max(waiting - len(orders), 0))


def _with_lines(orders: OrderQuerySet) -> OrderQuerySet:
    return orders.select_related("pickup_point").prefetch_related("lines__variant__product")


def _by_member(picks: Sequence[Pick], lots: dict[int, Lot], lines: dict[int, OrderLine]) -> tuple[OfMember, ...]:
    """Owners by given name, the cooperative's own goods after them, what nobody has brought at the end."""
    sums: dict[tuple[int | None, int], int] = {}
    for pick in picks:
        sums[pick.lot_id, pick.variant_id] = sums.get((pick.lot_id, pick.variant_id), 0) + pick.quantity
    variants = {line.variant_id: line.variant for line in lines.values()}
    rows: dict[tuple[bool, Member | None], list[FromLot]] = {}
    for (lot_id, variant_id), quantity in sums.items():
        lot = lots[lot_id] if lot_id is not None else None
        owner = (lot is None, lot.member if lot is not None else None)
        rows.setdefault(owner, []).append(FromLot(variants[variant_id], lot, quantity))

    def place(owner: tuple[bool, Member | None]) -> tuple[bool, bool, tuple[str, ...]]:
        is_missing, member = owner
        return is_missing, member is None, tuple(given_name_key(member.user.name)) if member else ()

    return tuple(
        OfMember(member, is_missing, tuple(sorted(rows[is_missing, member], key=_name)))
        for is_missing, member in sorted(rows, key=place)
    )


def _by_order(orders: Sequence[Order], picks: Sequence[Pick], lots: dict[int, Lot]) -> tuple[OfOrder, ...]:
    of_line: dict[int, list[Pick]] = {}
    for pick in picks:
        of_line.setdefault(pick.line_id, []).append(pick)
    return tuple(
        OfOrder(
            order,
            tuple(
                ToPack(
                    line,
                    tuple(
                        FromLot(line.variant, lots[pick.lot_id] if pick.lot_id is not None else None, pick.quantity)
                        for pick in of_line.get(line.pk, ())
                    ),
                )
                for line in order.lines.all()
            ),
        )
        for order in orders
    )


def _name(row: FromLot) -> tuple[str, int, int]:
    return row.variant.product.name, row.variant.position, row.lot.pk if row.lot else 0
