"""Forms about a biller's accounts: who they are, their household, what holds for them over some time, a reading."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.models import BillingAccount
from storefront.forms.desk import REQUIRED, DayField, DeskForm

CHOOSE = _("Hãy chọn một mục trong danh sách.")
_TEL = {"type": "tel", "autocomplete": "off"}


class AccountChangeForm(DeskForm):
    """What is known of an account."""

    number = forms.CharField(label=_("Mã học sinh, số đồng hồ"), max_length=40, error_messages={"required": REQUIRED})
    name = forms.CharField(label=_("Họ và tên"), max_length=80, error_messages={"required": _("Hãy ghi họ tên.")})
    section = forms.CharField(label=_("Lớp, thôn, xóm"), max_length=40, required=False)
    since = DayField(label=_("Tính từ ngày"))
    note = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)


class AccountForm(AccountChangeForm):
    """A new account, with who pays for it."""

    kind = forms.ChoiceField(
        label=_("Là"),
        choices=BillingAccount.Kind.choices,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    number = forms.CharField(
        label=_("Mã học sinh, số đồng hồ"), max_length=40, required=False,
        help_text=_("Để trống thì máy tự đặt một mã mới."),
    )  # fmt: skip
    guardian = forms.CharField(label=_("Phụ huynh, chủ hộ"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Số điện thoại phụ huynh, chủ hộ"), required=False, widget=forms.TextInput(_TEL),
        help_text=_("Bốn số cuối dùng để mở trang của hộ bằng thẻ."),
    )  # fmt: skip
    place = forms.CharField(label=_("Nơi ở"), max_length=80, required=False)
    field_order = ["kind", "name", "section", "number", "since", "guardian", "phone", "place", "note"]


class EndForm(DeskForm):
    on = DayField(label=_("Ngày cuối cùng còn thu"))


class HouseholdForm(DeskForm):
    name = forms.CharField(label=_("Phụ huynh, chủ hộ"), max_length=80, error_messages={"required": REQUIRED})
    phone = forms.CharField(label=_("Số điện thoại"), required=False, widget=forms.TextInput(_TEL))
    place = forms.CharField(label=_("Nơi ở"), max_length=80, required=False)


class JoinForm(DeskForm):
    """Into the household of somebody else on the list."""

    number = forms.CharField(
        label=_("Chung hộ với mã"), max_length=40, error_messages={"required": REQUIRED},
        help_text=_("Ghi mã của anh chị em, hoặc của đồng hồ khác trong nhà."),
    )  # fmt: skip


class _TermForm(DeskForm):
    choice: str

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields[self.choice].choices = list(choices)  # type: ignore[attr-defined]


class ExemptForm(_TermForm):
    choice = "group_id"
    group_id = forms.TypedChoiceField(
        label=_("Thuộc diện"), coerce=int, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE}
    )
    since = DayField(label=_("Từ ngày"))
    until = DayField(label=_("Đến hết ngày"), required=False)
    evidence = forms.CharField(label=_("Giấy tờ"), max_length=200, required=False)


class AgreeForm(_TermForm):
    choice = "fee_item_id"
    fee_item_id = forms.TypedChoiceField(
        label=_("Mục tự nguyện"), coerce=int, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE}
    )
    since = DayField(label=_("Từ ngày"))
    how = forms.CharField(
        label=_("Đồng ý bằng cách nào"),
        max_length=200,
        required=False,
        help_text=_("Đơn ký tay, biên bản họp, tin nhắn…"),
    )
