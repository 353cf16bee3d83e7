"""What the buyer is told about an order. Texts only; the outbox and its adapters say them."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from base.money import figures
from base.periods import VIETNAM_OFFSET
from cooperatives import outbox
from cooperatives.models import Message
from orders.cycle_words import when_words
from orders.models import Complaint, Order

Kind = Message.Kind


def tell_buyer(
    *, order: Order, kind: str, at: datetime, paid_dong: int = 0, due_dong: int = 0, excess_dong: int = 0
) -> Message:
    """Put ``text_for`` into the outbox, inside the caller's transaction."""
    text = text_for(order=order, kind=kind, paid_dong=paid_dong, due_dong=due_dong, excess_dong=excess_dong)
    return outbox.tell(
        organization=order.organization, kind=Kind(kind), name=order.buyer_name, phone=order.buyer_phone, text=text,
        about=f"order:{order.pk}", at=at,
    )  # fmt: skip


def tell_placed(*, orders: Sequence[Order], at: datetime) -> None:
    """Tell the buyer of each order that was just placed, in one query."""
    Message.objects.bulk_create(
        Message(
            organization=order.organization, kind=Kind.ORDER_PLACED, to_name=order.buyer_name,
            to_phone=order.buyer_phone, text=text_for(order=order, kind=Kind.ORDER_PLACED), about=f"order:{order.pk}",
            created_at=at,
        )
        for order in orders
    )  # fmt: skip


def text_for(*, order: Order, kind: str, paid_dong: int = 0, due_dong: int = 0, excess_dong: int = 0) -> str:
    """The words for one kind of news: number, sums and where to look.

    In Vietnamese whoever pressed the button: the buyer reads it, not the person at the desk. ``paid_dong``: what came
    in; ``due_dong``: what is still to pay; ``excess_dong``: what came beyond that.
    """
    with translation.override("vi"):
        said = _sentence(order, Kind(kind), paid_dong) % {
            "number": order.number,
            "sum": figures(order.total_dong),
            "until": _moment(order.expires_at) if order.expires_at else "",
            "place": _place(order) if kind == Kind.ORDER_READY else "",  # its point is one more query
            "when": when_words(order) if kind == Kind.CYCLE_GOES else "",
            "reason": order.end_reason,
            "paid": figures(paid_dong),
            "due": figures(due_dong),
            "excess": figures(excess_dong),
            "difference": _difference(due_dong, excess_dong),
            "phone": order.organization.phone,
            "deposit": figures(order.deposit_dong),
        }
        return f"{order.organization.name}: {said} {link_to(order)}"


def tell_of_complaint(*, complaint: Complaint, at: datetime) -> Message:
    """What became of a complaint, for whoever wrote it: taken down, answered, decided. In the caller's transaction."""
    taken_down = complaint.answered_at is None
    return outbox.tell(
        organization=complaint.organization, kind=Kind.COMPLAINT_RECEIVED if taken_down else Kind.COMPLAINT_ANSWERED,
        name=complaint.name, phone=complaint.phone, text=_text_of_complaint(complaint),
        about=f"complaint:{complaint.pk}", at=at,
    )  # fmt: skip


def _text_of_complaint(complaint: Complaint) -> str:
    with translation.override("vi"):
        if complaint.closed_at is not None:
            said = _("Khiếu nại %(number)s đã xong: %(decision)s. Xem và nói lại ở đây:")
        elif complaint.answered_at is not None:
            said = _("Đã có người trả lời khiếu nại %(number)s. Đọc và viết tiếp:")
        else:
            said = _("Đã nhận khiếu nại %(number)s, hứa trả lời chậm nhất ngày %(day)s. Giữ đường dẫn này:")
        told = said % {
            "number": complaint.number, "decision": complaint.decision.rstrip("."),
            "day": f"{complaint.answer_by:%d/%m/%Y}",
        }  # fmt: skip
        return f"{complaint.organization.name}: {told} {settings.SITE_URL}/complaints/{complaint.token}/"


def link_to(order: Order) -> str:
    """The buyer's page; whoever has the link may see the order."""
    return f"{settings.SITE_URL}/o/{order.token}/"


