"""One order, once on the pages and once through GraphQL: the same states, sums, shares, messages and postings."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import books, walking
from tests.journeys.api import Api, Refused
from tests.journeys.bank import Bank
from tests.journeys.conftest import NewPhone
from tests.market import Market

pytestmark = pytest.mark.processes

FISH, BAG, SLUG = "Cá chạch sấy khô", "Gói 500 g", "ca-chach-say-kho"
BAGS, PRICE_DONG = 3, 219_000
TOTAL_DONG = BAGS * PRICE_DONG
KEPT_DONG = 65_700  # 10 % of fish
VIETNAM = timezone(timedelta(hours=7))
BUYER = {"name": "Trần Thị Hai", "phone": "0900000322"}


@dataclass(frozen=True)
class Ending:
    """Where a story ends, without what must differ: numbers, codes and moments."""

    order: tuple[Any, ...]
    lines: list[tuple[Any, ...]]
    postings: list[tuple[Any, ...]]
    shares: list[tuple[Any, ...]]
    told: list[str]


def ending_of(market: Market, code: str) -> Ending:
    order = books.order_of(market, code)
    compared = tuple(
        order[name] for name in ("state", "payment", "total", "asked", "asked_state", "credited", "excess")
    )
    return Ending(
        order=compared, lines=books.lines_of(market, code), postings=books.postings_of(market, code),
        shares=books.shares_of(market, code), told=books.told_of(market, code),
    )  # fmt: skip


def test_both_doors_tell_the_same_story(market: Market, bank: Bank, api: Api, new_phone: NewPhone) -> None:
    on_pages = ending_of(market, _story_on_the_pages(market, bank, new_phone))
    assert on_pages.order == ("HANDED_OVER", "PAID", TOTAL_DONG, TOTAL_DONG, "paid", TOTAL_DONG, 0)
    assert on_pages.lines == [("SETTLED", "", TOTAL_DONG, TOTAL_DONG, 0)]
    assert on_pages.postings == [
        ("arrived", "bank", "unmatched_arrivals", TOTAL_DONG),
        ("settled", "unmatched_arrivals", "prepaid", TOTAL_DONG),
        ("handed_over", "prepaid", "owed_to_members", TOTAL_DONG - KEPT_DONG),
        ("handed_over", "prepaid", "fee", KEPT_DONG),
    ]
    assert on_pages.shares == [("Nguyễn Thị An", BAGS, TOTAL_DONG, KEPT_DONG)]
    assert on_pages.told == ["order_placed", "order_paid", "order_ready", "order_handed_over"]
    assert ending_of(market, _story_through_graphql(market, bank, api)) == on_pages
    assert market.audit()["unexplained_dong"] == 0


def _story_on_the_pages(market: Market, bank: Bank, new_phone: NewPhone) -> str:
    buyer, treasurer = new_phone(scripts=False), new_phone(scripts=False)
    walking.put_in_basket(buyer, FISH, str(BAGS), variant=BAG)
    buyer.get_by_role("link", name=re.compile("^Đi tới đặt hàng")).click()
    walking.fill_checkout(buyer, **BUYER)
    typed = _form_of(buyer)
    buyer.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    buyer.wait_for_url("**/pay/**")
    code = buyer.url.rstrip("/").rsplit("/", 1)[-1]
    _sending_the_form_again_orders_nothing_more(buyer, market, typed, code)
    bank.pays(code)
    walking.sign_in_by_card(treasurer, "thủ quỹ")
    treasurer.goto(f"/desk/orders/{books.order_of(market, code)['number']}/")
    treasurer.get_by_role("button", name="Đã gói xong").click()
    treasurer.get_by_role("button", name="Đã giao cho khách").click()
    expect(treasurer.locator("#shares")).to_contain_text("591.300")
    return code


def _form_of(page: Page) -> dict[str, str]:
    """What the browser would send."""
    script = "form => Object.fromEntries(new FormData(form))"
    form = page.locator("form").filter(has=page.get_by_label("Tên người nhận"))
    sent: dict[str, str] = form.evaluate(script)
    return sent


def _sending_the_form_again_orders_nothing_more(buyer: Page, market: Market, typed: dict[str, str], code: str) -> None:
    before = market.rows("SELECT COUNT(*) FROM orders_order")
    again = buyer.request.post("/checkout/", form=typed, max_redirects=0)
    assert (again.status, again.headers["location"]) == (303, f"/pay/{code}/")
    other = buyer.request.post("/checkout/", form={**typed, "name": "Người khác"}, max_redirects=0)
    assert other.status == 409  # the same key for another order
    assert market.rows("SELECT COUNT(*) FROM orders_order") == before


def _story_through_graphql(market: Market, bank: Bank, api: Api) -> str:
    found = api.ask(
        "query($slug: String!) { product(slug: $slug) { name variants { id name priceDong available } } }", slug=SLUG
    )["product"]
    [variant] = [one for one in found["variants"] if one["name"] == BAG.lower()]
    assert (found["name"], variant["priceDong"]) == (FISH, str(PRICE_DONG))
    given = {
        "lines": [{"variantId": variant["id"], "quantity": BAGS}], "buyer": BUYER, "delivery": "PICKUP",
        "payBy": "TRANSFER", "idempotencyKey": "both-doors",
    }  # fmt: skip
    [order] = api.do("orderPlace", **given)["orders"]
    assert order["totalDong"] == str(TOTAL_DONG)
    [asked] = order["paymentRequests"]
    assert asked == {"code": asked["code"], "dueDong": str(TOTAL_DONG), "state": "WAITING"}
    assert api.do("orderPlace", **given)["orders"] == [order]
    with pytest.raises(Refused) as refused:
        api.do("orderPlace", **{**given, "note": "khác"})
    assert refused.value.codes == ["KEY_REUSED"]

    assert _public(api, asked["code"]) == {"state": "WAITING", "dueDong": str(TOTAL_DONG), "paidDong": "0"}
    bank.pays(asked["code"])
    assert _public(api, asked["code"]) == {"state": "PAID", "dueDong": "0", "paidDong": str(TOTAL_DONG)}

    treasurer = api.signed_in("treasurer")
    lines = treasurer.ask("{ bankTransactions(first: 5) { edges { node { memo state amountDong } } } }")
    [line] = [edge["node"] for edge in lines["bankTransactions"]["edges"] if asked["code"] in edge["node"]["memo"]]
    assert (line["state"], line["amountDong"]) == ("SETTLED", str(TOTAL_DONG))
    orders = treasurer.ask("{ orders(first: 5) { edges { node { number payment } } } }")["orders"]["edges"]
    assert {"number": order["number"], "payment": "PAID"} in [edge["node"] for edge in orders]

    member = api.signed_in("member")
    before = _income(member)
    packed = treasurer.do("orderPack", orderId=order["id"])["order"]
    assert (packed["state"], packed["payment"]) == ("PACKED", "PAID")
    for _ in range(2):  # a second tap
        given_away = treasurer.do("orderHandOver", orderId=order["id"])["order"]
        assert (given_away["state"], given_away["payment"]) == ("HANDED_OVER", "PAID")
    after = _income(member)
    assert [new - old for new, old in zip(after, before, strict=True)] == [TOTAL_DONG - KEPT_DONG] * 2
    with pytest.raises(Refused) as stranger:  # a member is no staff
        member.do("orderHandOver", orderId=order["id"])
    assert stranger.value.codes == ["NOT_FOUND"]
    return str(asked["code"])


def _public(api: Api, code: str) -> dict[str, Any]:
    asked: dict[str, Any] = api.ask(
        "query($code: String!) { paymentRequest(code: $code) { state dueDong paidDong } }", code=code
    )["paymentRequest"]
    return asked


def _income(member: Api) -> tuple[int, int]:
    """What this month's sales brought her, and what she is owed; đồng."""
    month = f"{datetime.now(VIETNAM):%Y-%m}"
    [me] = member.ask("{ me { memberships { id } } }")["me"]["memberships"]
    told = member.ask(
        "query($id: ID!, $month: String!) { memberIncome(memberId: $id, from: $month, to: $month)"
        " { totalDong owedDong } }",
        id=me["id"],
        month=month,
    )["memberIncome"]
    return int(told["totalDong"]), int(told["owedDong"])
