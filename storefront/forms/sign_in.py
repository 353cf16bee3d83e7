"""Phone and password. allauth does the checking and counts the tries; here are our words for it."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from cooperatives.signing_in import PhoneAccountAdapter


class SignInForm(LoginForm):
    """``login`` takes 0912 345 678, +84912345678 and whatever blanks people put between."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Số điện thoại"),
            help_text=_("Số mà hợp tác xã đã ghi cho mình."),
            error_messages={"required": _("Hãy ghi số điện thoại.")},
            widget=forms.TextInput({"autocomplete": "username", "inputmode": "tel"}),
        )
        self.fields["password"] = forms.CharField(
            label=_("Mật khẩu"),
            strip=False,
            error_messages={"required": _("Hãy ghi mật khẩu.")},
            widget=forms.PasswordInput({"autocomplete": "current-password"}),
        )
        self.fields["remember"] = forms.BooleanField(
            label=_("Máy của riêng mình: lần sau khỏi đăng nhập"), required=False, initial=True
        )
        self.order_fields(["login", "password", "remember"])

    def clean_login(self) -> str:
        """As stored. What is no phone number at all is said beside the field: it tells nothing about anybody."""
        return PhoneAccountAdapter().clean_phone(self.cleaned_data["login"])

    def clean(self) -> dict[str, Any]:
        """Somebody who has left gets the answer of a wrong password: allauth would send her to a page of its own."""
        cleaned: dict[str, Any] = super().clean()
        if self.user is not None and not self.user.is_active:
            raise PhoneAccountAdapter().validation_error("phone_password_mismatch")
        return cleaned
