"""Looking somebody up in a biller's list: class, part of a name with or without accents, number, end of a phone."""

from datetime import date

from django.db.models import Count, Q

from base.text import folded
from cooperatives.models import Organization
from payments.models import BillingAccount
from payments.models.accounts import BillingAccountQuerySet

FEWEST_DIGITS = 3


def found(
    organization: Organization, *, text: str = "", section: str = "", kind: str = "", ended: bool = False, today: date
) -> BillingAccountQuerySet:
    """In the Vietnamese order, with their households. ``ended``: those who have left, instead of those who are here."""
    accounts = BillingAccount.objects.filter(organization=organization).select_related("household").by_name()
    accounts = accounts.filter(until__lt=today) if ended else accounts.filter(Q(until=None) | Q(until__gte=today))
    if section:
        accounts = accounts.filter(section=section)
    if kind:
        accounts = accounts.filter(kind=kind)
    return accounts.filter(pk__in=_ids(accounts, text)) if text.strip() else accounts


def sections(organization: Organization, *, today: date) -> list[tuple[str, int]]:
    """Each class or hamlet with how many are in it now, in its order."""
    here = BillingAccount.objects.filter(organization=organization).filter(Q(until=None) | Q(until__gte=today))
    counted = here.exclude(section="").values("section", "section_key").annotate(count=Count("pk"))
    return [(one["section"], one["count"]) for one in counted.order_by("section_key", "section")]


def _ids(accounts: BillingAccountQuerySet, text: str) -> list[int]:
    """Whom ``text`` may mean. A whole list is a few thousand short rows: no database folds accents like we do."""
    wanted = folded(text)
    digits = "".join(sign for sign in text if sign in "0123456789").removeprefix("0")
    by_phone = len(digits) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in text)
    rows = accounts.values_list("pk", "name", "number", "household__phone", "household__name")
    return [
        pk for pk, name, number, phone, guardian in rows
        if wanted in folded(name) or wanted in folded(number) or (guardian and wanted in folded(guardian))
        or (by_phone and (phone or "").endswith(digits))
    ]  # fmt: skip
