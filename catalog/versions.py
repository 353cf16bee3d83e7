"""One number for each shop: while it stands, so does everything that strangers see of that shop.

Pages and public answers are remembered under it and checked against it (storefront/shared_pages.py). A reader asks
for the number first and for the goods afterwards: what it then shows is at least as new as the number says.
"""

from collections.abc import Iterable

from django.db import connection

from base.asking import one_row

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
    [number] = one_row(_OF_SHOP, [organization_id]) or (0,)
    return int(number)


def market_number() -> int:
    """A number that moves whenever any shop's does: their sum, since none ever goes back. One query."""
    [together] = one_row(_OF_MARKET) or (0,)
    return int(together)


def of_goods(slug: str) -> tuple[int, int, int] | None:
    """The shop that sells the goods, its number, and 1 where their maker agrees to be named (``joining``,
    a floor below, writes it without a move). None where there are no such goods. One query."""
    row = one_row(_OF_GOODS, [False, slug])
    return (row[0], row[1], int(row[2])) if row else None


def of_shop_and_people(slug: str) -> tuple[int, int, int, int, int] | None:
    """The shop under ``slug``, its number, how many members it has or had, how many agree to be named and how many have
    left (``joining`` writes these without a move). None where there is no such shop. One query."""
    row = one_row(_OF_PEOPLE, [slug])
    return (row[0], row[1], int(row[2]), int(row[3]), int(row[4])) if row else None


# By hand: asked before every page, and a query that Django puts together costs more than the rest of a 304.
_OF_SHOP = "SELECT number FROM catalog_shopversion WHERE organization_id = %s"
_OF_MARKET = "SELECT COALESCE(SUM(number), 0) FROM catalog_shopversion"
_OF_GOODS = (
    "SELECT product.organization_id, COALESCE(version.number, 0), COALESCE(maker.shows_name, %s) "
    "FROM catalog_product product "
    "LEFT JOIN catalog_shopversion version ON version.organization_id = product.organization_id "
    "LEFT JOIN cooperatives_member maker ON maker.id = product.maker_id WHERE product.slug = %s"
)
_OF_PEOPLE = (
    "SELECT shop.id, COALESCE(version.number, 0), COUNT(member.id), "
    "COUNT(CASE WHEN member.shows_name THEN 1 END), COUNT(member.left_on) "
    "FROM cooperatives_organization shop "
    "LEFT JOIN catalog_shopversion version ON version.organization_id = shop.id "
    "LEFT JOIN cooperatives_member member ON member.organization_id = shop.id "
    "WHERE shop.slug = %s GROUP BY shop.id, version.number"
)
