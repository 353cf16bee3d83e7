"""kill -9 at named places of a call and of an order: nothing is lost, nothing is there twice. PROVE=1: many kills."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from graphql_relay import to_global_id

from cooperatives.models import Entry
from orders.models import Order
from payments.models import BankTransaction, Feed, PaymentRequest, Sighting
from payments.providers import sepay
from tests.elsewhere import Elsewhere
from tests.payments.conftest import KEY, order_bags, request_of
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

KILLS = 20 if os.environ.get("PROVE") else 1
UP_WITHIN_S = 60
SETTLED_WITHIN_S = 60


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path / "kill.sqlite3")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], elsewhere: Elsewhere, *, dies: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; whatever of it still lives afterwards is ended."""
    process = subprocess.Popen(
        command, env={**elsewhere.environment, "DIES": dies}, cwd=settings.BASE_DIR, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        with suppress(ProcessLookupError):  # its children with it, should it have left any
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def serving(elsewhere: Elsewhere, *, dies: str = "") -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real server, once it answers, and its address. ``dies``: where its power is cut (tests/kill/dying.py)."""
    application = "tests.kill.dying:application" if dies else "shop.wsgi:application"
    port = free_port()
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
    with running(
        [*granian, "--port", str(port), "--log-level", "warning", application], elsewhere, dies=dies
    ) as process:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + UP_WITHIN_S
        while True:
            assert process.poll() is None, "the server ended before it answered"
            assert time.monotonic() < until, "the server does not answer"
            try:
                if requests.get(f"{address}/healthz", timeout=2).ok:
                    break
            except requests.RequestException:
                time.sleep(0.1)
        yield address, process


def deliver(address: str, feed: Feed, body: bytes) -> int:
    headers = sepay.signed_call(key=KEY, body=body, now=int(timezone.now().timestamp()))
    return requests.post(f"{address}/hooks/sepay/{feed.token}/", data=body, headers=headers, timeout=30).status_code


def state_of(address: str, code: str) -> str:
    query = "query ($code: String!) { paymentRequest(code: $code) { state } }"
    asked = {"query": query, "variables": {"code": code}}
    answer = requests.post(f"{address}/graphql/", json=asked, timeout=10).json()
    return str(answer["data"]["paymentRequest"]["state"])


def test_killed_between_evidence_and_booking(world: World, feed: Feed, elsewhere: Elsewhere) -> None:
    now = timezone.now()
    codes = [request_of(order_bags(world, 1, at=now)).code for _kill in range(KILLS)]
    bodies = [
        sepay.call_body(source_id=number, account=world.bank_account.number, dong=75_000, memo=code, happened_at=now)
        for number, code in enumerate(codes, start=1)
    ]
    elsewhere.send()
    for body in bodies:
        with serving(elsewhere, dies="before payments.settlement:try_to_settle") as (address, server):
            with pytest.raises(requests.ConnectionError):
                deliver(address, feed, body)
            assert server.wait(timeout=10) == -signal.SIGKILL
    elsewhere.fetch()
    assert list(BankTransaction.objects.values_list("state", "used_dong")) == [("NEW", 0)] * KILLS
    assert (Sighting.objects.count(), Entry.objects.count()) == (KILLS, 0)

    with (
        serving(elsewhere) as (address, _server),
        running([sys.executable, "manage.py", "worker"], elsewhere),
    ):
        started = time.monotonic()
        while not all(state_of(address, code) == "PAID" for code in codes):
            assert time.monotonic() - started < SETTLED_WITHIN_S, "the worker did not finish what was written down"
            time.sleep(0.2)
        assert [deliver(address, feed, body) for body in bodies] == [200] * KILLS  # the sender repeats, as senders do
        ready = requests.get(f"{address}/readyz", timeout=10)
        assert ready.json()["checks"]["worker"] == "ok", ready.text
    elsewhere.fetch()
    assert (Sighting.objects.count(), BankTransaction.objects.count()) == (KILLS, KILLS)
    assert sorted(Entry.objects.values_list("event", flat=True)) == ["arrived"] * KILLS + ["settled"] * KILLS
    out = StringIO()
    call_command("books", "audit", stdout=out)  # ends with an error unless everything adds up
    for line in out.getvalue().splitlines():
        assert json.loads(line)["unexplained_dong"] == 0


PLACE = """mutation($input: OrderPlaceInput!) { orderPlace(input: $input) {
    orders { number paymentRequests { code } } errors { code } } }"""
# goods reserved and nothing committed; all written and nothing committed; all committed and nobody answered
DYING_PLACES = (
    "after orders.placing:place_orders",
    "after payments.checkout:_ask_for_money",
    "after payments.checkout:place",
)


def place(address: str, variant: int, key: str) -> dict[str, object]:
    line = {"variantId": to_global_id("Variant", variant), "quantity": 2}
    buyer = {"name": "Hoàng Văn Dũng", "phone": "0912000004", "address": "Thôn Nộn Khê"}
    asked = {"lines": [line], "buyer": buyer, "idempotencyKey": key}
    answer = requests.post(f"{address}/graphql/", json={"query": PLACE, "variables": {"input": asked}}, timeout=30)
    told: dict[str, object] = answer.json()["data"]["orderPlace"]
    return told


def test_killed_while_an_order_is_placed(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.send()
    for dies in DYING_PLACES:
        with serving(elsewhere, dies=dies) as (address, server):
            with pytest.raises(requests.ConnectionError):
                place(address, world.variant.pk, dies)
            assert server.wait(timeout=10) == -signal.SIGKILL
    elsewhere.fetch()
    world.variant.refresh_from_db()
    assert (Order.objects.count(), PaymentRequest.objects.count(), world.variant.reserved) == (1, 1, 2)
    with serving(elsewhere) as (address, _server):
        first, again = ([place(address, world.variant.pk, dies) for dies in DYING_PLACES] for _time in range(2))
    assert first == again
    assert [answer["errors"] for answer in first] == [[]] * 3
    elsewhere.fetch()
    world.variant.refresh_from_db()
    assert (Order.objects.count(), PaymentRequest.objects.count(), world.variant.reserved) == (3, 3, 6)
