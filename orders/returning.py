"""Goods that come back after they were accepted: to their lots or written off, and everybody's share taken back.

No rate and no price is looked at, frozen or current: what a lot's part brought is taken back in the measure in which it
came back (docs/prices-and-shares.md), so that all back gives exactly 0. What becomes of the buyer's money:
payments/returns.py.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from base.money import figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from catalog import stock
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct
from cooperatives.models import User
from orders import fulfilling, postings, return_messages
from orders.models import Allocation, Order, Return, ReturnLine
from orders.pricing import Share, back

Fate = ReturnLine.Fate


class NotReturnable(Refused):
    """The goods have not been accepted (yet), or are all back."""

    code = "NOT_RETURNABLE"
    sentence = _("Đơn %(number)s %(state)s: không có hàng đã nhận nào để trả lại.")


class NothingBack(Refused):
    """No goods named, nor any shipping."""

    code = "NOTHING_BACK"
    sentence = _("Hãy ghi hàng nào trả lại và bao nhiêu.")


class MoreThanKept(Refused):
    """More than the buyer still has of it."""

    code = "MORE_THAN_KEPT"
    sentence = _("“%(name)s”: người mua chỉ còn giữ %(kept)s.")


class TwoFates(Refused):
    """Goods of one lot named twice, as when some of them are fit for sale and some are not."""

    code = "TWO_FATES"
    sentence = _("Cùng một mẻ mà phần để lại bán, phần bỏ đi: hãy ghi thành hai lần nhận lại.")


class PastItsBest(Refused):
    """Goods past their best-before day cannot be sold again."""

    code = "PAST_ITS_BEST"
    sentence = _("“%(name)s” (lô %(lot)s) đã quá hạn dùng ngày %(day)s: chỉ ghi bỏ đi được.")


class TooMuchShipping(Refused):
    """More shipping than was charged and not given back before."""

    code = "TOO_MUCH_SHIPPING"
    sentence = _("Tiền mang đến chỉ còn %(left)s có thể trả lại.")


@dataclass(frozen=True, slots=True)
class Back:
    """So many measures of one line came back. ``lot_id``: the lot on the label; None: the last lot first."""

    line_id: int
    quantity: int
    fate: str
    lot_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What of one allocation comes back, and what that takes back of its share."""

    allocation: Allocation
    taken: Share
    fate: str


def kept(allocation: Allocation) -> Share:
    """What of an allocation has not come back."""
    return Share(
        allocation.kept_quantity, allocation.gross_dong - allocation.back_gross_dong,
        allocation.fee_dong - allocation.back_fee_dong,
    )  # fmt: skip


def parts_of(allocations: Sequence[Allocation], came: Iterable[Back], *, on: date) -> list[Part]:
    """Which lots' goods these are, and what they take back. Pure: ``allocations`` come with line and lot.

    Raises NotFound for a line or lot that is not of the order, MoreThanKept, TwoFates, PastItsBest, BadQuantity.
    """
    parts: list[Part] = []
    for one in came:
        stock.checked_measures(one.quantity, field="lines")
        fate = _fate(one.fate)
        of_line = [a for a in allocations if a.line_id == one.line_id and one.lot_id in (None, a.lot_id)]
        if not of_line:
            raise NotFound(field="lines")
        there = sum(allocation.kept_quantity for allocation in of_line)
        if one.quantity > there:
            raise MoreThanKept(field="lines", name=_name(of_line[0]), kept=_shown(of_line[0], there))
        missing = one.quantity
        for allocation in sorted(of_line, key=lambda allocation: -allocation.position):
            quantity = min(missing, allocation.kept_quantity)
            if not quantity:
                continue
            if fate == Fate.TO_LOT and is_past_its_best(allocation, on=on):
                raise PastItsBest(field="lines", **past_words(allocation))
            parts.append(Part(allocation, back(kept(allocation), quantity), fate))
            missing -= quantity
    if max(Counter(part.allocation.pk for part in parts).values(), default=0) > 1:
        raise TwoFates(field="lines")
    return parts


def is_past_its_best(allocation: Allocation, *, on: date) -> bool:
    """Whether what came of its lot can no longer be sold that day."""
    return allocation.lot.best_before is not None and allocation.lot.best_before < on


def past_words(allocation: Allocation) -> dict[str, str]:
    """What PastItsBest says of it."""
    lot = allocation.lot
    return {"name": _name(allocation), "lot": lot.code, "day": f"{lot.best_before:%d/%m/%Y}"}


def last_day(order: Order) -> date | None:
    """The last day of the buyer's right to return; None before the goods were accepted. Staff may take them later."""
    if order.accepted_at is None:
        return None
    return vietnam_day(order.accepted_at) + timedelta(days=order.organization.return_days)


def is_late(order: Order, *, on: date) -> bool:
    last = last_day(order)
    return last is not None and on > last


def shipping_left_dong(order: Order) -> int:
    """What of its shipping has not been given back, whole đồng. One query."""
    given = order.returns.values_list("shipping_dong", flat=True)
    return order.shipping_dong - sum(given)


def borne_dong(order: Order, goods_dong: int, *, before_dong: int) -> int:
    """Of goods that come back, after others for ``before_dong``, what the seller had borne of their weight: the buyer
    never paid it, and it comes back last. Pure; all back gives exactly what was borne."""
    paid_dong = order.goods_dong - order.borne_dong
    return max(before_dong + goods_dong - paid_dong, 0) - max(before_dong - paid_dong, 0)


def back_before_dong(order: Order) -> int:
    """The goods of an order that have come back, whole đồng. One query."""
    return sum(order.returns.values_list("goods_dong", flat=True))


