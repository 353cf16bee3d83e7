"""Which lots' goods come back, and what that takes from each: exact to the đồng through any mix of returns. Pure."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Lot, Variant
from orders.models import Allocation, OrderLine, ReturnLine
from orders.pricing import shares
from orders.returning import Back, kept, parts_of

TO_LOT = ReturnLine.Fate.TO_LOT
TODAY = date(2026, 3, 15)


def allocated(total_dong: int, fee_bp: int, parts: list[int]) -> list[Allocation]:
    """The lots of one line, 1, 2 …, as a hand-over freezes them."""
    quantity = sum(parts)
    line = OrderLine(pk=1, variant=Variant(sold_by="piece", unit_name="gói"), product_name="Cá", variant_name="gói",
                     quantity=quantity, total_dong=total_dong, fee_bp=fee_bp)  # fmt: skip
    split = shares(total_dong=total_dong, quantity=quantity, fee_bp=fee_bp, parts=parts)
    return [
        Allocation(
            pk=number, line=line, lot=Lot(pk=number, code=f"L{number}"), position=number, quantity=share.quantity,
            gross_dong=share.gross_dong, fee_dong=share.fee_dong,
        )
        for number, share in enumerate(split, start=1)
    ]  # fmt: skip


def note(allocations: list[Allocation], back: Back) -> int:
    """Carry one return out on the rows; the gross that it took."""
    taken = 0
    for part in parts_of(allocations, [back], on=TODAY):
        before = kept(part.allocation)
        assert 0 <= part.taken.fee_dong <= part.taken.gross_dong <= before.gross_dong
        assert part.taken.fee_dong <= before.fee_dong
        part.allocation.back_quantity += part.taken.quantity
        part.allocation.back_gross_dong += part.taken.gross_dong
        part.allocation.back_fee_dong += part.taken.fee_dong
        taken += part.taken.gross_dong
    return taken


@settings(max_examples=50)
@given(
    total_dong=st.integers(1, 5_000_000),
    fee_bp=st.integers(0, 10_000),
    parts=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    data=st.data(),
)
def test_any_mix_of_part_returns_ends_exactly_at_nothing(
    total_dong: int, fee_bp: int, parts: list[int], data: st.DataObject
) -> None:
    allocations = allocated(total_dong, fee_bp, parts)
    paid_fee = sum(allocation.fee_dong for allocation in allocations)
    taken = 0
    while left := [allocation for allocation in allocations if allocation.kept_quantity]:
        lot_id = data.draw(st.sampled_from([None, *(allocation.lot_id for allocation in left)]))
        there = sum(one.kept_quantity for one in left if lot_id in (None, one.lot_id))
        taken += note(allocations, Back(1, data.draw(st.integers(1, there)), TO_LOT, lot_id))
    assert taken == total_dong
    assert sum(allocation.back_fee_dong for allocation in allocations) == paid_fee
    assert all(kept(allocation).gross_dong == kept(allocation).fee_dong == 0 for allocation in allocations)


def test_the_lot_on_the_label_gives_and_without_it_the_last_one_first() -> None:
    allocations = allocated(311_665, 720, [2, 2, 1])
    assert [kept(one).gross_dong for one in allocations] == [124_666, 124_666, 62_333]
    note(allocations, Back(1, 2, TO_LOT))
    assert [one.back_quantity for one in allocations] == [0, 1, 1]
    note(allocations, Back(1, 1, TO_LOT, lot_id=1))
    assert [one.back_quantity for one in allocations] == [1, 1, 1]
