"""SQLite without room: what is not written down is not acknowledged, and nobody has to help once there is room again.

PROVE=1: 40 times of each.
"""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import requests
from django.db import connection

from tests.faults.enduring import endure
from tests.figures import Figure
from tests.market import Market, OpenMarket

pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own faults: test_postgresql_stops.py"),
]

TIMES = 40 if os.environ.get("PROVE") else 2
ROOM_TO_GROW = 24 * 1024 * 1024


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("SEED") or random.SystemRandom().randrange(10_000))


def status_of_hook(market: Market) -> int:
    """What a nameless sender gets where the database is asked for a write: a forged call is counted."""
    [(token,)] = market.rows("SELECT token FROM payments_feed WHERE provider = 'sepay' ORDER BY id LIMIT 1")
    return requests.post(f"{market.url}/hooks/sepay/{token}/", data=b"{}", timeout=30).status_code


def test_a_database_that_may_not_grow(open_market: OpenMarket, seed: int, figure: Figure) -> None:
    with open_market(worker=False) as market:
        market.stop_server()
        market.environment["DJANGO_SETTINGS_MODULE"] = "tests.faults.capped"
        market.start_server()
        market.start_worker()
        market.wait_for("/readyz")
        cap = market.folder / "most_pages"

        @contextmanager
        def full(_chance: random.Random) -> Iterator[None]:
            cap.touch()
            try:
                yield
            finally:
                cap.unlink()

        figures = endure(market, {"may not grow": full}, seed=seed, times=TIMES, until_refused=True)
        figure(str(figures))
        assert figures.refused > 0, "it was never full"


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system of ``size`` bytes at ``folder``; skips where we may not make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no small file system here (needs root): {made.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled(market: Market, disk: Path) -> Iterator[None]:
    """Not one byte is left on it.

    A journal that has once grown is written over from its start and needs no room: only an empty one does.
    """
    [(held, _frames, _moved)] = market.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not held, "somebody kept the journal from being emptied for 20 s"
    ballast = disk / "ballast"
    try:
        with suppress(OSError), ballast.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        yield
    finally:
        ballast.unlink(missing_ok=True)


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="needs root to mount a small disk")
def test_a_disk_that_is_full(open_market: OpenMarket, seed: int, tmp_path: Path, figure: Figure) -> None:
    disk = tmp_path / "disk"
    with open_market(worker=False) as market:
        market.stop_server()
        file = market.folder / "market.sqlite3"
        with small_disk(disk, file.stat().st_size + ROOM_TO_GROW):
            try:
                market.rows("PRAGMA wal_checkpoint(TRUNCATE)")  # the last to close the journal, which is then gone
                assert not file.with_name(f"{file.name}-wal").exists(), "all of it is in the one file"
                shutil.move(file, disk / file.name)
                file.symlink_to(disk / file.name)  # SQLite keeps its journal where the file really lies
                market.start_server()
                market.start_worker()
                market.wait_for("/readyz")
                full = {"disk full": lambda _chance: filled(market, disk)}
                figures = endure(market, full, seed=seed, times=TIMES, until_refused=True)
                assert (disk / "market.sqlite3-wal").exists()
                with filled(market, disk):
                    until = time.monotonic() + 30
                    while status_of_hook(market) != 500:
                        assert time.monotonic() < until, "there is room still"
                    with closing(requests.get(f"{market.url}/healthz", timeout=10)) as answer:
                        assert answer.status_code == 200
                assert status_of_hook(market) == 403
            finally:
                market.stop_worker()
                market.stop_server()
        figure(str(figures))
        assert figures.refused > 0, "it was never full"
