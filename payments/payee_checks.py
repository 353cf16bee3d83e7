"""Is this account really theirs? What is read off a poster, a slip or a screen, held against our own rows.

Nothing is taken from what somebody shows us but the question: holder, bank and number in an answer are always ours.
An account is theirs when bank and number are both; a name in a code proves nothing, everybody can write it there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

from base.codes import is_well_formed
from base.text import folded, squeezed, storable
from cooperatives.models import BankAccount, Organization
from payments.models import PaymentLink
from payments.poster_codes import check_code, is_code
from payments.providers import vietqr
from payments.providers.banks import bank_of
from payments.providers.vietqr import Decoded
from payments.providers.vietqr_tlv import Broken, objects

LONGEST_TYPED = 600
_NUMBER = re.compile(r"[A-Z0-9_]{4,40}")
_NUMBER_MARKS = re.compile(r"[\s.-]")
_HIDDEN = re.compile(r"[^\w\s@#%&()+,./:;=?\[\]_-]")


class Kind(StrEnum):
    """What an answer comes down to. All but OURS mean: do not pay yet."""

    OURS = "ours"
    """Bank and number are those of an open organization."""
    OLD = "old"
    """It was theirs, and is no longer used; or it was made for one payment, which is over."""
    OTHER_BANK = "other_bank"
    """The number is theirs, the bank is not."""
    BORROWED_NAME = "borrowed_name"
    """It bears the name of one of them, and pays somebody else."""
    STRANGER = "stranger"
    """Nobody's that we know."""
    BROKEN = "broken"
    """It means to be a transfer, and no bank should take it; or it pays somebody else as well."""
    NO_TRANSFER = "no_transfer"
    """Another scheme, a web address, a text."""
    OUR_PAGE = "our_page"
    """The address of a page of ours."""
    UNREAD = "unread"
    """Neither a code nor an account number."""


@dataclass(frozen=True, slots=True)
class Known:
    """An account of ours as the pay page shows it. ``check_code`` is "" for one made for a single payment."""

    organization: Organization
    bank_name: str
    number: str
    holder: str
    check_code: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was shown to us, only to be recognised by. Of a QR as a bank would read it; of typing the number or code."""

    number: str = ""
    bank_name: str = ""
    dong: int | None = None
    memo: str = ""
    check_code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """``known``: the account of ours, or the one that this resembles."""

    kind: Kind
    known: Known | None
    said: Said

    @property
    def is_ours(self) -> bool:
        return self.kind is Kind.OURS

    @property
    def payment_code(self) -> str:
        """The code of ours that the memo is, to open its pay page; "" where it is none."""
        memo = squeezed(self.said.memo)
        return memo if self.is_ours and is_well_formed(memo) else ""


def about_typed(text: str) -> list[Answer]:
    """Answers to a check code, an account number, or the pasted text of a QR; at least one, in at most two queries."""
    text = text.strip()
    if not text or len(text) > LONGEST_TYPED or not storable(text):
        return [Answer(Kind.UNREAD, None, Said(text=_plain(text)))]
    if text.startswith("000201"):
        return [about_code(text)]
    symbols, number = squeezed(text), _NUMBER_MARKS.sub("", text).upper()
    accounts = _accounts()
    found = [account for account in accounts if account.number.upper() == number]
    if is_code(symbols):
        found += [account for account in accounts if check_code(account) == symbols and account not in found]
        said = Said(check_code=symbols)
    elif _NUMBER.fullmatch(number):
        said = Said(number=number)
    else:
        return [Answer(Kind.UNREAD, None, Said(text=_plain(text)))]
    return [_of(account, said) for account in found] or [Answer(Kind.STRANGER, None, said)]


def about_codes(payloads: Iterable[str]) -> list[Answer]:
    """Answers to the codes of one picture, those that must not be paid first."""
    answers = [about_code(payload) for payload in payloads]
    return sorted(answers, key=lambda answer: _WORST_FIRST.index(answer.kind))


def about_code(payload: str) -> Answer:
    """The answer to one QR, by what a bank would read of it. Two queries."""
    read = vietqr.decode(payload)
    if not read.valid:
        return _no_transfer(payload, read)
    bank, number = bank_of(read.bin or ""), str(read.account)
    said = Said(
        number=number, bank_name=bank.short_name if bank else str(read.bin), dong=read.amount_dong,
        memo=_plain(read.memo or ""),
    )  # fmt: skip
    accounts = _accounts()
    same_number = [account for account in accounts if account.number.upper() == number.upper()]
    for account in same_number:
        if account.bin == read.bin:
            return _unless_it_pays_others(payload, _of(account, said))
    made_for_one = _of_link(read, said)
    if made_for_one is not None:
        return _unless_it_pays_others(payload, made_for_one)
    if same_number:
        return Answer(Kind.OTHER_BANK, _known(same_number[0]), said)
    named = _named_like(payload, accounts)
    return Answer(Kind.BORROWED_NAME if named else Kind.STRANGER, named, said)


_WORST_FIRST = [
    Kind.BORROWED_NAME, Kind.OTHER_BANK, Kind.STRANGER, Kind.BROKEN, Kind.OLD, Kind.NO_TRANSFER, Kind.UNREAD,
    Kind.OURS, Kind.OUR_PAGE,
]  # fmt: skip


def _accounts() -> list[BankAccount]:
    """Of open organizations: a market has some dozens. Old ones included, to be recognised as old."""
    public = BankAccount.objects.filter(organization__in=Organization.objects.public(), kind=BankAccount.Kind.BANK)
    return list(public.select_related("organization").order_by("-is_active", "-is_default", "pk"))


def _known(account: BankAccount) -> Known:
    return Known(
        organization=account.organization, bank_name=account.bank_name, number=account.number, holder=account.holder,
        check_code=check_code(account),
    )  # fmt: skip


def _of(account: BankAccount, said: Said) -> Answer:
    return Answer(Kind.OURS if account.is_active else Kind.OLD, _known(account), said)


def _unless_it_pays_others(payload: str, answer: Answer) -> Answer:
    """``answer``, unless the code names a second payee beside the transfer: each app takes the one it knows, a card or
    a wallet of a swindler's perhaps. Tags 02 to 51 are payees; a code of ours has 38 alone."""
    if any("02" <= tag <= "51" and tag != "38" for tag, _value in objects(payload)):
        return Answer(Kind.BROKEN, None, Said(text=_plain(payload)))
    return answer


