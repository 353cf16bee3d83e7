"""Correcting a published bill: its lines stay, an adjustment is added; what was paid beyond it is owed back.

What is given back of an item pays what the same bill still asks; the rest is carried to the next bill or returned, as
the biller has decided (carrying.py). A correction is itself corrected by another one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG, checked_dong, figures, grouped
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.doing_once import done_once
from cooperatives.models import Message, Organization, User
from cooperatives.permissions import require
from payments import crediting, deeds, postings
from payments.bills import carrying, messages, meters, repricing, shares
from payments.bills.billers import biller
from payments.bills.shares import ItemDue, Spread
from payments.bills.tariff import MOST_UNITS
from payments.models import Bill, BillLine, FeeItem, GivenBack, PaymentRequest, Reading
from payments.owed_for import Subject


class BillCancelled(Refused):
    code = "BILL_CANCELLED"
    sentence = _("Khoản thu này đã hủy, không điều chỉnh được nữa.")


class NothingToCorrect(Refused):
    code = "NOTHING_TO_CORRECT"
    sentence = _("Không có gì để điều chỉnh: hãy ghi mỗi mục một lần, với số tiền khác 0.")


class BelowNothing(Refused):
    code = "BELOW_NOTHING"
    sentence = _("Mục %(item)s chỉ còn %(asked)s, không giảm nhiều hơn được.")


class ReadingReplaced(Refused):
    code = "READING_REPLACED"
    sentence = _("Chỉ số này đã được sửa rồi. Hãy tải lại trang.")


@dataclass(frozen=True, slots=True)
class Change:
    """``delta_dong``, signed and not 0, on one item. ``quantity``: of how many meals or units it is; ``reading_id``:
    the reading that it follows. Both are only shown."""

    fee_item_id: int
    delta_dong: int
    quantity: int | None = None
    reading_id: int | None = None


@again_when_locked_out
def correct(
    *, bill_id: int, changes: Sequence[Change], reason: str, actor: User, key: str | None, at: datetime
) -> Bill:
    """Add one visible adjustment for each change; the request asks the new sum, and the household is told.

    An item that the bill did not have can be added. Repeat-safe by ``key``. Raises NotFound, ReasonMissing, BadAmount,
    NothingToCorrect, BillCancelled, BelowNothing.
    """
    request = PaymentRequest.objects.filter(bill=bill_id).first()
    if request is None:
        raise NotFound()
    biller(request.organization_id, deed="keep_bills", actor=actor, at=at)
    why = deeds.checked_reason(reason)
    if not changes or len({change.fee_item_id for change in changes}) < len(changes):
        raise NothingToCorrect(field="changes")
    for change in changes:
        checked_dong(abs(change.delta_dong))
        if change.quantity is not None:
            checked_dong(change.quantity, most=MOST_UNITS)

    def do() -> str:
        _adjust(crediting.locked_request(request.pk), changes, reason=why, actor=actor, at=at)
        return str(bill_id)

    meaning = [bill_id, [list(astuple(change)) for change in changes]]
    with transaction.atomic():
        done_once(verb="bill_correct", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return Bill.objects.preloaded().get(pk=bill_id)


def _adjust(
    request: PaymentRequest, changes: Sequence[Change], *, reason: str, actor: User, at: datetime
) -> None:  # fmt: skip
    """The same on a locked request. Needs an open transaction."""
    if request.state == PaymentRequest.State.CANCELLED:
        raise BillCancelled()
    assert request.bill is not None
    assert request.account is not None
    bill, account = request.bill, request.account
    items = {item.fee_item_id: item for item in shares.dues([bill.pk])[bill.pk]}
    fee_items = FeeItem.objects.filter(organization=request.organization_id).in_bulk([c.fee_item_id for c in changes])
    readings = {change.reading_id for change in changes} - {None}
    known = Reading.objects.filter(account=account, pk__in=[pk for pk in readings if pk is not None]).count()
    if len(fee_items) < len(changes) or known < len(readings):
        raise NotFound()
    lines = [
        _line(bill, fee_items[change.fee_item_id], change, items.get(change.fee_item_id), reason, actor, at)
        for change in changes
    ]
    asked = sum(item.asked_dong for item in items.values()) + sum(change.delta_dong for change in changes)
    checked_dong(asked, least=0, most=MAX_TRANSFER_DONG)
    BillLine.objects.bulk_create(lines)
    over = [
        Spread(bill.pk, item.fee_item_id, item.paid_dong - item.asked_dong)
        for item in shares.dues([bill.pk])[bill.pk]
        if item.paid_dong > item.asked_dong
    ]
    if over:
        _give_back(request, over, reason=reason, actor=actor, at=at)
    else:
        crediting.refresh_states(request=request, at=at)
    messages.tell_household(account=account, kind=Message.Kind.BILL_CORRECTED, at=at, due_dong=request.due_dong)


def _line(
    bill: Bill, fee_item: FeeItem, change: Change, stands: ItemDue | None, reason: str, actor: User, at: datetime
) -> BillLine:
    asked = stands.asked_dong if stands else 0
    if asked + change.delta_dong < 0:
        raise BelowNothing(field="changes", item=fee_item.name, asked=figures(asked))
    whole, odd = divmod(abs(change.delta_dong), change.quantity or 1)
    return BillLine(
        bill=bill, fee_item=fee_item, position=stands.position if stands else fee_item.position,
        kind=BillLine.Kind.ADJUSTMENT, name=fee_item.name, quantity=change.quantity or 1,
        unit_price_dong=0 if odd or change.reading_id else whole, amount_dong=change.delta_dong,
        reading_id=change.reading_id, reason=reason, at=at, actor=actor,
    )  # fmt: skip


def _give_back(
    request: PaymentRequest, over: Sequence[Spread], *, reason: str, actor: User, at: datetime
) -> GivenBack:  # fmt: skip
    """What items were paid beyond what they ask now: owed to the payer, used for what the same bill still asks, the
    rest carried or returned."""
    assert request.bill is not None
    assert request.account is not None
    Subject(account_id=request.account_id).lock()
    total = sum(part.dong for part in over)
    back = GivenBack.objects.create(bill=request.bill, amount_dong=total, at=at, actor=actor, reason=reason)
    crediting.write_shares(over, given_back=back)
    back.entry = ledger.post(
        organization=request.organization, key=f"item_given_back:{back.pk}", event=Event.ITEM_GIVEN_BACK,
        meaning={"bill": request.bill_id, "amount": total}, moves=postings.given_back(back),
        booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    back.save(update_fields=["entry"])
    crediting.refresh_states(request=request, at=at)
    if still := min(total, request.due_dong):
        carrying.take(request, still, actor=actor, reason=reason, at=at)
    carrying.treat_excess(request.account, actor=actor, at=at)
    return back


@again_when_locked_out
def correct_reading(
    *,
    reading_id: int,
    new_value: int,
    used: int | None = None,
    meter_changed: bool = False,
    reason: str,
    actor: User,
    key: str | None,
    at: datetime,
) -> Reading:
    """Put another reading in the place of a live one. A published bill that holds it is corrected by the difference.

    The month after begins where this one ends: its reading, and its bill, follow. Repeat-safe by ``key``. Who may not
    keep bills corrects only what none holds. Raises NotFound, ReasonMissing, ReadingReplaced, NothingToCorrect where
    it says the same, and what meters.judged raises of figures that cannot be.
    """
    found = Reading.objects.select_related("account").filter(pk=reading_id).first()
    if found is None:
        raise NotFound()
    organization = biller(found.account.organization_id, deed="read_meters", actor=actor, at=at)
    why = deeds.checked_reason(reason)

    def do() -> str:
        # As those who write readings down do: nobody adds a month meanwhile, no run bills what is being replaced.
        Organization.objects.held(organization.pk)
        of_meter = Reading.objects.filter(account=found.account_id, is_live=True)
        live = list(of_meter.select_for_update(no_key=True).order_by("id"))
        old = next((reading for reading in live if reading.pk == reading_id), None)
        if old is None:
            raise ReadingReplaced()
        shown = meters.Shown(old.month, old.read_on, new_value, old.old_value, meter_changed, used, sure=True)
        verdict = meters.judged(shown, live=live, is_billed=False, today=vietnam_day(at))
        if verdict.same:
            raise NothingToCorrect(field="new_value")
        pairs = [(old, Reading(old_value=old.old_value, new_value=new_value, used=verdict.used,
                               meter_changed=meter_changed))]  # fmt: skip
        after = min((one for one in live if one.month > old.month), key=lambda one: one.month, default=None)
        if after is not None and after.old_value == old.new_value != new_value:
            pairs.append((after, _following(after, began=new_value)))
        for was, now in pairs:
            _replace(was, now, reason=why, actor=actor, at=at)
        _correct_bills(organization, pairs, reason=why, actor=actor, at=at)
        return str(pairs[0][1].pk)

    meaning = [reading_id, new_value, used, meter_changed]
    with transaction.atomic():
        made, _again = done_once(verb="reading_correct", actor=actor, key=key, meaning=meaning, at=at, do=do)
        return Reading.objects.select_related("account").get(pk=int(made))


def _following(after: Reading, *, began: int) -> Reading:
    """The same end of the month after, from where it really began: what one month used more the other used less."""
    used = after.used + after.old_value - began
    if used < 0:
        raise meters.MeterWentBack(field="new_value", new=grouped(after.new_value), old=grouped(began))
    return Reading(old_value=began, new_value=after.new_value, used=used, meter_changed=after.meter_changed)


def _replace(was: Reading, now: Reading, *, reason: str, actor: User, at: datetime) -> None:
    was.is_live = False
    was.save(update_fields=["is_live"])
    now.account_id, now.month, now.read_on, now.replaces = was.account_id, was.month, was.read_on, was
    now.reason, now.recorded_by, now.recorded_at = reason, actor, at
    now.save()


def _correct_bills(
    organization: Organization, pairs: Sequence[tuple[Reading, Reading]], *, reason: str, actor: User, at: datetime
) -> None:
    """Each standing bill that charged one of the old readings (or one that it had replaced) asks the difference."""
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    for was, now in pairs:
        charged = BillLine.objects.filter(reading__in=_ancestors(was), kind=BillLine.Kind.CHARGE)
        standing = charged.exclude(bill__request__state=PaymentRequest.State.CANCELLED)
        for line in standing.select_related("bill__run", "bill__account", "bill__request").order_by("id"):
            if delta := repricing.difference_dong(line, was=was, now=now):
                apart = abs(now.used - was.used)
                changes[line.bill.request.code].append(Change(line.fee_item_id, delta, apart, now.pk))
    if not changes:
        return
    require(actor, "keep_bills", organization=organization, on=vietnam_day(at))
    locked = crediting.locked_requests(list(changes), organization_id=organization.pk)
    for code, of_bill in changes.items():
        _adjust(locked[code], of_bill, reason=reason, actor=actor, at=at)


def _ancestors(reading: Reading) -> list[int]:
    ids = [reading.pk]
    while (before := reading.replaces) is not None:
        ids.append(before.pk)
        reading = before
    return ids