def _sentence(order: Order, kind: Kind, paid_dong: int) -> str:
    """The sentence with its gaps; each kind of news about an order has one."""
    if kind is Kind.ORDER_PLACED:
        if order.waits_for_deposit:
            return _("Đã nhận đơn %(number)s, %(sum)s. Chuyển đặt cọc %(deposit)s trước %(until)s thì hàng được gói:")
        if order.waits_for_call:
            return _("Đã nhận đơn %(number)s, %(sum)s. Hợp tác xã sẽ gọi lại xác nhận rồi mới gói. Xem đơn:")
        if order.pay_by == Order.PayBy.CASH:
            return _("Đã nhận đơn %(number)s, %(sum)s. Trả tiền khi nhận hàng, được xem hàng trước. Xem đơn:")
        return _("Đã nhận đơn %(number)s, %(sum)s, giữ hàng đến %(until)s. Xem mã QR và chuyển khoản:")
    if kind is Kind.ORDER_READY:
        if order.delivery == Order.Delivery.HOME:
            return _("Đơn %(number)s đã gói xong, sẽ mang đến %(place)s. Xem đơn:")
        return _("Đơn %(number)s đã gói xong, mời đến lấy ở %(place)s. Xem đơn:")
    if kind is Kind.ORDER_PART_PAID:
        if order.deposit_paid_at and order.pay_by == Order.PayBy.CASH:
            return _("Đã nhận đặt cọc %(paid)s của đơn %(number)s, còn %(due)s trả khi nhận hàng. Xem đơn:")
        if order.expires_at:
            return _("Đơn %(number)s mới nhận %(paid)s, còn thiếu %(due)s. Hãy chuyển nốt trước %(until)s để giữ hàng:")
        return _("Đơn %(number)s mới nhận %(paid)s, còn thiếu %(due)s. Xem đơn:")
    if kind is Kind.WEIGHT_CHANGED:
        return _("Đơn %(number)s cân lại khi gói, tổng %(sum)s: %(difference)s. Xem đơn:")
    if kind is Kind.CYCLE_FAILED:
        if paid_dong:
            return _("Đơn %(number)s đã hủy: %(reason)s. Đã nhận %(paid)s, hợp tác xã trả lại bà con. Xem đơn:")
        return _("Đơn %(number)s đã hủy: %(reason)s. Đừng chuyển khoản nữa. Xem đơn:")
    if kind is Kind.ORDER_CANCELLED and order.end_reason:
        return _("Đơn %(number)s đã hủy: %(reason)s. Đừng chuyển khoản nữa. Xem đơn:")
    return {
        Kind.ORDER_PAID: _("Đã nhận đủ %(sum)s cho đơn %(number)s. Hàng đang được chuẩn bị. Xem đơn:"),
        Kind.ORDER_OVERPAID: _(
            "Đơn %(number)s đã nhận đủ %(sum)s và thừa %(excess)s. Thủ quỹ sẽ liên hệ để trả lại phần thừa. Xem đơn:"
        ),
        Kind.CYCLE_GOES: _("Phiên chợ của đơn %(number)s đã chốt, sẽ họp: %(when)s. Xem đơn:"),
        Kind.ORDER_HANDED_OVER: _("Đã giao đơn %(number)s, %(sum)s. Cảm ơn bà con đã mua hàng. Xem đơn:"),
        Kind.PARCEL_SENT: _("Đã gửi đơn %(number)s đi. Xem kiện hàng đang ở đâu, gọi ai, trả bao nhiêu khi nhận:"),
        Kind.PARCEL_BACK: _(
            "Kiện hàng của đơn %(number)s không đến nơi, đơn đã đóng. "
            "Bà con đã trả tiền thì thủ quỹ sẽ trả lại. Xem đơn:"
        ),
        Kind.ORDER_EXPIRED: _(
            "Đơn %(number)s đã hết hạn giữ hàng lúc %(until)s. Đừng chuyển khoản nữa; "
            "nếu vừa chuyển, thủ quỹ sẽ liên hệ. Xem đơn:"
        ),
        Kind.ORDER_CANCELLED: _("Đơn %(number)s đã hủy. Đừng chuyển khoản nữa. Xem đơn:"),
        Kind.MONEY_LATE: _(
            "Đã nhận %(paid)s cho đơn %(number)s sau khi đơn kết thúc. Tiền được giữ nguyên, "
            "thủ quỹ sẽ liên hệ để giao hàng hoặc trả lại. Xem đơn:"
        ),
        Kind.REFUND_ORDERED: _("Đang trả lại %(paid)s của đơn %(number)s cho bà con. Xem đơn:"),
        Kind.REFUND_SENT: _("Đã chuyển trả lại %(paid)s của đơn %(number)s. Xem đơn:"),
    }[kind]


def _difference(due_dong: int, excess_dong: int) -> str:
    """What a new weight means for the buyer."""
    if excess_dong:
        return _("thừa %(excess)s, hợp tác xã sẽ trả lại") % {"excess": figures(excess_dong)}
    return _("còn phải trả %(due)s") % {"due": figures(due_dong)} if due_dong else _("không phải trả thêm")


def _place(order: Order) -> str:
    if order.delivery == Order.Delivery.HOME:
        return order.buyer_address
    point = order.pickup_point
    if point is None:
        return order.organization.address
    return ", ".join(part for part in (point.name, point.place, point.hours) if part)


def _moment(at: datetime) -> str:
    """``14:05 ngày 25/11/2026``, by the clock of Việt Nam."""
    local = at.astimezone(VIETNAM_OFFSET)
    return _("%(time)s ngày %(day)s") % {"time": f"{local:%H:%M}", "day": f"{local:%d/%m/%Y}"}
