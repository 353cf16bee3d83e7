"""Which parcels of a carrier's list so much of its money clears. Pure; exact to the đồng.

A list says of each parcel what was collected and what the carrier keeps for it. In the end each parcel is cleared of
exactly what the list says: partly by money, the rest by the fee that was kept. What a parcel costs beyond what it
brings (it came back: collected 0, fee 22,000) was kept out of the other parcels of the same list, those that stand
first. Money that comes in parts fills the parcels in the order of the list; a parcel's fee is taken when its money is
whole. So it does not matter into how many parts a carrier cuts a transfer.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Said(NamedTuple):
    """A line of the list: ``key`` of the parcel, đồng collected and đồng kept for it, both from 0."""

    key: int
    said_dong: int
    fee_dong: int


class Share(NamedTuple):
    """So much money and so much of what was kept, of one parcel."""

    key: int
    net_dong: int
    fee_dong: int


NOTHING = Share(0, 0, 0)


class MoreThanLacks(ValueError):
    """More money than the list can still bring."""


def whole(lines: Sequence[Said]) -> list[Share]:
    """What each parcel is cleared by once all has come. Σ said must cover Σ fees."""
    missing = sum(max(line.fee_dong - line.said_dong, 0) for line in lines)
    shares = []
    for line in lines:
        own = min(line.fee_dong, line.said_dong)
        for_others = min(line.said_dong - own, missing)
        missing -= for_others
        shares.append(Share(line.key, line.said_dong - own - for_others, own + for_others))
    assert missing == 0, "a list brings more than it costs"
    return shares


def left(lines: Sequence[Said], *, taken: Mapping[int, Share], there: Mapping[int, int]) -> list[Share]:
    """What can still be cleared, in the order of the list.

    ``taken``: what earlier money cleared, by parcel. ``there``: what is with the carrier by the books; less than the
    list would clear where a part was written off, and then less money is to come.
    """
    shares = []
    for share in whole(lines):
        before, most = taken.get(share.key, NOTHING), max(there.get(share.key, 0), 0)
        fee = min(share.fee_dong - before.fee_dong, most)
        shares.append(Share(share.key, min(share.net_dong - before.net_dong, most - fee), fee))
    return shares


def split(still: Sequence[Share], amount_dong: int) -> list[Share]:
    """``amount_dong`` over what is ``left``; parcels of which nothing is cleared are left out. Raises MoreThanLacks."""
    if amount_dong > sum(share.net_dong for share in still):
        raise MoreThanLacks
    shares, money = [], amount_dong
    for share in still:
        net = min(share.net_dong, money)
        money -= net
        if net < share.net_dong:  # not whole: its fee waits with its rest, and so does whatever stands behind it
            if net:
                shares.append(Share(share.key, net, 0))
            break
        if net or share.fee_dong:
            shares.append(Share(share.key, net, share.fee_dong))
    return shares
