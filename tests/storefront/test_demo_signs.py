"""What the demo shows of trust: seasons, stars that live and stars that expired, faces of those who agree, reviews."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from base.periods import vietnam_day
from catalog.models import OcopCertificate, Portrait, Product
from orders import fulfilling
from orders.models import Review
from storefront.demo import cast, signs
from tests import people
from tests.orders.making import pay, place
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods(world: World, tmp_path: Path, settings: Any) -> dict[str, Product]:
    """Every kind of the demo's goods, five orders of each handed over ten days ago."""
    settings.MEDIA_ROOT = tmp_path
    found = {}
    for number, one in enumerate(cast.GOODS):
        product = people.product(world.organization, world.category, slug=one.picture, name=one.name)
        bags = people.variant_by_piece(product)
        people.stock(bags, 10, owner=None)
        found[one.picture] = product
        if one.picture in signs.SAID:
            for _buyer in range(len(signs.SAID[one.picture])):
                order = pay(place((bags, 1))[0], world=world)
                fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
        people.member(people.user(f"Người {number}", None), world.organization, number=20 + number)
    return found


def test_some_of_everything_that_makes_goods_trusted(world: World, goods: dict[str, Product]) -> None:
    at = world.now + timedelta(days=10)
    members = list(world.organization.members.order_by("number"))
    signs.put_up(
        organization=world.organization, goods=goods, members=members, treasurer=world.treasurer,
        keys=(f"k{number}" for number in count()), at=at,
    )  # fmt: skip

    assert Product.objects.filter(season_from__isnull=False).count() == len(signs.SEASONS)
    [live] = OcopCertificate.objects.live(on=vietnam_day(at))
    assert (live.product, live.stars) == (goods["ca-trach-kho"], 4)
    assert OcopCertificate.objects.filter(expires_on__lte=vietnam_day(at)).count() == 1

    shown = Portrait.objects.shown()
    assert {one.member for one in shown} == {members[0], members[4]}
    assert all(one.is_drawn for one in Portrait.objects.all())
    assert len(default_storage.listdir("faces")[1]) == 12, "nothing is left of the one who changed her mind"
    assert all(default_storage.size(one.path(160, "webp")) < 6_000 for one in shown)

    assert Review.objects.count() == sum(map(len, signs.SAID.values()))
    [hidden] = Review.objects.filter(hidden_at__isnull=False)
    assert hidden.hidden_reason
    assert Review.objects.exclude(reply="").exists()
    assert not Review.objects.filter(written_at__gt=at).exists()
