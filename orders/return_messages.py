"""What a return is told of: the buyer, and each member whose goods came back."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from base.money import figures
from cooperatives import outbox
from cooperatives.models import Message
from orders.messages import link_to
from orders.models import Return, ReturnLine

RETURN_TAKEN = Message.Kind.RETURN_TAKEN


def tell(*, goods_return: Return, lines: Iterable[ReturnLine], at: datetime) -> None:
    """One message to the buyer and one to each member, in the caller's transaction. Lines with ``lot.member.user``.

    In Vietnamese whoever pressed the button. A member without a phone of her own is told by whoever reads the outbox.
    """
    order = goods_return.order
    with translation.override("vi"):
        said = _("Đã nhận lại hàng của đơn %(number)s, nợ lại %(sum)s. Xem đơn:") % {
            "number": order.number, "sum": figures(goods_return.amount_dong),
        }  # fmt: skip
        outbox.tell(
            organization=order.organization, kind=RETURN_TAKEN, name=order.buyer_name, phone=order.buyer_phone,
            text=f"{order.organization.name}: {said} {link_to(order)}", about=f"order:{order.pk}", at=at,
        )  # fmt: skip
        _tell_members(goods_return, lines, at=at)


def _tell_members(goods_return: Return, lines: Iterable[ReturnLine], *, at: datetime) -> None:
    order, taken, owed, members = goods_return.order, dict[int, int](), dict[int, int](), {}
    for line in lines:
        member = line.allocation.lot.member
        if member is not None:
            members[member.pk] = member
            taken[member.pk] = taken.get(member.pk, 0) + line.gross_dong - line.fee_dong
            owed[member.pk] = owed.get(member.pk, 0) + line.owed_dong
    for pk, member in members.items():
        sums = {"number": order.number, "taken": figures(taken[pk]), "owed": figures(owed[pk])}
        text = _("Đơn %(number)s có hàng trả lại: trừ %(taken)s tiền hàng của bà con.") % sums
        if owed[pk]:
            text += " " + _("Trong đó %(owed)s đã chi trả trước, sẽ trừ vào lần bán sau.") % sums
        outbox.tell(
            organization=order.organization, kind=RETURN_TAKEN, name=member.user.name, phone=member.user.phone or "",
            text=f"{order.organization.name}: {text}", about=f"return:{goods_return.pk}", at=at,
        )  # fmt: skip
