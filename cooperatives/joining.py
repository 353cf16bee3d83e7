"""How an organization opens, and how people come to it: enrolled by the cooperative, in person."""

from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from base.text import composed, without_accents
from cooperatives import phones
from cooperatives.models import BankAccount, Member, Organization, RoleGrant, User
from cooperatives.permissions import require


class BadPersonName(Refused):
    code = "BAD_PERSON_NAME"
    sentence = _("Hãy ghi họ tên (2 đến 80 ký tự).")


class PhoneTaken(Refused):
    """One number is the name of one person."""

    code = "PHONE_TAKEN"
    sentence = _("Số điện thoại này đã có người dùng.")


class WeakPassword(Refused):
    code = "WEAK_PASSWORD"
    sentence = _("Mật khẩu cần ít nhất 8 ký tự và khó đoán hơn.")


class UnknownRole(Refused):
    code = "UNKNOWN_ROLE"
    sentence = _("Không có vai trò này.")


class AlreadyMember(Refused):
    code = "ALREADY_MEMBER"
    sentence = _("Người này đã là thành viên.")


class NumberTaken(Refused):
    code = "MEMBER_NUMBER_TAKEN"
    sentence = _("Số thành viên %(number)s đã có người.")


class SlugTaken(Refused):
    code = "SLUG_TAKEN"
    sentence = _("Tên viết gọn này đã có đơn vị dùng.")


class BankAccountTaken(Refused):
    """Two organizations on one account could never tell whose money came."""

    code = "BANK_ACCOUNT_TAKEN"
    sentence = _("Tài khoản này đã thuộc một đơn vị khác.")


class BadBankAccount(Refused):
    code = "BAD_BANK_ACCOUNT"
    sentence = _("Tài khoản ngân hàng chưa đúng: mã ngân hàng 6 chữ số, số tài khoản 1 đến 19 chữ và số, có tên chủ.")


def enrol_person(*, name: str, phone: str | None, password: str | None = None) -> User:
    """A person. Without a ``phone`` she signs in nowhere, and others enter things for her.

    Whoever calls has asked whether the one at the desk may. Raises BadPersonName, phones.BadPhone, PhoneTaken,
    WeakPassword.
    """
    name = composed(name)
    if not 2 <= len(name) <= 80 or not name.isprintable():
        raise BadPersonName(field="name")
    number = phones.e164(phone) if phone else None
    if password is not None:
        try:
            validate_password(password)
        except ValidationError as weak:
            raise WeakPassword(field="password") from weak
    if number is not None and User.objects.filter(phone=number).exists():
        raise PhoneTaken(field="phone")
    try:
        with transaction.atomic():
            return User.objects.create_user(phone=number, name=name, password=password if number else None)
    except IntegrityError as taken:  # somebody was quicker
        raise PhoneTaken(field="phone") from taken


def grant_role(
    *,
    person: User,
    organization: Organization,
    role: str,
    since: date,
    actor: User | None,
    at: datetime,
    until: date | None = None,
) -> RoleGrant:
    """What ``person`` may do there from ``since`` on. Granting it again returns the grant that stands.

    ``actor`` None: the machine (a first manager, the demo). Raises NotFound (who may not), UnknownRole.
    """
    _may_enrol(actor, organization, at)
    if role not in RoleGrant.Role:
        raise UnknownRole(field="role")
    grant, _made = RoleGrant.objects.get_or_create(
        user=person, organization=organization, role=role, until=until, defaults={"since": since}
    )
    return grant


def make_member(
    *,
    person: User,
    organization: Organization,
    joined_on: date,
    actor: User | None,
    at: datetime,
    number: int | None = None,
    hamlet: str = "",
    shows_name: bool = False,
) -> Member:
    """Membership from ``joined_on`` on, under the next number of the member book unless one is given.

    ``shows_name``: she agreed that buyers read her name. Opens its own transaction. Raises NotFound (who may not),
    AlreadyMember, NumberTaken.
    """
    _may_enrol(actor, organization, at)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)  # numbers are given one after the other
        members = Member.objects.filter(organization=organization)
        if members.filter(user=person).exists():
            raise AlreadyMember(field="person")
        if number is None:
            number = (members.aggregate(last=Max("number"))["last"] or 0) + 1
        elif members.filter(number=number).exists():
            raise NumberTaken(field="number", number=number)
        return Member.objects.create(
            organization=organization, user=person, number=number, hamlet=composed(hamlet)[:60], joined_on=joined_on,
            shows_name=shows_name,
        )  # fmt: skip


def open_organization(
    *,
    slug: str,
    name: str,
    kind: str,
    sells: bool,
    bills: bool,
    opened_on: date,
    bin: str,
    bank_name: str,
    account_number: str,
    account_holder: str,
    at: datetime,
    representative: str = "",
    tax_code: str = "",
    phone: str = "",
    address: str = "",
    commune_name: str = "",
    province_name: str = "",
    is_demo: bool = False,
) -> tuple[Organization, BankAccount]:
    """A cooperative, school or utility with the account into which it is paid.

    Its books start on ``opened_on``; the opening balance is booked by payments/opening.py, a first manager is made by
    ``grant_role``. Opens its own transaction. Raises SlugTaken, BankAccountTaken, BadBankAccount.
    """
    if Organization.objects.filter(slug=slug).exists():
        raise SlugTaken(field="slug")
    organization = Organization(
        slug=slug, name=composed(name), kind=kind, sells=sells, bills=bills, opened_on=opened_on,
        representative=representative, tax_code=tax_code, phone=phones.e164(phone) if phone else "", address=address,
        commune_name=commune_name, province_name=province_name, is_demo=is_demo, created_at=at,
    )  # fmt: skip
    with transaction.atomic():
        try:
            with transaction.atomic():
                organization.save()
        except IntegrityError as taken:
            raise SlugTaken(field="slug") from taken
        account = add_bank_account(
            organization=organization, bin=bin, bank_name=bank_name, number=account_number, holder=account_holder, at=at
        )
    return organization, account


def add_bank_account(
    *, organization: Organization, bin: str, bank_name: str, number: str, holder: str, at: datetime
) -> BankAccount:
    """One more account of ``organization``; its first one becomes the default. Whoever calls has asked who may.

    ``holder`` is kept as banks print it: capitals, no accents. Raises BankAccountTaken, BadBankAccount.
    """
    account = BankAccount(
        organization=organization, bin=bin, bank_name=composed(bank_name), number=number.replace(" ", ""),
        holder=without_accents(composed(holder)).upper(), created_at=at,
        is_default=not BankAccount.objects.filter(organization=organization, is_default=True).exists(),
    )  # fmt: skip
    if BankAccount.objects.filter(bin=account.bin, number=account.number).exists():
        raise BankAccountTaken(field="account_number")
    try:
        account.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
    except ValidationError as bad:
        raise BadBankAccount(field="account_number") from bad
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as taken:
        raise BankAccountTaken(field="account_number") from taken
    return account


def _may_enrol(actor: User | None, organization: Organization, at: datetime) -> None:
    if actor is not None:
        require(actor, "enrol_people", organization=organization, on=vietnam_day(at))
