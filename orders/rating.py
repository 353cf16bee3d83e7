"""What a cooperative asks for carrying: rates added, changed and stopped. Nobody orders them by hand.

The nearest zone comes first, and in it the lightest parcel, so that "the first that fits" (orders/postage.py) is what
anybody would read off the table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import BadAmount, checked_dong
from base.periods import vietnam_day
from base.places import divisions
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders.models import Order, ShippingRate
from orders.postage import ANY_WEIGHT_G

Zone = ShippingRate.Zone
MOST_RATES = 60
HEAVIEST_G = 1_000_000
_NEAREST_FIRST = [Zone.COMMUNE, Zone.PROVINCE, Zone.LISTED, Zone.ANYWHERE]


class BadWay(Refused):
    """There is no such way of delivery, or it is fetching, which costs nothing."""

    code = "BAD_WAY"
    sentence = _("Hãy chọn một cách gửi. Đến lấy ở điểm nhận hàng thì không mất tiền.")


class BadZone(Refused):
    """No such zone, a list without provinces, or one that names a province there is not."""

    code = "BAD_ZONE"
    sentence = _("Hãy chọn nơi đến, và ít nhất một tỉnh nếu chọn theo tỉnh.")


class BadParcelWeight(Refused):
    """A parcel weighs 1 g to 1,000 kg."""

    code = "BAD_PARCEL_WEIGHT"
    sentence = _("Cân nặng phải từ 1 gam đến 1.000 kg, hoặc để trống nếu nặng bao nhiêu cũng một giá.")


class TooManyRates(Refused):
    """60 live ones are enough for everybody."""

    code = "TOO_MANY_RATES"
    sentence = _("Đã có %(most)s dòng giá. Hãy bỏ bớt dòng không dùng.")


REFUSALS: tuple[type[Refused], ...] = (BadWay, BadZone, BadParcelWeight, BadAmount, TooManyRates)


@dataclass(frozen=True, slots=True)
class Wanted:
    """``up_to_g`` None: whatever it weighs. ``free_above_dong`` 0: never free. ``province_codes`` for LISTED alone."""

    way: str
    zone: str
    price_dong: int
    province_codes: tuple[str, ...] = ()
    up_to_g: int | None = None
    free_above_dong: int = 0


@again_when_locked_out
def set_rate(
    *, organization_id: int, rate_id: int | None, wanted: Wanted, actor: User, key: str, at: datetime
) -> ShippingRate:
    """Add a rate, or put ``wanted`` in place of the one with ``rate_id``; orders placed keep what they were asked.

    A changed rate is a new row, and the old one stops. Repeat-safe by ``key``. Raises NotFound (a stranger too, and for
    a rate that has stopped), what REFUSALS lists, KeyReused, BadKey.
    """
    columns = _checked(wanted)

    def do(organization: Organization) -> str:
        live = ShippingRate.objects.filter(organization=organization, is_live=True)
        if rate_id is not None and not live.filter(pk=rate_id).update(is_live=False):
            raise NotFound()
        if live.count() >= MOST_RATES:
            raise TooManyRates(most=MOST_RATES)
        made = ShippingRate.objects.create(organization=organization, **columns)
        _put_in_order(organization)
        return str(made.pk)

    meaning = [organization_id, rate_id, columns]
    made_id = _once("rate_set", do, organization_id=organization_id, meaning=meaning, actor=actor, key=key, at=at)
    return ShippingRate.objects.get(pk=made_id)


@again_when_locked_out
def stop_rate(*, organization_id: int, rate_id: int, actor: User, key: str, at: datetime) -> ShippingRate:
    """No order is asked by it any more. Stopping it again changes nothing. Raises NotFound, KeyReused, BadKey."""

    def do(organization: Organization) -> str:
        rate = ShippingRate.objects.filter(organization=organization, pk=rate_id).first()
        if rate is None:
            raise NotFound()
        rate.is_live = False
        rate.save(update_fields=["is_live"])
        return str(rate.pk)

    meaning = [organization_id, rate_id]
    stopped = _once("rate_stop", do, organization_id=organization_id, meaning=meaning, actor=actor, key=key, at=at)
    return ShippingRate.objects.get(pk=stopped)


def _once(
    verb: str,
    do: Callable[[Organization], str],
    *,
    organization_id: int,
    meaning: object,
    actor: User,
    key: str,
    at: datetime,
) -> str:
    """``do`` under the organization's lock, once a key, and tell the pages that show rates."""
    with transaction.atomic():
        seen = Organization.objects.filter(pk=organization_id).first()
        if seen is None:
            raise NotFound()
        require(actor, "keep_delivery", organization=seen, on=vietnam_day(at))

        def held() -> str:
            done = do(Organization.objects.held(organization_id))
            versions.moved([organization_id])
            return done

        result, _replayed = done_once(verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=held)
        return result


def _checked(wanted: Wanted) -> dict[str, object]:
    if wanted.way not in Order.Delivery.values or wanted.way == Order.Delivery.PICKUP:
        raise BadWay(field="way")
    if wanted.zone not in Zone.values:
        raise BadZone(field="zone")
    codes = sorted(set(wanted.province_codes)) if wanted.zone == Zone.LISTED else []
    if (wanted.zone == Zone.LISTED) != bool(codes) or any(divisions.province(code) is None for code in codes):
        raise BadZone(field="province_codes")
    if wanted.up_to_g is not None and not 1 <= wanted.up_to_g <= HEAVIEST_G:
        raise BadParcelWeight(field="up_to_g")
    return {
        "way": str(wanted.way), "zone": str(wanted.zone), "province_codes": ",".join(codes),
        "up_to_g": wanted.up_to_g or ANY_WEIGHT_G, "price_dong": checked_dong(wanted.price_dong, least=0),
        "free_above_dong": checked_dong(wanted.free_above_dong, least=0),
    }  # fmt: skip


def _put_in_order(organization: Organization) -> None:
    rates = list(ShippingRate.objects.filter(organization=organization, is_live=True))
    rates.sort(
        key=lambda rate: (
            Order.Delivery.values.index(rate.way), _NEAREST_FIRST.index(Zone(rate.zone)), rate.up_to_g, rate.pk,
        )
    )  # fmt: skip
    for position, rate in enumerate(rates):
        rate.position = position
    ShippingRate.objects.bulk_update(rates, ["position"])
