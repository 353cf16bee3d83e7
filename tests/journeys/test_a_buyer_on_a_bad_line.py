"""Seven of ten requests are lost, some before they arrive and some after they were answered. The buyer only tries
again, as a person does with a button and a phone with its key: in the end there is exactly one order, and its sum."""

import random
import re
from typing import Any

import pytest
import requests

from tests.bad_line import BadLine, bad_line
from tests.figures import Figure
from tests.journeys.api import FIELDS, Api
from tests.market import Market

pytestmark = pytest.mark.processes

SLUG, PRICE_DONG = "ca-chach-say-kho", 92_500
BUYERS = 12
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_PATIENCE = 200  # tries in a row; fewer than one in 10^30 is lost so often


class Phone:
    """A browser without scripts: follows one link or sends one form at a time, and tries again until it is answered."""

    def __init__(self, line: BadLine) -> None:
        self.line, self.tries = line, 0
        self._http = requests.Session()
        self._http.trust_env = False

    def get(self, path: str) -> requests.Response:
        return self._until_answered("GET", path)

    def post(self, path: str, form: dict[str, str]) -> requests.Response:
        return self._until_answered("POST", path, data=form, headers={"Origin": self.line.url})

    def ask(self, document: str, given: dict[str, Any]) -> dict[str, Any]:
        answer = self._until_answered("POST", "/graphql/", json={"query": document, "variables": {"input": given}})
        told: dict[str, Any] = answer.json()
        return told

    def _until_answered(self, method: str, path: str, **more: Any) -> requests.Response:
        for _ in range(_PATIENCE):
            self.tries += 1
            try:
                return self._http.request(method, self.line.url + path, timeout=30, allow_redirects=False, **more)
            except requests.ConnectionError:
                continue
        raise AssertionError(f"no answer to {method} {path} in {_PATIENCE} tries")


def variant_of(api: Api) -> tuple[str, str]:
    """The small pack: its global id, and its number on the pages."""
    [small, *_] = api.ask(f'{{ product(slug: "{SLUG}") {{ variants {{ id priceDong }} }} }}')["product"]["variants"]
    assert small["priceDong"] == str(PRICE_DONG)
    page = requests.get(f"{api.url}/p/{SLUG}/", timeout=30).text
    number = re.search(r'name="variant" value="([0-9]+)"', page)
    assert number
    return small["id"], number[1]


def orders_of(market: Market, phone: str) -> list[tuple[Any, ...]]:
    return market.rows("SELECT total_dong, state FROM orders_order WHERE buyer_phone = %s", "+84" + phone[1:])


def promised(market: Market, number: str) -> int:
    [[reserved]] = market.rows("SELECT reserved FROM catalog_variant WHERE id = %s", int(number))
    return int(reserved)


def on_the_pages(phone: Phone, number: str, *, packs: int, buyer: dict[str, str]) -> str:
    """Goods, basket, form, payment page: the code to pay."""
    assert phone.get(f"/p/{SLUG}/").status_code == 200
    while True:  # an answer that was lost took its cookie along: then the basket is somebody else's, and empty
        assert phone.post("/basket/add/", {"variant": number, "quantity": str(packs)}).status_code == 303
        page = phone.get("/checkout/")
        if page.status_code == 200:
            break
    received = re.search(r'name="receive" value="([^"]*)"', page.text)
    assert received
    form = {**dict(_HIDDEN.findall(page.text[page.text.index('data-remember="checkout"') :])), **buyer}
    answer = phone.post("/checkout/", {**form, "receive": received[1], "pay_by": "TRANSFER"})
    assert answer.status_code == 303, answer.text
    code = re.fullmatch(r"/pay/(CP\w{8})/", answer.headers["Location"])
    assert code, answer.headers["Location"]
    assert phone.get(answer.headers["Location"]).status_code == 200
    return code[1]


def through_graphql(phone: Phone, variant_id: str, *, packs: int, buyer: dict[str, str], key: str) -> str:
    kind, fields = FIELDS["orderPlace"]
    document = f"mutation($input: {kind}!) {{ orderPlace(input: $input) {{ {fields} errors {{ code message }} }} }}"
    told = phone.ask(
        document,
        {
            "lines": [{"variantId": variant_id, "quantity": packs}], "buyer": buyer, "delivery": "HOME",
            "payBy": "TRANSFER", "idempotencyKey": key,
        },
    )  # fmt: skip
    placed = told["data"]["orderPlace"]
    assert placed["errors"] == []
    code: str = placed["orders"][0]["paymentRequests"][0]["code"]
    return code


def test_seven_of_ten_requests_are_lost_and_each_buyer_has_one_order(
    market: Market, api: Api, full_shelves: None, figure: Figure
) -> None:
    seed = random.SystemRandom().randrange(10_000)
    variant_id, number = variant_of(api)
    chance, before, wanted, tries = random.Random(seed), promised(market, number), 0, 0
    with bad_line(market.url, seed=seed) as line:
        for place in range(BUYERS):
            packs = chance.randint(1, 3)
            buyer = {"name": f"Người mua {place}", "phone": f"090{seed % 1000:03d}{place:04d}", "address": "Xóm 3"}
            phone = Phone(line)
            if place % 2:
                code = through_graphql(phone, variant_id, packs=packs, buyer=buyer, key=f"bad-line-{seed}-{place}")
            else:
                code = on_the_pages(phone, number, packs=packs, buyer=buyer | {"note": ""})
            wanted, tries = wanted + packs, tries + phone.tries
            assert orders_of(market, buyer["phone"]) == [(packs * PRICE_DONG, "PLACED")]
            [[asked]] = market.rows("SELECT asked_dong FROM payments_paymentrequest WHERE code = %s", code)
            assert asked == packs * PRICE_DONG
    assert promised(market, number) == before + wanted, "goods are promised once"
    assert min(line.lost_before, line.lost_after) > BUYERS, "the line was not bad at all"
    figure(
        f"bad line: seed {seed}: {BUYERS} buyers, {tries} tries, {line.lost_before} lost on the way there, "
        f"{line.lost_after} on the way back; {BUYERS} orders, {wanted} packs promised"
    )
    assert market.audit()["unexplained_dong"] == 0
