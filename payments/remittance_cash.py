"""A carrier's money in cash: a neighbour or driver brings what he collected, into the box of whoever counts it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import may, require
from payments import cash_boxes, deeds, remittance_lines, remittance_money
from payments.models import Remittance, RemittancePayment


class BoxTooEmpty(Refused):
    """The cash has left the box since."""

    code = "REMITTANCE_CASH_GONE"
    sentence = _("Két của %(keeper)s chỉ còn %(box)s: tiền đã bàn giao hoặc nộp ngân hàng, nên chưa gỡ được.")


class NotYourBox(Refused):
    """Counted by somebody else, or on another day."""

    code = "NOT_YOUR_BOX"
    sentence = _("Người thu chỉ gỡ được tiền mình nhận trong ngày. Khoản khác thì thủ quỹ gỡ.")


@again_when_locked_out
def receive(*, remittance_id: int, amount_dong: int, actor: User, key: str, at: datetime) -> RemittancePayment:
    """``amount_dong``, counted, into ``actor``'s box for a list: all that it lacks, or a part. Repeat-safe by ``key``.

    What was written off and comes after all takes the writing-off back, if ``actor`` is its treasurer. Raises NotFound,
    BadAmount, remittance_money.ListOver, MoreThanListLacks.
    """
    checked_dong(amount_dong)
    found = Remittance.objects.select_related("organization").filter(pk=remittance_id).first()
    if found is None:
        raise NotFound()
    require(actor, "receive_cash", organization=found.organization, on=vietnam_day(at))
    also_written_off = may(actor, "settle_money", organization=found.organization, on=vietnam_day(at))

    def do() -> str:
        Organization.objects.held(found.organization_id)
        remittance = remittance_money.locked([remittance_id])[remittance_id]
        remittance_money.lock_under([remittance])
        if also_written_off:
            remittance_lines.write_on_again(remittance, amount_dong, actor=actor, at=at)
        payment = remittance_money.take(
            remittance, dong=amount_dong, keeper=actor, actor=actor, reason="", at=at
        )  # fmt: skip
        return str(payment.pk)

    with transaction.atomic():
        result, _replayed = done_once(
            verb="remittance_cash", actor=actor, key=key, meaning=[remittance_id, amount_dong], at=at, do=do
        )
    return RemittancePayment.objects.select_related("remittance", "keeper").get(pk=result)


@again_when_locked_out
def undo(*, payment_id: int, reason: str, actor: User, at: datetime) -> RemittancePayment:
    """Take back cash that was counted wrongly: it is with the carrier again. Repeating it changes nothing.

    Her own on the same day; a treasurer any, while the box holds it. Raises NotFound, ReasonMissing, NotYourBox,
    BoxTooEmpty.
    """
    why = deeds.checked_reason(reason)
    payments = RemittancePayment.objects.filter(transaction=None).select_related("remittance__organization", "keeper")
    found = payments.filter(pk=payment_id).first()
    if found is None or found.keeper is None:
        raise NotFound()
    organization, today = found.remittance.organization, vietnam_day(at)
    if not may(actor, "settle_money", organization=organization, on=today):
        require(actor, "receive_cash", organization=organization, on=today)
        if found.keeper_id != actor.pk or vietnam_day(found.at) != today:
            raise NotYourBox()
    with transaction.atomic():
        held = Organization.objects.held(organization.pk)
        remittance = remittance_money.locked([found.remittance_id])[found.remittance_id]
        remittance_money.lock_under([remittance])
        payment = payments.get(pk=payment_id)
        if payment.is_live:
            box = cash_boxes.locked_box_dong(held, found.keeper)
            if box < payment.amount_dong:
                raise BoxTooEmpty(keeper=found.keeper.name, box=figures(box))
            payment.remittance = remittance
            remittance_money.give_back(payment, actor=actor, at=at)
            payment.reason = why
            payment.save(update_fields=["reason"])
    return payment
