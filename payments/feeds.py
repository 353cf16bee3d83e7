"""Connecting a source of bank lines to an account: a token for its address, its keys sealed, two live for rotation."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from payments import sealing
from payments.models import Feed

Provider, Auth = Feed.Provider, Feed.Auth

AUTHS: Mapping[str, tuple[Feed.Auth, ...]] = {
    Provider.SEPAY: (Auth.HMAC, Auth.APIKEY),
    Provider.CASSO: (Auth.HMAC,),
    Provider.CASSO_V1: (Auth.APIKEY,),
    Provider.PAYOS: (Auth.HMAC,),
    Provider.SMS: (Auth.TOKEN,),
    Provider.STRIPE: (Auth.HMAC,),
}
"""How each provider proves its calls. The first is the one to choose."""

CREDENTIALS: Mapping[str, tuple[str, ...]] = {
    Provider.SEPAY: ("api_token",),
    Provider.CASSO: ("api_key",),
    Provider.CASSO_V1: ("api_key",),
    Provider.PAYOS: ("client_id", "api_key"),
    Provider.STRIPE: ("secret_key",),
}
"""What outgoing calls to a provider need: its list of transactions, payment links, cards."""

PULLABLE = frozenset({Provider.SEPAY, Provider.CASSO, Provider.CASSO_V1})
"""Whose list of transactions is read by ``pulling``."""


class BadFeedKey(Refused):
    code = "BAD_FEED_KEY"
    sentence = _("Khóa bí mật phải có từ 8 đến 200 ký tự, không có dấu cách hay xuống dòng.")


class BadFeedAuth(Refused):
    code = "BAD_FEED_AUTH"
    sentence = _("Nguồn này không dùng cách chứng thực đó.")


class BadSenders(Refused):
    code = "BAD_SENDERS"
    sentence = _("Ghi tên người gửi đúng như trên tin nhắn ngân hàng (ví dụ: Vietcombank), cách nhau bằng dấu phẩy.")


class BadCredentials(Refused):
    code = "BAD_CREDENTIALS"
    sentence = _("Thiếu hoặc sai: %(names)s.")


def connect(
    *,
    bank_account: BankAccount,
    provider: str,
    auth: str,
    key: str | None,
    credentials: Mapping[str, str] | None = None,
    senders: str = "",
    environment: str = "live",
    actor: User | None,
    at: datetime,
) -> Feed:
    """A new connection with a hook address of its own.

    ``key`` is the secret shared with the provider (None for SMS, whose proof is the address). ``credentials``: see
    CREDENTIALS, may wait. ``senders``: the names under which the bank sends its text messages; an SMS connection needs
    at least one. Raises NotFound, BadFeedAuth, BadFeedKey, BadSenders, BadCredentials.
    """
    _require(actor, bank_account, at)
    if auth not in AUTHS[provider]:
        raise BadFeedAuth(field="auth")
    keys = [] if provider == Provider.SMS else [_checked(key or "")]
    return Feed.objects.create(
        organization=bank_account.organization, bank_account=bank_account, provider=provider, auth=auth,
        environment=environment, token=secrets.token_urlsafe(24), keys_sealed=sealing.seal(keys),
        credentials_sealed=sealing.seal_mapping(_checked_credentials(provider, credentials or {})),
        senders=_checked_senders(senders) if provider == Provider.SMS else "", created_at=at,
    )  # fmt: skip


def rotate_key(*, feed_id: int, key: str, actor: User | None, at: datetime) -> Feed:
    """``key`` becomes the first key; the one before stays live until the next rotation."""
    with transaction.atomic():
        feed = _locked(feed_id, actor=actor, at=at)
        kept = [old for old in sealing.unseal(feed.keys_sealed)[:1] if old != key]
        feed.keys_sealed = sealing.seal([_checked(key), *kept])
        feed.save(update_fields=["keys_sealed"])
    return feed


def drop_old_key(*, feed_id: int, actor: User | None, at: datetime) -> Feed:
    """Only the newest key stays live: the old one has leaked, or the provider has changed over."""
    with transaction.atomic():
        feed = _locked(feed_id, actor=actor, at=at)
        feed.keys_sealed = sealing.seal(sealing.unseal(feed.keys_sealed)[:1])
        feed.save(update_fields=["keys_sealed"])
    return feed


def say_senders(*, feed_id: int, senders: str, actor: User | None, at: datetime) -> Feed:
    """The names from which text messages are believed to be the bank's. Raises BadSenders."""
    with transaction.atomic():
        feed = _locked(feed_id, actor=actor, at=at)
        feed.senders = _checked_senders(senders)
        feed.save(update_fields=["senders"])
    return feed


