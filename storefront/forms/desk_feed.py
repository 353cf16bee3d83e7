"""Forms for the bank: opening balance, and the connection that tells of money."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.models import Feed
from storefront.forms.desk import REQUIRED, DeskForm, DongField

AUTH = [
    (Feed.Auth.HMAC, _("HMAC-SHA256 (nên chọn)")),
    (Feed.Auth.APIKEY, _("API Key")),
]


class OpeningForm(DeskForm):
    """What the account held when the books open."""

    amount_dong = DongField(
        least=0, label=_("Số dư đầu ngày mở sổ"), help_text=_("Xem trong ứng dụng ngân hàng. Không có thì ghi 0.")
    )


class ConnectForm(DeskForm):
    """How SePay proves its calls. A key is made when the form is shown; one's own may be typed instead."""

    auth = forms.ChoiceField(
        label=_("Kiểu chứng thực"), choices=AUTH, widget=forms.RadioSelect, initial=Feed.Auth.HMAC,
        error_messages={"required": REQUIRED, "invalid_choice": REQUIRED},
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Khóa bí mật"), max_length=200, error_messages={"required": _("Hãy ghi khóa bí mật.")},
        help_text=_("Chép khóa này để dán sang SePay ở bước 3, chỉ xem được lần này. SePay đã cho khóa thì dán đè."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        more["initial"] = {"secret": secrets.token_urlsafe(24), **more.get("initial", {})}
        super().__init__(*args, **more)


class RotateForm(DeskForm):
    """Another key; the one before stays valid until the next change."""

    secret = forms.CharField(
        label=_("Khóa mới"), max_length=200, error_messages={"required": _("Hãy ghi khóa mới.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
