"""What a biller charges for: items in its own order, who pays less, and the public price list. Prices: rates.py.

An item may be prepared without a price or a basis; it is billed and shown in public only with both, and never above
the ceiling (facts in the law are dated data: each stands with the rate that it allows).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from payments.bills import charging, rates
from payments.bills.billers import biller, checked_name, checked_note
from payments.bills.rates import AboveCeiling, NoBasis, RateDayTaken, rate_set
from payments.models import BillLine, ExemptGroup, ExemptShare, FeeItem, FeeRate

__all__ = [
    "AboveCeiling",
    "BadReduction",
    "ItemBilled",
    "NameTaken",
    "NoBasis",
    "Price",
    "RateDayTaken",
    "UnitMissing",
    "group_set",
    "item_change",
    "item_create",
    "item_end",
    "item_move",
    "item_resume",
    "price_list",
    "rate_set",
]

Period, Measure = FeeItem.Period, FeeItem.Measure


class NameTaken(Refused):
    code = "NAME_TAKEN"
    sentence = _("Đã có khoản thu mang tên này.")


class UnitMissing(Refused):
    code = "UNIT_MISSING"
    sentence = _("Hãy ghi đơn vị tính (suất, buổi, m³), nhiều nhất 20 chữ.")


class BadKind(Refused):
    code = "BAD_KIND"
    sentence = _("Hãy chọn kỳ thu và cách tính.")


class ItemBilled(Refused):
    """Bills say what they were made of: how it is counted stays."""

    code = "ITEM_BILLED"
    sentence = _("Khoản này đã có trong phiếu thu nên không đổi kỳ thu hay cách tính được. Hãy lập khoản mới.")


class BadReduction(Refused):
    code = "BAD_REDUCTION"
    sentence = _("Mức giảm phải từ 0,01 % đến 100 %.")


@dataclass(frozen=True, slots=True)
class Price:
    """A line of the price list: the item, its rate of the day, and (group, basis points less) of those who pay less."""

    item: FeeItem
    rate: FeeRate
    exempt: list[tuple[str, int]]


@again_when_locked_out
def item_create(
    *,
    organization_id: int,
    name: str,
    period: str,
    measure: str,
    unit_name: str = "",
    compulsory: bool = False,
    refundable: bool = True,
    note: str = "",
    actor: User,
    key: str,
    at: datetime,
) -> FeeItem:
    """A new item, last in the biller's order, without a price yet. The same ``key`` returns the same item.

    Raises NotFound, NameMissing, NameTaken, BadKind, UnitMissing (counted and metered items), NoteTooLong; KeyReused.
    """
    organization = biller(organization_id, deed="keep_bills", actor=actor, at=at)
    item = FeeItem(
        organization=organization, name=checked_name(name), period=period, measure=measure,
        unit_name=_checked_unit(unit_name, measure), compulsory=compulsory, refundable=refundable,
        note=checked_note(note), created_at=at,
    )  # fmt: skip
    _check_kind(item)

    def create() -> str:
        _one_at_a_time(organization.pk)
        _check_free(item)
        last = FeeItem.objects.filter(organization=organization).aggregate(last=Max("position"))["last"]
        item.position = 0 if last is None else last + 1
        item.save(force_insert=True)
        return str(item.pk)

    meaning = [organization_id, item.name, period, measure, item.unit_name, compulsory, refundable, item.note]
    with transaction.atomic():
        made, _replayed = done_once(verb="fee_item_create", actor=actor, key=key, meaning=meaning, at=at, do=create)
        return FeeItem.objects.get(pk=int(made))


@again_when_locked_out
def item_change(
    *,
    fee_item_id: int,
    name: str | None = None,
    period: str | None = None,
    measure: str | None = None,
    unit_name: str | None = None,
    compulsory: bool | None = None,
    refundable: bool | None = None,
    note: str | None = None,
    actor: User,
    at: datetime,
) -> FeeItem:
    """Change what is said of an item; None leaves it. Published bills keep the words they were made with.

    Raises NotFound, NameMissing, NameTaken, BadKind, UnitMissing, NoteTooLong; ItemBilled for another period or measure
    once a bill holds it.
    """
    with transaction.atomic():
        item = _locked_item(fee_item_id, actor=actor, at=at)
        was = (item.period, item.measure)
        item.name = item.name if name is None else checked_name(name)
        item.period = item.period if period is None else period
        item.measure = item.measure if measure is None else measure
        item.unit_name = _checked_unit(item.unit_name if unit_name is None else unit_name, item.measure)
        item.compulsory = item.compulsory if compulsory is None else compulsory
        item.refundable = item.refundable if refundable is None else refundable
        item.note = item.note if note is None else checked_note(note)
        _check_kind(item)
        _check_free(item)
        if (item.period, item.measure) != was and BillLine.objects.filter(fee_item=item).exists():
            raise ItemBilled(field="measure" if item.measure != was[1] else "period")
        item.save()
        return item


@again_when_locked_out
def item_move(*, fee_item_id: int, position: int, actor: User, at: datetime) -> FeeItem:
    """Put an item in the place ``position`` (0 is first) of the biller's order; the others close up. Bills to come
    list and fill their items in this order; published ones keep theirs. Raises NotFound."""
    with transaction.atomic():
        item = _locked_item(fee_item_id, actor=actor, at=at)
        of_biller = FeeItem.objects.filter(organization_id=item.organization_id).exclude(pk=item.pk)
        others = list(of_biller.in_billers_order())
        others.insert(max(0, min(position, len(others))), item)
        for place, one in enumerate(others):
            one.position = place
        FeeItem.objects.bulk_update(others, ["position"], batch_size=200)
        return item


def item_end(*, fee_item_id: int, actor: User, at: datetime) -> FeeItem:
    """No run bills it any more, and the price list leaves it out. Repeating it changes nothing. Raises NotFound."""
    return _with_active(fee_item_id, False, actor=actor, at=at)


def item_resume(*, fee_item_id: int, actor: User, at: datetime) -> FeeItem:
    """Charge for an ended item again. Raises NotFound."""
    return _with_active(fee_item_id, True, actor=actor, at=at)


@again_when_locked_out
def group_set(
    *,
    organization_id: int,
    name: str,
    legal_basis: str,
    shares: Mapping[int, int],
    actor: User,
    key: str,
    at: datetime,
) -> ExemptGroup:
    """The group of this name as said here, made if there was none: its basis, and by fee item how many basis points
    less it pays (1 to 10,000); items not named are paid in full.

    It counts for bills to come. Raises NotFound (also for items of others), NameMissing, NoteTooLong, BadReduction.
    """
    organization = biller(organization_id, deed="keep_bills", actor=actor, at=at)
    group_name, basis = checked_name(name), checked_note(legal_basis, field="legal_basis")
    if any(type(bp) is not int or not 1 <= bp <= charging.WHOLE_BP for bp in shares.values()):
        raise BadReduction(field="shares")

    def write() -> str:
        if FeeItem.objects.filter(organization=organization, pk__in=shares).count() < len(shares):
            raise NotFound(field="shares")
        group, _made = ExemptGroup.objects.update_or_create(
            organization=organization, name=group_name, defaults={"legal_basis": basis}
        )
        group.shares.all().delete()
        ExemptShare.objects.bulk_create(
            ExemptShare(group=group, fee_item_id=fee_item_id, reduction_bp=bp) for fee_item_id, bp in shares.items()
        )
        return str(group.pk)

    meaning = [organization_id, group_name, basis, sorted(shares.items())]
    with transaction.atomic():
        set_, _replayed = done_once(verb="exempt_group_set", actor=actor, key=key, meaning=meaning, at=at, do=write)
        return ExemptGroup.objects.get(pk=int(set_))


def price_list(*, organization: Organization, on: date) -> list[Price]:
    """What may be charged ``on`` a day, in the biller's order: active, with a rate that has a basis and keeps to its
    ceiling. Public. Three queries for any number of items."""
    items = FeeItem.objects.filter(organization=organization, is_active=True).in_billers_order()
    by_item = rates.in_force_of(items, on=on)
    groups: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    shares = ExemptShare.objects.filter(fee_item__in=items.order_by()).order_by("group__name")
    for fee_item_id, name, bp in shares.values_list("fee_item_id", "group__name", "reduction_bp"):
        groups[fee_item_id].append((name, bp))
    return [
        Price(item=item, rate=rate, exempt=groups[item.pk])
        for item in items
        if (rate := by_item.get(item.pk)) is not None and rates.hindrance(rate, item) is None
    ]


def _with_active(fee_item_id: int, is_active: bool, *, actor: User, at: datetime) -> FeeItem:
    with transaction.atomic():
        item = _locked_item(fee_item_id, actor=actor, at=at)
        item.is_active = is_active
        item.save(update_fields=["is_active"])
        return item


def _locked_item(fee_item_id: int, *, actor: User, at: datetime) -> FeeItem:
    organization_id = FeeItem.objects.filter(pk=fee_item_id).values_list("organization_id", flat=True).first()
    if organization_id is None:
        raise NotFound()
    biller(organization_id, deed="keep_bills", actor=actor, at=at)
    _one_at_a_time(organization_id)
    locked = FeeItem.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    return locked.get(pk=fee_item_id)


def _one_at_a_time(organization_id: int) -> None:
    """Names and places of a biller's items are given out one after the other."""
    Organization.objects.held(organization_id)


def _check_kind(item: FeeItem) -> None:
    if item.period not in Period or item.measure not in Measure:
        raise BadKind(field="measure" if item.period in Period else "period")


def _checked_unit(unit_name: str, measure: str) -> str:
    unit = checked_note(unit_name, most=20, field="unit_name")
    if not unit and measure != Measure.FLAT:
        raise UnitMissing(field="unit_name")
    return unit


def _check_free(item: FeeItem) -> None:
    if FeeItem.objects.filter(organization_id=item.organization_id, name=item.name).exclude(pk=item.pk).exists():
        raise NameTaken(field="name")
