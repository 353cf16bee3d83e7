"""Forms for what a biller charges for: items, dated rates with steps, groups that pay less."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from base.money import BadAmount, grouped
from cooperatives.models import Organization
from payments.bills.catalogue import BadReduction
from payments.models import ExemptGroup, FeeItem, FeeRate
from storefront.forms.desk import REQUIRED, DayField, DeskForm, DongField
from storefront.typed_money import dong_typed

MOST_STEPS = 12
SPARE_STEPS = 3


class ItemForm(DeskForm):
    """What an item is. Its price comes after it, dated."""

    name = forms.CharField(
        label=_("Tên mục thu"), max_length=80, help_text=_("Như ghi trên phiếu: Tiền ăn bán trú, Nước sạch…"),
        error_messages={"required": _("Hãy ghi tên mục thu.")}, widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    period = forms.ChoiceField(label=_("Kỳ thu"), choices=FeeItem.Period.choices, widget=forms.RadioSelect,
                               error_messages={"required": _("Hãy chọn kỳ thu.")})  # fmt: skip
    measure = forms.ChoiceField(label=_("Cách tính"), choices=FeeItem.Measure.choices, widget=forms.RadioSelect,
                                error_messages={"required": _("Hãy chọn cách tính.")})  # fmt: skip
    unit_name = forms.CharField(
        label=_("Đơn vị tính"), required=False, max_length=20,
        help_text=_("suất, buổi, m³. Thu một mức thì để trống."), widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    compulsory = forms.BooleanField(
        label=_("Bắt buộc"), required=False,
        help_text=_("Không bắt buộc thì chỉ thu của người đã đồng ý, có ghi lại."),
    )  # fmt: skip
    refundable = forms.BooleanField(
        label=_("Không dùng thì trả lại được"), required=False, help_text=_("Ví dụ: suất ăn của ngày nghỉ.")
    )
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=200)

    @property
    def said(self) -> dict[str, Any]:
        """As the verbs take it; once valid."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "key"}

    @classmethod
    def of(cls, item: FeeItem) -> "ItemForm":
        return cls(initial={name: getattr(item, name) for name in cls.base_fields if name != "key"})


