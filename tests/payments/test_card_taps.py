"""Taps and calls at the same moment: one page, one payment."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from payments import cards
from payments.models import BankTransaction, Feed, PaymentLink, PaymentRequest, Refund
from tests.outside.fake_stripe import FakeStripe, fake_stripe
from tests.payments.cards_world import clock, deliver, start
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="the tests' SQLite lies in memory, where threads do not wait for each other",
    ),
]

AT_ONCE = 6


@pytest.fixture
def fake(world: World, settings: object) -> Iterator[FakeStripe]:
    with fake_stripe(now=int(world.now.timestamp()), secret_key="sk_live_fake") as running:
        settings.STRIPE_API_BASE = running.address  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def feed(world: World, fake: FakeStripe) -> Feed:
    return cards.connect(
        organization=world.organization, secret_key=fake.secret_key, webhook_secret=fake.webhook_secret, actor=None,
        at=world.now,
    )  # fmt: skip


def at_once(do: Callable[[], object]) -> list[object]:
    """``do`` in AT_ONCE threads that begin together; what each returned or raised."""
    gate, came = threading.Barrier(AT_ONCE), []

    def one() -> None:
        gate.wait()
        try:
            came.append(do())
        except Exception as error:  # noqa: BLE001  whatever it is, the test is to see it
            came.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _each in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_many_taps_at_once_open_one_page(world: World, fake: FakeStripe, feed: Feed) -> None:
    asked = request_of(order_bags(world, 2))
    came = at_once(lambda: start(fake, asked).url)
    assert came == [PaymentLink.objects.get().url] * AT_ONCE
    assert len(fake.sessions) == 1


def test_the_worker_and_the_calls_at_once_pay_once(world: World, fake: FakeStripe, feed: Feed) -> None:
    asked = request_of(order_bags(world, 2))
    fake.pays(start(fake, asked).external_id)
    turns = iter(range(AT_ONCE))

    def one() -> object:
        return cards.sync(feed=feed, at=clock(fake)) if next(turns) % 2 else deliver(fake, feed)

    came = at_once(one)
    assert not [one for one in came if isinstance(one, Exception)], came
    assert PaymentRequest.objects.get().credited_dong == 150_000
    assert sorted(BankTransaction.objects.values_list("direction", "amount_dong")) == [("in", 150_000), ("out", 16_600)]
    assert is_clean(world.organization, at=clock(fake))


def test_two_workers_send_a_refund_once(world: World, fake: FakeStripe, feed: Feed) -> None:
    asked = request_of(order_bags(world, 2))
    link = start(fake, asked)
    fake.pays(link.external_id)
    deliver(fake, feed)
    link.refresh_from_db()
    Refund.objects.create(
        organization=world.organization, order=asked.order, amount_dong=150_000, code="CP7K2M9Q9M", way=Refund.Way.CARD,
        link=link, state=Refund.State.ORDERED, created_at=world.now, ordered_at=world.now,
    )  # fmt: skip
    at_once(lambda: cards.send_due(at=clock(fake)))
    assert len(fake.refunds) == 1
    assert Refund.objects.get().external_id == next(iter(fake.refunds))
