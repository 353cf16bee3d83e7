"""Code and second factor, as they are typed on a phone. What they open is decided by the verb."""

from django import forms
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.bills.looking_up import LONGEST_CODE, LONGEST_FACTOR

LONGEST_TICKET = 1000


class LookUpForm(forms.Form):
    """``waited`` is the ticket of an answer that said to wait."""

    code = forms.CharField(
        label=_("Mã trên phiếu hoặc trên thẻ"),
        help_text=_("Phiếu: mã bắt đầu bằng CP. Thẻ của nhà: 10 chữ và số, ví dụ 7K2M9-Q9MAB."),
        max_length=LONGEST_CODE,
        error_messages={
            "required": _("Hãy ghi mã in trên phiếu hoặc trên thẻ."),
            "max_length": _("Mã chỉ có 10 chữ và số."),
        },
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    second_factor = forms.CharField(
        label=_("4 số cuối điện thoại đã đăng ký"),
        help_text=_("Nếu nơi thu chưa có số điện thoại của nhà: ghi tên của con, ví dụ An."),
        max_length=LONGEST_FACTOR,
        error_messages={
            "required": _("Hãy ghi 4 số cuối của số điện thoại, hoặc tên của con."),
            "max_length": _("Chỉ cần 4 số cuối, hoặc tên."),
        },
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    waited = forms.CharField(max_length=LONGEST_TICKET, required=False, widget=forms.HiddenInput)

    def nothing_found(self) -> None:
        """The one answer for a wrong code and for a wrong second factor."""
        self.add_error(
            None, _("Mã và số (hoặc tên) này không khớp với nhau. Xem lại trên phiếu hoặc trên thẻ rồi thử.")
        )

    def take_refusal(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)
