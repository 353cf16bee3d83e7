"""Whose count of an item a draft asks for: everybody in it whom the item concerns, and what is said of him so far."""

from typing import NamedTuple

from payments.bills.drawing_up import Facts, accounts_of, concerns
from payments.models import BillingAccount, BillRun, RunItem


class Counted(NamedTuple):
    """``own``: his own count, None where he has none; then ``otherwise`` is billed."""

    account: BillingAccount
    own: int | None
    otherwise: int


def counted(run: BillRun, one: RunItem) -> list[Counted]:
    """In order of class and given name. Who did not agree to the item, or had it once, is not asked about.

    A fixed number of queries. Needs ``run`` with its organization and ``one`` with its fee item.
    """
    facts = Facts.of(run, [one.fee_item])
    return [
        Counted(
            account, facts.counts.get((account.pk, one.fee_item_id)), 0 if facts.has_left(account) else one.quantity
        )
        for account in accounts_of(run).by_name()
        if concerns(account, one.fee_item, facts)
    ]
