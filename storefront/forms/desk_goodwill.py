"""The form by which a buyer is owed something for a complaint."""

from django import forms
from django.utils.translation import gettext_lazy as _

from storefront.forms.desk import DongField, ReasonForm


class GoodwillForm(ReasonForm):
    """How much, and what for."""

    amount_dong = DongField(label=_("Đền bao nhiêu"))
    reason = forms.CharField(
        label=_("Vì sao đền"), max_length=200,
        error_messages={"required": _("Hãy ghi lý do, để sau này ai cũng hiểu.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("amount_dong", "reason")
