"""Packing, and handing over: lots are taken, shares frozen, and the order's purse goes to those it belongs to."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

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
from cooperatives.models import Message, User
from cooperatives.permissions import require
from orders.messages import tell_buyer
from orders.models import Allocation, Order, OrderLine
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
        if not order.can_be_packed:
            raise NotPaidYet(number=order.number)
        order.mark_packed(at=at, by=actor)
        tell_buyer(order=order, kind=Message.Kind.ORDER_READY, at=at)

    return _once("order_pack", do, deed="pack_orders", order_id=order_id, actor=actor, at=at, key=key)


def hand_over(*, order_id: int, actor: User | None, at: datetime, key: str | None = None) -> Order:
    """Give the goods to the buyer, from hand to hand; they are accepted at once.

    Takes lots first in, first out, freezes an Allocation for each line and lot, and books ``handed_over:<order>``
    on the Vietnamese day of ``at``. Repeating it returns the order as it is. Opens its own transaction; locks the
    done-once row (when ``key`` is given), order, variants and lots, ledger accounts. ``actor`` None: the machine
    itself. Raises NotFound (a stranger too), NotPaidYet, NotDeliverable, KeyReused, BadKey.
    """

    def do(order: Order) -> None:
        if order.is_handed_over:
            return
        if not order.is_open:
            raise NotDeliverable(number=order.number, state=order.get_state_display())
        if order.payment != Order.Payment.PAID:
            raise NotPaidYet(number=order.number)
        allocations = _allocate(order)
        moves = handed_over_moves(order, allocations)
        assert sum(move.amount_dong for move in moves) == order.total_dong, "the purse goes out whole"
        ledger.post(
            organization=order.organization, key=f"handed_over:{order.pk}", event=Event.HANDED_OVER,
            meaning=handed_over_meaning(order, allocations), moves=moves, booked_on=vietnam_day(at), at=at, actor=actor,
        )  # fmt: skip
        order.mark_handed_over(at=at, by=actor)
        tell_buyer(order=order, kind=Message.Kind.ORDER_HANDED_OVER, at=at)

    return _once("order_hand_over", do, deed="hand_over_orders", order_id=order_id, actor=actor, at=at, key=key)


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
