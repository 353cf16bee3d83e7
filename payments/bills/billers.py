"""What every verb of bills begins with: the biller it is for, who asks, and what was typed in one form."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders.buyers import one_line


class NameMissing(Refused):
    code = "NAME_MISSING"
    sentence = _("Hãy ghi tên, nhiều nhất %(most)s chữ.")


class NoteTooLong(Refused):
    code = "NOTE_TOO_LONG"
    sentence = _("Dài quá: nhiều nhất %(most)s chữ.")


def biller(organization_id: int, *, deed: str, actor: User, at: datetime) -> Organization:
    """The organization, if it bills and ``actor`` may do ``deed`` there. Raises NotFound."""
    organization = Organization.objects.billing().filter(pk=organization_id).first()
    if organization is None:
        raise NotFound()
    require(actor, deed, organization=organization, on=vietnam_day(at))
    return organization


def checked_name(text: str, *, most: int = 80, field: str = "name") -> str:
    """On one line, composed, not empty. Raises NameMissing."""
    line = one_line(text)
    if not 1 <= len(line) <= most:
        raise NameMissing(field=field, most=most)
    return line


def checked_note(text: str, *, most: int = 200, field: str = "note") -> str:
    """On one line, composed; may be empty. Raises NoteTooLong."""
    line = one_line(text)
    if len(line) > most:
        raise NoteTooLong(field=field, most=most)
    return line
