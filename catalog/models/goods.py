"""Products, variants, lots, photos, and the fee rate of each category."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from cooperatives.models import Member, Organization, User
from cooperatives.models.people import staffed_by


class Category(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class CategoryFee(models.Model):
    """What a cooperative keeps of a category's sales, in basis points (7.2 % = 720)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="category_fees")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="fees")
    fee_bp = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "category"], name="category_fee_once"),
            models.CheckConstraint(condition=Q(fee_bp__lte=10_000), name="category_fee_at_most_all"),
        ]


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, viewer: Any) -> ProductQuerySet:
        """Published goods of open shops for everybody; drafts for the staff of their organization."""
        public = Q(state=Product.State.PUBLISHED, organization__is_open=True, organization__sells=True)
        if not getattr(viewer, "is_authenticated", False):
            return self.filter(public)
        return self.filter(public | Q(organization__in=staffed_by(viewer)))

    def published(self) -> ProductQuerySet:
        return self.filter(state=Product.State.PUBLISHED, organization__is_open=True, organization__sells=True)

    def in_season(self, *, month: int) -> ProductQuerySet:
        """What ``Product.is_in_season`` says yes to; ``month`` 1 to 12."""
        within_a_year = Q(season_from__lte=F("season_to")) & Q(season_from__lte=month, season_to__gte=month)
        over_new_year = Q(season_from__gt=F("season_to")) & (Q(season_from__lte=month) | Q(season_to__gte=month))
        return self.filter(within_a_year | over_new_year)

    def preloaded(self) -> ProductQuerySet:
        """Everything a list or a page of products reads, stars, faces and ratings too, in five queries."""
        related = self.select_related("organization", "category", "maker__user")
        return related.prefetch_related("variants", "photos", "certificates", "maker__portraits").rated()

    def rated(self) -> ProductQuerySet:
        """With ``review_stars`` (their sum) and ``review_count``, counted only for the rows that are read.

        Reviews live a floor above; asking by the name of the relation imports nothing from there. Hidden reviews
        count: hiding a text takes away no star.
        """
        itself = Product.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
        counted, summed = itself.annotate(n=Count("reviews")).values("n"), itself.annotate(n=Sum("reviews__stars"))
        return self.annotate(review_count=Subquery(counted), review_stars=Coalesce(Subquery(summed.values("n")), 0))


class Product(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("nháp")
        PUBLISHED = "published", _("đang bán")
        WITHDRAWN = "withdrawn", _("đã gỡ")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    maker = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="products",
        help_text="Who makes it, where one member does; pooled goods have none.",
    )  # fmt: skip
    season_from = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="First month of its season, 1 to 12."
    )
    season_to = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Last month; before the first one where the season runs over the new year."
    )
    rests_until = models.DateField(null=True, blank=True, help_text="Last day of a rest: not sold till then.")
    storage = models.CharField(max_length=200, blank=True, help_text="How to keep it; printed on the label.")
    allergens = models.CharField(max_length=200, blank=True, help_text="What some people must not eat; on the label.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(season_from__isnull=True, season_to__isnull=True)
                | Q(season_from__gte=1, season_from__lte=12, season_to__gte=1, season_to__lte=12),
                name="product_season_months",
            )
        ]
        indexes = [models.Index(fields=["organization", "state"], name="product_by_state")]

    def __str__(self) -> str:
        return self.name

    # What ProductQuerySet.rated writes on each row.
    review_count: int
    review_stars: int

    @property
    def rating_tenths(self) -> int | None:
        """The average of its stars in tenths, half up: 48 is 4.8. None without reviews. Needs ``rated()``."""
        if not self.review_count:
            return None
        return (20 * self.review_stars + self.review_count) // (2 * self.review_count)

    def is_in_season(self, *, month: int) -> bool:
        """Whether ``month`` (1 to 12) lies in its season; goods of the whole year have none."""
        if self.season_from is None or self.season_to is None:
            return False
        if self.season_from <= self.season_to:
            return self.season_from <= month <= self.season_to
        return month >= self.season_from or month <= self.season_to

    def publish(self, *, at: datetime) -> None:
        """For sale, from a draft or again after it was withdrawn."""
        assert self.state != self.State.PUBLISHED
        self.state, self.published_at, self.withdrawn_at = self.State.PUBLISHED, at, None
        self.save(update_fields=["state", "published_at", "withdrawn_at"])

    def withdraw(self, *, at: datetime) -> None:
        """Off the shop; what was promised stays promised."""
        assert self.state != self.State.WITHDRAWN
        self.state, self.withdrawn_at = self.State.WITHDRAWN, at
        self.save(update_fields=["state", "withdrawn_at"])


