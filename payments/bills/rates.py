"""What an item costs, from which day, on what basis. Dated rows: what bills were made at is never rewritten."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG, checked_dong, figures
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import User
from payments.bills import charging, tariff
from payments.bills.billers import biller, checked_note
from payments.models import FeeItem, FeeRate, RunItem


class AboveCeiling(Refused):
    code = "ABOVE_CEILING"
    sentence = _("%(item)s: mức thu %(price)s cao hơn mức trần %(ceiling)s.")


class NoBasis(Refused):
    code = "NO_BASIS"
    sentence = _("%(item)s: chưa ghi căn cứ thu (nghị quyết, quyết định hoặc biên bản).")


class RateDayTaken(Refused):
    code = "RATE_DAY_TAKEN"
    sentence = _("Đã phát hành phiếu theo mức bắt đầu từ ngày %(day)s. Mức mới phải bắt đầu từ ngày khác.")


class StepsNotMetered(Refused):
    code = "STEPS_NOT_METERED"
    sentence = _("Chỉ khoản thu theo chỉ số đồng hồ mới có giá theo bậc.")


@again_when_locked_out
def rate_set(
    *,
    fee_item_id: int,
    since: date,
    price_dong: int,
    steps: object = (),
    ceiling_dong: int | None = None,
    legal_basis: str = "",
    actor: User,
    key: str,
    at: datetime,
) -> FeeRate:
    """What one head, meal or unit costs from ``since`` on; with ``steps`` (tariff.py) these count instead.

    Where the same day has a rate already it is corrected while nothing was billed at it, else refused. Without a basis
    it is a draft: it can be neither published nor shown in public. The same ``key`` returns the same rate.
    Raises NotFound, BadAmount, BadSteps, StepsNotMetered, AboveCeiling, RateDayTaken, NoteTooLong; KeyReused.
    """
    item = FeeItem.objects.select_related("organization").filter(pk=fee_item_id).first()
    if item is None:
        raise NotFound()
    biller(item.organization_id, deed="keep_bills", actor=actor, at=at)
    said = FeeRate(
        fee_item=item, since=since, price_dong=checked_dong(price_dong, least=0, most=MAX_TRANSFER_DONG),
        steps=tariff.checked_steps(steps), ceiling_dong=ceiling_dong,
        legal_basis=checked_note(legal_basis, field="legal_basis"), recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    if ceiling_dong is not None:
        checked_dong(ceiling_dong, least=0)
    if said.steps and item.measure != FeeItem.Measure.METERED:
        raise StepsNotMetered(field="steps")
    _check_ceiling(said, item)

    def write() -> str:
        FeeItem.objects.select_for_update(no_key=True).get(pk=item.pk)  # publishing holds it while it freezes a rate
        there = FeeRate.objects.filter(fee_item=item, since=since).first()
        if there is not None and not _says_the_same(there, said):
            if RunItem.objects.filter(rate=there).exists():
                raise RateDayTaken(field="since", day=f"{since:%d/%m/%Y}")
            said.pk = there.pk
            said.save(force_update=True)
        elif there is None:
            said.save(force_insert=True)
        return str(there.pk if there is not None else said.pk)

    meaning = [fee_item_id, since.isoformat(), price_dong, said.steps, ceiling_dong, said.legal_basis]
    with transaction.atomic():
        made, _replayed = done_once(verb="fee_rate_set", actor=actor, key=key, meaning=meaning, at=at, do=write)
        return FeeRate.objects.select_related("fee_item").get(pk=int(made))


def in_force_of(items: Iterable[FeeItem], *, on: date) -> dict[int, FeeRate]:
    """By item, the rate that counts ``on`` a day; items without one are left out. One query."""
    begun: defaultdict[int, list[FeeRate]] = defaultdict(list)
    for rate in FeeRate.objects.filter(fee_item__in=items, since__lte=on):
        begun[rate.fee_item_id].append(rate)
    found = {fee_item_id: charging.in_force(of_item, on) for fee_item_id, of_item in begun.items()}
    return {fee_item_id: rate for fee_item_id, rate in found.items() if rate is not None}


def hindrance(rate: FeeRate, item: FeeItem) -> Refused | None:
    """Why nothing may be charged at this rate: no basis, or above its ceiling; None: it may."""
    if not rate.legal_basis.strip():
        return NoBasis(item=item.name)
    try:
        _check_ceiling(rate, item)
    except AboveCeiling as above:
        return above
    return None


def _check_ceiling(rate: FeeRate, item: FeeItem) -> None:
    dearest = tariff.dearest_dong(price_dong=rate.price_dong, steps=rate.steps)
    if rate.ceiling_dong is not None and dearest > rate.ceiling_dong:
        raise AboveCeiling(
            field="steps" if rate.steps else "price_dong", item=item.name, price=figures(dearest),
            ceiling=figures(rate.ceiling_dong),
        )  # fmt: skip


def _says_the_same(one: FeeRate, other: FeeRate) -> bool:
    return all(
        getattr(one, name) == getattr(other, name) for name in ("price_dong", "steps", "ceiling_dong", "legal_basis")
    )
