"""The form of whoever stands before a meter: what it shows now, and what to ask where that looks wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.bills.meters import LooksWrong, OldDiffers
from storefront.forms.desk import DayField, DeskForm, DigitsField

ASKED_AGAIN = {LooksWrong.code, OldDiffers.code}
"""Refusals that whoever has looked again may overrule (payments/bills/meters.py)."""

_AS_NUMBER = _("Ghi chỉ số bằng số, ví dụ: 1234.")


def _figures(label: Any, *, required: bool = False, help_text: Any = "") -> DigitsField:
    return DigitsField(
        label=label, required=required, help_text=help_text, min_value=0, max_value=999_999_999,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Hãy ghi chỉ số."), "invalid": _AS_NUMBER, "min_value": _AS_NUMBER,
            "max_value": _("Chỉ số dài quá."),
        },
    )  # fmt: skip


class MeterForm(DeskForm):
    """One meter in one month. ``sure`` is asked only after the verb had its doubts; the old value, only where there is
    none before or where it is wrong."""

    new_value = _figures(_("Đồng hồ đang chỉ"), required=True)
    sure = forms.BooleanField(label=_("Đã xem lại đồng hồ, đúng như vậy"), required=False)
    read_on = DayField(label=_("Ngày ghi"))
    old_value = _figures(_("Chỉ số cũ"), help_text=_("Để trống thì lấy số của tháng trước."))
    meter_changed = forms.BooleanField(label=_("Vừa thay đồng hồ"), required=False)
    used = _figures(_("Thay đồng hồ: cả tháng đã dùng bao nhiêu"))

    def __init__(self, *args: Any, is_first: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.is_doubted = False
        if is_first:
            self.fields["old_value"].help_text = _("Lần đầu ghi đồng hồ này: số lúc bắt đầu dùng.")

    def take_refusal(self, refused: Refused, **renamed: str) -> None:
        self.is_doubted = self.is_doubted or refused.code in ASKED_AGAIN
        super().take_refusal(refused, **renamed)

    @property
    def asks_whether_sure(self) -> bool:
        return self.is_doubted or bool(self["sure"].value())

    @property
    def rare_fields(self) -> list[Any]:
        """What most readings do not need."""
        return [self[name] for name in ("read_on", "old_value", "meter_changed", "used")]

    @property
    def needs_rare(self) -> bool:
        return any(field.errors for field in self.rare_fields)
