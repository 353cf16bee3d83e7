"""Somebody called the buyer of a first order, and she wants it: now it can be packed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import User
from cooperatives.permissions import require
from orders.models import Order


class NothingToConfirm(Refused):
    """It waits for no call: nobody asked for one, or it is over."""

    code = "NOTHING_TO_CONFIRM"
    sentence = _("Đơn %(number)s không chờ gọi xác nhận.")


@again_when_locked_out
def confirm_by_phone(*, order_id: int, actor: User, key: str, at: datetime) -> Order:
    """Note that the buyer was called and wants the order. Confirming it again changes nothing.

    Locks the done-once row, then the order. Raises NotFound (a stranger too), NothingToConfirm, KeyReused, BadKey.
    """
    with transaction.atomic():
        seen = Order.objects.select_related("organization").filter(pk=order_id).first()
        if seen is None:
            raise NotFound()
        require(actor, "confirm_orders", organization=seen.organization, on=vietnam_day(at))

        def do() -> str:
            order = Order.objects.locked(order_id)
            if not order.needs_call or order.is_ended:
                raise NothingToConfirm(number=order.number)
            if order.confirmed_at is None:
                order.mark_confirmed(at=at, by=actor)
            return f"order:{order_id}"

        done_once(verb="order_confirm", actor=actor, key=key, meaning={"order": order_id}, at=at, do=do)
        return Order.objects.preloaded().get(pk=order_id)
