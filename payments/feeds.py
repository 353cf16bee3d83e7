"""Connecting a bank feed to an account: a token for its address, its keys sealed, two live for rotation."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from payments import sealing
from payments.models import Feed


class BadFeedKey(Refused):
    code = "BAD_FEED_KEY"
    sentence = _("Khóa bí mật phải có từ 8 đến 200 ký tự, không có dấu cách hay xuống dòng.")


def connect(
    *,
    bank_account: BankAccount,
    provider: Feed.Provider,
    auth: Feed.Auth,
    key: str,
    environment: str = "live",
    actor: User | None,
    at: datetime,
) -> Feed:
    """A new connection with a hook address of its own. ``key`` is the secret shared with the provider."""
    _require(actor, bank_account, at)
    return Feed.objects.create(
        organization=bank_account.organization, bank_account=bank_account, provider=provider, auth=auth,
        environment=environment, token=secrets.token_urlsafe(24), keys_sealed=sealing.seal([_checked(key)]),
        created_at=at,
    )  # fmt: skip


def rotate_key(*, feed_id: int, key: str, actor: User | None, at: datetime) -> Feed:
    """``key`` becomes the first key; the one before stays live until the next rotation."""
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(pk=feed_id)
        _require(actor, feed.bank_account, at)
        newest = sealing.unseal(feed.keys_sealed)[0]
        feed.keys_sealed = sealing.seal([_checked(key), newest] if newest != key else [key])
        feed.save(update_fields=["keys_sealed"])
    return feed


def keys_of(feed: Feed) -> list[str]:
    """Its live keys, newest first."""
    return sealing.unseal(feed.keys_sealed)


def _checked(key: str) -> str:
    if not 8 <= len(key) <= 200 or not key.isascii() or any(c.isspace() or not c.isprintable() for c in key):
        raise BadFeedKey(field="key")
    return key


def _require(actor: User | None, bank_account: BankAccount, at: datetime) -> None:
    if actor is not None:
        require(actor, "settle_money", organization=bank_account.organization, on=vietnam_day(at))
