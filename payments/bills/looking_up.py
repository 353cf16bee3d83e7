"""Opening a household's page, or one bill, by a code and a second factor (docs/decisions/0019-looking-up-bills.md).

The code stands on paper that lies about: a payment code (``CP…``) or that of a household card. The second factor is the
last four digits of the phone on file or, where there is none, the given name of one of the accounts. Whoever guesses
learns nothing: a code that does not exist costs the same questions, the same comparisons and the same answer as a wrong
second factor. After ten wrong tries in an hour, at a code or from an address, each further one has to wait, longer and
longer; nobody is ever locked out (cooperatives/slowing.py).
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.crypto import salted_hmac

from base.codes import ALPHABET, is_well_formed
from base.text import folded, squeezed, storable
from cooperatives import trying
from cooperatives.slowing import Limit, Wait, slowly
from payments.bills import households
from payments.models import Bill, Household, PaymentRequest

CARD_LENGTH = 10
LONGEST_CODE, LONGEST_FACTOR = 40, 120
"""More letters than that are nobody's; they are not even folded."""
_SALT = "payments.bills.looking_up"
_COMPARED = 12
"""Second factors compared for every try: a household of more children than that opens by its first twelve names."""


BY_CODE = Limit("bill_code", first_s=30, doubles_after=2, most_s=600, at_once=1)
"""One try at a time: whoever guesses day and night gets some twenty an hour, of 10,000 last digits."""
BY_ADDRESS = Limit("bill_address", first_s=5, doubles_after=10, most_s=120, at_once=50)
"""A whole village may stand behind one address of a carrier: slowed a little, and fifty wait side by side."""


@dataclass(frozen=True, slots=True)
class Found:
    """What code and second factor open: a household (by its card or by one of its bills), or one bill of nobody's."""

    household: Household | None
    bill: Bill | None


def find(
    *, code: str, second_factor: str, address: str, waited: str | None = None, known: str = "", at: datetime
) -> Found | Wait | None:
    """What ``code`` and ``second_factor`` open together; None: nothing, and nobody is told which of the two was wrong.

    ``address`` is where the try comes from; ``known`` names the household that this browser has opened before, whose
    tries are counted by that instead. ``waited`` is the ticket of a Wait. A wrong try costs six queries, whatever was
    wrong; one at a code that no card and no bill can have costs three and asks for no row of theirs.
    """
    typed, factor = _code(code), _factor(second_factor)
    by = [(BY_ADDRESS, f"household:{known}" if known else trying.network_of(address))]
    if typed:
        by.append((BY_CODE, typed))
    return slowly(
        lambda: _opened(typed, factor) if typed else None,
        by=by, question=f"{typed or squeezed(code[:LONGEST_CODE])}\n{factor}", salt=_SALT, waited=waited, at=at,
    )  # fmt: skip


def bill(*, code: str, second_factor: str, address: str, waited: str | None = None, at: datetime) -> Bill | Wait | None:
    """One bill by its own payment code and the second factor, under the same limits; None also for a card's code."""
    found = find(code=code, second_factor=second_factor, address=address, waited=waited, at=at)
    return found.bill if isinstance(found, Found) else found


# -- What was typed ----------------------------------------------------------------------------------------------


def _code(text: str) -> str:
    """Ten symbols, upper case, as a card or a payment code has them; "" for what neither can be."""
    symbols = squeezed(text) if len(text) <= LONGEST_CODE else ""
    is_card = len(symbols) == CARD_LENGTH and not symbols.strip(ALPHABET)
    return symbols if is_card or is_well_formed(symbols) else ""


def _factor(text: str) -> str:
    """``0912 345 678`` and ``5678`` → ``5678``; ``Nguyễn Văn Ân`` and ``an`` → ``an``. Never an error."""
    words = folded(text).split() if len(text) <= LONGEST_FACTOR and storable(text) else []
    digits = "".join(words).translate(_MARKS)
    if digits.isdecimal() and digits.isascii():
        return digits[-4:]
    return words[-1] if words else ""


_MARKS = str.maketrans("", "", "+.-()")


# -- What there is -----------------------------------------------------------------------------------------------


def _opened(typed: str, factor: str) -> Found | None:
    """Three queries and twelve comparisons for anything; what they open is loaded only when they do."""
    asked = PaymentRequest.objects.filter(code=typed, account__isnull=False)
    of_bill = asked.values_list("account", "account__name", "account__household", "account__household__phone").first()
    of_card = Household.objects.filter(card_code=typed).values_list("pk", "phone").first()
    account_id, name, household_id, phone = of_bill or (None, "", *(of_card or (None, None)))
    # Where there is none a stand-in without accounts is asked for them all the same.
    stands_for = Household(pk=household_id or 0, phone=phone or "")
    prefetch_related_objects([stands_for], "accounts")
    expected = households.second_factor(stands_for)
    if household_id is None and account_id is not None:
        expected = (_factor(name),)
    if not _is_one_of(factor, expected):
        return None
    bill = Bill.objects.filter(request__code=typed).first()
    if household_id is not None:
        return Found(household=Household.objects.get(pk=household_id), bill=bill)
    of_bundle = Bill.objects.filter(request__bundled_in__bundle__code=typed, account=account_id)
    return Found(household=None, bill=bill or of_bundle.in_paying_order().first())


def _is_one_of(factor: str, expected: Sequence[str]) -> bool:
    """In the same time for any number of them, none included, and wherever they differ."""
    mine = _digest(factor)
    padded = [*expected[:_COMPARED], *[""] * (_COMPARED - len(expected))]
    same = [hmac.compare_digest(_digest(one), mine) & (one != "") for one in padded]
    return any(same)


def _digest(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()
