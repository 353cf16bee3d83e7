"""Forms on the page of one line of the bank."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from base.money import BadAmount
from base.text import squeezed
from payments.models import BankTransaction, Explanation
from payments.providers.banks import BANKS
from payments.triage import Part
from storefront.forms.desk import DeskForm, DongField, ReasonForm
from storefront.typed_money import dong_typed

ROWS = 3
BY_NAME = sorted(BANKS, key=lambda bank: bank.short_name.casefold())
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
        label=_("Mã chuyển khoản của đơn, của khoản thu (nếu biết)"), required=False, max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return squeezed(self.cleaned_data["code"])


class PayeeFields(DeskForm):
    """Where money goes back to. The verbs say what is missing; a task may wait for it."""

    payee_bin = forms.ChoiceField(
        label=_("Ngân hàng của người nhận"), required=False,
        choices=[("", _("Chưa biết")), *((bank.bin, bank.short_name) for bank in BY_NAME)],
        error_messages={"invalid_choice": _("Hãy chọn một ngân hàng trong danh sách.")},
    )  # fmt: skip
    payee_account = forms.CharField(
        label=_("Số tài khoản người nhận"), required=False, max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
    )  # fmt: skip
    payee_holder = forms.CharField(
        label=_("Tên chủ tài khoản"), required=False, max_length=120,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

    @property
    def payee(self) -> dict[str, Any]:
        """As the verbs take it; once valid."""
        return {name: self.cleaned_data[name] for name in ("payee_bin", "payee_account", "payee_holder")}


class ReturnForm(PayeeFields, ReasonForm):
    """What is left of a line goes back to its payer; with the whole payee at once, else as a task."""

    field_order = ["payee_bin", "payee_account", "payee_holder", "reason"]


class RefundForm(ReturnForm):
    """So much of a debt goes back."""

    amount_dong = DongField(label=_("Trả lại bao nhiêu"))
    field_order = ["amount_dong", "payee_bin", "payee_account", "payee_holder", "reason"]


Kind = Explanation.Kind
KINDS = {
    BankTransaction.Direction.IN: (Kind.OTHER_RECEIPT, Kind.OWN_TRANSFER, Kind.BANKED),
    BankTransaction.Direction.OUT: (
        Kind.BANK_FEE,
        Kind.OWN_SPENDING,
        Kind.CARRIER_COST,
        Kind.OWN_TRANSFER,
        Kind.DISPUTED,
    ),
}


class ExplainForm(ReasonForm):
    """What (part of) a line was for. ``counterparts``: lines of other accounts that may be its other side;
    ``keepers``: whose cash boxes it may have come from."""

    kind = forms.ChoiceField(
        label=_("Đây là"), widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một mục."), "invalid_choice": _("Hãy chọn một mục trong danh sách.")},
    )  # fmt: skip
    counterpart_id = forms.TypedChoiceField(
        label=_("Dòng bên tài khoản kia"), required=False, coerce=int, empty_value=None,
        error_messages={"invalid_choice": _("Hãy chọn một dòng trong danh sách.")},
    )  # fmt: skip
    code = forms.CharField(
        label=_("Mã chuyển khoản của đơn bị khiếu nại"), required=False, max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    keeper_id = forms.TypedChoiceField(
        label=_("Tiền mặt từ két của"), required=False, coerce=int, empty_value=None,
        error_messages={"invalid_choice": _("Hãy chọn một người trong danh sách.")},
    )  # fmt: skip
    field_order = ["kind", "counterpart_id", "keeper_id", "code", "reason"]

    def __init__(
        self, *args: Any, line: BankTransaction, counterparts: Sequence[tuple[int, str]], by_card: bool,
        keepers: Sequence[tuple[int, str]] = (), **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        possible = KINDS[BankTransaction.Direction(line.direction)]
        offered = {Kind.OWN_TRANSFER: bool(counterparts), Kind.DISPUTED: by_card, Kind.BANKED: bool(keepers)}
        kinds = [kind for kind in possible if offered.get(kind, True)]
        self.fields["kind"].choices = [(kind, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if counterparts:
            self.fields["counterpart_id"].choices = [("", _("Chọn dòng")), *counterparts]  # type: ignore[attr-defined]
        else:
            del self.fields["counterpart_id"]
        if keepers:
            self.fields["keeper_id"].choices = [("", _("Chọn người")), *keepers]  # type: ignore[attr-defined]
        else:
            del self.fields["keeper_id"]
        if Kind.DISPUTED not in kinds:
            del self.fields["code"]

    def clean_code(self) -> str:
        return squeezed(self.cleaned_data["code"])
