"""PostgreSQL stopped hard, connections cut, rows held by strangers, deadlocks: nothing is lost and nobody has to help.

A cluster of our own, because the suite's own one is not ours to stop. PROVE=1: 40 times of each.
"""

import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psycopg
import pytest
import requests
from django.db import connection

from tests import postgres
from tests.faults.enduring import Fault, endure
from tests.figures import Figure
from tests.kill.scene import FURNISHING
from tests.market import Market, running
from tests.postgres import Cluster, cluster
from tests.stored import Template

pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's own faults: test_full_disk.py"),
    pytest.mark.skipif(postgres.binaries() is None, reason=f"no PostgreSQL of our own: {postgres.INSTALL_IT}"),
]

TIMES = 40 if os.environ.get("PROVE") else 2
PATIENCE = "-c lock_timeout=250ms"  # the product waits 20 s; who has to prove it many times does not
OPTIONS = (*postgres.OPTIONS, "deadlock_timeout=50ms")


@pytest.fixture(scope="module")
def ours() -> Iterator[Cluster]:
    folder = postgres.binaries()
    assert folder is not None
    with cluster(folder, options=OPTIONS) as running_cluster:
        yield running_cluster


@pytest.fixture(scope="module")
def market(ours: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """On that cluster, and impatient."""
    folder = tmp_path_factory.mktemp("faults")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"{ours.url}?options={PATIENCE.replace(' ', '%20').replace('=', '%3D')}")
        with running(Template(folder / "template", filled_by=FURNISHING), folder / "market") as opened:
            yield opened


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("SEED") or random.SystemRandom().randrange(10_000))


def stranger(market: Market) -> "psycopg.Connection[tuple[object, ...]]":
    """Somebody else in the same database, with a minute of patience."""
    return psycopg.connect(market.database_url, options="-c lock_timeout=60s", autocommit=True)


def cut_all(market: Market) -> int:
    """Every connection of server and worker is closed under them; how many there were."""
    with stranger(market) as other:
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        found = other.execute(cut + " AND datname = current_database()").fetchone()
        assert found is not None
        return int(str(found[0]))


def faults_of(market: Market, ours: Cluster) -> dict[str, Fault]:
    @contextmanager
    def stopped(_chance: random.Random) -> Iterator[None]:
        ours.stop()
        try:
            yield
        finally:
            ours.start()

    @contextmanager
    def cut(chance: random.Random) -> Iterator[None]:
        for _time in range(chance.randint(1, 5)):
            cut_all(market)
            time.sleep(chance.uniform(0.0, 0.2))
        yield

    @contextmanager
    def rows_held(_chance: random.Random) -> Iterator[None]:
        """Somebody holds the accounts, turnstile of every call and order, longer than anybody waits."""
        with stranger(market) as other, other.transaction():
            other.execute("LOCK TABLE cooperatives_bankaccount IN EXCLUSIVE MODE")
            time.sleep(0.5)
            yield

    @contextmanager
    def deadlocks(_chance: random.Random) -> Iterator[None]:
        """Somebody takes the same rows in the opposite order, again and again: ledger first, then the line."""
        ending = threading.Event()

        def cross() -> None:
            with stranger(market) as other:
                while not ending.is_set():
                    with suppress(psycopg.errors.DeadlockDetected), other.transaction():
                        other.execute("SELECT id FROM cooperatives_ledgeraccount WHERE kind = 'bank' FOR UPDATE")
                        time.sleep(0.02)
                        other.execute("SELECT id FROM payments_banktransaction ORDER BY id DESC LIMIT 5 FOR UPDATE")

        crossing = threading.Thread(target=cross)
        crossing.start()
        try:
            yield
        finally:
            ending.set()
            crossing.join()

    return {"hard stop": stopped, "connections cut": cut, "rows held": rows_held, "deadlocks": deadlocks}


def test_a_market_gets_over_every_fault_of_its_database(
    market: Market, ours: Cluster, seed: int, figure: Figure
) -> None:
    figures = endure(market, faults_of(market, ours), seed=seed, times=TIMES)
    retries = (market.folder / "server.log").read_text().count("was locked out")
    assert figures.refused > 0, "nobody noticed"
    assert retries > 0, "no lock was ever fought for"
    figure(f"{figures}, {retries} retries after lost locks")


def ask_at_once(market: Market, *, times: int) -> list[int]:
    """Statuses of as many calls at one moment; more than the server has threads."""
    [(token,)] = market.rows("SELECT token FROM payments_feed WHERE provider = 'sepay' ORDER BY id LIMIT 1")

    def ask(_number: int) -> int:
        with requests.Session() as http:
            http.trust_env = False
            return http.post(f"{market.url}/hooks/sepay/{token}/", data=b"{}", timeout=30).status_code

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(ask, range(times)))


@pytest.mark.parametrize("fault", ["hard stop", "connections cut"])
def test_connections_that_died_in_their_sleep_fail_nobody(market: Market, ours: Cluster, fault: str) -> None:
    """The server keeps its connections between requests. A forged call is counted in the database, hence 403."""
    assert ask_at_once(market, times=12) == [403] * 12  # every thread has a connection now
    if fault == "hard stop":
        ours.stop()
        ours.start()
    else:
        assert cut_all(market) > 0
    assert ask_at_once(market, times=12) == [403] * 12
