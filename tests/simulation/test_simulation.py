"""Random worlds beside the model. PROVE=1: 100,000 steps. One seed again: python -m tests.simulation."""

import logging
import os
import re
import subprocess
import sys
import time

import pytest
from django.db import connection, transaction

from payments import crediting, inbox, refund_lines
from tests.figures import Figure
from tests.simulation.running import DEEDS, Broken, play

pytestmark = pytest.mark.simulation

PROVE = bool(os.environ.get("PROVE"))
# ten worlds, five on each database
SEEDS, STEPS = range(1, 6) if connection.vendor == "sqlite" else range(6, 11), 250
LONG_SEEDS, LONG_STEPS, PROCESSES = 200, 500, 2


@pytest.fixture(autouse=True)
def quiet():
    """Forged calls are logged, as they should be; here there are many."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.django_db
@pytest.mark.skipif(PROVE, reason="the long run plays these seeds too")
@pytest.mark.parametrize("seed", SEEDS)
def test_product_and_model_agree_after_every_step(seed):
    done = play(seed=seed, steps=STEPS)
    assert sum(done.values()) > STEPS * 0.7
    assert len(done) > len(DEEDS) * 0.8, "hardly any deed was left out"


@pytest.mark.skipif(not PROVE, reason="PROVE=1")
@pytest.mark.timeout(4 * 3600)
def test_a_hundred_thousand_steps(figure: Figure) -> None:
    """Each process has a database of its own, and says every seed as soon as it was played."""
    began, share = time.monotonic(), LONG_SEEDS // PROCESSES
    command = [sys.executable, "-m", "tests.simulation", "--seeds", str(share), "--steps", str(LONG_STEPS)]
    started = [
        subprocess.Popen([*command, "--seed", str(1 + number * share), *_own_database(number)], stdout=subprocess.PIPE)
        for number in range(PROCESSES)
    ]
    said = [process.communicate()[0].decode() for process in started]
    breaks = [line for output in said for line in output.splitlines() if "see it again" in line]
    played = sum(len(re.findall(r"^seed \d+: \d+ deeds", output, re.MULTILINE)) for output in said)
    figure(
        f"simulation: {connection.vendor}, seeds 1-{LONG_SEEDS} × {LONG_STEPS} steps = {LONG_SEEDS * LONG_STEPS:,} "
        f"steps, {len(breaks)} breaks, {time.monotonic() - began:.0f} s"
    )
    assert (breaks, played) == ([], LONG_SEEDS), "\n".join(said)[-8_000:]
    assert [process.returncode for process in started] == [0] * PROCESSES


def _own_database(number: int) -> list[str]:
    """SQLite's is in memory; a server's needs a name of its own."""
    return [] if connection.vendor == "sqlite" else ["--name", f"test_simulation_{os.getpid()}_{number}"]


@pytest.mark.django_db
def test_a_fault_is_seen_and_says_how_to_see_it_again(monkeypatch):
    real = crediting.keep

    def forgetful(**given):
        debt = real(**given)
        given["line"].used_dong -= 1
        return debt

    monkeypatch.setattr(crediting, "keep", forgetful)
    with pytest.raises(Broken, match=r"python -m tests\.simulation --seed 1 --steps \d+"):
        play(seed=1, steps=150)


@pytest.mark.django_db
def test_a_line_counted_twice_is_seen(monkeypatch):
    monkeypatch.setattr(inbox, "known_lines", lambda *_given, **_more: inbox.KnownLines([]))
    with pytest.raises(Broken):
        play(seed=1, steps=150)


@pytest.mark.django_db
def test_a_refund_closed_by_any_line_is_seen(monkeypatch):
    monkeypatch.setattr(refund_lines, "fits", lambda _line, refund: refund.state == "ordered")
    with pytest.raises(Broken):
        _play_some()


def _play_some() -> None:
    """A fault that needs a rare deed: several worlds are looked at for it."""
    for seed in range(1, 9):
        with transaction.atomic():
            play(seed=seed, steps=250)
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_same_seed_is_the_same_world():
    told: list[list[str]] = []
    for _ in range(2):
        told.append([])
        with pytest.raises(Broken, match="stop here"), transaction.atomic():
            play(seed=7, steps=45, tell=_until(told[-1], 40))
    assert told[0] == told[1]


def _until(heard: list[str], most: int):
    def tell(said: str) -> None:
        heard.append(re.sub(r"\d+", "#", said))  # PostgreSQL does not give numbers back
        assert len(heard) < most, "stop here"

    return tell
