"""Money that comes to a school's bank account: written down, then settled."""

from collections.abc import Callable
from datetime import datetime

from payments import inbox, settlement
from payments.models import BankTransaction
from tests.billers import School
from tests.payments.conftest import arrival

Comes = Callable[..., BankTransaction]


def comes_to(school: School) -> Comes:
    """A function ``(memo, dong, at=school.now)`` that returns the settled line."""

    def arrives(memo: str, dong: int, *, at: datetime | None = None, **more: object) -> BankTransaction:
        at, account = at or school.now, school.bank_account
        written = inbox.write_down(
            arrival=arrival(memo, dong, at=at, account=account.number, **more), organization=school.organization,
            bank_account=account, source="sepay:live", at=at,
        )  # fmt: skip
        assert written.transaction is not None
        return settlement.settle(transaction_id=written.transaction.pk, at=at)

    return arrives
