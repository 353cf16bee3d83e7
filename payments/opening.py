"""The first line of the books: what a bank account held on the organization's opening day."""

from datetime import datetime

from django.db import transaction

from base.money import MAX_DONG, BadAmount
from base.periods import vietnam_day
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from payments import postings
from payments.models import OpeningBalance


@again_when_locked_out
def open_account(*, bank_account: BankAccount, amount_dong: int, actor: User | None, at: datetime) -> OpeningBalance:
    """Book an account's opening balance, once; may be negative or 0. Repeating it returns the first.

    Raises NotFound for a stranger; BadAmount; ledger.EntryKeyReused when it was opened with another amount.
    """
    if type(amount_dong) is not int or abs(amount_dong) > MAX_DONG:
        raise BadAmount(field="amount_dong")
    organization = bank_account.organization
    if actor is not None:
        require(actor, "open_books", organization=organization, on=vietnam_day(at))
    with transaction.atomic():
        BankAccount.objects.select_for_update(no_key=True).get(pk=bank_account.pk)
        opening, made = OpeningBalance.objects.get_or_create(
            bank_account=bank_account,
            defaults={"organization": organization, "amount_dong": amount_dong, "at": at, "actor": actor},
        )
        if not made and opening.amount_dong != amount_dong:
            raise ledger.EntryKeyReused(field="amount_dong")
        if made and amount_dong:
            opening.entry = ledger.post(
                organization=organization, key=f"opened:{opening.pk}", event=Event.OPENED,
                meaning={"bank_account": bank_account.pk, "amount": amount_dong}, moves=postings.opened(opening),
                booked_on=organization.opened_on, at=at, actor=actor,
            )  # fmt: skip
            opening.save(update_fields=["entry"])
    return opening
