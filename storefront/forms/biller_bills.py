"""Forms on the pages of bills: narrowing a list, correcting an item or a reading, paying with what is owed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from storefront.forms.desk import DeskForm, DigitsField, DongField, ReasonForm

STATES = (
    ("", _("Mọi khoản")),
    ("overdue", _("Quá hạn")),
    ("waiting", _("Chưa trả đồng nào")),
    ("part", _("Mới trả một phần")),
    ("paid", _("Đã trả đủ")),
    ("over", _("Trả thừa")),
    ("cancelled", _("Đã hủy")),
)


class BillsFilter(forms.Form):
    """What of the bills is shown. Whatever an address holds that is no choice here counts as not chosen."""

    state = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=STATES)
    section = forms.ChoiceField(label=_("Lớp, thôn"), required=False)
    item = forms.ChoiceField(label=_("Mục thu"), required=False)
    month = forms.ChoiceField(label=_("Tháng"), required=False)
    run = forms.ChoiceField(label=_("Đợt thu"), required=False)
    q = forms.CharField(
        label=_("Tìm"), required=False, max_length=40,
        widget=forms.TextInput({"type": "search", "placeholder": _("Tên, mã, số máy"), "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Any, **choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        for name, known in choices.items():
            self.fields[name].choices = [("", _("Tất cả")), *known]  # type: ignore[attr-defined]
        self.is_valid()
        self.chosen: dict[str, str] = {name: self.cleaned_data.get(name, "") for name in self.fields}


class CorrectForm(ReasonForm):
    """One item of a bill costs so much more or less."""

    fee_item_id = forms.TypedChoiceField(
        label=_("Mục nào"), coerce=int,
        error_messages={"required": _("Hãy chọn một mục."), "invalid_choice": _("Hãy chọn một mục trong danh sách.")},
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("Điều chỉnh"), choices=[("less", _("Bớt đi")), ("more", _("Thêm vào"))], widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn bớt hay thêm.")},
    )  # fmt: skip
    dong = DongField(label=_("Bao nhiêu"))
    field_order = ["fee_item_id", "way", "dong", "reason"]

    def __init__(self, *args: Any, items: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["fee_item_id"].choices = list(items)  # type: ignore[attr-defined]

    @property
    def delta_dong(self) -> int:
        """Signed; once valid."""
        sign = -1 if self.cleaned_data["way"] == "less" else 1
        return int(sign * self.cleaned_data["dong"])


class ReadingForm(ReasonForm):
    """What the meter really showed."""

    reading_id = forms.IntegerField(widget=forms.HiddenInput)
    new_value = DigitsField(
        label=_("Chỉ số mới đúng là"), min_value=0, max_value=999_999_999,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Hãy ghi chỉ số."), "invalid": _("Ghi chỉ số bằng số, ví dụ: 1234."),
            "min_value": _("Ghi chỉ số bằng số, ví dụ: 1234."), "max_value": _("Chỉ số dài quá."),
        },
    )  # fmt: skip
    field_order = ["new_value", "reason"]


class CreditForm(DeskForm):
    """So much of what is owed to the payer, for this bill."""

    amount_dong = DongField(label=_("Dùng bao nhiêu"))
