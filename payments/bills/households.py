"""Households: who pays for several accounts of a biller, their printed card, and what proves who holds it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.codes import ALPHABET
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import composed, folded, storable
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.phones import e164
from payments.bills.billers import biller
from payments.models import BillingAccount, Household, HouseholdLink

LONGEST_NAME = 80
CARD_SYMBOLS = 10
_LAST_DIGITS = 4


class BadHouseholdName(Refused):
    code = "BAD_HOUSEHOLD_NAME"
    sentence = _("Hãy ghi tên phụ huynh hoặc chủ hộ, nhiều nhất 80 chữ.")


class BadPlace(Refused):
    code = "BAD_PLACE"
    sentence = _("Tên thôn, xóm nhiều nhất 80 chữ.")


class NoSuchNumber(Refused):
    code = "NO_SUCH_NUMBER"
    sentence = _("Không có ai khác mang mã %(number)s có hộ trong danh sách.")


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """``phone`` in E.164, or empty."""

    name: str
    phone: str = ""
    place: str = ""


def new_card_code() -> str:
    """Ten symbols without look-alikes, 49 bits. Never enough without the second factor."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CARD_SYMBOLS))


def shown_card_code(card_code: str) -> str:
    """``7K2M9Q9MAB`` → ``7K2M9-Q9MAB``."""
    half = CARD_SYMBOLS // 2
    return f"{card_code[:half]}-{card_code[half:]}"


@again_when_locked_out
def make(*, organization_id: int, name: str, phone: str, place: str, actor: User, key: str, at: datetime) -> Household:
    """A household with its first card. ``phone`` as typed, or empty. The same ``key`` returns the same household.

    Raises NotFound; BadHouseholdName, BadPlace, phones.BadPhone; KeyReused, BadKey.
    """
    with transaction.atomic():
        organization = biller(organization_id, deed="keep_bills", actor=actor, at=at)
        wanted = checked(name=name, phone=phone, place=place)

        def do() -> str:
            return str(make_many(organization=organization, wanted=[wanted], at=at)[0].pk)

        meaning = [organization_id, wanted.name, wanted.phone, wanted.place]
        made, _replayed = done_once(verb="household_make", actor=actor, key=key, meaning=meaning, at=at, do=do)
        return Household.objects.get(pk=int(made))


def make_many(*, organization: Organization, wanted: list[NewHousehold], at: datetime) -> list[Household]:
    """Households with cards, in the order asked for. Needs an open transaction; whoever calls has asked who may."""
    return Household.objects.bulk_create(
        [
            Household(
                organization=organization, name=one.name, phone=one.phone, place=one.place,
                token=secrets.token_urlsafe(24), card_code=new_card_code(), card_made_at=at, created_at=at,
            )
            for one in wanted
        ]
    )  # fmt: skip


@again_when_locked_out
def change(*, household_id: int, name: str, phone: str, place: str, actor: User, at: datetime) -> Household:
    """What is known of a household; its card stays good. Raises NotFound, BadHouseholdName, BadPlace, BadPhone."""
    with transaction.atomic():
        household = _own(household_id, actor=actor, at=at)
        wanted = checked(name=name, phone=phone, place=place)
        household.name, household.phone, household.place = wanted.name, wanted.phone, wanted.place
        household.save(update_fields=["name", "phone", "place"])
        return household


@again_when_locked_out
def attach(*, account_id: int, household_id: int | None, actor: User, at: datetime) -> BillingAccount:
    """The account belongs to this household from now on, or to none. Raises NotFound, also for another biller's."""
    with transaction.atomic():
        account = BillingAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
        if account is None:
            raise NotFound()
        biller(account.organization_id, deed="keep_bills", actor=actor, at=at)
        if household_id is not None:
            own = Household.objects.filter(pk=household_id, organization_id=account.organization_id)
            if not own.exists():
                raise NotFound()
        if account.household_id != household_id:  # who added it by the old household's card does not follow it
            HouseholdLink.objects.filter(account=account).delete()
        account.household_id = household_id
        account.save(update_fields=["household"])
        return account


