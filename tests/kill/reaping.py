"""Kill -9 at random moments, under load: the server, the worker, or both at once."""

import random
import time
from dataclasses import dataclass

from tests.kill.load import Load
from tests.kill.reconciling import SETTLED_WITHIN_S, assert_audit_is_clean, compared, new_lines, wait_until_settled
from tests.market import Market

VICTIMS = ("server", "server", "server", "worker", "both")
LONGEST_LIFE_S = 0.8


@dataclass
class Figures:
    """What a run came to; ``str()`` is the line that is printed."""

    database: str
    seed: int
    kills: int = 0
    new_at_death: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    repeated: int = 0
    lost: int = 0
    twice: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"kill: {self.database} seed {self.seed}: {self.kills} kills, {self.acknowledged} acknowledged, "
            f"{self.unanswered} tries unanswered, {self.repeated} acknowledged twice, {self.new_at_death} lines NEW "
            f"at death, {self.lost} lost, {self.twice} twice, audit 0, {self.seconds:.0f} s"
        )


def reap(market: Market, *, seed: int, kills: int) -> Figures:
    """``kills`` times; fails on the first thing that is lost, doubled, or NEW for a minute with a worker there."""
    began, chance = time.monotonic(), random.Random(seed)
    figures = Figures(market.database_url.split(":")[0], seed)
    with Load(market, seed=seed) as load:
        since: dict[int, float] = {}
        for _number in range(kills):
            time.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
            victim = chance.choice(VICTIMS)
            if victim in ("server", "both"):
                market.kill_server()
            if victim in ("worker", "both"):
                market.kill_worker()
            figures.kills += 1
            now, waiting = time.monotonic(), new_lines(market)
            figures.new_at_death += len(waiting - set(since))
            since = {pk: since.get(pk, now) for pk in waiting}
            late = [pk for pk, seen in since.items() if now - seen > SETTLED_WITHIN_S]
            assert not late, f"NEW for more than {SETTLED_WITHIN_S} s: {late}\n{market.logs()}"
            if victim in ("worker", "both"):
                market.start_worker()
            if victim in ("server", "both"):
                market.start_server()
    wait_until_settled(market)
    difference = compared(market, load)
    book = load.book
    figures.acknowledged, figures.unanswered, figures.repeated = book.acknowledged, book.unanswered, book.repeated
    figures.lost, figures.twice = len(difference.missing), len(difference.twice)
    figures.seconds = time.monotonic() - began
    assert not difference, f"{figures}\n{difference}"
    assert book.calls, "nobody paid"
    assert book.orders, "nobody bought"
    assert_audit_is_clean(market)
    return figures
