"""Words for a line of the bank and for what proves it."""

from django import template
from django.utils.translation import gettext as _

from payments.models import BankTransaction, Feed, Sighting
from storefront.desk_reasons import WHAT_TO_DO

register = template.Library()
PROVIDERS = dict(Feed.Provider.choices)


@register.filter
def what_to_do(reason: str) -> str:
    """One or two sentences for a person who has to decide about a line with this reason."""
    return str(WHAT_TO_DO[reason])


@register.filter
def is_otherwise_done(line: BankTransaction) -> bool:
    """Nothing of it waits, and no order took it because of what its memo says: it was explained, kept or sent."""
    matched = {"", BankTransaction.Reason.LATE, BankTransaction.Reason.OVERPAID}
    return line.state == BankTransaction.State.SETTLED and (line.direction == "out" or line.reason not in matched)


@register.filter
def is_text_message(sighting: Sighting) -> bool:
    """A person can read what it says; what the other sources send is for machines."""
    return sighting.source.partition(":")[0] == Feed.Provider.SMS


@register.filter
def source_in_words(sighting: Sighting) -> str:
    """``sepay:live`` → ``SePay báo``; a statement's row names its file and row, a text message says so."""
    if sighting.statement_file is not None:
        said = {"name": sighting.statement_file.name, "row": sighting.raw}
        return _("Sao kê “%(name)s”, dòng %(row)s") % said if sighting.raw.isdigit() else _("Sao kê “%(name)s”") % said
    provider, _colon, environment = sighting.source.partition(":")
    if is_text_message(sighting):
        return _("Tin nhắn ngân hàng")
    words = _("%(source)s báo") % {"source": PROVIDERS.get(provider, provider)}
    return words if environment in {"", "live"} else f"{words} ({environment})"
