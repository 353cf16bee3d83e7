"""Organizations, people and what members earned, through GraphQL."""

from dataclasses import dataclass
from typing import Any

import graphene
from django.db.models import Q
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, Dong, ModelType, Mutation, pk_from_global_id, viewer_of
from base.periods import today_in_vietnam
from base.refusals import NotFound
from cooperatives import baselines, income, phones, signing_in
from cooperatives.models import Baseline, Member, Organization, OrganizationQuerySet, RoleGrant, User
from cooperatives.models.people import staffed_by

OrganizationKind = graphene.Enum.from_enum(Organization.Kind, name="OrganizationKind", description="A label.")
Role = graphene.Enum.from_enum(RoleGrant.Role, name="Role", description="What a person may do in an organization.")
BaselineMethod = graphene.Enum.from_enum(
    Baseline.Method, name="BaselineMethod", description="How a baseline became known."
)


class OrganizationType(ModelType):
    """A cooperative, a school, a utility: what buyers and payers may read of it."""

    class Meta:
        model = Organization
        name = "Organization"
        fields = (
            "slug", "name", "sells", "bills", "is_demo", "about", "representative", "tax_code", "phone", "address",
            "commune_name", "province_name",
        )  # fmt: skip

    kind = graphene.Field(OrganizationKind, required=True)


class MemberType(ModelType):
    """A membership. For herself and the staff of her organization."""

    class Meta:
        model = Member
        name = "Member"
        fields = ("organization", "number", "hamlet", "joined_on", "left_on")

    name = graphene.String(required=True)

    @staticmethod
    def resolve_name(member: Member, _info: ResolveInfo) -> str:
        return member.user.name


class RoleGrantType(graphene.ObjectType):
    """A role that somebody holds today."""

    class Meta:
        name = "RoleGrant"

    organization = graphene.Field(OrganizationType, required=True)
    role = graphene.Field(Role, required=True)


class Me(graphene.ObjectType):
    """The person who asks."""

    name = graphene.String(required=True)
    phone = graphene.String(description="As it is written here: 0912 345 678.")
    roles = graphene.List(graphene.NonNull(RoleGrantType), required=True)
    memberships = graphene.List(graphene.NonNull(MemberType), required=True)

    @staticmethod
    def resolve_phone(me: User, _info: ResolveInfo) -> str | None:
        return phones.shown(me.phone) or None

    @staticmethod
    def resolve_roles(me: User, _info: ResolveInfo) -> Any:
        return me.roles.live(on=today_in_vietnam()).select_related("organization").order_by("organization_id", "role")

    @staticmethod
    def resolve_memberships(me: User, _info: ResolveInfo) -> Any:
        return me.memberships.select_related("organization", "user").order_by("organization_id")


class MonthIncomeType(graphene.ObjectType):
    class Meta:
        name = "MonthIncome"
        description = "One month by the clock of Việt Nam. A return corrects the month of its sale."

    month = graphene.String(required=True, description="2026-03")
    income_dong = Dong(required=True)


@dataclass(frozen=True)
class _Income:
    member: Member
    first: str
    last: str
    months: list[income.MonthIncome]
    baseline: Baseline | None


class MemberIncome(graphene.ObjectType):
    """What one member (n = 1) earned in a period, read from the books. Her own costs are not known here."""

    member = graphene.Field(MemberType, required=True)
    label = graphene.String(required=True, description='What these sums are: "tiền bán hàng về tay", before her costs.')
    first = graphene.String(required=True, description="The first month.")
    last = graphene.String(required=True, description="The last month, included.")
    months = graphene.List(graphene.NonNull(MonthIncomeType), required=True)
    total_dong = Dong(required=True, description="Σ of the months.")
    owed_dong = Dong(required=True, description="What the organization owes her now, whatever the period.")
    paid_out_dong = Dong(required=True, description="What she has been paid so far, whatever the period.")
    baseline_dong = Dong(description="A month, before she joined, from the same goods. Null: unknown, which is not 0.")
    baseline_method = graphene.Field(BaselineMethod, description="How that became known.")
    baseline_covers = graphene.String(description="Which months that speaks of.")

    @staticmethod
    def resolve_label(_read: _Income, _info: ResolveInfo) -> str:
        return str(income.LABEL)

    @staticmethod
    def resolve_total_dong(read: _Income, _info: ResolveInfo) -> int:
        return sum(month.income_dong for month in read.months)

    @staticmethod
    def resolve_owed_dong(read: _Income, _info: ResolveInfo) -> int:
        return income.owed_dong(member=read.member)

    @staticmethod
    def resolve_paid_out_dong(read: _Income, _info: ResolveInfo) -> int:
        return income.paid_out_dong(member=read.member)

    @staticmethod
    def resolve_baseline_dong(read: _Income, _info: ResolveInfo) -> int | None:
        return read.baseline.monthly_dong if read.baseline else None

    @staticmethod
    def resolve_baseline_method(read: _Income, _info: ResolveInfo) -> str | None:
        return read.baseline.method if read.baseline else None

    @staticmethod
    def resolve_baseline_covers(read: _Income, _info: ResolveInfo) -> str | None:
        return read.baseline.covers if read.baseline else None


