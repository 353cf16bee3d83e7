"""The door for everybody who looks for goods: pages and GraphQL. Chooses the engine; both rank alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db.models import CharField, IntegerField, Value
from django.db.models.functions import Cast, Concat, StrIndex

from base.syllables import folded_word, words
from catalog.models import Category, Product, ProductQuerySet
from catalog.search import embedded, province
from catalog.search.market_words import vocabulary
from catalog.search.plan import Plan
from catalog.search.ranking import looser
from catalog.search.reading import read

MOST_FOUND = 500
"""Nobody reads further; a wider question is narrowed by its facets."""

Engine = Literal["embedded", "elasticsearch"]


@dataclass(frozen=True, slots=True)
class Found:
    """``products``: the best first, to be paged. ``read_as``: what was searched for, empty where it is what was typed.
    ``did_you_mean``: the same words with their slips put right, or empty."""

    products: ProductQuerySet
    read_as: str
    did_you_mean: str
    engine: Engine


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line under the search field. ``slug`` is a product's or a category's; a word has none."""

    text: str
    slug: str
    kind: Literal["product", "category", "word"]


def find(text: str, *, among: ProductQuerySet, at: datetime) -> Found:
    """Those of ``among`` that ``text`` asks for, the best first. Blank text leaves them as they are."""
    if not text.strip():
        return Found(among, "", "", "embedded")
    reading = read(text, vocabulary=vocabulary())
    ids, engine = _found(reading.plan, among=among, most=MOST_FOUND)
    return Found(in_this_order(among, ids), reading.read_as, reading.did_you_mean, engine)


def suggest(text: str, *, at: datetime, most: int = 6) -> list[Suggestion]:
    """What somebody who has typed this much may want: shelves whose name begins so, then goods, by the same ranking
    as ``find``, the last word taken as unfinished."""
    if not text.strip() or most < 1:
        return []
    typed = [folded_word(word) for word in words(text)]
    shelves = [
        Suggestion(shelf.name, shelf.slug, "category")
        for shelf in Category.objects.filter(products__in=Product.objects.published()).distinct().order_by("position")
        if typed and _begins(shelf.name, typed)
    ][: max(1, most // 3)]
    reading = read(text, vocabulary=vocabulary(), unfinished=True)
    among = Product.objects.published()
    ids, _engine = _found(reading.plan, among=among, most=most - len(shelves))
    goods = in_this_order(among, ids).values_list("name", "slug")
    return [*shelves, *(Suggestion(name, slug, "product") for name, slug in goods)]


def in_this_order(products: ProductQuerySet, ids: list[int]) -> ProductQuerySet:
    """Those of ``products`` with these ids, in the order of the ids; it can be paged by key."""
    if not ids:
        return products.none()
    places = Value(f",{','.join(map(str, ids))},", output_field=CharField())
    own = Concat(Value(","), Cast("pk", CharField(max_length=20)), Value(","), output_field=CharField())
    return (
        products.filter(pk__in=ids).annotate(place=StrIndex(places, own, output_field=IntegerField())).order_by("place")
    )


def _found(plan: Plan | None, *, among: ProductQuerySet, most: int) -> tuple[list[int], Engine]:
    """What the plan finds, and who answered; where it finds nothing, what it finds when asking for fewer words."""
    engine: Engine = "elasticsearch"

    def follow(asked: Plan) -> list[int]:
        nonlocal engine
        ids = province.ranked_ids(asked, among=among, most=most) if engine == "elasticsearch" else None
        if ids is None:
            engine = "embedded"
            ids = embedded.ranked_ids(asked, among=among, most=most)
        return ids

    for asked in () if plan is None else looser(plan):
        ids = follow(asked)
        if ids:
            return ids, engine
    return [], engine if settings.SEARCH_URL else "embedded"


def _begins(name: str, typed: list[str]) -> bool:
    """Whether some word of the name and those after it begin as typed, the last one perhaps unfinished."""
    named = [folded_word(word) for word in words(name)]
    *whole, last = typed
    return any(
        named[at : at + len(whole)] == whole and named[at + len(whole)].startswith(last)
        for at in range(len(named) - len(whole))
    )
