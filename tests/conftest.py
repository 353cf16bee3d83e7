"""What every test may lean on. But for forgotten pages, nothing here acts on a test that does not ask for it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from catalog.search import market_words
from shop import graphql_persisted
from storefront import shared_pages
from storefront.views import sharing
from tests import ledger_walls

# the standing cast: fixture ``world``; a school that bills: ``school``; the product as real processes: fixtures
# ``market`` and ``open_market``; what a
# test found out, said at the end: fixture ``figure``
pytest_plugins = ["tests.people", "tests.billers", "tests.stored", "tests.market", "tests.figures", "tests.spreading"]

# -- Books: emptying the database between transactional tests ------------------------------------------
# Django empties every table after a test with django_db(transaction=True); the ledger's triggers refuse
# that, as they should. Here, and nowhere in the product, they are lowered for that one moment.
_empty_all_tables = TransactionTestCase._fixture_teardown


def _empty_with_walls_lowered(case: TransactionTestCase) -> None:
    with ExitStack() as all_databases:
        for alias in case._databases_names(include_mirrors=False):
            all_databases.enter_context(ledger_walls.lowered(connections[alias]))
        _empty_all_tables(case)


TransactionTestCase._fixture_teardown = _empty_with_walls_lowered  # type: ignore[method-assign]


# -- Drawn pages: a test's rows are rolled back, and their versions with them; the next test counts from there again --
@pytest.fixture(autouse=True)
def forget_drawn_pages() -> None:
    shared_pages.PLAIN.forget_all()
    shared_pages.NARROWED.forget_all()
    sharing.POSTERS.forget_all()
    graphql_persisted.ANSWERS.forget_all()


@pytest.fixture(autouse=True)
def forget_market_words() -> None:
    """The words of a test's goods are taken back with its rows."""
    market_words.forget()


# -- Browser: a real Chromium, at the size of a cheap phone ------------------------------------------------
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_CHROMIUM = "no Chromium on this machine: apt-get install chromium fonts-noto-core"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_BROWSER_FIXTURES = {"page", "context", "new_context", "browser", "launch_browser", "playwright"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, skip it with a reason where there is none, and run it last."""
    for item in items:
        if _BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if CHROMIUM is None and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    phone = {"viewport": {"width": 360, "height": 640}, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
    return {**browser_context_args, **phone}


@pytest.fixture(scope="session")
def playwright(playwright: Any) -> Iterator[Any]:
    """Playwright's own fixture, with Django told why an event loop runs.

    Its synchronous interface keeps a loop in this thread from the first browser test to the end of the session. Django
    takes that for asynchronous code, and keeps other connections for it than before: they are closed while the loop
    still runs, or the test database could not be removed. Browser tests run last, so no other test runs like this.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield playwright
    connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
