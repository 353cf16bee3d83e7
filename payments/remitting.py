"""A carrier's list of what it brings: made, dropped, and what it will never bring written off.

Nothing is booked by making a list; money that comes for it is (remittance_money.py). Two who take the same parcel into
two lists meet at the organization, then at the parcels' rows: the second finds that nothing of it is free any more.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.codes import new_code
from base.money import MAX_DONG, checked_dong
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once, fingerprint
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders.buyers import one_line
from orders.models import Shipment
from payments import deeds, delivering, making_good, remittance_money, remittance_rows
from payments.fresh_codes import fresh_codes
from payments.models import Remittance, RemittanceLine
from payments.remittance_reading import Row
from payments.remittance_rows import Checked, NoRows, RowsRefused

State = Remittance.State
LONGEST_NAME, LONGEST_REFERENCE, LONGEST_NOTE = 80, 40, 200


class NoCarrier(Refused):
    """Nobody is named who brings the money."""

    code = "REMITTANCE_NO_CARRIER"
    sentence = _("Hãy ghi ai mang tiền về: tên đơn vị vận chuyển, nhà xe, hoặc người mang (nhiều nhất 80 chữ).")


class BadReference(Refused):
    """The carrier's number is too long, or the day is not near."""

    code = "REMITTANCE_BAD_REFERENCE"
    sentence = _("Số bảng kê dài quá 40 chữ, hoặc ngày không đúng.")


class ReferenceUsed(Refused):
    """The same list of the same carrier stands already."""

    code = "REMITTANCE_REFERENCE_USED"
    sentence = _("Bảng kê số %(reference)s của %(carrier)s đã lập rồi: mã %(code)s.")


class BringsNothing(Refused):
    """What is kept is as much as was collected."""

    code = "REMITTANCE_BRINGS_NOTHING"
    sentence = _("Tiền thu được không nhiều hơn cước: không có tiền về. Gộp các kiện này vào bảng kê sau.")


class HasMoney(Refused):
    """Money came for it, or what is missing was written off."""

    code = "REMITTANCE_HAS_MONEY"
    sentence = _("Danh sách này đã có tiền về, hoặc phần thiếu đã ghi mất. Gỡ các khoản ấy trước rồi mới bỏ được.")


class NothingMissing(Refused):
    """Nothing is waited for."""

    code = "REMITTANCE_NOTHING_MISSING"
    sentence = _("Danh sách này không còn thiếu gì.")


