"""Who walks through the market here: visitors with a phone's browser, clients with a token, and the bank."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize

from storefront.demo import cast
from tests.journeys import walking
from tests.journeys.api import Api
from tests.journeys.bank import Bank
from tests.journeys.newcomers import FOUNDING as FOUNDING_NEWCOMERS
from tests.journeys.newcomers import Newcomers
from tests.journeys.primary_school import ACCOUNTANT, FOUNDING, School
from tests.market import Market, markets

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
    with _browsers(new_context, market) as opened:
        yield opened


@contextmanager
def _browsers(new_context: NewContext, market: Market) -> Iterator[NewPhone]:
    wrong: list[str] = []

    def opened(*, scripts: bool = True, viewport: ViewportSize | None = None) -> Page:
        context = new_context(java_script_enabled=scripts, base_url=market.url)
        page = context.new_page()
        if viewport is not None:  # the fixture of the browser has one of its own already
            page.set_viewport_size(viewport)
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("response", lambda told: wrong.append(f"{told.status} {told.url}") if told.status >= 500 else None)
        page.on("request", lambda asked: None if _is_ours(asked.url, market) else wrong.append(f"asks {asked.url}"))
        return page

    yield opened
    assert wrong == [], market.logs()


def _is_ours(url: str, market: Market) -> bool:
    return url.startswith((market.url + "/", "data:", "blob:"))


# -- Bills ---------------------------------------------------------------------------------------------------------

DESK_SIZE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One for the whole session: each journey takes a family of its own."""
    with markets(tmp_path_factory, "school", filled_by=FOUNDING) as opened, opened() as market:
        yield School(market)


@pytest.fixture
def schools_bank(school: School) -> Bank:
    return Bank(school.market)


@pytest.fixture
def parents_phone(new_context: NewContext, school: School) -> Iterator[NewPhone]:
    """As ``new_phone``, at the school."""
    with _browsers(new_context, school.market) as opened:
        yield opened


@pytest.fixture
def accountant(new_context: NewContext, school: School) -> Iterator[Page]:
    """The school's accountant before her screen, signed in with phone and password as she does every morning."""
    with _browsers(new_context, school.market) as opened:
        page = opened(viewport=DESK_SIZE)
        walking.sign_in(page, ACCOUNTANT.phone, cast.PASSWORD)
        yield page


@pytest.fixture(scope="session")
def newcomers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomers]:
    """An empty school and a waterworks before its first bills; each journey takes what nobody else does."""
    with markets(tmp_path_factory, "newcomers", filled_by=FOUNDING_NEWCOMERS) as opened, opened() as market:
        yield Newcomers(market)


@pytest.fixture
def newcomers_phone(new_context: NewContext, newcomers: Newcomers) -> Iterator[NewPhone]:
    """As ``new_phone``, at the newcomers; ``viewport=DESK_SIZE`` for who sits at a desk."""
    with _browsers(new_context, newcomers.market) as opened:
        yield opened
