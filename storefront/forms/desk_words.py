"""Words that mean the same."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.search.own_words import MOST_LETTERS
from storefront.forms.desk import DeskForm


class WordsForm(DeskForm):
    """Several words for one thing, between commas."""

    words = forms.CharField(
        label=_("Các cách gọi một món"), max_length=MOST_LETTERS,
        help_text=_("Cách nhau bằng dấu phẩy. Ví dụ: cá trạch, cá chạch, con nhếch."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("Hãy ghi các cách gọi.")},
    )  # fmt: skip