class Query(graphene.ObjectType):
    me = graphene.Field(Me, description="Null for a guest.")
    organization = graphene.Field(OrganizationType, slug=graphene.String(required=True))
    organizations = ConnectionField(OrganizationType, description="Those that are open, and those where one is staff.")
    member_income = graphene.Field(
        MemberIncome,
        member_id=graphene.ID(required=True),
        **{
            "from": graphene.String(required=True, description="2026-01"),
            "to": graphene.String(required=True, description="2026-12, included; at most 120 months."),
        },
        description="For the member herself, and who may see her organization's money; null for everybody else.",
    )

    @staticmethod
    def resolve_me(_root: Any, info: ResolveInfo) -> User | None:
        viewer = viewer_of(info)
        return viewer if viewer.is_authenticated else None

    @staticmethod
    def resolve_organization(_root: Any, info: ResolveInfo, slug: str) -> Organization | None:
        return _visible_organizations(viewer_of(info)).filter(slug=slug).first()

    @staticmethod
    def resolve_organizations(_root: Any, info: ResolveInfo) -> OrganizationQuerySet:
        return _visible_organizations(viewer_of(info)).order_by("name", "pk")

    @staticmethod
    def resolve_member_income(_root: Any, info: ResolveInfo, member_id: str, **period: str) -> _Income | None:
        visible = income.readable_by(viewer_of(info), on=today_in_vietnam()).select_related("organization", "user")
        try:
            member = visible.filter(pk=pk_from_global_id(member_id, MemberType)).first()
        except NotFound:
            return None
        if member is None:
            return None
        first, last = period["from"], period["to"]
        months = income.months(member=member, first=first, last=last)
        return _Income(member, first, last, months, baselines.current_baseline(member=member))


def _visible_organizations(viewer: Any) -> OrganizationQuerySet:
    if not getattr(viewer, "is_authenticated", False):
        return Organization.objects.public()
    return Organization.objects.filter(Q(is_open=True) | Q(pk__in=staffed_by(viewer)))


class TokenCreateInput(graphene.InputObjectType):
    phone = graphene.String(required=True)
    password = graphene.String(required=True)


class TokenCreate(Mutation):
    """A bearer token for 30 days, shown this once. Tries are counted by address and by number."""

    class Meta:
        refusals = (signing_in.WrongSignIn, signing_in.TooManyTries)

    class Arguments:
        input = TokenCreateInput(required=True)

    token = graphene.String()

    @classmethod
    def perform(cls, info: ResolveInfo, input: TokenCreateInput) -> "TokenCreate":
        token, _user = signing_in.create_token(
            request=info.context, phone=input.phone, password=input.password, at=timezone.now()
        )
        return cls(token=token)


class TokenRevokeInput(graphene.InputObjectType):
    token = graphene.String(required=True)


class TokenRevoke(Mutation):
    """End a token. Whoever holds it may; ending it again is refused as not found."""

    class Meta:
        refusals = (NotFound,)

    class Arguments:
        input = TokenRevokeInput(required=True)

    revoked = graphene.Boolean()

    @classmethod
    def perform(cls, _info: ResolveInfo, input: TokenRevokeInput) -> "TokenRevoke":
        if not signing_in.revoke_token(input.token, at=timezone.now()):
            raise NotFound(field="token")
        return cls(revoked=True)


class Mutations(graphene.ObjectType):
    token_create = TokenCreate.Field()
    token_revoke = TokenRevoke.Field()
