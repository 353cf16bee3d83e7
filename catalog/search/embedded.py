"""Search in the database at hand: every word whole, the last one as far as it is typed."""

from django.db.models import Case, IntegerField, Q, Value, When

from catalog.models import Product, ProductQuerySet
from catalog.search import rules


def matching(products: ProductQuerySet, text: str) -> ProductQuerySet:
    """Those of ``products`` that hold every word of ``text``: all words in the name first, then the newest.

    Accents, case and spelling of letters do not matter; the last word may be unfinished. Blank text leaves
    ``products`` as they are; text without a word finds nothing. The result can be paged by key.
    """
    wanted = rules.query_words(text)
    if not wanted:
        return products if not text.strip() else products.none()
    return (
        products.filter(_holds(wanted))
        .annotate(
            beside_name=Case(
                When(_holds(wanted, mark=rules.NAME_MARK), then=Value(0)), default=Value(1), output_field=IntegerField()
            )
        )
        .order_by("beside_name", "-created_at", "-id")
    )


def index_text(product: Product) -> str:
    """What ``found_by`` of this product has to say. Reads its category, organization, maker and variants."""
    maker = product.maker
    return rules.folded_words(
        name=product.name,
        description=product.description,
        maker=maker.user.name if maker is not None and maker.shows_name else "",
        category=product.category.name,
        commune=product.organization.commune_name,
        variants=[variant.name for variant in product.variants.all()],
    )


def reindex(products: ProductQuerySet) -> int:
    """Write ``found_by`` anew where it differs: after a maker's consent, a category's name or the rules changed.

    Returns how many were rewritten.
    """
    rewritten = 0
    rows = products.select_related("organization", "category", "maker__user").prefetch_related("variants")
    for product in rows.order_by("pk").iterator(chunk_size=500):
        text = index_text(product)
        if text != product.found_by:
            rewritten += Product.objects.filter(pk=product.pk).update(found_by=text)
    return rewritten


def _holds(wanted: list[str], *, mark: str = "") -> Q:
    *whole, last = wanted
    found = Q(found_by__contains=f" {mark}{last}")
    for word in whole:
        found &= Q(found_by__contains=f" {mark}{word} ")
    return found
