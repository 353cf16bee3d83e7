"""Forms for parcels: sending one by each way, and what became of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.money import figures
from cooperatives.phones import shown
from orders import former_places
from orders.models import Order, Shipment
from orders.parcels import HEAVIEST_G
from storefront.forms.desk import REQUIRED, DeskForm, DigitsField, DongField, ReasonForm
from storefront.forms.desk_goods import PHOTO
from storefront.forms.secret import SecretField

Way = Order.Delivery
PLAIN = {"autocomplete": "off", "spellcheck": "false"}
OTHER_PLACE = "other"


def _weight(**more: Any) -> DigitsField:
    wrong = _("Ghi số gam, ví dụ: 1200.")
    return DigitsField(
        label=_("Cả gói nặng bao nhiêu gam"), min_value=1, max_value=HEAVIEST_G,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong, "required": wrong},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}), **more,
    )  # fmt: skip


def _phone(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=24, error_messages={"required": REQUIRED},
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}), **more,
    )  # fmt: skip


class ParcelForm(DeskForm):
    """Who takes it along, by its way; also to correct what was written."""

    def __init__(self, *args: Any, way: str, shipment: Shipment | None = None, **more: Any) -> None:
        if shipment is not None:
            kept = ("bearer_name", "bearer_phone", "plate", "tracking", "weight_g", "fee_dong")
            more["initial"] = {name: getattr(shipment, name) or "" for name in kept}
            more["initial"]["bearer_phone"] = shown(shipment.bearer_phone)
            more["initial"]["fee_dong"] = figures(shipment.fee_dong) if shipment.fee_dong else ""
        super().__init__(*args, **more)
        self.way = way
        if way == Way.HOME:
            self._name(_("Ai mang đi"), required=True)
            self.fields["bearer_phone"] = _phone(_("Điện thoại người mang"))
        elif way == Way.COACH:
            self.fields["plate"] = forms.CharField(
                label=_("Biển số xe"), max_length=20, help_text=_("Ví dụ: 35B-123.45."),
                error_messages={"required": _("Hãy ghi biển số để người mua đón đúng xe.")},
                widget=forms.TextInput(PLAIN),
            )  # fmt: skip
            self.fields["bearer_phone"] = _phone(_("Điện thoại lái xe, phụ xe"))
            self._name(_("Nhà xe"), required=False)
        elif way == Way.POST:
            self.fields["tracking"] = forms.CharField(
                label=_("Mã vận đơn trên biên lai"), max_length=40, widget=forms.TextInput(PLAIN),
                error_messages={"required": _("Hãy chép mã trên biên lai của bưu điện.")},
            )  # fmt: skip
            self.fields["weight_g"] = _weight(required=False)
        if way != Way.CARRIER:
            self.fields["fee_dong"] = DongField(
                label=_("Cước phải trả"), required=False, least=0, help_text=_("Chưa biết thì để trống.")
            )
        if way in {Way.COACH, Way.POST}:
            self.fields["photo"] = forms.FileField(
                label=_("Ảnh gói hàng"), required=False, widget=forms.FileInput(PHOTO),
                help_text=_("Chụp lúc gửi, thấy cả xe hoặc biên lai. Chỉ người của hợp tác xã xem được."),
                error_messages={"empty": _("Tệp ảnh rỗng. Hãy chọn lại.")},
            )  # fmt: skip

    @property
    def details(self) -> dict[str, Any]:
        """What ``parcels.draft`` and ``parcels.correct`` take but the photo; once valid."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in {"key", "photo"}}
        numbers = {"weight_g", "fee_dong"}
        return {name: value or (0 if name in numbers else "") for name, value in typed.items()}

    def _name(self, label: Any, *, required: bool) -> None:
        self.fields["bearer_name"] = forms.CharField(
            label=label, max_length=80, required=required, error_messages={"required": REQUIRED},
            widget=forms.TextInput({"autocomplete": "off"}),
        )  # fmt: skip


