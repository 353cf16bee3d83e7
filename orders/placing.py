"""Placing: what the buyer wants becomes one order for each cooperative, with prices, rates and postage frozen on it."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from base.codes import ALPHABET
from base.money import MAX_DONG, MAX_TRANSFER_DONG, figures
from base.periods import vietnam_day
from base.refusals import Refused
from catalog import resting, stock
from catalog.measures import BadQuantity, BadStep, checked_measures
from catalog.models import CategoryFee, Product, Variant
from catalog.stock import SoldOut
from cooperatives.models import Organization, User
from cooperatives.phones import BadPhone
from orders import addresses, cycling, first_orders, offering, strangers
from orders.addresses import Address, BadCommune, BadHamlet, BadLandmark
from orders.buyers import BadAddress, BadName, Buyer, NoteTooLong, checked_buyer, checked_note
from orders.messages import tell_placed
from orders.models import Cycle, Order, OrderLine, PickupPoint
from orders.pricing import line_total_dong

MOST_LINES = 50
_LARGEST_ID = 2**63 - 1
_TRIES = 5


class EmptyBasket(Refused):
    """Nothing is wanted."""

    code = "EMPTY_BASKET"
    sentence = _("Giỏ hàng đang trống. Hãy chọn hàng rồi đặt.")


class TooManyLines(Refused):
    """More than 50 lines."""

    code = "TOO_MANY_LINES"
    sentence = _("Mỗi lần đặt được tối đa %(most)s mặt hàng. Hãy chia thành nhiều đơn.")


class UnknownGoods(Refused):
    """Not known, or not on sale: the same answer."""

    code = "UNKNOWN_GOODS"
    sentence = _("Có mặt hàng không còn bán. Hãy bỏ ra khỏi giỏ rồi đặt lại.")


class TooLittle(Refused):
    """So little of something that its price rounds to 0 ₫."""

    code = "TOO_LITTLE"
    sentence = _("“%(name)s”: số lượng ít quá, chưa đến 1 đồng. Hãy lấy nhiều hơn.")


class TooDear(Refused):
    """More than one transfer carries (499,999,999 ₫), or than can be counted safely (2^53−1 ₫)."""

    code = "TOO_DEAR"
    sentence = _("Mỗi đơn được tối đa %(most)s. Hãy chia thành nhiều đơn.")


class BadPickupPoint(Refused):
    """The pick-up point is closed, unknown, or belongs to somebody else."""

    code = "BAD_PICKUP_POINT"
    sentence = _("Điểm nhận hàng này không dùng được. Hãy chọn điểm khác.")


# Everything that place_orders may answer, for the doors that call it.
REFUSALS: tuple[type[Refused], ...] = (
    EmptyBasket, TooManyLines, UnknownGoods, BadQuantity, SoldOut, TooLittle, TooDear, BadName, BadPhone,
    BadPickupPoint, NoteTooLong, resting.Resting, *addresses.REFUSALS, *offering.REFUSALS, *cycling.REFUSALS,
    *strangers.REFUSALS,
)  # fmt: skip
__all__ = [
    "REFUSALS", "Address", "BadAddress", "BadCommune", "BadHamlet", "BadLandmark", "BadName", "BadPhone",
    "BadPickupPoint", "BadQuantity", "BadStep", "Buyer", "EmptyBasket", "NoteTooLong", "SoldOut", "TooDear",
    "TooLittle", "TooManyLines", "UnknownGoods", "Wanted", "place_orders",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """``quantity`` in measures: pieces or grams."""

    variant_id: int
    quantity: int


def place_orders(
    *,
    wanted: Sequence[Wanted],
    buyer: Buyer,
    delivery: str,
    pickup_point_id: int | None,
    pay_by: str,
    note: str,
    placed_by: User | None,
    at: datetime,
    address: Address | None = None,
    cycle_id: int | None = None,
    came_from: str | None = None,
) -> list[Order]:
    """Place one order for each selling organization, all or none, and reserve the goods.

    Needs an open transaction (asserted). Lines of one variant are merged. An organization whose pick-up point was not
    chosen gives its first open one, or its own address where it has none. Without an ``address`` the buyer's plain one
    counts. Each organization asks its own postage, and what it asks of a first order. ``cycle_id``: a market day
    of which all the goods are. ``came_from``: the network address of a request at a door that strangers use, where
    guests are limited; None: within the house. Locks a guest's counters, the market day, then variants in id order.
    Raises what REFUSALS lists; the refusal rolls the caller's transaction back.
    """
    assert connection.in_atomic_block, "orders are placed inside their caller's transaction"
    delivery, pay_by = Order.Delivery(delivery), Order.PayBy(pay_by)
    buyer = checked_buyer(buyer)
    note = checked_note(note)
    offering.check_collects(delivery, pay_by)
    measures = merged(wanted)
    on_sale = on_sale_now(measures)
    sellers = {variant.product.organization for variant in on_sale.values()}
    if placed_by is None and came_from is not None:
        strangers.check(phone=buyer.phone, sellers=sellers, came_from=came_from, at=at)
    written = addresses.checked_address(
        address or Address(text=buyer.address), delivery=delivery, own_commune=addresses.shared_commune(sellers),
        on=vietnam_day(at),
    )  # fmt: skip
    rates = offering.rates_of(sellers) if delivery != Order.Delivery.PICKUP else {}
    known = first_orders.who_know(buyer.phone, sellers) if pay_by == Order.PayBy.CASH else set()
    goods = [variant.product for variant in on_sale.values()]
    resting.refuse(goods, on=vietnam_day(at))
    cycle = cycling.opened(cycle_id=cycle_id, products=goods, at=at) if cycle_id is not None else None
    fees = _fees(on_sale.values())
    points = _points(on_sale.values(), delivery=delivery, chosen=pickup_point_id, cycle=cycle)
    # Prices are read under the lock that reserves the goods.
    locked = {variant.pk: variant for variant in stock.reserve(wanted=measures)}

    lines: dict[Organization, list[OrderLine]] = {}
    for variant_id, seen in on_sale.items():
        fee_bp = fees.get((seen.product.organization_id, seen.product.category_id), 0)
        of_seller = lines.setdefault(seen.product.organization, [])
        of_seller.append(_line(locked[variant_id], measures[variant_id], fee_bp=fee_bp, position=len(of_seller) + 1))
    orders = []
    for seller, of_seller in lines.items():
        goods_dong = sum(line.total_dong for line in of_seller)
        shipping_dong = 0
        if delivery != Order.Delivery.PICKUP:
            parcel = offering.parcel_of([(line.variant, line.quantity) for line in of_seller], goods_dong=goods_dong)
            to = addresses.place_of(written.commune_code)
            shipping_dong = offering.charge(rates, seller=seller, way=delivery, to=to, parcel=parcel).dong
        total_dong = _checked_sum(goods_dong + shipping_dong, pay_by)
        asked = first_orders.asked_of(seller, pay_by=pay_by, total_dong=total_dong, is_known=seller.pk in known)
        order = Order(
            organization=seller, token=secrets.token_urlsafe(32), buyer_name=buyer.name, buyer_phone=buyer.phone,
            note=note, delivery=delivery, pickup_point=points.get(seller.pk), pay_by=pay_by, goods_dong=goods_dong,
            shipping_dong=shipping_dong, total_dong=total_dong, deposit_dong=asked.deposit_dong,
            needs_call=asked.needs_call, placed_by=placed_by, placed_at=at,
            cycle=cycle, expires_at=holds_until(seller, pay_by, at=at, deposit_dong=asked.deposit_dong, cycle=cycle),
        )  # fmt: skip
        if cycle is not None:
            cycling.room(cycle=cycle, goods_dong=goods_dong)
        written.write_on(order)
        orders.append(order)
    _write(orders, day=vietnam_day(at))
    for order, of_seller in zip(orders, lines.values(), strict=True):
        for line in of_seller:
            line.order = order
    OrderLine.objects.bulk_create(line for of_seller in lines.values() for line in of_seller)
    tell_placed(orders=orders, at=at)
    return orders


def holds_until(
    seller: Organization, pay_by: str, *, at: datetime, deposit_dong: int = 0, cycle: Cycle | None = None
) -> datetime | None:
    """When goods promised at ``at`` are let go unpaid. None: they wait for the buyer, who pays on receiving them.

    ``deposit_dong``: what is still to come before that, as a transfer. On a market day they wait no longer than it
    takes orders.
    """
    if pay_by != Order.PayBy.TRANSFER and not deposit_dong:
        return None
    until = at + timedelta(hours=seller.transfer_hours)
    return min(until, cycle.closes_at) if cycle is not None and at < cycle.closes_at else until


def merged(wanted: Sequence[Wanted]) -> dict[int, int]:
    """Measures by variant, merged, in the order in which the buyer chose them."""
    if not wanted:
        raise EmptyBasket(field="lines")
    if len(wanted) > MOST_LINES:
        raise TooManyLines(field="lines", most=MOST_LINES)
    together: dict[int, int] = {}
    for place, line in enumerate(wanted):
        field = f"lines.{place}.quantity"
        if type(line.variant_id) is not int or not 0 < line.variant_id <= _LARGEST_ID:
            raise UnknownGoods(field=f"lines.{place}.variant_id")
        measures = checked_measures(line.quantity, field=field) + together.get(line.variant_id, 0)
        together[line.variant_id] = checked_measures(measures, field=field)
    return together


def on_sale_now(measures: Mapping[int, int]) -> dict[int, Variant]:
    """The variants, with product and seller, in the buyer's order. Raises UnknownGoods."""
    published = Product.objects.published()
    found = Variant.objects.filter(product__in=published).select_related("product__organization").in_bulk(measures)
    if len(found) != len(measures):
        raise UnknownGoods(field="lines")
    return {variant_id: found[variant_id] for variant_id in measures}