class RateForm(DeskForm):
    """From which day what costs how much. Rows of ``upto`` and ``step_dong`` where a metered item has steps: the last
    row's end stays empty."""

    since = DayField(label=_("Áp dụng từ ngày"), help_text=_("Đợt thu của một tháng lấy giá của ngày mùng 1 tháng đó."))
    price_dong = DongField(
        label=_("Giá một đơn vị"), least=0, required=False,
        help_text=_("Số đồng cho một người, một suất, một m³. Có bậc thì để trống."),
    )  # fmt: skip
    ceiling_dong = DongField(
        label=_("Mức trần cho một đơn vị"), least=0, required=False,
        help_text=_("Mức cao nhất mà văn bản hay cuộc họp cho phép. Không có thì để trống."),
    )  # fmt: skip
    legal_basis = forms.CharField(
        label=_("Căn cứ"), required=False, max_length=200,
        help_text=_("Nghị quyết, quyết định hay biên bản, có số và ngày. Thiếu căn cứ thì chưa phát hành được."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, item: FeeItem, rows: Sequence[tuple[str, str]] = (),
                 **more: Any) -> None:  # fmt: skip
        super().__init__(data, **more)
        self.is_stepped = item.measure == FeeItem.Measure.METERED
        if not self.is_stepped:
            self.fields["price_dong"].required = True
            self.fields["price_dong"].help_text = _("Số đồng cho một người, một suất, một buổi.")
        if data is not None:
            rows = list(zip(data.getlist("upto"), data.getlist("step_dong"), strict=False))[:MOST_STEPS]
        rows = [row for row in rows if any(row)]
        self.rows = [*rows, *[("", "")] * SPARE_STEPS][:MOST_STEPS] if self.is_stepped else []
        self.steps: list[list[int | None]] = []

    @classmethod
    def after(cls, rate: FeeRate | None, *, item: FeeItem, today: date) -> "RateForm":
        """Filled in with what counts now, from today on."""
        if rate is None:
            return cls(item=item, initial={"since": today.replace(day=1)})  # so that this month can be billed
        rows = [("" if upto is None else str(upto), grouped(price)) for upto, price in rate.steps]
        initial = {
            "since": today, "price_dong": "" if rate.steps else grouped(rate.price_dong),
            "ceiling_dong": "" if rate.ceiling_dong is None else grouped(rate.ceiling_dong),
            "legal_basis": rate.legal_basis,
        }  # fmt: skip
        return cls(item=item, initial=initial, rows=rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number, (upto, price) in enumerate(self.rows, start=1):
            if not upto.strip() and not price.strip():
                continue
            try:
                dong = dong_typed(price, field="steps", least=0)
            except BadAmount:
                self.add_error(None, _("Bậc %(row)s: chưa đọc được giá. Ghi số đồng chẵn.") % {"row": number})
                continue
            end = upto.strip().replace(".", "")
            if end and not (end.isascii() and end.isdigit() and len(end) <= 9):
                self.add_error(None, _("Bậc %(row)s: ghi “đến bao nhiêu” bằng số, ví dụ 10.") % {"row": number})
                continue
            self.steps.append([int(end) if end else None, dong])
        if self.is_stepped and not self.steps and cleaned.get("price_dong") is None and not self.errors:
            self.add_error("price_dong", _("Hãy ghi giá, hoặc giá từng bậc."))
        return cleaned


class GroupForm(DeskForm):
    """Who pays less, on what basis, and how many per cent less of which item (``less_12``)."""

    name = forms.CharField(
        label=_("Nhóm"), max_length=80, help_text=_("Hộ nghèo, hộ cận nghèo, con thương binh, anh chị em học cùng…"),
        error_messages={"required": _("Hãy ghi tên nhóm.")}, widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    legal_basis = forms.CharField(label=_("Căn cứ"), required=False, max_length=200)

    def __init__(self, *args: Any, items: Sequence[FeeItem], **more: Any) -> None:
        super().__init__(*args, **more)
        self.items = items
        for item in items:
            self.fields[f"less_{item.pk}"] = forms.CharField(
                label=_("%(item)s: giảm bao nhiêu phần trăm") % {"item": item.name}, required=False, max_length=7,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip

    @classmethod
    def of(cls, group: ExemptGroup, *, items: Sequence[FeeItem]) -> "GroupForm":
        less = {f"less_{share.fee_item_id}": percent(share.reduction_bp) for share in group.shares.all()}
        return cls(items=items, initial={"name": group.name, "legal_basis": group.legal_basis, **less})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.items:
            name = f"less_{item.pk}"
            try:
                cleaned[name] = basis_points(cleaned.get(name, ""))
            except ValueError:
                self.add_error(name, BadReduction.sentence)
        return cleaned

    @property
    def shares(self) -> dict[int, int]:
        """By item id, basis points less; once valid."""
        found = {item.pk: self.cleaned_data[f"less_{item.pk}"] for item in self.items}
        return {pk: bp for pk, bp in found.items() if bp}


class DecidedForm(DeskForm):
    """What a biller decides for itself."""

    bills_for = forms.ChoiceField(
        label=_("Thu cho"), choices=Organization.BillsFor.choices, error_messages={"required": REQUIRED}
    )
    carries_credit = forms.TypedChoiceField(
        label=_("Khi phụ huynh hay hộ dân trả thừa"), coerce=lambda text: text == "carry", widget=forms.RadioSelect,
        choices=[("carry", _("Để lại, tự trừ vào đợt thu sau")), ("give_back", _("Lập việc trả lại ngay"))],
        error_messages={"required": REQUIRED},
    )  # fmt: skip
    cash_step_dong = DongField(
        label=_("Tiền mặt làm tròn đến"), help_text=_("Số đồng nhỏ nhất khi thu tiền mặt. Không làm tròn thì ghi 1.")
    )


def basis_points(text: str) -> int:
    """``7,5`` or ``7.5 %`` → 750; empty → 0. ValueError for what is no percentage from 0,01 to 100."""
    plain = text.replace("%", "").replace(",", ".").strip()
    if not plain:
        return 0
    whole, _dot, part = plain.partition(".")
    if not (whole + part).isascii() or not (whole + part).isdigit() or len(part) > 2 or len(whole) > 3:
        raise ValueError(text)
    found = int(whole or "0") * 100 + int(part.ljust(2, "0") or "0")
    if not 1 <= found <= 10_000:
        raise ValueError(text)
    return found


def percent(bp: int) -> str:
    """750 → ``7,5``."""
    whole, part = divmod(bp, 100)
    return f"{whole},{part:02d}".rstrip("0").rstrip(",") if part else str(whole)
