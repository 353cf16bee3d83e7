"""What makes strangers trust the demo's goods: seasons, stars that live and stars that expired, drawn faces of those
who agreed, and what buyers said. Each by the verb that a real one uses."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from base.periods import vietnam_day
from catalog import certifying, portraits, seasons
from catalog.models import Product
from cooperatives.models import Member, Organization, RoleGrant, User
from orders import reviewing
from orders.models import Order
from storefront.demo.faces import face_png

# What a picture of the goods is called → first and last month.
SEASONS = {
    "ca-trach-kho": (9, 12),
    "khoai-deo": (11, 2),
    "mien-dong": (11, 1),
    "gao-nep": (10, 12),
    "mat-ong": (5, 7),
    "trung-vit": (6, 11),
}
# Picture, stars, decision, days ago that it was issued; for 36 months each.
CERTIFICATES = (("ca-trach-kho", 4, "0000/QĐ-UBND (mẫu)", 420), ("mat-ong", 3, "0001/QĐ-UBND (mẫu)", 1140))
THIRTY_SIX_MONTHS = timedelta(days=1096)
# Place in the list of members, face, whether she agrees to this day.
FACES = ((0, "palm-hat", True), (4, "felt-hat", True), (5, "scarf", False))


class Words(NamedTuple):
    """What one buyer said; what the cooperative answered, or why it hid the text."""

    stars: int
    text: str
    reply: str = ""
    hidden: str = ""


SAID = {
    "ca-trach-kho": (
        Words(5, "Cá khô giòn, rang lại thơm cả nhà. Bố tôi bảo đúng vị ngày xưa."),
        Words(5, "Gói kín, không vụn. Ngày làm ghi rõ nên yên tâm."),
        Words(4, "Ngon, hơi mặn một chút. Lần sau sẽ mua gói to.", reply="Cảm ơn bạn. Mẻ sau ướp nhạt tay hơn."),
        Words(5, ""),
        Words(1, "Gọi số 0900 000 000 mà mua, rẻ hơn ở đây.", hidden="quảng cáo cho người bán khác"),
    ),
    "chuoi-say": (
        Words(5, "Dẻo và thơm, trẻ con ăn hết một gói trong buổi chiều."),
        Words(3, "Ngọt vừa, nhưng lần này lát hơi dày.", reply="Xóm Đoài đã chỉnh lại khuôn cắt, mời bạn thử mẻ mới."),
    ),
    "gao-nep": (Words(5, "Xôi dẻo, để nguội vẫn mềm."), Words(4, "Gạo mới, sạch sạn.")),
    "mien-dong": (Words(5, "Sợi dai, nấu lại không nát. Mẹ tôi khen mãi."),),
    "com-chay": (
        Words(2, "Lần này hơi ỉu, chắc do đường xa.", reply="Hợp tác xã xin lỗi, từ nay hàng đi xa được gói hai lớp."),
    ),
}


def put_up(
    *,
    organization: Organization,
    goods: dict[str, Product],
    members: Sequence[Member],
    treasurer: User,
    keys: Iterator[str],
    at: datetime,
) -> None:
    """Everything above, for ``goods`` by the name of their picture."""
    for picture, (first, last) in SEASONS.items():
        seasons.set_season(product_id=goods[picture].pk, first=first, last=last, actor=None, at=at)
    for picture, stars, decision, days in CERTIFICATES:
        issued_on = vietnam_day(at) - timedelta(days=days)
        certifying.record_certificate(
            product_id=goods[picture].pk, stars=stars, decision=decision, issuer="UBND tỉnh Ninh Bình (mẫu)",
            issued_on=issued_on, expires_on=issued_on + THIRTY_SIX_MONTHS, actor=treasurer, key=next(keys), at=at,
        )  # fmt: skip
    for place, face, agrees in FACES:
        member = members[place]
        portraits.record_portrait(
            member_id=member.pk, data=face_png(face), wording=portraits.WORDING,
            consented_on=vietnam_day(at) - timedelta(days=40), witness="Đinh Thị Mơ", actor=treasurer, key=next(keys),
            at=at, is_drawn=True,
        )  # fmt: skip
        if not agrees:
            portraits.withdraw_portrait(member_id=member.pk, actor=treasurer, at=at)
    manager = RoleGrant.objects.get(organization=organization, role=RoleGrant.Role.MANAGER).user
    for picture, said in SAID.items():
        _say(goods[picture], said, manager=manager, keys=keys, at=at)


def _say(product: Product, said: Sequence[Words], *, manager: User, keys: Iterator[str], at: datetime) -> None:
    """By buyers who received the goods a few days before, the latest ones; fewer where fewer did."""
    received = Order.objects.filter(
        lines__variant__product=product, accepted_at__isnull=False, accepted_at__lt=at - timedelta(days=4)
    ).distinct()
    for order, words in zip(received.order_by("-accepted_at")[: len(said)], said, strict=False):
        assert order.accepted_at is not None
        told = reviewing.review(
            token=order.token, product_slug=product.slug, stars=words.stars, text=words.text,
            shown_name=order.buyer_name.split()[-1], key=next(keys), at=order.accepted_at + timedelta(days=2),
        )  # fmt: skip
        if words.reply:
            reviewing.reply(review_id=told.pk, text=words.reply, actor=manager, key=next(keys), at=at)
        if words.hidden:
            reviewing.hide(review_id=told.pk, reason=words.hidden, actor=manager, key=next(keys), at=at)
