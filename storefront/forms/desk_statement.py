"""The form for a bank's statement file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperatives.models import BankAccount, Organization
from storefront.forms.desk import DeskForm


class StatementForm(DeskForm):
    """A CSV or XLSX file for one of the organization's accounts."""

    bank_account = forms.ModelChoiceField(
        label=_("Tài khoản"), queryset=BankAccount.objects.none(), empty_label=None,
        error_messages={
            "required": _("Hãy chọn tài khoản."),
            "invalid_choice": _("Hãy chọn tài khoản của hợp tác xã."),
        },
    )  # fmt: skip
    file = forms.FileField(
        label=_("Tệp sao kê (CSV hoặc XLSX)"),
        help_text=_("Tải trọn ngày từ ngân hàng điện tử, để nguyên như ngân hàng cho, đừng sửa."),
        error_messages={"required": _("Hãy chọn tệp sao kê."), "empty": _("Tệp này rỗng. Hãy tải lại từ ngân hàng.")},
        widget=forms.ClearableFileInput(
            {"accept": ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )

    def __init__(self, *args: Any, organization: Organization, **more: Any) -> None:
        super().__init__(*args, **more)
        accounts = organization.bank_accounts.filter(is_active=True).order_by("-is_default", "pk")
        self.fields["bank_account"].queryset = accounts  # type: ignore[attr-defined]
