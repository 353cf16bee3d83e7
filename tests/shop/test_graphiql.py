"""GraphiQL in a real browser: our own files, our own policy, and a query that comes back."""

import re
from typing import Any

import pytest
from graphql import parse, validate
from playwright.sync_api import Page, expect

from shop.schema import schema
from tests.house.tree import ROOT

STARTER = ROOT / "shop" / "static" / "shop" / "graphiql" / "start.js"


def test_every_step_of_the_tour_is_a_question_the_schema_knows() -> None:
    """Also the steps that wait behind a # for somebody to fill them in."""
    (tour,) = re.findall(r"const EXAMPLE = `(.*?)`;", STARTER.read_text(encoding="utf-8"), re.DOTALL)
    steps = re.findall(r"^(?:# )?(?:query|mutation) .*?^(?:# )?}$", tour, re.DOTALL | re.MULTILINE)
    documents = [re.sub(r"^# ", "", step, flags=re.MULTILINE) for step in steps]
    assert len(documents) == 5
    for document in documents:
        assert validate(schema.graphql_schema, parse(document)) == [], document


def test_the_first_step_of_the_tour_runs_as_it_stands(page: Page, live_server: Any) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1200, "height": 800})

    page.goto(f"{live_server.url}/graphql/")
    expect(page.locator(".graphiql-query-editor")).to_contain_text("products(first: 5)")
    page.get_by_label("Execute query").click()
    expect(page.locator(".result-window")).to_contain_text('"totalCount": 0')
    page.get_by_label("Show Documentation Explorer").click()
    expect(page.locator(".graphiql-doc-explorer")).to_contain_text("query: Query")

    assert complaints == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


@pytest.mark.urls("tests.shop.graphql_urls")
def test_graphiql_runs_a_query_within_the_policy(page: Page, live_server: Any) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1200, "height": 800})

    page.goto(f"{live_server.url}/graphql/")
    expect(page.locator(".graphiql-query-editor")).to_contain_text("products(first: 5)")
    page.locator(".graphiql-query-editor .CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("query Chao { hello }")
    for _moment in range(100):  # GraphiQL reads what was typed a moment later (wait_for_function would need eval)
        if page.evaluate("() => localStorage.getItem('graphiql:operationName')") == "Chao":
            break
        page.wait_for_timeout(50)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".result-window")).to_contain_text("Chào chợ")

    page.get_by_label("Show Documentation Explorer").click()
    expect(page.locator(".graphiql-doc-explorer")).to_contain_text("query: Queries")
    for dialog in ("Open short keys dialog", "Open settings dialog"):
        page.get_by_label(dialog).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()

    assert complaints == []
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
