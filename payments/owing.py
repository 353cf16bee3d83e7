"""What is owed to payers: how much of it, for what, and over which card it would go back. Reads only."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import LedgerAccount, Organization
from orders.models import Order
from payments.models import BankTransaction, BillingAccount, Feed, PaymentLink, Refund
from payments.owed_for import Subject

State = Refund.State


@dataclass(frozen=True)
class Owed:
    """``dong`` are owed to whoever paid for ``order``, pays the bills of ``account``, or (without either) sent
    ``transaction``, and nobody has asked yet that they go back."""

    dong: int
    order: Order | None
    transaction: BankTransaction | None
    account: BillingAccount | None = None


def debt_dong(
    *,
    organization: Organization,
    order_id: int | None = None,
    transaction_id: int | None = None,
    account_id: int | None = None,
) -> int:
    """What stands as owed to a payer and is not on its way, đồng, less what the same buyer owes us."""
    subject = Subject(order_id, transaction_id, account_id).name
    owed = ledger.balance_dong(organization=organization, kind=Kind.OWED_TO_PAYERS, subject=subject)
    if order_id:
        owed -= ledger.balance_dong(organization=organization, kind=Kind.OWED_BY_BUYERS, subject=subject)
    return max(owed, 0)


def owed_dong(
    *,
    organization: Organization,
    order_id: int | None = None,
    transaction_id: int | None = None,
    account_id: int | None = None,
) -> int:
    """What can still be asked back (an account's: be used for its next bill): the debt less the tasks that stand for it
    already."""
    subject = Subject(order_id, transaction_id, account_id)
    debt = debt_dong(organization=organization, **subject._asdict())
    tasks = Refund.objects.filter(subject.its_refunds, state=State.TO_DO)
    return max(debt - (tasks.aggregate(total=Sum("amount_dong"))["total"] or 0), 0)


def owed_list(organization: Organization) -> list[Owed]:
    """Every debt to a payer for which there is no task yet, oldest account first. Six queries for any number."""
    owed = _balances(organization, Kind.OWED_TO_PAYERS)
    for subject, dong in _balances(organization, Kind.OWED_BY_BUYERS).items():
        if subject in owed:
            owed[subject] -= dong
    for task in Refund.objects.filter(organization=organization, state=State.TO_DO):
        if task.subject in owed:
            owed[task.subject] -= task.amount_dong
    left = []
    ids: dict[str, list[int]] = {"order": [], "transaction": [], "account": []}
    for subject, dong in owed.items():
        kind, _, name = subject.partition(":")
        if dong > 0:
            left.append((kind, int(name), dong))
            ids[kind].append(int(name))
    orders = Order.objects.in_bulk(ids["order"])
    lines = BankTransaction.objects.select_related("bank_account").in_bulk(ids["transaction"])
    accounts = BillingAccount.objects.select_related("household").in_bulk(ids["account"])
    found = []
    for kind, pk, dong in left:
        found.append(Owed(dong, orders.get(pk) if kind == "order" else None,
                          lines.get(pk) if kind == "transaction" else None,
                          accounts.get(pk) if kind == "account" else None))  # fmt: skip
    return found


def _balances(organization: Organization, kind: Kind) -> dict[str, int]:
    accounts = LedgerAccount.objects.filter(organization=organization, kind=kind).order_by("id")
    return {account.subject: account.balance_dong for account in accounts if account.balance_dong}


def card_of(subject: Subject, amount_dong: int) -> PaymentLink | None:
    """The card payment behind the debt that can still give back so much; cards are paid back to cards.

    Not where the processor has refused that before (given back by hand, disputed, too old): it would refuse for ever.
    """
    given = Q(pk=subject.transaction_id)
    if subject.order_id is not None:
        given = Q(settlements__payment_request__order_id=subject.order_id, settlements__undone_at=None)
        given |= Q(kept_debts__order_id=subject.order_id, kept_debts__undone_at=None)
    elif subject.account_id is not None:
        given = Q(settlements__payment_request__account_id=subject.account_id, settlements__undone_at=None)
        given |= Q(kept_debts__account_id=subject.account_id, kept_debts__undone_at=None)
    paid = BankTransaction.objects.filter(given, link__feed__provider=Feed.Provider.STRIPE)
    for line in paid.select_related("link").distinct().order_by("id"):
        if Refund.objects.filter(link=line.link, state=State.CANCELLED).exclude(trouble="").exists():
            continue
        back = Refund.objects.filter(link=line.link, state__in=[State.TO_DO, State.ORDERED, State.SENT])
        if line.amount_dong - (back.aggregate(total=Sum("amount_dong"))["total"] or 0) >= amount_dong:
            return line.link
    return None
