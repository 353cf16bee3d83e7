"""The four people of the demo whom a visitor may be: cards on the start page, one tap each."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives import phones
from cooperatives.demo_mode import demo_is_on
from cooperatives.models import User
from storefront.demo import cast


@dataclass(frozen=True, slots=True)
class DemoCard:
    """``action`` names the button by its effect; ``phone`` and the demo's password work on the sign-in page too."""

    role: str
    icon: str
    who: object
    what: object
    action: object
    name: str
    phone: str


_WORDS = {
    "treasurer": (
        "scales", _("Thủ quỹ"), _("Thấy tiền về, khớp với đơn, đối chiếu từng đồng với ngân hàng."),
        _("Vào xem với vai thủ quỹ"),
    ),
    "member": (
        "leaf", _("Thành viên"), _("Thấy hàng nhà mình bán được bao nhiêu, hợp tác xã giữ bao nhiêu."),
        _("Vào xem với vai thành viên"),
    ),
    "clerk": (
        "basket", _("Nhân viên"), _("Gói hàng, giao hàng, thu tiền mặt, nhận mẻ hàng mới."),
        _("Vào xem với vai nhân viên"),
    ),
    "manager": (
        "person", _("Quản lý"), _("Đăng hàng, xem sổ, xem bà con được bao nhiêu."), _("Vào xem với vai quản lý"),
    ),
}  # fmt: skip


def demo_cards() -> list[DemoCard]:
    """One card for each person who can be tried; empty where the demo is off or not loaded. At most two queries."""
    if not demo_is_on():
        return []
    there = set(
        _demo_people()
        .filter(phone__in=[phones.e164(one.phone) for one in cast.SIGN_INS])
        .values_list("phone", flat=True)
    )
    return [
        DemoCard(one.role, *_WORDS[one.role], name=one.name, phone=phones.shown(phones.e164(one.phone)))
        for one in cast.SIGN_INS
        if phones.e164(one.phone) in there
    ]


def demo_person(role: str) -> User | None:
    """The person behind a card, while the demo is on; never somebody of a real organization."""
    if not demo_is_on():
        return None
    phone = next((phones.e164(one.phone) for one in cast.SIGN_INS if one.role == role), None)
    return _demo_people().filter(phone=phone, is_active=True).first() if phone else None


def _demo_people():  # type: ignore[no-untyped-def]
    here = Q(roles__organization__is_demo=True) | Q(memberships__organization__is_demo=True)
    elsewhere = Q(roles__organization__is_demo=False) | Q(memberships__organization__is_demo=False)
    real = User.objects.filter(elsewhere).values("pk")
    return User.objects.filter(here).exclude(pk__in=real).distinct()
