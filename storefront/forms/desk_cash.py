"""Forms of cash paid out, and of the box of who sells."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments import cash_out
from payments.models import CashVoucher
from storefront.forms.desk import DeskForm, DongField, ReasonForm


class PayOutForm(DeskForm):
    """So much of what is owed, counted out to whoever stands there."""

    amount_dong = DongField(label=_("Chi bao nhiêu"), help_text=_("Đếm xong mới ghi."))
    to_name = forms.CharField(
        label=_("Ai nhận tiền"), max_length=cash_out.LONGEST_NAME,
        error_messages={"required": _("Hãy ghi tên người nhận tiền.")},
    )  # fmt: skip
    reason = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)


class CostForm(ReasonForm):
    """Carriage, or what the cooperative spends. ``kinds``: those that she may pay."""

    kind = forms.ChoiceField(
        label=_("Chi cho việc gì"), widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một mục."), "invalid_choice": _("Hãy chọn một mục trong danh sách.")},
    )  # fmt: skip
    amount_dong = DongField(label=_("Chi bao nhiêu"), help_text=_("Đếm xong mới ghi."))
    to_name = forms.CharField(
        label=_("Ai nhận tiền"), max_length=cash_out.LONGEST_NAME,
        error_messages={"required": _("Hãy ghi tên người nhận tiền.")},
    )  # fmt: skip
    field_order = ["kind", "amount_dong", "to_name", "reason"]

    def __init__(self, *args: Any, kinds: list[CashVoucher.Kind], **more: Any) -> None:
        more["initial"] = {"kind": kinds[0], **more.get("initial", {})}
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["reason"].label = _("Chi để làm gì")


class VoidVoucherForm(ReasonForm):
    """Why a slip is taken back."""

    reason = forms.CharField(
        label=_("Vì sao hủy phiếu này?"), max_length=200,
        error_messages={"required": _("Hãy ghi lý do, để sau này ai cũng hiểu.")},
    )  # fmt: skip
