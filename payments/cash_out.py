"""Cash paid out of a keeper's box against a numbered slip (phiếu chi), booked at once; and taking a slip back.

To a member for goods, to a buyer what is owed back, to a driver or a shop for a cost. Numbers run without gaps under
the organization's row, and nobody pays out more than her box holds beside what she has offered to hand over.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Kind as Account
from cooperatives.doing_once import done_once
from cooperatives.ledger import Acct
from cooperatives.models import Member, Organization, User
from cooperatives.permissions import may, require
from orders.buyers import one_line
from orders.models import Order, Shipment
from orders.netting import net_owed
from payments import cash_boxes, crediting, deeds, owing, postings_delivery, refund_lines
from payments.models import CashVoucher
from payments.refunds import MoreThanOwed

Kind = CashVoucher.Kind
LONGEST_NAME = 80
DEEDS = {Kind.MEMBER: "settle_money", Kind.BUYER: "settle_money", Kind.CARRIAGE: "receive_cash",
         Kind.SPENDING: "settle_money"}  # fmt: skip
"""Who may pay what: a keeper pays the driver who stands before her, everything else is the treasurer's."""


class NotACost(Refused):
    code = "NOT_A_COST"
    sentence = _("Hãy chọn cước vận chuyển, hoặc khoản hợp tác xã chi.")


class TakerMissing(Refused):
    code = "TAKER_MISSING"
    sentence = _("Hãy ghi tên người nhận tiền (nhiều nhất %(most)s chữ).")


class NotYourVoucher(Refused):
    code = "NOT_YOUR_VOUCHER"
    sentence = _("Người giữ két chỉ hủy được phiếu chi của mình trong ngày đã chi. Phiếu khác thì thủ quỹ hủy.")


@again_when_locked_out
def pay_member(
    *, member_id: int, amount_dong: int, to_name: str = "", reason: str = "", actor: User, key: str, at: datetime
) -> CashVoucher:
    """Pay a member so much of what she is owed for goods. ``to_name``: who took it, where it is not herself.

    Repeat-safe by ``key``. Raises NotFound, BadAmount, MoreThanOwed, MoreThanInBox, TakerMissing.
    """
    checked_dong(amount_dong)
    member = Member.objects.select_related("organization", "user").filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    require(actor, DEEDS[Kind.MEMBER], organization=member.organization, on=vietnam_day(at))
    taker = _checked_name(to_name or member.user.name)

    def do() -> str:
        organization = Organization.objects.held(member.organization_id)
        owed_to = Acct(Account.OWED_TO_MEMBERS, f"member:{member.pk}")
        box = Acct(Account.CASH, f"keeper:{actor.pk}")
        owed = ledger.held_dong(organization=organization, accounts=(owed_to, box))[owed_to]
        if amount_dong > owed:
            raise MoreThanOwed(field="amount_dong", owed=figures(owed))
        return str(
            _write(
                organization, kind=Kind.MEMBER, member=member, amount_dong=amount_dong, to_name=taker,
                reason=one_line(reason)[:200], keeper=actor, at=at,
            ).pk
        )  # fmt: skip

    return _once("cash_pay_member", do, [member_id, amount_dong, taker], actor=actor, key=key, at=at)


@again_when_locked_out
def pay_buyer(
    *, order_id: int, amount_dong: int, to_name: str = "", reason: str = "", actor: User, key: str, at: datetime
) -> CashVoucher:
    """Give a buyer so much of what is owed back for her order and no refund task stands for.

    Repeat-safe by ``key``. Raises NotFound, BadAmount, MoreThanOwed, MoreThanInBox, TakerMissing.
    """
    checked_dong(amount_dong)
    found = Order.objects.select_related("organization").filter(pk=order_id).first()
    if found is None:
        raise NotFound()
    require(actor, DEEDS[Kind.BUYER], organization=found.organization, on=vietnam_day(at))
    taker = _checked_name(to_name or found.buyer_name)

    def do() -> str:
        organization = Organization.objects.held(found.organization_id)
        order = locked_order(order_id)
        voucher = to_buyer(
            organization, order, amount_dong=amount_dong, to_name=taker, reason=one_line(reason)[:200], keeper=actor,
            at=at,
        )  # fmt: skip
        return str(voucher.pk)

    return _once("cash_pay_buyer", do, [order_id, amount_dong, taker], actor=actor, key=key, at=at)


