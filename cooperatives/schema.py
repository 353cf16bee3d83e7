"""Organizations, people and members' income through GraphQL, and API tokens."""

from typing import Any

import graphene
from django.core.cache import cache
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, Dong, ModelType, Mutation, pk_from_global_id, viewer_of
from base.periods import today_in_vietnam
from base.refusals import NotFound
from cooperatives import baselines, income, signing_in
from cooperatives.models import Member, Organization, OrganizationQuerySet, RoleGrant, User

OrganizationKind = graphene.Enum.from_enum(
    Organization.Kind, name="OrganizationKind", description="A label; what it may do is in sells and bills."
)
RoleName = graphene.Enum.from_enum(RoleGrant.Role, name="Role", description="What a person may do in one organization.")

# Tries of tokenCreate, counted over all processes: per number and per address.
TRIES, WINDOW_SECONDS = 10, 600


class OrganizationType(ModelType):
    """Who sells or bills: what buyers must be able to read."""

    class Meta:
        model = Organization
        name = "Organization"
        fields = (
            "slug", "name", "sells", "bills", "about", "representative", "tax_code", "phone", "address",
            "commune_name", "province_name", "is_demo",
        )  # fmt: skip

    kind = graphene.Field(OrganizationKind, required=True)


class MemberType(ModelType):
    """A person's membership: for herself and the staff of her organization."""

    class Meta:
        model = Member
        name = "Member"
        fields = ("number", "hamlet", "joined_on", "organization")

    name = graphene.String(required=True)

    @staticmethod
    def resolve_name(member: Member, _info: ResolveInfo) -> str:
        return member.user.name


class RoleGrantType(graphene.ObjectType):
    """One role of the viewer."""

    class Meta:
        name = "RoleGrant"

    role = graphene.Field(RoleName, required=True)
    organization = graphene.Field(OrganizationType, required=True)


class MeType(ModelType):
    """The viewer."""

    class Meta:
        model = User
        name = "Me"
        fields = ("name", "phone")

    roles = graphene.List(graphene.NonNull(RoleGrantType), required=True)
    memberships = graphene.List(graphene.NonNull(MemberType), required=True)

    @staticmethod
    def resolve_roles(user: User, _info: ResolveInfo) -> Any:
        return RoleGrant.objects.filter(user=user).live(on=today_in_vietnam()).select_related("organization")

    @staticmethod
    def resolve_memberships(user: User, _info: ResolveInfo) -> Any:
        return Member.objects.filter(user=user).select_related("organization", "user")


class MonthIncomeType(graphene.ObjectType):
    """One month's *tiền bán hàng về tay*: from goods handed over and accepted, after what the cooperative keeps."""

    class Meta:
        name = "MonthIncome"

    month = graphene.String(required=True, description="2026-03")
    income_dong = Dong(required=True)


class MemberIncomeType(graphene.ObjectType):
    """Read from the books, month by month."""

    class Meta:
        name = "MemberIncome"

    member = graphene.Field(MemberType, required=True)
    label = graphene.String(required=True, description="What the figure is called; costs are not taken off.")
    months = graphene.List(graphene.NonNull(MonthIncomeType), required=True)
    total_dong = Dong(required=True, description="Over the months asked for.")
    owed_dong = Dong(required=True, description="What the cooperative owes her now.")
    paid_out_dong = Dong(required=True)
    baseline_dong = Dong(description="A month, before joining; null where nobody has asked her.")
    baseline_method = graphene.String()
    baseline_covers = graphene.String()


class Query(graphene.ObjectType):
    me = graphene.Field(MeType, description="Null for guests.")
    organization = graphene.Field(OrganizationType, slug=graphene.String(required=True))
    organizations = ConnectionField(OrganizationType, description="Those whose shop or price list is open, by name.")
    member_income = graphene.Field(
        MemberIncomeType,
        args={
            "member_id": graphene.ID(required=True),
            "from": graphene.String(required=True),
            "to": graphene.String(required=True),
        },
        description="For herself and the staff of her cooperative; null for everybody else. At most 120 months.",
    )

    @staticmethod
    def resolve_me(_root: Any, info: ResolveInfo) -> User | None:
        viewer = viewer_of(info)
        return viewer if viewer.is_authenticated else None

    @staticmethod
    def resolve_organization(_root: Any, _info: ResolveInfo, slug: str) -> Organization | None:
        return Organization.objects.public().filter(slug=slug).first()

    @staticmethod
    def resolve_organizations(_root: Any, _info: ResolveInfo) -> OrganizationQuerySet:
        return Organization.objects.public().order_by("name", "id")

    @staticmethod
    def resolve_member_income(
        _root: Any, info: ResolveInfo, member_id: str, **period: str
    ) -> MemberIncomeType | None:
        visible = Member.objects.visible_to(viewer_of(info)).select_related("organization", "user")
        try:
            member = visible.filter(pk=pk_from_global_id(member_id, MemberType)).first()
        except NotFound:
            return None
        if member is None:
            return None
        months = income.months(member=member, first=period["from"], last=period["to"])
        baseline = baselines.current_baseline(member=member)
        return MemberIncomeType(
            member=member, label=income.LABEL, months=months, total_dong=sum(month.income_dong for month in months),
            owed_dong=income.owed_dong(member=member), paid_out_dong=income.paid_out_dong(member=member),
            baseline_dong=baseline.monthly_dong if baseline else None,
            baseline_method=baseline.get_method_display() if baseline else None,
            baseline_covers=baseline.covers if baseline else None,
        )  # fmt: skip


class TokenCreateInput(graphene.InputObjectType):
    phone = graphene.String(required=True)
    password = graphene.String(required=True)


class TokenCreate(Mutation):
    """An opaque bearer token, shown once; 30 days, revocable."""

    class Meta:
        refusals = (signing_in.WrongSignIn, signing_in.TooManyTries)

    class Arguments:
        input = TokenCreateInput(required=True)

    token = graphene.String()

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "TokenCreate":
        for who in (f"phone:{input.phone[:24]}", f"address:{info.context.META.get('REMOTE_ADDR', '')}"):
            _count_try(who)
        token, _user = signing_in.create_token(phone=input.phone, password=input.password, at=timezone.now())
        return cls(token=token)


class TokenRevokeInput(graphene.InputObjectType):
    token = graphene.String(required=True)


class TokenRevoke(Mutation):
    """End a token. Revoking what is no token is "not found"."""

    class Meta:
        refusals = (NotFound,)

    class Arguments:
        input = TokenRevokeInput(required=True)

    revoked = graphene.Boolean()

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "TokenRevoke":
        if not signing_in.revoke_token(input.token, at=timezone.now()):
            raise NotFound(field="token")
        return cls(revoked=True)


class Mutations(graphene.ObjectType):
    token_create = TokenCreate.Field()
    token_revoke = TokenRevoke.Field()


def _count_try(who: str) -> None:
    """Raises TooManyTries above the limit. Counted also for right passwords: a door counts knocks."""
    key = f"token-tries:{who}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        tries = cache.incr(key)
    except ValueError:  # expired between the two calls
        cache.set(key, 1, WINDOW_SECONDS)
        tries = 1
    if tries > TRIES:
        raise signing_in.TooManyTries()
