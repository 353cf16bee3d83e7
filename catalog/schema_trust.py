"""What makes a stranger trust goods, written through GraphQL: OCOP stars, a member's face, the season."""

import base64
import binascii
from typing import Any

import graphene
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound, Refused
from catalog import certifying, pictures, portraits, seasons, wording
from catalog.lots import NotAMemberHere
from catalog.schema_types import OcopCertificateType, PortraitType, ProductType
from cooperatives.doing_once import BadKey


class BadImage(Refused):
    """The picture is not base64."""

    code = "BAD_IMAGE"
    sentence = _("Không đọc được ảnh gửi lên.")


class OcopCertificateRecordInput(graphene.InputObjectType):
    product_id = graphene.ID(required=True)
    stars = graphene.Int(required=True, description="3, 4 or 5.")
    decision = graphene.String(required=True, description="The decision's number, as on the paper.")
    issuer = graphene.String(required=True)
    issued_on = graphene.Date(required=True)
    expires_on = graphene.Date(required=True, description="The stars are gone on this day.")
    idempotency_key = graphene.String(required=True)


class OcopCertificateRecord(Mutation):
    """Write down the decision that gave a product its stars. For the manager and the treasurer, from the paper."""

    class Meta:
        refusals = (
            NotFound, KeyReused, BadKey, certifying.BadStars, certifying.NoDecision, certifying.BadDays,
            certifying.DecisionRecorded, wording.TooLong,
        )  # fmt: skip

    class Arguments:
        input = OcopCertificateRecordInput(required=True)

    ocop_certificate = graphene.Field(OcopCertificateType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OcopCertificateRecord":
        return cls(
            ocop_certificate=certifying.record_certificate(
                product_id=pk_from_global_id(input.product_id, ProductType), stars=input.stars, decision=input.decision,
                issuer=input.issuer, issued_on=input.issued_on, expires_on=input.expires_on, actor=viewer_of(info),
                key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


class OcopCertificateWithdrawInput(graphene.InputObjectType):
    ocop_certificate_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: a second time changes nothing.")


class OcopCertificateWithdraw(Mutation):
    """Take stars away at once: recorded by mistake, or taken back by who issued them."""

    class Meta:
        refusals = (NotFound,)

    class Arguments:
        input = OcopCertificateWithdrawInput(required=True)

    ocop_certificate = graphene.Field(OcopCertificateType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OcopCertificateWithdraw":
        return cls(
            ocop_certificate=certifying.withdraw_certificate(
                certificate_id=pk_from_global_id(input.ocop_certificate_id, OcopCertificateType),
                actor=viewer_of(info), at=timezone.now(),
            )
        )  # fmt: skip


class ProductSeasonSetInput(graphene.InputObjectType):
    product_id = graphene.ID(required=True)
    first_month = graphene.Int(description="1 to 12; both null: goods of the whole year.")
    last_month = graphene.Int(description="1 to 12; before the first one where the season runs over the new year.")
    idempotency_key = graphene.String(description="Optional: saying the same again changes nothing.")


class ProductSeasonSet(Mutation):
    """Say in which months goods are at their best."""

    class Meta:
        refusals = (NotFound, seasons.BadSeason)

    class Arguments:
        input = ProductSeasonSetInput(required=True)

    product = graphene.Field(ProductType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ProductSeasonSet":
        return cls(
            product=seasons.set_season(
                product_id=pk_from_global_id(input.product_id, ProductType), first=input.get("first_month"),
                last=input.get("last_month"), actor=viewer_of(info), at=timezone.now(),
            )
        )  # fmt: skip


class PortraitRecordInput(graphene.InputObjectType):
    member_id = graphene.ID(required=True)
    image_base64 = graphene.String(required=True, description="Small files; the page at /desk/ takes large ones.")
    wording = graphene.String(required=True, description="Which text of consent she was read and agreed to.")
    consented_on = graphene.Date(required=True)
    witness = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class PortraitRecord(Mutation):
    """Show a member's face, which she agreed to. For the manager and the treasurer."""

    class Meta:
        refusals = (
            NotFound, KeyReused, BadKey, NotAMemberHere, BadImage, portraits.OtherWording, portraits.BadConsentDay,
            pictures.NotAnImage, pictures.TooHeavy, pictures.TooManyPixels, pictures.TooSmall,
        )  # fmt: skip

    class Arguments:
        input = PortraitRecordInput(required=True)

    portrait = graphene.Field(PortraitType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "PortraitRecord":
        try:
            data = base64.b64decode(input.image_base64, validate=True)
        except (binascii.Error, ValueError):
            raise BadImage(field="image_base64") from None
        return cls(
            portrait=portraits.record_portrait(
                member_id=pk_from_global_id(input.member_id, "Member"), data=data, wording=input.wording,
                consented_on=input.consented_on, witness=input.get("witness") or "", actor=viewer_of(info),
                key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


class PortraitWithdrawInput(graphene.InputObjectType):
    member_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: a second time changes nothing.")


class PortraitWithdraw(Mutation):
    """Take a member's face from every page and its files from the disk. For herself, the manager and the treasurer."""

    class Meta:
        refusals = (NotFound,)

    class Arguments:
        input = PortraitWithdrawInput(required=True)

    withdrawn = graphene.Boolean()

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "PortraitWithdraw":
        member_id = pk_from_global_id(input.member_id, "Member")
        portraits.withdraw_portrait(member_id=member_id, actor=viewer_of(info), at=timezone.now())
        return cls(withdrawn=True)


class TrustMutations(graphene.ObjectType):
    product_season_set = ProductSeasonSet.Field()
    ocop_certificate_record = OcopCertificateRecord.Field()
    ocop_certificate_withdraw = OcopCertificateWithdraw.Field()
    portrait_record = PortraitRecord.Field()
    portrait_withdraw = PortraitWithdraw.Field()
