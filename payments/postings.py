"""What each document of payments books: pure, no database. The verbs post it; the audit computes it again.

One function a document, named for its event (docs/books.md §2). Each reads only columns of the row it is given, its
``payment_request``, ``refund``, ``bill`` and ``shares``; whoever goes through many rows preloads those. An empty list
means that there is nothing to book.
"""

from collections.abc import Iterable

from cooperatives.chart import Kind
from cooperatives.ledger import Acct, Move
from payments.models import (
    BankTransaction,
    CashCount,
    CashHandover,
    CashReceipt,
    CreditUse,
    Explanation,
    GivenBack,
    ItemShare,
    KeptDebt,
    OpeningBalance,
    Refund,
    RefundMovement,
    Release,
    Settlement,
)


def arrived(transaction: BankTransaction) -> list[Move]:
    """A line into the bank: waiting until somebody says what it is for. Nothing for a line of 0 đồng."""
    return _moves((_bank(transaction.bank_account_id), _arrival(transaction.pk), transaction.amount_dong))


def departed(transaction: BankTransaction) -> list[Move]:
    """A line out of the bank, unexplained until a refund, a payout or a cost is matched to it."""
    return _moves((_departure(transaction.pk), _bank(transaction.bank_account_id), transaction.amount_dong))


def settled(settlement: Settlement) -> list[Move]:
    """Part of an arrival into an order's purse or into the items of bills; what is beyond is owed to its payer."""
    arrival, request = _arrival(settlement.transaction_id), settlement.payment_request
    subject = f"order:{request.order_id}" if request.order_id else f"account:{request.account_id}"
    if request.order_id:
        taken = [(_purse(request.order_id), settlement.credited_dong)]
    else:
        taken = _items(settlement.shares.all())
    debt = Acct(Kind.OWED_TO_PAYERS, subject)
    return _moves(*((arrival, acct, dong) for acct, dong in taken), (arrival, debt, settlement.excess_dong))


def kept(kept_debt: KeptDebt) -> list[Move]:
    """Part of an arrival that belongs to no open request: owed to whoever paid it."""
    debt = Acct(Kind.OWED_TO_PAYERS, kept_debt.subject)
    return _moves((_arrival(kept_debt.transaction_id), debt, kept_debt.amount_dong))


def cash(receipt: CashReceipt) -> list[Move]:
    """Cash into the keeper's box and the order's purse or the items of bills; rounding to the cash step is a receipt,
    or a loss that the last of them bears."""
    box, request = Acct(Kind.CASH, f"keeper:{receipt.keeper_id}"), receipt.payment_request
    given = [(_purse(request.order_id), receipt.credited_dong)] if request.order_id else _items(receipt.shares.all())
    counted, moves = min(receipt.amount_dong, receipt.credited_dong), []
    for acct, dong in given:
        in_cash = min(dong, counted)
        moves += [(box, acct, in_cash), (Acct(Kind.LOSSES), acct, dong - in_cash)]
        counted -= in_cash
    over = max(receipt.amount_dong - receipt.credited_dong, 0)
    return _moves(*moves, (box, Acct(Kind.OTHER_RECEIPTS), over))


def credit_used(use: CreditUse) -> list[Move]:
    """What was owed to the payer of an account, into the items of one of its bills."""
    debt = Acct(Kind.OWED_TO_PAYERS, f"account:{use.account_id}")
    return _moves(*((debt, acct, dong) for acct, dong in _items(use.shares.all())))


def given_back(back: GivenBack) -> list[Move]:
    """What had been paid for items of a bill, owed to its payer again. Reads ``bill.account_id``."""
    debt = Acct(Kind.OWED_TO_PAYERS, f"account:{back.bill.account_id}")
    return _moves(*((acct, debt, dong) for acct, dong in _items(back.shares.all())))


def cash_moved(handover: CashHandover) -> list[Move]:
    """From one keeper's box to another's."""
    giver, taker = (Acct(Kind.CASH, f"keeper:{pk}") for pk in (handover.from_keeper_id, handover.to_keeper_id))
    return _moves((taker, giver, handover.amount_dong))


def counted(count: CashCount) -> list[Move]:
    """What a count found missing is a loss, what it found too much another receipt; nothing where it fits."""
    box, over = Acct(Kind.CASH, f"keeper:{count.keeper_id}"), count.counted_dong - count.expected_dong
    return _moves((Acct(Kind.LOSSES), box, max(-over, 0)), (box, Acct(Kind.OTHER_RECEIPTS), max(over, 0)))


