"""A carrier's call through its address: a hint at most, and no news to whoever guesses."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import CarrierConnection, Shipment
from payments import carrier_connecting, parcel_booking, parcel_news
from tests.carrier_fake import FakeCarrier, carrier  # noqa: F401 - a fixture
from tests.payments.carrier_world import joined, packed
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(world: World, carrier: FakeCarrier) -> Shipment:  # noqa: F811
    joined(world)
    return parcel_booking.book(
        order_id=packed(world).pk, weight_g=600, actor=world.clerk, key="b", at=world.now + timedelta(hours=1)
    )


def call(booked: Shipment, body: str = "", *, token: str = "", kind: str = "application/x-www-form-urlencoded") -> int:
    assert booked.connection is not None
    said = body or f"label_id={booked.tracking}&partner_id={booked}&status_id=5&pick_money=1"
    path = f"/hooks/ghtk/{token or booked.connection.token}/"
    return Client().post(path, said, content_type=kind).status_code


def counted() -> tuple[int, int]:
    connection = CarrierConnection.objects.get()
    return connection.calls, connection.bad_calls


def test_a_call_only_has_the_carrier_asked(booked: Shipment, carrier: FakeCarrier) -> None:  # noqa: F811
    asked_before = len(carrier.calls)
    assert call(booked, f"label_id={booked.tracking}&status_id=5") == 200  # says delivered; it is not
    assert call(booked, f'{{"label_id": "{booked.tracking}", "status_id": 5}}', kind="application/json") == 200
    booked.refresh_from_db()
    assert (booked.state, len(carrier.calls), counted()) == ("booked", asked_before, (2, 0))
    assert booked.next_check_at is not None
    assert abs(booked.next_check_at - timezone.now()) < timedelta(minutes=1)
    assert parcel_news.check_due(at=timezone.now()) == 1
    booked.refresh_from_db()
    assert (booked.state, carrier.calls[-1]) == ("booked", f"GET /services/shipment/v2/{booked.tracking}")


def test_a_parcel_that_is_not_ours_is_answered_alike_and_counted(booked: Shipment) -> None:
    before = Shipment.objects.get().next_check_at
    for stranger in (
        "label_id=S9.X9.1",
        "partner_id=DH-000000-0000-1",
        f"label_id={booked.tracking}&partner_id=DH-0-1",
    ):
        assert call(booked, stranger) == 200
    for bad in ("status_id=5", "label_id=%00", "\ufffe", "a" * 70_000):
        assert call(booked, bad) == 400
    assert counted() == (0, 7)
    assert Shipment.objects.get().next_check_at == before


def test_nobody_is_there_under_another_address(booked: Shipment, world: World) -> None:
    assert call(booked, token="x" * 32) == call(booked, token="%00") == 404
    assert booked.connection is not None
    assert Client().get(f"/hooks/ghtk/{booked.connection.token}/").status_code == 405
    carrier_connecting.disconnect(connection_id=booked.connection.pk, actor=world.treasurer, at=world.now)
    assert call(booked) == 404
    assert counted() == (0, 0)
