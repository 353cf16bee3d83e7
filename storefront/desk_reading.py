"""What the desk reads: its queues and its standing. Nothing is decided here, and nothing is changed."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from cooperatives.models import Message, Organization
from orders.models import Order, OrderQuerySet
from payments.models import BankTransaction, PaymentRequest, Settlement, Sighting
from payments.models.arriving import BankTransactionQuerySet

PAYING = (PaymentRequest.State.WAITING, PaymentRequest.State.PART)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much lies on each table of the desk."""

    to_look_at: int
    to_pack: int
    to_hand_over: int
    cash_to_take: int
    to_say: int
    strays: int
    contradicted: int


def counts(organization: Organization) -> Counts:
    """In four queries, however much there is."""
    orders = Order.objects.filter(organization=organization).aggregate(
        pack=Count("pk", filter=Q(pk__in=Order.objects.to_pack())),
        hand=Count("pk", filter=Q(state=Order.State.PACKED)),
        cash=Count("pk", filter=Q(pk__in=cash_to_take(organization))),
    )
    evidence = Sighting.objects.filter(organization=organization).aggregate(
        strays=Count("pk", filter=Q(bank_account=None)), contradicted=Count("pk", filter=Q(contradicted=True))
    )
    return Counts(
        to_look_at=to_look_at(organization).count(),
        to_pack=orders["pack"], to_hand_over=orders["hand"], cash_to_take=orders["cash"],
        to_say=Message.objects.waiting().filter(organization=organization).count(),
        strays=evidence["strays"], contradicted=evidence["contradicted"],
    )  # fmt: skip


def to_look_at(organization: Organization) -> BankTransactionQuerySet:
    """Lines of the bank that wait for a person; those declared not ours are done."""
    return BankTransaction.objects.needs_you().filter(organization=organization)


def overpaid(organization: Organization) -> BankTransactionQuerySet:
    """Settled lines of which something is owed back to the payer."""
    over = Settlement.objects.filter(excess_dong__gt=0, undone_at=None).values("transaction")
    return BankTransaction.objects.filter(organization=organization, pk__in=over)


def cash_to_take(organization: Organization) -> OrderQuerySet:
    """Orders to be paid on receipt, packed or not, whose money has not been counted yet."""
    return Order.objects.filter(
        organization=organization, pay_by=Order.PayBy.CASH, state__in=[Order.State.PLACED, Order.State.PACKED]
    ).unpaid()


def came_dong(lines: BankTransactionQuerySet) -> int:
    """The sum of money in among ``lines``."""
    return lines.filter(direction=BankTransaction.Direction.IN).aggregate(total=Sum("amount_dong"))["total"] or 0
