"""GraphQL over HTTP: what comes in, who asks, and what a client sees when we have a bug.

POST with ``application/json``; GET for persisted public queries alone (graphql_persisted.py), else a browser's GET gets
GraphiQL. Statuses follow GraphQL over HTTP: under
``application/graphql-response+json`` a document that cannot be run is a 400, under ``application/json`` a 200.
Only refusals and GraphQL's own messages about the document and its variables go out; the text of any other
exception stays in the log, beside the reference that the client is shown.
"""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import graphene
from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from graphql import ExecutionResult, GraphQLError, execute

from base.refusals import Refused
from shop.graphql_documents import MAX_CHARACTERS, Documents, Unreadable
from shop.graphql_limits import MAX_COST, TooCostly
from shop.graphql_persisted import Persisted, persisted_for, persisted_in, shared_answer
from shop.graphql_transport import GRAPHQL_JSON, JSON, Asked, TransportRefused, no_constant, not_acceptable
from shop.graphql_weighing import Weight

logger = logging.getLogger(__name__)

MAX_BYTES = MAX_CHARACTERS
_LONGEST_TOKEN = 200

UserForToken = Callable[..., Any]  # (raw: str, *, at: datetime) -> User | None


def graphql_view(
    *, schema: graphene.Schema, user_for_token: UserForToken, persisted: Path | None = None
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view of ``/graphql/``. ``user_for_token(raw, at=…)`` names the owner of a live bearer token or None;
    ``persisted`` is the folder of the documents that may be asked for by their hash."""
    documents = Documents(schema.graphql_schema)
    by_hash = persisted_in(persisted, schema=schema.graphql_schema)
    shared = shared_answer(by_hash, answer=lambda request, asked: _answer(request, asked, documents)[1])

    def view(request: HttpRequest) -> HttpResponseBase:
        media_type = request.get_preferred_type([JSON, GRAPHQL_JSON])
        is_reading = request.method in ("GET", "HEAD")
        try:
            if is_reading and "extensions" in request.GET:
                return shared(request, media_type)
            if is_reading and _prefers_html(request) and _may_explore(request):
                return _graphiql(request)
            asked = _asked(request, media_type, by_hash)
            request.viewer = _viewer(request, user_for_token, timezone.now())  # type: ignore[attr-defined]
            status, answer = _answer(request, asked, documents)
        except TransportRefused as refused:
            error = {"message": refused.message, "extensions": {"code": refused.code}}
            return _response({"errors": [error]}, media_type or JSON, refused.status, refused.headers)
        except Exception as bug:  # noqa: BLE001 — the last wall: logged whole, never shown
            return _response({"errors": [_internal(bug, {})]}, media_type or JSON, 500)
        return _response(answer, media_type or JSON, 200 if media_type == JSON else status)

    view.csrf_exempt = True  # type: ignore[attr-defined] # _viewer checks it where a cookie speaks; tokens need none
    return view


# -- What comes in ---------------------------------------------------------------------------------


def _asked(request: HttpRequest, media_type: str | None, by_hash: Mapping[str, Persisted]) -> Asked:
    """Read the body. Raises TransportRefused."""
    if request.method != "POST":
        raise TransportRefused(405, "METHOD_NOT_ALLOWED", _("Hãy gửi truy vấn bằng POST."), Allow="POST")
    if media_type is None:
        raise not_acceptable()
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != JSON or charset not in ("utf-8", "utf8") or "Content-Encoding" in request.headers:
        raise TransportRefused(415, "UNSUPPORTED_MEDIA_TYPE", _("Hãy gửi nội dung kiểu application/json, mã UTF-8."))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BYTES:
        raise TransportRefused(413, "TOO_LARGE", _("Nội dung gửi lên dài hơn 16 KB."))
    try:
        body = json.loads(request.body, parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise TransportRefused(400, "BAD_JSON", _("Nội dung gửi lên không phải JSON đúng.")) from None
    if isinstance(body, list):
        raise TransportRefused(400, "BATCH_REFUSED", _("Mỗi lần gửi một truy vấn, không gửi cả danh sách."))
    if not isinstance(body, dict):
        raise TransportRefused(400, "BAD_REQUEST", _("Nội dung gửi lên phải là một đối tượng JSON."))
    query, name = body.get("query"), body.get("operationName")
    if query is None:
        document = persisted_for(body.get("extensions"), by_hash)
        query = document.text if document else None
    maps = [body.get("variables"), body.get("extensions")]
    if not isinstance(query, str) or not isinstance(name, str | None):
        raise TransportRefused(400, "BAD_REQUEST", _("Thiếu query, hoặc query/operationName không phải là chữ."))
    if not all(isinstance(value, dict | None) for value in maps):
        raise TransportRefused(400, "BAD_REQUEST", _("variables và extensions phải là đối tượng JSON."))
    return Asked(query=query, variables=maps[0] or {}, operation_name=name)


# -- Who asks --------------------------------------------------------------------------------------


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, asked for a verdict instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise TransportRefused(403, "CSRF_FAILED", _("Phiên trang đã cũ. Hãy tải lại trang rồi thử lại."))


def _no_response(_request: HttpRequest) -> HttpResponse:
    raise NotImplementedError("the check is asked, never run as a middleware")


def _viewer(request: HttpRequest, user_for_token: UserForToken, at: datetime) -> Any:
    """The owner of the bearer token, when there is one (the session is then ignored); else whoever the session
    cookie names, once the CSRF token is right. Raises TransportRefused: 401 for a dead token, 403 for CSRF."""
    scheme, _space, raw = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        raw = raw.strip()
        user = user_for_token(raw, at=at) if 0 < len(raw) <= _LONGEST_TOKEN else None
        if user is None:
            message = _("Mã truy cập đã hết hạn hoặc bị thu hồi. Hãy đăng nhập lại.")
            raise TransportRefused(401, "TOKEN_UNKNOWN", message, **{"WWW-Authenticate": "Bearer"})
        request.user = user
        return user
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        check = _CsrfCheck(_no_response)
        check.process_request(request)
        check.process_view(request, _no_response, (), {})
    return request.user


# -- What goes out ---------------------------------------------------------------------------------


def _answer(request: HttpRequest, asked: Asked, documents: Documents) -> tuple[int, dict[str, Any]]:
    """Status (of graphql-response+json) and body: run the document, or say why not."""
    try:
        known = documents.read(asked.query, asked.variables)
        if known.weight.introspects and not _may_explore(request):
            raise IntrospectionRefused
    except Unreadable as unreadable:
        return 400, {"errors": [_with_code(error, unreadable.code) for error in unreadable.errors]}
    except Refused as refused:
        answer: dict[str, Any] = {"errors": [{"message": refused.message, "extensions": {"code": refused.code}}]}
        if isinstance(refused, TooCostly):
            answer["extensions"] = _cost(refused.details["cost"])
        return 400, answer
    result = execute(
        documents.schema,
        known.document,
        context_value=request,
        variable_values=dict(asked.variables),
        operation_name=asked.operation_name,
    )
    assert isinstance(result, ExecutionResult), "resolvers are synchronous here"
    return _answered(result, known.weight)


def _answered(result: ExecutionResult, weight: Weight) -> tuple[int, dict[str, Any]]:
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [_shown(error) for error in result.errors]
    ran = result.data is not None or any(error.path for error in result.errors or ())
    if ran:
        answer["data"] = result.data
    answer["extensions"] = _cost(weight.cost)
    return (200 if ran else 400), answer


def _shown(error: GraphQLError) -> dict[str, Any]:
    """One error of an execution as the client may see it."""
    original = error.original_error
    if isinstance(original, Refused):
        told = {name: original.details[name] for name in original.told}
        return {**error.formatted, "message": original.message, "extensions": {"code": original.code, **told}}
    if not error.path:  # about the operation's name or its variables, before anything was run
        return _with_code(error, "BAD_USER_INPUT")
    if isinstance(original, GraphQLError) and original.nodes:  # about an argument; scalars fail without nodes
        return _with_code(error, "BAD_USER_INPUT")
    return _internal(original or error, error.formatted)


def _with_code(error: GraphQLError, code: str) -> dict[str, Any]:
    return {**error.formatted, "extensions": {"code": code}}


def _internal(bug: Exception, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Log a bug whole under a reference, and give what a client may see of it."""
    reference = secrets.token_hex(4).upper()
    logger.error("graphql failed, reference %s", reference, exc_info=bug)
    message = _("Có lỗi ở phía chúng tôi. Hãy thử lại; nếu vẫn lỗi, hãy báo mã %s.") % reference
    return {**shown, "message": message, "extensions": {"code": "INTERNAL", "reference": reference}}


def _cost(cost: int) -> dict[str, Any]:
    return {"cost": {"requestedQueryCost": cost, "maximumAvailable": MAX_COST}}


def _response(
    answer: Mapping[str, Any], media_type: str, status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    content = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(content, status=status, content_type=f"{media_type}; charset=utf-8", headers=headers)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept, Authorization, Cookie"
    return response


# -- For people who explore -------------------------------------------------------------------------


class IntrospectionRefused(Refused):
    """In production the schema is read by those who are signed in; it is published as schema.graphql anyway."""

    code = "INTROSPECTION_REFUSED"
    sentence = gettext_lazy("Hãy đăng nhập để xem lược đồ, hoặc đọc schema.graphql của dự án.")


def _may_explore(request: HttpRequest) -> bool:
    return not settings.PRODUCTION or request.user.is_authenticated


def _prefers_html(request: HttpRequest) -> bool:
    return request.get_preferred_type([JSON, GRAPHQL_JSON, "text/html"]) == "text/html"


# GraphiQL's dialogs hold the page still with a style element of their own: only this page may, and only styles.
@csp_update({"style-src": [SELF, UNSAFE_INLINE]})
def _graphiql(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/graphiql.html")
