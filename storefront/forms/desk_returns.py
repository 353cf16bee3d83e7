"""The form by which goods are taken back: which, how many, what becomes of them, and how the money goes back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from catalog.measures import shown_quantity
from catalog.typed_quantities import quantity_from_text
from orders.models import Allocation, OrderLine, ReturnLine
from orders.returning import Back
from payments import returns
from storefront.forms.desk import DongField
from storefront.forms.desk_money import PayeeFields
from storefront.new_goods import Counted

MOST_LETTERS = 20


class BringBackForm(PayeeFields):
    """A quantity and a fate for each line of which the buyer still has something; the lot, where several gave it.

    ``shown`` is what the sums on the page were worked out for: whoever changes a field since sees new sums first.
    """

    refund = forms.ChoiceField(
        label=_("Tiền trả lại người mua"), widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn cách trả."), "invalid_choice": _("Hãy chọn cách trả.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Vì sao trả lại? Người mua và bà con đọc được."), max_length=200,
        error_messages={"required": _("Hãy ghi lý do, để sau này ai cũng hiểu.")},
    )  # fmt: skip
    shown = forms.CharField(max_length=2_000, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, lines: Sequence[tuple[OrderLine, Sequence[Allocation]]], shipping_left_dong: int,
        by_card: bool, settles: bool, **more: Any,
    ) -> None:  # fmt: skip
        """``lines`` with the allocations that are not all back; ``settles``: whether she may pay out cash."""
        more["initial"] = {"refund": returns.TRANSFER, **more.get("initial", {})}
        super().__init__(*args, **more)
        self.rows = [_Row(self, line, allocations) for line, allocations in lines]
        if shipping_left_dong:
            self.fields["shipping_dong"] = DongField(
                label=_("Trả cả tiền mang đến, nếu đã thống nhất"), required=False, least=0
            )
        ways = [(returns.TRANSFER, _("Về thẻ đã trả") if by_card else _("Chuyển khoản, quét mã ở trang sau"))]
        ways += [(returns.CASH, _("Tiền mặt, từ két của tôi"))] if settles else []
        self.fields["refund"].choices = [*ways, (returns.DEBT, _("Ghi nợ, trả sau"))]  # type: ignore[attr-defined]
        if by_card or not settles:
            for name in ("payee_bin", "payee_account", "payee_holder"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.came = [one for row in self.rows if (one := row.back(cleaned)) is not None]
        if not self.came and not cleaned.get("shipping_dong") and not self.errors:
            raise ValidationError(_("Hãy ghi hàng nào trả lại và bao nhiêu."))
        return cleaned

    @property
    def shipping(self) -> forms.BoundField | None:
        """The field, where there is shipping to give back."""
        return self["shipping_dong"] if "shipping_dong" in self.fields else None

    @property
    def shipping_dong(self) -> int:
        return self.cleaned_data.get("shipping_dong") or 0

    @property
    def payee(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, "") for name in ("payee_bin", "payee_account", "payee_holder")}

    @property
    def meant(self) -> str:
        """What the sums depend on, in one line."""
        came = [f"{one.line_id}:{one.quantity}:{one.fate}:{one.lot_id or ''}" for one in self.came]
        return ",".join([*came, f"shipping:{self.shipping_dong}"])


class _Row:
    """The fields of one line of the order."""

    def __init__(self, form: BringBackForm, line: OrderLine, allocations: Sequence[Allocation]) -> None:
        self.form, self.line = form, line
        self.kept = sum(allocation.kept_quantity for allocation in allocations)
        self.name = f"{line.product_name}, {line.variant_name}"
        kept = shown_quantity(line.variant, self.kept)
        form.fields[f"quantity_{line.pk}"] = forms.CharField(
            label=_("Trả lại bao nhiêu"), required=False, max_length=MOST_LETTERS,
            help_text=_("Người mua đang giữ %(kept)s. Không trả thì để trống.") % {"kept": kept},
            widget=forms.TextInput({"autocomplete": "off", "inputmode": "decimal", "size": "10"}),
        )  # fmt: skip
        form.fields[f"fate_{line.pk}"] = forms.ChoiceField(
            label=_("Hàng này"), required=False, choices=ReturnLine.Fate.choices, widget=forms.RadioSelect,
            initial=ReturnLine.Fate.TO_LOT,
        )  # fmt: skip
        self.lots = len(allocations) > 1
        if self.lots:
            left = [(one.lot_id, one.lot.code, shown_quantity(line.variant, one.kept_quantity)) for one in allocations]
            lots = [(str(lot_id), f"{code}: {shown}") for lot_id, code, shown in left]
            form.fields[f"lot_{line.pk}"] = forms.TypedChoiceField(
                label=_("Lô ghi trên nhãn"), required=False, coerce=int, empty_value=None,
                choices=[("", _("Không rõ: lấy lô bán sau cùng")), *lots],
            )  # fmt: skip

    @property
    def quantity(self) -> forms.BoundField:
        return self.form[f"quantity_{self.line.pk}"]

    @property
    def fate(self) -> forms.BoundField:
        return self.form[f"fate_{self.line.pk}"]

    @property
    def lot(self) -> forms.BoundField | None:
        return self.form[f"lot_{self.line.pk}"] if self.lots else None

    def back(self, cleaned: dict[str, Any]) -> Back | None:
        """What was typed here; None where nothing was. A field that cannot be read is marked."""
        name = f"quantity_{self.line.pk}"
        text = cleaned.get(name, "")
        if not text:
            return None
        try:
            # Weighed again when it was packed, it need not fit the selling step.
            counted = Counted(sold_by=self.line.variant.sold_by, unit_name=self.line.variant.unit_name)
            quantity = quantity_from_text(text, sold=counted)
        except Refused as refused:
            self.form.add_error(name, refused.message)
            return None
        if quantity > self.kept:
            self.form.add_error(
                name, _("Người mua chỉ còn giữ %(kept)s.") % {"kept": shown_quantity(self.line.variant, self.kept)}
            )
        fate = cleaned.get(f"fate_{self.line.pk}") or ReturnLine.Fate.TO_LOT
        return Back(self.line.pk, quantity, fate, cleaned.get(f"lot_{self.line.pk}"))
