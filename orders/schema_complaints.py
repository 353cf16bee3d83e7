"""Complaints through GraphQL: written by anybody, read by who has the token, answered and decided by staff."""

from typing import Any

import graphene
from allauth.account.adapter import get_adapter
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, ModelType, Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from cooperatives.models import User
from orders import complaining
from orders.complaining import ComplaintClosed, TextMissing, TextTooLong, TooManyComplaints, TooManyMessages
from orders.models import Complaint, ComplaintMessage
from orders.models.complaints import ComplaintQuerySet

_TOKEN_LENGTH = 43

ComplaintAbout = graphene.Enum.from_enum(Complaint.About, name="ComplaintAbout", description="What it is about.")


class ComplaintMessageType(ModelType):
    """One thing said."""

    class Meta:
        model = ComplaintMessage
        name = "ComplaintMessage"
        fields = ("text", "written_at")

    answered_by = graphene.String(description="The name of the person who answers; null: who complained.")

    @staticmethod
    def resolve_answered_by(message: ComplaintMessage, _info: ResolveInfo) -> str | None:
        return message.written_by.name if message.written_by else None


class ComplaintType(ModelType):
    """Whoever has its token reads it, and the organization's staff. The phone stands at the desk alone."""

    class Meta:
        model = Complaint
        name = "Complaint"
        fields = (
            "number", "organization", "name", "written_at", "answer_by", "answered_at", "closed_at", "decision",
            "messages",
        )  # fmt: skip

    about = graphene.Field(ComplaintAbout, required=True)
    order_number = graphene.String(description="Of the order that it is tied to.")

    @staticmethod
    def resolve_order_number(complaint: Complaint, _info: ResolveInfo) -> str | None:
        return complaint.order.number if complaint.order else None


class ComplaintQueries(graphene.ObjectType):
    complaint = graphene.Field(
        ComplaintType, token=graphene.String(required=True), description="Null when no complaint has it."
    )
    complaints = ConnectionField(
        ComplaintType,
        closed=graphene.Boolean(default_value=False),
        description="For the organization's staff: those that wait, the one due first on top; or the decided ones.",
    )

    @staticmethod
    def resolve_complaint(_root: Any, _info: ResolveInfo, token: str) -> Complaint | None:
        if len(token) != _TOKEN_LENGTH or not token.isascii() or not token.isprintable():
            return None
        return Complaint.objects.preloaded().filter(token=token).first()

    @staticmethod
    def resolve_complaints(_root: Any, info: ResolveInfo, closed: bool = False) -> ComplaintQuerySet:
        visible = Complaint.objects.visible_to(viewer_of(info)).preloaded()
        return visible.closed() if closed else visible.waiting()


class ComplaintWriteInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="The slug of an open organization.")
    about = ComplaintAbout(required=True)
    text = graphene.String(required=True)
    name = graphene.String(required=True)
    phone = graphene.String(required=True)
    order_number = graphene.String(default_value="", description="Tied to the order where the phone is the order's.")
    idempotency_key = graphene.String(description="Optional: the same words once more change nothing.")


class ComplaintWrite(Mutation):
    """Complain, without an account. The answer is promised by ``answerBy``, counted in working days."""

    class Meta:
        refusals = (*complaining.REFUSALS, KeyReused, BadKey)

    class Arguments:
        input = ComplaintWriteInput(required=True)

    complaint = graphene.Field(ComplaintType)
    token = graphene.String(description="For the writer alone: whoever has it reads it and writes on.")

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ComplaintWrite":
        written = complaining.write(
            organization_slug=input.organization, about=Complaint.About(input.about), text=input.text, name=input.name,
            phone=input.phone, order_number=input.get("order_number") or "", address=_address(info),
            key=input.get("idempotency_key"), at=timezone.now(),
        )  # fmt: skip
        return cls(complaint=written, token=written.token)


class ComplaintSayInput(graphene.InputObjectType):
    token = graphene.String(required=True)
    text = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: the same words once more change nothing.")


class ComplaintSay(Mutation):
    """Write more, as who complained."""

    class Meta:
        refusals = (
            NotFound, KeyReused, BadKey, TextMissing, TextTooLong, ComplaintClosed, TooManyMessages, TooManyComplaints,
        )  # fmt: skip

    class Arguments:
        input = ComplaintSayInput(required=True)

    complaint = graphene.Field(ComplaintType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ComplaintSay":
        return cls(
            complaint=complaining.say(
                token=input.token, text=input.text, address=_address(info), key=input.get("idempotency_key"),
                at=timezone.now(),
            )
        )  # fmt: skip


class ComplaintAnswerInput(graphene.InputObjectType):
    complaint_id = graphene.ID(required=True)
    text = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: the same words once more change nothing.")


class ComplaintAnswer(Mutation):
    """Answer for the organization; who complained is told."""

    class Meta:
        refusals = (NotFound, KeyReused, BadKey, TextMissing, TextTooLong, ComplaintClosed, TooManyMessages)

    class Arguments:
        input = ComplaintAnswerInput(required=True)

    complaint = graphene.Field(ComplaintType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ComplaintAnswer":
        return cls(
            complaint=complaining.answer(
                complaint_id=pk_from_global_id(input.complaint_id, ComplaintType), text=input.text,
                actor=_signed_in(info), key=input.get("idempotency_key"), at=timezone.now(),
            )
        )  # fmt: skip


class ComplaintCloseInput(graphene.InputObjectType):
    complaint_id = graphene.ID(required=True)
    decision = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: the same decision once more changes nothing.")


class ComplaintClose(Mutation):
    """Decide, and close it. For manager and treasurer."""

    class Meta:
        refusals = (NotFound, KeyReused, BadKey, TextMissing, TextTooLong, ComplaintClosed)

    class Arguments:
        input = ComplaintCloseInput(required=True)

    complaint = graphene.Field(ComplaintType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ComplaintClose":
        return cls(
            complaint=complaining.close(
                complaint_id=pk_from_global_id(input.complaint_id, ComplaintType), decision=input.decision,
                actor=_signed_in(info), key=input.get("idempotency_key"), at=timezone.now(),
            )
        )  # fmt: skip


class ComplaintMutations(graphene.ObjectType):
    complaint_write = ComplaintWrite.Field()
    complaint_say = ComplaintSay.Field()
    complaint_answer = ComplaintAnswer.Field()
    complaint_close = ComplaintClose.Field()


def _address(info: ResolveInfo) -> str:
    """Where it comes from, as sign-in counts it: behind our own proxies what they say, else who is connected."""
    return str(get_adapter(info.context).get_client_ip(info.context))


def _signed_in(info: ResolveInfo) -> User:
    """The viewer, for what only staff may do."""
    viewer = viewer_of(info)
    if not isinstance(viewer, User):
        raise NotFound()
    return viewer
