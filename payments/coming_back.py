"""Parcels that do not reach their buyer: not taken, on their way back, back, lost or damaged.

Nothing of such an order was booked but what its buyer had paid, which goes back to her (less what stays of a deposit).
Who bears what: docs/books.md §6, as each organization has decided.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from base.money import checked_dong
from base.periods import vietnam_day
from base.refusals import NotFound
from base.retrying import again_when_locked_out
from catalog import stock
from cooperatives.models import Message, User
from orders import bearing, fulfilling, parcels
from orders.messages import tell_buyer
from orders.models import Allocation, Order, ReturnLine, Shipment
from orders.parcels import State
from orders.returning import PastItsBest, is_past_its_best, past_words
from payments import carriage, closing, deeds, making_good
from payments.models import MadeGood
from payments.parcel_deeds import Held, on_parcel

Fate = ReturnLine.Fate


@again_when_locked_out
def failed(
    *,
    shipment_id: int,
    why: str,
    actor: User | None,
    key: str | None = None,
    at: datetime,
    word: str = "",
    happened_at: datetime | None = None,
) -> Shipment:
    """Nobody took it this time. It waits for a person, and silence no longer accepts it. Each attempt counts
    (``failed_times``). Raises NotFound (a stranger too), parcels.BadMove, KeyReused, BadKey."""

    def do(held: Held) -> None:
        before = held.shipment.failed_times
        _moved(held, State.FAILED, why=why, actor=actor, at=at, word=word, happened_at=happened_at)
        if held.shipment.failed_times > before:  # old news, or the same again, asks nobody to look
            said, times = why or str(_("giao chưa được")), held.shipment.failed_times
            again = str(_("lần thứ %(times)s: %(why)s") % {"times": times, "why": said})
            parcels.mark_trouble(held.shipment, again if times > 1 else said)

    return on_parcel("shipment_failed", shipment_id, do, meaning=[shipment_id, why], actor=actor, key=key, at=at)


@again_when_locked_out
def coming_back(
    *,
    shipment_id: int,
    why: str = "",
    actor: User | None,
    key: str | None = None,
    at: datetime,
    word: str = "",
    happened_at: datetime | None = None,
) -> Shipment:
    """Its carrier is bringing it back. Raises NotFound (a stranger too), parcels.BadMove, KeyReused, BadKey."""

    def do(held: Held) -> None:
        _moved(held, State.RETURNING, why=why, actor=actor, at=at, word=word, happened_at=happened_at)

    return on_parcel("shipment_coming_back", shipment_id, do, meaning=[shipment_id, why], actor=actor, key=key, at=at)


def _moved(
    held: Held, state: str, *, why: str, actor: User | None, at: datetime, word: str, happened_at: datetime | None
) -> None:
    parcels.note(
        held.shipment, state=state, word=word, note=why, happened_at=happened_at or at, at=at, actor=actor
    )  # fmt: skip


@again_when_locked_out
def back(
    *,
    shipment_id: int,
    goods: Mapping[int, str] | None = None,
    return_fee_dong: int | None = None,
    keep_deposit_dong: int = 0,
    is_sure: bool = False,
    why: str,
    actor: User,
    key: str | None = None,
    at: datetime,
) -> Shipment:
    """The parcel is here again and its order is over: RETURNED, its purse owed back to whoever paid.

    ``goods``: by allocation id TO_LOT (the default) or WRITTEN_OFF, which only who may take goods back may say; what is
    written off is made good to members as the organization decided for goods lost on the way; what is past its best
    can only be that. ``return_fee_dong``: what the way back costs, as far as it is known. Of the deposit
    ``keep_deposit_dong`` stays for the carriage; of the rest of that, members bear their part if it was decided so: a
    carriage that looks mistyped only where who may take goods back ``is_sure`` (payments/carriage.py, which corrects it
    later too). Said again it changes nothing. Opens its own transaction; locks the done-once row, request, order,
    parcel, variants and lots, ledger accounts. Raises NotFound (a stranger too), parcels.BadMove, PastItsBest,
    KeepsTooMuch, CarriageLooksWrong, BadAmount, ReasonMissing, KeyReused, BadKey.
    """
    said = deeds.checked_reason(why)
    if return_fee_dong is not None:
        checked_dong(return_fee_dong, least=0)
    checked_dong(keep_deposit_dong, least=0)
    fates = {pk: Fate(fate) for pk, fate in (goods or {}).items()}
    deed = "return_goods" if keep_deposit_dong or Fate.WRITTEN_OFF in fates.values() else "ship_orders"

    def do(held: Held) -> None:
        if held.shipment.state == State.RETURNED:
            return
        parcels.check_move(held.shipment, State.RETURNED)
        if return_fee_dong is not None:
            held.shipment.return_fee_dong = return_fee_dong
        allocations = list(fulfilling.allocations_of(held.order))
        spent = held.shipment.fee_dong + held.shipment.return_fee_dong - keep_deposit_dong
        theirs = bearing.members_part_dong(spent, borne_by=held.order.organization.refused_borne_by)
        carriage.check(held, theirs, is_sure=is_sure, actor=actor, at=at)
        spoiled = _put_back(allocations, fates, on=vietnam_day(at))
        carriage.keep_deposit(held, keep_deposit_dong, actor=actor, at=at)
        _end(held, Order.State.RETURNED, State.RETURNED, why=said, actor=actor, at=at)
        _note_spoiled(held, spoiled, actor=actor, at=at)
        if theirs > 0:
            bearing.bear(held.shipment, allocations, dong=theirs, at=at, actor=actor)
        _make_good(held, spoiled, reason=said, actor=actor, at=at)

    meaning = [shipment_id, sorted((pk, str(fate)) for pk, fate in fates.items()), return_fee_dong, keep_deposit_dong]
    return on_parcel("shipment_back", shipment_id, do, deed=deed, meaning=meaning, actor=actor, key=key, at=at)


@again_when_locked_out
def lost(
    *, shipment_id: int, damaged: bool = False, why: str, actor: User, key: str | None = None, at: datetime
) -> Shipment:
    """It is gone, or came to nothing: its order is cancelled, its purse owed back, and members are made good as far as
    the organization decided (their net, half of it, nothing). What the carrier pays for it comes as another receipt.

    Said again it changes nothing. Locks as ``back``. Raises NotFound (a stranger too), parcels.BadMove, ReasonMissing,
    KeyReused, BadKey.
    """
    said = deeds.checked_reason(why)
    becomes = State.DAMAGED if damaged else State.LOST

    def do(held: Held) -> None:
        if held.shipment.state == becomes:
            return
        parcels.check_move(held.shipment, becomes)
        _end(held, Order.State.CANCELLED, becomes, why=said, actor=actor, at=at)
        _make_good(held, list(fulfilling.allocations_of(held.order)), reason=said, actor=actor, at=at)

    meaning = [shipment_id, damaged]
    return on_parcel(
        "shipment_lost", shipment_id, do, deed="return_goods", meaning=meaning, actor=actor, key=key, at=at
    )  # fmt: skip


def _put_back(allocations: Sequence[Allocation], fates: Mapping[int, Fate], *, on: date) -> list[Allocation]:
    """Into their lots what is still good; returns the rest. Locks variants and lots. Raises PastItsBest, NotFound."""
    if not fates.keys() <= {allocation.pk for allocation in allocations}:
        raise NotFound(field="goods")
    spoiled = [one for one in allocations if fates.get(one.pk) == Fate.WRITTEN_OFF]
    for one in allocations:
        if one not in spoiled and is_past_its_best(one, on=on):
            raise PastItsBest(field=f"fate_{one.pk}", **past_words(one))
    parts: dict[int, int] = {}
    for one in allocations:
        if one not in spoiled:
            parts[one.lot_id] = parts.get(one.lot_id, 0) + one.quantity
    stock.put_back(parts=parts)
    return spoiled


def _note_spoiled(held: Held, spoiled: Sequence[Allocation], *, actor: User, at: datetime) -> None:
    """In the parcel's story, a line a lot: what of it was not fit to go back."""
    when = max(at, held.shipment.state_at)
    for one in spoiled:
        note = _("bỏ đi: %(name)s, lô %(lot)s") % {"name": one.line.product_name, "lot": one.lot.code}
        parcels.note(held.shipment, state=State.RETURNED, note=str(note), happened_at=when, at=at, actor=actor)


