"""Writes the fullest question that the schema allows, asks it at the door, and takes the footprint of the database."""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from shop.schema import schema

OURS = ("cooperatives", "catalog", "orders", "payments")
_query, _mutation = schema.graphql_schema.query_type, schema.graphql_schema.mutation_type
assert _query
assert _mutation
ROOTS: dict[str, dict[str, GraphQLField]] = {"query": _query.fields, "mutation": _mutation.fields}


@cache
def question(kind: str, name: str, *, first: int | None = None) -> str:
    """A document that asks ``name`` for every field below it, its arguments as variables."""
    field = ROOTS[kind][name]
    given = {arg: argument.type for arg, argument in field.args.items() if arg not in ("first", "after", "sortBy")}
    declared = ", ".join(f"${arg}: {type_}" for arg, type_ in given.items())
    page = [f"first: {first}"] if first is not None else []
    passed = ", ".join([*(f"{arg}: ${arg}" for arg in given), *page])
    head = f"{kind} ({declared})" if declared else kind
    call = f"{name}({passed})" if passed else name
    return f"{head} {{ {call} {_everything(get_named_type(field.type))} }}"


def _everything(kind: Any, above: tuple[str, ...] = ()) -> str:
    if is_leaf_type(kind):
        return ""
    assert isinstance(kind, GraphQLObjectType)
    parts = []
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if below.name in above or any(is_required_argument(argument) for argument in field.args.values()):
            continue
        parts.append(f"{name} {_everything(below, (*above, kind.name))}".strip())
    return "{ " + " ".join(parts) + " }"


def ask(client: Client, kind: str, name: str, arguments: Mapping[str, Any]) -> tuple[int, str]:
    """Status and body of the answer to the fullest question."""
    variables = {"input": arguments} if kind == "mutation" else dict(arguments)
    response = client.post(
        "/graphql/", {"query": question(kind, name), "variables": variables}, content_type="application/json"
    )
    return response.status_code, response.content.decode()


@cache
def _tables() -> list[tuple[str, str]]:
    """Of each model of ours its name, and the statement that reads its table. Plain SQL: this is asked very often."""
    metas = [model._meta for label in OURS for model in apps.get_app_config(label).get_models()]
    return [(meta.object_name, f"SELECT * FROM {meta.db_table} ORDER BY {meta.pk.column}") for meta in metas]


def footprint() -> dict[str, tuple[int, str]]:
    """Of each table of ours: how many rows, and a digest of all that stands in them."""
    found = {}
    with connection.cursor() as cursor:
        for name, statement in _tables():
            cursor.execute(statement)
            rows = cursor.fetchall()
            found[name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found
