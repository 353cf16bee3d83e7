"""One product: pictures, price, what is left, and a place to say how much."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from base.periods import today_in_vietnam
from catalog import resting
from catalog.bands import Band, shown_at_most
from catalog.models import Lot, Product, Variant
from storefront.basket import basket_in
from storefront.basket_lines import typed_as
from storefront.said import said_of
from storefront.shared_pages import nothing, of_product, shared_page
from storefront.upcoming import market_days


@dataclass(frozen=True, slots=True)
class Choice:
    """One variant with its form: what was typed, what is in the basket, and why the last try was refused."""

    variant: Variant
    lot: Lot | None
    coming_on: date | None
    in_basket: int
    typed: str
    error: str

    @property
    def left(self) -> Band:
        return shown_at_most(self.variant)

    @property
    def field_id(self) -> str:
        return f"quantity-{self.variant.pk}"


@require_safe
@shared_page(tag=of_product, reads=nothing)
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """What is on sale under ``slug``, the same for everybody; 404 for drafts, withdrawn and unknown goods alike."""
    found = on_sale(slug)
    if found is None:
        raise Http404
    return product_page(request, found)


def on_sale(slug: str) -> Product | None:
    """The product with everything its page reads, lots of which some is left included; what was said of it apart."""
    lots = Lot.objects.filter(left__gt=F("missing")).order_by("received_at", "id")
    published = Product.objects.published().preloaded()
    return published.prefetch_related(Prefetch("variants__lots", queryset=lots)).filter(slug=slug).first()


def product_page(
    request: HttpRequest,
    found: Product,
    *,
    refused: int | None = None,
    typed: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; ``refused`` is the variant whose quantity ``typed`` was answered with ``error``.

    What is in the basket stands in the fields where the page is drawn for one visitor, after such a refusal.
    """
    basket = basket_in(request.session) if hasattr(request, "session") else {}
    choices = []
    for variant in found.variants.all():
        variant.product = found  # what it says of itself names the product
        held = basket.get(variant.pk, 0)
        a_unit = variant.unit if shown_at_most(variant).measures >= variant.unit else variant.step
        first_typed = typed_as(variant, held or max(variant.step, a_unit))
        choices.append(
            Choice(
                variant=variant,
                lot=next((lot for lot in variant.lots.all() if lot.is_here), None),
                coming_on=min(
                    (lot.expected_on for lot in variant.lots.all() if lot.expected_on and not lot.is_here), default=None
                ),
                in_basket=held,
                typed=typed if variant.pk == refused else first_typed,
                error=error if variant.pk == refused else "",
            )
        )
    context = {
        "product": found,
        "choices": choices,
        "any_error": bool(error),
        "initial": _initial(found),
        "said": said_of(found),
        "rests_until": resting.rests_until(found, on=today_in_vietnam()),
        "market_days": market_days(shop=found.organization, on=today_in_vietnam(), product=found),
    }
    return render(request, "storefront/product.html", context, status=status)


def _initial(found: Product) -> str:
    """The letter in the maker's circle: of her given name where she shows it, else of the commune."""
    if found.maker is not None and found.maker.shows_name:
        return found.maker.user.name.split()[-1][:1]
    return found.organization.commune_name[:1]