@again_when_locked_out
def pay_cost(
    *,
    organization_id: int,
    kind: str,
    amount_dong: int,
    to_name: str,
    reason: str,
    shipment_id: int | None = None,
    actor: User,
    key: str,
    at: datetime,
) -> CashVoucher:
    """Pay CARRIAGE (of a ``shipment_id``, where it is one parcel's) or SPENDING, and say what for.

    Repeat-safe by ``key``. Raises NotFound, BadAmount, NotACost, ReasonMissing, TakerMissing, MoreThanInBox.
    """
    checked_dong(amount_dong)
    if kind not in (Kind.CARRIAGE, Kind.SPENDING):
        raise NotACost(field="kind")
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise NotFound()
    require(actor, DEEDS[Kind(kind)], organization=organization, on=vietnam_day(at))
    why, taker = deeds.checked_reason(reason), _checked_name(to_name)
    parcel = None
    if shipment_id is not None:
        parcel = Shipment.objects.filter(pk=shipment_id, organization=organization).first()
        if parcel is None or kind != Kind.CARRIAGE:
            raise NotFound(field="shipment_id")

    def do() -> str:
        held = Organization.objects.held(organization_id)
        voucher = _write(
            held, kind=Kind(kind), shipment=parcel, amount_dong=amount_dong, to_name=taker, reason=why, keeper=actor,
            at=at,
        )  # fmt: skip
        return str(voucher.pk)

    meaning = [organization_id, str(kind), amount_dong, taker, why, shipment_id]
    return _once("cash_pay_cost", do, meaning, actor=actor, key=key, at=at)


@again_when_locked_out
def void(*, voucher_id: int, reason: str, actor: User, at: datetime) -> CashVoucher:
    """Take a slip back by a reversing entry: the money lies in the box again and is owed again, its number stays used.

    The treasurer may void any, a keeper her own on the Vietnamese day on which she paid. Repeating it changes nothing.
    What a member owed meanwhile is netted from what she is owed again. Raises NotFound, ReasonMissing, NotYourVoucher.
    """
    found = CashVoucher.objects.select_related("organization").filter(pk=voucher_id).first()
    if found is None:
        raise NotFound()
    _check_who(found, actor=actor, at=at)
    why = deeds.checked_reason(reason)
    with transaction.atomic():
        Organization.objects.held(found.organization_id)
        order = locked_order(found.order_id) if found.order_id is not None else None
        voucher = CashVoucher.objects.select_related("entry").get(pk=voucher_id)
        if voucher.is_live:
            assert voucher.entry is not None
            ledger.reverse(entry=voucher.entry, at=at, booked_on=vietnam_day(at), actor=actor)
            voucher.undone_at, voucher.undone_by, voucher.void_reason = at, actor, why
            voucher.save(update_fields=["undone_at", "undone_by", "void_reason"])
            if voucher.member_id is not None:
                net_owed(member_ids=[voucher.member_id], at=at, actor=actor)
            if order is not None:
                refund_lines.refresh_order(order)
    return _shown(voucher_id)


def may_void(voucher: CashVoucher, *, actor: User, at: datetime) -> bool:
    """Whether ``actor`` is one of those who may. Needs ``organization``."""
    try:
        _check_who(voucher, actor=actor, at=at)
    except Refused:
        return False
    return True


