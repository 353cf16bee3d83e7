"""A stranger cannot hold the shop's goods without end, and a village behind one address is not kept out."""

from datetime import timedelta

import pytest

from catalog.models import Variant
from cooperatives.models import Tries
from cooperatives.phones import shown
from orders import strangers
from orders.models import Order
from orders.placing import Buyer
from orders.strangers import MOST_OPEN, OrdersSlowed, TooManyOpenOrders
from tests import people
from tests.orders.making import counts, place
from tests.people import NOW, World

pytestmark = pytest.mark.django_db
VILLAGE = "203.113.1.9"


def phone(number: int) -> Buyer:
    return Buyer(name="Nguyễn Thị Lụa", phone=f"0912{number:06d}")


def guest(variant: Variant, **more: object) -> Order:
    [order] = place((variant, 1), **{"came_from": VILLAGE, "pay_by": Order.PayBy.CASH, **more})
    return order


def test_one_phone_has_five_orders_that_wait_and_then_pays_receives_or_calls(world: World) -> None:
    bag = world.variant
    first, second, third, *_more = [guest(bag) for _time in range(MOST_OPEN)]
    held = counts(bag)
    with pytest.raises(TooManyOpenOrders) as refused:
        guest(bag, came_from="113.160.1.1")  # from elsewhere too
    assert shown(world.organization.phone) in refused.value.message  # whom to call
    assert counts(bag) == held

    theirs = people.variant_by_piece(
        people.product(world.other_organization, world.category, slug="khac", name="Miến dong")
    )
    people.stock(theirs, 5, owner=None)
    guest(theirs)  # another cooperative's affair
    guest(bag, buyer=phone(1))
    guest(bag, placed_by=world.clerk)  # whoever called
    guest(bag, came_from=None), guest(bag, came_from="127.0.0.1")  # the house itself
    Order.objects.filter(pk__in=Order.objects.order_by("-pk")[:2].values("pk")).update(state="CANCELLED")

    for frees in ({"payment": "PART"}, {"confirmed_at": NOW}, {"state": "PACKED"}):
        Order.objects.filter(pk=first.pk).update(**frees)
        guest(bag)
        Order.objects.filter(pk=Order.objects.latest("pk").pk).update(state="EXPIRED")
        Order.objects.filter(pk=first.pk).update(payment="UNPAID", confirmed_at=None, state="PLACED")
        with pytest.raises(TooManyOpenOrders):
            guest(bag)
    Order.objects.filter(pk=second.pk).update(state="ACCEPTED", accepted_at=NOW)
    guest(bag), guest(bag)  # she took goods here: nobody minds her
    assert third.state == "PLACED"


def test_a_network_of_strangers_is_slowed_and_nobody_who_is_known_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "FREE_FROM_NETWORK", 4)
    bag = world.variant
    for number in range(4):
        guest(bag, buyer=phone(number))
    held, counted = counts(bag), list(Tries.objects.order_by("pk").values_list("scope", "count"))
    with pytest.raises(OrdersSlowed) as refused:
        guest(bag, buyer=phone(4))
    assert "09:05" in refused.value.message
    assert shown(world.organization.phone) in refused.value.message
    assert counts(bag) == held
    assert list(Tries.objects.order_by("pk").values_list("scope", "count")) == counted, "only what was placed counts"
    guest(bag, buyer=phone(5), came_from="203.113.1.10")  # the next village
    guest(bag, buyer=phone(6), came_from="10.0.0.1"), guest(bag, buyer=phone(7), came_from="unix:")  # our own proxy

    for slot in range(1, 3):  # three in each five minutes
        later = NOW + slot * strangers.SLOT
        for number in range(strangers.MOST_IN_SLOT):
            guest(bag, buyer=phone(10 * slot + number), at=later)
        with pytest.raises(OrdersSlowed):
            guest(bag, buyer=phone(99), at=later + timedelta(minutes=4))
    Order.objects.filter(pk=Order.objects.earliest("pk").pk).update(accepted_at=NOW)
    guest(bag, buyer=phone(0), at=later)  # who took goods here before
