"""The chart of accounts and the events that may move them (docs/books.md §1 and §2).

A posting whose pair of account kinds is not in its event's row is refused. Events are added here
as issues need them; nothing else decides what may be booked.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    BANK = "bank"
    CASH = "cash"
    WITH_CARRIER = "with_carrier"
    UNMATCHED_DEPARTURES = "unmatched_departures"
    OWED_BY_BUYERS = "owed_by_buyers"
    OWED_BY_MEMBERS = "owed_by_members"
    UNMATCHED_ARRIVALS = "unmatched_arrivals"
    PREPAID = "prepaid"
    OWED_TO_PAYERS = "owed_to_payers"
    OWED_TO_MEMBERS = "owed_to_members"
    ON_THE_WAY_OUT = "on_the_way_out"
    BILL_ITEMS = "bill_items"
    OWN_GOODS = "own_goods"
    FEE = "fee"
    SHIPPING_CHARGED = "shipping_charged"
    OTHER_RECEIPTS = "other_receipts"
    SHIPPING_COST = "shipping_cost"
    LOSSES = "losses"
    CHARGES = "charges"
    OWN_SPENDING = "own_spending"
    OPENING = "opening"


@dataclass(frozen=True)
class Shape:
    """``side``: D or C. ``below_zero``: may the balance fall below 0? ``subject``: what one account is opened for."""

    side: str
    below_zero: bool
    subject: str


SHAPES: dict[Kind, Shape] = {
    Kind.BANK: Shape("D", True, "bank_account"),
    Kind.CASH: Shape("D", False, "keeper"),
    # A neighbour or a driver who collects is a carrier.
    Kind.WITH_CARRIER: Shape("D", False, "shipment"),
    Kind.UNMATCHED_DEPARTURES: Shape("D", False, "transaction"),
    Kind.OWED_BY_BUYERS: Shape("D", False, "order"),
    Kind.OWED_BY_MEMBERS: Shape("D", False, "member"),
    Kind.UNMATCHED_ARRIVALS: Shape("C", False, "transaction"),
    Kind.PREPAID: Shape("C", False, "order"),
    Kind.OWED_TO_PAYERS: Shape("C", False, "order, account or transaction"),
    Kind.OWED_TO_MEMBERS: Shape("C", False, "member"),
    Kind.ON_THE_WAY_OUT: Shape("C", False, "refund"),
    Kind.BILL_ITEMS: Shape("C", False, "fee_item"),
    Kind.OWN_GOODS: Shape("C", True, ""),
    Kind.FEE: Shape("C", True, ""),
    Kind.SHIPPING_CHARGED: Shape("C", True, ""),
    Kind.OTHER_RECEIPTS: Shape("C", True, ""),
    Kind.SHIPPING_COST: Shape("D", True, ""),
    Kind.LOSSES: Shape("D", True, ""),
    Kind.CHARGES: Shape("D", True, ""),
    Kind.OWN_SPENDING: Shape("D", True, ""),
    Kind.OPENING: Shape("C", True, ""),
}


class Event(StrEnum):
    ARRIVED = "arrived"
    DEPARTED = "departed"
    SETTLED = "settled"
    KEPT_AS_DEBT = "kept_as_debt"
    CASH_RECEIVED = "cash_received"
    OTHER_RECEIPT = "other_receipt"
    OWN_TRANSFER = "own_transfer"
    RELEASED = "released"
    DEPOSIT_KEPT = "deposit_kept"
    COLLECTED = "collected"
    REMITTED = "remitted"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    MADE_GOOD = "made_good"
    DELIVERY_BORNE = "delivery_borne"
    NETTED = "netted"
    ORDERED_OUT = "ordered_out"
    SENT = "sent"
    PAID_IN_CASH = "paid_in_cash"
    BOUNCED = "bounced"
    DISPUTED = "disputed"
    COST_PAID = "cost_paid"
    CREDIT_USED = "credit_used"
    ITEM_GIVEN_BACK = "item_given_back"
    CASH_MOVED = "cash_moved"
    BANKED = "banked"
    COUNTED_SHORT = "counted_short"
    COUNTED_OVER = "counted_over"
    OPENED = "opened"
    REVERSED = "reversed"


_K = Kind
# event → pairs (debit kind, credit kind). OPENED: opening ↔ any. REVERSED: the exact mirror, checked in ledger.reverse.
PAIRS: dict[Event, frozenset[tuple[Kind, Kind]]] = {
    Event.ARRIVED: frozenset({(_K.BANK, _K.UNMATCHED_ARRIVALS)}),
    Event.DEPARTED: frozenset({(_K.UNMATCHED_DEPARTURES, _K.BANK)}),
    Event.SETTLED: frozenset(
        {
            (_K.UNMATCHED_ARRIVALS, _K.PREPAID),
            (_K.UNMATCHED_ARRIVALS, _K.BILL_ITEMS),
            (_K.UNMATCHED_ARRIVALS, _K.OWED_BY_BUYERS),
            (_K.UNMATCHED_ARRIVALS, _K.OWED_TO_PAYERS),
        }
    ),
    Event.KEPT_AS_DEBT: frozenset({(_K.UNMATCHED_ARRIVALS, _K.OWED_TO_PAYERS)}),
    Event.OTHER_RECEIPT: frozenset({(_K.UNMATCHED_ARRIVALS, _K.OTHER_RECEIPTS)}),
    Event.OWN_TRANSFER: frozenset({(_K.UNMATCHED_ARRIVALS, _K.UNMATCHED_DEPARTURES)}),
    Event.CASH_RECEIVED: frozenset(
        {
            (_K.CASH, _K.PREPAID),
            (_K.CASH, _K.BILL_ITEMS),
            (_K.CASH, _K.OWED_BY_BUYERS),
            (_K.CASH, _K.OWED_TO_PAYERS),
            (_K.CASH, _K.OTHER_RECEIPTS),
            # Cash rounded down to the organization's step: the difference is its loss (docs/books.md §2).
            (_K.LOSSES, _K.PREPAID),
            (_K.LOSSES, _K.BILL_ITEMS),
        }
    ),
    Event.RELEASED: frozenset({(_K.PREPAID, _K.OWED_BY_BUYERS), (_K.PREPAID, _K.OWED_TO_PAYERS)}),
    Event.DEPOSIT_KEPT: frozenset({(_K.PREPAID, _K.SHIPPING_CHARGED)}),
    # Cash on delivery: the parcel was delivered, its money is with whoever carried it, and comes later, less a fee.
    Event.COLLECTED: frozenset({(_K.WITH_CARRIER, _K.PREPAID)}),
    Event.REMITTED: frozenset(
        {
            (_K.UNMATCHED_ARRIVALS, _K.WITH_CARRIER),
            (_K.CASH, _K.WITH_CARRIER),
            (_K.SHIPPING_COST, _K.WITH_CARRIER),
        }
    ),
    Event.HANDED_OVER: frozenset(
        {
            (_K.PREPAID, _K.OWED_TO_MEMBERS),
            (_K.PREPAID, _K.OWN_GOODS),
            (_K.PREPAID, _K.FEE),
            (_K.PREPAID, _K.SHIPPING_CHARGED),
        }
    ),
    # Taken back of what a hand-over gave; what a member no longer has to her credit, she owes. What was borne of the
    # weight is no longer lost.
    Event.RETURNED: frozenset(
        {
            (kind, _K.OWED_TO_PAYERS)
            for kind in (_K.OWED_TO_MEMBERS, _K.OWED_BY_MEMBERS, _K.OWN_GOODS, _K.FEE, _K.SHIPPING_CHARGED)
        }
        | {(kind, _K.LOSSES) for kind in (_K.OWED_TO_MEMBERS, _K.OWED_BY_MEMBERS, _K.OWN_GOODS, _K.FEE)}
    ),
    # What the cooperative bears: a complaint, a heavier bag, a lost parcel's goods, money that a carrier did not bring.
    Event.MADE_GOOD: frozenset(
        {
            (_K.LOSSES, kind)
            for kind in (_K.OWED_TO_PAYERS, _K.PREPAID, _K.OWED_TO_MEMBERS, _K.OWED_BY_BUYERS, _K.WITH_CARRIER)
        }
    ),
    Event.DELIVERY_BORNE: frozenset(
        {(_K.OWED_TO_MEMBERS, _K.SHIPPING_CHARGED), (_K.OWED_BY_MEMBERS, _K.SHIPPING_CHARGED)}
    ),
    # The other way round: what gave a member her credit is taken back after it was paid out, or netted.
    Event.NETTED: frozenset({(_K.OWED_TO_MEMBERS, _K.OWED_BY_MEMBERS), (_K.OWED_BY_MEMBERS, _K.OWED_TO_MEMBERS)}),
    # Refunds; payouts will order out of owed to members.
    Event.ORDERED_OUT: frozenset({(_K.OWED_TO_PAYERS, _K.ON_THE_WAY_OUT)}),
    Event.SENT: frozenset({(_K.ON_THE_WAY_OUT, _K.UNMATCHED_DEPARTURES)}),
    Event.BOUNCED: frozenset({(_K.UNMATCHED_ARRIVALS, _K.OWED_TO_PAYERS)}),
    Event.DISPUTED: frozenset({(_K.OWED_BY_BUYERS, _K.UNMATCHED_DEPARTURES), (_K.PREPAID, _K.UNMATCHED_DEPARTURES)}),
    Event.PAID_IN_CASH: frozenset({(_K.OWED_TO_PAYERS, _K.CASH), (_K.OWED_TO_MEMBERS, _K.CASH)}),
    Event.COST_PAID: frozenset(
        {
            (cost, paid_from)
            for cost in (_K.SHIPPING_COST, _K.CHARGES, _K.OWN_SPENDING)
            for paid_from in (_K.UNMATCHED_DEPARTURES, _K.CASH)
        }
    ),
    # What a payer of bills is owed, used for the next one; what was paid for an item, owed back.
    Event.CREDIT_USED: frozenset({(_K.OWED_TO_PAYERS, _K.BILL_ITEMS)}),
    Event.ITEM_GIVEN_BACK: frozenset({(_K.BILL_ITEMS, _K.OWED_TO_PAYERS)}),
    Event.CASH_MOVED: frozenset({(_K.CASH, _K.CASH)}),
    # Cash brought to the bank: the box empties against the line that came in.
    Event.BANKED: frozenset({(_K.UNMATCHED_ARRIVALS, _K.CASH)}),
    Event.COUNTED_SHORT: frozenset({(_K.LOSSES, _K.CASH)}),
    Event.COUNTED_OVER: frozenset({(_K.CASH, _K.OTHER_RECEIPTS)}),
    Event.OPENED: frozenset(
        {(kind, _K.OPENING) for kind in _K if kind is not _K.OPENING}
        | {(_K.OPENING, kind) for kind in _K if kind is not _K.OPENING}
    ),
}

# What income reads: these events' postings on owed_to_members and owed_by_members, by the month of the sale
# (docs/books.md §2).
INCOME_EVENTS = (Event.HANDED_OVER, Event.RETURNED, Event.MADE_GOOD)


def allowed(event: Event, *, debit: Kind, credit: Kind) -> bool:
    """May ``event`` hold a posting between these two kinds?"""
    if event is Event.REVERSED:
        return any((credit, debit) in pairs for pairs in PAIRS.values())
    return (debit, credit) in PAIRS[event]
