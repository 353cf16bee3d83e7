"""Stock: promised to an order, let go again, and taken from lots when goods are handed over.

``reserved`` counts what placed orders were promised, ``on_hand`` what lies in lots; ``on_hand`` equals the sum of
``left`` over a variant's lots at every moment. Each function needs an open transaction and locks variants, then
lots, in the order of their ids (docs/locking.md). The constraint ``variant_never_oversold`` has the last word.
Where the shelf comes into another band (bands.py), or another lot to the front, the shop's version moves (versions.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from base.refusals import NotFound, Refused
from catalog import missing, versions
from catalog.bands import band_of
from catalog.measures import BadQuantity, BadStep, checked_measures, shown_quantity
from catalog.models import Lot, Variant


@dataclass(frozen=True, slots=True)
class Shortage:
    """One variant of which less is left than was wanted. ``available`` and ``wanted`` in measures."""

    variant_id: int
    name: str
    wanted: int
    available: int
    shown: str


class SoldOut(Refused):
    """Less is left than was wanted; the sentence says how much of what."""

    code = "SOLD_OUT"

    def __init__(self, shortages: Sequence[Shortage], *, field: str | None = None) -> None:
        first = shortages[0]
        super().__init__(field=field, name=first.name, available=first.available)
        self.shortages = tuple(shortages)

    @property
    def message(self) -> str:
        """A sentence for each variant, so that the buyer can mend the whole basket at once."""
        return " ".join(self._said(shortage) for shortage in self.shortages)

    @staticmethod
    def _said(shortage: Shortage) -> str:
        if shortage.available <= 0:
            return _("“%(name)s” vừa bán hết.") % {"name": shortage.name}
        return _("Chỉ còn %(left)s “%(name)s”.") % {"left": shortage.shown, "name": shortage.name}


class NotBroughtYet(Refused):
    """Promised to the order, and not here: its lot is expected on a later day, or less came than was promised."""

    code = "NOT_BROUGHT_YET"
    sentence = _lazy("“%(name)s” mới có %(there)s ở đây, đơn cần %(wanted)s. Hãy chờ bà con mang đến.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one lot gave. ``quantity`` in measures."""

    lot: Lot
    quantity: int


