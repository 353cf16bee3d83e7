"""Our calls held against Stripe's published shapes, by its own stateless stand-in, where that is installed.

``stripe-mock`` refuses parameters that the API does not know or that have another type, and answers with samples.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from payments import card_calls
from payments.models import Feed, PaymentLink, Refund
from payments.providers.arrival import Unreadable
from payments.providers.stripe_money import movements
from payments.sealing import seal_mapping
from tests.payments.conftest import order_bags, request_of
from tests.people import World

STRIPE_MOCK = shutil.which("stripe-mock")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        STRIPE_MOCK is None, reason="no stripe-mock on this machine: go install github.com/stripe/stripe-mock@latest"
    ),
]


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """Its address; stopped by its own process afterwards."""
    assert STRIPE_MOCK is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen([STRIPE_MOCK, "-http-addr", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL) as process:
        try:
            _until_it_answers(address, process)
            yield address
        finally:
            process.terminate()


def _until_it_answers(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _try in range(200):
        assert process.poll() is None, "stripe-mock ended at once"
        try:
            requests.get(address, timeout=5)
            return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise AssertionError("stripe-mock never answered")


@pytest.fixture
def link(world: World, mock: str, settings: object) -> PaymentLink:
    settings.STRIPE_API_BASE = mock  # type: ignore[attr-defined]
    feed = Feed.objects.create(
        organization=world.organization, bank_account=world.bank_account, provider=Feed.Provider.STRIPE, token="t",
        credentials_sealed=seal_mapping({"secret_key": "sk_test_mock"}), created_at=world.now,
    )  # fmt: skip
    request = request_of(order_bags(world, 2))
    return PaymentLink.objects.create(
        organization=world.organization, feed=feed, payment_request=request, number="card_1", amount_dong=150_000,
        key="key", external_id="cs_test_1", created_at=world.now, changed_at=world.now,
        expires_at=world.now + timedelta(hours=1),
    )  # fmt: skip


def test_the_account_is_read(link: PaymentLink) -> None:
    account = card_calls.account_of("sk_test_mock")
    assert account.id.startswith("acct_")
    assert len(account.currency) == 3


def test_a_page_is_asked_for_in_words_that_stripe_knows(link: PaymentLink) -> None:
    session = card_calls.create_session(link, return_url="https://example.vn/a", cancel_url="https://example.vn/b")
    assert session.id.startswith("cs_")
    card_calls.expire_session(link)


def test_a_payments_standing_is_read(link: PaymentLink) -> None:
    assert card_calls.standing_of(link).state in PaymentLink.State.values
    link.charge_id = "ch_1"
    assert card_calls.standing_of(link).charge.startswith("ch_")


def test_a_refund_is_asked_for_in_words_that_stripe_knows(world: World, link: PaymentLink) -> None:
    link.charge_id = "ch_1"
    refund = Refund(link=link, amount_dong=1000, code="CP7K2M9Q9M", ordered_at=world.now)
    assert card_calls.create_refund(refund, at=world.now).startswith("re_")
    assert card_calls.create_refund(refund, at=world.now + timedelta(days=2)).startswith("re_")


def test_the_balance_is_read(world: World, link: PaymentLink) -> None:
    rows = list(card_calls.balance_since(link.feed, since=world.now))
    assert rows
    for row in rows:
        assert row["object"] == "balance_transaction"
        try:
            movements(row)
        except Unreadable as no:
            pytest.fail(f"{no.reason}: {row}")
