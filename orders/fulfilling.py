"""Packing, handing over, sending off: lots are taken, shares frozen; accepted, the purse goes to those it belongs to.

From hand to hand all of it is one moment (``hand_over``). A parcel takes the goods (``dispatch_order``) and is accepted
later (``accept_order``), which books on that day: docs/decisions/0027-income-is-booked-when-goods-are-accepted.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import stock
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.doing_once import done_once
from cooperatives.ledger import Acct, Move
from cooperatives.models import Entry, Message, User
from cooperatives.permissions import require
from orders import cycling
from orders.messages import tell_buyer
from orders.models import Allocation, AllocationQuerySet, Order, OrderLine
from orders.netting import net_owed
from orders.pricing import shares


class NotPaidYet(Refused):
    """The money is not there: no evidence of the bank's, no cash counted."""

    code = "NOT_PAID_YET"
    sentence = _("Đơn %(number)s chưa nhận đủ tiền. Hãy chờ tiền về, hoặc thu tiền mặt rồi ghi nhận trước.")


class NotPackable(Refused):
    """The order has expired or was cancelled."""

    code = "NOT_PACKABLE"
    sentence = _("Đơn %(number)s %(state)s, không gói nữa. Hãy để hàng lại lên kệ.")


class NotDeliverable(Refused):
    """The order has expired, was cancelled, or came back."""

    code = "NOT_DELIVERABLE"
    sentence = _("Đơn %(number)s %(state)s, đừng giao hàng. Nếu người mua đã trả tiền, hãy báo thủ quỹ.")


class ParcelWaits(Refused):
    """A parcel is made out for it."""

    code = "PARCEL_WAITS"
    sentence = _("Đơn %(number)s có kiện hàng đang chờ gửi. Hãy hủy kiện ấy trước, rồi giao tận tay.")


class Bear(Protocol):
    """Books what the seller bears of an order's weight into its purse (payments/making_good.py)."""

    def __call__(self, order: Order, *, at: datetime, actor: User | None) -> None: ...


def pack(*, order_id: int, actor: User | None, at: datetime, key: str | None = None) -> Order:
    """Note that the goods lie ready and tell the buyer. Packing what is packed or gone changes nothing.

    Opens its own transaction; locks the done-once row (when ``key`` is given), then the order. An order to be paid on
    receipt is packed unpaid. ``actor`` None: the machine itself. Raises NotFound (a stranger too), NotPaidYet,
    NotPackable, KeyReused, BadKey.
    """

    def do(order: Order) -> None:
        if order.state == Order.State.PACKED or order.is_handed_over:
            return
        if not order.is_open:
            raise NotPackable(number=order.number, state=order.get_state_display())
        cycling.check_decided(order)
        if not order.can_be_packed:
            raise NotPaidYet(number=order.number)
        order.mark_packed(at=at, by=actor)
        tell_buyer(order=order, kind=Message.Kind.ORDER_READY, at=at)

    return _once("order_pack", do, deed="pack_orders", order_id=order_id, actor=actor, at=at, key=key)


def hand_over(
    *, order_id: int, actor: User | None, at: datetime, key: str | None = None, bear: Bear | None = None
) -> Order:
    """Give the goods to the buyer, from hand to hand; they are accepted at once.

    Takes lots first in, first out, freezes an Allocation for each line and lot, and books ``handed_over:<order>``
    on the Vietnamese day of ``at``. Repeating it returns the order as it is. ``bear`` books what the seller bears of a
    heavier bag: doors call payments/handing_over.py, which has it. Opens its own transaction; locks the done-once row
    (when ``key`` is given), order, variants and lots, ledger accounts. ``actor`` None: the machine itself. Raises
    NotFound (a stranger too), NotPaidYet, NotDeliverable, ParcelWaits, KeyReused, BadKey.
    """

    def do(order: Order) -> None:
        if order.is_accepted:
            return
        check_leaves(order)
        if order.payment != Order.Payment.PAID:
            raise NotPaidYet(number=order.number)
        if order.shipments.live().exists():
            raise ParcelWaits(number=order.number)
        allocations = _allocate(order)
        _book(order, allocations, at=at, actor=actor, bear=bear)
        order.mark_handed_over(at=at, by=actor)
        _after(order, allocations, at=at, actor=actor)

    return _once("order_hand_over", do, deed="hand_over_orders", order_id=order_id, actor=actor, at=at, key=key)


def check_leaves(order: Order) -> None:
    """Whether its goods may go out now, whatever is paid. Raises NotDeliverable, CycleUndecided."""
    if not order.is_open:
        raise NotDeliverable(number=order.number, state=order.get_state_display())
    cycling.check_decided(order)


def dispatch_order(order: Order, *, at: datetime, actor: User | None) -> None:
    """A parcel takes the goods: lots are taken and shares frozen, and nothing is booked. payments/delivering.py calls.

    Needs an open transaction and the locked, open order; locks variants and lots.
    """
    _allocate(order)
    order.mark_sent(at=at, by=actor)


def accept_order(order: Order, *, at: datetime, actor: User | None, bear: Bear | None = None) -> None:
    """The buyer has the parcel: book ``handed_over:<order>`` on the day of ``at``, and net what members owe.

    Needs an open transaction and the locked order, away and covered, with all of its total but ``borne_dong`` in its
    purse. Locks ledger accounts.
    """
    allocations = list(allocations_of(order))
    _book(order, allocations, at=at, actor=actor, bear=bear)
    order.mark_accepted(at=at)
    _after(order, allocations, at=at, actor=actor)


def allocations_of(order: Order) -> AllocationQuerySet:
    """Whose goods went out, with lots and lines, in the order in which they were taken."""
    rows = Allocation.objects.filter(line__order=order).select_related("line", "lot")
    return rows.order_by("line__variant_id", "position")


