"""Forms about members: enrolled at the desk, and what they took home before."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Baseline, RoleGrant
from storefront.forms.desk import REQUIRED, DayField, DeskForm, DongField
from storefront.forms.secret import SecretField


class MemberForm(DeskForm):
    """A new member; a phone and a password only for who will sign in herself."""

    name = forms.CharField(label=_("Họ và tên"), error_messages={"required": _("Hãy ghi họ tên.")})
    hamlet = forms.CharField(label=_("Thôn, xóm"), required=False, max_length=60)
    joined_on = DayField(label=_("Ngày tham gia"))
    phone = forms.CharField(
        label=_("Số điện thoại của riêng người này"), required=False,
        help_text=_("Không có điện thoại thì để trống: hợp tác xã ghi thay."), widget=forms.TextInput({"type": "tel"}),
    )  # fmt: skip
    password = SecretField(
        label=_("Mật khẩu đầu tiên"), required=False, strip=False,
        help_text=_("Ít nhất 8 ký tự, đọc cho người này ghi lại. Chỉ cần khi có số điện thoại."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Việc ở hợp tác xã"), required=False,
        choices=[("", _("Không làm việc ở đây")), *RoleGrant.Role.choices],
        help_text=_("Thủ quỹ xem và khớp tiền; nhân viên đăng hàng, gói và giao; quản lý xem tất cả."),
        error_messages={"invalid_choice": _("Hãy chọn một việc trong danh sách.")},
    )  # fmt: skip
    shows_name = forms.BooleanField(label=_("Đồng ý cho người mua thấy tên"), required=False)


class BaselineForm(DeskForm):
    """What she took home a month from the same goods, before joining."""

    monthly_dong = DongField(
        least=0, label=_("Trước khi tham gia, mỗi tháng bán các hàng này về tay bao nhiêu"),
        help_text=_("Trung bình một tháng. Không bán gì thì ghi 0."),
    )  # fmt: skip
    method = forms.ChoiceField(
        label=_("Biết bằng cách nào"), choices=Baseline.Method.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một cách."), "invalid_choice": _("Hãy chọn một cách.")},
    )  # fmt: skip
    covers = forms.CharField(
        label=_("Của những tháng nào"), max_length=80, help_text=_("Ví dụ: 3 tháng 7–9/2026 và cùng tháng năm trước."),
        error_messages={"required": REQUIRED},
    )  # fmt: skip
    witness = forms.CharField(label=_("Người làm chứng"), required=False, max_length=80)
    reason = forms.CharField(
        label=_("Vì sao sửa mức đã ghi"),
        required=False,
        max_length=200,
        help_text=_("Cần khi đã quá 30 ngày từ lúc tham gia."),
    )
