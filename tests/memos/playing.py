"""Many memos through finder and verdict, and a count of what came of each kind beside what the payer meant."""

import random
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from payments.matching import Verdict, codes_in, possible_codes, verdict
from tests.memos.kinds import KINDS, Expected, Sent
from tests.memos.live import Live

WHOLE_RECALL, ONE_EDIT_PROPOSED = 0.995, 0.95
_KEPT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@dataclass
class Tally:
    """What came of one kind. ``examples`` are false credits, with everything that is needed to see them again."""

    expected: Expected
    came: Counter[str] = field(default_factory=Counter)
    misleading: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        return self.came.total()

    @property
    def false(self) -> int:
        return self.came["false"]

    @property
    def good(self) -> int:
        """As expected; where a person is expected to look, prepared work is no fault."""
        return self.came[self.expected] + (self.came["proposed"] if self.expected == "held" else 0)


def play(*, n: int, open_codes: int, seed: int) -> dict[str, Tally]:
    """``n`` memos of all kinds, by weight, against ``open_codes`` live codes."""
    dice = random.Random(f"memos {seed}")
    live = Live(open_codes, dice)
    tallies = {name: Tally(kind.expected) for name, kind in KINDS.items()}
    names, weights = list(KINDS), [kind.weight for kind in KINDS.values()]
    for name in dice.choices(names, weights, k=n):
        sent = KINDS[name].made(live, dice)
        said = answered(sent, live)
        came = judged(sent, said)
        tally = tallies[name]
        tally.came[came] += 1
        tally.misleading += came != "false" and _misleads(sent, said)
        if came == "false" and len(tally.examples) < 5:
            tally.examples.append(f"{sent} -> {said}")
    return tallies


def answered(sent: Sent, live: Live) -> Verdict:
    """As settlement does it: what could stand there, which of it exists, what of that is found, what it comes to."""
    asked = [live.asked[code] for code in possible_codes(sent.memo) if code in live.asked]
    found = codes_in(sent.memo, open_codes={one.code for one in asked})
    return verdict(
        received_dong=sent.dong, found=found, asked=asked, organization_id=sent.organization_id,
        account_id=sent.account_id,
    )  # fmt: skip


def judged(sent: Sent, said: Verdict) -> str:
    """``settled`` (rightly), ``proposed`` (what was meant waits for one tap), ``held``, or ``false``."""
    if said.settles is not None:
        right = sent.meant == (said.settles,) and said.settles[2:] in letters(sent.memo)
        return "settled" if right and said.settle_dong + said.excess_dong == sent.dong else "false"
    meant = frozenset(sent.meant)
    if meant and any({part.code for part in proposal.parts} == meant for proposal in said.proposals):
        return "proposed"
    return "held"


def _misleads(sent: Sent, said: Verdict) -> bool:
    """Whether the one proposal marked best is not what was meant. A person still has to tap it."""
    best = [proposal for proposal in said.proposals if proposal.best]
    return any({part.code for part in proposal.parts} != set(sent.meant) for proposal in best)


def letters(memo: str) -> str:
    """What of ``memo`` a code could be made of: nothing is settled whose symbols do not stand there one by one."""
    plain = unicodedata.normalize("NFKD", memo.replace("đ", "d").replace("Đ", "D")).upper()
    return "".join(letter for letter in plain if letter in _KEPT)


def share(tallies: dict[str, Tally], beginning: str) -> float:
    """How much of the kinds whose names begin so came out as expected."""
    chosen = [tally for name, tally in tallies.items() if name.startswith(beginning)]
    return sum(tally.good for tally in chosen) / max(1, sum(tally.n for tally in chosen))
