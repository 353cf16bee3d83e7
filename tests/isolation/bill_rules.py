"""The same for bills: their staff, and the households that they are for."""

from typing import Any

from tests.isolation.rule import EVERYBODY, KEEPERS, MONEY, STAFF, TREASURER, Rule
from tests.isolation.sides import Names

KEY = {"idempotencyKey": "một lần"}
REASON = "đã gọi điện hỏi"
_LATER = "2099-01-20"
_BEGAN = "2026-02-01"


def _at(names: Names, **more: Any) -> dict[str, Any]:
    return {"organization": names.organization, **more, **KEY}


QUERIES: dict[str, Rule] = {
    "bills": Rule(EVERYBODY),
    "billRuns": Rule(EVERYBODY),
    "billRun": Rule(STAFF, lambda a: {"id": a.draft_run}),
    "billRunCheck": Rule(STAFF, lambda a: {"id": a.draft_run}),
    "billingAccounts": Rule(EVERYBODY),
    "readings": Rule(EVERYBODY),
    "feeItems": Rule(EVERYBODY, lambda a: {"organization": a.organization}, frozenset({"organization"})),
    "cashKeepers": Rule(KEEPERS, lambda a: {"organization": a.organization}),
    "cashBoxDong": Rule(KEEPERS, lambda a: {"organization": a.organization}),
    "cashHandovers": Rule(EVERYBODY),
    "bill": Rule(
        EVERYBODY,
        lambda a: {"code": a.bill_code, "secondFactor": a.given_name},
        frozenset({"bill_code", "given_name"}),
    ),
    "household": Rule(EVERYBODY, lambda a: {"token": a.household_token}, frozenset({"household_token"})),
}

MUTATIONS: dict[str, Rule] = {
    "feeItemCreate": Rule(MONEY, lambda a: _at(a, name="Sữa", period="MONTH", measure="FLAT")),
    "feeRateSet": Rule(
        MONEY,
        lambda a: {"feeItemId": a.fee_item, "since": _LATER, "priceDong": "60000", "legalBasis": "Biên bản", **KEY},
    ),
    "exemptGroupSet": Rule(
        MONEY, lambda a: _at(a, name="Hộ nghèo", reductions=[{"feeItemId": a.fee_item, "reductionBp": 10_000}])
    ),
    "billingAccountCreate": Rule(
        MONEY, lambda a: _at(a, kind="PUPIL", name="Lê Văn Tám", since=_BEGAN, householdId=a.household)
    ),
    "householdCreate": Rule(MONEY, lambda a: _at(a, name="Lê Thị Chín")),
    "exemptionRecord": Rule(
        MONEY,
        lambda a: {"accountId": a.billing_account, "exemptGroupId": a.exempt_group, "since": _BEGAN, **KEY},
    ),
    "agreementRecord": Rule(
        MONEY, lambda a: {"accountId": a.billing_account, "feeItemId": a.voluntary_item, "since": _BEGAN, **KEY}
    ),
    "readingRecord": Rule(
        STAFF,
        lambda a: {
            "accountId": a.meter,
            "month": "2026-01",
            "readOn": "2026-01-31",
            "oldValue": 0,
            "newValue": 0,
            **KEY,
        },
    ),
    "readingCorrect": Rule(MONEY, lambda a: {"readingId": a.reading, "newValue": 8, "reason": REASON, **KEY}),
    "billRunCreate": Rule(
        MONEY,
        lambda a: _at(
            a, name="Đợt mới", month="2026-02", dueOn=_LATER, items=[{"feeItemId": a.fee_item}], bankAccountId=a.account
        ),
    ),
    "billRunCount": Rule(
        MONEY,
        lambda a: {
            "runId": a.draft_run,
            "counts": [{"accountId": a.billing_account, "feeItemId": a.fee_item, "quantity": 2}],
        },
    ),
    "billRunPublish": Rule(MONEY, lambda a: {"runId": a.draft_run, **KEY}),
    "billRunCancel": Rule(MONEY, lambda a: {"runId": a.unpaid_run, "reason": REASON}),
    "billCorrect": Rule(
        MONEY,
        lambda a: {
            "billId": a.bill,
            "changes": [{"feeItemId": a.fee_item, "deltaDong": "-5000"}],
            "reason": REASON,
            **KEY,
        },
    ),
    "creditUse": Rule(MONEY, lambda a: {"billId": a.open_bill, **KEY}),
    "billBundle": Rule(
        EVERYBODY,
        lambda a: {"token": a.household_token, "codes": [a.bill_code, a.other_bill_code]},
        frozenset({"household_token", "bill_code", "other_bill_code"}),
    ),
    "cashReceiveBills": Rule(KEEPERS, lambda a: _at(a, codes=[a.bill_code, a.other_bill_code], amountDong="30000")),
    "cashVoid": Rule(KEEPERS, lambda a: {"cashReceiptId": a.cash_receipt, "reason": REASON}),
    "cashHandoverOffer": Rule(KEEPERS, lambda a: _at(a, keeperId=a.keeper, amountDong="10000")),
    "cashHandoverAccept": Rule(TREASURER, lambda a: {"cashHandoverId": a.handover, "countedDong": "20000"}),
    "cashHandoverRefuse": Rule(TREASURER, lambda a: {"cashHandoverId": a.handover, "reason": REASON}),
    "cashHandoverWithdraw": Rule(frozenset({"clerk"}), lambda a: {"cashHandoverId": a.handover}),
    "cashCount": Rule(KEEPERS, lambda a: _at(a, countedDong="1000", note="đếm lại")),
}
