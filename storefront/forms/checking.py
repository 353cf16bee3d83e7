"""What is held against our accounts: something typed, or a photo."""

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.payee_checks import LONGEST_TYPED
from storefront.forms.desk import DeskForm


class TypedForm(forms.Form):
    """A check code, an account number, or the text of a QR: in the address, so that a poster can lead here."""

    q = forms.CharField(
        label=_("Mã kiểm tra hoặc số tài khoản"), max_length=LONGEST_TYPED,
        help_text=_("Mã kiểm tra có 6 chữ và số, in cạnh mã QR trên tờ dán. Dán cả dòng chữ của mã QR cũng được."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={
            "required": _("Hãy gõ mã kiểm tra hoặc số tài khoản."),
            "max_length": _("Dài quá: mã QR không dài thế này."),
        },
    )  # fmt: skip


class PhotoForm(DeskForm):
    """A photo of the poster, shrunk on the phone where scripts run."""

    photo = forms.FileField(
        label=_("Ảnh chụp mã QR"), widget=forms.FileInput({"accept": "image/*", "data-shrink": True}),
        help_text=_("Chụp cả tờ dán, thẳng và đủ sáng. Ảnh đọc xong là bỏ, không lưu."),
        error_messages={
            "required": _("Hãy chụp hoặc chọn một ảnh."), "empty": _("Ảnh này trống. Hãy chọn ảnh khác."),
            "invalid": _("Hãy chụp hoặc chọn một ảnh."),
        },
    )  # fmt: skip
