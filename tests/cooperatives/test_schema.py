"""Organizations, people and income through GraphQL: who sees what, and one query count for one and for three."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import graphene
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from graphql_relay import to_global_id

from cooperatives import signing_in
from cooperatives.baselines import record_baseline
from cooperatives.models import ApiToken, Member
from cooperatives.schema import Mutations, Query
from tests import people
from tests.cooperatives.test_income import sold
from tests.people import PASSWORD, World

pytestmark = pytest.mark.django_db

SCHEMA = graphene.Schema(query=Query, mutation=Mutations)

INCOME = """
query Income($id: ID!, $from: String!, $to: String!) {
  memberIncome(memberId: $id, from: $from, to: $to) {
    member { name number organization { slug } }
    label first last totalDong owedDong paidOutDong baselineDong baselineMethod baselineCovers
    months { month incomeDong }
  }
}
"""
TOKEN = "mutation Token($input: TokenCreateInput!) { tokenCreate(input: $input) { token errors { code } } }"


def run(document: str, viewer: Any = None, **variables: Any) -> Any:
    return SCHEMA.execute(
        document, variables=variables, context_value=SimpleNamespace(viewer=viewer or AnonymousUser())
    )


def ask(document: str, viewer: Any = None, **variables: Any) -> dict[str, Any]:
    result = run(document, viewer, **variables)
    assert result.errors is None, result.errors
    return result.data


def income_of(member: Member, viewer: Any, *, first: str = "2026-02", last: str = "2026-03") -> Any:
    variables = {"id": to_global_id("Member", member.pk), "from": first, "to": last}
    return ask(INCOME, viewer, **variables)["memberIncome"]


# -- Income -----------------------------------------------------------------------------------------------


def test_a_member_reads_her_own_income(world: World) -> None:
    sold(world.member_an, 171_680, date(2026, 3, 2), order=1)
    record_baseline(
        member=world.member_an, monthly_dong=900_000, method="book", covers="10–12/2025", actor=world.manager,
        at=world.now,
    )  # fmt: skip
    assert income_of(world.member_an, world.member_an.user) == {
        "member": {"name": "Nguyễn Thị An", "number": 1, "organization": {"slug": "yen-hoa"}},
        "label": "tiền bán hàng về tay", "first": "2026-02", "last": "2026-03", "totalDong": "171680",
        "owedDong": "171680", "paidOutDong": "0", "baselineDong": "900000", "baselineMethod": "BOOK",
        "baselineCovers": "10–12/2025",
        "months": [{"month": "2026-02", "incomeDong": "0"}, {"month": "2026-03", "incomeDong": "171680"}],
    }  # fmt: skip


def test_an_unknown_baseline_is_null_and_not_0(world: World) -> None:
    seen = income_of(world.member_an, world.member_an.user)
    assert (seen["baselineDong"], seen["baselineMethod"]) == (None, None)


@pytest.mark.parametrize("who", ["manager", "treasurer"])
def test_who_sees_her_cooperatives_money_reads_it(world: World, who: str) -> None:
    assert income_of(world.member_an, getattr(world, who)) is not None


def test_strangers_see_null(world: World) -> None:
    sold(world.member_an, 171_680, date(2026, 3, 2), order=1)
    for stranger in (None, world.buyer, world.clerk, world.other_treasurer):
        assert income_of(world.member_an, stranger) is None
    # Another member of the same cooperative is a stranger too.
    world.member_hoa.user.is_active = True
    assert income_of(world.member_an, world.member_hoa.user) is None


@pytest.mark.parametrize("unknown", ["nonsense", to_global_id("Order", 1), to_global_id("Member", 10**6)])
def test_an_id_that_names_nobody_is_null(world: World, unknown: str) -> None:
    variables = {"id": unknown, "from": "2026-01", "to": "2026-02"}
    assert ask(INCOME, world.treasurer, **variables)["memberIncome"] is None


def test_a_period_that_is_none_is_an_error_with_its_code(world: World) -> None:
    variables = {"id": to_global_id("Member", world.member_an.pk), "from": "2026-05", "to": "2026-02"}
    [error] = run(INCOME, world.treasurer, **variables).errors
    assert error.original_error.code == "BAD_PERIOD"


def test_twelve_months_of_sales_take_as_many_queries_as_one(world: World) -> None:
    sold(world.member_an, 1_000, date(2026, 1, 5), order=1)
    with CaptureQueriesContext(connection) as one:
        income_of(world.member_an, world.treasurer, first="2026-01", last="2026-01")
    for month in range(2, 13):
        sold(world.member_an, 1_000, date(2026, month, 5), order=month)
    with CaptureQueriesContext(connection) as twelve:
        assert income_of(world.member_an, world.treasurer, first="2026-01", last="2026-12")["totalDong"] == "12000"
    assert len(twelve) == len(one) <= 9


# -- People and organizations -----------------------------------------------------------------------------

ME = "{ me { name phone roles { role organization { slug } } memberships { number organization { slug } } } }"


def test_a_guest_is_nobody(world: World) -> None:
    assert ask(ME)["me"] is None


def test_who_am_i(world: World) -> None:
    assert ask(ME, world.treasurer)["me"] == {
        "name": "Phạm Văn Bình", "phone": "0912 000 002", "memberships": [],
        "roles": [{"role": "TREASURER", "organization": {"slug": "yen-hoa"}}],
    }  # fmt: skip
    assert ask(ME, world.member_an.user)["me"]["memberships"] == [{"number": 1, "organization": {"slug": "yen-hoa"}}]


def test_several_roles_take_as_many_queries_as_one(world: World) -> None:
    with CaptureQueriesContext(connection) as one:
        ask(ME, world.treasurer)
    for slug in ("mot", "hai"):
        more = people.organization(slug, slug)
        people.grant(world.treasurer, more, "clerk")
        people.member(world.treasurer, more, number=9)
    with CaptureQueriesContext(connection) as three:
        assert len(ask(ME, world.treasurer)["me"]["roles"]) == 3
    assert len(three) == len(one)


ORGANIZATIONS = "{ organizations { totalCount edges { node { slug name kind sells bills phone } } } }"


def slugs(viewer: Any = None) -> list[str]:
    return [edge["node"]["slug"] for edge in ask(ORGANIZATIONS, viewer)["organizations"]["edges"]]


def test_open_organizations_are_public_and_closed_ones_are_their_staffs(world: World) -> None:
    assert slugs() == ["kim-son", "yen-hoa"]
    world.organization.is_open = False
    world.organization.save()
    assert slugs() == slugs(world.other_treasurer) == ["kim-son"]
    assert slugs(world.clerk) == ["kim-son", "yen-hoa"]
    one = '{ organization(slug: "yen-hoa") { name } }'
    assert ask(one)["organization"] is None
    assert ask(one, world.clerk)["organization"] == {"name": "HTX Nông sản Yên Hòa"}


def test_organizations_come_in_a_fixed_number_of_queries(world: World) -> None:
    with CaptureQueriesContext(connection) as two:
        slugs()
    people.organization("ba", "HTX Ba")
    with CaptureQueriesContext(connection) as three:
        assert len(slugs()) == 3
    assert len(three) == len(two) == 2  # the page and its count


# -- Tokens -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_tries_yet() -> Any:
    cache.clear()
    yield
    cache.clear()


def sign_in(phone: str, password: str, *, address: str = "203.0.113.5") -> tuple[str | None, list[str]]:
    request = RequestFactory().post("/graphql/", REMOTE_ADDR=address)
    result = SCHEMA.execute(TOKEN, variables={"input": {"phone": phone, "password": password}}, context_value=request)
    assert result.errors is None, result.errors
    payload = result.data["tokenCreate"]
    return payload["token"], [error["code"] for error in payload["errors"]]


def test_a_token_names_its_owner_until_it_is_revoked(world: World) -> None:
    token, errors = sign_in("0912 000 002", PASSWORD)
    assert errors == []
    assert token is not None
    stored = ApiToken.objects.get()
    assert token not in stored.digest
    now = stored.created_at
    assert signing_in.user_for_token(token, at=now) == world.treasurer
    assert signing_in.user_for_token(token, at=now + signing_in.TOKEN_LIFE) is None
    revoke = "mutation R($input: TokenRevokeInput!) { tokenRevoke(input: $input) { revoked errors { code } } }"
    assert ask(revoke, input={"token": token})["tokenRevoke"] == {"revoked": True, "errors": []}
    assert signing_in.user_for_token(token, at=now) is None
    assert ask(revoke, input={"token": token})["tokenRevoke"]["errors"] == [{"code": "NOT_FOUND"}]


@pytest.mark.parametrize(
    ("phone", "password"),
    [("0912000002", "sai mật khẩu"), ("0999999999", PASSWORD), ("không phải số", PASSWORD), ("0912000002", "")],
)
def test_one_answer_for_an_unknown_number_and_a_wrong_password(world: World, phone: str, password: str) -> None:
    assert sign_in(phone, password) == (None, ["WRONG_SIGN_IN"])
    assert not ApiToken.objects.exists()


def test_somebody_who_left_cannot_sign_in(world: World) -> None:
    token, _errors = sign_in("0912000002", PASSWORD)
    assert token is not None
    world.treasurer.is_active = False
    world.treasurer.save()
    assert sign_in("0912000002", PASSWORD) == (None, ["WRONG_SIGN_IN"])
    assert signing_in.user_for_token(token, at=ApiToken.objects.get().created_at) is None


def test_tries_are_counted_by_number_wherever_they_come_from(world: World) -> None:
    for number in range(5):
        assert sign_in("0912000002", "sai", address=f"203.0.113.{number}") == (None, ["WRONG_SIGN_IN"])
    assert sign_in("0912000002", PASSWORD, address="203.0.113.99") == (None, ["TOO_MANY_TRIES"])
    # Bình's number is shut for a while; nobody else's is.
    assert sign_in("0912000001", PASSWORD, address="203.0.113.99")[1] == []


def test_tries_are_counted_by_address_whatever_number_they_are_for(world: World) -> None:
    for number in range(10):
        sign_in(f"09120009{number:02}", "sai")
    assert sign_in("0912000002", PASSWORD) == (None, ["TOO_MANY_TRIES"])
