"""No step of a shop's number is lost, and no process serves what another made untrue. PROVE=1: 200 rounds."""

from typing import Any

import pytest
from django.db.models import F

from catalog import versions
from catalog.bands import band_of
from catalog.models import ShopVersion, Variant
from tests.people import World
from tests.race.conftest import Race, Rounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

PAGE = "/p/ca-chach-say-kho/"
BUYERS = 32


def left(variant: Variant, measures: int) -> None:
    Variant.objects.filter(pk=variant.pk).update(reserved=F("on_hand") - measures)


def wish(lines: list[list[int]], key: str) -> dict[str, Any]:
    return {"deed": "place", "lines": lines, "key": key}


def test_thirty_two_moves_are_thirty_two_steps(world: World, race: Race, rounds: Rounds) -> None:
    """Half of them name both shops, in both orders; the very first ones write the rows."""
    here, there = world.organization.pk, world.other_organization.pk
    for number in rounds("versions, 32 moves"):
        race([{"deed": "move", "shops": shops} for shops in ([here], [here, there], [there, here], [there]) * 8])
        steps = dict(ShopVersion.objects.values_list("organization", "number"))
        assert steps == {here: 24 * number, there: 24 * number}


def test_each_band_that_is_crossed_is_one_step(world: World, race: Race, rounds: Rounds) -> None:
    """Thirty-two buyers, one bag each: the shelf goes from 32 to none through the same bands in whatever order."""
    bag, shop = world.variant, world.organization.pk
    Variant.objects.filter(pk=bag.pk).update(on_hand=100_000)
    crossed = sum(band_of(available=n, step=1) != band_of(available=n - 1, step=1) for n in range(1, BUYERS + 1))
    for number in rounds("versions, 32 buyers through 8 bands"):
        left(bag, BUYERS)
        before = versions.number_of(shop)
        answers = race([wish([[bag.pk, 1]], f"{number}-{buyer}") for buyer in range(BUYERS)])
        assert all(isinstance(answer, list) for answer in answers)
        assert versions.number_of(shop) - before == crossed == 8


def test_buyers_and_sellers_of_two_shelves_do_not_wait_in_a_circle(world: World, race: Race, rounds: Rounds) -> None:
    """Baskets in opposite order, each sale into another band, while lots come in and prices change."""
    bag, loose = world.variant, world.variant_by_weight
    Variant.objects.filter(pk__in=[bag.pk, loose.pk]).update(on_hand=10**6)
    for number in rounds("versions, two shelves in opposite order"):
        left(bag, 16)
        left(loose, 1_600)
        before = versions.number_of(world.organization.pk)
        basket = [[bag.pk, 1], [loose.pk, 100]]
        wishes = [wish(basket[:: 1 if buyer % 2 else -1], f"{number}-{buyer}") for buyer in range(16)]
        moves = [{"deed": "move", "shops": [world.organization.pk]}] * 8
        answers = race([*wishes, *moves])
        assert all(isinstance(answer, list) for answer in answers[:16])
        assert versions.number_of(world.organization.pk) - before >= 8 + 7


def test_no_process_serves_what_another_has_made_untrue(world: World, race: Race, rounds: Rounds) -> None:
    """Sixteen processes look while one buyer empties the shelf; what any of them says afterwards is true at once."""
    bag = world.variant
    for number in rounds("versions, pages of 16 processes"):
        left(bag, 1)
        move = {"deed": "move", "shops": [world.organization.pk]}
        race([move])
        warm = race([{"deed": "look", "path": PAGE}] * 16)
        assert {said for _number, _status, _tag, said in warm} == {"Còn 1\u00a0gói"}
        race([wish([[bag.pk, 1]], f"{number}"), *[{"deed": "look", "path": PAGE}] * 15])
        after = race([{"deed": "look", "path": PAGE}] * 16)
        assert {said for _number, _status, _tag, said in after} == {"Tạm hết"}
        assert len({tag for _number, _status, tag, _said in after}) == 1
        assert {tag for *_rest, tag, _said in warm}.isdisjoint(tag for *_rest, tag, _said in after)
