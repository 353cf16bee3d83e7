"""Search in the database at hand: the terms of each product beside it, and one query that reads those a plan names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from catalog import versions
from catalog.models import Product, ProductQuerySet, SearchWord, SynonymSet
from catalog.search import outbox
from catalog.search.plan import FACTORS, Plan
from catalog.search.terms import Goods, name_words, terms_of

CHUNK = 200
_ROWS = 2000
_FACTORS = {place.value: factor for place, factor in FACTORS.items()}


def ranked_ids(plan: Plan, *, among: ProductQuerySet, most: int) -> list[int]:
    """Ids of those of ``among`` that the plan finds, best first. Two queries; more only where ``among`` leaves out most
    of what was found."""
    scores = _scores(plan)
    by_score: defaultdict[int, list[int]] = defaultdict(list)
    for product_id, total in scores.items():
        by_score[total].append(product_id)
    ids: list[int] = []
    waiting: list[int] = []
    last = min(by_score, default=0)
    for total in sorted(by_score, reverse=True):
        waiting += by_score[total]
        if len(waiting) < most - len(ids) and total != last:
            continue
        ids += _in_order(waiting, scores, among=among)
        waiting = []
        if len(ids) >= most:
            break
    return ids[:most]


def _scores(plan: Plan) -> dict[int, int]:
    """The score of every product that hits enough, drafts too."""
    worth: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, slot in enumerate(plan.slots):
        for choice in slot.choices:
            worth[choice.term].append((number, choice.weight))
    wanted = SearchWord.objects.filter(term__in=sorted(worth)).values_list("product_id", "term", "place")
    best: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:  # thousands of rows of three plain values: the ORM would double the time
        cursor.execute(*wanted.query.sql_with_params())
        for product_id, term, place in cursor.fetchall():
            of_slots = best.setdefault(product_id, {})
            factor = _FACTORS[place]
            for number, weight in worth[term]:
                if weight * factor > of_slots.get(number, 0):
                    of_slots[number] = weight * factor
    needed = {number for number, slot in enumerate(plan.slots) if not slot.optional}
    return {
        product_id: sum(of_slots.values())
        for product_id, of_slots in best.items()
        if len(needed & of_slots.keys()) >= plan.needed
    }


def _in_order(ids: list[int], scores: dict[int, int], *, among: ProductQuerySet) -> list[int]:
    """Those that are among them: by score, then fewer words in the name, then the newer, then the higher id."""
    named = among.order_by().filter(pk__in=ids).values_list("pk", "name", "created_at")
    order = sorted(((scores[pk], -name_words(name), created_at, pk) for pk, name, created_at in named), reverse=True)
    return [pk for *_rest, pk in order]


def goods_of(product: Product, *, synonyms: Sequence[str]) -> Goods:
    """What is read of it. Reads its category, organization, maker and variants."""
    maker = product.maker
    return Goods(
        name=product.name,
        description=product.description,
        maker=maker.user.name if maker is not None and maker.shows_name else "",
        category=product.category.name,
        commune=product.organization.commune_name,
        variants=tuple(variant.name for variant in product.variants.all()),
        synonyms=tuple(synonyms),
    )


def write_words(product: Product, *, at: datetime) -> bool:
    """Write the words it is found by, where they differ; says whether they did. Needs an open transaction and the
    locked product."""
    differed = bool(_write([product], at=at))
    outbox.changed([product.pk], at=at)  # also where they do not: the length of its name parts equals
    return differed


def reindex(products: ProductQuerySet, *, at: datetime) -> int:
    """Write the words of these goods anew where they differ: after a maker's consent, a category's name, a set of
    synonyms or the rules changed. Opens transactions of its own, some hundred goods each, locks the goods and then
    their shops' versions; returns how many differed."""
    rewritten, last = 0, 0
    while True:
        with transaction.atomic():
            rows = products.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))
            chunk = list(
                rows.select_related("organization", "category", "maker__user").prefetch_related("variants")[:CHUNK]
            )
            changed = set(_write(chunk, at=at))
            versions.moved(product.organization_id for product in chunk if product.pk in changed)
            rewritten += len(changed)
        if len(chunk) < CHUNK:
            return rewritten
        last = chunk[-1].pk


def _write(products: Iterable[Product], *, at: datetime) -> list[int]:
    """Returns the ids of those whose words changed, and tells an outside engine of them."""
    products = list(products)
    sets: defaultdict[int, list[str]] = defaultdict(list)
    for one in SynonymSet.objects.filter(organization__in={product.organization_id for product in products}):
        sets[one.organization_id].append(one.words)
    present: defaultdict[int, dict[str, SearchWord]] = defaultdict(dict)
    for word in SearchWord.objects.filter(product__in=products):
        present[word.product_id][word.term] = word
    changed: list[int] = []
    gone: list[int] = []
    new: list[SearchWord] = []
    for product in products:
        old = present[product.pk]
        terms = terms_of(goods_of(product, synonyms=sets[product.organization_id]))
        stale = [word.pk for term, word in old.items() if terms.get(term) != word.place]
        fresh = [
            SearchWord(product=product, term=term, place=int(place))
            for term, place in terms.items()
            if term not in old or old[term].place != place
        ]
        if stale or fresh:
            changed.append(product.pk)
            gone += stale
            new += fresh
    for start in range(0, len(gone), _ROWS):
        SearchWord.objects.filter(pk__in=gone[start : start + _ROWS]).delete()
    SearchWord.objects.bulk_create(new, batch_size=_ROWS)
    outbox.changed(changed, at=at)
    return changed
