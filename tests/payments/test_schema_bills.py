"""Bills through GraphQL: what staff and households see, what is refused by name, and what a list costs."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from graphql import ExecutionResult
from graphql_relay import to_global_id

from payments.models import Bill, BillLine, BillRun, CashReceipt, PaymentRequest
from shop.schema import schema
from tests.billers import School, bill, bill_run, billing_account

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()

BILLS = """query ($where: BillWhereInput, $first: Int) { bills(where: $where, first: $first) { edges { node {
  id code state askedDong paidDong dueDong overdue accountName section dueOn organization { slug }
  run { name month items { feeItem { name } quantity } organization { slug } bankAccount { number } }
  account { number name organization { slug } household { name organization { slug } }
    exemptions { group { name } } agreements { feeItem { name } } }
  lines { name kind amountDong feeItem { name } reading { newValue } } } } } }"""
RUNS = "{ billRuns { edges { node { name state organization { slug } bankAccount { number } items { quantity } } } } }"
ACCOUNTS = """query ($where: BillingAccountWhereInput) { billingAccounts(where: $where) { edges { node {
  number name section household { name organization { slug } } exemptions { evidence } agreements { how } } } } }"""
BILL = """query ($code: String!, $factor: String!, $waited: String) {
  bill(code: $code, secondFactor: $factor, waited: $waited) {
    initials section number code dueDong dueInWords payload lines { name amountDong } organization { name } } }"""
PAGE = """query ($token: String!) { household(token: $token) { dueDong accounts { initials section number }
  open { code initials dueDong payload lines { name } payments { dong } } done { code } } }"""
BUNDLE = """mutation ($input: BillBundleInput!) { billBundle(input: $input) {
  paymentRequest { code dueDong payload } errors { field code } } }"""
CREATE = """mutation ($input: BillRunCreateInput!) { billRunCreate(input: $input) {
  billRun { id state month items { quantity } } errors { field code } } }"""
CHECK = """query ($id: ID!) { billRunCheck(id: $id) { bills totalDong hinderCount hinders { code message item { name } }
  byItem { item { name } bills dong } bySection { section dong } leftOutCount } }"""
PUBLISH = """mutation ($input: BillRunPublishInput!) { billRunPublish(input: $input) {
  billRun { state } errors { code } } }"""
CANCEL = """mutation ($input: BillRunCancelInput!) { billRunCancel(input: $input) {
  billRun { state cancelReason } errors { code } } }"""
CORRECT = """mutation ($input: BillCorrectInput!) { billCorrect(input: $input) {
  bill { askedDong paidDong dueDong lines { kind amountDong reason } } errors { code } } }"""
CASH = """mutation ($input: CashReceiveInput!) { cashReceive(input: $input) {
  cashReceipt { id number order { number } bills { code dueDong } } errors { code } } }"""
VOID = """mutation ($input: CashVoidInput!) { cashVoid(input: $input) {
  cashReceipt { number voidReason } errors { code } } }"""
ITEM = """mutation ($input: FeeItemCreateInput!) { feeItemCreate(input: $input) {
  feeItem { id name position measure } errors { field code } } }"""
RATE = """mutation ($input: FeeRateSetInput!) { feeRateSet(input: $input) {
  feeRate { priceDong ceilingDong steps { upTo priceDong } } errors { code } } }"""
PRICES = """query ($organization: String!) { feeItems(organization: $organization) {
  item { name compulsory } rate { priceDong legalBasis } reductions { group reductionBp } } }"""


def run(document: str, viewer: Any, **variables: Any) -> ExecutionResult:
    request = RequestFactory().post("/graphql/", REMOTE_ADDR="203.0.113.7")
    request.viewer = viewer  # type: ignore[attr-defined]
    return schema.execute(document, context_value=request, variable_values=variables)


def told(document: str, viewer: Any, **variables: Any) -> Any:
    result = run(document, viewer, **variables)
    assert result.errors is None, result.errors
    [answer] = result.data.values()
    return answer


def did(document: str, viewer: Any, **given: Any) -> Any:
    answer = told(document, viewer, input=given)
    assert answer["errors"] == []
    return answer


def refused(document: str, viewer: Any, **given: Any) -> str:
    answer = told(document, viewer, input=given)
    [error] = answer.pop("errors")
    assert set(answer.values()) == {None}
    return str(error["code"])


def nodes(answer: Any) -> list[Any]:
    return [edge["node"] for edge in answer["edges"]]


@pytest.fixture
def due(school: School) -> PaymentRequest:
    """Meals and boarding of the older child, 650,000 đồng."""
    return bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])


# -- Staff ------------------------------------------------------------------------------------------------


def test_bills_are_for_the_billers_staff(school, due, world):
    for stranger in (GUEST, world.treasurer, world.buyer):
        assert nodes(told(BILLS, stranger)) == []
    for staff in (school.manager, school.treasurer, school.clerk):
        [node] = nodes(told(BILLS, staff))
        assert (node["code"], node["state"], node["askedDong"], node["dueDong"]) == (
            due.code, "WAITING", "650000", "650000",
        )  # fmt: skip
        assert [line["name"] for line in node["lines"]] == ["Tiền ăn bán trú", "Chăm sóc bán trú"]


def test_bills_are_narrowed_by_all_that_is_said(school, due):
    later = bill_run(school.organization, school.bank_account, month="2026-04", due_on=date(2099, 1, 20))
    other = bill(later, school.younger, [(school.boarding, 150_000)])
    for where, codes in [
        ({}, {due.code, other.code}), ({"section": "3A"}, {due.code}), ({"month": "2026-04"}, {other.code}),
        ({"runId": to_global_id("BillRun", later.pk)}, {other.code}), ({"runId": "xxx"}, set()),
        ({"accountNumber": school.older.number}, {due.code}), ({"overdue": True}, {due.code}),
        ({"overdue": False}, {other.code}), ({"state": "PAID"}, set()), ({"state": "WAITING"}, {due.code, other.code}),
        ({"organization": "khong-co"}, set()),
        ({"organization": school.organization.slug, "section": "1B"}, {other.code}),
    ]:  # fmt: skip
        assert {node["code"] for node in nodes(told(BILLS, school.clerk, where=where))} == codes, where


@pytest.mark.parametrize(("document", "queries"), [(BILLS, 5), (RUNS, 2), (ACCOUNTS, 3)])
def test_one_and_three_cost_the_same(school, document, queries):
    cost = []
    for more in (1, 2):
        for _one in range(more):
            child = billing_account(school.organization, "Lê Văn Chín", section="5A", of=school.household)
            bill(bill_run(school.organization, school.bank_account), child, [(school.meals, 1_000)])
        with CaptureQueriesContext(connection) as asked:
            told(document, school.treasurer)
        cost.append(len(asked))
    assert cost == [queries, queries], cost


def test_a_run_is_drafted_checked_published_and_taken_back(school):
    wanted = {
        "organization": school.organization.slug, "name": "Tháng 4/2099", "month": "2099-04", "dueOn": "2099-05-20",
        "items": [{"feeItemId": to_global_id("FeeItem", school.boarding.pk)}], "idempotencyKey": "một",
    }  # fmt: skip
    first, again = (did(CREATE, school.treasurer, **wanted)["billRun"] for _time in range(2))
    assert first == again
    assert (first["state"], first["items"]) == ("DRAFT", [{"quantity": 1}])
    check = told(CHECK, school.manager, id=first["id"])
    assert (check["bills"], check["totalDong"], check["hinderCount"]) == (2, "300000", 0)
    assert [(row["section"], row["dong"]) for row in check["bySection"]] == [("1B", "150000"), ("3A", "150000")]
    assert refused(PUBLISH, school.clerk, runId=first["id"], idempotencyKey="hai") == "NOT_FOUND"
    assert did(PUBLISH, school.manager, runId=first["id"], idempotencyKey="hai")["billRun"]["state"] == "PUBLISHED"
    assert Bill.objects.filter(run__name="Tháng 4/2099").count() == 2
    assert told(CHECK, school.manager, id=first["id"]) is None
    taken = did(CANCEL, school.manager, runId=first["id"], reason="nhầm tháng")["billRun"]
    assert taken == {"state": "CANCELLED", "cancelReason": "nhầm tháng"}


def test_what_drafting_refuses(school, world):
    good = {
        "organization": school.organization.slug, "name": "Tháng 4", "month": "2099-04", "dueOn": "2099-05-20",
        "items": [{"feeItemId": to_global_id("FeeItem", school.boarding.pk)}], "idempotencyKey": "một",
    }  # fmt: skip
    item = good["items"][0]
    for more, code in [
        ({"month": "2099-13"}, "BAD_PERIOD"), ({"dueOn": "2020-01-01"}, "DUE_PASSED"),
        ({"items": [item, item]}, "ITEM_TWICE"), ({"note": "x" * 201}, "NOTE_TOO_LONG"),
        ({"items": [item | {"quantity": -1}]}, "BAD_COUNT"), ({"sections": ["9Z"]}, "UNKNOWN_SECTION"),
        ({"items": [{"feeItemId": "xxx"}]}, "NOT_FOUND"), ({"name": " "}, "NAME_MISSING"),
        ({"organization": world.organization.slug}, "NOT_FOUND"), ({"idempotencyKey": ""}, "BAD_KEY"),
    ]:  # fmt: skip
        assert refused(CREATE, school.treasurer, **good | more) == code
    assert BillRun.objects.count() == 1, "the fixture's own"


def test_a_bill_is_corrected_by_a_line_that_shows(school, due):
    own = {"billId": to_global_id("Bill", due.bill_id), "reason": "nghỉ ốm", "idempotencyKey": "một"}
    less = [{"feeItemId": to_global_id("FeeItem", school.meals.pk), "deltaDong": "-125000"}]
    assert refused(CORRECT, school.clerk, **own, changes=less) == "NOT_FOUND"
    assert refused(CORRECT, school.treasurer, **own, changes=[]) == "NOTHING_TO_CORRECT"
    too_much = [less[0] | {"deltaDong": "-500001"}]
    assert refused(CORRECT, school.treasurer, **own, changes=too_much) == "BELOW_NOTHING"
    corrected = did(CORRECT, school.treasurer, **own, changes=less)["bill"]
    assert (corrected["askedDong"], corrected["dueDong"]) == ("525000", "525000")
    assert ("ADJUSTMENT", "-125000", "nghỉ ốm") in [tuple(line.values()) for line in corrected["lines"]]
    did(CORRECT, school.treasurer, **own, changes=less)
    assert BillLine.objects.filter(bill=due.bill_id, kind="adjustment").count() == 1


def test_cash_for_a_bill_is_receipted_and_voided(school, due):
    given = {"code": due.code, "amountDong": "650000", "idempotencyKey": "một"}
    receipt = did(CASH, school.clerk, **given)["cashReceipt"]
    assert (receipt["number"], receipt["order"], receipt["bills"]) == (1, None, [{"code": due.code, "dueDong": "0"}])
    assert refused(VOID, school.manager, cashReceiptId=receipt["id"], reason="ghi nhầm") == "NOT_FOUND"
    voided = did(VOID, school.clerk, cashReceiptId=receipt["id"], reason="ghi nhầm")["cashReceipt"]
    assert voided == {"number": 1, "voidReason": "ghi nhầm"}
    assert CashReceipt.objects.exclude(undone_at=None).count() == 1


def test_an_item_is_made_and_priced_within_its_ceiling(school):
    mine = {"organization": school.organization.slug, "period": "MONTH", "idempotencyKey": "một"}
    item = did(ITEM, school.manager, name="Nước", measure="METERED", unitName="m³", **mine)["feeItem"]
    assert item["position"] > school.insurance.position
    assert refused(ITEM, school.manager, name="Nước", **mine | {"idempotencyKey": "hai"}) == "NAME_TAKEN"
    rate = {
        "feeItemId": item["id"],
        "since": "2026-04-01",
        "priceDong": "0",
        "legalBasis": "NQ",
        "idempotencyKey": "ba",
    }
    steps = [{"upTo": 10, "priceDong": "6000"}, {"upTo": None, "priceDong": "9000"}]
    assert did(RATE, school.manager, **rate, steps=steps)["feeRate"]["steps"] == steps
    for more, code in [
        ({"steps": [steps[1], steps[0]]}, "BAD_STEPS"), ({"priceDong": "9000", "ceilingDong": "8000"}, "ABOVE_CEILING"),
        ({"priceDong": "-1"}, "BAD_AMOUNT"),
    ]:  # fmt: skip
        assert refused(RATE, school.manager, **rate | {"idempotencyKey": code} | more) == code


def test_anybody_reads_the_price_list(school):
    [meals, *_others] = told(PRICES, GUEST, organization=school.organization.slug)
    assert (meals["item"]["name"], meals["rate"]["priceDong"], meals["reductions"]) == ("Tiền ăn bán trú", "25000", [])
    assert told(PRICES, GUEST, organization="khong-co") is None


# -- Households -------------------------------------------------------------------------------------------


def test_a_bill_opens_by_its_code_and_the_second_factor(school, due):
    shown = told(BILL, GUEST, code=due.code, factor="4321")
    assert (shown["initials"], shown["section"], shown["dueDong"]) == ("N.V.A.", "3A", "650000")
    assert shown["payload"].startswith("000201")
    assert school.older.name not in str(shown)
    for code, factor in ((due.code, "0000"), ("CP7K2M9Q9M", "4321"), ("", ""), (school.household.card_code, "4321")):
        assert told(BILL, GUEST, code=code, factor=factor) is None


def test_after_ten_wrong_tries_right_and_wrong_wait_alike(school, due):
    for _try in range(10):
        assert told(BILL, GUEST, code=due.code, factor="0000") is None
    answers = [
        Client().post(
            "/graphql/", {"query": BILL, "variables": {"code": due.code, "factor": factor}},
            content_type="application/json", REMOTE_ADDR="203.0.113.7",
        ).json()
        for factor in ("4321", "0000")
    ]  # fmt: skip
    for answer in answers:
        [error] = answer["errors"]
        assert answer["data"] == {"bill": None}
        assert error["extensions"]["code"] == "TRY_LATER"
        assert error["extensions"]["seconds"] > 0
        error["extensions"].pop("ticket")
    assert answers[0] == answers[1]


def test_a_household_sees_all_it_has_and_pays_two_bills_with_one_code(school, due):
    other = bill(school.run, school.younger, [(school.boarding, 150_000)])
    page = told(PAGE, GUEST, token=school.household.token)
    assert page["dueDong"] == "800000"
    assert {account["initials"] for account in page["accounts"]} == {"N.V.A.", "N.T.B."}
    assert {one["code"] for one in page["open"]} == {due.code, other.code}
    mine = {"token": school.household.token, "codes": [due.code, other.code]}
    first, again = (did(BUNDLE, GUEST, **mine)["paymentRequest"] for _time in range(2))
    assert first == again
    assert first["dueDong"] == "800000"
    stranger = billing_account(school.organization, "Mai Văn Lạ")
    theirs = bill(school.run, stranger, [(school.boarding, 1_000)])
    for wrong, code in [
        ({"codes": [due.code, theirs.code]}, "NOT_FOUND"), ({"token": "x" * 32}, "NOT_FOUND"),
        ({"codes": []}, "NOTHING_CHOSEN"),
        ({"codes": ["CP7K2M9Q9M"]}, "NOT_FOUND"),
    ]:  # fmt: skip
        assert refused(BUNDLE, GUEST, **mine | wrong) == code


def test_a_page_of_one_bill_and_of_three_costs_the_same(school, due):
    cost = []
    for more in (0, 2):
        for _one in range(more):
            run_ = bill_run(school.organization, school.bank_account)
            bill(run_, school.older, [(school.boarding, 150_000)])
        with CaptureQueriesContext(connection) as asked:
            told(PAGE, GUEST, token=school.household.token)
        cost.append(len(asked))
    assert cost[0] == cost[1] == 9, cost


@pytest.mark.parametrize("token", ["", "x" * 32, "x" * 5_000, "\x00", "ă" * 32])
def test_a_token_that_opens_nothing_is_null(school, token):
    assert told(PAGE, GUEST, token=token) is None
