"""Forms of taking a list in: what it is, which column is what, and what the list itself does not say."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.periods import BadPeriod, first_day
from base.refusals import Refused
from payments.bills.roster.outcome import Wish
from payments.bills.roster.pointing import Proposal
from payments.bills.roster.words import LABELS, OF_KIND, Kind, Role
from payments.models import BillingAccount, BillRun
from storefront.forms.desk import REQUIRED, DayField, DeskForm
from storefront.forms.desk_statement import letter

ACCEPTED = ".xlsx,.xls,.csv,.txt,.tsv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PUPILS, METERS, MEMBERS, READINGS, COUNTS = "pupil", "meter", "member", "readings", "counts"
WHATS: dict[str, Any] = {
    PUPILS: _("Danh sách học sinh"),
    METERS: _("Danh sách đồng hồ, hộ dùng nước"),
    MEMBERS: _("Danh sách hội viên, hộ"),
    READINGS: _("Chỉ số đồng hồ"),
    COUNTS: _("Số lượng: suất ăn, buổi học…"),
}
_CHOOSE = _("Hãy chọn một mục trong danh sách.")


def kind_of(what: str) -> str:
    """The kind of RosterImport that a choice means."""
    return Kind(what) if what in {READINGS, COUNTS} else Kind.ACCOUNTS


class ListForm(DeskForm):
    """A file, and what it holds."""

    what = forms.ChoiceField(
        label=_("Tệp này là gì"), widget=forms.RadioSelect, choices=list(WHATS.items()),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )  # fmt: skip
    file = forms.FileField(
        label=_("Tệp Excel hoặc CSV đang có"),
        help_text=_("Cứ để nguyên như đang dùng: tiêu đề, ô gộp, nhiều trang đều được."),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp này rỗng.")},
        widget=forms.ClearableFileInput({"accept": ACCEPTED}),
    )  # fmt: skip

    def __init__(self, *args: Any, whats: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["what"].choices = [(what, WHATS[what]) for what in whats]  # type: ignore[attr-defined]

    def take_refusal(self, refused: Refused, **renamed: str) -> None:
        """Every doubt about a file belongs beside the file."""
        self.add_error("file", refused.message)


class ColumnsForm(DeskForm):
    """A column for each role, filled in as far as the file itself gave away."""

    def __init__(self, *args: Any, proposal: Proposal, what: str, drafts: Sequence[BillRun] = (), **more: Any) -> None:
        roles = proposal.pointing.roles
        more["initial"] = {**{role: str(at) for role, at in roles.items()}, **more.get("initial", {})}
        super().__init__(*args, **more)
        self.what = what
        self.unclear = proposal.unclear
        self.roles: tuple[Role, ...] = OF_KIND[kind_of(what)]
        columns = [("", _("không có")), *columns_of(proposal)]
        for role in self.roles:
            self.fields[role] = forms.TypedChoiceField(
                label=LABELS[role], choices=columns, coerce=int, empty_value=None, required=False,
                error_messages={"invalid_choice": _("Hãy chọn một cột trong danh sách.")},
            )  # fmt: skip
        if what == READINGS:
            self._ask_of_readings()
        elif what == COUNTS:
            self._ask_of_counts(drafts)
        else:
            self.fields["day"] = DayField(label=_("Người mới: tính từ ngày"))

    @property
    def column_fields(self) -> list[Any]:
        """Roles that have a column, are wrong, or cannot be done without."""
        return [self[role] for role in self.roles if self._is_shown(role)]

    @property
    def free_fields(self) -> list[Any]:
        """Roles that the file seems to have no column for."""
        return [self[role] for role in self.roles if not self._is_shown(role)]

    def _is_shown(self, role: Role) -> bool:
        return bool(self[role].value() not in (None, "") or self[role].errors or role in self.unclear)

    @property
    def other_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in {*self.roles, "key"}]

    def clean_month(self) -> str:
        month: str = self.cleaned_data["month"]
        try:
            first_day(month)
        except BadPeriod as wrong:
            raise forms.ValidationError(_("Ghi tháng kiểu 2026-11.")) from wrong
        return month

    def pointed(self) -> dict[Role, int | None]:
        """Once valid."""
        return {role: self.cleaned_data[role] for role in self.roles}

    def wish(self) -> Wish:
        """Once valid."""
        said = self.cleaned_data
        if self.what == READINGS:
            return Wish(kind=Kind.READINGS, day=said["day"], month=said["month"], sure=said["sure"])
        if self.what == COUNTS:
            run_id, item_id = (int(part) for part in said["place"].split(":"))
            return Wish(kind=Kind.COUNTS, day=said["day"], run_id=run_id, fee_item_id=item_id)
        return Wish(kind=Kind.ACCOUNTS, day=said["day"], account_kind=BillingAccount.Kind(self.what))

    def _ask_of_readings(self) -> None:
        self.fields["month"] = forms.CharField(
            label=_("Chỉ số của tháng"), max_length=7, widget=forms.TextInput({"type": "month"}),
            error_messages={"required": REQUIRED},
        )  # fmt: skip
        self.fields["day"] = DayField(label=_("Ngày ghi chỉ số (khi tệp không nói)"))
        self.fields["sure"] = forms.BooleanField(label=_("Các số trông lạ đã kiểm lại, đúng như vậy"), required=False)

    def _ask_of_counts(self, drafts: Sequence[BillRun]) -> None:
        choices = [
            (f"{run.pk}:{one.fee_item_id}", f"{run.name}: {one.fee_item.name}")
            for run in drafts
            for one in run.items.all()
        ]
        self.fields["place"] = forms.ChoiceField(
            label=_("Cho đợt thu và mục nào"), choices=choices,
            error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
        )  # fmt: skip
        self.fields["day"] = DayField(widget=forms.HiddenInput)


def columns_of(proposal: Proposal) -> list[tuple[str, str]]:
    """Each column as a spreadsheet letters it, with its head or with what stands in its first row."""
    heads = proposal.pointing.heads
    below = [cells for row, cells in proposal.sample if row > proposal.pointing.header_row]
    named = []
    for at in range(proposal.columns):
        head = heads[at].replace("\n", " ") if at < len(heads) else ""
        first = next((cells[at] for cells in below if at < len(cells) and cells[at]), "")
        named.append((str(at), f"{letter(at)} · {(head or first)[:40] or '–'}"))
    return named
