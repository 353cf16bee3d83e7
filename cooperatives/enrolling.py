"""Somebody new comes in, in person: as a member under her number, or to work here; with a role where she works."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from cooperatives import joining
from cooperatives.doing_once import done_once
from cooperatives.models import Member, Organization, RoleGrant, User
from cooperatives.permissions import require


class NoWayIn(Refused):
    """A role for somebody who could never sign in to do its work."""

    code = "NO_WAY_IN"
    sentence = _("Người làm việc cần số điện thoại và mật khẩu để đăng nhập.")


def enrol_member(
    *,
    organization: Organization,
    name: str,
    phone: str | None,
    password: str | None,
    hamlet: str,
    joined_on: date,
    shows_name: bool,
    role: str | None,
    actor: User,
    key: str,
    at: datetime,
) -> Member:
    """A new person under the next number, with ``role`` from the Vietnamese day of ``at`` on (None: none).

    The same ``key`` returns the same member. Opens its own transaction, so that a refusal leaves nobody behind.
    Raises NotFound for a stranger; NoWayIn; BadPersonName, phones.BadPhone, PhoneTaken, WeakPassword;
    KeyReused, BadKey.
    """
    today = vietnam_day(at)
    with transaction.atomic():
        require(actor, "enrol_members", organization=organization, on=today)
        if role and not (phone and password):
            raise NoWayIn(field="role")

        def enrol() -> str:
            person = joining.enrol_person(name=name, phone=phone, password=password)
            member = joining.make_member(
                person=person, organization=organization, hamlet=hamlet, joined_on=joined_on, shows_name=shows_name,
                actor=actor, at=at,
            )  # fmt: skip
            if role:
                joining.grant_role(person=person, organization=organization, role=role, since=today, actor=actor, at=at)
            return f"member:{member.pk}"

        meaning = {  # the password is no part of it: a fingerprint of one would be a way to guess it
            "organization": organization.pk, "name": name, "phone": phone, "hamlet": hamlet,
            "joined_on": joined_on.isoformat(), "shows_name": shows_name, "role": role,
        }  # fmt: skip
        result, _replayed = done_once(verb="member_enrol", actor=actor, key=key, meaning=meaning, at=at, do=enrol)
        return Member.objects.select_related("user").get(pk=result.removeprefix("member:"))


def enrol_worker(
    *,
    organization: Organization,
    name: str,
    phone: str | None,
    password: str | None,
    role: str,
    actor: User,
    key: str,
    at: datetime,
) -> RoleGrant:
    """A new person who works here without being a member, in ``role`` from the Vietnamese day of ``at`` on.

    The same ``key`` returns the same grant. Opens its own transaction, so that a refusal leaves nobody behind.
    Raises NotFound for a stranger; NoWayIn without a phone and a password; BadPersonName, phones.BadPhone, PhoneTaken,
    WeakPassword; KeyReused, BadKey.
    """
    today = vietnam_day(at)
    with transaction.atomic():
        require(actor, "grant_roles", organization=organization, on=today)
        if not (phone and password):
            raise NoWayIn(field="password" if phone else "phone")

        def enrol() -> str:
            person = joining.enrol_person(name=name, phone=phone, password=password)
            grant = joining.grant_role(
                person=person, organization=organization, role=role, since=today, actor=actor, at=at
            )
            return f"role:{grant.pk}"

        # As above: no password in it.
        meaning = {"organization": organization.pk, "name": name, "phone": phone, "role": role}
        result, _replayed = done_once(verb="worker_enrol", actor=actor, key=key, meaning=meaning, at=at, do=enrol)
        return RoleGrant.objects.select_related("user").get(pk=result.removeprefix("role:"))