def can_come_back(order: Order) -> bool:
    """Accepted, and not all back."""
    return order.accepted_at is not None and order.is_handed_over


def book(
    *, order: Order, came: Sequence[Back], shipping_dong: int, reason: str, actor: User | None, at: datetime
) -> Return:
    """Take goods of a locked order back: stock, shares and the order's state, with one entry that corrects its
    hand-over; the buyer is owed ``amount_dong`` of what is returned.

    Of a member's part, what she has no longer to her credit (she was paid) she owes; her next sales are netted. Needs
    an open transaction and the order's row; locks variants, lots, shop version, ledger accounts. ``reason`` is checked
    before. Raises NotReturnable, NothingBack, TooMuchShipping, and what ``parts_of`` raises.
    """
    assert connection.in_atomic_block
    if not can_come_back(order):
        raise NotReturnable(number=order.number, state=order.get_state_display())
    allocations = list(
        Allocation.objects.filter(line__order=order)
        .select_related("line__variant", "lot__member__user")
        .order_by("line__position", "position")
    )
    parts = parts_of(allocations, came, on=vietnam_day(at))
    left_dong = shipping_left_dong(order)
    if not 0 <= shipping_dong <= left_dong:
        raise TooMuchShipping(field="shipping_dong", left=figures(left_dong))
    goods_dong = sum(part.taken.gross_dong for part in parts)
    if not goods_dong + shipping_dong:
        raise NothingBack(field="lines")
    _put_back(parts)
    goods_return = Return.objects.create(
        organization=order.organization, order=order, number=order.returns.count() + 1, goods_dong=goods_dong,
        shipping_dong=shipping_dong, borne_dong=borne_dong(order, goods_dong, before_dong=back_before_dong(order)),
        reason=reason, at=at, actor=actor,
    )  # fmt: skip
    lines = _lines(goods_return, parts, _credits(order, parts))
    ReturnLine.objects.bulk_create(lines)
    _note(parts)
    meaning = {
        "order": order.pk, "shipping_dong": shipping_dong, "borne_dong": goods_return.borne_dong,
        "lines": [[line.allocation_id, line.quantity, line.gross_dong, line.fee_dong] for line in lines],
    }  # fmt: skip
    goods_return.entry = ledger.post(
        organization=order.organization, key=f"returned:{goods_return.pk}", event=Event.RETURNED, meaning=meaning,
        moves=postings.returned(goods_return, lines), booked_on=vietnam_day(at), at=at, actor=actor,
        corrects=fulfilling.standing_entry(order),
    )  # fmt: skip
    goods_return.save(update_fields=["entry"])
    if not any(allocation.kept_quantity for allocation in allocations):
        order.mark_returned(at=at, by=actor, reason=reason)
    return_messages.tell(goods_return=goods_return, lines=lines, at=at)
    return goods_return


def _fate(fate: str) -> str:
    if fate not in Fate.values:
        raise NothingBack(field="lines")
    return Fate(fate)


def _put_back(parts: Iterable[Part]) -> None:
    """What can be sold again, to its lots; the rest was gone from them already."""
    again = {part.allocation.lot_id: part.taken.quantity for part in parts if part.fate == Fate.TO_LOT}
    stock.put_back(parts=again)


def _credits(order: Order, parts: Iterable[Part]) -> dict[int, int]:
    """By member: what she is owed now, whole đồng; she cannot be paid meanwhile."""
    owners = {part.allocation.lot.member_id for part in parts} - {None}
    if not owners:
        return {}
    buyer = Acct(Kind.OWED_TO_PAYERS, f"order:{order.pk}")
    beside = [*(Acct(kind) for kind in (Kind.FEE, Kind.OWN_GOODS, Kind.SHIPPING_CHARGED, Kind.LOSSES)), buyer]
    hers = {Acct(kind, f"member:{pk}") for pk in owners for kind in (Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS)}
    held = ledger.held_dong(organization=order.organization, accounts={*hers, *beside})
    return {pk: held[Acct(Kind.OWED_TO_MEMBERS, f"member:{pk}")] for pk in owners if pk is not None}


def _lines(goods_return: Return, parts: Iterable[Part], credits: dict[int, int]) -> list[ReturnLine]:
    """A row a part; a member's credit is used up in their order, and what is beyond it she owes."""
    lines = []
    for part in parts:
        owner_id, owed_dong = part.allocation.lot.member_id, 0
        if owner_id is not None:
            owed_dong = max(part.taken.net_dong - credits[owner_id], 0)
            credits[owner_id] -= part.taken.net_dong - owed_dong
        lines.append(
            ReturnLine(
                goods_return=goods_return, allocation=part.allocation, quantity=part.taken.quantity,
                gross_dong=part.taken.gross_dong, fee_dong=part.taken.fee_dong, owed_dong=owed_dong, fate=part.fate,
            )
        )  # fmt: skip
    return lines


def _note(parts: Iterable[Part]) -> None:
    """On the allocations, what has come back of them in all."""
    changed = []
    for part in parts:
        allocation = part.allocation
        allocation.back_quantity += part.taken.quantity
        allocation.back_gross_dong += part.taken.gross_dong
        allocation.back_fee_dong += part.taken.fee_dong
        changed.append(allocation)
    Allocation.objects.bulk_update(changed, ["back_quantity", "back_gross_dong", "back_fee_dong"])


def _name(allocation: Allocation) -> str:
    return f"{allocation.line.product_name}, {allocation.line.variant_name}"


def _shown(allocation: Allocation, measures: int) -> str:
    return stock.shown_quantity(allocation.line.variant, measures)


__all__ = ["Back", "Part", "book", "can_come_back", "is_late", "kept", "last_day", "parts_of", "shipping_left_dong"]
