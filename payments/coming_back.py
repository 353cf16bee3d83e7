"""Parcels that do not reach their buyer: not taken, on their way back, back, lost or damaged.

Nothing of such an order was booked but what its buyer had paid, which goes back to her (less what stays of a deposit).
Who bears what: docs/books.md §6, as each organization has decided.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import stock
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import Message, User
from orders import bearing, fulfilling, parcels
from orders.messages import tell_buyer
from orders.models import Allocation, Order, ReturnLine, Shipment
from orders.parcels import State
from payments import closing, deeds, making_good, postings_delivery
from payments.models import DepositKept, MadeGood
from payments.parcel_deeds import Held, on_parcel

Fate = ReturnLine.Fate


class KeepsTooMuch(Refused):
    """A deposit pays for the carriage of a refused parcel, and for nothing else."""

    code = "KEEPS_TOO_MUCH"
    sentence = _("Chỉ được giữ lại của tiền cọc đến mức cước đi và về: nhiều nhất %(most)s.")


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
    """Nobody took it this time. It waits for a person, and silence no longer accepts it. Raises NotFound (a stranger
    too), parcels.BadMove, KeyReused, BadKey."""

    def do(held: Held) -> None:
        _moved(held, State.FAILED, why=why, actor=actor, at=at, word=word, happened_at=happened_at)
        if held.shipment.state == State.FAILED:
            parcels.mark_trouble(held.shipment, why or str(_("giao chưa được")))

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
    why: str,
    actor: User,
    key: str | None = None,
    at: datetime,
) -> Shipment:
    """The parcel is here again and its order is over: RETURNED, its purse owed back to whoever paid.

    ``goods``: by allocation id TO_LOT (the default) or WRITTEN_OFF, which only who may take goods back may say; what is
    written off is made good to members as the organization decided for goods lost on the way. ``return_fee_dong``: what
    the way back costs, as far as it is known. Of the deposit ``keep_deposit_dong`` stays for the carriage; of the rest
    of that, members bear their part if it was decided so. Said again it changes nothing. Opens its own transaction;
    locks the done-once row, request, order, parcel, variants and lots, ledger accounts. Raises NotFound (a stranger
    too), parcels.BadMove, KeepsTooMuch, BadAmount, ReasonMissing, KeyReused, BadKey.
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
        spoiled = _put_back(allocations, fates)
        kept = _keep_deposit(held, keep_deposit_dong, actor=actor, at=at)
        _end(held, Order.State.RETURNED, State.RETURNED, why=said, actor=actor, at=at)
        carriage = held.shipment.fee_dong + held.shipment.return_fee_dong - kept
        theirs = bearing.members_part_dong(carriage, borne_by=held.order.organization.refused_borne_by)
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


def _put_back(allocations: Sequence[Allocation], fates: Mapping[int, Fate]) -> list[Allocation]:
    """Into their lots what is still good; returns the rest. Locks variants and lots."""
    if not fates.keys() <= {allocation.pk for allocation in allocations}:
        raise NotFound(field="goods")
    spoiled = [one for one in allocations if fates.get(one.pk) == Fate.WRITTEN_OFF]
    parts: dict[int, int] = {}
    for one in allocations:
        if one not in spoiled:
            parts[one.lot_id] = parts.get(one.lot_id, 0) + one.quantity
    stock.put_back(parts=parts)
    return spoiled


def _keep_deposit(held: Held, dong: int, *, actor: User, at: datetime) -> int:
    """What of the deposit stays, booked before the rest of the purse goes back."""
    if not dong:
        return 0
    shipment, order = held.shipment, held.order
    carriage = shipment.fee_dong + shipment.return_fee_dong
    most = min(order.deposit_dong, held.request.credited_dong, carriage)
    if dong > most:
        raise KeepsTooMuch(field="keep_deposit_dong", most=figures(most))
    kept = DepositKept.objects.create(order=order, amount_dong=dong, at=at, actor=actor)
    kept.entry = ledger.post(
        organization=order.organization, key=f"deposit_kept:{kept.pk}", event=Event.DEPOSIT_KEPT,
        meaning={"order": order.pk, "amount": dong}, moves=postings_delivery.deposit_kept(kept),
        booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    kept.save(update_fields=["entry"])
    return dong


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
