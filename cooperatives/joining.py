"""How people come in: enrolled by name, given roles, made members; and how an organization opens."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import composed, folded, without_accents
from cooperatives import phones
from cooperatives.models import BankAccount, Member, Organization, RoleGrant, User
from cooperatives.permissions import require


class BadPersonName(Refused):
    code = "BAD_PERSON_NAME"
    sentence = _("Hãy ghi họ tên (tối đa 80 chữ).")


class PhoneTaken(Refused):
    code = "PHONE_TAKEN"
    sentence = _("Số điện thoại này đã có người dùng.")


class WeakPassword(Refused):
    code = "WEAK_PASSWORD"
    sentence = _("Mật khẩu cần ít nhất 8 ký tự và khó đoán hơn.")


class AlreadyMember(Refused):
    code = "ALREADY_MEMBER"
    sentence = _("Người này đã là thành viên.")


class LastManager(Refused):
    """Without a manager nobody could give a role any more, not even this one back."""

    code = "LAST_MANAGER"
    sentence = _("Phải còn ít nhất một người quản lý. Hãy giao việc quản lý cho người khác trước.")


class BadSlug(Refused):
    code = "BAD_SLUG"
    sentence = _("Địa chỉ ngắn chỉ gồm chữ thường không dấu, số và dấu gạch, 3 đến 60 ký tự, và chưa ai dùng.")


class BadOrganizationName(Refused):
    code = "BAD_ORGANIZATION_NAME"
    sentence = _("Hãy ghi tên đơn vị (tối đa 120 chữ).")


class BadAccount(Refused):
    code = "BAD_ACCOUNT"
    sentence = _("Tài khoản cần mã ngân hàng 6 chữ số, số tài khoản (tối đa 19 chữ và số) và tên chủ tài khoản.")


class AccountTaken(Refused):
    """Two organizations on one bank account: money without a code would have two owners."""

    code = "ACCOUNT_TAKEN"
    sentence = _("Tài khoản này đã thuộc về một đơn vị khác.")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Where money will come: ``bin`` 6 digits, ``number`` as the bank writes it, ``holder`` as it says."""

    bin: str
    bank_name: str
    number: str
    holder: str


def enrol_person(*, name: str, phone: str | None, password: str | None) -> User:
    """A person, with or without a phone of her own; without a password she cannot sign in.

    Raises BadPersonName, phones.BadPhone, PhoneTaken, WeakPassword.
    """
    name = composed(name)
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise BadPersonName(field="name")
    if password is not None:
        try:
            validate_password(password)
        except ValidationError as weak:
            raise WeakPassword(field="password") from weak
    stored = phones.e164(phone) if phone else None
    try:
        with transaction.atomic():
            return User.objects.create_user(phone=stored, name=name, password=password if stored else None)
    except IntegrityError as clash:
        raise PhoneTaken(field="phone") from clash


def grant_role(
    *, person: User, organization: Organization, role: str, since: date, actor: User | None, at: datetime
) -> RoleGrant:
    """Give a role from a day on. Repeating it changes nothing. Raises NotFound for a stranger."""
    if actor is not None:
        require(actor, "grant_roles", organization=organization, on=vietnam_day(at))
    grant, _made = RoleGrant.objects.get_or_create(
        user=person, organization=organization, role=RoleGrant.Role(role), until=None, defaults={"since": since}
    )
    return grant


