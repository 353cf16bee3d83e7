"""Whose bills is this cash for? A collector types some letters, a class, a number, a phone's last digits or a code."""

import re
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from base.text import squeezed, storable
from cooperatives.models import Organization
from payments.bills.accounts_found import ids_called
from payments.finding import possible_codes
from payments.models import BillingAccount, PaymentRequest
from payments.models.asking import PaymentRequestQuerySet

MOST = 30
LONGEST = 400
"""A scanned QR may be long; a typed name is not."""
_CARD_TOKEN = re.compile(r"/bills/h/([A-Za-z0-9_-]{16,40})")
_CARD_CODE = re.compile(r"[2-9A-HJKMNP-Z]{10}")


@dataclass(frozen=True, slots=True)
class Payer:
    """An account with what is still due on ``bills`` open bills of its own."""

    account: BillingAccount
    bills: int
    due_dong: int


def find(*, organization: Organization, text: str) -> list[Payer]:
    """Accounts of one biller that ``text`` may mean, the likeliest first, at most 30; [] where it says nothing.

    A payment code or a household's card (its code, or what its QR holds) means just those accounts; other text is
    looked for as everywhere else at a biller (``ids_called``). Three queries.
    """
    if not text.strip() or len(text) > LONGEST or not storable(text):
        return []
    ids = (
        _by_code(organization, text)
        or ids_called(BillingAccount.objects.filter(organization=organization), text)[:MOST]
    )
    accounts = BillingAccount.objects.select_related("household").in_bulk(ids)
    due = _due(ids)
    return [Payer(accounts[pk], *due.get(pk, (0, 0))) for pk in ids]


def open_requests(account: BillingAccount) -> list[PaymentRequest]:
    """What is due for an account and for the other accounts of its household at the same biller: oldest due day
    first, then by code (docs/books.md §4)."""
    whose = Q(account=account)
    if account.household_id:
        whose |= Q(account__household=account.household_id, account__organization=account.organization_id)
    open_ones = PaymentRequest.objects.takes_money().filter(
        whose, bill__isnull=False, asked_dong__gt=F("credited_dong")
    )
    return list(open_ones.select_related("bill__run", "bill__account").order_by("bill__due_on", "code"))


def _by_code(organization: Organization, text: str) -> list[int]:
    ours = BillingAccount.objects.filter(organization=organization)
    token = _CARD_TOKEN.search(text)
    if token is not None:
        return list(ours.filter(household__token=token[1]).by_name().values_list("pk", flat=True))
    codes = possible_codes(text)
    if codes:
        named = PaymentRequest.objects.filter(organization=organization, code__in=codes, bill__isnull=False)
        bundled = PaymentRequest.objects.filter(
            organization=organization, bundled_in__bundle__code__in=codes, bill__isnull=False
        )
        found = [*named.values_list("account_id", flat=True), *bundled.values_list("account_id", flat=True)]
        if found:
            return list(dict.fromkeys(pk for pk in found if pk is not None))[:MOST]
    code = squeezed(text)
    if _CARD_CODE.fullmatch(code):
        return list(ours.filter(household__card_code=code).by_name().values_list("pk", flat=True))
    return []


def _due(account_ids: list[int]) -> dict[int, tuple[int, int]]:
    sums = _open().filter(account__in=account_ids).order_by().values("account_id")
    rows = sums.annotate(bills=Count("pk"), dong=Sum(F("asked_dong") - F("credited_dong")))
    return {row["account_id"]: (row["bills"], row["dong"]) for row in rows}


def _open() -> PaymentRequestQuerySet:
    return PaymentRequest.objects.takes_money().filter(bill__isnull=False, asked_dong__gt=F("credited_dong"))
