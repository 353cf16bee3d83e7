"""What money can be owed back for: an order, a billing account, or the line of a stranger."""

from typing import NamedTuple, Self

from django.db.models import Q

from base.refusals import NotFound
from cooperatives.models import Organization
from orders.models import Order
from payments.models import BankTransaction, BillingAccount, Refund


class Subject(NamedTuple):
    """Exactly one of three; ``name`` is what its debt is called in the books ("order:12")."""

    order_id: int | None = None
    transaction_id: int | None = None
    account_id: int | None = None

    @classmethod
    def of(cls, refund: Refund) -> Self:
        return cls(refund.order_id, refund.transaction_id, refund.account_id)

    @property
    def is_one(self) -> bool:
        return sum(pk is not None for pk in self) == 1

    @property
    def name(self) -> str:
        if self.account_id is not None:
            return f"account:{self.account_id}"
        return f"order:{self.order_id}" if self.order_id is not None else f"transaction:{self.transaction_id}"

    @property
    def its_refunds(self) -> Q:
        """Which refunds are of it."""
        if self.account_id is not None:
            return Q(account_id=self.account_id)
        return Q(order_id=self.order_id) if self.order_id is not None else Q(transaction_id=self.transaction_id)

    def organization(self) -> Organization:
        """Whose books it stands in. Raises NotFound."""
        if self.account_id is not None:
            owner = Q(billing_accounts=self.account_id)
        elif self.order_id is not None:
            owner = Q(orders=self.order_id)
        else:
            owner = Q(bank_transactions=self.transaction_id)
        found = Organization.objects.filter(owner).first()
        if found is None:
            raise NotFound()
        return found

    def lock(self) -> None:
        """Hold its row: two refunds of one debt come one after the other. Its place: docs/locking.md."""
        rows: type[Order | BillingAccount | BankTransaction]
        if self.account_id is not None:
            rows, pk = BillingAccount, self.account_id
        elif self.order_id is not None:
            rows, pk = Order, self.order_id
        else:
            assert self.transaction_id is not None
            rows, pk = BankTransaction, self.transaction_id
        rows._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)

    @property
    def kept_debts(self) -> Q:
        """The kept debts that may be called returned once nothing of it is owed any more.

        None for a billing account: what is owed to its payer is one sum, and part of it may have paid a bill.
        """
        if self.account_id is not None:
            return Q(pk__in=[])
        if self.order_id is not None:
            return Q(order_id=self.order_id)
        return Q(order=None, account=None, transaction_id=self.transaction_id)


def lock_subject(order_id: int | None, transaction_id: int | None, account_id: int | None = None) -> None:
    """Hold the row of whatever money is owed for."""
    Subject(order_id, transaction_id, account_id).lock()
