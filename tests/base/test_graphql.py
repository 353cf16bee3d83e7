"""The basics every schema stands on: money on the wire, ids, pages, and how a refusal travels."""

import math
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import graphene
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from graphene.relay import Node
from graphene_django.converter import convert_django_field
from graphene_django.registry import Registry
from graphql import GraphQLError, parse_value
from hypothesis import given, settings
from hypothesis import strategies as st

from base.graphql import (
    BadCursor,
    BadPage,
    ConnectionField,
    Dong,
    ModelType,
    Mutation,
    UndeclaredRefusal,
    connection_of,
    error_type,
    pk_from_global_id,
    viewer_of,
)
from base.graphql.connections import page_of
from base.money import MAX_DONG
from base.refusals import KeyReused, NotFound, Refused

# -- Dong ------------------------------------------------------------------------------------------


@given(st.integers(-MAX_DONG, MAX_DONG))
@settings(max_examples=50)
def test_a_sum_comes_back_as_it_went_out(dong: int) -> None:
    written = Dong.serialize(dong)
    assert written == str(dong)
    assert Dong.parse_value(written) == Dong.parse_value(dong) == dong
    assert Dong.parse_literal(parse_value(f'"{written}"')) == Dong.parse_literal(parse_value(written)) == dong


@pytest.mark.parametrize("value", [1.0, math.nan, True, "1", None, MAX_DONG + 1, -MAX_DONG - 1])
def test_only_a_whole_number_in_range_is_written(value: Any) -> None:
    with pytest.raises(GraphQLError):
        Dong.serialize(value)


@pytest.mark.parametrize(
    "value",
    [1.0, True, None, "", " 1", "1 ", "1\n", "+1", "-0", "007", "1e3", "1.000", "1,5", "１８５", "٣", "0x10", [], {}],
)
def test_anything_but_whole_dong_is_not_read(value: Any) -> None:
    with pytest.raises(GraphQLError):
        Dong.parse_value(value)


@pytest.mark.parametrize("value", [MAX_DONG + 1, -MAX_DONG - 1, str(MAX_DONG + 1), "9" * 5000])
def test_more_than_json_keeps_exact_is_not_read(value: Any) -> None:
    with pytest.raises(GraphQLError):
        Dong.parse_value(value)


@pytest.mark.parametrize("literal", ["1.0", "true", "null", "[1]", "{a: 1}", "SUM", "9" * 5000, '"1 000"'])
def test_a_literal_is_read_by_the_same_rule(literal: str) -> None:
    with pytest.raises(GraphQLError):
        Dong.parse_literal(parse_value(literal))


# -- Ids -------------------------------------------------------------------------------------------


