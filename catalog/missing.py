"""Goods that were promised to orders and are not there: noted on their lots, and let go of as soon as nobody has them.

``on_hand`` may not fall below what is promised, so a bag that did not come stays in its lot as ``missing`` while an
order waits for it. No order is touched: somebody sees the list (orders/shortages.py), brings more, or cancels. Whatever
frees goods of the variant (an order that ends, a lot that is brought) settles what is missing first, so that nobody is
promised a bag that is not there.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from catalog.models import Lot, Variant


def settle(variant_ids: Iterable[int]) -> dict[int, int]:
    """Take what is missing out of the lots as far as nobody was promised it; measures by variant id.

    Needs an open transaction (asserted) that holds the variants; locks lots. One query where nothing is missing.
    """
    assert connection.in_atomic_block, "stock moves inside its caller's transaction"
    lots = list(Lot.objects.select_for_update().filter(variant_id__in=set(variant_ids), missing__gt=0).order_by("pk"))
    settled: dict[int, int] = {}
    for variant in Variant.objects.filter(pk__in={lot.variant_id for lot in lots}):
        free = variant.available
        for lot in lots:
            part = min(lot.missing, free) if lot.variant_id == variant.pk else 0
            if part:
                _shrink(lot, part, missing=part)
                free -= part
                settled[variant.pk] = settled.get(variant.pk, 0) + part
        if settled.get(variant.pk):
            Variant.objects.filter(pk=variant.pk).update(on_hand=F("on_hand") - settled[variant.pk])
    return settled


def shrink(lots: Iterable[Lot], *, variant: Variant, gone: int) -> int:
    """``gone`` measures of ``lots`` are not there: what nobody was promised leaves the shelf, the rest is noted as
    missing. Returns that rest.

    Needs an open transaction with variant and lots locked; ``lots`` in the order in which they lose.
    """
    free = min(max(variant.available, 0), gone)
    off_the_shelf, rest = free, gone - free
    for lot in lots:
        there = lot.left - lot.missing
        part = min(there, free)
        noted = min(there - part, rest)
        if part or noted:
            _shrink(lot, part, missing=-noted)
            free, rest = free - part, rest - noted
    assert not free
    assert not rest, "more is gone than was there"
    if off_the_shelf:
        Variant.objects.filter(pk=variant.pk).update(on_hand=F("on_hand") - off_the_shelf)
        variant.on_hand -= off_the_shelf
    return gone - off_the_shelf


def _shrink(lot: Lot, part: int, *, missing: int) -> None:
    """``part`` leaves the lot, and ``missing`` is no longer missing of it (less than 0: more is)."""
    lot.left -= part
    lot.missing -= missing
    if lot.quantity > part:  # of a lot that never came, what was promised stays written
        lot.quantity -= part
    lot.save(update_fields=["left", "missing", "quantity"])
