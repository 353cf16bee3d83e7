"""Who walks through the market here: visitors with a phone's browser, clients with a token, and the bank."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.api import Api
from tests.journeys.bank import Bank
from tests.market import Market

NewContext = Callable[..., BrowserContext]
NewPhone = Callable[..., Page]


@pytest.fixture
def bank(market: Market) -> Bank:
    return Bank(market)


@pytest.fixture(scope="session")
def api(market: Market) -> Api:
    """The GraphQL door, as a guest."""
    return Api(market.url)


@pytest.fixture(scope="session")
def full_shelves(market: Market, api: Api) -> None:
    """An brings enough of everything that no journey runs out of what another one bought. Through the real door."""
    clerk, member = api.signed_in("clerk"), api.signed_in("member")
    [an] = member.ask("{ me { memberships { id } } }")["me"]["memberships"]
    products = api.ask("{ products(first: 50) { edges { node { variants { id unit } } } } }")["products"]["edges"]
    for edge in products:
        for variant in edge["node"]["variants"]:
            clerk.do(
                "lotReceive", variantId=variant["id"], memberId=an["id"], quantity=40 * variant["unit"],
                idempotencyKey=f"full-shelves-{variant['id']}",
            )  # fmt: skip


@pytest.fixture
def new_phone(new_context: NewContext, market: Market, full_shelves: None) -> Iterator[NewPhone]:
    """``new_phone()``: a page in a browser of its own, cookies and all; ``scripts=False``: with scripts off.

    At the end every page must have been free of script errors, server errors and resources from other sites.
    """
    wrong: list[str] = []

    def opened(*, scripts: bool = True) -> Page:
        context = new_context(java_script_enabled=scripts, base_url=market.url)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("response", lambda told: wrong.append(f"{told.status} {told.url}") if told.status >= 500 else None)
        page.on("request", lambda asked: None if _is_ours(asked.url, market) else wrong.append(f"asks {asked.url}"))
        return page

    yield opened
    assert wrong == [], market.logs()


def _is_ours(url: str, market: Market) -> bool:
    return url.startswith((market.url + "/", "data:", "blob:"))
