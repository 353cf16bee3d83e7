"""Two complaints in the demo: one answered and decided last week, one that waits for its answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cooperatives.models import Organization, User
from orders import complaining
from orders.models import Complaint, Order


def complain(*, organization: Organization, clerk: User, treasurer: User, keys: Iterator[str], at: datetime) -> None:
    """By the verbs, about the latest orders that were handed over."""
    lately = Order.objects.filter(organization=organization, accepted_at__isnull=False).order_by("-accepted_at")
    began, yesterday = at - timedelta(days=8), at - timedelta(hours=20)
    first = lately.filter(accepted_at__lt=began).first()
    second = lately.filter(accepted_at__lt=yesterday).first()
    assert first is not None, "half a year has gone by"
    assert second is not None
    settled = _write(first, "goods", "Nhận thiếu một gói so với đơn. Đã mở ra đếm ngay lúc lấy hàng.", keys, at=began)
    complaining.answer(
        complaint_id=settled.pk, text="Xin lỗi, lúc gói đếm nhầm. Mời đến lấy gói còn thiếu vào sáng thứ Bảy.",
        actor=clerk, key=next(keys), at=began + timedelta(hours=3),
    )  # fmt: skip
    complaining.say(
        token=settled.token, text="Vâng, thứ Bảy tôi qua.", address="", key=next(keys), at=began + timedelta(hours=5)
    )
    complaining.close(
        complaint_id=settled.pk, decision="Đã bù một gói ngay tại điểm nhận hàng.", actor=treasurer, key=next(keys),
        at=began + timedelta(days=3),
    )  # fmt: skip
    _write(second, "goods", "Một gói bị hở miệng, hàng hơi ỉu. Đổi gói khác được không?", keys, at=yesterday)


def _write(order: Order, about: str, text: str, keys: Iterator[str], *, at: datetime) -> Complaint:
    return complaining.write(
        organization_slug=order.organization.slug, about=about, text=text, name=order.buyer_name,
        phone=order.buyer_phone, order_number=order.number, address="", key=next(keys), at=at,
    )  # fmt: skip
