"""Where goods are fetched: a cooperative's points, written down at the desk, and closed rather than deleted."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from cooperatives import phones
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders.buyers import one_line
from orders.models import PickupPoint

NAME_LETTERS, PLACE_LETTERS, HOURS_LETTERS = 80, 160, 80


class BadPoint(Refused):
    """No name, no place, or more than there is room for."""

    code = "BAD_POINT"
    sentence = _("Hãy ghi tên điểm và chỗ tìm đến; tên và giờ tối đa 80 chữ, chỗ tối đa 160 chữ.")


@dataclass(frozen=True, slots=True)
class Written:
    """A point as typed. ``hours`` in the seller's own words: “7–11 giờ, trừ Chủ nhật”; ``phone`` may be empty."""

    name: str
    place: str
    hours: str = ""
    phone: str = ""
    position: int = 0


@again_when_locked_out
def add_point(*, organization_id: int, written: Written, actor: User, key: str | None, at: datetime) -> PickupPoint:
    """A new point, open at once. The same ``key`` returns the same one. Locks the done-once row, the shop's version.

    Raises NotFound (a stranger too), BadPoint, BadPhone, KeyReused, BadKey.
    """
    organization = Organization.objects.filter(pk=organization_id, sells=True).first()
    if organization is None:
        raise NotFound()
    require(actor, "keep_cycles", organization=organization, on=vietnam_day(at))
    clean = _checked(written)

    def do() -> str:
        point = PickupPoint(organization=organization)
        _write(point, clean)
        return str(point.pk)

    meaning = [organization_id, clean.name, clean.place, clean.hours, clean.phone, clean.position]
    with transaction.atomic():
        result, _replayed = done_once(verb="pickup_add", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return PickupPoint.objects.get(pk=result)


@again_when_locked_out
def change_point(*, point_id: int, written: Written, actor: User, at: datetime) -> PickupPoint:
    """Write it anew; the same again changes nothing. Raises NotFound (a stranger too), BadPoint, BadPhone."""
    with transaction.atomic():
        point = _held(point_id, actor=actor, at=at)
        _write(point, _checked(written))
    return point


@again_when_locked_out
def open_point(*, point_id: int, is_open: bool, actor: User, at: datetime) -> PickupPoint:
    """Offer it to buyers, or no longer; orders and market days that name it keep it. Raises NotFound."""
    with transaction.atomic():
        point = _held(point_id, actor=actor, at=at)
        if point.is_open != is_open:
            point.is_open = is_open
            point.save(update_fields=["is_open"])
            versions.moved([point.organization_id])
    return point


def _held(point_id: int, *, actor: User, at: datetime) -> PickupPoint:
    rows = PickupPoint.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    point = rows.filter(pk=point_id).first()
    if point is None:
        raise NotFound()
    require(actor, "keep_cycles", organization=point.organization, on=vietnam_day(at))
    return point


def _checked(written: Written) -> Written:
    name, place, hours = one_line(written.name), one_line(written.place), one_line(written.hours)
    for text, most, field in ((name, NAME_LETTERS, "name"), (place, PLACE_LETTERS, "place")):
        if not text or len(text) > most:
            raise BadPoint(field=field)
    if len(hours) > HOURS_LETTERS:
        raise BadPoint(field="hours")
    if type(written.position) is not int or not 0 <= written.position <= 1000:
        raise BadPoint(field="position")
    phone = phones.e164(one_line(written.phone)) if written.phone.strip() else ""
    return Written(name, place, hours, phone, written.position)


def _write(point: PickupPoint, written: Written) -> None:
    point.name, point.place, point.hours = written.name, written.place, written.hours
    point.phone, point.position = written.phone, written.position
    point.save()
    versions.moved([point.organization_id])
