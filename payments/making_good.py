"""What the cooperative bears: a heavier bag, goods lost on the way, money that a carrier did not bring, a complaint."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.doing_once import done_once
from cooperatives.ledger import Acct
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders.models import Order, Shipment
from payments import covering, crediting, deeds, postings_delivery, refund_lines, refunds
from payments.models import MadeGood

MadeGoodKind, BornBy = MadeGood.Kind, Organization.BornBy


class MoreThanCarrierHas(Refused):
    """So much of the parcel's money is not missing."""

    code = "MORE_THAN_CARRIER_HAS"
    sentence = _("Người mang kiện chỉ còn giữ %(left)s của kiện này. Hãy ghi đúng số tiền thiếu.")


class MoreThanOrder(Refused):
    """Nobody is made good more than the whole order."""

    code = "MORE_THAN_ORDER"
    sentence = _("Nhiều hơn cả đơn (%(most)s). Hãy ghi số tiền đền cho phần hàng hỏng, thiếu.")


class NotUndone(Refused):
    """It stands with the parcel or the hand-over that it was booked for."""

    code = "NOT_UNDONE"
    sentence = _("Khoản này ghi cùng lúc với việc giao hàng hoặc mất hàng, không gỡ riêng được.")


class AlreadyPaidOut(Refused):
    """What was made good has been, or is being, paid to the buyer."""

    code = "ALREADY_PAID_OUT"
    sentence = _("Tiền đền này đang trả hoặc đã trả cho người mua. Hãy bỏ khoản trả lại trước.")


def bear_weight(order: Order, *, at: datetime, actor: User | None) -> None:
    """What the seller bears of an order packed heavier, into its purse right before that goes out."""
    write(order, MadeGoodKind.WEIGHT, order.borne_dong, actor=actor, at=at)


