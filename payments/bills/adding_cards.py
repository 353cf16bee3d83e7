"""A household puts the children or meters of another card on its page, and takes them off again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from payments.bills import looking_up
from payments.bills.looking_up import Found, Wait
from payments.models import BillingAccount, Household, HouseholdLink

MOST = 40


class AlreadyHere(Refused):
    code = "ALREADY_HERE"
    sentence = _("Thẻ hoặc phiếu này là của chính trang này rồi.")


class TooManyAdded(Refused):
    code = "TOO_MANY_ADDED"
    sentence = _("Một trang nhà thêm được nhiều nhất 40 học sinh, đồng hồ.")


def add(
    *, household: Household, code: str, second_factor: str, address: str, waited: str | None = None, at: datetime
) -> Sequence[BillingAccount] | Wait | None:
    """What code and second factor open stands on the page of ``household`` from now on, until that card is made anew.

    Tries count by this household. None and Wait as for ``looking_up.find``. Raises AlreadyHere, TooManyAdded.
    """
    found = looking_up.find(
        code=code, second_factor=second_factor, address=address, waited=waited, known=household.token, at=at
    )
    return _added(household, found, at=at) if isinstance(found, Found) else found


@again_when_locked_out
def _added(household: Household, found: Found, *, at: datetime) -> Sequence[BillingAccount]:
    if found.household == household:
        raise AlreadyHere(field="code")
    with transaction.atomic():
        Household.objects.select_for_update(no_key=True).get(pk=household.pk)
        if found.household is not None:
            accounts = list(found.household.accounts.order_by("id"))
        else:
            assert found.bill is not None
            accounts = [found.bill.account]
        others = household.links.exclude(account__in=accounts).count()
        if others + len(accounts) > MOST:
            raise TooManyAdded(field="code")
        HouseholdLink.objects.bulk_create(
            [HouseholdLink(household=household, account=account, at=at) for account in accounts],
            update_conflicts=True, unique_fields=["household", "account"], update_fields=["at"],
        )  # fmt: skip
        return accounts


def remove(*, household: Household, account_id: int) -> None:
    """Off the page again; nothing else changes. Raises NotFound for what was not added."""
    if not household.links.filter(account=account_id).delete()[0]:
        raise NotFound()
