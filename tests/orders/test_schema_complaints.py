"""Complaints through GraphQL: a token for who wrote, a queue for who answers, nothing for strangers."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from graphene import Schema

from orders.models import Complaint
from orders.schema import Mutations, Query
from tests.orders.making import place
from tests.people import World

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()
FIELDS = "id number about name orderNumber answerBy answeredAt closedAt decision messages { text answeredBy }"
SCHEMA = Schema(query=Query, mutation=Mutations)
LIST = f"query ($closed: Boolean) {{ complaints(closed: $closed) {{ totalCount edges {{ node {{ {FIELDS} }} }} }} }}"
ONE = f"query ($token: String!) {{ complaint(token: $token) {{ {FIELDS} }} }}"


def told(document: str, viewer: Any, **variables: Any) -> Any:
    """A whole request: whoever complains is counted by where it comes from."""
    request = RequestFactory().post("/graphql/")
    request.viewer = viewer  # type: ignore[attr-defined]
    result = SCHEMA.execute(document, variables=variables, context_value=request)
    assert result.errors is None
    return result.data


def do(mutation: str, viewer: Any, **given: Any) -> dict[str, Any]:
    name = f"{mutation[0].upper()}{mutation[1:]}Input"
    token = " token" if mutation == "complaintWrite" else ""
    document = (
        f"mutation ($input: {name}!) {{ {mutation}(input: $input) "
        f"{{ complaint {{ {FIELDS} }}{token} errors {{ field code }} }} }}"
    )
    return told(document, viewer, input=given)[mutation]


def write(world: World, **changed: Any) -> dict[str, Any]:
    given = {
        "organization": world.organization.slug, "about": "GOODS", "text": "Hai gói bị mốc.", "name": "Dũng",
        "phone": "0912000004",
    }  # fmt: skip
    return do("complaintWrite", GUEST, **{**given, **changed})


def test_the_writer_gets_a_token_and_reads_by_it(world: World) -> None:
    [order] = place((world.variant, 1))
    written = write(world, orderNumber=order.number, phone=order.buyer_phone)
    assert written["errors"] == []
    seen = told(ONE, GUEST, token=written["token"])["complaint"]
    assert seen == written["complaint"]
    assert (seen["orderNumber"], seen["messages"]) == (
        order.number, [{"text": "Hai gói bị mốc.", "answeredBy": None}],
    )  # fmt: skip
    for token in ("x" * 43, "", "\x00" * 43, "ă" * 43):
        assert told(ONE, GUEST, token=token)["complaint"] is None


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"text": " "}, {"field": "text", "code": "TEXT_MISSING"}),
        ({"phone": "1"}, {"field": "phone", "code": "BAD_PHONE"}),
        ({"name": "1"}, {"field": "name", "code": "BAD_NAME"}),
        ({"organization": "khong-co"}, {"field": None, "code": "NOT_FOUND"}),
    ],
)
def test_what_is_wrong_is_a_code_beside_its_field(world: World, wrong: dict[str, str], error: dict[str, Any]) -> None:
    assert write(world, **wrong) == {"complaint": None, "token": None, "errors": [error]}
    assert Complaint.objects.count() == 0


def test_staff_answer_and_decide_and_the_writer_reads_it(world: World) -> None:
    written = write(world)
    id_, token = written["complaint"]["id"], written["token"]
    assert do("complaintAnswer", world.clerk, complaintId=id_, text="Mai đổi.")["errors"] == []
    assert do("complaintSay", GUEST, token=token, text="Vâng.")["errors"] == []
    for who in (world.clerk, world.other_treasurer, GUEST):
        refused = do("complaintClose", who, complaintId=id_, decision="Thôi")
        assert refused["errors"] == [{"field": None, "code": "NOT_FOUND"}]
    assert do("complaintClose", world.manager, complaintId=id_, decision="Đổi hàng")["errors"] == []
    seen = told(ONE, GUEST, token=token)["complaint"]
    assert (seen["decision"], [one["answeredBy"] for one in seen["messages"]]) == (
        "Đổi hàng", [None, world.clerk.name, None],
    )  # fmt: skip
    late = do("complaintSay", GUEST, token=token, text="Chưa ưng")
    assert late["errors"] == [{"field": None, "code": "COMPLAINT_CLOSED"}]
    assert told(LIST, world.clerk, closed=True)["complaints"]["totalCount"] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries_for_any_number_and_is_its_staffs_alone(world: World, count: int) -> None:
    for number in range(count):
        id_ = write(world, text=f"Chuyện {number}")["complaint"]["id"]
        do("complaintAnswer", world.clerk, complaintId=id_, text="Đang xem.")
    with CaptureQueriesContext(connection) as captured:
        page = told(LIST, world.clerk)["complaints"]
    assert (page["totalCount"], len(page["edges"])) == (count, count)
    assert len(captured) == 4, "the page, its count, what was said, by whom"
    for who in (world.other_treasurer, world.buyer, GUEST):
        assert told(LIST, who)["complaints"]["totalCount"] == 0
