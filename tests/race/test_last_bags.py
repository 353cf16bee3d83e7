"""Thirty-two buyers, one moment, five bags: five orders, whichever database runs."""

from typing import Any

import pytest
from django.db.models import F

from catalog.models import Variant
from tests.people import World
from tests.race.conftest import Race, Rounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

BUYERS = 32
EIGHT = 8
BAGS_LEFT = 5


def five_left(variant: Variant) -> None:
    """All but five bags are promised; loose fish is there in plenty."""
    Variant.objects.filter(pk=variant.pk).update(reserved=F("on_hand") - BAGS_LEFT)


def wish(lines: list[list[int]], key: str) -> dict[str, Any]:
    return {"deed": "place", "lines": lines, "key": key}


def free(variant: Variant) -> int:
    variant.refresh_from_db()
    return variant.on_hand - variant.reserved


def placed(answers: list[Any]) -> int:
    """How many got their order, each her own; everybody else was told that it is sold out."""
    orders = [tuple(answer) for answer in answers if isinstance(answer, list)]
    assert len(set(orders)) == len(orders), "two buyers were given one order"
    assert set(map(str, answers)) - set(map(str, map(list, orders))) <= {"SOLD_OUT"}
    return len(orders)


def test_thirty_two_buyers_take_the_last_five_bags(world: World, race: Race, rounds: Rounds) -> None:
    bag = world.variant
    for number in rounds("last bags, 32 buyers"):
        five_left(bag)
        answers = race([wish([[bag.pk, 1]], f"{number}-{buyer}") for buyer in range(BUYERS)])
        assert (placed(answers), free(bag)) == (BAGS_LEFT, 0)
        orders = world.organization.orders
        assert orders.count() == world.organization.payment_requests.count() == number * BAGS_LEFT


def test_who_wants_two_gets_two_or_none(world: World, race: Race, rounds: Rounds) -> None:
    bag = world.variant
    for number in rounds("last bags, two each"):
        five_left(bag)
        answers = race([wish([[bag.pk, 2]], f"{number}-{buyer}") for buyer in range(EIGHT)])
        assert (placed(answers), free(bag)) == (2, 1)


def test_baskets_in_opposite_order_do_not_wait_for_each_other(world: World, race: Race, rounds: Rounds) -> None:
    """One takes bags first, the other loose fish first. A loser's loose fish is let go with her bag."""
    bag, loose = world.variant, world.variant_by_weight
    one_way, other_way = [[bag.pk, 1], [loose.pk, 100]], [[loose.pk, 100], [bag.pk, 1]]
    for number in rounds("last bags, baskets in opposite order"):
        five_left(bag)
        Variant.objects.filter(pk=loose.pk).update(reserved=0)
        answers = race([wish([one_way, other_way][buyer % 2], f"{number}-{buyer}") for buyer in range(EIGHT)])
        assert (placed(answers), free(bag), free(loose)) == (BAGS_LEFT, 0, 5000 - BAGS_LEFT * 100)


def test_one_impatient_buyer_taps_eight_times(world: World, race: Race, rounds: Rounds) -> None:
    bag = world.variant
    for number in rounds("last bags, one buyer taps eight times"):
        five_left(bag)
        answers = race([wish([[bag.pk, 1]], f"key-{number}")] * EIGHT)
        assert len({tuple(answer) for answer in answers}) == 1
        assert (free(bag), world.organization.orders.count()) == (BAGS_LEFT - 1, number)
