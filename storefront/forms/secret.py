"""A key, a token or somebody's first password in a form: what was typed never comes back in the page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

AGAIN = _("Để giữ kín, ô này không hiện lại điều vừa ghi. Hãy dán hoặc ghi lại.")


class SecretField(forms.CharField):
    """Shows what the form itself suggests, and nothing that was sent: a page may be kept, printed, or looked at.

    Whoever gets the form back because of another field is told to write it again: an empty box may mean something.
    """

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput({"autocomplete": "off", "spellcheck": "false"}))
        super().__init__(**more)

    def bound_data(self, data: Any, initial: Any) -> None:
        """What a form that was sent shows again."""
        return

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        if form.is_bound and bound.data:
            bound.help_text = " ".join(str(said) for said in (AGAIN, bound.help_text) if said)
        return bound
