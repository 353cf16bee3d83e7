"""What is owed at the moment: codes in the hands of payers, with dues, organizations and accounts. Invented by a seed.

The codes are made here, by the rule as it is written down and not by the product, so that what a payer *meant* never
comes from what is being tested. A tenth of the organizations are classes: everybody owes the same, so that an amount
proves nothing there. Some codes are planted beside each other, as near as codes can lie, with equal dues.
"""

import random
from collections.abc import Hashable
from dataclasses import dataclass

from payments.matching import Asked, AskedState

SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ORGANIZATIONS = 60
CLASSES = 6
SAME_FOR_ALL_DONG = 185_000


@dataclass(frozen=True)
class Neighbours:
    """``other`` is ``meant`` without the symbol at ``place`` and with ``gained`` behind: both live, dues equal."""

    meant: str
    other: str
    place: int
    gained: str


class Live:
    """``count`` open requests, a tenth as many closed ones, and which of the open lie beside each other."""

    def __init__(self, count: int, dice: random.Random) -> None:
        self.asked: dict[str, Asked] = {}
        self.neighbours: list[Neighbours] = []
        planted = count // 100
        while len(self.asked) < count - planted:
            self._ask(code(dice), "open", dice)
        some = list(self.asked)
        self.scattered = [self.asked[one] for one in some]
        while len(self.asked) < count:
            self._plant(dice.choice(some), dice)
        near = {pair.meant for pair in self.neighbours}
        self.scattered = [one for one in self.scattered if one.code not in near]
        self.open = list(self.asked.values())
        closed: list[AskedState] = ["paid", "expired", "cancelled"]
        while len(self.asked) < count + count // 10:
            self._ask(code(dice), dice.choice(closed), dice)
        self.closed = list(self.asked.values())[count:]
        self.of_account = _grouped(self.scattered, "account_id")
        self.closed_of = _grouped(self.closed, "organization_id")

    def _ask(self, new: str, state: AskedState, dice: random.Random) -> None:
        if new in self.asked:
            return
        organization = dice.randrange(ORGANIZATIONS)
        due_dong = SAME_FOR_ALL_DONG if organization < CLASSES else dice.randrange(10, 6_000) * 500
        account = organization * 2 + (dice.random() < 0.1)
        self.asked[new] = Asked(new, 0 if state == "paid" else due_dong, state, organization, account)

    def _plant(self, meant: str, dice: random.Random) -> None:
        symbols = meant[2:]
        for place in dice.sample(range(8), 8):
            for gained in SYMBOLS:
                other = "CP" + symbols[:place] + symbols[place + 1 :] + gained
                if other not in self.asked and fits(other[2:]):
                    one = self.asked[meant]
                    self.asked[other] = Asked(other, one.due_dong, "open", one.organization_id, one.account_id)
                    self.neighbours.append(Neighbours(meant, other, place, gained))
                    return


def _grouped(asked: list[Asked], name: str) -> dict[Hashable, list[Asked]]:
    groups: dict[Hashable, list[Asked]] = {}
    for one in asked:
        groups.setdefault(getattr(one, name), []).append(one)
    return groups


def code(dice: random.Random) -> str:
    """Six symbols by chance and the two that make Σ cᵢ ≡ Σ i·cᵢ ≡ 0 (mod 31)."""
    body = dice.choices(range(31), k=6)
    plain, weighted = sum(body), sum(place * value for place, value in enumerate(body, 1))
    last = (7 * plain - weighted) % 31
    return "CP" + "".join(SYMBOLS[value] for value in (*body, (-plain - last) % 31, last))


def fits(symbols: str) -> bool:
    values = [SYMBOLS.index(symbol) for symbol in symbols]
    return sum(values) % 31 == 0 and sum(place * value for place, value in enumerate(values, 1)) % 31 == 0
