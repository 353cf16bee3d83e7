"""Reviews through GraphQL: read by everybody, written by who holds the order's token, answered by the cooperative."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, ModelType, Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from base.text import storable
from cooperatives.doing_once import BadKey
from orders import reviewing
from orders.models import Review, ReviewQuerySet


class ReviewType(ModelType):
    """What somebody said of goods that reached them. A hidden one is there for the cooperative's staff alone."""

    class Meta:
        model = Review
        name = "Review"
        fields = ("stars", "text", "shown_name", "written_at", "changed_at", "reply", "replied_at")

    product_slug = graphene.String(required=True)
    product_name = graphene.String(required=True)
    is_hidden = graphene.Boolean(required=True)
    hidden_reason = graphene.String(description="Null while it is shown.")

    @staticmethod
    def resolve_product_slug(review: Review, _info: ResolveInfo) -> str:
        return review.product.slug

    @staticmethod
    def resolve_product_name(review: Review, _info: ResolveInfo) -> str:
        return review.product.name

    @staticmethod
    def resolve_is_hidden(review: Review, _info: ResolveInfo) -> bool:
        return review.hidden_at is not None

    @staticmethod
    def resolve_hidden_reason(review: Review, _info: ResolveInfo) -> str | None:
        return review.hidden_reason or None


class ReviewQueries(graphene.ObjectType):
    reviews = ConnectionField(
        ReviewType,
        product=graphene.String(description="A product's slug; left out: of all goods that you may see."),
        description="The latest first.",
    )

    @staticmethod
    def resolve_reviews(_root: Any, info: ResolveInfo, product: str | None = None) -> ReviewQuerySet:
        found = Review.objects.visible_to(viewer_of(info)).latest_first().preloaded()
        if product is None:
            return found
        return found.filter(product__slug=product) if storable(product) else found.none()


class ReviewWriteInput(graphene.InputObjectType):
    order_token = graphene.String(required=True)
    product_slug = graphene.String(required=True)
    stars = graphene.Int(required=True, description="1 to 5.")
    text = graphene.String(default_value="")
    shown_name = graphene.String(default_value="", description="As the buyer wants to be called in public, or nothing.")
    idempotency_key = graphene.String(description="Optional: the same words once more change nothing.")


class ReviewWrite(Mutation):
    """Say what goods were like, after they were handed over; within 30 days it can be said anew."""

    class Meta:
        refusals = (
            NotFound, KeyReused, BadKey, reviewing.NotHandedOver, reviewing.StarsMissing, reviewing.TextTooLong,
            reviewing.TooLateToChange,
        )  # fmt: skip

    class Arguments:
        input = ReviewWriteInput(required=True)

    review = graphene.Field(ReviewType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ReviewWrite":
        return cls(
            review=reviewing.review(
                token=input.order_token, product_slug=input.product_slug, stars=input.stars,
                text=input.get("text") or "", shown_name=input.get("shown_name") or "",
                key=input.get("idempotency_key"), at=timezone.now(),
            )
        )  # fmt: skip


class ReviewReplyInput(graphene.InputObjectType):
    review_id = graphene.ID(required=True)
    text = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: the same answer once more changes nothing.")


class ReviewReply(Mutation):
    """Answer for the cooperative, under the review; a later answer replaces it."""

    class Meta:
        refusals = (NotFound, KeyReused, BadKey, reviewing.NothingSaid, reviewing.TextTooLong)

    class Arguments:
        input = ReviewReplyInput(required=True)

    review = graphene.Field(ReviewType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ReviewReply":
        return cls(
            review=reviewing.reply(
                review_id=pk_from_global_id(input.review_id, ReviewType), text=input.text, actor=viewer_of(info),
                key=input.get("idempotency_key"), at=timezone.now(),
            )
        )  # fmt: skip


class ReviewHideInput(graphene.InputObjectType):
    review_id = graphene.ID(required=True)
    reason = graphene.String(required=True, description="Everybody reads it.")
    idempotency_key = graphene.String(description="Optional: hiding what is hidden changes nothing.")


class ReviewHide(Mutation):
    """Take a text from the page, with its reason in its place. Its stars still count. For the manager."""

    class Meta:
        refusals = (NotFound, KeyReused, BadKey, reviewing.NothingSaid, reviewing.TextTooLong)

    class Arguments:
        input = ReviewHideInput(required=True)

    review = graphene.Field(ReviewType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ReviewHide":
        return cls(
            review=reviewing.hide(
                review_id=pk_from_global_id(input.review_id, ReviewType), reason=input.reason, actor=viewer_of(info),
                key=input.get("idempotency_key"), at=timezone.now(),
            )
        )  # fmt: skip


class ReviewShowInput(graphene.InputObjectType):
    review_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: showing what is shown changes nothing.")


class ReviewShow(Mutation):
    """Undo reviewHide."""

    class Meta:
        refusals = (NotFound, KeyReused, BadKey)

    class Arguments:
        input = ReviewShowInput(required=True)

    review = graphene.Field(ReviewType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ReviewShow":
        return cls(
            review=reviewing.show_again(
                review_id=pk_from_global_id(input.review_id, ReviewType), actor=viewer_of(info),
                key=input.get("idempotency_key"), at=timezone.now(),
            )
        )  # fmt: skip


class ReviewMutations(graphene.ObjectType):
    review_write = ReviewWrite.Field()
    review_reply = ReviewReply.Field()
    review_hide = ReviewHide.Field()
    review_show = ReviewShow.Field()
