"""Who receives, how, and how it is paid. Shapes and texts only: what may be ordered is decided by the verbs."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.money import figures
from base.refusals import Refused
from cooperatives.models import Organization
from orders.models import Order, PickupPoint
from storefront.forms.address import AddressFields
from storefront.postage_shown import WayShown
from storefront.upcoming import MarketDay

_LONGEST_LINES = 1500  # 50 lines of the largest ids and quantities
_FIELDS = {
    "pickup_point_id": "receive", "delivery": "receive", "commune": "commune_typed", "address": "hamlet",
    "cycle_id": "cycle",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One choice of a few, with what it means under its name. ``is_closed``: shown, and not to be chosen."""

    value: str
    title: str
    detail: str = ""
    is_closed: bool = False


class CheckoutForm(AddressFields):
    """``receive`` is a way, or ``PICKUP:<point id>``; ``lines`` and ``seen_dong`` are what was shown."""

    name = forms.CharField(
        label=gettext_lazy("Tên người nhận"),
        error_messages={"required": gettext_lazy("Hãy ghi tên người nhận.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Số điện thoại"),
        help_text=gettext_lazy("Chỉ để báo về đơn này."),
        error_messages={"required": gettext_lazy("Hãy ghi số điện thoại để báo khi hàng sẵn.")},
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Lời nhắn"), required=False, widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )
    receive = forms.ChoiceField(
        label=gettext_lazy("Nhận hàng ở đâu"),
        error_messages={
            "required": gettext_lazy("Hãy chọn cách nhận hàng."),
            "invalid_choice": gettext_lazy("Cách nhận hàng này không còn dùng. Hãy chọn cách khác."),
        },
    )
    pay_by = forms.ChoiceField(
        label=gettext_lazy("Trả tiền thế nào"),
        choices=Order.PayBy.choices,
        error_messages={
            "required": gettext_lazy("Hãy chọn cách trả tiền."),
            "invalid_choice": gettext_lazy("Hãy chọn một trong các cách trả tiền dưới đây."),
        },
    )
    cycle = forms.TypedChoiceField(
        label=gettext_lazy("Đặt cho phiên nào"), required=False, coerce=int, empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("Phiên này vừa thôi nhận đơn. Hãy chọn lại.")},
    )  # fmt: skip
    lines = forms.CharField(max_length=_LONGEST_LINES, required=False, widget=forms.HiddenInput)
    seen_dong = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sellers: Sequence[Organization], **more: Any) -> None:
        super().__init__(*args, **more)
        self.sellers = sellers
        self.pay_cards = _ways_to_pay(sellers)
        self.cycle_cards: list[Card] = []
        self.offer({})
        if self.is_bound:
            self.read_commune()

    def offer(self, ways: Mapping[str, WayShown]) -> None:
        """Offer ``ways`` beside fetching. A way that one seller has not cannot be chosen."""
        self.receive_cards = [
            *_places_to_fetch(self.sellers),
            *(Card(way, str(Order.Delivery(way).label), one.detail, one.is_closed) for way, one in ways.items()),
        ]
        self._field("receive").choices = [
            (card.value, card.title) for card in self.receive_cards if not card.is_closed
        ]  # fmt: skip

    def offer_days(self, days: Sequence[MarketDay]) -> None:
        """Offer market days that take the whole basket, and none; without any, nothing is asked."""
        if days:
            usual = Card("", _("Không theo phiên"), _("Giao như thường, không đợi ngày phiên."))
            self.cycle_cards = [usual, *(Card(str(one.cycle.pk), one.cycle.name, one.in_short) for one in days)]
        self._field("cycle").choices = [(card.value, card.title) for card in self.cycle_cards if card.value]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    @property
    def delivery(self) -> str:
        """The way that is chosen on the form; "" while none is."""
        held = self.data.get("receive", "") if self.is_bound else self.initial.get("receive", "")
        way = str(held).partition(":")[0]
        return way if way in Order.Delivery.values else ""

    @property
    def pickup_point_id(self) -> int | None:
        """The chosen point, once valid; None where the cooperative's first one is meant, or nothing is picked up."""
        point = self.cleaned_data["receive"].partition(":")[2]
        return int(point) if point else None

    def take_refusal(self, refused: Refused) -> None:
        """Show ``refused`` beside the field it is about, else above the form."""
        field = _FIELDS.get(refused.field or "", refused.field)
        shown = field if field in self.fields and not self._field(field).widget.is_hidden else None
        message = self.commune_error if field == "commune_typed" else ""
        self.add_error(shown, message or refused.message)

    def say_only(self, *names: str) -> None:
        """Whoever only asks for names or sums is not told what is still missing elsewhere."""
        self.full_clean()
        self._errors = ErrorDict({name: said for name, said in self.errors.items() if name in names})

    def renew_key(self) -> None:
        """The next press is a new order."""
        self.fill(key=new_key())

    def show_total(self, total_dong: int) -> None:
        """What the next press agrees to, whole đồng."""
        self.fill(seen_dong=str(total_dong))


def new_key() -> str:
    """An idempotency key that nobody can guess: made when a form is shown, kept for every retry."""
    return secrets.token_urlsafe(18)


def _places_to_fetch(sellers: Sequence[Organization]) -> list[Card]:
    """Each open point of the one seller; of several sellers, each one's first point together."""
    points = list(PickupPoint.objects.filter(organization__in=sellers, is_open=True).order_by("position", "id"))
    cards = []
    if len(sellers) == 1:
        cards = [Card(f"PICKUP:{point.pk}", point.name, _joined(point.place, point.hours)) for point in points]
    if not cards:
        first_of = {point.organization_id: point for point in reversed(points)}
        places = [
            _joined(point.name, point.place)
            if (point := first_of.get(seller.pk))
            else _joined(seller.name, seller.address)
            for seller in sellers
        ]
        cards = [Card("PICKUP", str(Order.Delivery.PICKUP.label), "; ".join(places))]
    return cards


def _ways_to_pay(sellers: Sequence[Organization]) -> list[Card]:
    first = [_asked_of_first_orders(seller) for seller in sellers]
    return [
        Card(
            "TRANSFER", str(Order.PayBy.TRANSFER.label), _("Tiền vào thẳng tài khoản hợp tác xã, không mất phí ở đây.")
        ),
        Card("CASH", str(Order.PayBy.CASH.label), " ".join([_("Không ưng thì không phải lấy."), *filter(None, first)])),
    ]


def _asked_of_first_orders(seller: Organization) -> str:
    """What whoever has never bought there is asked for before her goods are packed."""
    said = {"name": seller.name, "above": figures(seller.first_order_above_dong), "share": seller.deposit_bp // 100}
    if seller.first_order_rule == Organization.FirstOrder.DEPOSIT:
        return _("Lần đầu mua của %(name)s trên %(above)s: chuyển khoản đặt cọc %(share)s %% trước khi gói.") % said
    if seller.first_order_rule == Organization.FirstOrder.CALL:
        return _("Lần đầu mua của %(name)s trên %(above)s: có người gọi xác nhận trước khi gói.") % said
    return ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