def disconnect(*, feed_id: int, actor: User | None, at: datetime) -> Feed:
    """Its address answers 404 from now on and nothing is asked of the provider. What it brought stays. Repeatable."""
    with transaction.atomic():
        feed = _locked(feed_id, actor=actor, at=at)
        feed.is_live, feed.pulls, feed.pull_next_at = False, False, None
        feed.save(update_fields=["is_live", "pulls", "pull_next_at"])
    return feed


def give_credentials(*, feed_id: int, credentials: Mapping[str, str], actor: User | None, at: datetime) -> Feed:
    """What outgoing calls need, all at once. Raises BadCredentials."""
    with transaction.atomic():
        feed = _locked(feed_id, actor=actor, at=at)
        feed.credentials_sealed = sealing.seal_mapping(_checked_credentials(feed.provider, credentials))
        feed.save(update_fields=["credentials_sealed"])
    return feed


def pull_on(*, feed_id: int, credentials: Mapping[str, str] | None = None, actor: User | None, at: datetime) -> Feed:
    """Ask the provider for its own list from now on, every night and after silence. Raises BadCredentials."""
    with transaction.atomic():
        feed = _locked(feed_id, actor=actor, at=at)
        if credentials:
            feed.credentials_sealed = sealing.seal_mapping(_checked_credentials(feed.provider, credentials))
        missing = [name for name in CREDENTIALS.get(feed.provider, ()) if name not in credentials_of(feed)]
        if missing or feed.provider not in PULLABLE:
            raise BadCredentials(field="credentials", names=", ".join(missing) or feed.provider)
        feed.pulls, feed.pull_next_at, feed.pull_trouble = True, at, ""
        feed.save(update_fields=["credentials_sealed", "pulls", "pull_next_at", "pull_trouble"])
    return feed


def pull_off(*, feed_id: int, actor: User | None, at: datetime) -> Feed:
    """Stop asking; the webhook goes on."""
    with transaction.atomic():
        feed = _locked(feed_id, actor=actor, at=at)
        feed.pulls, feed.pull_next_at = False, None
        feed.save(update_fields=["pulls", "pull_next_at"])
    return feed


def keys_of(feed: Feed) -> list[str]:
    """Its live keys, newest first; none for SMS."""
    return sealing.unseal(feed.keys_sealed)


def credentials_of(feed: Feed) -> dict[str, str]:
    """What its outgoing calls need, as far as it was given."""
    return sealing.unseal_mapping(feed.credentials_sealed)


def believes_sender(feed: Feed, sender: str) -> bool:
    """Whether a text message from ``sender`` may be the bank's: a name that the treasurer wrote down, letter for
    letter but for case. A phone number never is one: banks send under a name."""
    known = {name.casefold() for name in feed.senders.split(",") if name}
    return sender.strip().casefold() in known


def _locked(feed_id: int, *, actor: User | None, at: datetime) -> Feed:
    feed = (
        Feed.objects.select_for_update(of=("self",), no_key=True)
        .select_related("bank_account__organization")
        .filter(pk=feed_id)
        .first()
    )
    if feed is None:
        raise NotFound()
    _require(actor, feed.bank_account, at)
    return feed


def _checked(key: str) -> str:
    if not _is_plain_secret(key, least=8, most=200):
        raise BadFeedKey(field="key")
    return key


def _checked_credentials(provider: str, credentials: Mapping[str, str]) -> dict[str, str]:
    wanted = CREDENTIALS.get(provider, ())
    wrong = [name for name in credentials if name not in wanted]
    wrong += [name for name in wanted if credentials and not _is_plain_secret(credentials.get(name, ""), 4, 300)]
    if wrong:
        raise BadCredentials(field="credentials", names=", ".join(wrong))
    return dict(credentials)


def _is_plain_secret(text: str, least: int, most: int) -> bool:
    return least <= len(text) <= most and text.isascii() and all("!" <= letter <= "~" for letter in text)


def _checked_senders(senders: str) -> str:
    names = [" ".join(name.split()) for name in senders.split(",") if name.strip()]
    if not names or any(not any(c.isalpha() for c in name) or not name.isprintable() for name in names):
        raise BadSenders(field="senders")
    joined = ",".join(dict.fromkeys(names))
    if len(joined) > 200:
        raise BadSenders(field="senders")
    return joined


def _require(actor: User | None, bank_account: BankAccount, at: datetime) -> None:
    if actor is not None:
        require(actor, "settle_money", organization=bank_account.organization, on=vietnam_day(at))
