"""The one scalar for money."""

import re
from typing import Any

import graphene
from graphql import GraphQLError, IntValueNode, StringValueNode, ValueNode

from base.money import MAX_DONG

_WHOLE = re.compile(r"(?:0|-?[1-9][0-9]{0,15})\Z")


class Dong(graphene.Scalar):
    """Whole đồng. Written as a decimal string ("185000"), read from a string or a whole number;
    never a fraction, and at most 9007199254740991 either way."""

    @staticmethod
    def serialize(value: Any) -> str:
        """``value``: an int. Anything else in a Dong field is a programming error: raises GraphQLError."""
        if type(value) is not int or abs(value) > MAX_DONG:
            raise GraphQLError(f"Dong cannot represent {value!r}")
        return str(value)

    @staticmethod
    def parse_value(value: Any) -> int:
        """A variable: ``"185000"`` or ``185000``. Raises GraphQLError for floats, booleans, signs and blanks."""
        if type(value) is int and abs(value) <= MAX_DONG:
            return value
        if isinstance(value, str) and _WHOLE.match(value) and abs(int(value)) <= MAX_DONG:
            return int(value)
        raise GraphQLError("Dong wants whole đồng: a decimal string or a whole number within ±9007199254740991")

    @staticmethod
    def parse_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> int:
        """A literal in the document, by the same rule."""
        if isinstance(node, StringValueNode | IntValueNode):
            return Dong.parse_value(node.value)
        return Dong.parse_value(None)