def released(release: Release, *, owed_by_buyers_dong: int = 0) -> list[Move]:
    """An order's purse given back: first against what its buyer owes, the rest owed to the payer."""
    purse, subject = _purse(release.order_id), f"order:{release.order_id}"
    against = min(owed_by_buyers_dong, release.amount_dong)
    return _moves(
        (purse, Acct(Kind.OWED_BY_BUYERS, subject), against),
        (purse, Acct(Kind.OWED_TO_PAYERS, subject), release.amount_dong - against),
    )


def ordered_out(refund: Refund) -> list[Move]:
    """A debt to a payer that is being sent back: no longer owed, and not gone yet."""
    return _moves((Acct(Kind.OWED_TO_PAYERS, refund.subject), _way_out(refund.pk), refund.amount_dong))


def sent(movement: RefundMovement) -> list[Move]:
    """The bank's line that carried a refund away."""
    return _moves((_way_out(movement.refund_id), _departure(movement.transaction_id), movement.amount_dong))


def bounced(movement: RefundMovement) -> list[Move]:
    """A refund that came in again: owed as before."""
    debt = Acct(Kind.OWED_TO_PAYERS, movement.refund.subject)
    return _moves((_arrival(movement.transaction_id), debt, movement.amount_dong))


def explained(explanation: Explanation) -> list[Move]:
    """What a person says that (part of) a line was for; a dispute takes the order's purse first, then is owed."""
    dong, pk = explanation.amount_dong, explanation.transaction_id
    if explanation.kind == Explanation.Kind.OTHER_RECEIPT:
        return _moves((_arrival(pk), Acct(Kind.OTHER_RECEIPTS), dong))
    if explanation.kind == Explanation.Kind.BANKED:
        return _moves((_arrival(pk), Acct(Kind.CASH, f"keeper:{explanation.keeper_id}"), dong))
    if explanation.kind == Explanation.Kind.OWN_TRANSFER:
        assert explanation.counterpart_id is not None
        return _moves((_arrival(explanation.counterpart_id), _departure(pk), dong))
    if explanation.kind == Explanation.Kind.DISPUTED:
        owed = Acct(Kind.OWED_BY_BUYERS, f"order:{explanation.order_id}")
        return _moves(
            (_purse(explanation.order_id), _departure(pk), explanation.from_purse_dong),
            (owed, _departure(pk), dong - explanation.from_purse_dong),
        )
    costs = {
        Explanation.Kind.BANK_FEE: Kind.CHARGES,
        Explanation.Kind.OWN_SPENDING: Kind.OWN_SPENDING,
        Explanation.Kind.CARRIER_COST: Kind.SHIPPING_COST,
    }
    return _moves((Acct(costs[Explanation.Kind(explanation.kind)]), _departure(pk), dong))


def opened(opening: OpeningBalance) -> list[Move]:
    """What a bank account held on the opening day; an overdrawn one is on the other side."""
    bank, other = _bank(opening.bank_account_id), Acct(Kind.OPENING)
    return _moves((bank, other, max(opening.amount_dong, 0)), (other, bank, max(-opening.amount_dong, 0)))


def _bank(bank_account_id: int) -> Acct:
    return Acct(Kind.BANK, f"bank_account:{bank_account_id}")


def _arrival(transaction_id: int) -> Acct:
    return Acct(Kind.UNMATCHED_ARRIVALS, f"transaction:{transaction_id}")


def _departure(transaction_id: int) -> Acct:
    return Acct(Kind.UNMATCHED_DEPARTURES, f"transaction:{transaction_id}")


def _way_out(refund_id: int) -> Acct:
    return Acct(Kind.ON_THE_WAY_OUT, f"refund:{refund_id}")


def _purse(order_id: int | None) -> Acct:
    assert order_id is not None, "a purse is an order's"
    return Acct(Kind.PREPAID, f"order:{order_id}")


def _items(shares: Iterable[ItemShare]) -> list[tuple[Acct, int]]:
    """Turnover of each fee item, in the order in which the shares were filled; bills of one item add up."""
    found: dict[int, int] = {}
    for share in sorted(shares, key=lambda share: share.pk):
        found[share.fee_item_id] = found.get(share.fee_item_id, 0) + share.amount_dong
    return [(Acct(Kind.BILL_ITEMS, f"fee_item:{fee_item_id}"), dong) for fee_item_id, dong in found.items()]


def _moves(*parts: tuple[Acct, Acct, int]) -> list[Move]:
    """(debit, credit, đồng) as moves, without those of 0 đồng."""
    return [Move(debit=debit, credit=credit, amount_dong=dong) for debit, credit, dong in parts if dong]
