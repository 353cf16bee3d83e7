"""Forms about money that carriers bring: their list, and the cash that is counted for it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments import remittance_reading
from payments.remittance_reading import Row
from storefront.forms.desk import REQUIRED, DayField, DeskForm, DongField


class CarrierListForm(DeskForm):
    """A list as it was typed or pasted, or the carrier's file; ``read`` are its rows once it is valid."""

    carrier_name = forms.CharField(
        label=_("Ai mang tiền về"), max_length=80, error_messages={"required": REQUIRED},
        help_text=_("Đơn vị vận chuyển, nhà xe, hoặc người trong xã."),
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Số bảng kê của bên vận chuyển"), required=False, max_length=40,
        help_text=_("Số này đứng trong nội dung họ chuyển tiền thì máy tự khớp."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    made_on = DayField(label=_("Ngày của bảng kê"))
    rows = forms.CharField(
        label=_("Mỗi dòng một kiện: mã; tiền đã thu; cước giữ lại"), required=False, max_length=400_000,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Dán từ bảng tính cũng được. Mã là mã vận đơn hoặc mã đơn."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Hoặc tệp của bên vận chuyển (Excel, CSV)"), required=False, max_length=200,
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt"}),
        error_messages={"empty": _("Tệp trống.")},
    )  # fmt: skip
    delivered_too = forms.BooleanField(
        label=_("Kiện nào đang đi mà có tiền ở đây thì ghi luôn là đã giao"), required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.read: list[Row] = []
        self.from_file = False

    def clean(self) -> dict[str, Any]:
        """Read the file, if one was sent, else the text; what cannot be read at all stands beside its field."""
        cleaned = super().clean() or {}
        sent = cleaned.get("file")
        try:
            if sent:
                self.read = remittance_reading.of_file(sent.read(remittance_reading.MOST_BYTES + 1))
                self.from_file = True
            elif cleaned.get("rows"):
                self.read = remittance_reading.of_text(cleaned["rows"])
        except Refused as refused:
            raise ValidationError({"file" if sent else "rows": refused.message}) from refused
        return cleaned

    def shown_again(self) -> "CarrierListForm":
        """The same with the rows of the file as text, to be looked at and mended; the key stays."""
        typed = {name: self.data.get(name, "") for name in ("carrier_name", "reference", "made_on", "key")}
        typed["rows"] = remittance_reading.as_text(self.read)
        if self.data.get("delivered_too"):
            typed["delivered_too"] = "on"
        return CarrierListForm(initial=typed)


class CountedForm(DeskForm):
    """Cash that somebody brings for a list."""

    amount_dong = DongField(label=_("Đếm được bao nhiêu"))
