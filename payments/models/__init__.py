"""Tables of the third floor: what is asked, what arrived, and what tied the two together."""

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
from payments.models.booking import CashReceipt, KeptDebt, OpeningBalance, Release, Settlement
from payments.models.giving_back import Explanation, Refund, RefundMovement, RefundQuerySet
from payments.models.linking import PaymentLink

__all__ = [
    "BankTransaction",
    "BankTransactionQuerySet",
    "CashReceipt",
    "Explanation",
    "Feed",
    "KeptDebt",
    "OpeningBalance",
    "PaymentLink",
    "PaymentRequest",
    "Refund",
    "RefundMovement",
    "RefundQuerySet",
    "Release",
    "Settlement",
    "Sighting",
    "SightingMove",
    "StatementFile",
    "StatementMapping",
    "WorkerBeat",
]
