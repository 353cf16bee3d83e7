"""Documents that may be asked for by their hash: those in shop/persisted/, read when the server starts.

``GET /graphql/?extensions={"persistedQuery":{"version":1,"sha256Hash":"…"}}&variables={…}`` is answered as to a
stranger, whoever asks, under the market's version: the same answer for everybody, 304 where the caller holds it. So a
document here is a query, about goods alone, and asks for no figure that moves with each sale; one that is not stops
the server from starting. POST takes the hash in place of a text too, and is answered as any POST.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    validate,
    visit,
)

from shop.graphql_documents import MAX_CHARACTERS
from shop.graphql_limits import TooHeavy, check_variables
from shop.graphql_transport import JSON, Asked, TransportRefused, no_constant, not_acceptable
from storefront.kept_pages import KeptPages
from storefront.shared_pages import market, shared_page

# What stands under the market's version. Everything else belongs to somebody, or moves without it.
ROOTS = frozenset({"products", "product", "categories", "productSuggestions", "productFacets", "reviews"})
NOT_SHARED = frozenset({("Variant", "available")})
_MOST_LETTERS = 2_000  # of one parameter in an address
ANSWERS = KeptPages(most_bytes=4 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Persisted:
    """One document by its hash. ``variables``: the names it declares."""

    name: str
    digest: str
    text: str
    variables: frozenset[str]


def persisted_in(folder: Path | None, *, schema: GraphQLSchema) -> dict[str, Persisted]:
    """The documents of ``folder`` by SHA-256 of their files. Raises ImproperlyConfigured for one that is not fit."""
    found = {}
    for path in sorted(folder.glob("*.graphql")) if folder else ():
        text = path.read_text(encoding="utf-8")
        document = parse(text, max_source_length=MAX_CHARACTERS)
        wrong = [error.message for error in validate(schema, document)] or list(_unfit(document, schema))
        if wrong:
            raise ImproperlyConfigured(f"{path.name}: {'; '.join(wrong)}")
        [operation] = _operations(document)
        names = frozenset(one.variable.name.value for one in operation.variable_definitions)
        digest = hashlib.sha256(text.encode()).hexdigest()
        found[digest] = Persisted(path.stem, digest, text, names)
    return found


def _unfit(document: DocumentNode, schema: GraphQLSchema) -> Iterator[str]:
    """Why a valid document may not be shared between strangers."""
    operations = _operations(document)
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        yield "must hold one query and nothing else"
    types, seen = TypeInfo(schema), set[tuple[str, str]]()

    class Fields(Visitor):
        def enter_field(self, node: Any, *_where: Any) -> None:
            parent = types.get_parent_type()
            seen.add((parent.name if parent else "", node.name.value))

    visit(document, TypeInfoVisitor(types, Fields()))
    for parent, field in sorted(seen):
        if (parent, field) in NOT_SHARED or (parent == "Query" and field not in ROOTS):
            yield f"{parent}.{field} is not the same for everybody"


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


# -- Asked for by hash ---------------------------------------------------------------------------------


def persisted_for(extensions: Any, by_hash: Mapping[str, Persisted]) -> Persisted | None:
    """The document that ``extensions`` name; None where they name none. Raises TransportRefused: 400 for what is no
    such request, 404 for a hash that is not ours (the caller sends the text then, by POST)."""
    if not isinstance(extensions, Mapping) or "persistedQuery" not in extensions:
        return None
    named = extensions["persistedQuery"]
    if not isinstance(named, Mapping) or named.get("version") != 1 or not isinstance(named.get("sha256Hash"), str):
        raise TransportRefused(400, "BAD_REQUEST", _("persistedQuery cần version 1 và sha256Hash."))
    known = by_hash.get(named["sha256Hash"].lower())
    if known is None:
        raise TransportRefused(404, "PERSISTED_QUERY_NOT_FOUND", _("Không có truy vấn nào mang mã này."))
    return known


def shared_answer(
    by_hash: Mapping[str, Persisted], *, answer: Callable[[HttpRequest, Asked], dict[str, Any]]
) -> Callable[[HttpRequest, str | None], HttpResponse]:
    """The answer to a GET, kept and tagged as a shared page is. It raises TransportRefused."""

    def reads(query: QueryDict) -> str:
        document, variables = _asked(query, by_hash)
        return "?" + urlencode({"hash": document.digest, "variables": _json(variables)})

    @shared_page(tag=market, reads=reads, room=ANSWERS)
    def draw(request: HttpRequest) -> HttpResponse:
        request.viewer = request.user  # type: ignore[attr-defined]  # nobody, as for every shared page
        document = by_hash[request.GET["hash"]]
        said = answer(request, Asked(document.text, json.loads(request.GET["variables"]), None))
        broken = any(error["extensions"]["code"] == "INTERNAL" for error in said.get("errors", ()))
        status = (500 if broken else 400) if "errors" in said else 200
        response = HttpResponse(_json(said), status=status, content_type=f"{JSON}; charset=utf-8")
        if status != 200:
            response["Cache-Control"] = "no-store"
        return response

    def get(request: HttpRequest, media_type: str | None) -> HttpResponse:
        if media_type is None:
            raise not_acceptable()
        response = draw(request)
        if "Content-Type" in response:
            response["Content-Type"] = f"{media_type}; charset=utf-8"
        patch_vary_headers(response, ("Accept",))
        return response

    return get


def _asked(query: QueryDict, by_hash: Mapping[str, Persisted]) -> tuple[Persisted, dict[str, Any]]:
    """The document and those of the variables that it declares. Raises TransportRefused."""
    if any(len(query.get(name, "")) > _MOST_LETTERS for name in ("extensions", "variables")):
        raise TransportRefused(414, "TOO_LARGE", _("Địa chỉ dài quá. Hãy gửi bằng POST."))
    try:
        extensions, variables = (
            json.loads(query.get(name) or "{}", parse_constant=no_constant) for name in ("extensions", "variables")
        )
    except (ValueError, RecursionError):
        raise TransportRefused(400, "BAD_JSON", _("Nội dung gửi lên không phải JSON đúng.")) from None
    document = persisted_for(extensions, by_hash)
    if document is None:
        raise TransportRefused(405, "METHOD_NOT_ALLOWED", _("Hãy gửi truy vấn bằng POST."), Allow="POST")
    if not isinstance(variables, dict | None):
        raise TransportRefused(400, "BAD_REQUEST", _("variables và extensions phải là đối tượng JSON."))
    given = variables or {}
    kept = {name: given[name] for name in sorted(document.variables & given.keys())}
    try:
        check_variables(kept)  # before they stand in a key: half of a surrogate pair can be written into no address
    except TooHeavy as heavy:
        raise TransportRefused(400, heavy.code, heavy.message) from None
    return document, kept


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
