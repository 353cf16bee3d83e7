"""The form for a bank's text message, pasted by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.pasting import MOST_LETTERS
from storefront.forms.desk_feed import AccountForm


class TextForm(AccountForm):
    """The whole text; which way the money went only where the text does not say."""

    text = forms.CharField(
        label=_("Nội dung tin nhắn"), max_length=MOST_LETTERS, widget=forms.Textarea({"rows": 5}),
        help_text=_("Nhấn giữ tin nhắn của ngân hàng, chép nguyên cả tin rồi dán vào đây."),
        error_messages={"required": _("Hãy dán tin nhắn.")},
    )  # fmt: skip
    direction = forms.TypedChoiceField(
        label=_("Tiền vào hay tiền ra"), required=False, empty_value=None, widget=forms.RadioSelect,
        choices=[("", _("Tin nhắn đã nói rõ")), ("in", _("Tiền vào")), ("out", _("Tiền ra"))],
        error_messages={"invalid_choice": _("Hãy chọn tiền vào hoặc tiền ra.")},
    )  # fmt: skip
    field_order = ["bank_account", "text", "direction"]
