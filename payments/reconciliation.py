"""The bank beside the books, account by account and day by day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Sum

from cooperatives.models import BankAccount, Organization
from payments.models import BankTransaction, OpeningBalance, Sighting, StatementFile
from payments.models.arriving import BankTransactionQuerySet

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class AccountDay:
    """One account on one day, whole đồng. ``bank_closing_dong`` is None where no bank balance is known for it."""

    bank_account: BankAccount
    opening_dong: int
    in_dong: int
    out_dong: int
    closing_dong: int
    bank_closing_dong: int | None

    @property
    def difference_dong(self) -> int | None:
        """Bank minus books at the end of the day; 0 is right, None is unknown."""
        return None if self.bank_closing_dong is None else self.bank_closing_dong - self.closing_dong


@dataclass(frozen=True)
class Day:
    """All accounts of one day. ``differences_dong``: those that are known and not 0."""

    day: date
    differences_dong: Sequence[int]
    all_known: bool

    @property
    def verdict(self) -> str:
        """``wrong``: the bank says otherwise; ``right``: it says the same of every account; else ``unknown``."""
        return "wrong" if self.differences_dong else "right" if self.all_known else "unknown"


def reconcile(*, organization: Organization, day: date) -> list[AccountDay]:
    """Opening + in − out = closing for each account on ``day``, from the bank's lines that are booked."""
    return _days(organization, first=day, last=day)[day]


def verdicts(*, organization: Organization, first: date, last: date) -> list[Day]:
    """Each day from ``last`` back to ``first``, none before the books were opened. A fixed number of queries."""
    first = max(first, organization.opened_on)
    if first > last:
        return []
    found = []
    for day, accounts in _days(organization, first=first, last=last).items():
        # A card processor's balance is proved by its payouts, and an account without a đồng has nothing to prove.
        judged = [
            account.difference_dong
            for account in accounts
            if account.bank_closing_dong is not None
            or (account.bank_account.kind == BankAccount.Kind.BANK and _has_moved(account))
        ]
        wrong = [difference for difference in judged if difference]
        found.append(Day(day, wrong, all_known=bool(judged) and None not in judged))
    return found[::-1]


def only_in_books(*, bank_account: BankAccount, day: date) -> BankTransactionQuerySet:
    """Booked lines of a day that the bank's own file of that day does not know. None without such a file."""
    lines = BankTransaction.objects.booked().filter(bank_account=bank_account, day=day)
    files = StatementFile.objects.filter(bank_account=bank_account, first_day__lte=day, last_day__gte=day)
    return lines.exclude(Exists(_in_a_file())) if files.exists() else lines.none()


def only_in_bank(*, bank_account: BankAccount, day: date) -> BankTransactionQuerySet:
    """Lines of a day that stand in the bank's own file and not in the books."""
    return BankTransaction.objects.filter(Exists(_in_a_file()), bank_account=bank_account, day=day, booked_at=None)


def _has_moved(account: AccountDay) -> bool:
    return any((account.opening_dong, account.in_dong, account.out_dong, account.closing_dong))


def _days(organization: Organization, *, first: date, last: date) -> dict[date, list[AccountDay]]:
    accounts = list(BankAccount.objects.filter(organization=organization).order_by("-is_default", "id"))
    openings = OpeningBalance.objects.filter(organization=organization).values_list("bank_account_id", "amount_dong")
    stands = Counter(dict(openings))
    booked = BankTransaction.objects.booked().filter(organization=organization).order_by()
    before = booked.filter(day__lt=first).values_list("bank_account_id", "direction").annotate(Sum("amount_dong"))
    for account_id, direction, dong in before:
        stands[account_id] += _signed(direction, dong)
    moved: Counter[tuple[int, date, str]] = Counter()
    within = booked.filter(day__range=(first, last)).values_list("bank_account_id", "day", "direction")
    for account_id, day, direction, dong in within.annotate(Sum("amount_dong")):
        moved[account_id, day, direction] = dong
    bank_says = _closings(organization, first=first, last=last)
    found: dict[date, list[AccountDay]] = {}
    for day in _each(first, last):
        found[day] = []
        for account in accounts:
            came, went = moved[account.pk, day, "in"], moved[account.pk, day, "out"]
            opening = stands[account.pk]
            stands[account.pk] = closing = opening + came - went
            found[day].append(AccountDay(account, opening, came, went, closing, bank_says.get((account.pk, day))))
    return found


def _closings(organization: Organization, *, first: date, last: date) -> dict[tuple[int, date], int]:
    """What the bank's own files say each account held at the end of each day that they cover.

    A file says it of its last day; for the days before, the file's own lines after them are taken off. Of two files
    the later one counts.
    """
    files = StatementFile.objects.filter(
        organization=organization, first_day__lte=last, last_day__gte=first, closing_dong__isnull=False
    ).order_by("imported_at", "id")
    covering = list(files.values_list("bank_account_id", "first_day", "last_day", "closing_dong"))
    if not covering:
        return {}
    latest = max(last_day for _account, _first, last_day, _closing in covering if last_day is not None)
    net: defaultdict[int, Counter[date]] = defaultdict(Counter)
    told = BankTransaction.objects.filter(
        Exists(_in_a_file()), organization=organization, day__gt=first, day__lte=latest
    ).order_by()
    for account_id, day, direction, dong in told.values_list("bank_account_id", "day", "direction").annotate(
        Sum("amount_dong")
    ):
        net[account_id][day] += _signed(direction, dong)
    says: dict[tuple[int, date], int] = {}
    for account_id, first_day, last_day, closing_dong in covering:
        assert first_day is not None
        assert last_day is not None
        assert closing_dong is not None
        stands = closing_dong
        for day in reversed(list(_each(max(first, first_day), last_day))):
            if day <= last:
                says[account_id, day] = stands
            stands -= net[account_id][day]
    return says


def _in_a_file() -> QuerySet[Sighting]:
    return Sighting.objects.filter(transaction=OuterRef("pk"), statement_file__isnull=False)


def _signed(direction: str, dong: int) -> int:
    return dong if direction == BankTransaction.Direction.IN else -dong


def _each(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * ONE_DAY
