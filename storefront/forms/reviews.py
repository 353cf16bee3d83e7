"""A review, as its writer fills it in; and what the cooperative answers or hides."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from orders.reviewing import NAME_LETTERS, REASON_LETTERS, TEXT_LETTERS
from storefront.forms.desk import DeskForm

STARS = [
    ("5", _("5 sao: rất ngon, sẽ mua nữa")),
    ("4", _("4 sao: ngon")),
    ("3", _("3 sao: được")),
    ("2", _("2 sao: chưa như lời nói")),
    ("1", _("1 sao: không dùng được")),
]


class ReviewForm(forms.Form):
    """Stars, words, a name. The key is made when the form is shown, so that a double tap says it once."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    stars = forms.ChoiceField(
        label=_("Hàng thế nào"), choices=STARS, widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn số sao."), "invalid_choice": _("Hãy chọn từ 1 đến 5 sao.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Vài lời cho người mua sau"), required=False, max_length=TEXT_LETTERS,
        help_text=_("Mùi vị, độ tươi, gói ghém thế nào. Đừng ghi số điện thoại hay địa chỉ."),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("Dài quá 1.000 chữ. Hãy viết ngắn lại.")},
    )  # fmt: skip
    shown_name = forms.CharField(
        label=_("Muốn được gọi là gì"), required=False, max_length=NAME_LETTERS,
        help_text=_("Ai cũng đọc được tên này. Để trống thì ghi là “Người mua”."),
        widget=forms.TextInput({"autocomplete": "nickname"}),
        error_messages={"max_length": _("Tên dài quá 40 chữ.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        more["initial"] = {"key": secrets.token_urlsafe(18), **(more.get("initial") or {})}
        super().__init__(*args, **more)

    def take_refusal(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class ReplyForm(DeskForm):
    """The cooperative's answer."""

    text = forms.CharField(
        label=_("Trả lời của hợp tác xã"), max_length=TEXT_LETTERS, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Hãy viết vài lời.")},
    )  # fmt: skip


class HideForm(DeskForm):
    """Why a text is taken away; buyers read it."""

    reason = forms.CharField(
        label=_("Vì sao ẩn"), max_length=REASON_LETTERS, help_text=_("Người mua đọc được lý do này."),
        error_messages={"required": _("Hãy ghi lý do.")},
    )  # fmt: skip
