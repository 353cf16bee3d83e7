"""GET by hash: our own documents about goods, the same for everybody, checked by one query; nothing else."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from catalog import listing, stock, versions
from catalog.models import Product
from cooperatives.models import User
from cooperatives.signing_in import user_for_token
from orders import reviewing
from shop.graphql_persisted import ANSWERS, ROOTS, persisted_in
from shop.graphql_view import graphql_view
from shop.schema import schema
from tests.house.tree import ROOT
from tests.people import World
from tests.storefront.trusting import received, said

FOLDER = ROOT / "shop" / "persisted"
GRAPHQL_JSON = "application/graphql-response+json"
pytestmark = pytest.mark.django_db


def hash_of(name: str) -> str:
    return hashlib.sha256((FOLDER / f"{name}.graphql").read_bytes()).hexdigest()


def address(name: str, variables: Mapping[str, Any] | None = None, **more: str) -> str:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(name)}}
    asked = {"extensions": json.dumps(extensions), "variables": json.dumps(variables or {})}
    return "/graphql/?" + urlencode({**asked, **more})


def get(name: str, variables: Mapping[str, Any] | None = None, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(address(name, variables), headers=headers)


def code_of(response: HttpResponse) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])  # type: ignore[attr-defined]


# -- What it answers -----------------------------------------------------------------------------------


def test_every_document_of_ours_answers(world: World) -> None:
    asked = {"product": {"slug": world.product.slug}, "suggestions": {"text": "ca"}}
    names = [path.stem for path in FOLDER.glob("*.graphql")]
    assert {"goods", "product", "shelves"} <= set(names)
    for name in names:
        answer = get(name, asked.get(name))
        assert (answer.status_code, "errors" in answer.json()) == (200, False), answer.content
        assert answer["Content-Type"] == "application/json; charset=utf-8"


def test_it_says_what_a_page_says(world: World) -> None:
    product = get("product", {"slug": world.product.slug}).json()["data"]["product"]
    assert product["name"] == world.product.name
    assert [one["shelf"] for one in product["variants"]] == [
        {"atLeast": 20, "isMore": True}, {"atLeast": 2000, "isMore": True},
    ]  # fmt: skip


def test_get_and_post_say_the_same(world: World) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hash_of("goods").upper()}}
    body = {"extensions": extensions, "variables": {"first": 5}}
    posted = Client().post("/graphql/", body, content_type="application/json")
    assert posted.json() == get("goods", {"first": 5}).json()  # type: ignore[attr-defined]
    assert posted["Cache-Control"] == "no-store"


def test_whoever_asks_is_a_stranger(world: World) -> None:
    Product.objects.update(state=Product.State.DRAFT)
    manager = Client()
    manager.force_login(world.manager)
    for client, headers in ((manager, {}), (Client(), {"authorization": "Bearer dead"}), (Client(), {})):
        answer = get("product", {"slug": world.product.slug}, client, **headers)
        assert (answer.status_code, answer.json()["data"]) == (200, {"product": None})
    own = {"query": "query($s: String!) { product(slug: $s) { name } }", "variables": {"s": world.product.slug}}
    token = manager.get("/basket/").cookies.get("csrftoken")
    assert token is None or token.value
    assert manager.post("/graphql/", own, content_type="application/json").json()["data"]["product"]  # type: ignore[attr-defined]


# -- One query, one tag --------------------------------------------------------------------------------


def test_what_the_caller_holds_costs_one_query(world: World, django_assert_num_queries: Any) -> None:
    client = Client()
    client.force_login(world.buyer)
    first = get("goods", client=client)
    with django_assert_num_queries(1):
        again = get("goods", client=client, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with django_assert_num_queries(1):
        assert get("goods").content == first.content
    assert first["Cache-Control"] == "no-cache"
    assert {"Accept", "Accept-Encoding", "Cookie"} <= {one.strip() for one in first["Vary"].split(",")}
    assert not first.cookies


def test_it_is_another_answer_after_a_band_is_crossed_and_not_before(world: World) -> None:
    tag = get("goods")["ETag"]
    with transaction.atomic():
        stock.reserve(wanted={world.variant.pk: 9})
    assert get("goods", **{"if-none-match": tag}).status_code == 304
    with transaction.atomic():
        stock.reserve(wanted={world.variant.pk: 1})
    after = get("goods", **{"if-none-match": tag})
    assert after.status_code == 200
    [node] = [edge["node"] for edge in after.json()["data"]["products"]["edges"]]
    assert node["variants"][0]["shelf"] == {"atLeast": 10, "isMore": True}


def test_a_move_in_another_process_is_seen_at_once(world: World) -> None:
    before = get("goods").json()
    Product.objects.update(name="Cá trạch rang")
    assert get("goods").json() == before
    with transaction.atomic():
        versions.moved([world.other_organization.pk])  # any shop's: the list is of the whole market
    assert "Cá trạch rang" in get("goods").content.decode()


def test_the_caller_chooses_the_media_type(world: World) -> None:
    asked, other = get("shelves", accept=GRAPHQL_JSON), get("shelves")
    assert asked["Content-Type"] == f"{GRAPHQL_JSON}; charset=utf-8"
    assert (asked.content, asked["ETag"]) == (other.content, other["ETag"])
    refused = get("shelves", accept="text/csv")
    assert (refused.status_code, code_of(refused)) == (406, "NOT_ACCEPTABLE")


def test_asking_for_the_head_alone(world: World) -> None:
    head = Client().head(address("goods"))
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", get("goods")["ETag"])


def test_only_declared_variables_are_kept_apart(world: World) -> None:
    for junk in range(50):
        assert get("goods", {"first": 5, f"x{junk}": junk}).status_code == 200
        assert Client().get(address("goods", {"first": 5}, junk=str(junk))).status_code == 200
    assert len(ANSWERS) == 1


def test_strangers_variables_fill_no_more_than_the_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ANSWERS, "most_bytes", 9_000)
    for number in range(60):
        assert get("goods", {"search": f"ca {number}"}).status_code == 200
    assert 0 < ANSWERS.held_bytes <= 9_000


# -- What it does not answer -----------------------------------------------------------------------------


MUTATION = 'mutation { tokenRevoke(input: {token: "x"}) { errors { code } } }'
FRAGMENT = "fragment F on Product { variants { a: available } }"
EXTENSIONS = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"query": "{ categories { slug } }"}, 405, "METHOD_NOT_ALLOWED"),
        ({"query": MUTATION, "extensions": "{}"}, 405, "METHOD_NOT_ALLOWED"),
        ({"extensions": json.dumps(EXTENSIONS)}, 404, "PERSISTED_QUERY_NOT_FOUND"),
        ({"extensions": json.dumps(EXTENSIONS), "query": "{ categories { slug } }"}, 404, "PERSISTED_QUERY_NOT_FOUND"),
        ({"extensions": '{"persistedQuery":{"version":2,"sha256Hash":"0"}}'}, 400, "BAD_REQUEST"),
        ({"extensions": '{"persistedQuery":{"version":1,"sha256Hash":7}}'}, 400, "BAD_REQUEST"),
        ({"extensions": '{"persistedQuery":1}'}, 400, "BAD_REQUEST"),
        ({"extensions": "[]"}, 405, "METHOD_NOT_ALLOWED"),
        ({"extensions": "{"}, 400, "BAD_JSON"),
        ({"extensions": "[" * 1_900}, 400, "BAD_JSON"),
        ({"extensions": "x" * 2_001}, 414, "TOO_LARGE"),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_not_answered(query: dict[str, str], status: int, code: str, world: World) -> None:
    answer = Client().get("/graphql/?" + urlencode(query))
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert "ETag" not in answer
    assert len(ANSWERS) == 0


@pytest.mark.parametrize(
    ("variables", "status", "code"),
    [
        ("[]", 400, "BAD_REQUEST"), ("7", 400, "BAD_REQUEST"), ("{", 400, "BAD_JSON"), ('{"a":NaN}', 400, "BAD_JSON"),
        ('{"slug": 7}', 400, "BAD_USER_INPUT"), ("{}", 400, "BAD_USER_INPUT"), ('{"slug":"\\u0000"}', 400, "BAD_TEXT"),
        ('{"slug":"\\ud800"}', 400, "BAD_TEXT"), ('{"slug":["\\udfff"]}', 400, "BAD_TEXT"),
        ('{"slug":' + "[" * 700 + "]" * 700 + "}", 400, "TOO_DEEP"),
        ('{"slug":"' + "x" * 2_000 + '"}', 414, "TOO_LARGE"),
    ],
)  # fmt: skip
def test_variables_that_do_not_fit(variables: str, status: int, code: str, world: World) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hash_of("product")}}
    query = {"extensions": json.dumps(extensions), "variables": variables}
    answer = Client().get("/graphql/?" + urlencode(query))
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert len(ANSWERS) == 0


def test_a_page_past_the_limit_is_refused(world: World) -> None:
    answer = get("goods", {"first": 101})
    assert (answer.status_code, code_of(answer)) == (400, "PAGE_TOO_LARGE")


def test_post_names_hashes_that_are_not_ours(world: World) -> None:
    answer = Client().post("/graphql/", {"extensions": EXTENSIONS}, content_type="application/json")
    assert (answer.status_code, code_of(answer)) == (404, "PERSISTED_QUERY_NOT_FOUND")  # type: ignore[arg-type]


# -- What may be put into the folder ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (MUTATION, "one query"),
        ("query A { categories { slug } } query B { categories { name } }", "one query"),
        ("query A { me { __typename } }", "Query.me"),
        ("query A { products(first: 5) { edges { node { variants { available } } } } }", "Variant.available"),
        (f"query A {{ products(first: 5) {{ edges {{ node {{ ...F }} }} }} }} {FRAGMENT}", "Variant.available"),
        ("query A { nothing }", "Cannot query field"),
    ],
)  # fmt: skip
def test_an_unfit_document_stops_the_server(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "one.graphql").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=why):
        persisted_in(tmp_path, schema=schema.graphql_schema)


def test_every_root_that_is_shared_is_a_field_of_the_schema() -> None:
    query = schema.graphql_schema.query_type
    assert query is not None
    assert query.fields.keys() >= ROOTS


def test_what_was_said_of_goods_may_be_shared_and_is_gone_for_everybody_at_once(
    world: World, tmp_path: Path, rf: RequestFactory
) -> None:
    text = "query A($of: String) { reviews(product: $of, first: 5) { edges { node { text hiddenReason } } } }"
    (tmp_path / "said.graphql").write_text(text)
    view = graphql_view(schema=schema, user_for_token=user_for_token, persisted=tmp_path)
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}
    asked = {"extensions": json.dumps(extensions), "variables": json.dumps({"of": world.product.slug})}

    def said_to(person: User | AnonymousUser) -> list[str]:
        request = rf.get("/graphql/", asked)
        request.user = person
        answer = view(request)
        assert answer.status_code == 200
        edges = json.loads(gzip.decompress(answer.content) if answer.has_header("Content-Encoding") else answer.content)
        return [edge["node"]["text"] for edge in edges["data"]["reviews"]["edges"]]

    review = said(world, received(world))
    assert said_to(world.manager) == said_to(AnonymousUser()) == [review.text]
    reviewing.hide(review_id=review.pk, reason="tục", actor=world.manager, at=world.now)
    assert said_to(world.manager) == said_to(AnonymousUser()) == []  # she reads it still, but not by hash
    withdrawn = said(world, received(world))
    assert said_to(AnonymousUser()) == [withdrawn.text]
    listing.withdraw_product(product_id=world.product.pk, actor=world.manager, at=world.now)
    assert said_to(world.manager) == said_to(AnonymousUser()) == []


def test_no_folder_is_no_documents() -> None:
    assert persisted_in(None, schema=schema.graphql_schema) == {}
