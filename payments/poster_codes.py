"""The check code of a bank account: six symbols printed beside a poster's QR, to be compared on our own page.

No secret, and no proof by itself: whoever sticks a stranger's QR over ours can leave our code standing. It only leads
to the page that says which holder, bank and number belong to it, for the buyer to compare with what her bank shows.
Never made of a secret either, so that posters outlive every key.
"""

import hashlib

from base.codes import ALPHABET
from cooperatives.models import BankAccount

LENGTH = 6
_WHAT = "cho phien: check code of an account, 1"


def check_code(account: BankAccount) -> str:
    """``7K2M9Q`` for ``account``; its organization is read. The same for as long as slug, bank and number stand."""
    return code_of(slug=account.organization.slug, bin=account.bin, number=account.number)


def code_of(*, slug: str, bin: str, number: str) -> str:
    """Six symbols of the alphabet of payment codes (no 0 1 I L O), one of 887,503,681, from SHA-256 over the three."""
    digest = hashlib.sha256("\n".join((_WHAT, slug, bin, number)).encode()).digest()
    left, symbols = int.from_bytes(digest, "big"), ""
    for _place in range(LENGTH):
        left, value = divmod(left, len(ALPHABET))
        symbols += ALPHABET[value]
    return symbols


def is_code(text: str) -> bool:
    """Whether ``text`` is six symbols that a check code may have, upper case and without blanks."""
    return len(text) == LENGTH and not text.strip(ALPHABET)


def shown(code: str) -> str:
    """``7K2 M9Q``: as it is printed and read out on the phone."""
    return f"{code[:3]} {code[3:]}"
