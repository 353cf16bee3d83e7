"""Which ways a cooperative sends goods to a place, and what each costs: for the form, for programs, and for placing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from catalog.models import Variant
from cooperatives.models import Organization
from cooperatives.phones import shown
from orders.addresses import BadCommune, place_of
from orders.models import Order, ShippingRate
from orders.postage import Goods, Place, Postage, Rate, gross_g, postage

COLLECTS = frozenset({Order.Delivery.PICKUP, Order.Delivery.HOME, Order.Delivery.POST, Order.Delivery.CARRIER})
"""Ways in which somebody hands the goods over and takes the money. A coach is met at the roadside, and paid before."""


class WayNotOffered(Refused):
    """The cooperative has no rate for this way."""

    code = "WAY_NOT_OFFERED"
    sentence = _("%(name)s không có cách “%(way)s”. Hãy chọn cách khác.")


class TooFar(Refused):
    """None of its rates for this way reaches the place."""

    code = "TOO_FAR"
    sentence = _("%(name)s: cách “%(way)s” chưa đến được nơi này. Hãy chọn cách khác.")


class TooHeavy(Refused):
    """The parcel weighs more than any of its rates for this way takes."""

    code = "TOO_HEAVY"
    sentence = _("%(name)s: cả gói nặng chừng %(kg)s kg, quá sức cách “%(way)s”. Hãy chia đơn hoặc chọn cách khác.")


class WeightUnknown(Refused):
    """The price hangs on the weight, and of some goods nobody has written down what they weigh."""

    code = "WEIGHT_UNKNOWN"
    sentence = _(
        "%(name)s: có mặt hàng chưa ghi nặng bao nhiêu nên chưa tính được tiền gửi. "
        "Hãy chọn cách khác hoặc gọi %(phone)s."
    )


class CannotCollect(Refused):
    """This way brings no money back, so it is paid before."""

    code = "CANNOT_COLLECT"
    sentence = _("Cách “%(way)s” không thu hộ được tiền. Hãy trả bằng chuyển khoản.")


REFUSALS: tuple[type[Refused], ...] = (WayNotOffered, TooFar, TooHeavy, WeightUnknown, CannotCollect)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one cooperative sends: ``gross_g`` None where it is not known."""

    gross_g: int | None
    goods_dong: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One way of one cooperative: ``postage``, or why it is not to be had there. ``refused`` BadCommune: say where."""

    way: str
    postage: Postage | None
    refused: Refused | None = None

    @property
    def collects(self) -> bool:
        return self.way in COLLECTS


def parcel_of(lines: Iterable[tuple[Variant, int]], *, goods_dong: int) -> Parcel:
    """``lines``: variants with measures."""
    goods = [Goods(measures, one.sold_by == Variant.SoldBy.WEIGHT, one.weight_g) for one, measures in lines]
    return Parcel(gross_g(goods), goods_dong)


def rates_of(sellers: Iterable[Organization]) -> dict[int, list[ShippingRate]]:
    """The live rates of each, in its own order. One query."""
    found: dict[int, list[ShippingRate]] = {seller.pk: [] for seller in sellers}
    for rate in ShippingRate.objects.filter(organization__in=found, is_live=True).order_by("position", "id"):
        found[rate.organization_id].append(rate)
    return found


def charge(
    rates: Mapping[int, Sequence[Rate]], *, seller: Organization, way: str, to: Place, parcel: Parcel
) -> Postage:
    """What ``seller`` asks for sending ``parcel``.

    Raises WayNotOffered, TooFar, TooHeavy, WeightUnknown, BadCommune (nobody said where to).
    """
    found = postage(
        rates[seller.pk], way=way, start=place_of(seller.commune_code), to=to, gross_g=parcel.gross_g,
        goods_dong=parcel.goods_dong,
    )  # fmt: skip
    if isinstance(found, Postage):
        return found
    if found == "place_unknown":
        raise BadCommune(field="commune")
    kind = {
        "not_offered": WayNotOffered, "too_far": TooFar, "too_heavy": TooHeavy, "weight_unknown": WeightUnknown,
    }[found]  # fmt: skip
    raise kind(
        field="delivery", name=seller.name, way=Order.Delivery(way).label, phone=shown(seller.phone),
        kg=-(-(parcel.gross_g or 0) // 1000),
    )  # fmt: skip


def offers(
    rates: Mapping[int, Sequence[Rate]], *, seller: Organization, to: Place, near: Place, parcel: Parcel
) -> list[Offer]:
    """Each way of ``seller``: with its price, or with why not. Ways for which it has no rate at all are left out.

    ``near``: where a neighbour goes while ``to`` is not known.
    """
    found = []
    for way in Order.Delivery.values:
        place = near if way == Order.Delivery.HOME and not to.commune else to
        try:
            found.append(Offer(way, charge(rates, seller=seller, way=way, to=place, parcel=parcel)))
        except WayNotOffered:
            continue
        except Refused as refused:
            found.append(Offer(way, None, refused))
    return found


def check_collects(way: str, pay_by: str) -> None:
    """Raises CannotCollect for goods to be paid on receipt that nobody would take the money for."""
    if pay_by == Order.PayBy.CASH and way not in COLLECTS:
        raise CannotCollect(field="pay_by", way=Order.Delivery(way).label)
