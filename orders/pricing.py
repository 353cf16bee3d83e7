"""What a line costs, and whose money it is. Pure; the rule in words: docs/prices-and-shares.md."""

from collections.abc import Sequence
from dataclasses import dataclass

from base.money import fee_dong, line_total_dong

__all__ = ["Share", "back", "line_total_dong", "shares"]


@dataclass(frozen=True, slots=True)
class Share:
    """One lot's part in a line: ``quantity`` measures, and whole đồng."""

    quantity: int
    gross_dong: int
    fee_dong: int

    @property
    def net_dong(self) -> int:
        """What the lot's owner is owed."""
        return self.gross_dong - self.fee_dong


def shares(*, total_dong: int, quantity: int, fee_bp: int, parts: Sequence[int], start: int = 0) -> list[Share]:
    """Split a line of ``quantity`` measures and ``total_dong`` over the lots that it was filled from.

    ``parts`` are measures taken lot by lot, in the order they were taken; ``start`` is how many measures of the line
    went out before. By cumulative quantity: the parts of a whole line add up to ``total_dong``, no share is
    negative, and the odd đồng falls to the lots' owners. Sums are asserted, not hoped for.
    """
    end = start + sum(parts)
    assert total_dong >= 0, "a line never costs less than nothing"
    assert 0 <= fee_bp <= 10_000, "a rate is from nothing to all of it"
    assert all(part > 0 for part in parts), "a lot gives something or is not named"
    assert 0 <= start <= end <= quantity, "no more goes out than was ordered"
    split = []
    reached = start
    for part in parts:
        gross_before, gross_after = (total_dong * so_far // quantity for so_far in (reached, reached + part))
        fee_before, fee_after = (fee_dong(gross_dong=gross, fee_bp=fee_bp) for gross in (gross_before, gross_after))
        split.append(Share(part, gross_after - gross_before, fee_after - fee_before))
        reached += part
    assert sum(share.gross_dong for share in split) == total_dong * end // quantity - total_dong * start // quantity
    return split


def back(kept: Share, quantity: int) -> Share:
    """What bringing ``quantity`` measures back takes from one lot's part, of which ``kept`` has not come back yet.

    No rate is looked at, frozen or current: what stays is rounded down, gross by measures and fee by gross, so any mix
    of returns takes back exactly what was given once all is back (docs/books.md §4).
    """
    assert 0 < quantity <= kept.quantity, "no more comes back than is out"
    gross_stays = kept.gross_dong * (kept.quantity - quantity) // kept.quantity
    fee_stays = kept.fee_dong * gross_stays // kept.gross_dong if kept.gross_dong else 0
    return Share(quantity, kept.gross_dong - gross_stays, kept.fee_dong - fee_stays)
