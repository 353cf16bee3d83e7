"""“Delivered” was said by mistake: everything that it booked is taken back, and the parcel is on its way again.

Only while nothing rests on it: no money of the parcel has come or been made good, no goods were brought back, and the
members still have to their credit what it gave them. After that the way is a return.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.ledger import Acct
from cooperatives.models import Entry, User
from orders import fulfilling, parcels
from orders.models import Order, Shipment
from orders.parcels import State
from payments import covering, crediting, deeds, making_good, refunds
from payments.models import Collection, MadeGood, Release
from payments.parcel_deeds import Held, on_parcel


class MoneyHasMoved(Refused):
    """Money of the parcel came, or stands in a carrier's list, or what it gave was paid out."""

    code = "MONEY_HAS_MOVED"
    sentence = _(
        "Tiền của kiện %(parcel)s đã về, đã có trong bảng kê, đã trả cho bà con hoặc hàng đã trả lại, nên không gỡ "
        "được nữa. Nếu hàng quay về, hãy ghi là hàng trả lại."
    )


@again_when_locked_out
def undo_delivered(*, shipment_id: int, why: str, actor: User, key: str | None = None, at: datetime) -> Shipment:
    """Take back ``delivered``: its collection, what it gave back to the payer, what it booked as income.

    The parcel is on its way again and waits for a person; its order is neither accepted nor paid by it. Repeating it
    changes nothing. Opens its own transaction; locks as ``delivered``. Raises NotFound (a stranger too), ReasonMissing,
    MoneyHasMoved, parcels.BadMove, KeyReused, BadKey.
    """
    said = deeds.checked_reason(why)

    def do(held: Held) -> None:
        shipment, order = held.shipment, held.order
        if shipment.is_away:
            return
        if shipment.state != State.DELIVERED:
            raise parcels.bad_move(shipment, State.MOVING)
        if order.state != Order.State.ACCEPTED or order.returns.exists():
            raise MoneyHasMoved(parcel=str(shipment))
        if shipment.remittance_lines.filter(said_dong__gt=0).exclude(remittance__state="cancelled").exists():
            raise MoneyHasMoved(parcel=str(shipment))  # a carrier's list says that it has the money
        collection = shipment.collections.filter(undone_at=None).select_related("entry").first()
        released = _released_since(order, collection)
        entry = fulfilling.standing_entry(order)
        _check_nothing_moved(held, entry, collection, released)
        _reverse(entry, actor=actor, at=at)
        for made in order.made_good.filter(kind=MadeGood.Kind.WEIGHT, undone_at=None):
            making_good.take_back(made, actor=actor, at=at)
        for release in released:
            _take_back(release, actor=actor, at=at)
            held.request.credited_dong += release.amount_dong
        if collection is not None:
            _take_back(collection, actor=actor, at=at)
            held.request.credited_dong -= collection.amount_dong
        order.mark_away_again()
        crediting.refresh_states(request=held.request, at=at)
        covering.refresh_payment(order)
        refunds.drop_what_is_not_owed(
            organization=order.organization, order_id=order.pk, transaction_id=None, actor=actor, at=at
        )
        when = max(at, shipment.state_at)
        parcels.note(shipment, state=State.MOVING, note=said, happened_at=when, at=at, actor=actor)
        parcels.mark_trouble(shipment, said)

    meaning = [shipment_id, said]
    return on_parcel(
        "shipment_undelivered", shipment_id, do, deed="settle_money", meaning=meaning, actor=actor, key=key, at=at
    )  # fmt: skip


def _released_since(order: Order, collection: Collection | None) -> list[Release]:
    """What was given back to the payer because all was collected."""
    if collection is None:
        return []
    since = Release.objects.filter(order=order, undone_at=None, entry_id__gt=collection.entry_id)
    return list(since.select_related("entry").order_by("pk"))


def _check_nothing_moved(held: Held, entry: Entry, collection: Collection | None, released: list[Release]) -> None:
    """Every account that is to give back has it, and keeps it until we have taken it: all locked at once."""
    needed: dict[Acct, int] = {}
    for posting in entry.postings.select_related("credit"):
        acct = Acct(Kind(posting.credit.kind), posting.credit.subject)
        needed[acct] = needed.get(acct, 0) + posting.amount_dong
    if collection is not None:
        needed[Acct(Kind.WITH_CARRIER, f"shipment:{held.shipment.pk}")] = collection.amount_dong
    owed_back = sum(release.amount_dong for release in released)
    if owed_back:
        needed[Acct(Kind.OWED_TO_PAYERS, f"order:{held.order.pk}")] = owed_back
    stands = ledger.held_dong(organization=held.order.organization, accounts=needed)
    guarded = {Kind.OWED_TO_MEMBERS, Kind.WITH_CARRIER, Kind.OWED_TO_PAYERS}
    if any(stands[acct] < dong for acct, dong in needed.items() if acct.kind in guarded):
        raise MoneyHasMoved(parcel=str(held.shipment))


def _take_back(document: Release | Collection, *, actor: User, at: datetime) -> None:
    assert document.entry is not None
    _reverse(document.entry, actor=actor, at=at)
    document.undone_at, document.undone_by = at, actor
    document.save(update_fields=["undone_at", "undone_by"])


def _reverse(entry: Entry, *, actor: User, at: datetime) -> None:
    ledger.reverse(entry=entry, at=at, booked_on=vietnam_day(at), actor=actor)
