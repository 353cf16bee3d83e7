"""What every schema.py builds on. Knows graphene and refusals, and no app.

A door of GraphQL translates, makes one call into a verb, and translates back:

* ``Dong``             every sum, stored or computed
* ``ModelType``        an ObjectType of a model: fields listed, relay id, `_dong` columns as ``Dong``
* ``ConnectionField``  a page of already scoped and preloaded rows
* ``Mutation``         one ``input`` in, the object and typed ``errors`` out
* ``viewer_of``        who asks
* ``pk_from_global_id`` what an opaque id names, or "not found"
"""

from base.graphql.connections import BadCursor, BadPage, Connection, ConnectionField, connection_of
from base.graphql.dong import Dong
from base.graphql.identity import pk_from_global_id, viewer_of
from base.graphql.model_types import ModelType
from base.graphql.mutations import Mutation, UndeclaredRefusal, error_type

__all__ = [
    "BadCursor",
    "BadPage",
    "Connection",
    "ConnectionField",
    "Dong",
    "ModelType",
    "Mutation",
    "UndeclaredRefusal",
    "connection_of",
    "error_type",
    "pk_from_global_id",
    "viewer_of",
]