def _of_link(read: Decoded, said: Said) -> Answer | None:
    """A payOS link has an account of its own, for one payment."""
    made = PaymentLink.objects.filter(
        account_bin=read.bin, account_number=read.account, organization__in=Organization.objects.public()
    )
    link = made.select_related("organization", "payment_request__bank_account").order_by("-pk").first()
    if link is None:
        return None
    bank = bank_of(link.account_bin)
    known = Known(
        organization=link.organization, bank_name=bank.short_name if bank else link.account_bin,
        number=link.account_number, holder=link.account_holder or link.payment_request.bank_account.holder,
        check_code="",
    )  # fmt: skip
    kind = Kind.OURS if link.state == PaymentLink.State.OPEN else Kind.OLD
    return Answer(kind, known, said)


def _no_transfer(payload: str, read: Decoded) -> Answer:
    if _is_our_page(payload):
        return Answer(Kind.OUR_PAGE, None, Said(text=_plain(payload)))
    means_to_pay = payload.startswith("000201") and read.scheme in ("vietqr", None)
    return Answer(Kind.BROKEN if means_to_pay else Kind.NO_TRANSFER, None, Said(text=_plain(payload)))


def _is_our_page(payload: str) -> bool:
    try:
        said, ours = urlsplit(payload), urlsplit(settings.SITE_URL)
    except ValueError:
        return False
    return (said.scheme, said.netloc) == (ours.scheme, ours.netloc) and payload.isprintable()


def _named_like(payload: str, accounts: Iterable[BankAccount]) -> Known | None:
    """Whose name stands in the code although the money goes elsewhere: compared without accents, as swindlers write."""
    try:
        name = folded(dict(objects(payload)).get("59", ""))
    except Broken:
        return None
    if len(name) < 4:
        return None
    for account in accounts:
        ours = {folded(account.holder), folded(account.organization.name)}
        if any(name in one or one in name for one in ours if len(one) >= 4):
            return _known(account)
    return None


def _plain(text: str) -> str:
    """Enough to recognise it by, without anything that a page or a person could stumble over."""
    return " ".join(_HIDDEN.sub(" ", text[:LONGEST_TYPED]).split())[:80]
