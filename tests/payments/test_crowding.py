"""With many calls at hand the evidence comes first and the worker settles."""

from contextlib import ExitStack

import pytest
from django.test import Client
from django.utils import timezone

from payments import crowding, settlement
from payments.models import BankTransaction, Feed
from payments.providers import sepay
from tests.payments.conftest import KEY, order_bags, request_of
from tests.people import World


def call(feed: Feed, world: World, code: str) -> int:
    now = timezone.now()
    body = sepay.call_body(source_id=7, account=world.bank_account.number, dong=150_000, memo=code, happened_at=now)
    headers = sepay.signed_call(key=KEY, body=body, now=int(now.timestamp()))
    client = Client(SERVER_NAME="localhost")
    return client.generic("POST", f"/hooks/sepay/{feed.token}/", body, headers=headers).status_code


@pytest.mark.parametrize(("others", "state"), [(0, "SETTLED"), (1, "SETTLED"), (2, "NEW")])
def test_a_crowded_process_leaves_settling_to_the_worker(world: World, feed: Feed, others: int, state: str) -> None:
    request = request_of(order_bags(world, 2, at=timezone.now()))
    with ExitStack() as at_hand:
        for _ in range(others):
            at_hand.enter_context(crowding.one_more())
        assert call(feed, world, request.code) == 200
        line = BankTransaction.objects.get()
        assert line.state == state
        assert call(feed, world, request.code) == 200
    settlement.settle_new(at=timezone.now())
    line.refresh_from_db()
    assert (line.state, line.used_dong, BankTransaction.objects.count()) == ("SETTLED", 150_000, 1)


def test_a_call_that_fails_is_counted_no_longer() -> None:
    with pytest.raises(ZeroDivisionError), crowding.one_more():
        _ = 1 // 0
    with crowding.one_more(), crowding.one_more():
        assert not crowding.is_crowded()
        with crowding.one_more():
            assert crowding.is_crowded()
