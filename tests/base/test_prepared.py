"""A prepared question answers as its queryset does, and is put together once for the same arguments."""

from typing import Any

import pytest
from django.db.models import QuerySet

from base.prepared import prepared_ids, prepared_rows
from catalog.models import Product
from tests.people import World

pytestmark = pytest.mark.django_db


def test_it_is_put_together_once_and_asked_each_time(world: World, django_assert_num_queries: Any) -> None:
    made = []

    @prepared_rows
    def named(name: str) -> QuerySet[Product]:
        made.append(name)
        return Product.objects.published().filter(name=name).order_by("pk")

    name = world.product.name
    assert list(named(name)) == list(named(name)) == [world.product]
    assert made == [name]
    Product.objects.update(state=Product.State.WITHDRAWN)
    with django_assert_num_queries(1):
        assert list(named(name)) == []
    assert list(named("x")) == []
    assert made == [name, "x"]


def test_ids_alone(world: World) -> None:
    @prepared_ids
    def of_shop(shop_id: int) -> Any:
        return Product.objects.filter(organization=shop_id).order_by("-pk").values_list("pk")[:2]

    wanted = Product.objects.filter(organization=world.organization).order_by("-pk").values_list("pk", flat=True)[:2]
    assert of_shop(world.organization.pk) == list(wanted)
    assert of_shop(0) == []