def merged(wanted: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Measures by variant id, lines of the same variant added up, in id order."""
    sums: dict[int, int] = {}
    for variant_id, quantity in wanted:
        sums[variant_id] = sums.get(variant_id, 0) + checked_measures(quantity, field="quantity")
    return dict(sorted(sums.items()))


def reserve(*, wanted: Mapping[int, int]) -> list[Variant]:
    """Promise ``wanted`` (measures by variant id): everything or nothing, in two queries whatever the lines.

    One more for each shop whose shelf comes into another band. Needs an open transaction (asserted). Returns the
    locked variants with their products, in id order, as they stand afterwards. Raises SoldOut, BadQuantity (BadStep
    between two steps), NotFound for an unknown variant.
    """
    wanted = merged(wanted.items())
    variants = _locked(wanted)
    for variant in variants:
        if wanted[variant.pk] % variant.step:
            step = shown_quantity(variant, variant.step)
            raise BadStep(field="quantity", name=str(variant), step=step)
    shortages = [
        Shortage(
            variant_id=variant.pk,
            name=str(variant),
            wanted=wanted[variant.pk],
            available=variant.available,
            shown=shown_quantity(variant, variant.available),
        )
        for variant in variants
        if variant.available < wanted[variant.pk]
    ]
    if shortages:
        raise SoldOut(shortages, field="lines")
    amount = _by_id(wanted)
    moved = Variant.objects.filter(pk__in=wanted, on_hand__gte=F("reserved") + amount).update(
        reserved=F("reserved") + amount
    )
    assert moved == len(wanted), "a locked variant changed under its lock"
    _shelves_changed(variants, {pk: -quantity for pk, quantity in wanted.items()})
    for variant in variants:
        variant.reserved += wanted[variant.pk]
    return variants


def release(*, held: Mapping[int, int]) -> None:
    """Let go of what was promised (measures by variant id), in three queries and those of ``reserve``.

    Needs an open transaction (asserted). Nobody lets go of more than was promised: asserted, and a constraint.
    """
    held = merged(held.items())
    variants = _locked(held)
    amount = _by_id(held)
    moved = Variant.objects.filter(pk__in=held, reserved__gte=amount).update(reserved=F("reserved") - amount)
    assert moved == len(held), "more was let go than was promised"
    gone = missing.settle(held)
    _shelves_changed(variants, {pk: quantity - gone.get(pk, 0) for pk, quantity in held.items()})


def reweigh(*, changes: Mapping[int, int]) -> None:
    """Promised goods weigh more or less than was promised: so much is promised now (measures by variant id, ±).

    Needs an open transaction (asserted). Weights need not fit the selling step. Raises SoldOut where less is left than
    it weighs more, NotFound.
    """
    variants = _locked(changes)
    short = [variant for variant in variants if variant.available < changes[variant.pk]]
    if short:
        raise SoldOut(
            [
                Shortage(
                    variant_id=variant.pk, name=str(variant), wanted=changes[variant.pk], available=variant.available,
                    shown=shown_quantity(variant, variant.available),
                )
                for variant in short
            ],
            field="grams",
        )  # fmt: skip
    Variant.objects.filter(pk__in=changes).update(reserved=F("reserved") + _by_id(changes))
    gone = missing.settle(changes)
    _shelves_changed(variants, {pk: -change - gone.get(pk, 0) for pk, change in changes.items()})


def take(*, variant_id: int, quantity: int) -> list[Taken]:
    """Take promised goods out of the oldest lots (by ``received_at``, then id).

    Lowers the lots' ``left``, the variant's ``on_hand`` and its ``reserved`` by ``quantity`` measures. Returns what
    each lot gave, the oldest first; the parts sum to ``quantity``. Needs an open transaction (asserted); that the
    goods were promised is the caller's part (asserted). What can be promised stays the same; only an emptied lot is
    seen from outside. Who takes of several variants locks them all first (``lock``). Raises NotBroughtYet where
    less has been brought than was promised.
    """
    checked_measures(quantity, field="quantity")
    [variant] = _locked({variant_id: quantity})
    lots = Lot.objects.select_for_update(of=("self",)).select_related("member")
    lots_left = sorted(
        lots.filter(variant_id=variant_id).here().order_by("pk"), key=lambda lot: (lot.received_at, lot.pk)
    )
    taken: list[Taken] = []
    lacking = quantity
    for lot in lots_left:
        if not lacking:
            break
        part = min(lot.left - lot.missing, lacking)
        lot.left -= part
        lacking -= part
        taken.append(Taken(lot=lot, quantity=part))
    if lacking:
        there = shown_quantity(variant, quantity - lacking)
        raise NotBroughtYet(name=str(variant), there=there, wanted=shown_quantity(variant, quantity))
    parts = {part.lot.pk: part.quantity for part in taken}
    Lot.objects.filter(pk__in=parts).update(left=F("left") - _by_id(parts))
    moved = Variant.objects.filter(pk=variant_id, reserved__gte=quantity).update(
        on_hand=F("on_hand") - quantity, reserved=F("reserved") - quantity
    )
    assert moved == 1, "goods were taken that nobody was promised"
    if any(part.lot.left == 0 for part in taken):
        versions.moved([variant.product.organization_id])
    return taken


def put_back(*, parts: Mapping[int, int]) -> None:
    """Goods that had been taken lie in their lots again (measures by lot id), and can be promised to others.

    Needs an open transaction (asserted); locks the lots' variants, then the lots. What comes back was taken before: the
    constraint ``lot_left`` has the last word. Nothing of empty ``parts``.
    """
    if not parts:
        return
    for quantity in parts.values():
        checked_measures(quantity, field="quantity")
    variant_of = dict(Lot.objects.filter(pk__in=parts).values_list("pk", "variant_id"))
    if len(variant_of) != len(parts):
        raise NotFound(field="lot_id")
    came = merged((variant_of[pk], quantity) for pk, quantity in parts.items())
    variants = _locked(came)
    lots = list(Lot.objects.select_for_update().filter(pk__in=parts).order_by("pk"))
    Lot.objects.filter(pk__in=parts).update(left=F("left") + _by_id(parts))
    Variant.objects.filter(pk__in=came).update(on_hand=F("on_hand") + _by_id(came))
    gone = missing.settle(came)
    _shelves_changed(variants, {pk: quantity - gone.get(pk, 0) for pk, quantity in came.items()})
    if any(lot.left == 0 for lot in lots):  # an emptied one is seen again
        versions.moved({variant.product.organization_id for variant in variants})


def lock(*, variant_ids: Iterable[int]) -> None:
    """Lock these variants in id order, for a caller that will move them in several calls.

    Needs an open transaction (asserted). Raises NotFound for an unknown variant, BadQuantity for none.
    """
    _locked(dict.fromkeys(variant_ids, 0))


def _locked(measures: Mapping[int, int]) -> list[Variant]:
    """The variants, locked in id order. On SQLite the transaction itself is the lock (BEGIN IMMEDIATE)."""
    assert connection.in_atomic_block, "stock moves inside its caller's transaction"
    if not measures:
        raise BadQuantity(field="lines")
    rows = Variant.objects.select_for_update(of=("self",)).select_related("product").order_by("pk")
    variants = list(rows.filter(pk__in=measures))
    if len(variants) != len(measures):
        raise NotFound(field="variant_id")
    return variants


def _shelves_changed(variants: Iterable[Variant], changes: Mapping[int, int]) -> None:
    """Move the versions of shops of which a page now says something else. ``changes``: measures by variant id, of
    what can be promised; the variants as they were before."""
    versions.moved(
        variant.product.organization_id
        for variant in variants
        if band_of(available=variant.available, step=variant.step)
        != band_of(available=variant.available + changes[variant.pk], step=variant.step)
    )


def _by_id(amounts: Mapping[int, int]) -> Any:
    """One SQL expression that is the amount of each row, so that one statement moves them all."""
    whens = [When(pk=pk, then=Value(amount)) for pk, amount in amounts.items()]
    return Case(*whens, output_field=IntegerField())
