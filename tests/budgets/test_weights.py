"""What a first view costs on the wire: bytes as they came (compressed), requests, other hosts, and things that jump.

The service worker's own files come after the page, once, and are counted by themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.budgets.conftest import Site
from tests.figures import Figure

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the first one founds the market
# name of the page, something on it, most bytes, most requests (facts/users.md §8)
BUDGETS = [
    ("home", "", 170_000, 20),
    ("search", "card", 170_000, 20),
    ("category", "card", 170_000, 20),
    ("product", "", 120_000, 12),
    ("cooperative", "", 170_000, 20),
    ("pay", "data-refresh", 50_000, 6),
]
MOST_SHIFT = 0.02
SHIFTS = """new Promise((told) => {
  let sum = 0;
  const watch = new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
  });
  watch.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(sum), 300);
})"""


@dataclass
class Cost:
    """``sent``: address → bytes on the wire, headers included."""

    sent: dict[str, int] = field(default_factory=dict)
    shift: float = 0.0

    @property
    def bytes(self) -> int:
        return sum(self.sent.values())


def cost_of(context: BrowserContext, url: str) -> Cost:
    """A first view by a phone that has nothing of ours yet."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: dict[str, str] = {}
    cost = Cost()
    wire.on("Network.requestWillBeSent", lambda told: asked.update({told["requestId"]: told["request"]["url"]}))

    def finished(told: dict[str, Any]) -> None:
        address = asked[told["requestId"]]
        cost.sent[address] = cost.sent.get(address, 0) + int(told["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="networkidle")
    cost.shift = page.evaluate(SHIFTS)
    page.close()
    return cost


@pytest.mark.parametrize(("name", "holding", "most_bytes", "most_requests"), BUDGETS, ids=[one[0] for one in BUDGETS])
def test_a_first_view_keeps_to_its_budget(
    site: Site, new_context: Callable[..., BrowserContext], name: str, holding: str, most_bytes: int,
    most_requests: int, figure: Figure,
) -> None:  # fmt: skip
    context = new_context(service_workers="block", device_scale_factor=2)
    cost = cost_of(context, site.market.url + site.path(name, holding=holding))
    figure(f"first view of {name}: {cost.bytes / 1000:.1f} KB, {len(cost.sent)} requests, shift {cost.shift:.3f}")
    listed = "\n".join(f"{size:>8} {address}" for address, size in sorted(cost.sent.items(), key=lambda one: -one[1]))
    assert [address for address in cost.sent if not address.startswith((site.market.url, "data:"))] == []
    assert cost.bytes <= most_bytes, listed
    assert len(cost.sent) <= most_requests, listed
    assert cost.shift <= MOST_SHIFT


def test_what_the_service_worker_keeps_is_small(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(base_url=site.market.url).new_page()
    page.goto("/")
    kept = """navigator.serviceWorker.ready.then(async () => {
      const [name] = (await caches.keys()).filter((one) => one.startsWith("shell-"));
      const shell = await caches.open(name);
      const files = await Promise.all((await shell.keys()).map((one) => fetch(one).then((each) => each.text())));
      return [files.length, files.join("").length];
    })"""
    files, letters = page.evaluate(kept)
    assert files <= 40
    assert letters <= 150_000  # about a quarter of it on the wire
