"""Looking somebody up in a biller's list: class, part of a name with or without accents, number, end of a phone."""

from datetime import date
from functools import lru_cache

from django.db.models import Count, Q

from base.text import folded
from cooperatives.models import Organization
from payments.models import BillingAccount
from payments.models.accounts import BillingAccountQuerySet

FEWEST_DIGITS = 3
_folded = lru_cache(maxsize=20_000)(folded)  # a biller's names are looked through at every search


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
    return accounts.filter(pk__in=ids_called(accounts, text)) if text.strip() else accounts


def sections(organization: Organization, *, today: date) -> list[tuple[str, int]]:
    """Each class or hamlet with how many are in it now, in its order."""
    here = BillingAccount.objects.filter(organization=organization).filter(Q(until=None) | Q(until__gte=today))
    counted = here.exclude(section="").values("section", "section_key").annotate(count=Count("pk"))
    return [(one["section"], one["count"]) for one in counted.order_by("section_key", "section")]


def ids_called(accounts: BillingAccountQuerySet, text: str) -> list[int]:
    """Whom of ``accounts`` the words of ``text`` may mean, those called so by their given name first. One query.

    Each word is the beginning of a word of the name, the class, the number or the guardian's name, or the last digits
    (three or more) of the household's phone; accents and capitals do not count. Looked through in memory: a biller
    has some thousands of accounts, and no database folds Vietnamese as we do.
    """
    wanted = _words(text)
    if not wanted:
        return []
    found: list[tuple[int, int]] = []
    for pk, name, number, section, phone, head in accounts.by_name().values_list(
        "pk", "name", "number", "section", "household__phone", "household__name"
    ):
        words = _folded(name).split()
        numbered = number.lower() if number.isascii() else _folded(number)
        places = [*words, _folded(section), numbered, *_folded(head or "").split()]
        digits = (phone or "").lstrip("+")
        if all(any(place.startswith(word) for place in places) or _ends(digits, word) for word in wanted):
            found.append((0 if words and words[-1].startswith(wanted[-1]) else 1, pk))
    found.sort(key=lambda one: one[0])
    return [pk for _rank, pk in found]


def _words(text: str) -> list[str]:
    """Folded; a phone typed in groups is one."""
    words = folded(text).split()
    together = "".join(words)
    return [together] if together.isascii() and together.isdigit() else words


def _ends(digits: str, word: str) -> bool:
    if len(word) < FEWEST_DIGITS or not (word.isascii() and word.isdigit()):
        return False
    end = word.lstrip("0")
    return end != "" and digits.endswith(end)
