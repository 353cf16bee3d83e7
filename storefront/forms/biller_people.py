"""Forms about who works for a biller: somebody new, or a role more for somebody known."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from storefront.forms.desk import DeskForm
from storefront.forms.secret import SecretField

CHOOSE_ROLE = _("Hãy chọn một việc trong danh sách.")
WHO_DOES_WHAT = _(
    "Người thu: thu tiền mặt, ghi chỉ số. Kế toán, thủ quỹ: lập đợt thu, xem và khớp tiền, nhận bàn giao. Quản lý: lập"
    " đợt thu, xem tất cả, giao việc."
)


class PersonForm(DeskForm):
    """Somebody new, who signs in with the phone number and the first password."""

    name = forms.CharField(label=_("Họ và tên"), error_messages={"required": _("Hãy ghi họ tên.")})
    phone = forms.CharField(
        label=_("Số điện thoại"), error_messages={"required": _("Hãy ghi số điện thoại.")},
        help_text=_("Của riêng người này, để đăng nhập."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    password = SecretField(
        label=_("Mật khẩu đầu tiên"), strip=False, error_messages={"required": _("Hãy ghi mật khẩu đầu tiên.")},
        help_text=_("Ít nhất 8 ký tự, đọc cho người này ghi lại."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Làm việc gì"), widget=forms.RadioSelect, help_text=WHO_DOES_WHAT,
        error_messages={"required": CHOOSE_ROLE, "invalid_choice": CHOOSE_ROLE},
    )  # fmt: skip

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]


class GiveForm(DeskForm):
    """A role for somebody who works here, or did."""

    person = forms.TypedChoiceField(
        label=_("Người đã có tên ở đây"), coerce=int,
        error_messages={"required": _("Hãy chọn một người."), "invalid_choice": _("Hãy chọn một người.")},
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Làm việc gì"), error_messages={"required": CHOOSE_ROLE, "invalid_choice": CHOOSE_ROLE}
    )

    def __init__(
        self, *args: Any, persons: Sequence[tuple[int, str]], roles: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["person"].choices = list(persons)  # type: ignore[attr-defined]
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]
