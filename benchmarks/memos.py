"""How fast memos are decided: one core, 100,000 live codes, the memos of tests/memos.

Finder and verdict as settlement asks them: what could stand there, which of it exists (here a dict, there the
database), what of that is found, what it comes to. Exit 1 when everyday memos take more than 1/20,000 s of CPU each.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from base.text import squeezed
from payments.matching import codes_in, possible_codes
from tests.memos.kinds import KINDS
from tests.memos.live import Live
from tests.memos.playing import answered

OPEN, MEMOS, ROUNDS, SEED = 100_000, 20_000, 5, 7
AT_LEAST_A_SECOND = 20_000
EVERYDAY = {"whole:": 70, "bare:": 3, "one edit:": 2, "nothing meant: no code": 20, "nothing meant: a company's CP": 5}
"""Kinds by the beginning of their names, and their share in a hundred: most payers scan the QR."""


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Seconds of CPU of the quickest round: what disturbs it only ever makes it slower."""
    took = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


def measured(name: str, weights: dict[str, float], live: Live, dice: random.Random) -> float:
    """Prints one line; returns how many were decided in a second of CPU."""
    kinds = dice.choices(list(weights), list(weights.values()), k=MEMOS)
    sent = [KINDS[kind].made(live, dice) for kind in kinds]
    memos = [one.memo for one in sent]
    codes = frozenset(live.asked)
    folding = best_of(ROUNDS, lambda: [squeezed(memo) for memo in memos])
    finding = best_of(ROUNDS, lambda: [codes_in(memo, open_codes=possible_codes(memo) & codes) for memo in memos])
    deciding = best_of(ROUNDS, lambda: [answered(one, live) for one in sent])
    print(
        f"memos, {name}: {MEMOS / deciding:,.0f} decided a second of CPU; {deciding / folding:.1f} × folding the text "
        f"alone, {deciding / finding:.2f} × finding the codes; {OPEN:,} live codes, seed {SEED}"
    )
    return MEMOS / deciding


def main() -> int:
    dice = random.Random(SEED)
    live = Live(OPEN, dice)
    of_each = {beginning: [kind for kind in KINDS if kind.startswith(beginning)] for beginning in EVERYDAY}
    everyday = {kind: EVERYDAY[start] / len(kinds) for start, kinds in of_each.items() for kind in kinds}
    a_second = measured("everyday", everyday, live, dice)
    measured("half of them damaged or traps", {kind: KINDS[kind].weight for kind in KINDS}, live, dice)
    return 0 if a_second >= AT_LEAST_A_SECOND else 1


if __name__ == "__main__":
    sys.exit(main())
