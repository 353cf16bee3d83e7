"""What came back of an order: ``{% returned order %}`` for its buyer, ``{% desk_returns order may %}`` at the desk."""

from collections.abc import Mapping
from typing import Any

from django import template

from cooperatives.models import Member
from orders import brought_back, returning
from orders.models import Order, Return
from payments.models import CashVoucher
from storefront.owed_back import owed_back_dong

register = template.Library()


@register.inclusion_tag("storefront/parts/return.html")
def returned(order: Order) -> dict[str, Any]:
    """Nothing before the goods were accepted; one query where nothing came back, six where something did."""
    returns = _returns(order)
    if not returns:
        return {"returns": []}
    paid = CashVoucher.objects.filter(order=order, kind=CashVoucher.Kind.BUYER, undone_at=None)
    return {
        "order": order, "returns": returns, "owed_back_dong": owed_back_dong(order),
        "vouchers": list(paid.order_by("number")),
    }  # fmt: skip


@register.inclusion_tag("storefront/desk/parts/returns.html")
def desk_returns(order: Order, may: Mapping[str, bool]) -> dict[str, Any]:
    """The same with who bore what, the slips of cash given back, and the way to take more back."""
    vouchers = CashVoucher.objects.filter(order=order).select_related("keeper").order_by("number")
    return {
        "order": order, "may": may, "vouchers": list(vouchers),
        "returns": [(one, _borne(one)) for one in _returns(order)],
        "can_come_back": may["return_goods"] and returning.can_come_back(order),
    }  # fmt: skip


def _returns(order: Order) -> list[Return]:
    return brought_back.of_order(order) if order.accepted_at is not None else []


def _borne(goods_return: Return) -> list[tuple[Member | None, int, int]]:
    """(member, taken back of her share, of that owed by her) for each owner; None: the cooperative, its fee with it."""
    taken: dict[int | None, tuple[Member | None, int, int]] = {}
    fee = 0
    for line in goods_return.lines.all():
        member = line.allocation.lot.member
        pk = member.pk if member else None
        _who, dong, owed = taken.get(pk, (member, 0, 0))
        taken[pk] = (member, dong + line.gross_dong - line.fee_dong, owed + line.owed_dong)
        fee += line.fee_dong
    _who, own, _owed = taken.pop(None, (None, 0, 0))
    house = own + fee + goods_return.shipping_dong
    return [*taken.values(), *([(None, house, 0)] if house else [])]
