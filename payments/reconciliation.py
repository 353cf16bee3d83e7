"""The bank beside the books, account by account and day by day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cooperatives.models import BankAccount, Organization
from payments.models import BankTransaction, OpeningBalance, StatementFile


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


def reconcile(*, organization: Organization, day: date) -> list[AccountDay]:
    """Opening + in − out = closing for each account on ``day``, from the bank's lines that are booked."""
    openings = dict(
        OpeningBalance.objects.filter(organization=organization).values_list("bank_account_id", "amount_dong")
    )
    sums: dict[tuple[int, str, bool], int] = {}
    booked = BankTransaction.objects.booked().filter(organization=organization, day__lte=day)
    for before, some in ((True, booked.filter(day__lt=day)), (False, booked.filter(day=day))):
        for row in some.order_by().values("bank_account_id", "direction").annotate(total=Sum("amount_dong")):
            sums[row["bank_account_id"], row["direction"], before] = row["total"]
    bank_says = _closings(organization, day)
    result = []
    for account in BankAccount.objects.filter(organization=organization).order_by("-is_default", "id"):
        opening = (
            openings.get(account.pk, 0) + sums.get((account.pk, "in", True), 0) - sums.get((account.pk, "out", True), 0)
        )
        came, went = sums.get((account.pk, "in", False), 0), sums.get((account.pk, "out", False), 0)
        result.append(AccountDay(account, opening, came, went, opening + came - went, bank_says.get(account.pk)))
    return result


def _closings(organization: Organization, day: date) -> dict[int, int]:
    """What the bank's own files say each account held at the end of ``day``."""
    files = StatementFile.objects.filter(organization=organization, last_day=day).order_by("imported_at", "id")
    pairs = files.values_list("bank_account_id", "closing_dong")
    return {account_id: closing_dong for account_id, closing_dong in pairs if closing_dong is not None}
