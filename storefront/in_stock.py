"""Goods one can have now come before those that are sold out."""

from django.db.models import Exists, F, OuterRef

from catalog.models import ProductQuerySet, Variant


def what_is_left_first(products: ProductQuerySet) -> ProductQuerySet:
    """Goods one can have now, newest first; then the sold out, which come back with the next lot."""
    some_left = Variant.objects.filter(product=OuterRef("pk"), on_hand__gte=F("reserved") + F("step"))
    return products.annotate(is_left=Exists(some_left)).order_by("-is_left", "-published_at", "-id")