@again_when_locked_out
def end_role(*, grant_id: int, actor: User, at: datetime) -> RoleGrant:
    """The person's role ends at once: its last day was the one before the Vietnamese day of ``at``.

    Every grant of that role that is in force or still to come ends with it. Repeating it changes nothing, nor does
    a grant that ended earlier touch a later one. Given again, it is a new grant (``grant_role``). Raises NotFound for
    a stranger; LastManager where no other manager who can sign in is left. Locks the organization.
    """
    today = vietnam_day(at)
    with transaction.atomic():
        grant = RoleGrant.objects.select_related("organization", "user").filter(pk=grant_id).first()
        if grant is None:
            raise NotFound()
        require(actor, "grant_roles", organization=grant.organization, on=today)
        Organization.objects.held(grant.organization_id)  # managers leave one by one
        require(actor, "grant_roles", organization=grant.organization, on=today)
        grant.refresh_from_db(fields=["until"])
        if grant.until is not None and grant.until < today:
            return grant
        here = RoleGrant.objects.filter(organization=grant.organization, role=grant.role)
        if grant.role == RoleGrant.Role.MANAGER:
            others = here.live(on=today).filter(user__is_active=True, user__phone__isnull=False)
            if not others.exclude(user=grant.user).exists():
                raise LastManager(field="role")
        here.filter(user=grant.user).exclude(until__lt=today).update(until=today - timedelta(days=1))
        grant.refresh_from_db(fields=["until"])
    return grant


def make_member(
    *,
    person: User,
    organization: Organization,
    hamlet: str,
    joined_on: date,
    shows_name: bool,
    actor: User | None,
    at: datetime,
) -> Member:
    """Write a person into the member book under the next number. Raises AlreadyMember, NotFound for a stranger."""
    if actor is not None:
        require(actor, "enrol_members", organization=organization, on=vietnam_day(at))
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)  # numbers one by one
        if Member.objects.filter(organization=organization, user=person).exists():
            raise AlreadyMember(field="person")
        last = Member.objects.filter(organization=organization).aggregate(last=Max("number"))["last"] or 0
        return Member.objects.create(
            organization=organization, user=person, number=last + 1, hamlet=composed(hamlet)[:60],
            joined_on=joined_on, shows_name=shows_name,
        )  # fmt: skip


def open_organization(
    *,
    name: str,
    slug: str,
    kind: str,
    sells: bool,
    bills: bool,
    opened_on: date,
    account: NewAccount,
    manager: User,
    at: datetime,
    **about: str,
) -> Organization:
    """A real organization with its default bank account and its first manager, who is its treasurer too until
    another is named.

    ``about``: any of the text fields buyers must be able to read (phone, address, representative, tax_code …). Its
    opening balance is booked upstairs (payments/opening.py). Raises BadOrganizationName, BadSlug, BadAccount,
    AccountTaken.
    """
    name, slug = composed(name), folded(slug)
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise BadOrganizationName(field="name")
    if not 3 <= len(slug) <= 60 or not all(c.isascii() and (c.isalnum() or c == "-") for c in slug):
        raise BadSlug(field="slug")
    bin_ok = len(account.bin) == 6 and account.bin.isascii() and account.bin.isdigit()
    number_ok = 1 <= len(account.number) <= 19 and account.number.isascii() and account.number.isalnum()
    holder = without_accents(composed(account.holder)).upper()  # as banks print it
    if not (bin_ok and number_ok and 1 <= len(holder) <= 80):
        raise BadAccount(field="account")
    if BankAccount.objects.filter(bin=account.bin, number=account.number).exists():
        raise AccountTaken(field="account")
    today = vietnam_day(at)
    try:
        with transaction.atomic():
            organization = Organization.objects.create(
                name=name, slug=slug, kind=Organization.Kind(kind), sells=sells, bills=bills, opened_on=opened_on,
                created_at=at, **{field: composed(text) for field, text in about.items()},
            )  # fmt: skip
            BankAccount.objects.create(
                organization=organization, bin=account.bin, bank_name=composed(account.bank_name)[:60],
                number=account.number, holder=holder, is_default=True, created_at=at,
            )  # fmt: skip
            for role in (RoleGrant.Role.MANAGER, RoleGrant.Role.TREASURER):
                RoleGrant.objects.create(
                    user=manager, organization=organization, role=role, since=min(today, opened_on)
                )
    except IntegrityError as clash:
        raise BadSlug(field="slug") from clash
    return organization
