"""A member brings goods in: one lot, with its owner, its days and its code."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import missing, versions
from catalog.measures import MOST_MEASURES, BadQuantity, checked_measures
from catalog.models import Lot, Variant
from catalog.tracing import new_trace
from cooperatives.doing_once import done_once
from cooperatives.models import Member, Organization, User
from cooperatives.permissions import require

_FURTHEST = timedelta(days=3660)  # ten years either way: beyond it a date is a slip of the finger


class NotAMemberHere(Refused):
    """The member is not in the organization that sells the goods, or not on that day."""

    code = "NOT_A_MEMBER_HERE"
    sentence = _("Người này không phải thành viên đang hoạt động của đơn vị bán hàng.")


class BadMadeOn(Refused):
    """Made in the future, or more than ten years ago."""

    code = "BAD_MADE_ON"
    sentence = _("Ngày làm ra không hợp lệ: không được sau hôm nay.")


class BadBestBefore(Refused):
    """Best before a day that is past, before the goods were made, or more than ten years ahead."""

    code = "BAD_BEST_BEFORE"
    sentence = _("Hạn dùng không hợp lệ: phải từ hôm nay trở đi.")


@again_when_locked_out
def receive_lot(
    *,
    variant_id: int,
    member_id: int | None,
    quantity: int,
    made_on: date | None,
    best_before: date | None,
    actor: User | None,
    key: str | None = None,
    at: datetime,
) -> Lot:
    """Write down what was brought in and raise the variant's ``on_hand`` by ``quantity`` (pieces or grams).

    ``member_id`` None: the organization's own goods. A weight need not fit the selling step. The same ``key``
    returns the same lot; without one the same input is the same lot all day, so two equal lots need a key each.
    Opens its own transaction; locks the done-once row, the variant, the shop's version. Raises NotFound (also for a
    stranger), BadQuantity, BadMadeOn, BadBestBefore, NotAMemberHere, KeyReused, BadKey.
    """
    with transaction.atomic():
        variant = Variant.objects.select_related("product__organization").filter(pk=variant_id).first()
        if variant is None:
            raise NotFound()  # no field: the very answer that a stranger gets
        today = vietnam_day(at)
        organization = variant.product.organization
        if actor is not None:
            require(actor, "receive_lots", organization=organization, on=today)
        checked_measures(quantity, field="quantity")

        def receive() -> str:
            check_days(made_on=made_on, best_before=best_before, today=today)
            if member_id is not None:
                require_live_member(member_id, organization=organization, on=today, field="member_id")
            # Also the lock under which the day's lots are numbered.
            moved = Variant.objects.filter(pk=variant_id, on_hand__lte=MOST_MEASURES - quantity).update(
                on_hand=F("on_hand") + quantity
            )
            if not moved:
                raise BadQuantity(field="quantity")
            lot = Lot.objects.create(
                variant_id=variant_id,
                member_id=member_id,
                code=next_code(variant_id, today),
                trace=new_trace(),
                quantity=quantity,
                left=quantity,
                made_on=made_on,
                best_before=best_before,
                received_at=at,
                received_by=actor,
            )
            missing.settle([variant_id])
            versions.moved([organization.pk])
            return f"lot:{lot.pk}"

        meaning = {
            "variant": variant_id,
            "member": member_id,
            "quantity": quantity,
            "made_on": made_on and made_on.isoformat(),
            "best_before": best_before and best_before.isoformat(),
        }
        result, _replayed = done_once(verb="lot_receive", actor=actor, key=key, meaning=meaning, at=at, do=receive)
        return Lot.objects.select_related("variant__product", "member__user").get(pk=result.removeprefix("lot:"))


def check_days(*, made_on: date | None, best_before: date | None, today: date) -> None:
    if made_on is not None and not today - _FURTHEST <= made_on <= today:
        raise BadMadeOn(field="made_on")
    if best_before is not None and not today <= best_before <= today + _FURTHEST:
        raise BadBestBefore(field="best_before")


def require_live_member(member_id: int, *, organization: Organization, on: date, field: str) -> None:
    """Raises NotAMemberHere unless she is a member of ``organization`` on that day."""
    member = Member.objects.filter(pk=member_id, organization=organization, joined_on__lte=on).first()
    if member is None or (member.left_on is not None and member.left_on < on):
        raise NotAMemberHere(field=field)


def next_code(variant_id: int, today: date) -> str:
    """``261122-03``: the day and the number of the lot on that day. Needs the variant's lock; lots never vanish."""
    day = f"{today:%y%m%d}"
    number = Lot.objects.filter(variant_id=variant_id, code__startswith=f"{day}-").count() + 1
    return f"{day}-{number:02d}"
