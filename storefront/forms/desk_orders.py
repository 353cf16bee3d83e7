"""Forms on an order's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from storefront.forms.desk import DeskForm, DongField, ReasonForm


class CashForm(DeskForm):
    """What was counted, in đồng."""

    amount_dong = DongField(label=_("Số tiền mặt đã đếm"), help_text=_("Đếm xong mới ghi. Thiếu thì ghi số thực nhận."))


class CancelForm(ReasonForm):
    """The buyer reads this reason."""

    reason = forms.CharField(
        label=_("Vì sao hủy? Người mua sẽ đọc lý do này."),
        max_length=200,
        error_messages={"required": _("Hãy ghi lý do hủy đơn.")},
    )
