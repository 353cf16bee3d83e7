"""Months in which goods are at their best."""

import pytest

from base.refusals import NotFound
from catalog import seasons, versions
from catalog.models import Product
from tests.people import World

pytestmark = pytest.mark.django_db


def set_season(world: World, first: object, last: object, **changed: object) -> Product:
    asked = {"product_id": world.product.pk, "first": first, "last": last, "actor": world.clerk, "at": world.now}
    return seasons.set_season(**{**asked, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "within", "outside"),
    [(9, 11, (9, 10, 11), (8, 12, 1)), (11, 2, (11, 12, 1, 2), (3, 10)), (5, 5, (5,), (4, 6))],
)
def test_a_season_may_run_over_the_new_year(
    world: World, first: int, last: int, within: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    product = set_season(world, first, last)
    assert [product.is_in_season(month=month) for month in within] == [True] * len(within)
    assert [product.is_in_season(month=month) for month in outside] == [False] * len(outside)


def test_the_page_moves_only_when_the_season_does(world: World) -> None:
    before = versions.number_of(world.organization.pk)
    for _tap in range(2):
        set_season(world, 9, 11)
    assert versions.number_of(world.organization.pk) == before + 1
    assert set_season(world, None, None).season_from is None
    assert versions.number_of(world.organization.pk) == before + 2


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(1, None, "last_month"), (None, 1, "first_month"), (0, 5, "first_month"), (1, 13, "last_month"),
     (True, 5, "first_month")],
)  # fmt: skip
def test_half_a_season_is_refused(world: World, first: object, last: object, field: str) -> None:
    with pytest.raises(seasons.BadSeason) as refused:
        set_season(world, first, last)
    assert refused.value.field == field
    world.product.refresh_from_db()
    assert world.product.season_from is None


@pytest.mark.parametrize("who", ["other_treasurer", "buyer", "treasurer"])
def test_a_stranger_changes_nothing(world: World, who: str) -> None:
    with pytest.raises(NotFound):
        set_season(world, 1, 2, actor=getattr(world, who))
    with pytest.raises(NotFound):
        set_season(world, 1, 2, product_id=10**9)
    world.product.refresh_from_db()
    assert world.product.season_from is None
