"""What somebody complains about, and what is written back and forth. Shapes only: what is taken down, the verbs say."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Organization
from orders.complaining import LONGEST_DECISION, LONGEST_NUMBER
from orders.models import Complaint
from storefront.forms.desk import DeskForm

_LONGEST = 4000  # the verb says so kindly from 2,000 on
_NOT_IN_LIST = _("Hãy chọn trong danh sách.")


class ComplaintForm(DeskForm):
    """About whom, about what, what happened, who says so."""

    organization = forms.ModelChoiceField(
        label=_("Về nơi nào"), queryset=Organization.objects.none(), to_field_name="slug",
        empty_label=_("Chọn một nơi"),
        error_messages={"required": _("Hãy chọn nơi bán hoặc nơi thu."), "invalid_choice": _NOT_IN_LIST},
    )  # fmt: skip
    about = forms.ChoiceField(
        label=_("Chuyện gì"), widget=forms.RadioSelect,
        choices=[(value, capfirst(label)) for value, label in Complaint.About.choices],
        error_messages={"required": _("Hãy chọn một việc gần nhất."), "invalid_choice": _NOT_IN_LIST},
    )  # fmt: skip
    order_number = forms.CharField(
        label=_("Số đơn"), required=False, max_length=LONGEST_NUMBER,
        help_text=_("Có thì ghi, ví dụ DH-261122-7K2M: ghi đúng số điện thoại lúc đặt thì tìm ra ngay."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Chuyện xảy ra thế nào"), max_length=_LONGEST,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off"}),
        help_text=_("Viết như đang kể. Đừng ghi mật khẩu, mã OTP hay số thẻ."),
        error_messages={"required": _("Hãy viết chuyện gì đã xảy ra.")},
    )  # fmt: skip
    name = forms.CharField(
        label=_("Tên"), error_messages={"required": _("Hãy ghi tên để biết đang trả lời ai.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Số điện thoại"), help_text=_("Để gọi lại về chuyện này, không để làm gì khác."),
        error_messages={"required": _("Hãy ghi số điện thoại để gọi lại được.")},
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, auto_id="complaint-%s", **more)
        where: Any = self.fields["organization"]
        where.queryset = Organization.objects.public().order_by("-sells", "id")


class SayForm(DeskForm):
    """One message more, from either side."""

    text = forms.CharField(
        label=_("Viết thêm"), max_length=_LONGEST, widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Hãy viết vài chữ.")},
    )  # fmt: skip


class AnswerForm(SayForm):
    """What the organization answers."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["text"].label = _("Trả lời")


class DecisionForm(DeskForm):
    """How it ends."""

    decision = forms.CharField(
        label=_("Quyết định"), max_length=LONGEST_DECISION,
        help_text=_("Một câu, người khiếu nại đọc được. Ví dụ: đổi 2 gói mới, giao ngày 25/11."),
        error_messages={"required": _("Hãy ghi quyết định.")},
    )  # fmt: skip