class CarrierForm(DeskForm):
    """Weight, and the old commune that carriers still ask for, where nobody has said which."""

    weight_g = _weight()

    def __init__(self, *args: Any, order: Order, estimated_g: int | None, **more: Any) -> None:
        super().__init__(*args, initial={"weight_g": estimated_g or ""}, **more)
        self.known = _known(order)
        if self.known:
            return
        places = [str(place) for place in former_places.candidates(order.commune_code)]
        if places:
            self.fields["place"] = forms.ChoiceField(
                label=_("Xã cũ nơi nhận"), choices=[*((one, one) for one in places), (OTHER_PLACE, _("ghi tay"))],
                help_text=_("Hãng còn chia theo xã, huyện trước tháng 7/2025. Hỏi người mua nếu chưa rõ."),
                error_messages={"required": REQUIRED, "invalid_choice": REQUIRED}, widget=forms.RadioSelect,
            )  # fmt: skip
        self.fields["former"] = forms.CharField(
            label=_("Xã, huyện, tỉnh cũ"), max_length=former_places.LONGEST, required=not places,
            help_text=_("Ví dụ: xã Yên Hòa, huyện Yên Mô, Ninh Bình."), error_messages={"required": REQUIRED},
            widget=forms.TextInput(PLAIN),
        )  # fmt: skip

    @property
    def former(self) -> str:
        """Once valid; "" where it is known already."""
        if self.known:
            return ""
        chosen = self.cleaned_data.get("place", OTHER_PLACE)
        return self.cleaned_data["former"] if chosen == OTHER_PLACE else chosen


def _known(order: Order) -> str:
    try:
        return str(former_places.former_place_of(order))
    except former_places.FormerPlaceMissing:
        return ""


class DeliveredForm(DeskForm):
    """What whoever brought it took."""

    collected_dong = DongField(label=_("Đã thu của người mua"), least=0)

    def __init__(self, *args: Any, shipment: Shipment, **more: Any) -> None:
        super().__init__(*args, initial={"collected_dong": figures(shipment.collect_dong)}, **more)
        if not shipment.collect_dong:  # a carrier may have taken what it was told to before the buyer paid otherwise
            if shipment.connection_id is None:
                del self.fields["collected_dong"]
            else:
                self.fields["collected_dong"].required = False


class WhyForm(ReasonForm):
    """Why nobody took it; why it comes back."""

    reason = forms.CharField(
        label=_("Vì sao"), max_length=200, error_messages={"required": REQUIRED},
        widget=forms.TextInput({"list": "why-not"}),
    )  # fmt: skip


class AskedForm(DeskForm):
    """What whoever carries it said: it is still on its way."""

    said = forms.CharField(
        label=_("Đã hỏi ai, họ nói gì"), max_length=200, error_messages={"required": REQUIRED},
        help_text=_("Ví dụ: chú Tư nói kiện còn ở bến, mai đi."),
    )  # fmt: skip


class ConnectionForm(DeskForm):
    """An account at a carrier, and where parcels are fetched."""

    token = SecretField(
        label=_("API token"), max_length=200,
        help_text=_("Ở trang khách hàng của Giao Hàng Tiết Kiệm, mục Thông tin shop. Giữ kín như mật khẩu."),
        error_messages={"required": _("Hãy dán API token.")},
    )  # fmt: skip
    client_source = forms.CharField(
        label=_("Mã đối tác (partner code)"), max_length=40, required=False, widget=forms.TextInput(PLAIN)
    )
    name = forms.CharField(label=_("Tên người gửi"), max_length=80, error_messages={"required": REQUIRED})
    phone = _phone(_("Điện thoại nơi lấy hàng"))
    address = forms.CharField(
        label=_("Địa chỉ lấy hàng"), max_length=160, help_text=_("Thôn, xóm, gần đâu."),
        error_messages={"required": REQUIRED},
    )  # fmt: skip
    ward = forms.CharField(label=_("Xã cũ"), max_length=80, help_text=_("Tên trước tháng 7/2025."), required=False)
    district = forms.CharField(label=_("Huyện cũ"), max_length=80, error_messages={"required": REQUIRED})
    province = forms.CharField(label=_("Tỉnh cũ"), max_length=80, error_messages={"required": REQUIRED})

    def __init__(self, *args: Any, keeps_key: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if keeps_key:
            self.fields["token"].required = False
            self.fields["token"].help_text = _("Để trống thì giữ khóa đang dùng.")
