"""Forms for a bank's statement: the file, and which of its columns is what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.statements.banks import DEFAULT
from payments.statements.known_banks import MAPS
from payments.statements.mapping import DATE_ORDERS, THOUSANDS, Mapping, Role
from payments.statements.proposing import Proposal
from storefront.forms.desk import REQUIRED, DeskForm
from storefront.forms.desk_feed import AccountForm

REMEMBERED = "remembered"
ACCEPTED = ".csv,.txt,.xlsx,.xls,.xml,.sta,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StatementForm(AccountForm):
    """A file for one of the organization's accounts, and whose file it is."""

    bank = forms.ChoiceField(
        label=_("Sao kê của ngân hàng nào"), required=False, initial=DEFAULT,
        choices=[
            (DEFAULT, _("Tự nhận ra ngân hàng")), *((key, bank.title) for key, bank in MAPS.items()),
            (REMEMBERED, _("Ngân hàng khác: theo cột đã chọn lần trước")),
        ],
        error_messages={"invalid_choice": _("Hãy chọn một ngân hàng trong danh sách.")},
    )  # fmt: skip
    file = forms.FileField(
        label=_("Tệp sao kê (CSV, Excel, MT940 hoặc CAMT.053)"),
        help_text=_("Tải trọn ngày từ ngân hàng điện tử, để nguyên như ngân hàng cho, đừng sửa."),
        error_messages={"required": _("Hãy chọn tệp sao kê."), "empty": _("Tệp này rỗng. Hãy tải lại từ ngân hàng.")},
        widget=forms.ClearableFileInput({"accept": ACCEPTED}),
    )
    field_order = ["bank_account", "bank", "file"]

    def take_refusal(self, refused: Refused, **renamed: str) -> None:
        """Every doubt about a file belongs beside the file."""
        name = renamed.get(refused.field or "", refused.field)
        self.add_error(name if name in self.fields else "file", refused.message)


ROLES: dict[Role, Any] = {
    "date": _("Ngày giao dịch"),
    "time": _("Giờ (nếu ở cột riêng)"),
    "memo": _("Nội dung"),
    "amount_in": _("Tiền vào (ghi có)"),
    "amount_out": _("Tiền ra (ghi nợ)"),
    "amount": _("Số tiền (khi vào và ra chung một cột)"),
    "marker": _("Dấu Nợ/Có, D/C bên cạnh số tiền"),
    "balance": _("Số dư sau giao dịch"),
    "reference": _("Mã giao dịch, số tham chiếu"),
    "payer_account": _("Tài khoản bên kia"),
    "payer_name": _("Tên bên kia"),
}
ORDERS = {"dmy": _("ngày/tháng/năm (22/11/2026)"), "mdy": _("tháng/ngày/năm (11/22/2026)"), "ymd": "2026-11-22"}
SIGNS = {"": _("không có dấu (150000)"), ".": "150.000", ",": "150,000", " ": "150 000"}


class ColumnsForm(DeskForm):
    """A column for each role, filled in as far as the file itself gave away."""

    def __init__(self, *args: Any, proposal: Proposal, **more: Any) -> None:
        known: dict[str, str] = {role: str(at) for role, at in proposal.roles.items()}
        known |= {"date_order": proposal.date_order, "thousands": proposal.thousands}
        more["initial"] = {**known, **more.get("initial", {})}
        super().__init__(*args, **more)
        self.proposal = proposal
        columns = [("", _("không có")), *columns_of(proposal)]
        for role, label in ROLES.items():
            self.fields[role] = forms.TypedChoiceField(
                label=label, choices=columns, coerce=int, empty_value=None, required=role in {"date", "memo"},
                error_messages={"required": REQUIRED, "invalid_choice": _("Hãy chọn một cột trong danh sách.")},
            )  # fmt: skip
        self.fields["date_order"] = forms.ChoiceField(
            label=_("Ngày viết theo thứ tự nào"), choices=[(order, ORDERS[order]) for order in DATE_ORDERS],
            error_messages={"required": REQUIRED, "invalid_choice": REQUIRED},
        )  # fmt: skip
        self.fields["thousands"] = forms.ChoiceField(
            label=_("Dấu ngăn hàng nghìn"), choices=[(sign, SIGNS[sign]) for sign in THOUSANDS], required=False,
            error_messages={"invalid_choice": REQUIRED},
        )  # fmt: skip

    def mapping(self, *, name: str) -> Mapping:
        """What was pointed out; once valid. Raises BadMapping, whose ``field`` is the role that cannot be."""
        return Mapping(
            name=name, header_row=self.proposal.header_row, heads=self.proposal.heads,
            separator=self.proposal.separator, date_order=self.cleaned_data["date_order"],
            thousands=self.cleaned_data["thousands"], **{role: self.cleaned_data[role] for role in ROLES},
        )  # fmt: skip


def columns_of(proposal: Proposal) -> Sequence[tuple[str, str]]:
    """Each column as a spreadsheet letters it, with its head or with what stands in its first row."""
    sample = [row.cells for row in proposal.sample if row.row > proposal.header_row]
    named = []
    for at in range(proposal.columns):
        head = proposal.heads[at] if at < len(proposal.heads) else ""
        first = next((cells[at] for cells in sample if at < len(cells) and cells[at]), "")
        named.append((str(at), f"{letter(at)} · {(head or first)[:40] or '–'}"))
    return named


def letter(at: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    return (letter(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
