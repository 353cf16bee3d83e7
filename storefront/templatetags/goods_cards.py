"""Cards of goods, drawn by hand: a list holds up to sixty, and a template with its parts costs ten times as much."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from base.periods import today_in_vietnam
from catalog.bands import shown_at_most
from catalog.measures import PIECE, shown_quantity
from storefront.goods_cards import CardOffer, CardPicture, GoodsCard
from storefront.templatetags.dong import day, dong, weight
from storefront.templatetags.goods import per_kg, tenths
from storefront.templatetags.pictures import ON_CARDS, addresses

register = template.Library()
_NOTHING = SafeString("")

# What is put in is escaped by format_html; pieces that it made are not escaped again. Photo, stars, price and what is
# left are drawn here as in storefront/parts/, which pages of one product use: a test holds them together.
_CARD = """<article class="card">
{photo}{ocop}
<div class="card__text">
<h3 class="card__name"><a href="{root}{slug}/">{name}</a></h3>
<p class="card__maker">{made_by}</p>
{rating}
{offer}
</div>
</article>
"""
_PHOTO = (
    '<div class="photo"><svg aria-hidden="true" focusable="false">'
    '<rect width="100%" height="100%" fill="{colour}"/></svg>'
    '<picture><source type="image/webp" srcset="{webp}" sizes="{sizes}">'
    '<img src="{fallback}" srcset="{jpg}" sizes="{sizes}" alt="{alt}" width="320" height="320" decoding="async" {when}>'
    "</picture></div>\n"
)
_STARS = (
    '<svg class="stars" viewBox="0 0 120 24" role="img" aria-label="{said}" focusable="false">'
    '<use href="{icons}#stars" width="120" height="24"></use><svg width="{width}" height="24">'
    '<use class="stars__on" href="{icons}#stars" width="120" height="24"></use></svg></svg>\n'
)


@register.simple_tag
def goods_cards(cards: Iterable[GoodsCard], *, eager: int = 1) -> SafeString:
    """One after the other. The photos of the first ``eager`` are fetched at once, others when they are scrolled to."""
    today = today_in_vietnam()
    root = reverse("product", args=["-"]).removesuffix("-/")  # once for all: a slug needs no quoting
    drawn = (_card(card, root=root, today=today, eager=place < eager) for place, card in enumerate(cards))
    return format_html_join("", "{}", ((one,) for one in drawn))


def _card(card: GoodsCard, *, root: str, today: date, eager: bool) -> SafeString:
    return format_html(
        _CARD, photo=_photo(card.picture, eager=eager), ocop=_ocop(card), root=root, slug=card.slug, name=card.name,
        made_by=card.made_by, rating=_rating(card), offer=_offer(card, today=today),
    )  # fmt: skip


def _photo(picture: CardPicture | None, *, eager: bool) -> SafeString:
    if picture is None:
        return render_to_string(
            "storefront/parts/photo.html", {"picture": None}
        )  # as it is drawn elsewhere: few have none
    webp, jpg, fallback = addresses(picture)
    when = SafeString('fetchpriority="high"' if eager else 'loading="lazy"')
    return format_html(
        _PHOTO, colour=picture.colour, webp=webp, jpg=jpg, fallback=fallback, sizes=ON_CARDS, alt=picture.alt, when=when
    )


def _ocop(card: GoodsCard) -> SafeString:
    if card.stars is None:
        return _NOTHING
    said = _("%(n)s sao") % {"n": card.stars}
    return format_html('<p class="ocop card__ocop"><strong>OCOP</strong> {}</p>', said)


def _rating(card: GoodsCard) -> SafeString:
    average = card.rating_tenths
    if average is None:
        return _NOTHING
    said = _("%(said)s trên 5 sao") % {"said": tenths(average)}
    stars = format_html(_STARS, said=said, icons=static("storefront/icons.svg"), width=f"{average * 2.4:.1f}")
    return format_html(
        '<p class="card__rating">{}{} <span class="muted">({}<span class="visually-hidden"> {}</span>)</span></p>',
        stars, tenths(average), card.review_count, _("nhận xét"),
    )  # fmt: skip


def _offer(card: GoodsCard, *, today: date) -> SafeString:
    """What is left and what it costs; nothing of goods that can be bought in no way."""
    offer, resting_until = card.offer, card.rests_until(on=today)
    if offer is None:
        return _NOTHING
    left = _left(offer) if resting_until is None else _rests(resting_until)
    bag = f" {weight(offer.weight_g)}" if offer.sold_by == PIECE and offer.weight_g else ""
    price = format_html(
        '<p class="price ">{} <span class="price__unit">/ {}{}</span></p>', dong(offer.price_dong), offer.unit_name, bag
    )
    kilogram = per_kg(offer)
    compared = format_html('\n<p class="price-kg">{}/kg</p>', dong(kilogram)) if kilogram else _NOTHING
    return format_html("{}{}{}\n", left, price, compared)


def _rests(until: date) -> SafeString:
    return format_html('<p class="stock stock--none">{}</p>', _("Nghỉ bán đến hết %(day)s") % {"day": day(until)})


def _left(offer: CardOffer) -> SafeString:
    band = shown_at_most(offer)
    if band.is_none:
        return format_html('<p class="stock stock--none">{}</p>\n', _("Tạm hết"))
    left = {"left": shown_quantity(offer, band.measures)}
    if band.is_more:
        return format_html('<p class="stock">{}</p>\n', _("Còn hơn %(left)s") % left)
    few = SafeString(" stock--few") if offer.sold_by == PIECE else _NOTHING
    return format_html('<p class="stock{}">{}</p>\n', few, _("Còn %(left)s") % left)
