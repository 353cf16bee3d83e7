"""Forms for goods: a new product on one page, and a lot brought in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from base.text import given_name_key
from catalog.models import Category
from cooperatives.models import Member, Organization
from storefront.forms.desk import DayField, DeskForm, DigitsField, DongField

PHOTO = {"accept": "image/*", "data-shrink": True}  # no "capture": the phone then offers camera and gallery


class OwnerField(forms.ModelChoiceField):
    """Who brought it: a member, sorted as names are in Vietnamese, or the cooperative itself."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            queryset=Member.objects.none(), label=_("Hàng của ai"), required=False,
            empty_label=_("Hàng của hợp tác xã"),
            error_messages={"invalid_choice": _("Hãy chọn một thành viên của hợp tác xã.")}, **more,
        )  # fmt: skip

    def of(self, organization: Organization) -> None:
        members = organization.members.filter(left_on=None).select_related("user")
        self.queryset = members
        ordered = sorted(members, key=lambda member: given_name_key(member.user.name))
        self.choices = [("", self.empty_label), *((member.pk, member.user.name) for member in ordered)]


class LotForm(DeskForm):
    """How much, whose, and its days."""

    quantity = forms.CharField(
        label=_("Mang đến bao nhiêu"),
        help_text=_("Ví dụ: 20 gói, 1,5 kg, 500 g."),
        error_messages={"required": _("Hãy ghi số lượng.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    member = OwnerField()
    made_on = DayField(label=_("Ngày làm ra"), required=False)
    best_before = DayField(label=_("Hạn dùng"), required=False)

    def __init__(self, *args: Any, organization: Organization, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["member"].of(organization)  # type: ignore[attr-defined]

    @property
    def member_id(self) -> int | None:
        """Once valid."""
        member = self.cleaned_data["member"]
        return member.pk if member else None


class ProductForm(LotForm):
    """Photo, name, price per unit, how much there is."""

    photo = forms.FileField(
        label=_("Ảnh"),
        help_text=_("Chụp ở chỗ sáng, thấy rõ hàng. Chưa có thì thêm sau."),
        required=False,
        error_messages={"empty": _("Tệp ảnh rỗng. Hãy chọn lại.")},
        widget=forms.FileInput(PHOTO),
    )
    name = forms.CharField(label=_("Tên hàng"), error_messages={"required": _("Hãy ghi tên hàng.")})
    category = forms.ModelChoiceField(
        label=_("Nhóm hàng"), queryset=Category.objects.order_by("position", "name"), to_field_name="slug",
        empty_label=None,
        error_messages={"required": _("Hãy chọn nhóm hàng."), "invalid_choice": _("Hãy chọn nhóm trong danh sách.")},
    )  # fmt: skip
    unit = forms.CharField(
        label=_("Bán theo"), help_text=_("gói, hộp, chai, vỉ; hoặc kg nếu bán cân."),
        error_messages={"required": _("Hãy ghi đơn vị, ví dụ: gói, kg.")},
        widget=forms.TextInput({"autocomplete": "off", "list": "units"}),
    )  # fmt: skip
    weight_g = DigitsField(
        label=_("Một gói nặng bao nhiêu gam"), required=False, min_value=1,
        error_messages={"invalid": _("Ghi số gam, ví dụ: 200."), "min_value": _("Ghi số gam, ví dụ: 200.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    price_dong = DongField(label=_("Giá một đơn vị"), help_text=_("Số đồng, ví dụ: 92.500."))
    quantity = forms.CharField(
        label=_("Đang có bao nhiêu"), required=False, help_text=_("Chưa có hàng thì để trống."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    description = forms.CharField(
        label=_("Vài lời về hàng"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Làm thế nào, ăn thế nào, để được bao lâu."),
    )  # fmt: skip
    field_order = [
        "photo",
        "name",
        "category",
        "unit",
        "weight_g",
        "price_dong",
        "quantity",
        "member",
        "made_on",
        "best_before",
        "description",
    ]

    def take_refusal(self, refused: Refused, **renamed: str) -> None:
        """The catalog names a variant's fields by their place: ``variants.0.price_dong`` → ``price_dong``."""
        field = refused.field or ""
        if field.startswith("variants.0."):
            own = field.removeprefix("variants.0.")
            renamed[field] = {"name": "unit"}.get(own, own)
        super().take_refusal(refused, **renamed)


class PhotoForm(DeskForm):
    """One more picture of a product."""

    photo = forms.FileField(
        label=_("Ảnh"),
        error_messages={"required": _("Hãy chọn ảnh."), "empty": _("Tệp ảnh rỗng. Hãy chọn lại.")},
        widget=forms.FileInput(PHOTO),
    )
