"""Words that a cooperative says mean the same for its own goods: said, looked at beforehand, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.syllables import words
from catalog import versions
from catalog.models import Product, SynonymSet
from catalog.search.amounts import amounts_in
from catalog.search.embedded import reindex
from catalog.search.synonyms import MOST_PHRASE_WORDS, Phrase, holds, own_phrases
from catalog.wording import TooLong, one_line
from cooperatives.models import Organization, User
from cooperatives.permissions import require

MOST_SETS = 100
MOST_PHRASES = 10
MOST_LETTERS = 300


class NotASet(Refused):
    """Fewer than two words, more than ten, or one that is a sentence."""

    code = "NOT_A_SET"
    sentence = _("Hãy ghi từ 2 đến %(phrases)s cách gọi, cách nhau bằng dấu phẩy, mỗi cách nhiều nhất %(words)s chữ.")


class TooManySets(Refused):
    """More sets than anybody can keep in view."""

    code = "TOO_MANY_SETS"
    sentence = _("Mỗi đơn vị có nhiều nhất %(most)s nhóm từ. Hãy bỏ bớt nhóm không dùng.")


@dataclass(frozen=True, slots=True)
class WithGoods:
    """A set and the names of its organization's goods that are found by all of its words."""

    words: str
    names: tuple[str, ...]


def with_goods(sets: Sequence[str], *, organization: Organization) -> list[WithGoods]:
    """What each set finds among everything the organization lists. One query."""
    named = list(
        Product.objects.filter(organization=organization).order_by("name", "pk").values_list("name", flat=True)
    )
    spoken = [(name, words(amounts_in(name).rest)) for name in named]
    return [WithGoods(one, tuple(name for name, heard in spoken if _touches(own_phrases(one), heard))) for one in sets]


def checked_set(text: str) -> str:
    """The set as it is kept: ``"Cá trạch ,cá chạch"`` → ``"cá trạch, cá chạch"``. Raises NotASet, TooLong."""
    typed = one_line(text, most=MOST_LETTERS, field="words") if text.strip() else ""
    phrases = list(dict.fromkeys(tuple(words(part)) for part in typed.split(",") if words(part)))
    if not 2 <= len(phrases) <= MOST_PHRASES or any(len(phrase) > MOST_PHRASE_WORDS for phrase in phrases):
        raise NotASet(field="words", phrases=MOST_PHRASES, words=MOST_PHRASE_WORDS)
    kept = ", ".join(" ".join(phrase) for phrase in phrases)
    if len(kept) > MOST_LETTERS:  # one form of letters can be longer than another
        raise TooLong(field="words", most=MOST_LETTERS)
    return kept


def say_same(*, organization_id: int, text: str, actor: User, at: datetime) -> SynonymSet:
    """These mean the same for the organization's goods from now on. The same set again changes nothing.

    Opens its own transaction, which locks the organization; the goods it touches are written anew afterwards, some at
    a time. Raises NotFound for a stranger; NotASet, TooLong, TooManySets.
    """
    kept = checked_set(text)
    with transaction.atomic():
        organization = _allowed(organization_id, actor=actor, at=at)
        sets = SynonymSet.objects.filter(organization=organization)
        said = sets.filter(words=kept).first()
        if said is not None:
            return said
        if sets.count() >= MOST_SETS:
            raise TooManySets(field="words", most=MOST_SETS)
        said = SynonymSet.objects.create(organization=organization, words=kept, written_by=actor, written_at=at)
        versions.moved([organization.pk])
    _rewrite(organization, kept, at=at)
    return said


def take_back(*, organization_id: int, set_id: int, actor: User, at: datetime) -> str:
    """They mean the same no longer; returns the words, so that they can be said again. Empty where it was gone already.

    Opens its own transaction, as say_same does. Raises NotFound for a stranger.
    """
    with transaction.atomic():
        organization = _allowed(organization_id, actor=actor, at=at)
        said = SynonymSet.objects.filter(organization=organization, pk=set_id).first()
        if said is None:
            return ""
        said.delete()
        versions.moved([organization.pk])
    _rewrite(organization, said.words, at=at)
    return said.words


def _allowed(organization_id: int, *, actor: User, at: datetime) -> Organization:
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise NotFound()
    require(actor, "list_goods", organization=organization, on=vietnam_day(at))
    return Organization.objects.held(organization.pk)


def _rewrite(organization: Organization, kept: str, *, at: datetime) -> None:
    phrases = own_phrases(kept)
    named = Product.objects.filter(organization=organization).values_list("pk", "name")
    touched = [pk for pk, name in named if _touches(phrases, words(amounts_in(name).rest))]
    reindex(Product.objects.filter(pk__in=touched), at=at)


def _touches(phrases: Sequence[Phrase], heard: Sequence[str]) -> bool:
    return any(holds(heard, phrase) for phrase in phrases)
