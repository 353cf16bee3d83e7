"""Forms of the collector's desk: taking cash, voiding, handing over, counting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from storefront.forms.desk import DeskForm, DongField, ReasonForm

MOST_BILLS = 40


class TakeForm(DeskForm):
    """Which bills are ticked, and the sum that the button named.

    ``shown`` are the bills that the sum was worked out for, ``part`` what was typed where less is given. A tick or a
    sum that changed since means that the button named another amount: it is worked out anew and nothing is taken.
    """

    bill = forms.TypedMultipleChoiceField(coerce=int, required=False)
    shown = forms.CharField(max_length=1_000, required=False, widget=forms.HiddenInput)
    take_dong = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=MAX_DONG)
    part_shown = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=MAX_DONG)
    part = DongField(
        label=_("Nhận ít hơn"), required=False, help_text=_("Ghi số thực nhận. Để trống là thu đủ các khoản đã chọn.")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        asked = self.data.getlist("bill") if hasattr(self.data, "getlist") else []
        wanted = [text for text in asked[:MOST_BILLS] if text.isascii() and text.isdigit() and len(text) <= 18]
        self.fields["bill"].choices = [(text, text) for text in wanted]  # type: ignore[attr-defined]

    @property
    def names_another_sum(self) -> bool:
        """Whether what is ticked and typed differs from what the button said."""
        said = {text for text in self.cleaned_data["shown"].split(",") if text}
        ticked = {str(pk) for pk in self.cleaned_data["bill"]}
        return said != ticked or self.cleaned_data["part"] != self.cleaned_data["part_shown"]


class VoidForm(ReasonForm):
    """Why a receipt is taken back."""

    reason = forms.CharField(
        label=_("Vì sao hủy phiếu này?"),
        max_length=200,
        error_messages={"required": _("Hãy ghi lý do, để sau này ai cũng hiểu.")},
    )


class OfferForm(DeskForm):
    """To whom, how much. ``keepers``: (id, name) of those who may take it."""

    to_keeper_id = forms.TypedChoiceField(
        label=_("Giao cho ai"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn người nhận."), "invalid_choice": _("Hãy chọn người nhận.")},
    )  # fmt: skip
    amount_dong = DongField(label=_("Số tiền giao"))
    note = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)

    def __init__(self, *args: Any, keepers: list[tuple[int, str]], **more: Any) -> None:
        if len(keepers) == 1:
            more["initial"] = {"to_keeper_id": keepers[0][0], **more.get("initial", {})}
        super().__init__(*args, **more)
        self.fields["to_keeper_id"].choices = keepers  # type: ignore[attr-defined]


class AcceptForm(DeskForm):
    """What the receiver counted."""

    counted_dong = DongField(label=_("Đếm được"), help_text=_("Đếm trước mặt người giao rồi mới ghi."))


class RefuseForm(ReasonForm):
    """Why it is not taken."""

    reason = forms.CharField(
        label=_("Vì sao không nhận? Người giao sẽ đọc."),
        max_length=200,
        error_messages={"required": _("Hãy ghi lý do để người giao hiểu.")},
    )


class CountForm(DeskForm):
    """What lies in the box. The books' own sum is not shown before it was counted."""

    counted_dong = DongField(label=_("Trong két đếm được"), least=0)
    note = forms.CharField(
        label=_("Vì sao lệch"), max_length=200, required=False, help_text=_("Chỉ cần khi lệch với sổ.")
    )
