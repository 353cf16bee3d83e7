"""A parcel's way with goods and money: sent, delivered, failed, on its way back.

Nothing is booked when the goods leave. Delivered: what was to be collected is with whoever carried it, and the goods
are accepted. A parcel that does not arrive is payments/coming_back.py. Every verb is repeat-safe: by its ``key``,
else by where the parcel stands, so that a carrier's news and a clerk's tap may say the same thing at once.
"""

import logging
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import storable
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import Message, User
from orders import fulfilling, parcels
from orders.messages import tell_buyer
from orders.models import Order, Shipment
from orders.parcels import State
from payments import closing, covering, crediting, making_good, postings_delivery
from payments.carriage import CarriageLooksWrong, KeepsTooMuch
from payments.coming_back import back, coming_back, failed, lost
from payments.found_again import found
from payments.models import Collection
from payments.parcel_deeds import Held, on_parcel
from payments.undelivering import MoneyHasMoved, undo_delivered

__all__ = [
    "CarriageLooksWrong",
    "KeepsTooMuch",
    "MoneyHasMoved",
    "MoneyIsToBeCollected",
    "NoParcel",
    "TooLittleCollected",
    "TooMuchCollected",
    "accept_silent",
    "back",
    "coming_back",
    "delivered",
    "failed",
    "found",
    "lost",
    "receive_by_buyer",
    "send",
    "undo_delivered",
]

log = logging.getLogger(__name__)


class TooLittleCollected(Refused):
    """Less than the buyer has still to pay: whoever carried it answers for the rest."""

    code = "TOO_LITTLE_COLLECTED"
    sentence = _(
        "Kiện %(parcel)s phải thu %(due)s. Đã giao hàng thì người mang kiện chịu trách nhiệm đủ số này: hãy ghi đủ, "
        "phần chưa nộp sẽ hiện ở danh sách chênh lệch."
    )


class TooMuchCollected(Refused):
    code = "TOO_MUCH_COLLECTED"
    sentence = _("Kiện %(parcel)s chỉ được thu %(most)s của người mua.")


class MoneyIsToBeCollected(Refused):
    """The buyer's word does not say that she paid."""

    code = "MONEY_IS_TO_BE_COLLECTED"
    sentence = _("Đơn này trả tiền khi nhận, nên người mang hàng báo thay. Bà con không phải bấm gì.")


class NoParcel(Refused):
    code = "NO_PARCEL"
    sentence = _("Đơn %(number)s không có kiện hàng nào đang trên đường.")


@again_when_locked_out
def send(
    *,
    shipment_id: int,
    actor: User | None,
    key: str | None = None,
    at: datetime,
    word: str = "",
    happened_at: datetime | None = None,
) -> Shipment:
    """The goods leave: lots are taken, shares frozen, and what is to be collected is fixed; nothing is booked.

    ``actor`` None: the carrier's news, with its ``word`` and when it ``happened_at``. What left before is returned as
    it stands. Opens its own transaction; locks the done-once row, request, order, parcel, variants and lots. Raises
    NotFound (a stranger too), NotDeliverable, NotPaidYet, parcels.NotSendable, parcels.BadMove, KeyReused, BadKey.
    """

    def do(held: Held) -> None:
        shipment, order = held.shipment, held.order
        if shipment.state not in parcels.WAITING and shipment.state != State.CANCELLED:
            return
        parcels.check_move(shipment, State.HANDED_OVER)
        fulfilling.check_leaves(order)
        if not order.is_covered and order.pay_by != Order.PayBy.CASH:
            raise fulfilling.NotPaidYet(number=order.number)
        if not parcels.can_leave(order):  # not packed yet, or its deposit was taken back since
            raise parcels.NotSendable(number=order.number)
        fulfilling.dispatch_order(order, at=at, actor=actor)
        shipment.collect_dong = held.request.due_dong
        when = max(happened_at or at, shipment.state_at)  # a carrier's clock may be behind our own
        parcels.note(shipment, state=State.HANDED_OVER, word=word, happened_at=when, at=at, actor=actor)
        tell_buyer(order=order, kind=Message.Kind.PARCEL_SENT, at=at)

    return on_parcel("shipment_send", shipment_id, do, meaning=[shipment_id], actor=actor, key=key, at=at)


@again_when_locked_out
def delivered(
    *,
    shipment_id: int,
    collected_dong: int | None = None,
    actor: User | None,
    key: str | None = None,
    at: datetime,
    word: str = "",
    note: str = "",
    happened_at: datetime | None = None,
) -> Shipment:
    """The buyer has the goods; whoever brought them has the money that was to be collected (``collected_dong`` None).

    Books ``collected:<id>``, gives back what is beyond the order's due (paid by transfer meanwhile), and accepts the
    order on the day of ``at``. A person may say that more was taken than was fixed, up to what the order asks.
    Delivered once: saying it again changes nothing. Opens its own transaction; locks the done-once row, request, order,
    parcel, ledger accounts. Raises NotFound (a stranger too), parcels.BadMove,
    TooLittleCollected, TooMuchCollected, BadAmount, KeyReused, BadKey.
    """
    if collected_dong is not None:
        checked_dong(collected_dong, least=0)

    def do(held: Held) -> None:
        if held.shipment.state != State.DELIVERED:
            _accept(
                held, collected_dong=collected_dong, actor=actor, at=at, word=word, note=note, happened_at=happened_at
            )

    meaning = [shipment_id, collected_dong]
    return on_parcel("shipment_delivered", shipment_id, do, meaning=meaning, actor=actor, key=key, at=at)


