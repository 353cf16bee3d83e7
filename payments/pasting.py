"""A bank's text message that a treasurer pastes: the same evidence as a forwarded one, and no more believed."""

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from payments import inbox, settlement
from payments.inbox import Written
from payments.providers import sms
from payments.providers.arrival import AdapterRefused, Arrival
from payments.telling import SMS

MOST_LETTERS = 2_000


class NotABankText(Refused):
    code = "NOT_A_BANK_TEXT"
    sentence = _("Không đọc được tin này là tin báo tiền vào, tiền ra. Hãy dán nguyên cả tin, kể cả tên ngân hàng.")


class DirectionMissing(Refused):
    code = "DIRECTION_MISSING"
    sentence = _("Tin này không nói tiền vào hay tiền ra. Hãy chọn.")


class OtherAccountInText(Refused):
    code = "OTHER_ACCOUNT_IN_TEXT"
    sentence = _("Tin này nói về tài khoản có đuôi %(found)s, không phải tài khoản đang chọn.")


def read(*, bank_account: BankAccount, text: str, direction: Literal["in", "out"] | None, at: datetime) -> Arrival:
    """What the text says, nothing kept. Raises NotABankText, DirectionMissing, OtherAccountInText."""
    if len(text) > MOST_LETTERS:  # never cut: the rest could have said otherwise
        raise NotABankText(field="text")
    try:
        arrival = sms.arrival_of(text, sender="", received_at=at, direction=direction)
    except AdapterRefused as no:
        if no.reason == "no_direction":
            raise DirectionMissing(field="direction") from no
        raise NotABankText(field="text") from no
    if arrival.account and not bank_account.number.endswith(arrival.account):
        raise OtherAccountInText(field="text", found=arrival.account)
    return arrival


def paste(
    *,
    bank_account_id: int,
    text: str,
    direction: Literal["in", "out"] | None = None,
    actor: User,
    at: datetime,
) -> Written:
    """Keep the text as evidence of a line on the account; the line waits as SMS_ONLY, or joins the bank's own word.

    The same text again, pasted or forwarded, is the same evidence. Raises NotFound and what ``read`` raises.
    """
    account = (
        BankAccount.objects.select_related("organization")
        .filter(pk=bank_account_id, kind=BankAccount.Kind.BANK)
        .first()
    )
    if account is None:
        raise NotFound()
    require(actor, "settle_money", organization=account.organization, on=vietnam_day(at))
    arrival = read(bank_account=account, text=text, direction=direction, at=at)
    written = inbox.write_down(
        arrival=arrival, organization=account.organization, bank_account=account, source=SMS, at=at
    )
    if written.transaction is not None:
        settlement.try_to_settle(transaction_id=written.transaction.pk, at=at)
    return written
