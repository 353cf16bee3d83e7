"""What forms at the desk share: a key against double taps, amounts as people write them, refusals by their field."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.refusals import NotFound, Refused
from base.text import storable
from storefront.typed_money import dong_typed

REQUIRED = _("Hãy điền ô này.")


class DigitsField(forms.IntegerField):
    """A whole number in figures alone: Django would read ``1.000``, a thousand here, as 1."""

    def to_python(self, value: Any) -> int | None:
        text = "" if value is None else str(value).strip()
        if text and not (text.isascii() and text.isdigit()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class DeskForm(forms.Form):
    """Carries a key made when it was shown, so that a double tap, "back" or a reload repeats harmlessly."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {})
        more["initial"] = {"key": secrets.token_urlsafe(18), **more["initial"]}
        # Several forms stand on one page: each label has to find its own field.
        more.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **more)
        self.done: Any = None
        self.refused: Refused | None = None

    def carries_out(self, deed: Callable[[], Any], **renamed: str) -> bool:
        """Whether what was typed could be read and ``deed`` was done with it; ``done`` is then what it returned.

        Otherwise the form says why and can be shown again; ``renamed`` as for ``take_refusal``. NotFound is raised:
        it is the door's to answer.
        """
        if not self.is_valid():
            return False
        try:
            self.done = deed()
        except NotFound:
            raise
        except Refused as refused:
            self.take_refusal(refused, **renamed)
            return False
        return True

    def take_refusal(self, refused: Refused, **renamed: str) -> None:
        """Show it beside its field, or above the form. ``renamed``: the verb's name of a field → the form's."""
        self.refused = refused
        name = renamed.get(refused.field or "", refused.field)
        self.add_error(name if name in self.fields else None, refused.message)


class DongField(forms.CharField):
    """An amount as people write it; gives whole đồng."""

    def __init__(self, *, least: int = 1, **more: Any) -> None:
        self.least = least
        more.setdefault("widget", forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))
        more.setdefault("error_messages", {"required": _("Hãy ghi số tiền.")})
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return dong_typed(text, field="", least=self.least)
        except Refused as refused:
            raise ValidationError(
                _("Chưa đọc được số tiền. Ghi số đồng chẵn, ví dụ: 185.000."), code=refused.code
            ) from refused


class DayField(forms.DateField):
    """A day: the phone's own calendar, or typed as 22/11/2026."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        more.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y"])
        more.setdefault("error_messages", {"invalid": _("Ngày chưa đúng. Ví dụ: 22/11/2026."), "required": REQUIRED})
        super().__init__(**more)


def refusal_of(deed: Callable[[], Any]) -> Refused | None:
    """Do what needs no typing; what was refused, or None once it is done. NotFound is raised for the door."""
    try:
        deed()
    except NotFound:
        raise
    except Refused as refused:
        return refused
    return None


def search_from(text: str) -> str:
    """What is looked for at the desk, at most 40 letters; nothing where no database could compare with it."""
    wanted = text.strip()[:40]
    return wanted if storable(wanted) else ""


def day_from(text: str, *, otherwise: date) -> date:
    """The day in an address (``2026-11-22``), or ``otherwise`` where it is none, or lies at the calendar's edge."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else otherwise
    except ValueError:
        return otherwise
    return day if 2000 <= day.year < 2100 else otherwise


class ReasonForm(DeskForm):
    """Why: kept with the deed."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=200, error_messages={"required": _("Hãy ghi lý do, để sau này ai cũng hiểu.")}
    )
