"""What every feed and every bank file is turned into, and the three kinds of no an adapter may say."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

Direction = Literal["in", "out"]

# Databases refuse NUL and lone surrogates; the other control characters have no shape on a page.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One line of a bank account, as one source tells it.

    ``source_id``     the source's own id of the line, never empty
    ``account``       our account's number as written; "" when a statement file does not say
    ``dong``          whole đồng, never negative; ``direction`` carries the sign
    ``memo``          the payer's text as it came (control characters made blanks), perhaps ""
    ``happened_at``   aware; for statement rows without a time, midnight in Việt Nam
    ``reference``     the bank's reference, "" when none
    ``balance_dong``  the account's balance after this line, only where the source really gives one
    ``payer_account`` the other side's account number and ``payer_name`` its holder, "" when the source does not say;
                      they only ever suggest
    ``link``          the provider's own signed name of what it was paid for (payOS orderCode, Stripe PaymentIntent),
                      "" when none: it proves as our code does
    ``currency``      ISO 4217; anything but VND is kept as evidence and booked nowhere, ``dong`` is then its amount
                      as the source wrote it
    ``raw``           the evidence as text, kept for as long as docs/retention.md says
    """

    source_id: str
    account: str
    dong: int
    direction: Direction
    memo: str
    happened_at: datetime
    reference: str = ""
    balance_dong: int | None = None
    payer_account: str = ""
    payer_name: str = ""
    link: str = ""
    currency: str = "VND"
    raw: str = ""

    def __post_init__(self) -> None:
        assert self.source_id
        assert type(self.dong) is int
        assert self.dong >= 0
        assert self.direction in ("in", "out")
        assert self.happened_at.tzinfo is not None


class AdapterRefused(Refused):
    """A call from outside that brings no arrival; ``reason`` (lower_snake) says why, for logs and counters."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class Forged(AdapterRefused):
    """No valid proof that the provider sent it: answer 403, write nothing but a counter."""

    code = "FORGED"
    sentence = _("Lời báo này không có chữ ký hợp lệ của nhà cung cấp (%(reason)s).")


class Unreadable(AdapterRefused):
    """The proof holds, the content cannot be used: answer 400, log size and hash only."""

    code = "UNREADABLE"
    sentence = _("Lời báo này có chữ ký đúng nhưng nội dung không đọc được (%(reason)s).")


class NotForUs(AdapterRefused):
    """Genuine, but no money moved (the provider's test call): answer 200, store nothing."""

    code = "NOT_FOR_US"
    sentence = _("Đây là lời gọi thử của nhà cung cấp, không phải tiền về (%(reason)s).")


def readable_text(text: str) -> str:
    """``text`` with what no database or page can hold made blank. Line breaks and tabs stay."""
    return text if text.isprintable() else _UNPRINTABLE.sub(" ", text)
