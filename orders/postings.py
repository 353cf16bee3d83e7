"""What each document of orders books: pure, no database. The verbs post it; the audit computes it again.

One function a document, named for its event (docs/books.md §2); what a hand-over books stands in orders/fulfilling.py.
Each reads only columns of the row it is given and the relations it names; whoever goes through many rows preloads
those. An empty list means that there is nothing to book.
"""

from collections.abc import Iterable

from cooperatives.chart import Kind
from cooperatives.ledger import Acct, Move
from orders.models import DeliveryBorne, Netting, Return, ReturnLine


def returned(goods_return: Return, lines: Iterable[ReturnLine]) -> list[Move]:
    """What a bringing-back takes from everybody's share, owed to the buyer: key ``returned:<id>``, event RETURNED.

    Of a member's net, ``owed_dong`` is what she had no longer to her credit: that she owes. What the seller had borne
    of the weight is no longer lost. ``lines`` come with ``allocation.lot``.
    """
    debits: dict[Acct, int] = {}

    def take(acct: Acct, dong: int) -> None:
        debits[acct] = debits.get(acct, 0) + dong

    for line in lines:
        net_dong, member_id = line.gross_dong - line.fee_dong, line.allocation.lot.member_id
        if member_id is None:
            take(Acct(Kind.OWN_GOODS), net_dong)
        else:
            take(_owed_to(member_id), net_dong - line.owed_dong)
            take(_owed_by(member_id), line.owed_dong)
        take(Acct(Kind.FEE), line.fee_dong)
    buyer, moves = Acct(Kind.OWED_TO_PAYERS, f"order:{goods_return.order_id}"), []
    hers = goods_return.goods_dong - goods_return.borne_dong
    for debit, dong in debits.items():
        to_her = min(dong, hers)
        hers -= to_her
        moves += [(debit, buyer, to_her), (debit, Acct(Kind.LOSSES), dong - to_her)]
    moves.append((Acct(Kind.SHIPPING_CHARGED), buyer, goods_return.shipping_dong))
    return [Move(debit=debit, credit=credit, amount_dong=dong) for debit, credit, dong in moves if dong]


def delivery_borne(borne: DeliveryBorne) -> list[Move]:
    """What a member bears of carrying a refused parcel: key ``delivery_borne:<id>``, event DELIVERY_BORNE."""
    shipping = Acct(Kind.SHIPPING_CHARGED)
    parts = (
        (_owed_to(borne.member_id), borne.amount_dong - borne.owed_dong),
        (_owed_by(borne.member_id), borne.owed_dong),
    )
    return [Move(debit=debit, credit=shipping, amount_dong=dong) for debit, dong in parts if dong]


def netted(netting: Netting) -> list[Move]:
    """A member's new credit used up by what she owed; below 0, the other way round: key ``netted:<id>``, event
    NETTED."""
    hers, ours = _owed_to(netting.member_id), _owed_by(netting.member_id)
    debit, credit = (hers, ours) if netting.amount_dong > 0 else (ours, hers)
    return [Move(debit=debit, credit=credit, amount_dong=abs(netting.amount_dong))]


def _owed_to(member_id: int) -> Acct:
    return Acct(Kind.OWED_TO_MEMBERS, f"member:{member_id}")


def _owed_by(member_id: int) -> Acct:
    return Acct(Kind.OWED_BY_MEMBERS, f"member:{member_id}")
