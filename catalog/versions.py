"""One number for each shop: while it stands, so does everything that strangers see of that shop.

Pages and public answers are remembered under it and checked against it (storefront/shared_pages.py). A reader asks
for the number first and for the goods afterwards: what it then shows is at least as new as the number says.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Sum

from catalog.models import ShopVersion

# Two verbs that move one shop wait for each other here, so that no step is lost; both databases speak it.
_ONE_FURTHER = (
    "INSERT INTO catalog_shopversion (organization_id, number) VALUES (%s, 1) "
    "ON CONFLICT (organization_id) DO UPDATE SET number = catalog_shopversion.number + 1"
)


def moved(organization_ids: Iterable[int]) -> None:
    """Something that strangers see of these shops changes with the caller's transaction.

    Needs an open transaction (asserted), so that the number moves exactly when the change can be seen. Locks the rows
    in id order, after variants and lots, before ledger accounts (docs/locking.md); one statement for each shop.
    """
    assert connection.in_atomic_block, "a version moves inside the transaction of what it tells of"
    with connection.cursor() as cursor:
        for organization_id in sorted(set(organization_ids)):
            cursor.execute(_ONE_FURTHER, [organization_id])


def number_of(organization_id: int) -> int:
    """The shop's number; 0 where nothing was ever shown. One query."""
    number = ShopVersion.objects.filter(pk=organization_id).values_list("number", flat=True).first()
    return number or 0


def market_number() -> int:
    """A number that moves whenever any shop's does: their sum, since none ever goes back. One query."""
    return ShopVersion.objects.aggregate(together=Sum("number"))["together"] or 0