class Sack(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String(required=True)


def test_an_id_names_its_row() -> None:
    assert pk_from_global_id(Node.to_global_id("Sack", 17), Sack) == 17
    assert pk_from_global_id(Node.to_global_id("Sack", 17), "Sack") == 17


@pytest.mark.parametrize(
    "global_id",
    ["", "17", "Sack:17", "%%%", "ÿ", "U2Fjaw==", "gICAgA=="]
    + [Node.to_global_id("Order", 17)]
    + [Node.to_global_id("Sack", raw) for raw in ("", "-1", "1.5", "x", "١٧", " 17", 2**63, "9" * 5000)],
)
def test_any_other_id_is_not_found(global_id: str) -> None:
    with pytest.raises(NotFound):
        pk_from_global_id(global_id, Sack)


def test_the_viewer_is_whom_the_door_named() -> None:
    an = object()
    assert viewer_of(SimpleNamespace(context=SimpleNamespace(viewer=an))) is an


# -- Types of models -------------------------------------------------------------------------------


def test_fields_of_a_model_must_be_listed() -> None:
    for fields in (None, "__all__"):
        with pytest.raises(TypeError, match="list its fields"):
            type("Everything", (ModelType,), {"Meta": type("Meta", (), {"model": Group, "fields": fields})})


def test_a_dong_column_is_dong_and_another_number_is_not() -> None:
    registry = Registry()
    for kind in (models.BigIntegerField, models.PositiveBigIntegerField, models.IntegerField):
        sum_column, count_column = kind(), kind()
        sum_column.set_attributes_from_name("paid_dong")
        count_column.set_attributes_from_name("quantity")
        assert isinstance(convert_django_field(sum_column, registry), Dong)
        assert not isinstance(convert_django_field(count_column, registry), Dong)


# -- Mutations -------------------------------------------------------------------------------------


class SoldOut(Refused):
    """Too little is left."""

    code = "SOLD_OUT"
    sentence = _("Chỉ còn %(left)s.")


class SackTakeInput(graphene.InputObjectType):
    what = graphene.String(required=True)


class SackTake(Mutation):
    """Take a sack."""

    class Meta:
        refusals = (SoldOut, KeyReused)

    class Arguments:
        input = SackTakeInput(required=True)

    sack = graphene.Field(Sack)

    @classmethod
    def perform(cls, info: graphene.ResolveInfo, input: Any) -> "SackTake":
        if input.what == "sold out":
            raise SoldOut(field="lines.0.variant_id", left=3)
        if input.what == "undeclared":
            raise NotFound
        if input.what == "bug":
            raise ZeroDivisionError("secret")
        return cls(sack=Sack(id=1, name=input.what))


class TakeMutations(graphene.ObjectType):
    sack_take = SackTake.Field()


class NoQueries(graphene.ObjectType):
    nothing = graphene.String()


TAKING = graphene.Schema(query=NoQueries, mutation=TakeMutations)
TAKE = """mutation($what: String!) { sackTake(input: {what: $what}) { sack { name } errors { field code message } } }"""


def take(what: str) -> Any:
    return TAKING.execute(TAKE, variables={"what": what})


def test_done_means_the_object_and_no_errors() -> None:
    assert take("gạo").data == {"sackTake": {"sack": {"name": "gạo"}, "errors": []}}


def test_a_refusal_is_an_entry_and_the_object_null() -> None:
    result = take("sold out")
    assert result.errors is None
    error = {"field": "lines.0.variantId", "code": "SOLD_OUT", "message": "Chỉ còn 3."}
    assert result.data == {"sackTake": {"sack": None, "errors": [error]}}


def test_a_refusal_nobody_declared_is_a_bug() -> None:
    (error,) = take("undeclared").errors
    assert isinstance(error.original_error, UndeclaredRefusal)
    assert "SackTake does not declare NOT_FOUND" in str(error.original_error)


def test_other_exceptions_go_on_to_the_view() -> None:
    (error,) = take("bug").errors
    assert isinstance(error.original_error, ZeroDivisionError)


def test_each_mutation_has_one_enum_of_its_codes() -> None:
    printed = str(TAKING)
    assert "enum SackTakeErrorCode {" in printed
    assert '"""Too little is left."""\n  SOLD_OUT' in printed
    assert "errors: [SackTakeError!]!" in printed
    assert "field: String\n" in printed.partition("type SackTakeError {")[2]
    assert "code: SackTakeErrorCode!" in printed


def test_a_mutation_that_can_refuse_nothing_is_a_slip() -> None:
    with pytest.raises(TypeError, match="name the refusals"):
        error_type("SackBurn")


# -- Pages -----------------------------------------------------------------------------------------


class GroupNode(ModelType):
    class Meta:
        model = Group
        name = "Group"
        fields = ("name",)
        registry = Registry()


class Pages(graphene.ObjectType):
    groups = ConnectionField(GroupNode, starting=graphene.String())
    sacks = ConnectionField(Sack)

    @staticmethod
    def resolve_groups(_root: Any, _info: graphene.ResolveInfo, starting: str = "") -> QuerySet[Group]:
        return Group.objects.filter(name__startswith=starting).order_by("-name")

    @staticmethod
    def resolve_sacks(_root: Any, _info: graphene.ResolveInfo) -> list[Sack]:
        return [Sack(id=number, name=f"bao {number}") for number in range(7)]


PAGES = graphene.Schema(query=Pages)


def ask(field: str, wanted: str) -> Any:
    result = PAGES.execute(f"{{ page: {field} {{ {wanted} }} }}")
    assert result.errors is None, result.errors
    return result.data["page"]


def walk(field: str, first: int) -> list[str]:
    """Every name, page after page."""
    names, after = [], ""
    while True:
        page = ask(f"{field}(first: {first}{after})", "edges { node { name } } pageInfo { hasNextPage endCursor }")
        names += [edge["node"]["name"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return names
        after = f', after: "{page["pageInfo"]["endCursor"]}"'


@pytest.fixture
def five_groups(db: None) -> None:
    Group.objects.bulk_create(Group(name=name) for name in "abcde")


@pytest.mark.parametrize("first", [1, 2, 5, 100])
def test_pages_hold_every_row_once_and_in_order(five_groups: None, first: int) -> None:
    assert walk("groups", first) == list("edcba")
    assert walk("sacks", first) == [f"bao {number}" for number in range(7)]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_is_one_query_and_its_count_another(db: None, rows: int, django_assert_num_queries: Any) -> None:
    Group.objects.bulk_create(Group(name=f"nhóm {number}") for number in range(rows))
    with django_assert_num_queries(1):
        ask("groups(first: 2)", "edges { cursor node { id name } } pageInfo { hasNextPage hasPreviousPage }")
    with django_assert_num_queries(2):
        assert ask("groups(first: 2)", "totalCount edges { node { name } }")["totalCount"] == rows


def test_a_row_that_arrives_meanwhile_is_neither_repeated_nor_lost(five_groups: None) -> None:
    page = ask("groups(first: 2)", "edges { node { name } } pageInfo { endCursor }")
    Group.objects.create(name="z")  # before the page that was read
    Group.objects.filter(name="d").delete()  # the very row of the cursor
    after = page["pageInfo"]["endCursor"]
    rest = ask(f'groups(first: 5, after: "{after}")', "edges { node { name } } pageInfo { hasPreviousPage }")
    assert [edge["node"]["name"] for edge in rest["edges"]] == ["c", "b", "a"]
    assert rest["pageInfo"]["hasPreviousPage"] is True


def test_without_first_a_page_holds_twenty(db: None) -> None:
    Group.objects.bulk_create(Group(name=f"{number:02}") for number in range(25))
    for field in ("groups", "groups(first: null)"):
        assert len(ask(field, "edges { node { name } }")["edges"]) == 20
    empty = ask("groups(first: 0)", "edges { node { name } } totalCount pageInfo { hasNextPage endCursor }")
    assert empty == {"edges": [], "totalCount": 25, "pageInfo": {"hasNextPage": True, "endCursor": None}}


def test_the_fields_own_arguments_reach_its_resolver(five_groups: None) -> None:
    assert ask('groups(starting: "b", first: 5)', "totalCount") == {"totalCount": 1}


@pytest.mark.parametrize("first", [-1, 101])
def test_a_page_has_at_most_a_hundred_rows(first: int) -> None:
    with pytest.raises(BadPage):
        page_of([], first=first, after=None)


def test_a_cursor_is_read_only_by_the_list_that_wrote_it(five_groups: None) -> None:
    by_name = page_of(Group.objects.order_by("name"), first=1, after=None).page_info.end_cursor
    for rows in (Group.objects.order_by("-name"), Group.objects.all(), ["a", "b"]):
        with pytest.raises(BadCursor):
            page_of(rows, first=1, after=by_name)


@pytest.mark.parametrize(
    "after", ["x", "ÿ", "W10", "bnVsbA", "WzFd", "W1tdLFtdXQ", "[" * 5000, "WzE4ODU3MDgwMzEsMS41XQ"]
)
def test_a_made_up_cursor_is_refused(db: None, after: str) -> None:
    for rows in (Group.objects.order_by("name"), ["a", "b"]):
        with pytest.raises(BadCursor):
            page_of(rows, first=1, after=after)


def test_equal_values_are_told_apart_by_the_key_and_times_to_the_microsecond(db: None) -> None:
    User = get_user_model()  # noqa: N806
    people = [User.objects.create_user(phone=None, name="Hoa") for _ in range(4)]
    start = datetime(2026, 7, 1, tzinfo=UTC)
    for number, person in enumerate(people):
        User.objects.filter(pk=person.pk).update(created_at=start + timedelta(microseconds=number // 2))
    for order in (("-created_at",), ("created_at",), ("name", "-created_at"), (F("created_at").desc(),)):
        rows, after, seen = User.objects.order_by(*order), None, []
        for _turn in people:
            page = page_of(rows, first=1, after=after)
            seen.append(page.edges[0].node.pk)
            after = page.page_info.end_cursor
        assert seen == [row.pk for row in rows.order_by(*order, "-pk" if order[-1] != "created_at" else "pk")]


def test_an_order_that_would_lose_rows_is_refused_at_once(db: None) -> None:
    User = get_user_model()  # noqa: N806
    for order in ("phone", "?", Lower("name"), F("name").asc(nulls_last=True)):
        with pytest.raises(TypeError, match="cannot page by"):
            page_of(User.objects.order_by(order), first=1, after=None)


def test_a_computed_order_is_paged_by_its_name(five_groups: None) -> None:
    rows = Group.objects.annotate(rank=Value(0.5)).order_by("-rank", "name")
    first = page_of(rows, first=3, after=None)
    second = page_of(rows, first=3, after=first.page_info.end_cursor)
    assert [edge.node.name for edge in first.edges + second.edges] == list("abcde")


def test_a_type_has_one_connection() -> None:
    assert connection_of(Sack) is connection_of(Sack)
    assert connection_of(Sack)._meta.name == "SackConnection"