@again_when_locked_out
def of_account(*, account_id: int, name: str, phone: str, place: str, actor: User, at: datetime) -> Household:
    """What is known of the account's household; made with a card where it has none. Raises as ``change`` does."""
    with transaction.atomic():
        account = BillingAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
        if account is None:
            raise NotFound()
        organization = biller(account.organization_id, deed="keep_bills", actor=actor, at=at)
        if account.household_id is not None:
            return change(household_id=account.household_id, name=name, phone=phone, place=place, actor=actor, at=at)
        made = make_many(
            organization=organization, wanted=[checked(name=name, phone=phone, place=place)], at=at
        )  # fmt: skip
        return attach(account_id=account_id, household_id=made[0].pk, actor=actor, at=at).household or made[0]


@again_when_locked_out
def join(*, account_id: int, number: str, actor: User, at: datetime) -> BillingAccount:
    """Into the household of the account with ``number``: a brother, a sister, another meter. Raises NotFound,
    NoSuchNumber."""
    with transaction.atomic():
        account = BillingAccount.objects.filter(pk=account_id).first()
        if account is None:
            raise NotFound()
        biller(account.organization_id, deed="keep_bills", actor=actor, at=at)
        number = composed(number)
        others = BillingAccount.objects.filter(organization=account.organization_id, household__isnull=False)
        other = others.filter(number__iexact=number).exclude(pk=account_id).first() if storable(number) else None
        if other is None:
            raise NoSuchNumber(field="number", number=number)
        return attach(account_id=account_id, household_id=other.household_id, actor=actor, at=at)


@again_when_locked_out
def card_anew(*, household_id: int, actor: User, at: datetime) -> Household:
    """A new card: link and code both change, the lost one opens nothing any more. Raises NotFound."""
    with transaction.atomic():
        household = _own(household_id, actor=actor, at=at)
        household.token, household.card_code = secrets.token_urlsafe(24), new_card_code()
        household.card_made_at = at
        household.save(update_fields=["token", "card_code", "card_made_at"])
        return household


def second_factor(household: Household) -> tuple[str, ...]:
    """What a person must know beside the card's code: the last four digits of the phone on file; where there is none,
    the given name of any of the household's accounts, without accents. Empty: nothing opens it but the link."""
    if household.phone:
        return (household.phone[-_LAST_DIGITS:],)
    names = {folded(account.name).split()[-1] for account in household.accounts.all() if folded(account.name)}
    return tuple(sorted(names))


def factor_fits(household: Household, text: str) -> bool:
    """Whether ``text`` is the second factor; as slow for a wrong answer as for a right one.

    A whole phone number is taken by its last four digits, a whole name by its last word.
    """
    digits = "".join(sign for sign in text if sign in "0123456789")
    told = digits[-_LAST_DIGITS:] if household.phone else (folded(text).split() or [""])[-1]
    fits = [hmac.compare_digest(_digest(told), _digest(factor)) for factor in second_factor(household)]
    return bool(told) and any(fits)


def checked(*, name: str, phone: str, place: str) -> NewHousehold:
    """In the form that is stored. Raises BadHouseholdName, BadPlace, phones.BadPhone."""
    name, place = composed(name), composed(place)
    if not 1 <= len(name) <= LONGEST_NAME or not storable(name) or not name.isprintable():
        raise BadHouseholdName(field="name")
    if len(place) > LONGEST_NAME or not storable(place):
        raise BadPlace(field="place")
    return NewHousehold(name, e164(phone.strip()) if phone.strip() else "", place)


def _own(household_id: int, *, actor: User, at: datetime) -> Household:
    household = Household.objects.select_for_update(no_key=True).filter(pk=household_id).first()
    if household is None:
        raise NotFound()
    biller(household.organization_id, deed="keep_bills", actor=actor, at=at)
    return household


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