@again_when_locked_out
def receive_by_buyer(*, token: str, at: datetime) -> Order:
    """“Đã nhận hàng”: whoever has the order's link says that its parcel, paid before, has come. Saying it again changes
    nothing. Raises NotFound, NoParcel, MoneyIsToBeCollected, parcels.BadMove."""
    seen = Order.objects.filter(token=token).first() if storable(token) else None
    if seen is None:
        raise NotFound()
    shipment = seen.shipments.exclude(state=State.CANCELLED).order_by("-number").first()
    if shipment is None:
        raise NoParcel(number=seen.number)

    def do(held: Held) -> None:
        if held.shipment.state == State.DELIVERED:
            return
        if not held.shipment.is_away:
            raise NoParcel(number=held.order.number)
        if held.shipment.collect_dong:
            raise MoneyIsToBeCollected()
        _accept(held, collected_dong=None, actor=None, at=at, note=str(_("người mua báo đã nhận")))

    on_parcel("shipment_received", shipment.pk, do, meaning=[shipment.pk], actor=None, key=None, at=at)
    return Order.objects.preloaded().get(pk=seen.pk)


def accept_silent(*, at: datetime, most: int = 200) -> int:
    """Accept the paid parcels of which nobody has said anything for their organization's silent days; returns how many
    were looked at. Each in its own transaction. The worker's errand; one that fails is logged and tried again.
    """
    due = list(Shipment.objects.to_accept(at=at).order_by("accept_from").values_list("pk", flat=True)[:most])
    for shipment_id in due:
        try:
            _accept_silent(shipment_id, at=at)
        except Exception:
            log.exception("parcel %s is past its silent days and could not be accepted", shipment_id)
    return len(due)


@again_when_locked_out
def _accept_silent(shipment_id: int, *, at: datetime) -> None:
    def do(held: Held) -> None:
        shipment = held.shipment
        if not Shipment.objects.to_accept(at=at).filter(pk=shipment.pk).exists():
            return  # somebody has spoken while we waited for its lock
        days = held.order.organization.silent_days
        note = str(_("%(days)s ngày không ai nói gì: coi như đã nhận") % {"days": days})
        _accept(held, collected_dong=None, actor=None, at=at, note=note)

    on_parcel("shipment_silent", shipment_id, do, meaning=[shipment_id], actor=None, key=None, at=at)


def _accept(
    held: Held,
    *,
    collected_dong: int | None,
    actor: User | None,
    at: datetime,
    word: str = "",
    note: str = "",
    happened_at: datetime | None = None,
) -> None:
    shipment, order, request = held.shipment, held.order, held.request
    parcels.check_move(shipment, State.DELIVERED)
    dong = shipment.collect_dong if collected_dong is None else collected_dong
    if dong < request.due_dong:
        raise TooLittleCollected(field="collected_dong", parcel=str(shipment), due=figures(request.due_dong))
    # A person may have learned that more was taken than was fixed: of who had transferred meanwhile, the whole again.
    most = max(shipment.collect_dong, request.asked_dong if actor is not None else 0)
    if dong > most:
        raise TooMuchCollected(field="collected_dong", parcel=str(shipment), most=figures(most))
    shipment.collect_dong = max(shipment.collect_dong, dong)
    if dong:
        _collect(held, dong, actor=actor, at=at)
    over_dong = request.credited_dong - request.asked_dong
    if over_dong > 0:
        closing.release_purse(order, dong=over_dong, actor=actor, at=at)
        request.credited_dong -= over_dong
    crediting.refresh_states(request=request, at=at)
    covering.refresh_payment(order)
    fulfilling.accept_order(order, at=at, actor=actor, bear=making_good.bear_weight)
    when = max(happened_at or at, shipment.state_at)
    parcels.note(shipment, state=State.DELIVERED, word=word, note=note, happened_at=when, at=at, actor=actor)


def _collect(held: Held, dong: int, *, actor: User | None, at: datetime) -> None:
    shipment, order = held.shipment, held.order
    collection = Collection.objects.create(shipment=shipment, order=order, amount_dong=dong, at=at, actor=actor)
    collection.entry = ledger.post(
        organization=order.organization, key=f"collected:{collection.pk}", event=Event.COLLECTED,
        meaning={"shipment": shipment.pk, "order": order.pk, "amount": dong},
        moves=postings_delivery.collected(collection), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    collection.save(update_fields=["entry"])
    held.request.credited_dong += dong