def _fees(variants: Iterable[Variant]) -> dict[tuple[int, int], int]:
    """Basis points by organization and category; what is not there is 0."""
    products = [variant.product for variant in variants]
    rows = CategoryFee.objects.filter(
        organization__in={product.organization_id for product in products},
        category__in={product.category_id for product in products},
    )
    return {(row.organization_id, row.category_id): row.fee_bp for row in rows}


def _points(
    variants: Iterable[Variant], *, delivery: str, chosen: int | None, cycle: Cycle | None
) -> dict[int, PickupPoint]:
    """Where each organization's goods are picked up. Raises BadPickupPoint for a choice that is not open there."""
    if delivery != Order.Delivery.PICKUP:
        return {}
    if cycle is not None:
        point = cycling.point_of(cycle, chosen=chosen)
        if point is None:
            raise BadPickupPoint(field="pickup_point_id")
        return {cycle.organization_id: point}
    sellers = {variant.product.organization_id for variant in variants}
    points = PickupPoint.objects.filter(organization__in=sellers, is_open=True).order_by("position", "id")
    first_of: dict[int, PickupPoint] = {}
    picked = None
    for point in points:
        first_of.setdefault(point.organization_id, point)
        if point.pk == chosen:
            picked = point
    if chosen is not None:
        if picked is None:
            raise BadPickupPoint(field="pickup_point_id")
        first_of[picked.organization_id] = picked
    return first_of


