"""A small schema behind the real view: what the tests of the door talk to."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import graphene
from django.urls import path

from base.graphql import Dong, viewer_of
from base.refusals import NotFound
from shop.graphql_view import graphql_view

SECRET = "mật khẩu hunter2"


class Queries(graphene.ObjectType):
    hello = graphene.String(name=graphene.String())
    who = graphene.String(required=True)
    sum = graphene.Field(Dong, of=graphene.List(graphene.NonNull(Dong)))
    missing = graphene.String()
    broken = graphene.String()
    too_big = graphene.Int()
    never_null = graphene.String(required=True)
    needs = graphene.String(it=graphene.Argument(graphene.Int, required=True))

    @staticmethod
    def resolve_hello(_root: Any, _info: graphene.ResolveInfo, name: str = "chợ") -> str:
        return f"Chào {name}"

    @staticmethod
    def resolve_who(_root: Any, info: graphene.ResolveInfo) -> str:
        viewer = viewer_of(info)
        assert info.context.user == viewer
        return viewer.name if viewer.is_authenticated else "khách"

    @staticmethod
    def resolve_sum(_root: Any, _info: graphene.ResolveInfo, of: list[int]) -> int:
        return sum(of)

    @staticmethod
    def resolve_missing(_root: Any, _info: graphene.ResolveInfo) -> str:
        raise NotFound

    @staticmethod
    def resolve_broken(_root: Any, _info: graphene.ResolveInfo) -> str:
        raise ValueError(SECRET)

    @staticmethod
    def resolve_too_big(_root: Any, _info: graphene.ResolveInfo) -> int:
        return 3_000_000_000


class Writes(graphene.ObjectType):
    count = graphene.Int()
    counted = 0

    @staticmethod
    def resolve_count(_root: Any, _info: graphene.ResolveInfo) -> int:
        Writes.counted += 1
        return Writes.counted


def user_for_token(raw: str, *, at: datetime) -> Any:
    """Tokens of the tests: "an" is live, anything else is not."""
    assert at.tzinfo
    if raw == "down":
        raise ConnectionError(SECRET)
    return SimpleNamespace(name="An", is_authenticated=True) if raw == "an" else None


schema = graphene.Schema(query=Queries, mutation=Writes)
urlpatterns = [path("graphql/", graphql_view(schema=schema, user_for_token=user_for_token))]