def to_buyer(
    organization: Organization, order: Order, *, amount_dong: int, to_name: str, reason: str, keeper: User, at: datetime
) -> CashVoucher:
    """The slip for a buyer, under the held organization and the locked order. Raises MoreThanOwed, MoreThanInBox."""
    owed = owing.owed_dong(organization=organization, order_id=order.pk)
    if amount_dong > owed:
        raise MoreThanOwed(field="amount_dong", owed=figures(owed))
    voucher = _write(
        organization, kind=Kind.BUYER, order=order, amount_dong=amount_dong, to_name=to_name, reason=reason,
        keeper=keeper, at=at,
    )  # fmt: skip
    refund_lines.refresh_order(order)
    return voucher


def locked_order(order_id: int) -> Order:
    """The order, its requests locked before it (docs/locking.md)."""
    organization_id = Order.objects.values_list("organization_id", flat=True).get(pk=order_id)
    crediting.locked_requests([], organization_id=organization_id, order_ids={order_id})
    return Order.objects.locked(order_id)


def in_cash_dong(owed_dong: int, *, step_dong: int) -> int:
    """What of a debt can be counted out: down to the cash step; what is less than a step as it is. Pure."""
    return owed_dong // step_dong * step_dong or owed_dong


def latest(
    organization: Organization, *, most: int, kinds: Collection[str] = (), keeper: User | None = None
) -> Sequence[CashVoucher]:
    """The last slips, the newest first, with what their rows show; of one keeper where one is named."""
    own = CashVoucher.objects.filter(organization=organization)
    if keeper is not None:
        own = own.filter(keeper=keeper)
    if kinds:
        own = own.filter(kind__in=kinds)
    return list(own.select_related("keeper", "member__user", "order", "shipment__order").order_by("-number")[:most])


def _write(
    organization: Organization,
    *,
    kind: Kind,
    amount_dong: int,
    to_name: str,
    reason: str,
    keeper: User,
    at: datetime,
    member: Member | None = None,
    order: Order | None = None,
    shipment: Shipment | None = None,
) -> CashVoucher:
    """Number it, book it. Needs the held organization; locks the box. Raises MoreThanInBox."""
    assert connection.in_atomic_block
    free = cash_boxes.locked_box_dong(organization, keeper) - cash_boxes.waiting_dong(organization, keeper)
    if amount_dong > free:
        raise cash_boxes.MoreThanInBox(field="amount_dong", box=figures(max(free, 0)))
    last = CashVoucher.objects.filter(organization=organization).aggregate(last=Max("number"))["last"] or 0
    voucher = CashVoucher.objects.create(
        organization=organization, number=last + 1, keeper=keeper, kind=kind, member=member, order=order,
        shipment=shipment, to_name=to_name, amount_dong=amount_dong, at=at, actor=keeper, reason=reason,
    )  # fmt: skip
    voucher.entry = ledger.post(
        organization=organization, key=f"cash_out:{voucher.pk}", event=postings_delivery.cash_out_event(voucher),
        meaning={"kind": str(kind), "for": member.pk if member else order.pk if order else "", "amount": amount_dong},
        moves=postings_delivery.cash_paid_out(voucher), booked_on=vietnam_day(at), at=at, actor=keeper,
    )  # fmt: skip
    voucher.save(update_fields=["entry"])
    return voucher


def _once(verb: str, do: Callable[[], str], meaning: Any, *, actor: User, key: str, at: datetime) -> CashVoucher:
    with transaction.atomic():
        result, _replayed = done_once(verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=do)
    return _shown(result)


def _check_who(voucher: CashVoucher, *, actor: User, at: datetime) -> None:
    today = vietnam_day(at)
    if may(actor, "settle_money", organization=voucher.organization, on=today):
        return
    require(actor, "receive_cash", organization=voucher.organization, on=today)
    if voucher.keeper_id != actor.pk or vietnam_day(voucher.at) != today:
        raise NotYourVoucher()


def _checked_name(name: str) -> str:
    taker = one_line(name)
    if not 1 <= len(taker) <= LONGEST_NAME:
        raise TakerMissing(field="to_name", most=LONGEST_NAME)
    return taker


def _shown(voucher_id: int | str) -> CashVoucher:
    rows = CashVoucher.objects.select_related("organization", "keeper", "member__user", "order", "shipment__order")
    return rows.get(pk=voucher_id)
