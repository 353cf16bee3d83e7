"""What is asked for carrying, and what the cooperative decides about parcels and first orders: shapes and texts."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.money import grouped
from base.places import divisions
from cooperatives.models import Organization
from orders.delivery_terms import MOST_SILENT_DAYS
from orders.models import Order, ShippingRate
from orders.postage import ANY_WEIGHT_G
from orders.reading_addresses import LONGEST_TYPED
from storefront.forms.desk import REQUIRED, DeskForm, DigitsField, DongField

_KG = re.compile(r"(\d{1,4})(?:[.,](\d{1,3}))?")
_SHORT = {"inputmode": "numeric", "autocomplete": "off", "class": "short"}
WAYS = [(way, label) for way, label in Order.Delivery.choices if way != Order.Delivery.PICKUP]


class KgField(forms.CharField):
    """Kilograms as people write them (``3``, ``0,5``); gives grams, None for nothing."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip().removesuffix("kg").strip()
        if not text:
            return None
        read = _KG.fullmatch(text)
        if read is None:
            raise ValidationError(_("Chưa đọc được. Ghi số ki-lô-gam, ví dụ: 3 hoặc 0,5."), code="bad_weight")
        return int(read[1]) * 1000 + int((read[2] or "0").ljust(3, "0"))


class RateForm(DeskForm):
    """One line of the price list."""

    way = forms.ChoiceField(label=_("Cách gửi"), choices=WAYS, error_messages={"required": REQUIRED})
    zone = forms.ChoiceField(
        label=_("Đến đâu"), choices=ShippingRate.Zone.choices, error_messages={"required": REQUIRED},
        help_text=_("“Trong xã”, “trong tỉnh” tính từ nơi hàng gửi đi."),
    )  # fmt: skip
    province_codes = forms.MultipleChoiceField(
        label=_("Các tỉnh"),
        required=False,
        choices=lambda: [(one.code, one.full_name) for one in divisions.provinces()],
        widget=forms.CheckboxSelectMultiple,
    )
    up_to_g = KgField(
        label=_("Cả gói nặng đến mấy kg"), required=False,
        help_text=_("Hàng cộng bao bì. Để trống: nặng bao nhiêu cũng một giá, kể cả hàng chưa ghi cân nặng."),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip
    price_dong = DongField(least=0, label=_("Người mua trả"), help_text=_("0: không lấy tiền."))
    free_above_dong = DongField(
        least=0, label=_("Miễn tiền gửi khi tiền hàng từ"), required=False,
        help_text=_("Ví dụ 500.000. Để trống: không miễn."),
    )  # fmt: skip

    @classmethod
    def typed_as(cls, rate: ShippingRate) -> dict[str, Any]:
        """The form's fields for one that there is."""
        kilos, grams = divmod(rate.up_to_g, 1000)
        weight = "" if rate.up_to_g >= ANY_WEIGHT_G else f"{kilos},{grams:03d}".rstrip("0").rstrip(",")
        listed = [one for one in rate.province_codes.split(",") if one]
        return {
            "way": rate.way, "zone": rate.zone, "province_codes": listed, "up_to_g": weight,
            "price_dong": grouped(rate.price_dong),
            "free_above_dong": grouped(rate.free_above_dong) if rate.free_above_dong else "",
        }  # fmt: skip


class OriginForm(DeskForm):
    """Where goods leave from."""

    commune_typed = forms.CharField(
        label=_("Hàng gửi đi từ xã nào"), max_length=LONGEST_TYPED,
        help_text=_("Ví dụ: Yên Mô, Ninh Bình. Tên cũ cũng được."), error_messages={"required": REQUIRED},
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


class DeliveryTermsForm(DeskForm):
    """Silence, and who bears what."""

    silent_days = DigitsField(
        label=_("Mấy ngày không ai báo gì thì coi như đã nhận"), min_value=1, max_value=MOST_SILENT_DAYS,
        help_text=_("Chỉ với kiện đã trả tiền trước. Ví dụ 3: kiện gửi thứ Hai, đến thứ Năm thì tiền hàng về bà con."),
        widget=forms.TextInput(_SHORT),
    )  # fmt: skip
    refused_borne_by = forms.ChoiceField(
        label=_("Khách không nhận, hàng quay về: ai chịu tiền gửi"), choices=Organization.BornBy.choices,
        help_text=_("Ví dụ đi 30.000, về 15.000: 45.000 chia theo cách chọn ở đây."),
        widget=forms.RadioSelect,
    )  # fmt: skip
    lost_borne_by = forms.ChoiceField(
        label=_("Kiện mất hoặc hỏng trên đường: ai chịu tiền hàng"), choices=Organization.BornBy.choices,
        help_text=_("“Hợp tác xã chịu”: bà con vẫn được trả đủ."),
        widget=forms.RadioSelect,
    )  # fmt: skip
    heavier_asked_above = DigitsField(
        label=_("Cân lại nặng hơn quá mấy phần trăm thì hỏi thêm tiền"), min_value=0, max_value=100,
        help_text=_("Ví dụ 2: đặt 1 kg, gói 1,02 kg thì không hỏi thêm; 1,05 kg thì hỏi. Nhẹ hơn luôn trả lại."),
        widget=forms.TextInput(_SHORT),
    )  # fmt: skip


class FirstOrdersForm(DeskForm):
    """What is asked of somebody who never bought here."""

    first_order_rule = forms.ChoiceField(
        label=_("Người chưa mua bao giờ, chọn trả tiền khi nhận hàng"), choices=Organization.FirstOrder.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    above_dong = DongField(
        least=0, label=_("Chỉ với đơn trên"), help_text=_("Ví dụ 500.000. Ghi 0: mọi đơn đầu.")
    )  # fmt: skip
    deposit_percent = DigitsField(
        label=_("Đặt cọc mấy phần trăm"), min_value=1, max_value=100,
        help_text=_("Ví dụ 30: đơn 800.000 thì chuyển trước 240.000, còn 560.000 trả khi nhận."),
        widget=forms.TextInput(_SHORT),
    )  # fmt: skip
