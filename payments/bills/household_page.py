"""What a household's page says: its children and meters, what is due when and why, what was paid how. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from base.periods import month_of, vietnam_day
from cooperatives.chart import Kind
from cooperatives.models import BankAccount, LedgerAccount, Organization
from payments.bills import tariff
from payments.bills.shares import BACK, LIVE
from payments.models import (
    Bill,
    BillingAccount,
    BillLine,
    Household,
    HouseholdLink,
    ItemShare,
    PaymentRequest,
    Refund,
    RunItem,
)
from payments.models.billing import BillQuerySet

SHOWN_MONTHS = 6
"""So many months of what is done stand on the page at once; older ones are a tap away."""
MOST_BILLS = 600


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a bill, or an adjustment of it, and how its units fall into price steps (none: one price)."""

    row: BillLine
    steps: list[tariff.Part]

    @property
    def is_adjustment(self) -> bool:
        return self.row.kind == BillLine.Kind.ADJUSTMENT


@dataclass(frozen=True, slots=True)
class Paid:
    """``dong`` of one document for one bill: ``how`` is bank, cash, credit or back (given back: less than nothing)."""

    at: datetime
    how: str
    number: int | None
    dong: int


@dataclass(frozen=True, slots=True)
class ShownBill:
    """One bill as its payer sees it. ``lines`` are filled where something is open, and on its receipt."""

    bill: Bill
    request: PaymentRequest
    is_overdue: bool
    lines: list[Line]
    payments: list[Paid]

    @property
    def due_dong(self) -> int:
        return self.request.due_dong if self.request.takes_money else 0

    @property
    def paid_dong(self) -> int:
        return self.request.credited_dong


@dataclass(slots=True)
class Payee:
    """What is open with one biller into one bank account: what one QR can pay together, the oldest due day first."""

    organization: Organization
    bank_account: BankAccount
    bills: list[ShownBill] = field(default_factory=list)

    @property
    def due_dong(self) -> int:
        return sum(bill.due_dong for bill in self.bills)


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """A child or a meter; what its payer has to their credit, and what is on its way back to them, whole đồng.
    ``went_back``: what was sent back last, and when that was ordered."""

    account: BillingAccount
    is_added: bool  # of another card, and may be taken off again
    credit_dong: int
    going_back_dong: int
    went_back: tuple[int, datetime] | None


@dataclass(frozen=True, slots=True)
class Page:
    """``done`` is what needs no more paying, by month, the latest first; ``has_older`` where some was left out."""

    household: Household
    accounts: list[ShownAccount]
    payees: list[Payee]
    done: list[tuple[str, list[ShownBill]]]
    has_older: bool

    @property
    def due_dong(self) -> int:
        return sum(payee.due_dong for payee in self.payees)

    @property
    def overdue_dong(self) -> int:
        return sum(bill.due_dong for payee in self.payees for bill in payee.bills if bill.is_overdue)


def opened(token: str) -> Household | None:
    """The household whose link this is."""
    return Household.objects.select_related("organization").filter(token=token).first()


def showing(account_id: int, *, among: Collection[str]) -> Household | None:
    """Of the households with these tokens one that the account belongs to or that has added it."""
    own = Q(accounts=account_id)
    added = Q(pk__in=_good_links().filter(account=account_id).values("household"))
    return Household.objects.filter(own | added, token__in=among).distinct().order_by("id").first()


def accounts_of(household: Household) -> list[BillingAccount]:
    """Its own children and meters, then those that it added by another card which is still good. One query."""
    added = _good_links().filter(household=household).values("account")
    mine = BillingAccount.objects.filter(Q(household=household) | Q(pk__in=added)).select_related("organization")
    return sorted(mine.by_name(), key=lambda account: account.household_id != household.pk)


def page_of(household: Household, *, whole: bool = False, at: datetime) -> Page:
    """The page; ``whole``: with all that was ever paid. Seven queries for any number of bills, eight with steps."""
    today = vietnam_day(at)
    accounts = accounts_of(household)
    bills = _bills_of([account.pk for account in accounts])
    oldest = "" if whole else _months_before(today, SHOWN_MONTHS)
    is_shown = Q(cancelled_at=None, request__state__in=_OPEN) | Q(run__month__gte=oldest)
    shown = _shown(bills.filter(is_shown) if oldest else bills, today=today)
    return Page(
        household=household,
        accounts=_with_credit(accounts, household),
        payees=_by_payee(shown),
        done=_by_month(shown),
        has_older=bool(oldest) and bills.exclude(is_shown).exists(),
    )


def bill_of(accounts: Iterable[BillingAccount], bill_id: int, *, at: datetime) -> ShownBill | None:
    """One of their bills with all of its lines; None for anybody else's."""
    mine = _bills_of([account.pk for account in accounts]).filter(pk=bill_id)
    return next(iter(_shown(mine, today=vietnam_day(at), all_lines=True)), None)


def bill_by_code(code: str, *, at: datetime) -> ShownBill | None:
    """The bill with this payment code, for whoever has proved to know its second factor."""
    found = Bill.objects.preloaded().filter(request__code=code)
    return next(iter(_shown(found, today=vietnam_day(at), all_lines=True)), None)


def _good_links() -> QuerySet[HouseholdLink]:
    """A card that was made anew was lost: what somebody added by the old one is gone with it."""
    return HouseholdLink.objects.filter(Q(account__household=None) | Q(at__gte=F("account__household__card_made_at")))


_OPEN = [PaymentRequest.State.WAITING, PaymentRequest.State.PART]


