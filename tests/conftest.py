"""What every test may lean on. But for forgotten pages, nothing here acts on a test that does not ask for it."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import TransactionTestCase
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect

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


# -- The live server: gone with everything it started -----------------------------------------------------
# A browser keeps its lines open, and Django's server leaves the threads behind them alone when it stops. Each would
# then close, from a thread of its own, a database in memory that nobody shares with it any more.
class _HangsUp(ThreadedWSGIServer):
    """Stops with every thread at its end: lines that are still open are cut."""

    daemon_threads = False  # these are the ones that are waited for

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments, **named)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        self._open.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        for line in list(self._open):
            with suppress(OSError):  # closed from the other side meanwhile
                line.shutdown(socket.SHUT_RDWR)
        super().server_close()


LiveServerThread.server_class = _HangsUp


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
HEADLESS = shutil.which("chromium-headless-shell") or CHROMIUM  # the same engine, without windows that nobody looks at
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
SLOWEST_PAGE_MS = 20_000  # what is expected of a page may take so long on a machine that has other things to do
_BROWSER_FIXTURES = {"page", "context", "new_context", "browser", "launch_browser", "playwright"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, skip it with a reason where there is none, and run it last."""
    for item in items:
        if _BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if HEADLESS is None and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": HEADLESS, "args": CHROMIUM_FLAGS}


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
    expect.set_options(timeout=SLOWEST_PAGE_MS)
    yield playwright
    connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
