"""A parcel that was written off as lost or damaged turns up: its loss is taken back, and it is on its way again.

From there the usual doors say how it ends: it reached its buyer after all, it is back here, or it is gone for good.
What a carrier paid for the loss stays another receipt; if it wants that back, that is paid as a cost.
"""

from datetime import datetime

from base.periods import vietnam_day
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.ledger import Acct
from cooperatives.models import Message, User
from orders import parcels
from orders.messages import tell_buyer
from orders.models import Order, Shipment
from orders.netting import net_owed, unnet
from orders.parcels import State
from payments import crediting, deeds, making_good, owing, refunds
from payments.models import MadeGood, PaymentRequest, Release
from payments.parcel_deeds import Held, on_parcel

GONE = (State.LOST, State.DAMAGED)


@again_when_locked_out
def found(*, shipment_id: int, why: str, actor: User, key: str | None = None, at: datetime) -> Shipment:
    """Take back ``lost``: its order waits for the goods again, and what members were made good is not theirs any more.

    What the buyer had paid is her order's again as far as it is still owed to her; what went back to her meanwhile is
    due once more, and is to be collected. What a member was paid of what made her good, she owes, until the goods are
    accepted or lie in her lot. The parcel waits for a person. On its way, saying it again changes nothing. Opens its
    own transaction; locks the done-once row, request, order, parcel, ledger accounts, refunds that are only tasks.
    Raises NotFound (a stranger too), parcels.BadMove, ReasonMissing, KeyReused, BadKey.
    """
    said = deeds.checked_reason(why)

    def do(held: Held) -> None:
        shipment, order, request = held.shipment, held.order, held.request
        if shipment.is_away:
            return
        if shipment.state not in GONE:
            raise parcels.bad_move(shipment, State.MOVING)
        order.mark_away_again()
        _take_back_what_was_made_good(held, actor=actor, at=at)
        request.state = PaymentRequest.State.WAITING
        request.credited_dong += _take_back_releases(order, actor=actor, at=at)
        crediting.refresh_states(request=request, at=at)
        refunds.drop_what_is_not_owed(
            organization=order.organization, order_id=order.pk, transaction_id=None, actor=actor, at=at
        )
        shipment.collect_dong = max(shipment.collect_dong, request.due_dong)
        when = max(at, shipment.state_at)
        parcels.note(shipment, state=State.MOVING, note=said, happened_at=when, at=at, actor=actor)
        if shipment.connection is not None and shipment.connection.is_live:
            shipment.next_check_at = at
            shipment.save(update_fields=["next_check_at"])
        parcels.mark_trouble(shipment, said)
        tell_buyer(order=order, kind=Message.Kind.PARCEL_SENT, at=at)

    meaning = [shipment_id, said]
    return on_parcel(
        "shipment_found", shipment_id, do, deed="return_goods", meaning=meaning, actor=actor, key=key, at=at
    )  # fmt: skip


def _take_back_what_was_made_good(held: Held, *, actor: User, at: datetime) -> None:
    lost = held.shipment.made_good.filter(kind=MadeGood.Kind.LOST, undone_at=None).select_related("entry")
    rows = list(lost.order_by("member_id"))
    credit = {one.member_id: one.amount_dong for one in rows if one.member_id is not None}
    _hold(held, set(credit))
    unnet(organization=held.order.organization, credit=credit, debt={}, at=at, actor=actor)
    for one in rows:
        making_good.take_back(one, actor=actor, at=at)
    net_owed(member_ids=credit, at=at, actor=actor)


def _take_back_releases(order: Order, *, actor: User, at: datetime) -> int:
    """What the loss owed to the buyer and is owed still goes back into the purse, the latest first: đồng."""
    taken = 0
    releases = Release.objects.filter(order=order, reason=Order.State.HANDED_OVER, undone_at=None)
    for release in releases.select_related("entry").order_by("-pk"):
        if release.amount_dong > owing.debt_dong(organization=order.organization, order_id=order.pk):
            continue  # ordered out or paid: it stays with her, and is due again
        assert release.entry is not None
        ledger.reverse(entry=release.entry, at=at, booked_on=vietnam_day(at), actor=actor)
        release.undone_at, release.undone_by = at, actor
        release.save(update_fields=["undone_at", "undone_by"])
        taken += release.amount_dong
    return taken


def _hold(held: Held, members: set[int]) -> None:
    """All that finding it again may touch, in id order at once (docs/locking.md)."""
    order = f"order:{held.order.pk}"
    of_order = {Acct(kind, order) for kind in (Kind.PREPAID, Kind.OWED_TO_PAYERS, Kind.OWED_BY_BUYERS)}
    of_members = {Acct(kind, f"member:{pk}") for pk in members for kind in (Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS)}
    ledger.held_dong(organization=held.order.organization, accounts={*of_order, *of_members, Acct(Kind.LOSSES)})
