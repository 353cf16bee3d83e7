"""Kill -9 of server and worker at random moments under load. PROVE=1: 200 kills."""

import os
import random

import pytest

from tests.figures import Figure
from tests.kill.reaping import reap
from tests.market import OpenMarket

pytestmark = pytest.mark.processes

KILLS = 200 if os.environ.get("PROVE") else 5


@pytest.mark.timeout(3600)
def test_what_was_acknowledged_is_there_once(open_market: OpenMarket, figure: Figure) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10_000))
    print(f"SEED={seed} chooses the same victims and the same delays again")
    with open_market() as market:
        figure(str(reap(market, seed=seed, kills=KILLS)))
