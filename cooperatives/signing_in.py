"""Sign-in by phone and password (django-allauth does the work), and API tokens."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from cooperatives import phones
from cooperatives.models import ApiToken, User

TOKEN_LIFE = timedelta(days=30)


class WrongSignIn(Refused):
    """One answer for an unknown number and a wrong password."""

    code = "WRONG_SIGN_IN"
    sentence = _("Số điện thoại hoặc mật khẩu không đúng.")


class TooManyTries(Refused):
    code = "TOO_MANY_TRIES"
    sentence = _("Thử quá nhiều lần. Hãy chờ vài phút rồi thử lại.")


class PhoneAccountAdapter(DefaultAccountAdapter):
    """allauth with a phone number as the name. Nobody signs up by himself: the cooperative enrols people."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "phone_password_mismatch": WrongSignIn.sentence,
        "account_inactive": WrongSignIn.sentence,
        "too_many_login_attempts": TooManyTries.sentence,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Numbers are given by the cooperative, in person; nothing more is kept."""

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def clean_phone(self, phone: str) -> str:
        """As stored. Called by form fields, which know ValidationError and no Refused."""
        try:
            return phones.e164(phone)
        except phones.BadPhone as refused:
            raise ValidationError(refused.message, code="invalid_phone") from refused

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth counts by e-mail or username and would count all numbers as one: five wrong passwords of
        anybody's would keep everybody out."""
        return f"phone:{credentials.get('phone', '')}"

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        raise NotImplementedError("no SMS adapter yet: sign-in is by phone and password")

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        raise NotImplementedError("no SMS adapter yet: sign-in is by phone and password")


def create_token(*, request: HttpRequest, phone: str, password: str, at: datetime) -> tuple[str, User]:
    """An opaque bearer token (256 bits) for the person, shown once. Raises WrongSignIn, TooManyTries.

    The sign-in page and this count tries together, by address and by number (allauth's ACCOUNT_RATE_LIMITS), and take
    the same time for a known and an unknown number. ``request`` says where the try comes from.
    """
    try:
        number = phones.e164(phone)
    except phones.BadPhone:
        number = phone  # belongs to nobody; still counted
    adapter = get_adapter(request)
    try:
        user = adapter.authenticate(request, phone=number, password=password)
    except ValidationError as too_many:
        raise TooManyTries() from too_many
    # allauth hands out people who left as well, for a page of their own.
    if not isinstance(user, User) or not user.is_active:
        raise WrongSignIn()
    raw = secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=_digest(raw), created_at=at, expires_at=at + TOKEN_LIFE)
    return raw, user


def user_for_token(raw: str, *, at: datetime) -> User | None:
    """The person behind a live token, or None. Notes the last use at most once an hour."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=_digest(raw), revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or at - token.last_used_at > timedelta(hours=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token.user


def revoke_token(raw: str, *, at: datetime) -> bool:
    """End a token; False when there is no such live token."""
    return bool(ApiToken.objects.filter(digest=_digest(raw), revoked_at__isnull=True).update(revoked_at=at))


def _digest(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