@again_when_locked_out
def make(
    *,
    organization_id: int,
    carrier_name: str,
    rows: Sequence[Row],
    reference: str = "",
    made_on: date | None = None,
    note: str = "",
    delivered_too: bool = False,
    actor: User,
    key: str,
    at: datetime,
) -> Remittance:
    """Write down what a carrier (neighbour, driver) says it brings: of each parcel what it collected and what it keeps.

    ``rows`` as remittance_reading reads them. ``delivered_too``: a parcel that is still on its way and stands there
    with money was delivered; each is written down so first, in a transaction of its own. ``reference``: the carrier's
    own number of the list. Repeat-safe by ``key``. Raises NotFound, NoCarrier, BadReference, ReferenceUsed, NoRows,
    RowsRefused (nothing is kept then), BringsNothing, BadAmount.
    """
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise NotFound()
    require(actor, "settle_money", organization=organization, on=vietnam_day(at))
    carrier, number, said = one_line(carrier_name), one_line(reference), one_line(note)
    if not carrier or len(carrier) > LONGEST_NAME:
        raise NoCarrier(field="carrier_name")
    day = made_on or vietnam_day(at)
    if len(number) > LONGEST_REFERENCE or not organization.opened_on or not _is_near(day, at=at):
        raise BadReference(field="reference" if len(number) > LONGEST_REFERENCE else "made_on")
    if not rows:
        raise NoRows(field="rows")
    for row in rows:
        for dong in (row.said_dong, row.fee_dong) if not row.fault else ():
            checked_dong(dong, least=0)
    if delivered_too:
        _write_delivered(organization, rows, actor=actor, key=key, at=at)

    def do() -> str:
        here = Organization.objects.held(organization_id)
        _check_reference(here, carrier, number)
        checked = _locked_rows(here, rows)
        net = remittance_rows.net_dong(checked)
        if not 1 <= net <= MAX_DONG:
            raise BringsNothing(field="rows")
        connections = {one.shipment.connection_id for one in checked if one.shipment}
        remittance = Remittance.objects.create(
            organization=here, connection_id=connections.pop() if len(connections) == 1 else None,
            carrier_name=carrier, code=fresh_codes(1, draw=new_code)[0], reference=number, made_on=day, net_dong=net,
            note=said[:LONGEST_NOTE], created_at=at, created_by=actor,
        )  # fmt: skip
        RemittanceLine.objects.bulk_create(
            RemittanceLine(
                remittance=remittance, shipment=one.shipment, said_dong=one.row.said_dong or 0,
                fee_dong=one.row.fee_dong or 0,
            )
            for one in checked
        )  # fmt: skip
        return str(remittance.pk)

    meaning = [
        organization_id, carrier, number, day.isoformat(),
        [[row.parcel, row.said_dong, row.fee_dong] for row in rows],
    ]  # fmt: skip
    with transaction.atomic():
        result, _replayed = done_once(verb="remittance_make", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return Remittance.objects.select_related("organization").get(pk=result)


@again_when_locked_out
def cancel(*, remittance_id: int, reason: str, actor: User, at: datetime) -> Remittance:
    """Drop a list for which nothing has come, and of which nothing was written off: its parcels are free for another.
    Repeating it changes nothing.

    Raises NotFound, ReasonMissing, HasMoney.
    """
    why = deeds.checked_reason(reason)

    def do(remittance: Remittance) -> None:
        if remittance.state == State.CANCELLED:
            return
        if remittance.received_dong or remittance.state == State.DONE:
            raise HasMoney()
        remittance.state, remittance.cancelled_at, remittance.cancelled_by = State.CANCELLED, at, actor
        remittance.note = f"{remittance.note} · {why}"[-LONGEST_NOTE:] if remittance.note else why
        remittance.save(update_fields=["state", "cancelled_at", "cancelled_by", "note"])

    with transaction.atomic():
        do(_locked(remittance_id, actor=actor, at=at))
    return Remittance.objects.select_related("organization").get(pk=remittance_id)


@again_when_locked_out
def write_off(*, remittance_id: int, reason: str, actor: User, key: str, at: datetime) -> Remittance:
    """What a list still waits for will not come: the cooperative bears it, parcel by parcel (books: made good).

    Of a parcel of which nothing came, what the carrier kept for it is part of the loss. Should it come after all,
    giving the money to the list takes the writing-off back. Repeat-safe by ``key``. Raises NotFound, ReasonMissing,
    NothingMissing.
    """
    why = deeds.checked_reason(reason)

    def do() -> str:
        remittance = _locked(remittance_id, actor=actor, at=at)
        remittance_money.lock_under([remittance])
        left = remittance_money.still(remittance) if remittance.state != State.CANCELLED else []
        missing = [share for share in left if share.net_dong or share.fee_dong]
        if not missing:
            raise NothingMissing()
        for share in missing:
            making_good.short(
                shipment_id=share.key, amount_dong=share.net_dong + share.fee_dong, reason=why, actor=actor,
                key=_of_parcel(key, share.key), at=at,
            )  # fmt: skip
        remittance_money.refresh(remittance)
        return str(remittance.pk)

    with transaction.atomic():
        _visible(remittance_id, actor=actor, at=at)
        done_once(verb="remittance_write_off", actor=actor, key=key, meaning=[remittance_id], at=at, do=do)
    return Remittance.objects.select_related("organization").get(pk=remittance_id)


def _visible(remittance_id: int, *, actor: User, at: datetime) -> Remittance:
    """The list, for its treasurer. Raises NotFound for everybody else."""
    found = Remittance.objects.select_related("organization").filter(pk=remittance_id).first()
    if found is None:
        raise NotFound()
    require(actor, "settle_money", organization=found.organization, on=vietnam_day(at))
    return found


def _locked(remittance_id: int, *, actor: User, at: datetime) -> Remittance:
    _visible(remittance_id, actor=actor, at=at)
    return remittance_money.locked([remittance_id])[remittance_id]


def _locked_rows(organization: Organization, rows: Sequence[Row]) -> list[Checked]:
    """The rows beside their parcels, which are locked before their sums are looked at. Raises RowsRefused."""
    looked = remittance_rows.check(organization, rows)
    parcels = [one.shipment.pk for one in looked if one.shipment]
    list(Shipment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=parcels).order_by("id"))
    checked = remittance_rows.check(organization, rows)
    if any(one.fault for one in checked):
        raise RowsRefused(checked)
    return checked


def _write_delivered(organization: Organization, rows: Sequence[Row], *, actor: User, key: str, at: datetime) -> None:
    checked = remittance_rows.check(organization, rows, delivered_too=True)
    if any(one.fault for one in checked):
        raise RowsRefused(checked)
    for one in checked:
        if one.is_away and one.row.said_dong and one.shipment:
            delivering.delivered(
                shipment_id=one.shipment.pk, actor=actor, key=_of_parcel(key, one.shipment.pk), at=at,
            )  # fmt: skip


def _check_reference(organization: Organization, carrier: str, reference: str) -> None:
    if not reference:
        return
    same = Remittance.objects.filter(organization=organization, carrier_name=carrier, reference=reference)
    known = same.exclude(state=State.CANCELLED).first()
    if known is not None:
        raise ReferenceUsed(field="reference", reference=reference, carrier=carrier, code=known.code)


def _is_near(day: date, *, at: datetime) -> bool:
    """A list is of some day until today; years away is a slip of the finger."""
    today = vietnam_day(at)
    return day <= today and (today - day).days < 400


def _of_parcel(key: str, shipment_id: int) -> str:
    """The sender's key for one parcel of many: two long keys that begin alike stay two."""
    return f"{fingerprint(key)[:40]}:{shipment_id}"
