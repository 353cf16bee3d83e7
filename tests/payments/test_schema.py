"""Money through GraphQL: what each of them sees, what is refused by name, and what a list costs."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from graphql import ExecutionResult
from graphql_relay import to_global_id

from cooperatives.models import Entry
from orders import fulfilling
from orders.models import Order
from payments import closing
from payments.models import BankTransaction, CashReceipt, Settlement, StatementFile
from shop.schema import schema
from tests.payments.conftest import order_bags, request_of, statement
from tests.people import World

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()
KEY = "4b1f6f0e"

PLACE = """mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) {
  orders { number token state totalDong paymentRequests { code dueDong state } } errors { field code message } } }"""
CANCEL = "mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { state } errors { field code } } }"
REQUEST = """query ($code: String!) { paymentRequest(code: $code) {
  code state askedDong dueDong dueInWords paidDong memo payload bankAccount { bin number holder } } }"""
LINES = """query ($where: BankTransactionWhereInput, $first: Int) { bankTransactions(where: $where, first: $first) {
  edges { node { id amountDong direction state reason unusedDong memo bankAccount { number }
    sightings { source externalId raw } settlements { creditedDong excessDong paymentRequest { code state } }
    keptDebts { amountDong } } } } }"""
ASSIGN = """mutation ($input: BankTransactionAssignInput!) { bankTransactionAssign(input: $input) {
  bankTransaction { state unusedDong settlements { id creditedDong } } errors { field code message } } }"""
DISMISS = """mutation ($input: BankTransactionDismissInput!) { bankTransactionDismiss(input: $input) {
  bankTransaction { state dismissedWhy } errors { field code } } }"""
KEEP = """mutation ($input: BankTransactionKeepInput!) { bankTransactionKeep(input: $input) {
  bankTransaction { state keptDebts { amountDong } } errors { field code } } }"""
UNDO = """mutation ($input: SettlementUndoInput!) { settlementUndo(input: $input) {
  bankTransaction { state reason unusedDong } errors { field code } } }"""
CASH = """mutation ($input: CashReceiveInput!) { cashReceive(input: $input) {
  cashReceipt { number amountDong creditedDong order { payment } } errors { field code message } } }"""
IMPORT = """mutation ($input: StatementImportInput!) { statementImport(input: $input) {
  statementFile { rows added closingDong } errors { field code message } } }"""
RECONCILE = """query ($organization: String!, $day: Date!) { reconciliation(organization: $organization, day: $day) {
  unexplainedDong waitingDong alarmDong accounts { openingDong inDong outDong closingDong bankClosingDong
  differenceDong bankAccount { number } } } }"""
PROPOSALS = "query ($id: ID!) { proposals(transactionId: $id) { kind best parts { code dong } } }"


def run(document: str, viewer: Any, **variables: Any) -> ExecutionResult:
    request = SimpleNamespace(viewer=viewer, headers={}, META={"REMOTE_ADDR": "127.0.0.1"})
    return schema.execute(document, context_value=request, variable_values=variables)


def told(document: str, viewer: Any, **variables: Any) -> Any:
    result = run(document, viewer, **variables)
    assert result.errors is None, result.errors
    [answer] = result.data.values()
    return answer


def did(document: str, viewer: Any, **given: Any) -> Any:
    """The payload of a mutation that went well."""
    answer = told(document, viewer, input=given)
    assert answer["errors"] == []
    return answer


def refused(document: str, viewer: Any, **given: Any) -> str:
    """The code of the one refusal; the thing itself is null."""
    answer = told(document, viewer, input=given)
    [error] = answer.pop("errors")
    assert list(answer.values()) == [None]
    return str(error["code"])


def gid(line: BankTransaction) -> str:
    return to_global_id("BankTransaction", line.pk)


def basket(world: World, **more: Any) -> dict[str, Any]:
    return {
        "lines": [{"variantId": to_global_id("Variant", world.variant.pk), "quantity": 2}],
        "buyer": {"name": "Hoàng Văn Dũng", "phone": "0912345678"}, "idempotencyKey": KEY,
    } | more  # fmt: skip


# -- Placing and cancelling ------------------------------------------------------------------------------


def test_an_order_is_placed_once_and_says_what_to_pay(world):
    first, again = (did(PLACE, GUEST, **basket(world))["orders"] for _time in range(2))
    assert first == again
    [order] = first
    assert (order["state"], order["totalDong"]) == ("PLACED", "150000")
    [request] = order["paymentRequests"]
    assert (request["dueDong"], request["state"]) == ("150000", "WAITING")
    assert Order.objects.count() == 1


def test_a_null_choice_is_the_usual_one(world):
    did(PLACE, GUEST, **basket(world, delivery=None, payBy=None, note=None))
    assert Order.objects.values_list("delivery", "pay_by").get() == ("PICKUP", "TRANSFER")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"lines": []}, "EMPTY_BASKET"),
        ({"lines": [{"variantId": "xxx", "quantity": 1}]}, "UNKNOWN_GOODS"),
        ({"buyer": {"name": "", "phone": "0912345678"}}, "BAD_NAME"),
        ({"buyer": {"name": "Dũng", "phone": "12"}}, "BAD_PHONE"),
        ({"delivery": "HOME"}, "BAD_ADDRESS"),
        ({"pickupPointId": "xxx"}, "NOT_FOUND"),
        ({"note": "x" * 501}, "NOTE_TOO_LONG"),
        ({"idempotencyKey": ""}, "BAD_KEY"),
    ],
)
def test_an_order_is_refused_by_name(world, more, code):
    assert refused(PLACE, GUEST, **basket(world, **more)) == code
    assert not Order.objects.exists()


def test_what_placing_may_answer_about_goods_and_accounts(world):
    variant = to_global_id("Variant", world.variant.pk)
    by_weight = to_global_id("Variant", world.variant_by_weight.pk)
    for line, code in [
        ({"variantId": variant, "quantity": 31}, "SOLD_OUT"), ({"variantId": variant, "quantity": 0}, "BAD_QUANTITY"),
        ({"variantId": by_weight, "quantity": 150}, "BAD_QUANTITY"),
    ]:  # fmt: skip
        assert refused(PLACE, GUEST, **basket(world, lines=[line])) == code
    did(PLACE, GUEST, **basket(world))
    assert refused(PLACE, GUEST, **basket(world, note="khác")) == "KEY_REUSED"
    world.organization.bank_accounts.update(is_active=False)
    assert refused(PLACE, GUEST, **basket(world, idempotencyKey="2")) == "NO_BANK_ACCOUNT"


def test_cancelling_is_for_its_staff_and_refused_by_name(world, comes):
    order = order_bags(world, 1)
    own = {"orderId": to_global_id("Order", order.pk), "reason": "khách đổi ý"}
    for stranger in (GUEST, world.buyer, world.other_treasurer, world.clerk):
        assert refused(CANCEL, stranger, **own) == "NOT_FOUND"
    assert refused(CANCEL, world.treasurer, **own | {"reason": "x" * 201}) == "REASON_TOO_LONG"
    Order.objects.filter(pk=order.pk).update(state="EXPIRED")
    assert refused(CANCEL, world.treasurer, **own) == "ALREADY_ENDED"
    Order.objects.filter(pk=order.pk).update(state="PLACED")
    assert did(CANCEL, world.treasurer, **own)["order"]["state"] == "CANCELLED"
    gone = order_bags(world, 1)
    comes(request_of(gone).code, 75_000)
    fulfilling.hand_over(order_id=gone.pk, actor=world.clerk, at=world.now)
    assert refused(CANCEL, world.manager, orderId=to_global_id("Order", gone.pk)) == "ALREADY_HANDED_OVER"


# -- What is asked ----------------------------------------------------------------------------------------


def test_anybody_with_the_code_sees_what_the_qr_carries(world, comes):
    request = request_of(order_bags(world, 2))
    comes(request.code, 50_000)
    answer = told(REQUEST, GUEST, code=request.code)
    assert answer["payload"].startswith("000201")
    assert answer | {"payload": ""} == {
        "code": request.code, "state": "PART", "askedDong": "150000", "dueDong": "100000", "payload": "",
        "dueInWords": "một trăm nghìn đồng", "paidDong": "50000", "memo": request.code,
        "bankAccount": {"bin": "970436", "number": "0011000123456", "holder": "HTX NONG SAN"},
    }  # fmt: skip
    comes(request.code, 100_000)
    assert told(REQUEST, GUEST, code=request.code)["payload"] is None


@pytest.mark.parametrize("code", ["", "CP7K2M9Q9M", "CP\x00", "CP\ud800", "x" * 5_000])
def test_an_unknown_code_is_null(world, code):
    assert told(REQUEST, GUEST, code=code) is None


# -- The desk ---------------------------------------------------------------------------------------------


def nodes(answer: Any) -> list[Any]:
    return [edge["node"] for edge in answer["edges"]]


def test_lines_are_for_treasurer_and_manager_of_their_own_account(world, comes):
    comes("tien ca", 150_000)
    for stranger in (GUEST, world.buyer, world.clerk, world.other_treasurer, world.member_an.user):
        assert nodes(told(LINES, stranger)) == []
    for staff in (world.treasurer, world.manager):
        [line] = nodes(told(LINES, staff))
        assert (line["amountDong"], line["direction"], line["state"], line["reason"]) == (
            "150000", "IN", "NEEDS_YOU", "NO_CODE",
        )  # fmt: skip
        assert line["sightings"][0]["raw"] == "tien ca 150000"


def test_lines_by_state_and_day(world, comes):
    comes(request_of(order_bags(world, 1)).code, 75_000)
    comes("tien ca", 1_000)
    assert len(nodes(told(LINES, world.treasurer, where={"state": "SETTLED"}))) == 1
    assert len(nodes(told(LINES, world.treasurer, where={"day": "2026-03-15"}))) == 2
    assert nodes(told(LINES, world.treasurer, where={"day": "2026-03-14"})) == []


def test_one_line_and_three_cost_the_same(world, comes):
    cost = []
    for more in (1, 2):
        for _line in range(more):
            comes(request_of(order_bags(world, 1)).code, 75_000)
        with CaptureQueriesContext(connection) as asked:
            told(LINES, world.treasurer)
        cost.append(len(asked))
    assert cost == [10, 10], cost  # link, explanations and refund movements among them


def test_assigned_undone_and_kept_through_the_door(world, comes):
    order, line = order_bags(world, 1), comes("tien ca", 80_000)
    code, treasurer = request_of(order).code, world.treasurer
    given = {"transactionId": gid(line), "parts": [{"code": code, "dong": "75000"}], "reason": "gọi điện"}
    line_after = did(ASSIGN, treasurer, **given, idempotencyKey=KEY)["bankTransaction"]
    assert (line_after["state"], line_after["unusedDong"]) == ("PART_SETTLED", "5000")
    kept = did(KEEP, treasurer, transactionId=gid(line), code=code, reason="trả dư", idempotencyKey=KEY)
    assert kept["bankTransaction"] == {"state": "SETTLED", "keptDebts": [{"amountDong": "5000"}]}
    undone = did(UNDO, treasurer, settlementId=line_after["settlements"][0]["id"])["bankTransaction"]
    assert undone == {"state": "PART_SETTLED", "reason": "UNDONE", "unusedDong": "75000"}
    answer = did(DISMISS, treasurer, transactionId=gid(line), reason="nhầm người", idempotencyKey=KEY)
    assert answer["bankTransaction"] == {"state": "SETTLED", "dismissedWhy": "nhầm người"}


def test_assigning_is_refused_by_name(world, comes):
    line, out = comes("tien ca", 100_000), comes("rut", 1_000, direction="out")
    code = request_of(order_bags(world, 1)).code
    whole = {"transactionId": gid(line), "reason": "gọi điện", "idempotencyKey": KEY}
    part = [{"code": code, "dong": "1000"}]
    for more, refusal in [
        ({"parts": []}, "NO_PARTS"), ({"parts": [{"code": code, "dong": "0"}]}, "BAD_AMOUNT"),
        ({"parts": [{"code": code, "dong": "100001"}]}, "MORE_THAN_IT_HOLDS"),
        ({"parts": [{"code": "CP\x00", "dong": "1"}]}, "UNKNOWN_REQUEST"),
        ({"parts": part, "reason": ""}, "REASON_MISSING"),
        ({"parts": part, "idempotencyKey": ""}, "BAD_KEY"), ({"parts": part, "transactionId": "x"}, "NOT_FOUND"),
        ({"parts": part, "transactionId": gid(out)}, "ONLY_MONEY_IN"),
    ]:  # fmt: skip
        assert refused(ASSIGN, world.treasurer, **whole | more) == refusal
    assert not Settlement.objects.exists()
    did(DISMISS, world.treasurer, **whole)
    assert refused(ASSIGN, world.treasurer, **whole, parts=part) == "NOTHING_LEFT"
    assert refused(DISMISS, world.treasurer, **whole | {"idempotencyKey": "2"}) == "NOTHING_LEFT"
    assert refused(DISMISS, world.treasurer, **whole | {"transactionId": gid(out)}) == "KEY_REUSED"
    assert refused(KEEP, world.treasurer, **whole) == "NOTHING_LEFT"


def test_undoing_is_refused_by_name(world, comes):
    order = order_bags(world, 1)
    settlement = comes(request_of(order).code, 75_000).settlements.get()
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    own = to_global_id("Settlement", settlement.pk)
    assert refused(UNDO, world.treasurer, settlementId=own) == "GOODS_GONE"
    assert refused(UNDO, world.treasurer, settlementId="x") == "NOT_FOUND"


def test_a_stranger_at_the_desk_finds_nothing_and_changes_nothing(world, comes):
    order, line = order_bags(world, 1), comes("tien ca", 80_000)
    settlement = comes(request_of(order_bags(world, 1)).code, 75_000).settlements.get()
    code, entries = request_of(order).code, Entry.objects.count()
    whole = {"transactionId": gid(line), "reason": "gọi điện", "idempotencyKey": KEY}
    file = {"bankAccountId": to_global_id("BankAccount", world.bank_account.pk), "name": "a", "fileBase64": "eA=="}
    for stranger in (GUEST, world.buyer, world.other_treasurer, world.member_an.user):
        assert refused(ASSIGN, stranger, **whole, parts=[{"code": code, "dong": "1000"}]) == "NOT_FOUND"
        assert refused(DISMISS, stranger, **whole) == "NOT_FOUND"
        assert refused(KEEP, stranger, **whole) == "NOT_FOUND"
        assert refused(UNDO, stranger, settlementId=to_global_id("Settlement", settlement.pk)) == "NOT_FOUND"
        assert refused(CASH, stranger, code=code, amountDong="75000", idempotencyKey=KEY) == "NOT_FOUND"
        assert refused(IMPORT, stranger, **file) == "NOT_FOUND"
        assert told(PROPOSALS, stranger, id=gid(line)) == []
        assert told(RECONCILE, stranger, organization=world.organization.slug, day="2026-03-15") is None
    line.refresh_from_db()
    assert (line.state, Entry.objects.count(), CashReceipt.objects.exists()) == ("NEEDS_YOU", entries, False)


def test_a_split_is_prepared_for_one_tap(world, comes):
    first, second = request_of(order_bags(world, 1)), request_of(order_bags(world, 2))
    line = comes(f"{first.code} {second.code}", 225_000)
    [proposal] = told(PROPOSALS, world.treasurer, id=gid(line))
    assert proposal == {
        "kind": "split", "best": True,
        "parts": [{"code": first.code, "dong": "75000"}, {"code": second.code, "dong": "150000"}],
    }  # fmt: skip
    did(
        ASSIGN, world.treasurer, transactionId=gid(line), parts=proposal["parts"], reason="một chạm", idempotencyKey=KEY
    )  # fmt: skip
    assert told(PROPOSALS, world.treasurer, id="x") == []


def test_cash_through_the_door(world, comes):
    order = order_bags(world, 1, pay_by="CASH")
    given = {"code": request_of(order).code, "amountDong": "75000", "idempotencyKey": KEY}
    for _time in range(2):
        receipt = did(CASH, world.clerk, **given)["cashReceipt"]
        assert receipt == {"number": 1, "amountDong": "75000", "creditedDong": "75000", "order": {"payment": "PAID"}}
    for more, refusal in [
        ({"amountDong": "74000"}, "KEY_REUSED"), ({"idempotencyKey": "2"}, "REQUEST_CLOSED"),
        ({"amountDong": "0", "idempotencyKey": "3"}, "BAD_AMOUNT"), ({"idempotencyKey": ""}, "BAD_KEY"),
        ({"code": "CP7K2M9Q9M"}, "NOT_FOUND"),
    ]:  # fmt: skip
        assert refused(CASH, world.clerk, **given | more) == refusal
    other = request_of(order_bags(world, 1)).code
    assert refused(CASH, world.clerk, code=other, amountDong="999000", idempotencyKey="4") == "TOO_MUCH_CASH"


def test_a_statement_through_the_door_and_the_day_beside_it(world, comes):
    comes("tien ca", 20_000)
    account = to_global_id("BankAccount", world.bank_account.pk)

    def sent(data: bytes) -> dict[str, str]:
        return {"bankAccountId": account, "name": "t3.csv", "fileBase64": base64.b64encode(data).decode()}

    data = statement([("14/03/2026", "", 10_000, "a"), ("15/03/2026", "", 20_000, "tien ca")])
    file = did(IMPORT, world.treasurer, **sent(data))["statementFile"]
    assert file == {"rows": 2, "added": 1, "closingDong": "30000"}
    answer = told(RECONCILE, world.manager, organization=world.organization.slug, day="2026-03-15")
    assert answer["unexplainedDong"] == "0"
    assert answer["waitingDong"] == "30000"
    assert answer["accounts"] == [{
        "openingDong": "10000", "inDong": "20000", "outDong": "0", "closingDong": "30000", "bankClosingDong": "30000",
        "differenceDong": "0", "bankAccount": {"number": "0011000123456"},
    }]  # fmt: skip
    other = statement([("15/03/2026", "", 1_000, "x")], account="0011000999999")
    assert refused(IMPORT, world.treasurer, **sent(other)) == "STATEMENT_WRONG_ACCOUNT"
    day = f"{timezone.now().year + 1}"
    future = statement([(f"15/03/{day}", "", 1_000, "x")])
    assert refused(IMPORT, world.treasurer, **sent(future)) == "STATEMENT_FUTURE_DAYS"
    assert refused(IMPORT, world.treasurer, **sent(b"khong phai sao ke")).startswith("STATEMENT_")
    assert refused(IMPORT, world.treasurer, **sent(data) | {"fileBase64": "???"}) == "BAD_FILE"
    assert refused(IMPORT, world.treasurer, **sent(data) | {"bankAccountId": "x"}) == "NOT_FOUND"
    assert StatementFile.objects.count() == 1


# -- Money that goes back, and what a line was for -----------------------------------------------------------

REFUND = "{ id code amountDong state way payeeHolder orderNumber payload }"
CREATE = f"""mutation ($input: RefundCreateInput!) {{ refundCreate(input: $input) {{
  refund {REFUND} errors {{ field code message }} }} }}"""
ORDER_OUT = f"""mutation ($input: RefundOrderOutInput!) {{ refundOrderOut(input: $input) {{
  refund {REFUND} errors {{ field code }} }} }}"""
DROP = """mutation ($input: RefundCancelInput!) { refundCancel(input: $input) {
  refund { state } errors { field code } } }"""
MATCH = """mutation ($input: RefundMatchInput!) { refundMatch(input: $input) {
  refund { state } errors { field code } } }"""
MOVEMENT_UNDO = """mutation ($input: RefundMovementUndoInput!) { refundMovementUndo(input: $input) {
  bankTransaction { state } errors { field code } } }"""
RETURN = f"""mutation ($input: BankTransactionReturnInput!) {{ bankTransactionReturn(input: $input) {{
  refund {REFUND} errors {{ field code }} }} }}"""
EXPLAIN = """mutation ($input: BankTransactionExplainInput!) { bankTransactionExplain(input: $input) {
  explanation { id kind amountDong } errors { field code } } }"""
EXPLANATION_UNDO = """mutation ($input: ExplanationUndoInput!) { explanationUndo(input: $input) {
  bankTransaction { state unusedDong explanations { undoneAt } } errors { field code } } }"""
DEBT_UNDO = """mutation ($input: KeptDebtUndoInput!) { keptDebtUndo(input: $input) {
  bankTransaction { state reason } errors { field code } } }"""
REFUNDS = f"query ($where: RefundWhereInput) {{ refunds(where: $where) {{ edges {{ node {REFUND} }} }} }}"
PAYEE = {"bin": "970415", "account": "101872345678", "holder": "Hoàng Văn Dũng"}


def owed_order(world, comes, dong=150_000):
    order = order_bags(world, 2)
    comes(request_of(order).code, dong)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    return order


def asked_back(world, comes, **more):
    given = {
        "orderId": to_global_id("Order", owed_order(world, comes).pk), "amountDong": "150000",
        "reason": "khách xin lại", "idempotencyKey": KEY,
    } | more  # fmt: skip
    return did(CREATE, world.treasurer, **given)["refund"]


def test_a_refund_from_task_to_the_banks_line(world, comes):
    task = asked_back(world, comes)
    assert (task["state"], task["way"], task["payload"], task["amountDong"]) == ("TO_DO", "TRANSFER", None, "150000")
    assert refused(ORDER_OUT, world.treasurer, refundId=task["id"], idempotencyKey=KEY) == "PAYEE_UNUSABLE"
    sent = did(ORDER_OUT, world.treasurer, refundId=task["id"], payee=PAYEE, idempotencyKey=KEY)["refund"]
    assert (sent["state"], sent["payeeHolder"], task["code"] in sent["payload"]) == ("ORDERED", "HOANG VAN DUNG", True)
    line = comes("khong co ma", 150_000, direction="out")
    given = {"refundId": task["id"], "transactionId": gid(line), "reason": "theo sao kê", "idempotencyKey": KEY}
    assert did(MATCH, world.treasurer, **given)["refund"]["state"] == "SENT"
    assert refused(DROP, world.treasurer, refundId=task["id"], reason="thôi không trả") == "REFUND_GONE"
    listed = told(REFUNDS, world.treasurer, where={"state": "SENT"})["edges"]
    assert [edge["node"]["code"] for edge in listed] == [task["code"]]
    assert told(REFUNDS, world.treasurer, where={"state": "TO_DO"})["edges"] == []
    movement = to_global_id("RefundMovement", line.refund_movements.get().pk)
    assert did(MOVEMENT_UNDO, world.treasurer, refundMovementId=movement)["bankTransaction"]["state"] == "NEEDS_YOU"


def test_what_cannot_go_back_is_refused_by_name(world, comes):
    order_id = to_global_id("Order", owed_order(world, comes).pk)
    given = {"orderId": order_id, "amountDong": "150001", "reason": "khách xin lại", "idempotencyKey": KEY}
    assert refused(CREATE, world.treasurer, **given) == "MORE_THAN_OWED"
    assert refused(CREATE, world.treasurer, **given | {"amountDong": "0"}) == "BAD_AMOUNT"
    assert refused(CREATE, world.treasurer, **given | {"orderId": None}) == "ONE_SUBJECT"
    assert refused(CREATE, world.treasurer, **given | {"reason": ""}) == "REASON_MISSING"
    assert refused(CREATE, world.other_treasurer, **given) == "NOT_FOUND"
    assert refused(CREATE, GUEST, **given) == "NOT_FOUND"


def test_a_line_goes_back_in_one(world, comes):
    line = comes("chuyen nham", 60_000)
    given = {"transactionId": gid(line), "payee": PAYEE, "reason": "chuyển nhầm", "idempotencyKey": KEY}
    refund = did(RETURN, world.treasurer, **given)["refund"]
    assert (refund["state"], refund["orderNumber"]) == ("ORDERED", None)
    debt = to_global_id("KeptDebt", line.kept_debts.get().pk)
    assert refused(DEBT_UNDO, world.treasurer, keptDebtId=debt) == "MONEY_ON_ITS_WAY"
    assert did(DROP, world.treasurer, refundId=refund["id"], reason="chưa chuyển")["refund"]["state"] == "CANCELLED"
    assert did(DEBT_UNDO, world.treasurer, keptDebtId=debt)["bankTransaction"]["state"] == "NEEDS_YOU"


def test_a_line_is_explained_and_that_taken_back(world, comes):
    line = comes("phi", 11_000, direction="out")
    given = {"transactionId": gid(line), "kind": "BANK_FEE", "reason": "phí tháng", "idempotencyKey": KEY}
    explanation = did(EXPLAIN, world.treasurer, **given)["explanation"]
    assert (explanation["kind"], explanation["amountDong"]) == ("BANK_FEE", "11000")
    back = did(EXPLANATION_UNDO, world.treasurer, explanationId=explanation["id"])["bankTransaction"]
    assert (back["state"], back["unusedDong"], len(back["explanations"])) == ("NEEDS_YOU", "11000", 1)
    wrong = given | {"kind": "OTHER_RECEIPT", "idempotencyKey": "2"}
    assert refused(EXPLAIN, world.treasurer, **wrong) == "WRONG_DIRECTION"
