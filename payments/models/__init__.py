"""Tables of the third floor: what is asked, what arrived, and what tied the two together."""

from payments.models.arriving import (
    BankTransaction,
    BankTransactionQuerySet,
    Feed,
    Sighting,
    StatementFile,
    WorkerBeat,
)
from payments.models.asking import PaymentRequest
from payments.models.booking import CashReceipt, KeptDebt, OpeningBalance, Release, Settlement

__all__ = [
    "BankTransaction",
    "BankTransactionQuerySet",
    "CashReceipt",
    "Feed",
    "KeptDebt",
    "OpeningBalance",
    "PaymentRequest",
    "Release",
    "Settlement",
    "Sighting",
    "StatementFile",
    "WorkerBeat",
]