def _bills_of(account_ids: Sequence[int]) -> BillQuerySet:
    """Overdue and soonest due first; of drafts there are no bills."""
    return Bill.objects.preloaded().filter(account__in=account_ids).order_by("due_on", "request__code")


def _shown(bills: BillQuerySet, *, today: date, all_lines: bool = False) -> list[ShownBill]:
    found = list(bills[:MOST_BILLS])
    lines = _lines([bill for bill in found if all_lines or bill.request.takes_money])
    payments = _payments(found)
    return [
        ShownBill(
            bill=bill,
            request=bill.request,
            is_overdue=bill.request.takes_money and bill.due_on < today,
            lines=lines[bill.pk],
            payments=payments[bill.pk],
        )
        for bill in found
    ]


def _lines(bills: Sequence[Bill]) -> defaultdict[int, list[Line]]:
    """By bill, in the biller's order, each adjustment under its item. One query, and one for the steps if there are."""
    rows = list(
        BillLine.objects.filter(bill__in=bills)
        .select_related("fee_item", "reading")
        .order_by("bill", "position", "fee_item", "at", "id")
    )
    stepped = {row.fee_item_id for row in rows if row.reading_id and not row.unit_price_dong}
    steps = {}
    if stepped:
        items = RunItem.objects.filter(
            run__in={bill.run_id for bill in bills}, fee_item__in=stepped, rate__isnull=False
        )
        steps = {(item.run_id, item.fee_item_id): item.rate.steps for item in items.select_related("rate") if item.rate}
    run_of = {bill.pk: bill.run_id for bill in bills}
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for row in rows:
        of_rate = steps.get((run_of[row.bill_id], row.fee_item_id)) if row.kind == BillLine.Kind.CHARGE else None
        parts = tariff.parts(used=row.quantity, price_dong=0, steps=of_rate) if of_rate else []
        found[row.bill_id].append(Line(row=row, steps=parts))
    return found


def _payments(bills: Sequence[Bill]) -> defaultdict[int, list[Paid]]:
    """By bill, what came for it, when and how, each document once; what was taken back does not count. One query."""
    shares = ItemShare.objects.filter(LIVE | BACK, bill__in=bills).select_related(
        "settlement__transaction", "cash_receipt", "credit_use", "given_back"
    )
    sums: defaultdict[tuple[int, str, int], int] = defaultdict(int)
    said: dict[tuple[int, str, int], tuple[datetime, int | None]] = {}
    for share in shares:
        if share.settlement is not None:
            how, document, at = "bank", share.settlement.pk, share.settlement.transaction.happened_at
            number = None
        elif share.cash_receipt is not None:
            how, document, at = "cash", share.cash_receipt.pk, share.cash_receipt.at
            number = share.cash_receipt.number
        elif share.credit_use is not None:
            how, document, at, number = "credit", share.credit_use.pk, share.credit_use.at, None
        else:
            assert share.given_back is not None
            how, document, at, number = "back", share.given_back.pk, share.given_back.at, None
        key = (share.bill_id, how, document)
        sums[key] += -share.amount_dong if how == "back" else share.amount_dong
        said[key] = (at, number)
    found: defaultdict[int, list[Paid]] = defaultdict(list)
    for key, dong in sums.items():
        at, number = said[key]
        found[key[0]].append(Paid(at=at, how=key[1], number=number, dong=dong))
    for paid in found.values():
        paid.sort(key=lambda one: one.at)
    return found


def _with_credit(accounts: Sequence[BillingAccount], household: Household) -> list[ShownAccount]:
    """Two queries."""
    ids = [account.pk for account in accounts]
    told = [Refund.State.TO_DO, Refund.State.ORDERED, Refund.State.SENT]
    tasks = Refund.objects.filter(account__in=ids, state__in=told).order_by("ordered_at", "id")
    back: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    sent: dict[int | None, tuple[int, datetime]] = {}
    for account_id, state, dong, at in tasks.values_list("account_id", "state", "amount_dong", "ordered_at"):
        if state == Refund.State.SENT and at is not None:
            sent[account_id] = (dong, at)
        else:
            back[account_id][state] += dong
    stands = LedgerAccount.objects.filter(
        kind=Kind.OWED_TO_PAYERS, subject__in=[account.subject for account in accounts]
    )
    owed = {row.subject: row.balance_dong for row in stands}
    return [
        ShownAccount(
            account=account,
            is_added=account.household_id != household.pk,
            # What is only a task yet is still owed; what was ordered is on its way and no longer is.
            credit_dong=max(owed.get(account.subject, 0) - back[account.pk].get(Refund.State.TO_DO, 0), 0),
            going_back_dong=sum(back[account.pk].values()),
            went_back=sent.get(account.pk),
        )
        for account in accounts
    ]


def _by_payee(bills: Iterable[ShownBill]) -> list[Payee]:
    """The payee whose oldest bill is due first comes first."""
    payees: dict[tuple[int, int], Payee] = {}
    for shown in bills:
        if shown.due_dong:
            key = (shown.bill.organization_id, shown.request.bank_account_id)
            payee = payees.setdefault(key, Payee(shown.bill.organization, shown.request.bank_account))
            payee.bills.append(shown)
    return list(payees.values())


def _by_month(bills: Iterable[ShownBill]) -> list[tuple[str, list[ShownBill]]]:
    by_month: defaultdict[str, list[ShownBill]] = defaultdict(list)
    for shown in bills:
        if not shown.due_dong:
            by_month[shown.bill.run.month].append(shown)
    return sorted(by_month.items(), reverse=True)


def _months_before(today: date, months: int) -> str:
    """``2026-05`` for six months up to and with October 2026."""
    number = today.year * 12 + today.month - months
    return month_of(date(number // 12, number % 12 + 1, 1))
