"""The form for how many of an item each one of a class had."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.bills.counting import Counted
from payments.bills.runs import MOST_OF_ONE, Count
from storefront.forms.desk import DeskForm, DigitsField

PREFIX = "count_"


class CountField(DigitsField):
    """What was shown travels along hidden, so that only what somebody changed on her own page is written down."""

    def __init__(self, *, otherwise: int, **more: Any) -> None:
        shown = {
            "inputmode": "numeric", "autocomplete": "off", "enterkeyhint": "next", "class": "short",
            "placeholder": str(otherwise),
        }  # fmt: skip
        super().__init__(
            required=False, min_value=0, max_value=MOST_OF_ONE, show_hidden_initial=True,
            widget=forms.TextInput(shown),
            error_messages={
                "invalid": _("Ghi số lượng bằng chữ số, ví dụ: 18."), "min_value": _("Ghi số từ 0 đến 10.000."),
                "max_value": _("Ghi số từ 0 đến 10.000."),
            },
            **more,
        )  # fmt: skip


class CountsForm(DeskForm):
    """A field for each account (``count_12``); empty: as everybody, 0: not this time."""

    def __init__(self, *args: Any, counted: Sequence[Counted], **more: Any) -> None:
        super().__init__(*args, **more)
        self.counted = counted
        for one in counted:
            self.fields[f"{PREFIX}{one.account.pk}"] = CountField(
                label=one.account.name, initial=one.own, otherwise=one.otherwise
            )

    @property
    def rows(self) -> list[tuple[Counted, Any]]:
        """Each account with its field."""
        return [(one, self[f"{PREFIX}{one.account.pk}"]) for one in self.counted]

    def said(self, fee_item_id: int) -> list[Count]:
        """What was changed on this page, as the verb takes it; once valid."""
        changed = set(self.changed_data)
        return [
            Count(one.account.pk, fee_item_id, self.cleaned_data[f"{PREFIX}{one.account.pk}"])
            for one in self.counted
            if f"{PREFIX}{one.account.pk}" in changed
        ]
