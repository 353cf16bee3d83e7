"""What GraphQL over HTTP speaks of before there is a document: media types, what was asked, and why it was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


class TransportRefused(Exception):
    """The request never became a GraphQL request: a status, a stable code and a sentence."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.headers = status, code, message, headers


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one GraphQL request."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None


def not_acceptable() -> TransportRefused:
    return TransportRefused(406, "NOT_ACCEPTABLE", _("Chỉ trả lời bằng JSON (%s).") % f"{GRAPHQL_JSON}, {JSON}")


def no_constant(name: str) -> None:
    """For json.loads: NaN and Infinity are no JSON. Raises ValueError."""
    raise ValueError(f"{name} is not JSON")
