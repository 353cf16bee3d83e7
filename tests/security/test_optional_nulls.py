"""What may be left out may be null: no deed stumbles over it."""

from typing import Any

import pytest
from django.test import RequestFactory
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_input_field,
)
from graphql_relay import to_global_id

from shop.schema import schema
from tests.isolation.asking import ROOTS

pytestmark = pytest.mark.django_db
PLAIN = {"ID": to_global_id("Order", 1), "Int": 1, "Dong": 1000, "Date": "2026-03-05", "Boolean": True}


def _filled(kind: Any) -> Any:
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        value: Any = {
            name: _filled(field.type) if is_required_input_field(field) else None
            for name, field in named.fields.items()
        }
    elif isinstance(named, GraphQLEnumType):
        value = next(iter(named.values))
    else:
        value = PLAIN.get(named.name, "2026-03-05T08:00:00+07:00" if named.name == "DateTime" else "abc")
    return [value] if is_list_type(get_nullable_type(kind)) else value


def test_every_deed_takes_null_for_what_may_be_left_out(school, world):
    stumbled = {}
    for name, field in ROOTS["mutation"].items():
        kind = field.args["input"].type
        wanted = _filled(kind)
        objects = {**wanted}
        # an id of the right kind, so that the deed is reached
        for given in wanted:
            if given.endswith("Id") and wanted[given] is not None:
                objects[given] = to_global_id(given[:1].upper() + given[1:-2], 1)
        request = RequestFactory().post("/graphql/", REMOTE_ADDR="203.0.113.7")
        request.user = request.viewer = school.treasurer  # type: ignore[attr-defined]
        document = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
        answer = schema.execute(document, variable_values={"input": objects}, context_value=request)
        for error in answer.errors or []:
            if error.original_error is not None:
                stumbled[name] = repr(error.original_error)
    assert stumbled == {}
