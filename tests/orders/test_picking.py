"""Which lot gives what to which order: nothing is picked twice, nothing is left out."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from orders import fulfilling, picking
from orders.models import Allocation, Order
from orders.picking import Need, OnShelf, Pick, picked
from tests.payments.conftest import order_bags
from tests.people import World

needs = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 40)), max_size=8)
shelves = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 50)), max_size=8)


@given(needs, shelves)
@settings(max_examples=60)
def test_every_line_is_filled_and_no_lot_gives_more_than_it_has(
    wanted: list[tuple[int, int]], there: list[tuple[int, int]]
) -> None:
    lines = [Need(pk, variant, quantity) for pk, (variant, quantity) in enumerate(wanted)]
    lots = [OnShelf(pk, variant, left) for pk, (variant, left) in enumerate(there)]
    picks = picked(lines, lots)
    by_line, by_lot = Counter[int](), Counter[int]()
    for pick in picks:
        assert pick.quantity > 0
        by_line[pick.line_id] += pick.quantity
        if pick.lot_id is not None:
            by_lot[pick.lot_id] += pick.quantity
            assert lots[pick.lot_id].variant_id == lines[pick.line_id].variant_id
    assert by_line == Counter({line.line_id: line.quantity for line in lines})
    assert all(dong <= lots[pk].left for pk, dong in by_lot.items())
    for variant in (1, 2, 3):  # a line goes without only when every lot of its goods is empty
        missing = any(pick.lot_id is None and pick.variant_id == variant for pick in picks)
        left = sum(lot.left - by_lot[lot.lot_id] for lot in lots if lot.variant_id == variant)
        assert not (missing and left)


def test_what_is_picked_is_what_handing_over_takes(world: World) -> None:
    """An brought 20 bags, then Hoa 10: 18 for the first order, and the second has both their goods."""
    first, second = order_bags(world, 18, pay_by="CASH"), order_bags(world, 5, pay_by="CASH")
    fulfilling.pack(order_id=first.pk, actor=world.clerk, at=world.now)
    rows = Order.objects.preloaded().in_bulk([first.pk, second.pk])
    picks = picking.picks_of([rows[second.pk]], packed=[rows[first.pk]])
    [an, hoa] = world.variant.lots.order_by("pk")
    [line] = second.lines.all()
    assert picks == [Pick(line.pk, world.variant.pk, an.pk, 2), Pick(line.pk, world.variant.pk, hoa.pk, 3)]
    assert not Allocation.objects.exists()