def _line(variant: Variant, quantity: int, *, fee_bp: int, position: int) -> OrderLine:
    total_dong = line_total_dong(price_dong=variant.price_dong, quantity=quantity, unit=variant.unit)
    if not total_dong:
        raise TooLittle(field="lines", name=str(variant))
    return OrderLine(
        variant=variant, position=position, product_name=variant.product.name, variant_name=variant.name,
        unit_name=variant.unit_name, unit=variant.unit, price_dong=variant.price_dong, quantity=quantity,
        total_dong=total_dong, fee_bp=fee_bp,
    )  # fmt: skip


def _checked_sum(total_dong: int, pay_by: str) -> int:
    most_dong = MAX_TRANSFER_DONG if pay_by == Order.PayBy.TRANSFER else MAX_DONG
    if total_dong > most_dong:
        raise TooDear(field="lines", most=figures(most_dong))
    return total_dong


def _write(orders: list[Order], *, day: date) -> None:
    """Insert the orders under numbers that nobody has; a number drawn twice is drawn again."""
    for _try in range(_TRIES):
        numbers: set[str] = set()
        while len(numbers) < len(orders):
            numbers.add(new_number(day))
        for order, number in zip(orders, numbers, strict=True):
            order.number = number
        try:
            with transaction.atomic():
                Order.objects.bulk_create(orders)
                return
        except IntegrityError:
            if not Order.objects.filter(number__in=numbers).exists():
                raise
    raise RuntimeError(f"no free order number on {day} in {_TRIES} tries")


def new_number(day: date) -> str:
    """``DH-261122-7K2M``: for people to say on the phone; no secret, and not in sequence, so it tells no turnover."""
    return f"DH-{day:%y%m%d}-" + "".join(secrets.choice(ALPHABET) for _ in range(4))
