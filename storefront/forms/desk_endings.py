"""Forms for a parcel that did not arrive: back, lost, found again, and what carrying it cost."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.money import figures
from catalog.measures import shown_quantity
from orders.models import Allocation, ReturnLine, Shipment
from orders.returning import is_past_its_best
from payments.carriage import CarriageLooksWrong
from storefront.forms.desk import REQUIRED, DongField, ReasonForm

Fate = ReturnLine.Fate


class _CostsForm(ReasonForm):
    """A carriage that looks mistyped is asked about, once it was."""

    is_sure = forms.BooleanField(label=_("Cước cao khác thường, nhưng là số đúng"), required=False)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields to show, that question last."""
        others = [field for field in self if field.name != "is_sure"]
        if "is_sure" not in self.fields:
            return others
        sure = self["is_sure"]
        return [*others, sure] if isinstance(self.refused, CarriageLooksWrong) or sure.value() else others


class BackForm(_CostsForm):
    """What came back, in which state, and what the way back costs. Goods past their best can only be written off."""

    def __init__(
        self,
        *args: Any,
        shipment: Shipment,
        shares: list[Allocation],
        may_write_off: bool,
        on: date,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.shares = shares if may_write_off else []
        self.past = [] if may_write_off else [share for share in shares if is_past_its_best(share, on=on)]
        for share in self.shares:
            quantity, is_past = shown_quantity(share.line.variant, share.quantity), is_past_its_best(share, on=on)
            best = share.lot.best_before
            self.fields[f"fate_{share.pk}"] = forms.ChoiceField(
                label=f"{share.line.product_name}, {quantity}", error_messages={"required": REQUIRED,
                "invalid_choice": REQUIRED}, initial=Fate.WRITTEN_OFF if is_past else Fate.TO_LOT,
                choices=[(Fate.WRITTEN_OFF, Fate.WRITTEN_OFF.label)] if is_past else Fate.choices,
                help_text=_("Quá hạn dùng ngày %(day)s: không bán lại được, chỉ ghi bỏ đi.") % {
                    "day": f"{best:%d/%m/%Y}"
                } if is_past else "",
            )  # fmt: skip
        self.fields["return_fee_dong"] = DongField(
            label=_("Cước chuyển về"), required=False, least=0, help_text=_("Chưa biết thì để trống.")
        )
        if not may_write_off:
            del self.fields["is_sure"]
        if may_write_off and shipment.order.deposit_dong:
            self.fields["keep_deposit_dong"] = DongField(
                label=_("Giữ lại từ tiền cọc để trả cước"), required=False, least=0,
                help_text=_("Không giữ thì để trống: cả tiền cọc trả lại người mua."),
            )  # fmt: skip

    @property
    def goods(self) -> dict[int, str]:
        """By allocation, once valid."""
        return {share.pk: self.cleaned_data[f"fate_{share.pk}"] for share in self.shares}


class LostForm(ReasonForm):
    """Gone, or come to nothing."""

    what = forms.ChoiceField(
        label=_("Kiện hàng"), choices=[("lost", _("thất lạc")), ("damaged", _("hư hỏng, không còn bán được"))],
        widget=forms.RadioSelect, error_messages={"required": REQUIRED, "invalid_choice": REQUIRED},
    )  # fmt: skip


class FoundForm(ReasonForm):
    """Where it turned up."""

    reason = forms.CharField(
        label=_("Tìm thấy ở đâu, ai báo"), max_length=200, error_messages={"required": REQUIRED},
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


class CarriageForm(_CostsForm):
    """What carrying it there and back really cost."""

    fee_dong = DongField(label=_("Cước đi"), least=0)
    return_fee_dong = DongField(label=_("Cước chuyển về"), least=0)
    field_order = ("fee_dong", "return_fee_dong", "reason")

    def __init__(self, *args: Any, shipment: Shipment, **more: Any) -> None:
        initial = {name: figures(getattr(shipment, name)) for name in ("fee_dong", "return_fee_dong")}
        super().__init__(*args, initial=initial, **more)
