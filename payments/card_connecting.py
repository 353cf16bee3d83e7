"""Turning cards on: by the keys of an organization's own Stripe account, nothing else."""

import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from cooperatives.models import BankAccount, Organization, User
from cooperatives.permissions import require
from payments import card_calls, feeds
from payments.models import Feed

_ENVIRONMENTS = {"sk_live_": "live", "rk_live_": "live", "sk_test_": "sandbox", "rk_test_": "sandbox"}


class BadCardKey(Refused):
    code = "BAD_CARD_KEY"
    sentence = _("Khóa bí mật của Stripe bắt đầu bằng sk_live_ hoặc rk_live_ (trang thử: sk_test_, rk_test_).")


class SettlesInOtherCurrency(Refused):
    code = "SETTLES_IN_OTHER_CURRENCY"
    sentence = _(
        "Số dư của tài khoản Stripe này giữ bằng %(currency)s. Sổ ở đây chỉ ghi tiền đồng, nên chưa nối được"
        " (xem docs/cards.md)."
    )


class AccountOfOthers(Refused):
    code = "ACCOUNT_OF_OTHERS"
    sentence = _("Tài khoản Stripe này đã nối với một đơn vị khác.")


def connect(
    *, organization: Organization, secret_key: str, webhook_secret: str = "", actor: User | None, at: datetime
) -> Feed:
    """Cards are offered from now on. The balance at Stripe becomes one more bank account of the organization.

    Without ``webhook_secret`` the hook's address believes nobody yet: Stripe tells the secret only after it was told
    the address; then ``feeds.rotate_key``. Connecting the same account again replaces its keys. A sandbox key is for
    the demo, a live key for everybody else. Raises NotFound, BadCardKey, SettlesInOtherCurrency, AccountOfOthers,
    CardsUnavailable, CardRefused (a wrong key), and the refusals of ``feeds.connect``.
    """
    if actor is not None:
        require(actor, "settle_money", organization=organization, on=vietnam_day(at))
    environment = _ENVIRONMENTS.get(secret_key[:8])
    if environment is None or (environment == "sandbox") != organization.is_demo:
        raise BadCardKey(field="secret_key")
    account = card_calls.account_of(secret_key)
    if account.currency != "VND" and environment == "live":
        raise SettlesInOtherCurrency(field="secret_key", currency=account.currency)
    bank_account, _new = BankAccount.objects.get_or_create(
        bin="", number=account.id,
        defaults={
            "kind": BankAccount.Kind.CARD, "organization": organization, "bank_name": "Stripe",
            "holder": organization.name[:80], "created_at": at,
        },
    )  # fmt: skip
    if bank_account.organization_id != organization.pk:
        raise AccountOfOthers(field="secret_key")
    credentials = {card_calls.SECRET: secret_key}
    known = Feed.objects.filter(bank_account=bank_account, provider=Feed.Provider.STRIPE, is_live=True).first()
    if known is None:
        return feeds.connect(
            bank_account=bank_account, provider=Feed.Provider.STRIPE, auth=Feed.Auth.HMAC,
            key=webhook_secret or secrets.token_urlsafe(32), credentials=credentials, environment=environment,
            actor=actor, at=at,
        )  # fmt: skip
    known = feeds.give_credentials(feed_id=known.pk, credentials=credentials, actor=actor, at=at)
    if webhook_secret:
        known = feeds.rotate_key(feed_id=known.pk, key=webhook_secret, actor=actor, at=at)
    return known
