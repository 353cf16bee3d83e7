"""kill -9 between writing money down and booking it: nothing is lost, nothing is booked twice. PROVE=1: many kills."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from cooperatives.models import Entry
from payments.models import BankTransaction, Feed, Sighting
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
def running(command: list[str], elsewhere: Elsewhere) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; whatever of it still lives afterwards is ended."""
    process = subprocess.Popen(
        command, env=elsewhere.environment, cwd=settings.BASE_DIR, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def serving(application: str, elsewhere: Elsewhere) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real server, once it answers, and its address."""
    port = free_port()
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
    with running([*granian, "--port", str(port), "--log-level", "warning", application], elsewhere) as process:
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
        with serving("tests.kill.dying:application", elsewhere) as (address, server):
            with pytest.raises(requests.ConnectionError):
                deliver(address, feed, body)
            assert server.wait(timeout=10) == -signal.SIGKILL
    elsewhere.fetch()
    assert list(BankTransaction.objects.values_list("state", "used_dong")) == [("NEW", 0)] * KILLS
    assert (Sighting.objects.count(), Entry.objects.count()) == (KILLS, 0)

    with (
        serving("shop.wsgi:application", elsewhere) as (address, _server),
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
