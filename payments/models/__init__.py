"""Tables of the third floor: what is asked, what arrived, and what tied the two together."""

from payments.models.accounts import (
    BillingAccount,
    Household,
    HouseholdLink,
    Reading,
    RosterImport,
)
from payments.models.arriving import (
    BankTransaction,
    BankTransactionQuerySet,
    Feed,
    Sighting,
    SightingMove,
    StatementFile,
    StatementMapping,
    WorkerBeat,
)
from payments.models.asking import PaymentRequest
from payments.models.bill_money import BundlePart, CreditUse, GivenBack, ItemShare
from payments.models.billing import Bill, BillLine, BillRun, RunCount, RunItem
from payments.models.booking import CashReceipt, KeptDebt, OpeningBalance, Release, Settlement
from payments.models.cash_boxes import CashCount, CashHandover
from payments.models.cod import (
    Collection,
    Remittance,
    RemittanceLine,
    RemittancePayment,
    RemittanceQuerySet,
    RemittanceShare,
)
from payments.models.fees import Agreement, ExemptGroup, Exemption, ExemptShare, FeeItem, FeeRate
from payments.models.giving_back import Explanation, Refund, RefundMovement, RefundQuerySet
from payments.models.linking import PaymentLink
from payments.models.making_good import CashVoucher, DepositKept, MadeGood

__all__ = [
    "Agreement",
    "BankTransaction",
    "BankTransactionQuerySet",
    "Bill",
    "BillLine",
    "BillRun",
    "BillingAccount",
    "BundlePart",
    "CashCount",
    "CashHandover",
    "CashReceipt",
    "CashVoucher",
    "Collection",
    "CreditUse",
    "DepositKept",
    "ExemptGroup",
    "ExemptShare",
    "Exemption",
    "Explanation",
    "FeeItem",
    "FeeRate",
    "Feed",
    "GivenBack",
    "Household",
    "HouseholdLink",
    "ItemShare",
    "KeptDebt",
    "MadeGood",
    "OpeningBalance",
    "PaymentLink",
    "PaymentRequest",
    "Reading",
    "Refund",
    "RefundMovement",
    "RefundQuerySet",
    "Release",
    "Remittance",
    "RemittanceLine",
    "RemittancePayment",
    "RemittanceQuerySet",
    "RemittanceShare",
    "RosterImport",
    "RunCount",
    "RunItem",
    "Settlement",
    "Sighting",
    "SightingMove",
    "StatementFile",
    "StatementMapping",
    "WorkerBeat",
]
