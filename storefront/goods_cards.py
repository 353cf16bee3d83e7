"""Goods as a list shows them: one card each, read for a whole list in one query.

Which goods a list holds, and in which order, is asked by the models' own managers; here is only what stands on their
cards. Models with everything that hangs on them cost ten times as much, most of it to put queries together and to make
objects whose fields no card reads. That both say the same is tested (tests/storefront/test_goods_cards.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from base.periods import today_in_vietnam


@dataclass(frozen=True, slots=True)
class CardPicture:
    """``name`` of the first photo's files, what it shows, its colour as #rrggbb."""

    name: str
    alt: str
    colour: str

    def path(self, size: int, kind: str) -> str:
        """As ``Photo.path``."""
        return f"photos/{self.name}-{size}.{kind}"


@dataclass(slots=True)
class CardOffer:
    """The first way to buy: the fields of its Variant that a card reads."""

    sold_by: str
    unit_name: str
    unit: int
    step: int
    price_dong: int
    weight_g: int | None
    available: int


@dataclass(frozen=True, slots=True)
class GoodsCard:
    """One product of a list. ``stars`` are those of the certificate that counts today, ``review_stars`` the sum of what
    buyers gave."""

    pk: int
    slug: str
    name: str
    made_by: str
    own_rest_until: date | None
    shops_rest_until: date | None
    stars: int | None
    review_count: int
    review_stars: int
    picture: CardPicture | None
    offer: CardOffer | None

    @property
    def rating_tenths(self) -> int | None:
        """As ``Product.rating_tenths``."""
        if not self.review_count:
            return None
        return (20 * self.review_stars + self.review_count) // (2 * self.review_count)

    def rests_until(self, *, on: date) -> date | None:
        """As ``catalog.resting.rests_until``."""
        days = [one for one in (self.own_rest_until, self.shops_rest_until) if one is not None and one >= on]
        return max(days, default=None)


# The joined rows are found by the same order as everywhere: a product's first variant and photo by position, its
# certificate as ``live_certificate`` chooses it. Hidden reviews count, as in ``ProductQuerySet.rated``.
_ROWS = """
SELECT product.id, product.slug, product.name,
       CASE WHEN maker.shows_name THEN person.name ELSE shop.name END,
       product.rests_until, shop.rests_until,
       (SELECT stars FROM catalog_ocopcertificate given
         WHERE given.product_id = product.id AND given.issued_on <= %s AND given.expires_on > %s
           AND given.withdrawn_at IS NULL
         ORDER BY given.issued_on DESC, given.id DESC LIMIT 1),
       (SELECT COUNT(*) FROM orders_review review WHERE review.product_id = product.id),
       (SELECT COALESCE(SUM(stars), 0) FROM orders_review review WHERE review.product_id = product.id),
       photo.name, photo.alt, photo.colour,
       variant.sold_by, variant.unit_name, variant.unit, variant.step, variant.price_dong, variant.weight_g,
       variant.on_hand - variant.reserved
  FROM catalog_product product
  JOIN cooperatives_organization shop ON shop.id = product.organization_id
  LEFT JOIN cooperatives_member maker ON maker.id = product.maker_id
  LEFT JOIN cooperatives_user person ON person.id = maker.user_id
  LEFT JOIN catalog_photo photo ON photo.id =
       (SELECT id FROM catalog_photo one WHERE one.product_id = product.id ORDER BY position, id LIMIT 1)
  LEFT JOIN catalog_variant variant ON variant.id =
       (SELECT id FROM catalog_variant one WHERE one.product_id = product.id ORDER BY position, id LIMIT 1)
 WHERE product.id IN ({})
"""


def read_cards(product_ids: Iterable[int]) -> list[GoodsCard]:
    """The cards of these goods, in this order, as they stand today in Việt Nam. One query; none for no goods."""
    wanted, today = list(product_ids), today_in_vietnam()
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(", ".join(["%s"] * len(wanted))), [today, today, *wanted])  # marks, no values
        cards = {row[0]: _card(row) for row in cursor.fetchall()}
    return [cards[one] for one in wanted if one in cards]


def _card(row: tuple[Any, ...]) -> GoodsCard:
    """One row of ``_ROWS``: nine fields of the card, three of its picture, seven of its offer."""
    of_picture, of_offer = row[9:12], row[12:]
    picture = CardPicture(*of_picture) if of_picture[0] is not None else None
    offer = CardOffer(*of_offer) if of_offer[0] is not None else None
    return GoodsCard(*(*row[:9], picture, offer))
