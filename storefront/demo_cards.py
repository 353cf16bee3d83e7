"""The people of the demo whom a visitor may be: cards on the start page, one tap each."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives import phones
from cooperatives.demo_mode import demo_is_on
from cooperatives.models import User
from payments.models import Household
from storefront.demo import billers
from storefront.demo.sign_ins import EVERYBODY


@dataclass(frozen=True, slots=True)
class DemoCard:
    """``action`` names the button by its effect; ``phone`` and the demo's password work on the sign-in page too.

    ``place`` is the heading it stands under. A card with ``href`` opens a page that needs no sign-in.
    """

    role: str
    place: object
    icon: str
    who: object
    what: object
    action: object
    name: str
    phone: str
    href: str = ""


_COOPERATIVE, _SCHOOL, _WATER = _("Hợp tác xã"), _("Trường học"), _("Trạm nước")
_WORDS = {
    "treasurer": (
        _COOPERATIVE, "scales", _("Thủ quỹ"), _("Thấy tiền về, khớp với đơn, đối chiếu từng đồng với ngân hàng."),
        _("Vào xem với vai thủ quỹ"),
    ),
    "member": (
        _COOPERATIVE, "leaf", _("Thành viên"), _("Thấy hàng nhà mình bán được bao nhiêu, hợp tác xã giữ bao nhiêu."),
        _("Vào xem với vai thành viên"),
    ),
    "clerk": (
        _COOPERATIVE, "basket", _("Nhân viên"), _("Gói hàng, giao hàng, thu tiền mặt, nhận mẻ hàng mới."),
        _("Vào xem với vai nhân viên"),
    ),
    "manager": (
        _COOPERATIVE, "person", _("Quản lý"), _("Đăng hàng, xem sổ, xem bà con được bao nhiêu."),
        _("Vào xem với vai quản lý"),
    ),
    "school-treasurer": (
        _SCHOOL, "book", _("Kế toán trường"), _("Lập đợt thu, in phiếu có mã QR, xem lớp nào còn thiếu."),
        _("Vào xem với vai kế toán"),
    ),
    "school-manager": (
        _SCHOOL, "person", _("Hiệu trưởng"), _("Duyệt mức thu và căn cứ, xem sổ tháng khớp ngân hàng."),
        _("Vào xem với vai hiệu trưởng"),
    ),
    "school-clerk": (
        _SCHOOL, "cash", _("Người thu ở trường"), _("Thu tiền mặt có biên nhận, chốt ngày, bàn giao cho kế toán."),
        _("Vào xem với vai người thu"),
    ),
    "water-manager": (
        _WATER, "scales", _("Quản lý trạm"), _("Giá theo bậc, chỉ số đồng hồ, nhận tiền người thu bàn giao."),
        _("Vào xem với vai quản lý trạm"),
    ),
    "water-clerk": (
        _WATER, "cash", _("Người đi thu"), _("Đọc đồng hồ, thu tiền mặt có biên nhận, chốt ngày, bàn giao."),
        _("Vào xem với vai người đi thu"),
    ),
}  # fmt: skip


def demo_cards() -> list[DemoCard]:
    """One card for each person who can be tried and one for the family's page; empty where the demo is off or not
    loaded. At most three queries."""
    if not demo_is_on():
        return []
    there = set(
        _demo_people().filter(phone__in=[phones.e164(one.phone) for one in EVERYBODY]).values_list("phone", flat=True)
    )
    cards = [
        DemoCard(one.role, *_WORDS[one.role], name=one.name, phone=phones.shown(phones.e164(one.phone)))
        for one in EVERYBODY
        if phones.e164(one.phone) in there
    ]
    return cards + _family()


def _family() -> list[DemoCard]:
    """Two children and a meter on one page; its card was handed out on paper, here it is a link."""
    family = billers.FAMILY
    homes = Household.objects.filter(organization__slug=billers.SCHOOL.slug, organization__is_demo=True)
    home = homes.filter(phone=phones.e164(family.phone)).first()
    if home is None:
        return []
    return [
        DemoCard(
            "family", _("Gia đình"), "home", _("Phụ huynh"),
            _("Hai con học trường này và một đồng hồ nước, trả chung một trang, không cần tài khoản."),
            _("Mở trang của gia đình"), name=family.name, phone=phones.shown(home.phone),
            href=reverse("bills-household", args=[home.token]),
        )
    ]  # fmt: skip


def demo_person(role: str) -> User | None:
    """The person behind a card, while the demo is on; never somebody of a real organization."""
    if not demo_is_on():
        return None
    phone = next((phones.e164(one.phone) for one in EVERYBODY if one.role == role), None)
    return _demo_people().filter(phone=phone, is_active=True).first() if phone else None


def _demo_people():  # type: ignore[no-untyped-def]
    here = Q(roles__organization__is_demo=True) | Q(memberships__organization__is_demo=True)
    elsewhere = Q(roles__organization__is_demo=False) | Q(memberships__organization__is_demo=False)
    real = User.objects.filter(elsewhere).values("pk")
    return User.objects.filter(here).exclude(pk__in=real).distinct()
