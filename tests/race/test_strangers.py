"""Sixteen checkouts of one stranger at one moment: as many orders as one phone may have, and not one more."""

import pytest

from catalog.models import Variant
from orders.models import Order
from orders.strangers import MOST_OPEN
from tests.people import World
from tests.race.conftest import Race, Rounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


def test_one_phone_holds_no_more_however_fast_it_is(world: World, race: Race, rounds: Rounds) -> None:
    for number in rounds("one phone, 16 checkouts"):
        wish = {"deed": "place", "lines": [[world.variant.pk, 1]], "came_from": f"203.113.{number % 250}.9"}
        answers = race([{**wish, "key": f"{number}-{buyer}"} for buyer in range(16)])
        placed = [answer for answer in answers if isinstance(answer, list)]
        assert (len(placed), {answer for answer in answers if isinstance(answer, str)}) == (
            MOST_OPEN,
            {"TOO_MANY_OPEN_ORDERS"},
        )
        Order.objects.filter(state="PLACED").update(state="PACKED")  # which no longer count,
        Variant.objects.filter(pk=world.variant.pk).update(reserved=0)  # and there is enough for the next round
