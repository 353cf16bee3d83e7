"""Forms on the page of one line of the bank."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from base.money import BadAmount
from base.text import squeezed
from payments.triage import Part
from storefront.forms.desk import ReasonForm
from storefront.typed_money import dong_typed

ROWS = 3
MOST_ROWS = 30


class SplitForm(ReasonForm):
    """Rows of code and amount: ``code`` and ``dong`` come as often as there are rows; empty rows do not count."""

    def __init__(
        self, data: QueryDict | None = None, *, rows: Sequence[tuple[str, str]] = (), spare: int = 1, **more: Any
    ) -> None:
        """``rows`` filled in beforehand; at least ``spare`` empty ones follow."""
        super().__init__(data, **more)
        if data is not None:
            rows = list(zip(data.getlist("code"), data.getlist("dong"), strict=False))[:MOST_ROWS]
        rows = [row for row in rows if any(row)]
        blank = [("", "")] * max(spare, ROWS - len(rows))
        self.rows = [*rows, *blank][:MOST_ROWS]
        self.parts: list[Part] = []

    def clean(self) -> dict[str, Any]:
        """Read the rows; one that cannot be read is named by its number."""
        cleaned = super().clean() or {}
        for number, (code, dong) in enumerate(self.rows, start=1):
            if not code.strip() and not dong.strip():
                continue
            try:
                self.parts.append(Part(squeezed(code)[:12], dong_typed(dong, field="parts")))
            except BadAmount:
                self.add_error(
                    None, _("Dòng %(row)s: chưa đọc được số tiền. Ghi số đồng chẵn, ví dụ: 185.000.") % {"row": number}
                )
        return cleaned


class KeepForm(ReasonForm):
    """What is left is owed to whoever paid it."""

    code = forms.CharField(
        label=_("Mã chuyển khoản của đơn (nếu biết)"), required=False, max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return squeezed(self.cleaned_data["code"])
