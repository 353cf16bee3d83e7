"""Random worlds beside the model. PROVE=1: many seeds and long ones. One seed again: python -m tests.simulation."""

import logging
import os
import re

import pytest
from django.db import transaction

from payments import crediting, inbox
from tests.simulation.running import DEEDS, Broken, play

pytestmark = [pytest.mark.django_db, pytest.mark.simulation]

SEEDS, STEPS = (range(1, 61), 500) if os.environ.get("PROVE") else (range(1, 4), 200)


@pytest.fixture(autouse=True)
def quiet():
    """Forged calls are logged, as they should be; here there are many."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", SEEDS)
def test_product_and_model_agree_after_every_step(seed):
    done = play(seed=seed, steps=STEPS)
    assert sum(done.values()) > STEPS * 0.8
    assert len(done) > len(DEEDS) * 0.8, "hardly any deed was left out"


def test_a_fault_is_seen_and_says_how_to_see_it_again(monkeypatch):
    real = crediting.keep

    def forgetful(**given):
        debt = real(**given)
        given["line"].used_dong -= 1
        return debt

    monkeypatch.setattr(crediting, "keep", forgetful)
    with pytest.raises(Broken, match=r"python -m tests\.simulation --seed 1 --steps \d+"):
        play(seed=1, steps=150)


def test_a_line_counted_twice_is_seen(monkeypatch):
    monkeypatch.setattr(inbox, "_seen_elsewhere", lambda *_given, **_more: None)
    with pytest.raises(Broken, match=r"the product made the lines|rows,"):
        play(seed=1, steps=150)


def test_the_same_seed_is_the_same_world():
    told: list[list[str]] = []
    for _ in range(2):
        told.append([])
        with pytest.raises(Broken, match="stop here"), transaction.atomic():
            play(seed=7, steps=25, tell=_until(told[-1], 20))
    assert told[0] == told[1]


def _until(heard: list[str], most: int):
    def tell(said: str) -> None:
        heard.append(re.sub(r"\d+", "#", said))  # PostgreSQL does not give numbers back
        assert len(heard) < most, "stop here"

    return tell
