"""What was sold of a member's goods: reads for her pages. Goods and sums; what she earned is read from the books.

A sale is of the day on which the goods were accepted, and says what of it was kept: what came back is taken off there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from base.periods import day_bounds, first_day, month_of, vietnam_day
from cooperatives.models import Member
from orders.models import Allocation


@dataclass(frozen=True, slots=True)
class Sale:
    """One of her lots in one order, without what was brought back of it (``back_quantity``). Quantities in measures of
    ``sold_by``; who bought it is not hers to read."""

    sold_on: date
    order_number: str
    lot_code: str
    product_name: str
    variant_name: str
    sold_by: str
    unit_name: str
    quantity: int
    gross_dong: int
    fee_dong: int
    back_quantity: int = 0

    @property
    def net_dong(self) -> int:
        """What she is owed for it."""
        return self.gross_dong - self.fee_dong


@dataclass(frozen=True, slots=True)
class MonthOfSales:
    """The sums of a month, ``2026-03``; ``sales`` counts rows."""

    month: str
    sales: int
    gross_dong: int
    fee_dong: int

    @property
    def net_dong(self) -> int:
        return self.gross_dong - self.fee_dong


def sold_by(*, member: Member, months: Sequence[str]) -> list[Sale]:
    """Her sales from the first of ``months`` to the last, the latest first, in one query.

    ``months`` are written ``2026-03`` and follow each other (base.periods.months_between). A sale belongs to the
    Vietnamese day on which the goods were accepted. Raises BadPeriod.
    """
    if not months:
        return []
    start, _ = day_bounds(first_day(months[0]))
    end, _ = day_bounds(_first_day_after(months[-1]))
    rows = Allocation.objects.of_member(member).accepted_between(start, end)
    return [_sale(allocation) for allocation in rows.preloaded().latest_first()]


def by_month(*, sales: Iterable[Sale], months: Sequence[str]) -> list[MonthOfSales]:
    """Sums of ``sales`` for each of ``months``, in their order; a month without sales is there with zeros. Pure."""
    grouped: dict[str, list[Sale]] = {month: [] for month in months}
    for sale in sales:
        grouped[month_of(sale.sold_on)].append(sale)
    return [
        MonthOfSales(
            month=month,
            sales=len(of_month),
            gross_dong=sum(sale.gross_dong for sale in of_month),
            fee_dong=sum(sale.fee_dong for sale in of_month),
        )
        for month, of_month in grouped.items()
    ]


def _first_day_after(month: str) -> date:
    first = first_day(month)
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def _sale(allocation: Allocation) -> Sale:
    line, lot = allocation.line, allocation.lot
    assert line.order.accepted_at is not None, "what nobody has accepted is not sold"
    return Sale(
        sold_on=vietnam_day(line.order.accepted_at), order_number=line.order.number, lot_code=lot.code,
        product_name=line.product_name, variant_name=line.variant_name, sold_by=line.variant.sold_by,
        unit_name=line.unit_name, quantity=allocation.kept_quantity, gross_dong=allocation.kept_gross_dong,
        fee_dong=allocation.kept_fee_dong, back_quantity=allocation.back_quantity,
    )  # fmt: skip
