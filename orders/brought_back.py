"""What came back, and what a return would take from whom: reads for the pages of the desk, of members and of buyers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from base.money import figures
from base.periods import day_bounds, first_day, first_day_after, month_of, vietnam_day
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Member
from orders.models import Allocation, Order, Return, ReturnLine
from orders.returning import (
    Back,
    NothingBack,
    NotReturnable,
    TooMuchShipping,
    back_before_dong,
    borne_dong,
    can_come_back,
    parts_of,
)
from orders.returning import shipping_left_dong as shipping_left


@dataclass(frozen=True, slots=True)
class Bears:
    """What is taken back of one member's share: ``owed_dong`` of it was paid to her already, and she will owe it."""

    name: str
    taken_dong: int
    owed_dong: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Who bears what, whole đồng: members, the cooperative's own goods, its fee, its shipping. Together the buyer's,
    but for what the cooperative had borne of the weight."""

    members: tuple[Bears, ...]
    own_goods_dong: int
    fee_dong: int
    shipping_dong: int
    borne_dong: int = 0

    @property
    def amount_dong(self) -> int:
        """What the buyer is owed."""
        members = sum(one.taken_dong for one in self.members)
        return members + self.own_goods_dong + self.fee_dong + self.shipping_dong - self.borne_dong


def foreseen(*, order: Order, came: Sequence[Back], shipping_dong: int, on: date) -> Foreseen:
    """What ``returning.book`` would take from whom, as the books stand. Changes nothing; raises as it does."""
    if not can_come_back(order):
        raise NotReturnable(number=order.number, state=order.get_state_display())
    parts = parts_of(allocations_of(order), came, on=on)
    left = shipping_left(order)
    if not 0 <= shipping_dong <= left:
        raise TooMuchShipping(field="shipping_dong", left=figures(left))
    if not parts and not shipping_dong:
        raise NothingBack(field="lines")
    members: dict[int, Member] = {}
    taken: Counter[int] = Counter()
    own_goods = 0
    for part in parts:
        owner = part.allocation.lot.member
        if owner is None:
            own_goods += part.taken.net_dong
        else:
            members[owner.pk] = owner
            taken[owner.pk] += part.taken.net_dong
    bears = []
    for pk, owner in members.items():
        credit = ledger.balance_dong(
            organization=order.organization, kind=Kind.OWED_TO_MEMBERS, subject=f"member:{pk}"
        )  # fmt: skip
        bears.append(Bears(owner.user.name, taken[pk], max(taken[pk] - credit, 0)))
    fee = sum(part.taken.fee_dong for part in parts)
    goods_dong = sum(part.taken.gross_dong for part in parts)
    borne = borne_dong(order, goods_dong, before_dong=back_before_dong(order))
    return Foreseen(tuple(bears), own_goods, fee, shipping_dong, borne)


def allocations_of(order: Order) -> list[Allocation]:
    """Whose goods went into an order, line by line, the first lot first. One query."""
    rows = Allocation.objects.filter(line__order=order)
    rows = rows.select_related("line__variant", "lot__member__user")
    return list(rows.order_by("line__position", "position"))


def of_order(order: Order) -> list[Return]:
    """The returns of an order, the first first, with their lines and goods. Three queries."""
    rows = order.returns.select_related("actor").order_by("number")
    return list(rows.prefetch_related("lines__allocation__line__variant", "lines__allocation__lot__member__user"))


@dataclass(frozen=True, slots=True)
class Brought:
    """One of a member's lots in one return. ``sold_on`` is the day of the sale, whose month is corrected."""

    came_on: date
    sold_on: date
    order_number: str
    product_name: str
    variant_name: str
    sold_by: str
    unit_name: str
    quantity: int
    taken_dong: int
    owed_dong: int
    fate: str
    reason: str

    @property
    def fate_shown(self) -> str:
        return str(ReturnLine.Fate(self.fate).label)


def of_member(*, member: Member, months: Sequence[str]) -> list[Brought]:
    """What came back of her goods that were sold in ``months`` (``2026-03``, in order), the latest first; one query."""
    if not months:
        return []
    start, _end = day_bounds(first_day(months[0]))
    end, _end = day_bounds(first_day_after(months[-1]))
    rows = ReturnLine.objects.filter(
        allocation__lot__member=member, goods_return__order__accepted_at__gte=start,
        goods_return__order__accepted_at__lt=end,
    )  # fmt: skip
    rows = rows.select_related("goods_return__order", "allocation__line__variant").order_by("-goods_return__at", "-pk")
    return [_brought(line) for line in rows]


def by_month(rows: Sequence[Brought]) -> dict[str, int]:
    """What was taken back of the sales of each month, whole đồng. Pure."""
    sums: dict[str, int] = {}
    for one in rows:
        month = month_of(one.sold_on)
        sums[month] = sums.get(month, 0) + one.taken_dong
    return dict(sorted(sums.items()))


def taken_dong(order: Order) -> int:
    """What the buyer was given back of an order's goods and shipping in all, whole đồng."""
    sums = order.returns.aggregate(total=Sum(F("goods_dong") - F("borne_dong") + F("shipping_dong")))
    return sums["total"] or 0


def said_of(line: ReturnLine) -> str:
    """“Cá chạch sấy khô, gói 200 g”: the goods of a line of a return."""
    sold = line.allocation.line
    return _("%(product)s, %(variant)s") % {"product": sold.product_name, "variant": sold.variant_name}


def _brought(line: ReturnLine) -> Brought:
    goods_return, sold = line.goods_return, line.allocation.line
    order = goods_return.order
    assert order.accepted_at is not None, "only what was accepted is taken back"
    return Brought(
        came_on=vietnam_day(goods_return.at), sold_on=vietnam_day(order.accepted_at), order_number=order.number,
        product_name=sold.product_name, variant_name=sold.variant_name, sold_by=sold.variant.sold_by,
        unit_name=sold.unit_name, quantity=line.quantity, taken_dong=line.gross_dong - line.fee_dong,
        owed_dong=line.owed_dong, fate=line.fate, reason=goods_return.reason,
    )  # fmt: skip
