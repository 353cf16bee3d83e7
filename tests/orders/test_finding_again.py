"""An order found again by its number and phone, and nothing learned by who has only one of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cooperatives.slowing import Wait
from orders.finding_again import find_again
from orders.models import Order
from tests.people import NOW, World
from tests.storefront.making import order_as_guest


@pytest.fixture
def order(world: World) -> Order:
    return order_as_guest(Client(), world.variant)


def find(order_number: str, phone: str, *, address: str = "10.0.0.1", **more: Any) -> Order | Wait | None:
    return find_again(number=order_number, phone=phone, address=address, at=more.pop("at", NOW), **more)


def test_number_and_phone_as_people_type_them(order: Order) -> None:
    local = "0" + order.buyer_phone.removeprefix("+84")
    for number in (order.number, order.number.lower().replace("-", " "), order.number.removeprefix("DH-")):
        for phone in (local, f"{local[:4]} {local[4:7]} {local[7:]}", order.buyer_phone):
            assert find(number, phone) == order


@pytest.mark.parametrize("phone", ["0912345000", "", "x", "5678", "\0", "é" * 30])
def test_a_wrong_phone_finds_nothing(order: Order, phone: str) -> None:
    assert find(order.number, phone) is None


def test_found_and_not_found_ask_alike(order: Order) -> None:
    counts = set()
    for place_, number in enumerate((order.number, "DH-200101-AAAA")):
        with CaptureQueriesContext(connection) as asked:
            assert find(number, "0912345000", address=f"10.0.1.{place_}") is None
        counts.add(len(asked))
    assert counts == {4}


def test_after_ten_wrong_tries_the_right_one_waits_and_is_not_locked_out(order: Order) -> None:
    for place_ in range(10):
        assert find(order.number, "0912345000", address=f"10.0.2.{place_}") is None
    wait = find(order.number, order.buyer_phone, address="10.0.3.1")
    assert isinstance(wait, Wait)
    later = NOW + timedelta(seconds=wait.seconds)
    assert find(order.number, order.buyer_phone, address="10.0.3.1", waited=wait.ticket, at=later) == order
    other = find(order.number, "0912345000", address="10.0.3.1", waited=wait.ticket, at=later)
    assert isinstance(other, Wait), "a ticket is good for what was typed with it alone"
