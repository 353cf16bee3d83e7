"""An order's number and phone, as they are typed. What they open is decided by the verb."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.finding_again import LONGEST_NUMBER, LONGEST_PHONE


class FindOrderForm(forms.Form):
    """``waited`` is the ticket of an answer that said to wait."""

    number = forms.CharField(
        label=_("Số đơn"),
        help_text=_("Có trong tin nhắn hoặc trên gói hàng, ví dụ DH-261122-7K2M."),
        max_length=LONGEST_NUMBER,
        error_messages={"required": _("Hãy ghi số đơn."), "max_length": _("Số đơn ngắn hơn thế.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại đã đặt"),
        max_length=LONGEST_PHONE,
        error_messages={"required": _("Hãy ghi số điện thoại đã đặt đơn."), "max_length": _("Số điện thoại dài quá.")},
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    waited = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def nothing_found(self) -> None:
        """The one answer for an unknown number and for another's phone."""
        self.add_error(None, _("Số đơn và số điện thoại này không khớp với nhau. Xem lại tin nhắn rồi thử."))
