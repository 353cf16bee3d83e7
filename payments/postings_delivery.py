"""What the documents of deliveries, made good money and cash paid out book: pure, as in payments/postings.py.

The keys and events of each: ``collected:<id>`` COLLECTED, ``remitted:<payment id>`` REMITTED, ``made_good:<id>``
MADE_GOOD, ``deposit_kept:<id>`` DEPOSIT_KEPT, ``cash_out:<id>`` with ``cash_out_event``.
"""

from collections.abc import Iterable

from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct, Move
from payments.models import CashVoucher, Collection, DepositKept, MadeGood, RemittancePayment, RemittanceShare


def collected(collection: Collection) -> list[Move]:
    """What the buyer gave to whoever brought the parcel: with the carrier, and in the order's purse."""
    carrier = Acct(Kind.WITH_CARRIER, f"shipment:{collection.shipment_id}")
    return [Move(debit=carrier, credit=_purse(collection.order_id), amount_dong=collection.amount_dong)]


def remitted(payment: RemittancePayment, shares: Iterable[RemittanceShare]) -> list[Move]:
    """Money of a list, parcel by parcel: what came, and what the carrier kept for its work."""
    if payment.transaction_id is not None:
        source = Acct(Kind.UNMATCHED_ARRIVALS, f"transaction:{payment.transaction_id}")
    else:
        source = Acct(Kind.CASH, f"keeper:{payment.keeper_id}")
    moves = []
    for share in shares:
        carrier = Acct(Kind.WITH_CARRIER, f"shipment:{share.shipment_id}")
        for debit, dong in ((source, share.net_dong), (Acct(Kind.SHIPPING_COST), share.fee_dong)):
            if dong:
                moves.append(Move(debit=debit, credit=carrier, amount_dong=dong))
    return moves


def made_good(made: MadeGood) -> list[Move]:
    """What the cooperative bears: into a purse, to a member, to a buyer, or instead of what a carrier did not bring."""
    subjects = {
        MadeGood.Kind.WEIGHT: _purse(made.order_id),
        MadeGood.Kind.LOST: Acct(Kind.OWED_TO_MEMBERS, f"member:{made.member_id}"),
        MadeGood.Kind.SHORT: Acct(Kind.WITH_CARRIER, f"shipment:{made.shipment_id}"),
        MadeGood.Kind.GOODWILL: Acct(Kind.OWED_TO_PAYERS, f"order:{made.order_id}"),
    }
    credit = subjects[MadeGood.Kind(made.kind)]
    return [Move(debit=Acct(Kind.LOSSES), credit=credit, amount_dong=made.amount_dong)]


def deposit_kept(kept: DepositKept) -> list[Move]:
    """Of a refused parcel's deposit, what pays for its carriage."""
    return [Move(debit=_purse(kept.order_id), credit=Acct(Kind.SHIPPING_CHARGED), amount_dong=kept.amount_dong)]


def cash_paid_out(voucher: CashVoucher) -> list[Move]:
    """Cash out of the keeper's box: to a member, to a buyer, or for a cost."""
    debits = {
        CashVoucher.Kind.MEMBER: Acct(Kind.OWED_TO_MEMBERS, f"member:{voucher.member_id}"),
        CashVoucher.Kind.BUYER: Acct(Kind.OWED_TO_PAYERS, f"order:{voucher.order_id}"),
        CashVoucher.Kind.CARRIAGE: Acct(Kind.SHIPPING_COST),
        CashVoucher.Kind.SPENDING: Acct(Kind.OWN_SPENDING),
    }
    box = Acct(Kind.CASH, f"keeper:{voucher.keeper_id}")
    return [Move(debit=debits[CashVoucher.Kind(voucher.kind)], credit=box, amount_dong=voucher.amount_dong)]


def cash_out_event(voucher: CashVoucher) -> Event:
    """What is owed is paid; a cost is paid for."""
    owed = voucher.kind in {CashVoucher.Kind.MEMBER, CashVoucher.Kind.BUYER}
    return Event.PAID_IN_CASH if owed else Event.COST_PAID


def _purse(order_id: int) -> Acct:
    return Acct(Kind.PREPAID, f"order:{order_id}")
