"""The harness itself: a market opens, answers, dies and comes back."""

import urllib.error
import urllib.request

import pytest

from tests.market import Market, OpenMarket

pytestmark = pytest.mark.processes


def test_a_market_opens_with_clean_books_and_outlives_its_server(open_market: OpenMarket) -> None:
    with open_market() as market:
        assert market.audit()["unexplained_dong"] == 0
        assert market.rows("SELECT COUNT(*) FROM orders_order WHERE state = %s", "HANDED_OVER")[0][0] > 30
        market.kill_server()
        with pytest.raises(urllib.error.URLError, match="refused"):
            _visit(market)
        market.start_server()
        assert _visit(market) == 200


def _visit(market: Market) -> int:
    with urllib.request.urlopen(market.url + "/healthz", timeout=5) as answer:
        return int(answer.status)
