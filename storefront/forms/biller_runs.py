"""Forms for a round of billing: what it bills for whom, and why it is taken back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.periods import month_of
from cooperatives.models import BankAccount
from payments.bills.runs import ItemWanted
from payments.models import BillRun, FeeItem
from storefront.forms.desk import REQUIRED, DayField, DeskForm, DigitsField

MONTHS_BACK, MONTHS_AHEAD = 6, 3
DUE_IN = timedelta(days=15)


class RunForm(DeskForm):
    """Month, due day, items with how many of each (``item_3``, ``count_3``), classes, arrears."""

    name = forms.CharField(
        label=_("Tên đợt thu"), max_length=80, help_text=_("Phụ huynh, hộ dân sẽ đọc tên này."),
        error_messages={"required": _("Hãy đặt tên cho đợt thu.")}, widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    month = forms.ChoiceField(
        label=_("Thu cho tháng"), help_text=_("Giá, chỉ số và miễn giảm lấy theo tháng này."),
        error_messages={"required": REQUIRED, "invalid_choice": _("Hãy chọn một tháng trong danh sách.")},
    )  # fmt: skip
    due_on = DayField(label=_("Hạn trả"))
    sections = forms.MultipleChoiceField(
        label=_("Lớp, thôn"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Không đánh dấu lớp nào thì thu tất cả."),
        error_messages={"invalid_choice": _("Hãy chọn trong danh sách.")},
    )  # fmt: skip
    carries_arrears = forms.BooleanField(
        label=_("Phiếu có thêm một mã QR trả cả nợ cũ"), required=False,
        help_text=_("Khoản cũ vẫn giữ nguyên, chỉ trả chung một lần cho tiện."),
    )  # fmt: skip
    bank_account = forms.TypedChoiceField(
        label=_("Tiền về tài khoản"), coerce=int, empty_value=None, required=False,
        error_messages={"invalid_choice": _("Hãy chọn một tài khoản.")},
    )  # fmt: skip
    note = forms.CharField(label=_("Ghi chú in trên phiếu"), required=False, max_length=200)

    def __init__(
        self, *args: Any, items: Sequence[FeeItem], sections: Sequence[str], accounts: Sequence[BankAccount],
        today: date, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.items = items
        asked_month = more.get("initial", {}).get("month", "")
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (one, f"{one[5:]}/{one[:4]}") for one in sorted({*_months(today), asked_month} - {""})
        ]
        self.fields["sections"].choices = [(one, one) for one in sections]  # type: ignore[attr-defined]
        if not sections:
            del self.fields["sections"]
        self.fields["bank_account"].choices = [(one.pk, str(one)) for one in accounts]  # type: ignore[attr-defined]
        if len(accounts) < 2:
            del self.fields["bank_account"]
        for item in items:
            self.fields[f"item_{item.pk}"] = forms.BooleanField(label=item.name, required=False)
            if item.measure == FeeItem.Measure.COUNTED:
                self.fields[f"count_{item.pk}"] = DigitsField(
                    label=_("%(item)s: mỗi người mấy %(unit)s") % {"item": item.name, "unit": item.unit_name},
                    required=False, min_value=0, max_value=10_000,
                    widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
                    error_messages={
                        "invalid": _("Ghi số lượng bằng số."), "min_value": _("Ghi số từ 0 đến 10.000."),
                        "max_value": _("Ghi số từ 0 đến 10.000."),
                    },
                )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Each item's box, and its count where it has one."""
        return [
            (self[f"item_{item.pk}"], self[f"count_{item.pk}"] if f"count_{item.pk}" in self.fields else None)
            for item in self.items
        ]

    @property
    def others(self) -> list[Any]:
        """The fields that are no item's."""
        names = ("name", "month", "due_on", "sections", "carries_arrears", "bank_account", "note")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"item_{item.pk}") for item in self.items):
            self.add_error(None, _("Hãy chọn ít nhất một mục thu."))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """As the verbs take it; once valid."""
        typed = self.cleaned_data
        wanted = [
            ItemWanted(item.pk, _quantity(typed.get(f"count_{item.pk}"))) for item in self.items
            if typed[f"item_{item.pk}"]
        ]  # fmt: skip
        return {
            "name": typed["name"], "month": typed["month"], "due_on": typed["due_on"], "items": wanted,
            "sections": typed.get("sections", []), "carries_arrears": typed["carries_arrears"],
            "bank_account_id": typed.get("bank_account"), "note": typed["note"],
        }  # fmt: skip


def proposed(*, items: Sequence[FeeItem], before: BillRun | None, today: date, name: str) -> dict[str, Any]:
    """What a new run starts with: this month, and the items and classes of the run before it."""
    found: dict[str, Any] = {
        "name": name, "month": month_of(today), "due_on": today + DUE_IN,
        "carries_arrears": before.carries_arrears if before else True,
    }  # fmt: skip
    if before is None:
        return found | {f"item_{item.pk}": item.compulsory for item in items}
    return found | of_run(before, but=("name", "month", "due_on", "note"))


def of_run(run: BillRun, *, but: Sequence[str] = ()) -> dict[str, Any]:
    """A run as the form shows it."""
    found: dict[str, Any] = {
        "name": run.name, "month": run.month, "due_on": run.due_on, "sections": run.sections, "note": run.note,
        "carries_arrears": run.carries_arrears, "bank_account": run.bank_account_id,
    }  # fmt: skip
    for item in run.items.all():
        found[f"item_{item.fee_item_id}"] = True
        found[f"count_{item.fee_item_id}"] = item.quantity
    return {name: value for name, value in found.items() if name not in but}


def _quantity(typed: int | None) -> int:
    return 1 if typed is None else typed


def _months(today: date) -> list[str]:
    here = today.year * 12 + today.month - 1
    return [
        f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(here - MONTHS_BACK, here + MONTHS_AHEAD + 1)
    ]