def write(
    order: Order,
    kind: str,
    amount_dong: int,
    *,
    shipment: Shipment | None = None,
    member_id: int | None = None,
    reason: str = "",
    actor: User | None,
    at: datetime,
) -> MadeGood:
    """The document and its entry. Needs an open transaction and the locked order."""
    made = MadeGood.objects.create(
        organization=order.organization, kind=kind, order=order, shipment=shipment, member_id=member_id,
        amount_dong=amount_dong, reason=reason, at=at, actor=actor,
    )  # fmt: skip
    made.entry = ledger.post(
        organization=order.organization, key=f"made_good:{made.pk}", event=Event.MADE_GOOD,
        meaning={
            "kind": str(kind), "order": order.pk, "shipment": shipment.pk if shipment else None, "member": member_id,
            "amount": amount_dong,
        },
        moves=postings_delivery.made_good(made), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    made.save(update_fields=["entry"])
    return made


@again_when_locked_out
def goodwill(*, order_id: int, amount_dong: int, reason: str, actor: User, key: str, at: datetime) -> MadeGood:
    """Owe the buyer of an order something for a complaint: the cooperative bears it, no member's share changes.

    How it is paid back is the affair of refunds and cash vouchers. Repeat-safe by ``key``. Raises NotFound (a stranger
    too), BadAmount, MoreThanOrder (all that was ever made good to her together), ReasonMissing, KeyReused, BadKey.
    """
    checked_dong(amount_dong)
    why = deeds.checked_reason(reason)
    seen = Order.objects.select_related("organization").filter(pk=order_id).first()
    if seen is None:
        raise NotFound()

    def do(order: Order) -> MadeGood:
        others = order.made_good.filter(kind=MadeGoodKind.GOODWILL, undone_at=None)
        if sum(others.values_list("amount_dong", flat=True)) + amount_dong > order.total_dong:
            raise MoreThanOrder(field="amount_dong", most=figures(order.total_dong))
        made = write(order, MadeGoodKind.GOODWILL, amount_dong, reason=why, actor=actor, at=at)
        refund_lines.refresh_order(order)
        return made

    meaning = [order_id, amount_dong]
    return _once("made_good_goodwill", do, seen, "decide_complaints", meaning, actor=actor, key=key, at=at)


@again_when_locked_out
def short(*, shipment_id: int, amount_dong: int, reason: str, actor: User, key: str, at: datetime) -> MadeGood:
    """What a carrier collected and did not bring, and will not: the cooperative bears it, the order counts as paid.

    Repeat-safe by ``key``. Raises NotFound (a stranger too), BadAmount, MoreThanCarrierHas, ReasonMissing, KeyReused,
    BadKey.
    """
    checked_dong(amount_dong)
    why = deeds.checked_reason(reason)
    found = Shipment.objects.select_related("order__organization").filter(pk=shipment_id).first()
    if found is None:
        raise NotFound()

    def do(order: Order) -> MadeGood:
        shipment = Shipment.objects.locked(shipment_id)
        carrier = Acct(Kind.WITH_CARRIER, f"shipment:{shipment_id}")
        left = ledger.held_dong(organization=order.organization, accounts=[carrier, Acct(Kind.LOSSES)])[carrier]
        if amount_dong > left:
            raise MoreThanCarrierHas(field="amount_dong", left=figures(left))
        made = write(order, MadeGoodKind.SHORT, amount_dong, shipment=shipment, reason=why, actor=actor, at=at)
        covering.refresh_payment(order)
        return made

    meaning = [shipment_id, amount_dong]
    return _once("made_good_short", do, found.order, "settle_money", meaning, actor=actor, key=key, at=at)


@again_when_locked_out
def undo(*, made_good_id: int, actor: User, at: datetime) -> MadeGood:
    """Take back a goodwill that nobody has been paid, or a shortage that came after all. Repeating changes nothing.

    Raises NotFound (a stranger too), NotUndone, AlreadyPaidOut.
    """
    found = MadeGood.objects.select_related("order__organization").filter(pk=made_good_id).first()
    if found is None:
        raise NotFound()
    require(actor, "settle_money", organization=found.order.organization, on=vietnam_day(at))
    if found.kind not in {MadeGoodKind.GOODWILL, MadeGoodKind.SHORT}:
        raise NotUndone()
    with transaction.atomic():
        order = _locked(found.order)
        made = MadeGood.objects.get(pk=made_good_id)
        if made.is_live:
            if made.kind == MadeGoodKind.GOODWILL:
                debt = Acct(Kind.OWED_TO_PAYERS, f"order:{order.pk}")
                held = ledger.held_dong(organization=order.organization, accounts=[debt, Acct(Kind.LOSSES)])
                if held[debt] < made.amount_dong:
                    raise AlreadyPaidOut()
            take_back(made, actor=actor, at=at)
            if made.kind == MadeGoodKind.GOODWILL:
                refunds.drop_what_is_not_owed(
                    organization=order.organization, order_id=order.pk, transaction_id=None, actor=actor, at=at
                )
                refund_lines.refresh_order(order)
            else:
                covering.refresh_payment(order)
    return made


def take_back(made: MadeGood, *, actor: User | None, at: datetime) -> None:
    """The exact mirror. Needs the locked order."""
    assert made.entry is not None
    ledger.reverse(entry=made.entry, at=at, booked_on=vietnam_day(at), actor=actor)
    made.undone_at, made.undone_by = at, actor
    made.save(update_fields=["undone_at", "undone_by"])


def lost_dong(net_dong: int, *, borne_by: str) -> int:
    """What of a member's net is made good when her goods are lost on the way: all, half (half up), nothing. Pure."""
    if borne_by == BornBy.ORGANIZATION:
        return net_dong
    return (net_dong + 1) // 2 if borne_by == BornBy.SHARED else 0


def _locked(order: Order) -> Order:
    """The order, locked after its request (docs/locking.md)."""
    asked = crediting.locked_requests([], organization_id=order.organization_id, order_ids=[order.pk])
    locked = next(iter(asked.values())).order
    assert locked is not None
    return locked


def _once(
    verb: str,
    do: Callable[[Order], MadeGood],
    order: Order,
    deed: str,
    meaning: object,
    *,
    actor: User,
    key: str,
    at: datetime,
) -> MadeGood:
    require(actor, deed, organization=order.organization, on=vietnam_day(at))
    with transaction.atomic():
        result, _replayed = done_once(
            verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=lambda: str(do(_locked(order)).pk)
        )
    return MadeGood.objects.select_related("order", "shipment").get(pk=int(result))