class Variant(models.Model):
    """What one buys: sold by piece or by weight. Quantities are whole measures: pieces, or grams.

    ``price_dong`` is for ``unit`` measures: 1 piece, or 1,000 g (docs/prices-and-shares.md §1).
    """

    class SoldBy(models.TextChoices):
        PIECE = "piece", _("theo gói, cái")
        WEIGHT = "weight", _("theo cân")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    name = models.CharField(max_length=60, help_text="gói 200 g, rời")
    sold_by = models.CharField(max_length=6, choices=SoldBy)
    unit_name = models.CharField(max_length=20, help_text="gói, hộp, kg: what the price is for")
    unit = models.PositiveIntegerField(help_text="Measures that one price is for: 1 piece or 1000 g.")
    step = models.PositiveIntegerField(default=1, help_text="Smallest difference one can buy, in measures.")
    price_dong = models.BigIntegerField(help_text="For one unit, whole đồng.")
    weight_g = models.PositiveIntegerField(null=True, blank=True, help_text="Net weight of one piece.")
    gtin = models.CharField(max_length=14, blank=True, help_text="The number under its bar code, where it has one.")
    position = models.PositiveSmallIntegerField(default=0)
    on_hand = models.PositiveBigIntegerField(default=0, help_text="Measures in lots that are left.")
    reserved = models.PositiveBigIntegerField(default=0, help_text="Measures promised to placed orders.")

    class Meta:
        ordering = ("position", "id")  # a product's few variants, in the order the seller gave them
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="variant_name_once"),
            models.CheckConstraint(condition=Q(price_dong__gte=1, price_dong__lte=MAX_DONG), name="variant_price"),
            models.CheckConstraint(condition=Q(unit__gte=1, step__gte=1), name="variant_unit"),
            # Never oversold, whatever code runs: the last word is the database's.
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="variant_never_oversold"),
            models.CheckConstraint(condition=Q(reserved__gte=0, on_hand__gte=0), name="variant_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.product.name}, {self.name}"

    @property
    def available(self) -> int:
        """Measures that can still be promised."""
        return self.on_hand - self.reserved


class LotQuerySet(models.QuerySet["Lot"]):
    def visible_to(self, viewer: Any) -> LotQuerySet:
        """Staff of the organization, and the member who brought it in."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(Q(variant__product__organization__in=staffed_by(viewer)) | Q(member__user=viewer))

    def here(self) -> LotQuerySet:
        """Goods that can be taken now: brought, and really there."""
        return self.filter(left__gt=F("missing")).filter(Q(expected_on=None) | Q(brought_at__isnull=False))

    def promised(self) -> LotQuerySet:
        """Still to be brought."""
        return self.filter(expected_on__isnull=False, brought_at=None, left__gt=0)


class Lot(models.Model):
    """What one member brought in on one day; pooled goods keep their owners. ``member`` null: own goods."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="lots")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="lots")
    code = models.CharField(max_length=20, help_text="Printed on the label: day and number.")
    trace = models.CharField(max_length=10, blank=True, help_text="In its label's QR: random; lots cannot be counted.")
    expected_on = models.DateField(null=True, blank=True, help_text="Promised for this day; null: brought at once.")
    brought_at = models.DateTimeField(null=True, help_text="When a promised lot really came.")
    quantity = models.PositiveBigIntegerField(help_text="Measures brought in.")
    left = models.PositiveBigIntegerField(help_text="Measures not yet handed over.")
    missing = models.PositiveBigIntegerField(
        default=0, help_text="Of what is left, measures promised to orders that did not come, or are not there."
    )
    made_on = models.DateField(null=True, blank=True)
    best_before = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "code"], name="lot_code_once"),
            models.UniqueConstraint(fields=["trace"], condition=~Q(trace=""), name="lot_trace_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="lot_not_empty"),
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("quantity")), name="lot_left"),
            models.CheckConstraint(condition=Q(missing__gte=0, missing__lte=F("left")), name="lot_missing"),
        ]
        indexes = [models.Index(fields=["variant", "received_at", "id"], name="lot_first_in")]

    @property
    def is_here(self) -> bool:
        """Brought at once, or on the day for which it was promised."""
        return self.expected_on is None or self.brought_at is not None


class Photo(models.Model):
    """A picture, checked and re-encoded. Files: photos/<name>-{160,320,640}.{webp,jpg}."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="photos")
    name = models.CharField(max_length=40, unique=True, help_text="Random; says nothing of the upload.")
    alt = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    colour = models.CharField(max_length=7, help_text="#rrggbb shown while it loads.")
    is_drawn = models.BooleanField(default=False, help_text="An illustration, and labelled as one.")
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("position", "id")  # the few pictures of one product, the first is its face

    def path(self, size: int, kind: str) -> str:
        """Path below MEDIA of one rendition; ``size`` 160, 320 or 640, ``kind`` webp or jpg."""
        return f"photos/{self.name}-{size}.{kind}"

    def url(self, size: int, kind: str) -> str:
        """Address of one rendition, for ``src`` and ``srcset``."""
        return default_storage.url(self.path(size, kind))
