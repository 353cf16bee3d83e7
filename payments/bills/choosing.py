"""A household chooses which of its bills to pay with one QR."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.codes import is_well_formed
from base.refusals import NotFound, Refused
from payments import bundles
from payments.bills.household_page import accounts_of
from payments.models import Household, PaymentRequest


class NothingChosen(Refused):
    code = "NOTHING_CHOSEN"
    sentence = _("Chưa chọn khoản nào. Hãy đánh dấu các khoản muốn trả.")


def choose(*, household: Household, codes: Collection[str], at: datetime) -> PaymentRequest:
    """The request to pay: of one bill itself, of several a bundle. Repeating it gives the same one.

    Raises NothingChosen, NotFound for a code that is not of this household's page, and what ``bundles.make`` raises.
    """
    wanted = sorted(set(codes))
    if not wanted:
        raise NothingChosen(field="codes")
    if len(wanted) > bundles.MOST:
        raise bundles.TooManyTogether(field="codes")
    if not all(is_well_formed(code) for code in wanted):
        raise NotFound()
    mine = PaymentRequest.objects.filter(code__in=wanted, bill__account__in=accounts_of(household))
    if mine.count() < len(wanted):
        raise NotFound()
    return bundles.make(codes=wanted, at=at)
