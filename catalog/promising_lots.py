"""Goods that a member will bring on a day, sold before they are here; and what she then really brought.

What is promised can be ordered at once and binds her: an order never waits for her phone. It is handed out only once
it has been brought (``Lot.here``).
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import missing, versions
from catalog.lots import check_days, next_code, require_live_member
from catalog.measures import MOST_MEASURES, BadQuantity, checked_measures, shown_quantity
from catalog.models import Lot, Variant
from catalog.tracing import new_trace
from cooperatives.doing_once import done_once
from cooperatives.models import Member, Organization, User
from cooperatives.permissions import may, require

FURTHEST = timedelta(days=366)


class BadExpectedOn(Refused):
    """Promised for a day that is past, or more than a year ahead."""

    code = "BAD_EXPECTED_ON"
    sentence = _("Ngày hẹn phải từ hôm nay đến một năm tới.")


class BroughtAlready(Refused):
    """Somebody has written down already what of this lot came."""

    code = "BROUGHT_ALREADY"
    sentence = _("Mẻ này đã ghi nhận %(quantity)s rồi. Có thêm thì ghi “nhận thêm hàng”.")


@again_when_locked_out
def promise_lot(
    *,
    variant_id: int,
    member_id: int | None,
    quantity: int,
    expected_on: date,
    actor: User | None,
    key: str | None = None,
    at: datetime,
) -> Lot:
    """A member will bring ``quantity`` (pieces or grams) on that day: it can be ordered from now on.

    ``member_id`` None: the organization's own goods. Staff write it down, or the member herself for goods that she is
    named as making. The same ``key`` returns the same lot. Opens its own transaction; locks the done-once row, the
    variant, the shop's version. Raises NotFound (a stranger too), BadQuantity, BadExpectedOn, NotAMemberHere,
    KeyReused, BadKey.
    """
    with transaction.atomic():
        variant = Variant.objects.select_related("product__organization").filter(pk=variant_id).first()
        if variant is None:
            raise NotFound()
        today = vietnam_day(at)
        organization = variant.product.organization
        if actor is not None and not _is_her_own(variant, member_id, actor):
            require(actor, "receive_lots", organization=organization, on=today)
        checked_measures(quantity, field="quantity")

        def promise() -> str:
            if not today <= expected_on <= today + FURTHEST:
                raise BadExpectedOn(field="expected_on")
            if member_id is not None:
                require_live_member(member_id, organization=organization, on=today, field="member_id")
            # Also the lock under which the day's lots are numbered.
            moved = Variant.objects.filter(pk=variant_id, on_hand__lte=MOST_MEASURES - quantity).update(
                on_hand=F("on_hand") + quantity
            )
            if not moved:
                raise BadQuantity(field="quantity")
            lot = Lot.objects.create(
                variant_id=variant_id, member_id=member_id, code=next_code(variant_id, today), trace=new_trace(),
                quantity=quantity, left=quantity, expected_on=expected_on, received_at=at, received_by=actor,
            )  # fmt: skip
            versions.moved([organization.pk])
            return f"lot:{lot.pk}"

        meaning = {
            "variant": variant_id, "member": member_id, "quantity": quantity, "expected_on": expected_on.isoformat(),
        }  # fmt: skip
        result, _replayed = done_once(verb="lot_promise", actor=actor, key=key, meaning=meaning, at=at, do=promise)
        return _whole(int(result.removeprefix("lot:")))


@again_when_locked_out
def brought(
    *,
    lot_id: int,
    quantity: int,
    made_on: date | None = None,
    best_before: date | None = None,
    actor: User | None,
    at: datetime,
) -> Lot:
    """What of a promised lot really came: ``quantity`` measures, 0 where nothing did, more than promised too.

    Less than was promised leaves the shelf as far as nobody ordered it; what orders wait for is noted as missing, and
    orders/shortages.py says which. No order is touched. The same again changes nothing. Opens its own transaction;
    locks the variant, the lot, the shop's version. Raises NotFound (a stranger too), BroughtAlready, BadQuantity,
    BadMadeOn, BadBestBefore.
    """
    lot = Lot.objects.select_related("variant__product__organization").filter(pk=lot_id).first()
    if lot is None or lot.expected_on is None:
        raise NotFound()
    organization = lot.variant.product.organization
    if actor is not None:
        require(actor, "receive_lots", organization=organization, on=vietnam_day(at))
    checked_measures(quantity, least=0, field="quantity")
    check_days(made_on=made_on, best_before=best_before, today=vietnam_day(at))
    with transaction.atomic():
        variant, locked = _locked(lot)
        if locked.brought_at is not None:
            if locked.left - locked.missing == quantity:
                return _whole(lot_id)
            raise BroughtAlready(quantity=shown_quantity(lot.variant, locked.left - locked.missing))
        locked.brought_at = locked.received_at = at
        locked.received_by, locked.made_on, locked.best_before = actor, made_on, best_before
        written = ["brought_at", "received_at", "received_by", "made_on", "best_before"]
        there = locked.left - locked.missing
        if quantity > there:
            if variant.on_hand > MOST_MEASURES - quantity:
                raise BadQuantity(field="quantity")
            locked.quantity, locked.left = locked.quantity + quantity - there, locked.left + quantity - there
            Variant.objects.filter(pk=variant.pk).update(on_hand=F("on_hand") + quantity - there)
        locked.save(update_fields=[*written, "quantity", "left"])
        if quantity < there:
            missing.shrink([locked], variant=variant, gone=there - quantity)
        else:
            missing.settle([variant.pk])
        versions.moved([organization.pk])
    return _whole(lot_id)


def lower(*, variant_id: int, member_id: int, there: int) -> int:
    """A member has no more than ``there`` measures of these goods, whatever her lots say: the rest leaves the shelf,
    and what orders wait for is noted as missing. Returns how much newly is missing; 0 where she has as much as is left.

    Her newest lots lose first, those still to be brought before the others. Needs an open transaction (asserted by the
    lock); locks the variant, its lots, the shop's version.
    """
    checked_measures(there, least=0, field="left")
    variant = Variant.objects.select_for_update(of=("self",)).select_related("product").get(pk=variant_id)
    of_hers = Lot.objects.select_for_update().filter(variant_id=variant_id, member_id=member_id, left__gt=F("missing"))
    lots = sorted(
        of_hers.order_by("pk"), key=lambda lot: (lot.brought_at is None, lot.received_at, lot.pk), reverse=True
    )
    gone = sum(lot.left - lot.missing for lot in lots) - there
    if gone <= 0:
        return 0
    short = missing.shrink(lots, variant=variant, gone=gone)
    versions.moved([variant.product.organization_id])
    return short


def may_promise(actor: User, *, variant: Variant, at: datetime) -> bool:
    """Whether this person may write down that goods of this variant will come: its maker, or staff."""
    maker = variant.product.maker
    if maker is not None and maker.user_id == actor.pk and maker.left_on is None:
        return True
    organization: Organization = variant.product.organization
    return may(actor, "receive_lots", organization=organization, on=vietnam_day(at))


def _is_her_own(variant: Variant, member_id: int | None, actor: User) -> bool:
    """Her own goods, of which she is named the maker."""
    maker_id = variant.product.maker_id
    return member_id is not None and member_id == maker_id and Member.objects.filter(pk=maker_id, user=actor).exists()


def _locked(lot: Lot) -> tuple[Variant, Lot]:
    variant = Variant.objects.select_for_update(of=("self",)).get(pk=lot.variant_id)
    return variant, Lot.objects.select_for_update().get(pk=lot.pk)


def _whole(lot_id: int) -> Lot:
    return Lot.objects.select_related("variant__product", "member__user").get(pk=lot_id)
