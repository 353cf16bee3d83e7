"""Who receives, how, and how it is paid. Shapes and texts only: what may be ordered is decided by the verbs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.refusals import Refused
from cooperatives.models import Organization
from orders.models import Order, PickupPoint

_LONGEST_LINES = 1500  # 50 lines of the largest ids and quantities


@dataclass(frozen=True, slots=True)
class Card:
    """One choice of a few, with what it means under its name."""

    value: str
    title: str
    detail: str = ""


class CheckoutForm(forms.Form):
    """``receive`` is ``HOME``, ``PICKUP`` or ``PICKUP:<point id>``; ``lines`` and ``seen_dong`` are what was shown."""

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
    address = forms.CharField(
        label=gettext_lazy("Thôn, xóm và xã"),
        help_text=gettext_lazy("Cần khi nhờ mang đến. Ví dụ: Xóm 3, thôn Nộn Khê, xã Yên Mô."),
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Lời nhắn"), required=False, widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )
    receive = forms.ChoiceField(
        label=gettext_lazy("Nhận hàng ở đâu"),
        error_messages={
            "required": gettext_lazy("Hãy chọn cách nhận hàng."),
            "invalid_choice": gettext_lazy("Điểm nhận hàng này không còn dùng. Hãy chọn điểm khác."),
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
    lines = forms.CharField(max_length=_LONGEST_LINES, required=False, widget=forms.HiddenInput)
    seen_dong = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sellers: Sequence[Organization], **more: Any) -> None:
        super().__init__(*args, **more)
        self.receive_cards = _ways_to_receive(sellers)
        self.pay_cards = _ways_to_pay()
        self._field("receive").choices = [(card.value, card.title) for card in self.receive_cards]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    @property
    def delivery(self) -> str:
        """HOME or PICKUP, once valid."""
        return str(self.cleaned_data["receive"].partition(":")[0])

    @property
    def pickup_point_id(self) -> int | None:
        """The chosen point, once valid; None where the cooperative's first one is meant, or nothing is picked up."""
        point = self.cleaned_data["receive"].partition(":")[2]
        return int(point) if point else None

    def take_refusal(self, refused: Refused) -> None:
        """Show ``refused`` beside the field it is about, else above the form."""
        field = {"pickup_point_id": "receive", "delivery": "receive"}.get(refused.field or "", refused.field)
        shown = field if field in self.fields and not self._field(field).widget.is_hidden else None
        self.add_error(shown, refused.message)

    def renew_key(self) -> None:
        """The next press is a new order."""
        self._show_again(key=new_key())

    def show_total(self, total_dong: int) -> None:
        """What the next press agrees to, whole đồng."""
        self._show_again(seen_dong=str(total_dong))

    def _show_again(self, **changed: str) -> None:
        """What was typed, with another value in a hidden field."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, **changed}


def new_key() -> str:
    """An idempotency key that nobody can guess: made when a form is shown, kept for every retry."""
    return secrets.token_urlsafe(18)


def _ways_to_receive(sellers: Sequence[Organization]) -> list[Card]:
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
    return [*cards, Card("HOME", str(Order.Delivery.HOME.label), _("Người giao gọi trước khi đến."))]


def _ways_to_pay() -> list[Card]:
    return [
        Card(
            "TRANSFER", str(Order.PayBy.TRANSFER.label), _("Tiền vào thẳng tài khoản hợp tác xã, không mất phí ở đây.")
        ),
        Card("CASH", str(Order.PayBy.CASH.label), _("Không ưng thì không phải lấy.")),
    ]


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
