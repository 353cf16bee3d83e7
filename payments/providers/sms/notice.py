"""What a balance-change SMS says, and the refusal of every other text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

Sign = Literal["+", "-"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One movement of one account, as the bank's text tells it.

    ``bank``            as shown to people
    ``amount_dong``     whole đồng, positive
    ``sign``            None where the text does not say the direction: a person decides
    ``account_printed`` as printed, perhaps masked; ``account_tail`` its last 3 or 4 digits, "" when they are masked
    ``balance_dong``    the balance after it, whole đồng (a fraction is cut off), None when not told
    ``balance_is_available`` whether that is only what may be spent, which holds and limits move
    ``memo``            as printed, in composed letters, perhaps cut
    ``happened_at``     Vietnam time; None when the text says no time, or no year and nobody said when it came
    ``time_guessed``    whether the year is the one nearest to the time of receipt
    """

    bank: str
    amount_dong: int
    sign: Sign | None
    account_printed: str
    account_tail: str
    balance_dong: int | None
    memo: str
    happened_at: datetime | None
    time_guessed: bool = False
    balance_is_available: bool = False


class NotANotice(Refused):
    """The text tells of no movement that could be used; ``reason`` (lower_snake) says why."""

    code = "SMS_NOT_A_NOTICE"
    sentence = _("Tin nhắn này không phải tin báo biến động số dư đọc được (%(reason)s).")

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason
