"""What the tests of stars, faces and reviews share: an order that reached its buyer, a review of it, a face."""

from datetime import datetime
from typing import Any

from base.periods import vietnam_day
from catalog import portraits
from catalog.models import Portrait
from cooperatives.models import Member
from orders import fulfilling, reviewing
from orders.models import Order, Review
from tests.catalog.test_pictures import drawn, encoded
from tests.orders.making import pay, place
from tests.people import World


def received(world: World, *, at: datetime | None = None) -> Order:
    """A bag of loach, paid and handed over."""
    order = pay(place((world.variant, 1))[0], world=world)
    return fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=at or world.now)


def said(world: World, order: Order, **changed: Any) -> Review:
    told: dict[str, Any] = {"stars": 5, "text": "Giòn và thơm.", "shown_name": "Thanh", "at": world.now}
    return reviewing.review(token=order.token, product_slug=world.product.slug, **{**told, **changed})


def shown(world: World, member: Member, *, key: str = "k") -> Portrait:
    """Her face, agreed to on that day."""
    return portraits.record_portrait(
        member_id=member.pk, data=encoded(drawn()), wording=portraits.WORDING, consented_on=vietnam_day(world.now),
        witness="", actor=world.manager, key=key, at=world.now,
    )  # fmt: skip
