"""Finding an order again without its link: by its number and the phone that it was placed with.

A number is said on the phone and printed on parcels, so it opens nothing alone. Whoever guesses learns nothing: an
order that does not exist costs the same questions and gives the same answer as a wrong phone. After ten wrong tries in
an hour, at a number or from an address, each further one has to wait (cooperatives/slowing.py).
"""

import hmac
import re
from datetime import datetime

from base.codes import ALPHABET
from base.text import squeezed
from cooperatives import trying
from cooperatives.phones import BadPhone, e164
from cooperatives.slowing import Limit, Wait, slowly
from orders.models import Order

BY_NUMBER = Limit("order_number", first_s=30, doubles_after=2, most_s=600, at_once=1)
BY_ADDRESS = Limit("order_address", first_s=5, doubles_after=10, most_s=120, at_once=50)
"""A whole village may stand behind one address of a carrier: slowed a little, and fifty wait side by side."""
LONGEST_NUMBER, LONGEST_PHONE = 40, 24
_SALT = "orders.finding_again"
_NUMBER = re.compile(rf"(?:DH)?([0-9]{{6}})([{ALPHABET}]{{4}})")
_NOBODY = "+840000000000"


def find_again(
    *, number: str, phone: str, address: str, waited: str | None = None, at: datetime
) -> Order | Wait | None:
    """The order of this number if it was placed with this phone. ``address``: where the try comes from; ``waited``:
    the ticket of a Wait. None: nothing, and nobody is told which of the two was wrong."""
    typed, dialled = _number(number), _phone(phone)
    by = [(BY_ADDRESS, trying.network_of(address))]
    if typed:
        by.append((BY_NUMBER, typed))
    question = f"{typed or squeezed(number[:LONGEST_NUMBER])}\n{dialled}"
    return slowly(lambda: _opened(typed, dialled), by=by, question=question, salt=_SALT, waited=waited, at=at)


def _opened(typed: str, dialled: str) -> Order | None:
    """One query and one comparison, whatever was typed."""
    found = Order.objects.filter(number=typed).first()
    is_same = hmac.compare_digest((found.buyer_phone if found else _NOBODY).encode(), dialled.encode())
    return found if found is not None and is_same else None


def _number(text: str) -> str:
    """``dh 261122 7k2m`` → ``DH-261122-7K2M``; "" for what no order can have."""
    parts = _NUMBER.fullmatch(squeezed(text)) if len(text) <= LONGEST_NUMBER else None
    return f"DH-{parts[1]}-{parts[2]}" if parts else ""


def _phone(text: str) -> str:
    """E.164, or something that no order has. Never an error: a misspelt phone is a wrong one."""
    try:
        return e164(text.strip())
    except BadPhone:
        return "-"
