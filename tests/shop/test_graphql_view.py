"""GraphQL over HTTP: what is let in, who asks, what gets out."""

import json
import logging
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from tests.shop.graphql_urls import SECRET, Writes

pytestmark = [pytest.mark.urls("tests.shop.graphql_urls")]

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture(autouse=True)
def _only_what_the_door_needs(settings: Any) -> None:
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "csp.middleware.CSPMiddleware",
    ]
    Writes.counted = 0


def post(body: Any, *, client: Client | None = None, accept: str = GRAPHQL_JSON, **options: Any) -> HttpResponse:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    options = {"content_type": JSON, "headers": {"Accept": accept, **options.pop("headers", {})}, **options}
    return (client or Client(enforce_csrf_checks=True)).post("/graphql/", content, **options)  # type: ignore[return-value]


def ask(query: str, **variables: Any) -> HttpResponse:
    return post({"query": query, "variables": variables})


def code_of(response: HttpResponse) -> str:
    (error,) = response.json()["errors"]  # type: ignore[attr-defined]
    assert error["message"]
    return error["extensions"]["code"]


# -- What comes in ---------------------------------------------------------------------------------


def test_a_query_is_answered_with_its_cost() -> None:
    response = ask("query($n: String) { hello(name: $n) }", n="Đường")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/graphql-response+json; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    cost = {"requestedQueryCost": 1, "maximumAvailable": 50_000}
    assert response.json() == {"data": {"hello": "Chào Đường"}, "extensions": {"cost": cost}}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.1, {JSON}", JSON),
    ],
)
def test_the_caller_chooses_the_media_type(accept: str, answered: str) -> None:
    assert post({"query": "{ hello }"}, accept=accept)["Content-Type"] == f"{answered}; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "options", "status", "code"),
    [
        ({"query": "{ hello }"}, {"accept": "text/plain"}, 406, "NOT_ACCEPTABLE"),
        ("query=%7Bhello%7D", {"content_type": "application/x-www-form-urlencoded"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("mutation { count }", {"content_type": "application/graphql"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ('{"query": "mutation { count }"}', {"content_type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("{}", {"content_type": f"{JSON}; charset=utf-16"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("{}", {"headers": {"Content-Encoding": "gzip"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"query": "#" + "x" * 16_384}, {}, 413, "TOO_LARGE"),
        (" ", {}, 400, "BAD_JSON"),
        ("{", {}, 400, "BAD_JSON"),
        (b"\xff\xfe", {}, 400, "BAD_JSON"),
        ("[" * 16_000, {}, 400, "BAD_JSON"),
        ('{"query": "{ hello }", "variables": {"n": NaN}}', {}, 400, "BAD_JSON"),
        ([{"query": "{ hello }"}], {}, 400, "BATCH_REFUSED"),
        ("7", {}, 400, "BAD_REQUEST"),
        ({}, {}, 400, "BAD_REQUEST"),
        ({"query": 1}, {}, 400, "BAD_REQUEST"),
        ({"query": "{ hello }", "operationName": 1}, {}, 400, "BAD_REQUEST"),
        ({"query": "{ hello }", "variables": []}, {}, 400, "BAD_REQUEST"),
        ({"query": "{ hello }", "extensions": "x"}, {}, 400, "BAD_REQUEST"),
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
def test_what_is_no_graphql_request_has_a_status_and_a_code(
    body: Any, options: dict[str, Any], status: int, code: str, accept: str
) -> None:
    response = post(body, **{"accept": accept, **options})
    assert (response.status_code, code_of(response)) == (status, code)
    assert Writes.counted == 0


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($a: Dong!) { sum(of: [$a]) }", "BAD_USER_INPUT"),
        ("{" + " ".join(f"a{n}: hello" for n in range(101)) + "}", "TOO_MANY_ALIASES"),
        ("mutation { a: count b: count c: count d: count e: count }", "TOO_MANY_MUTATIONS"),
    ],
)
@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_JSON, 400)])
def test_a_document_that_cannot_run_answers_without_data(query: str, code: str, accept: str, status: int) -> None:
    response = post({"query": query}, accept=accept)
    assert (response.status_code, code_of(response)) == (status, code)
    assert "data" not in response.json()  # type: ignore[attr-defined]
    assert Writes.counted == 0


def test_a_document_over_the_ceiling_is_told_its_cost() -> None:
    spread = "".join(f"fragment F{n} on Queries {{ ...F{n + 1} ...F{n + 1} }} " for n in range(17))
    response = ask("{ ...F0 } " + spread + "fragment F17 on Queries { hello }")
    assert code_of(response) == "TOO_COSTLY"
    cost = {"requestedQueryCost": 2**17, "maximumAvailable": 50_000}
    assert response.json()["extensions"] == {"cost": cost}  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", ["get", "put", "delete", "options", "patch", "head"])
def test_only_post_runs_documents(method: str) -> None:
    response = getattr(Client(), method)("/graphql/?query=mutation{count}", headers={"Accept": JSON})
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert Writes.counted == 0


def test_one_operation_of_several_is_run() -> None:
    both = "query A { hello } mutation B { count }"
    assert post({"query": both, "operationName": "A"}).json()["data"] == {"hello": "Chào chợ"}  # type: ignore[attr-defined]
    assert Writes.counted == 0
    assert code_of(post({"query": both})) == "BAD_USER_INPUT"
    assert code_of(post({"query": both, "operationName": "C"})) == "BAD_USER_INPUT"


def test_sums_travel_as_strings_and_are_read_from_both_forms() -> None:
    response = ask('query($a: Dong!, $b: Dong!) { sum(of: [$a, $b, 1, "2"]) }', a="12000000000", b=3)
    assert response.json()["data"] == {"sum": "12000000006"}  # type: ignore[attr-defined]


# -- What gets out ---------------------------------------------------------------------------------


def test_a_bug_is_logged_whole_and_shown_as_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = ask("{ broken hello }")
    (error,) = response.json()["errors"]  # type: ignore[attr-defined]
    reference = error["extensions"]["reference"]
    assert error["path"] == ["broken"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert reference in error["message"]
    assert SECRET not in response.content.decode()
    assert response.status_code == 200
    assert response.json()["data"] == {"broken": None, "hello": "Chào chợ"}  # type: ignore[attr-defined]
    assert reference in caplog.text
    assert SECRET in caplog.text


@pytest.mark.parametrize(("query", "value"), [("{ tooBig }", "3000000000"), ("{ neverNull }", "neverNull.")])
def test_a_value_the_schema_cannot_carry_is_a_bug_too(query: str, value: str) -> None:
    response = ask(query)
    assert code_of(response) == "INTERNAL"
    assert value not in response.content.decode()
    assert response.status_code == 200  # it ran


def test_a_bug_before_the_document_runs_keeps_its_secret_as_well(caplog: pytest.LogCaptureFixture) -> None:
    response = post({"query": "{ who }"}, headers={"Authorization": "Bearer down"})
    assert (response.status_code, code_of(response)) == (500, "INTERNAL")
    assert SECRET not in response.content.decode()
    assert SECRET in caplog.text


def test_a_refusal_of_a_query_carries_its_code() -> None:
    response = ask("{ missing }")
    assert code_of(response) == "NOT_FOUND"
    assert response.json()["errors"][0]["message"] == "Không tìm thấy."  # type: ignore[attr-defined]


def test_graphqls_own_words_about_an_argument_go_out() -> None:
    response = ask("query($i: Int) { needs(it: $i) }")
    assert code_of(response) == "GRAPHQL_VALIDATION_FAILED"
    response = ask("query($i: Int = 1) { needs(it: $i) }", i=None)
    assert code_of(response) == "BAD_USER_INPUT"


# -- Who asks --------------------------------------------------------------------------------------


@pytest.fixture
def hoa(db: None) -> Any:
    return get_user_model().objects.create_user(phone="+84912345678", name="Hoa", password="khong doan duoc")


@pytest.fixture
def signed_in(hoa: Any) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(hoa)
    return client


def csrf(client: Client) -> str:
    request = RequestFactory().get("/")
    token = get_token(request)
    client.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
    return token


def test_without_cookie_or_token_a_guest_asks() -> None:
    assert ask("{ who }").json()["data"] == {"who": "khách"}  # type: ignore[attr-defined]


def test_a_session_needs_its_csrf_token(signed_in: Client) -> None:
    assert code_of(post({"query": "mutation { count }"}, client=signed_in)) == "CSRF_FAILED"
    wrong = {"X-CSRFToken": "x" * 32}
    csrf(signed_in)
    response = post({"query": "mutation { count }"}, client=signed_in, headers=wrong)
    assert (response.status_code, code_of(response)) == (403, "CSRF_FAILED")
    assert Writes.counted == 0
    response = post({"query": "{ who }"}, client=signed_in, headers={"X-CSRFToken": csrf(signed_in)})
    assert response.json()["data"] == {"who": "Hoa"}  # type: ignore[attr-defined]


def test_a_bearer_token_needs_no_csrf_and_the_session_is_ignored(signed_in: Client) -> None:
    response = post({"query": "{ who }"}, client=signed_in, headers={"Authorization": "Bearer an"})
    assert response.json()["data"] == {"who": "An"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("header", ["Bearer binh", "bearer  ", "Bearer", "Bearer " + "an" * 200])
def test_a_dead_token_never_falls_back_to_the_session(signed_in: Client, header: str) -> None:
    headers = {"Authorization": header, "X-CSRFToken": csrf(signed_in)}
    response = post({"query": "{ who }"}, client=signed_in, headers=headers)
    assert (response.status_code, code_of(response)) == (401, "TOKEN_UNKNOWN")
    assert response["WWW-Authenticate"] == "Bearer"


# -- For people who explore -------------------------------------------------------------------------

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_graphiql_with_our_own_files_only() -> None:
    response = Client().get("/graphql/", headers={"Accept": HTML})
    page = response.content.decode()
    assert response.status_code == 200
    assert "shop/graphiql/vendor/graphiql.min.js" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "csrftoken" in response.cookies
    policy = response["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "default-src 'self'" in policy
    assert "script-src" not in policy


def test_in_production_strangers_neither_explore_nor_introspect(settings: Any, signed_in: Client) -> None:
    settings.PRODUCTION = True
    assert Client().get("/graphql/", headers={"Accept": HTML}).status_code == 405
    assert code_of(ask("{ __schema { queryType { name } } }")) == "INTROSPECTION_REFUSED"
    assert ask("{ __typename }").json()["data"] == {"__typename": "Queries"}  # type: ignore[attr-defined]

    assert signed_in.get("/graphql/", headers={"Accept": HTML}).status_code == 200
    for headers in ({"X-CSRFToken": csrf(signed_in)}, {"Authorization": "Bearer an"}):
        response = post({"query": "{ __schema { queryType { name } } }"}, client=signed_in, headers=headers)
        assert response.json()["data"] == {"__schema": {"queryType": {"name": "Queries"}}}  # type: ignore[attr-defined]
