"""Which item of which bill an amount is for: the biller's order inside a bill, oldest due day first over several."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Min, Q, Sum

from payments.models import Bill, BillLine, ItemShare

LIVE = (
    Q(settlement__isnull=False, settlement__undone_at=None)
    | Q(cash_receipt__isnull=False, cash_receipt__undone_at=None)
    | Q(credit_use__isnull=False, credit_use__undone_at=None)
)
"""Shares of money that came and was not taken back."""
BACK = Q(given_back__isnull=False, given_back__undone_at=None)
"""Shares of what was given back of an item."""


@dataclass(frozen=True, slots=True)
class ItemDue:
    """One item of one bill: whole đồng asked (charge and adjustments) and paid (less what was given back)."""

    bill_id: int
    fee_item_id: int
    position: int
    asked_dong: int
    paid_dong: int

    @property
    def due_dong(self) -> int:
        return max(self.asked_dong - self.paid_dong, 0)


class Spread(NamedTuple):
    """So much for that item of that bill."""

    bill_id: int
    fee_item_id: int
    dong: int


def dues(bill_ids: Collection[int]) -> dict[int, list[ItemDue]]:
    """By bill, its items in the biller's order. Three queries for any number of bills."""
    paid: defaultdict[tuple[int, int], int] = defaultdict(int)
    of_bills = ItemShare.objects.filter(bill_id__in=bill_ids).order_by()
    for rows, sign in ((of_bills.filter(LIVE), 1), (of_bills.filter(BACK), -1)):
        for bill_id, fee_item_id, dong in rows.values_list("bill_id", "fee_item_id").annotate(Sum("amount_dong")):
            paid[bill_id, fee_item_id] += sign * dong
    lines = BillLine.objects.filter(bill_id__in=bill_ids).order_by().values_list("bill_id", "fee_item_id")
    found: dict[int, list[ItemDue]] = {bill_id: [] for bill_id in bill_ids}
    # An item that an adjustment added stands where it stood when it was added.
    asked = lines.annotate(place=Min("position"), asked=Sum("amount_dong")).order_by("bill_id", "place", "fee_item_id")
    for bill_id, fee_item_id, place, dong in asked:
        found[bill_id].append(ItemDue(bill_id, fee_item_id, place, dong, paid[bill_id, fee_item_id]))
    return found


def split(amount_dong: int, items: Sequence[ItemDue]) -> list[tuple[int, int]]:
    """``amount_dong`` over the dues of ``items``, in their order: (fee item, đồng). Asserts that they can take it.

    docs/books.md §4: a part-paid bill fills its items in the biller's order.
    """
    shares = []
    for item in items:
        taken = min(amount_dong, item.due_dong)
        if taken:
            shares.append((item.fee_item_id, taken))
            amount_dong -= taken
    assert amount_dong == 0, "nobody is credited with more than is due"
    return shares


def spread(amount_dong: int, bills: Iterable[tuple[int, Sequence[ItemDue]]]) -> list[Spread]:
    """``amount_dong`` over several bills in the order given, each filled before the next."""
    found: list[Spread] = []
    for bill_id, items in bills:
        taken = min(amount_dong, sum(item.due_dong for item in items))
        found += [Spread(bill_id, fee_item_id, dong) for fee_item_id, dong in split(taken, items)]
        amount_dong -= taken
    assert amount_dong == 0, "nobody is credited with more than is due"
    return found


def given_back_since(taken: Collection[ItemShare]) -> bool:
    """Whether, without these shares of one document, less would be left of an item than was given back of it."""
    items = dues({share.bill_id for share in taken})
    paid = {(item.bill_id, item.fee_item_id): item.paid_dong for of_bill in items.values() for item in of_bill}
    return any(paid.get((share.bill_id, share.fee_item_id), 0) < share.amount_dong for share in taken)


def in_paying_order(bill_ids: Collection[int]) -> list[int]:
    """Oldest due day first, then by payment code (docs/books.md §4)."""
    rows = Bill.objects.filter(pk__in=bill_ids).order_by("due_on", F("request__code"))
    return list(rows.values_list("pk", flat=True))
