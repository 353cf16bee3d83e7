"""Who asks, and what an opaque id names."""

from typing import Any

import graphene
from graphql_relay import from_global_id

from base.refusals import NotFound

_LARGEST_PK = 2**63 - 1


def viewer_of(info: graphene.ResolveInfo) -> Any:
    """The signed-in User (by session or by bearer token) or AnonymousUser; hand it to ``visible_to``.

    The GraphQL door sets it on the request before anything is resolved.
    """
    return info.context.viewer


def pk_from_global_id(global_id: str, expected_type: type[graphene.ObjectType] | str) -> int:
    """The primary key inside a relay id. ``expected_type``: the node's class or its GraphQL name.

    Raises NotFound for garbage and for another type's id, exactly as for an unknown row. The row
    itself still has to be fetched through ``visible_to(viewer)``.
    """
    expected = expected_type if isinstance(expected_type, str) else expected_type._meta.name
    try:
        type_name, raw = from_global_id(global_id)
    except (ValueError, TypeError):  # not base64, not UTF-8, not text
        raise NotFound from None
    if type_name != expected or not (raw.isascii() and raw.isdigit()) or len(raw) > 19 or int(raw) > _LARGEST_PK:
        raise NotFound
    return int(raw)