def _end(held: Held, state: str, becomes: str, *, why: str, actor: User, at: datetime) -> None:
    """The order is over, its purse goes back, the parcel stands where it ended, and the buyer is told."""
    shipment, order = held.shipment, held.order
    closing.release_purse(order, actor=actor, at=at)
    order.end_away(state=state, at=at, by=actor, reason=why)
    order.mark_payment(Order.Payment.UNPAID)
    closing.close(held.request, order)
    when = max(at, shipment.state_at)
    parcels.note(shipment, state=becomes, note=why, happened_at=when, at=at, actor=actor)
    tell_buyer(order=order, kind=Message.Kind.PARCEL_BACK, at=at)


def _make_good(held: Held, gone: Sequence[Allocation], *, reason: str, actor: User, at: datetime) -> None:
    """To each member what the organization bears of her goods; own goods are its own loss already."""
    net: dict[int, int] = {}
    for one in gone:
        if one.lot.member_id is not None:
            net[one.lot.member_id] = net.get(one.lot.member_id, 0) + one.net_dong
    for member_id, dong in sorted(net.items()):
        borne = making_good.lost_dong(dong, borne_by=held.order.organization.lost_borne_by)
        if borne:
            making_good.write(
                held.order, MadeGood.Kind.LOST, borne, shipment=held.shipment, member_id=member_id, reason=reason,
                actor=actor, at=at,
            )  # fmt: skip
