"""Reviews through GraphQL: written under the order's token, read by everybody, answered by the cooperative."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import fulfilling
from orders.models import Order
from tests.orders.making import pay, place
from tests.orders.test_schema import told
from tests.people import World

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()
LIST = """query ($product: String) { reviews(product: $product) { totalCount edges { node {
  id stars text shownName writtenAt changedAt reply repliedAt productSlug productName isHidden hiddenReason } } } }"""


def received(world: World) -> Order:
    order = pay(place((world.variant, 1))[0], world=world)
    return fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def do(mutation: str, viewer: Any, fields: str = "stars text isHidden", **given: Any) -> dict[str, Any]:
    name = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = (
        f"mutation ($input: {name}!) {{ {mutation}(input: $input) "
        f"{{ review {{ {fields} }} errors {{ field code }} }} }}"
    )
    return told(document, viewer, input=given)[mutation]


def write(world: World, order: Order, **changed: Any) -> dict[str, Any]:
    given = {"orderToken": order.token, "productSlug": world.product.slug, "stars": 4, "text": "Giòn."}
    return do("reviewWrite", GUEST, "id stars text isHidden", **{**given, **changed})


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_reviews_takes_the_same_queries(world: World, count: int) -> None:
    for _number in range(count):
        write(world, received(world))
    with CaptureQueriesContext(connection) as captured:
        page = told(LIST, GUEST, product=world.product.slug)["reviews"]
    assert (page["totalCount"], len(page["edges"])) == (count, count)
    assert len(captured) == 2, "the page, its count"
    assert page["edges"][0]["node"]["productName"] == world.product.name


def test_a_buyer_writes_once_and_reads_why_not(world: World) -> None:
    order = received(world)
    first, again = write(world, order, idempotencyKey="k"), write(world, order, idempotencyKey="k")
    assert first == again
    assert write(world, order, stars=9)["errors"] == [{"field": "stars", "code": "STARS_MISSING"}]
    assert write(world, order, orderToken="x" * 43)["errors"] == [{"field": None, "code": "NOT_FOUND"}]
    [unpaid] = place((world.variant, 1))
    assert write(world, unpaid)["errors"] == [{"field": None, "code": "NOT_HANDED_OVER"}]


def test_the_cooperative_answers_hides_and_shows_again(world: World) -> None:
    review_id = write(world, received(world))["review"]["id"]
    assert do("reviewReply", world.clerk, "reply", reviewId=review_id, text="Cảm ơn.")["review"] == {"reply": "Cảm ơn."}
    assert do("reviewHide", world.clerk, reviewId=review_id, reason="tục")["errors"] == [
        {"field": None, "code": "NOT_FOUND"}
    ]
    assert do("reviewHide", world.manager, reviewId=review_id, reason="tục")["review"]["isHidden"]
    assert told(LIST, GUEST)["reviews"]["edges"] == []
    [mine] = told(LIST, world.treasurer)["reviews"]["edges"]
    assert mine["node"]["hiddenReason"] == "tục"
    assert do("reviewShow", world.manager, reviewId=review_id)["review"]["isHidden"] is False
    assert len(told(LIST, GUEST)["reviews"]["edges"]) == 1


def test_a_guest_answers_nothing(world: World) -> None:
    review_id = write(world, received(world))["review"]["id"]
    for mutation, more in (("reviewReply", {"text": "x"}), ("reviewHide", {"reason": "x"}), ("reviewShow", {})):
        assert do(mutation, GUEST, reviewId=review_id, **more)["errors"] == [{"field": None, "code": "NOT_FOUND"}]


@pytest.mark.parametrize("slug", ["khong-co", "\0"])
def test_of_unknown_goods_nothing_was_said(world: World, slug: str) -> None:
    write(world, received(world))
    assert told(LIST, GUEST, product=slug)["reviews"]["totalCount"] == 0
