"""What carrying a parcel there and back cost: looked at before members bear it, and corrected where it was mistyped.

Who bears it is the organization's decision (docs/books.md §2). A correction takes everything back by exact mirrors and
books it anew with the right sum, so that both numbers stay.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct
from cooperatives.models import Organization, User
from cooperatives.permissions import may
from orders import bearing, fulfilling, parcels
from orders.models import Allocation, DeliveryBorne, Shipment
from orders.netting import net_owed
from orders.parcels import State
from payments import closing, deeds, postings_delivery
from payments.models import DepositKept
from payments.parcel_deeds import Held, on_parcel

BornBy = Organization.BornBy

BACK_TIMES = 2
"""The way back costs no more than so many times the way there: carriers ask for half of it to all of it."""


class KeepsTooMuch(Refused):
    """A deposit pays for the carriage of a refused parcel, and for nothing else."""

    code = "KEEPS_TOO_MUCH"
    sentence = _("Chỉ được giữ lại của tiền cọc đến mức cước đi và về: nhiều nhất %(most)s.")


class CarriageLooksWrong(Refused):
    """Members would bear it, and it is more than carrying such a parcel costs: a typing error, or for the manager."""

    code = "CARRIAGE_LOOKS_WRONG"
    sentence = _(
        "Cước đi %(there)s, cước về %(back)s là cao khác thường cho đơn hàng %(goods)s, và bà con phải chịu "
        "%(theirs)s. Hãy xem lại số. Nếu đúng thật thì quản lý hoặc thủ quỹ ghi, và đánh dấu là số đúng."
    )


class NotBackYet(Refused):
    """Until it is back, nobody bears anything of it."""

    code = "PARCEL_NOT_BACK"
    sentence = _("Kiện %(parcel)s %(state)s: chỉ sửa cước ở đây khi hàng đã về lại.")


def looks_wrong(*, there_dong: int, back_dong: int, goods_dong: int) -> bool:
    """More than the goods are worth, or the way back dearer than ``BACK_TIMES`` the way there where that is known.
    Pure."""
    return there_dong + back_dong > goods_dong or (0 < there_dong * BACK_TIMES < back_dong)


def check(held: Held, theirs_dong: int, *, is_sure: bool, actor: User, at: datetime) -> None:
    """Raises CarriageLooksWrong, unless nobody bears it or who may take goods back ``is_sure``."""
    shipment, organization = held.shipment, held.order.organization
    there, back, goods = shipment.fee_dong, shipment.return_fee_dong, held.order.goods_dong
    if theirs_dong <= 0 or not looks_wrong(there_dong=there, back_dong=back, goods_dong=goods):
        return
    if not (is_sure and may(actor, "return_goods", organization=organization, on=vietnam_day(at))):
        raise CarriageLooksWrong(
            field="return_fee_dong", there=figures(there), back=figures(back), goods=figures(goods),
            theirs=figures(theirs_dong),
        )  # fmt: skip


def keep_deposit(held: Held, dong: int, *, actor: User, at: datetime) -> int:
    """What of the deposit stays, booked before the rest of the purse goes back. Raises KeepsTooMuch."""
    if not dong:
        return 0
    shipment, order = held.shipment, held.order
    carriage = shipment.fee_dong + shipment.return_fee_dong
    most = min(order.deposit_dong, held.request.credited_dong, carriage)
    if dong > most:
        raise KeepsTooMuch(field="keep_deposit_dong", most=figures(most))
    return _keep(held, dong, actor=actor, at=at)


def _keep(held: Held, dong: int, *, actor: User, at: datetime) -> int:
    order = held.order
    kept = DepositKept.objects.create(order=order, amount_dong=dong, at=at, actor=actor)
    kept.entry = ledger.post(
        organization=order.organization, key=f"deposit_kept:{kept.pk}", event=Event.DEPOSIT_KEPT,
        meaning={"order": order.pk, "amount": dong}, moves=postings_delivery.deposit_kept(kept),
        booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    kept.save(update_fields=["entry"])
    return dong


@again_when_locked_out
def correct(
    *,
    shipment_id: int,
    fee_dong: int,
    return_fee_dong: int,
    is_sure: bool = False,
    why: str,
    actor: User,
    key: str | None = None,
    at: datetime,
) -> Shipment:
    """Write what a parcel that is back really cost there and back, and let its members bear their part of that.

    Who bears it stays as it was when the parcel came back. A deposit of which more was kept than the carriage now costs
    gives the rest back to its payer. What a member bore too much is hers again, also after it was netted. The same sums
    again change nothing. Opens its own transaction; locks the done-once row, request, order, parcel, ledger accounts.
    Raises NotFound (a stranger too), NotBackYet, CarriageLooksWrong, BadAmount, ReasonMissing, KeyReused, BadKey.
    """
    said = deeds.checked_reason(why)
    fees = (checked_dong(fee_dong, least=0), checked_dong(return_fee_dong, least=0))

    def do(held: Held) -> None:
        shipment = held.shipment
        if shipment.state != State.RETURNED:
            raise NotBackYet(parcel=str(shipment), state=shipment.get_state_display())
        was = (shipment.fee_dong, shipment.return_fee_dong)
        if was == fees:
            return
        allocations = list(fulfilling.allocations_of(held.order))
        borne = list(shipment.borne.filter(undone_at=None).select_related("entry").order_by("member_id"))
        kept = held.order.deposits_kept.filter(undone_at=None).select_related("entry").first()
        kept_dong = kept.amount_dong if kept else 0
        terms = _terms(held.order.organization, borne, allocations, sum(was) - kept_dong)
        shipment.fee_dong, shipment.return_fee_dong = fees
        shipment.save(update_fields=["fee_dong", "return_fee_dong"])
        left = sum(fees) - min(kept_dong, sum(fees))
        theirs = bearing.members_part_dong(left, borne_by=terms)
        check(held, theirs, is_sure=is_sure, actor=actor, at=at)
        hers = {one.lot.member_id for one in allocations if one.lot.member_id is not None}
        _hold(held, hers)
        bearing.take_back(borne, held.order.organization, at=at, actor=actor)
        if kept is not None and kept_dong > sum(fees):
            _keep_less(held, kept, sum(fees), actor=actor, at=at)
        if theirs > 0:
            bearing.bear(shipment, allocations, dong=theirs, at=at, actor=actor)
        net_owed(member_ids=hers, at=at, actor=actor)
        note = _("sửa cước %(before)s → %(after)s: %(why)s") % {
            "before": " + ".join(map(figures, was)), "after": " + ".join(map(figures, fees)), "why": said,
        }  # fmt: skip
        when = max(at, shipment.state_at)
        parcels.note(shipment, state=State.RETURNED, note=str(note), happened_at=when, at=at, actor=actor)

    meaning = [shipment_id, *fees]
    return on_parcel(
        "shipment_carriage", shipment_id, do, deed="return_goods", meaning=meaning, actor=actor, key=key, at=at
    )  # fmt: skip


def _terms(
    organization: Organization, borne: Sequence[DeliveryBorne], allocations: Sequence[Allocation], carriage_dong: int
) -> str:
    """Who bore it when the parcel came back: as the rows tell; today's decision where they tell nothing."""
    rows = {one.member_id: one.amount_dong for one in borne}
    today = str(organization.refused_borne_by)
    for terms in (today, *BornBy.values):
        dong = max(bearing.members_part_dong(carriage_dong, borne_by=terms), 0)
        if bearing.parts_of(allocations, dong) == rows:
            return str(terms)
    return today


def _keep_less(held: Held, kept: DepositKept, dong: int, *, actor: User, at: datetime) -> None:
    assert kept.entry is not None
    ledger.reverse(entry=kept.entry, at=at, booked_on=vietnam_day(at), actor=actor)
    kept.undone_at, kept.undone_by = at, actor
    kept.save(update_fields=["undone_at", "undone_by"])
    if dong:
        _keep(held, dong, actor=actor, at=at)
    closing.release_purse(held.order, actor=actor, at=at)


def _hold(held: Held, members: set[int]) -> None:
    """All that the correction may touch, in id order at once (docs/locking.md)."""
    order = f"order:{held.order.pk}"
    of_order = {Acct(kind, order) for kind in (Kind.PREPAID, Kind.OWED_TO_PAYERS, Kind.OWED_BY_BUYERS)}
    of_members = {Acct(kind, f"member:{pk}") for pk in members for kind in (Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS)}
    ledger.held_dong(
        organization=held.order.organization, accounts={*of_order, *of_members, Acct(Kind.SHIPPING_CHARGED)}
    )