def _book(
    order: Order, allocations: Sequence[Allocation], *, at: datetime, actor: User | None, bear: Bear | None
) -> None:
    if order.borne_dong:
        assert bear is not None, "what the seller bears of a heavier bag is booked before the purse goes out"
        bear(order, at=at, actor=actor)
    moves = handed_over_moves(order, allocations)
    assert sum(move.amount_dong for move in moves) == order.total_dong, "the purse goes out whole"
    ledger.post(
        organization=order.organization, key=_next_key(order), event=Event.HANDED_OVER,
        meaning=handed_over_meaning(order, allocations), moves=moves, booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip


def _after(order: Order, allocations: Sequence[Allocation], *, at: datetime, actor: User | None) -> None:
    net_owed(member_ids={one.lot.member_id for one in allocations if one.lot.member_id}, at=at, actor=actor)
    tell_buyer(order=order, kind=Message.Kind.ORDER_HANDED_OVER, at=at)


def keys_of(order_id: int) -> Iterator[str]:
    """The keys under which an order is booked as handed over: one more for each acceptance that was taken back."""
    yield f"handed_over:{order_id}"
    yield from (f"handed_over:{order_id}:{number}" for number in count(2))


def _next_key(order: Order) -> str:
    if order.handed_over_at is None:  # from hand to hand: it cannot have been accepted before
        return f"handed_over:{order.pk}"
    return next(key for key in keys_of(order.pk) if not is_booked(order, key))


def standing_entry(order: Order) -> Entry:
    """The entry that handed an accepted order over: of those under its keys the last."""
    keys: list[str] = []
    for key in keys_of(order.pk):
        if not is_booked(order, key):
            break
        keys.append(key)
    return Entry.objects.get(organization_id=order.organization_id, key=keys[-1])


def is_booked(order: Order, key: str) -> bool:
    return Entry.objects.filter(organization_id=order.organization_id, key=key).exists()


def handed_over_moves(order: Order, allocations: Iterable[Allocation]) -> list[Move]:
    """The postings that empty the order's purse: net by member, own goods, fee, shipping; nothing of 0 ₫.

    Pure: ``allocations`` come with their lots. The audit runs it again on what is stored.
    """
    purse = Acct(Kind.PREPAID, f"order:{order.pk}")
    credits: dict[Acct, int] = {}
    for allocation in allocations:
        owner_id = allocation.lot.member_id
        owner = Acct(Kind.OWED_TO_MEMBERS, f"member:{owner_id}") if owner_id else Acct(Kind.OWN_GOODS)
        credits[owner] = credits.get(owner, 0) + allocation.net_dong
        credits[Acct(Kind.FEE)] = credits.get(Acct(Kind.FEE), 0) + allocation.fee_dong
    credits[Acct(Kind.SHIPPING_CHARGED)] = order.shipping_dong
    return [Move(debit=purse, credit=credit, amount_dong=amount) for credit, amount in credits.items() if amount]


def handed_over_meaning(order: Order, allocations: Iterable[Allocation]) -> dict[str, Any]:
    """The frozen input of the entry, for its fingerprint: lines, rates, lots, owners and measures. Pure."""
    lines: dict[int, dict[str, Any]] = {}
    for allocation in allocations:
        line = allocation.line
        rule = {"line": line.pk, "total_dong": line.total_dong, "quantity": line.quantity, "fee_bp": line.fee_bp}
        lots = lines.setdefault(line.pk, {**rule, "lots": []})["lots"]
        lots.append([allocation.lot_id, allocation.lot.member_id, allocation.quantity])
    return {"order": order.pk, "shipping_dong": order.shipping_dong, "lines": [lines[pk] for pk in sorted(lines)]}


def _allocate(order: Order) -> list[Allocation]:
    """Take each line's goods and freeze whose they were. All variants first, in id order (docs/locking.md)."""
    lines = list(order.lines.order_by("variant_id"))
    stock.lock(variant_ids=[line.variant_id for line in lines])
    allocations = [
        allocation
        for line in lines
        for allocation in _allocations_of(line, stock.take(variant_id=line.variant_id, quantity=line.quantity))
    ]
    return Allocation.objects.bulk_create(allocations)


def _allocations_of(line: OrderLine, taken: list[stock.Taken]) -> list[Allocation]:
    split = shares(
        total_dong=line.total_dong, quantity=line.quantity, fee_bp=line.fee_bp, parts=[part.quantity for part in taken]
    )
    return [
        Allocation(
            line=line, lot=part.lot, position=position, quantity=share.quantity, gross_dong=share.gross_dong,
            fee_dong=share.fee_dong,
        )
        for position, (part, share) in enumerate(zip(taken, split, strict=True), start=1)
    ]  # fmt: skip


@again_when_locked_out
def _once(
    verb: str,
    do: Callable[[Order], None],
    *,
    deed: str,
    order_id: int,
    actor: User | None,
    at: datetime,
    key: str | None,
) -> Order:
    """Ask whether ``actor`` may, lock the order, ``do`` it. Without a key the order's own state tells a repeat."""
    with transaction.atomic():
        seen = Order.objects.select_related("organization").filter(pk=order_id).first()
        if seen is None:
            raise NotFound()
        if actor is not None:
            require(actor, deed, organization=seen.organization, on=vietnam_day(at))

        def locked_and_done() -> str:
            do(Order.objects.locked(order_id))
            return f"order:{order_id}"

        if key is None:
            locked_and_done()
        else:
            done_once(verb=verb, actor=actor, key=key, meaning={"order": order_id}, at=at, do=locked_and_done)
        return Order.objects.preloaded().get(pk=order_id)
