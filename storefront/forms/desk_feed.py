"""Forms for the bank: opening balance, and the connections that tell of money."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperatives.models import BankAccount, Organization
from payments import feeds
from payments.models import Feed
from storefront.desk_providers import WORDS
from storefront.forms.desk import REQUIRED, DeskForm, DongField
from storefront.forms.secret import SecretField

AUTH = {
    Feed.Auth.HMAC: _("HMAC-SHA256 (nên chọn)"),
    Feed.Auth.APIKEY: _("API Key"),
}
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class AccountForm(DeskForm):
    """For one of the organization's accounts at a bank; asks which only where there are several."""

    bank_account = forms.ModelChoiceField(
        label=_("Tài khoản"), queryset=BankAccount.objects.none(), empty_label=None,
        error_messages={
            "required": _("Hãy chọn tài khoản."),
            "invalid_choice": _("Hãy chọn tài khoản của hợp tác xã."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, organization: Organization, **more: Any) -> None:
        accounts = organization.bank_accounts.filter(is_active=True, kind=BankAccount.Kind.BANK)
        accounts = accounts.order_by("-is_default", "pk")
        known = list(accounts)
        if known:
            more["initial"] = {"bank_account": known[0], **more.get("initial", {})}
        super().__init__(*args, **more)
        self.fields["bank_account"].queryset = accounts  # type: ignore[attr-defined]
        if len(known) == 1:
            self.fields["bank_account"].widget = forms.HiddenInput()


class OpeningForm(DeskForm):
    """What the account held when the books open."""

    bank_account = forms.IntegerField(widget=forms.HiddenInput)
    amount_dong = DongField(
        least=0, label=_("Số dư đầu ngày mở sổ"), help_text=_("Xem trong ứng dụng ngân hàng. Không có thì ghi 0.")
    )


class CredentialsForm(DeskForm):
    """What our calls to a provider need; the names of the fields are those of ``feeds.CREDENTIALS``."""

    def __init__(self, *args: Any, provider: str, required: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.names = feeds.CREDENTIALS.get(provider, ())
        for name in self.names:
            self.fields[name] = SecretField(
                label=WORDS[provider].credentials[name], required=required, max_length=300,
                error_messages={"required": REQUIRED},
            )  # fmt: skip

    @property
    def credentials(self) -> dict[str, str]:
        """Those that were typed; once valid."""
        return {name: self.cleaned_data[name] for name in self.names if self.cleaned_data[name]}


class ConnectForm(AccountForm):
    """A source for an account. A key is made when the form is shown; the provider's own may be typed instead."""

    def __init__(self, *args: Any, provider: str, **more: Any) -> None:
        if provider != Feed.Provider.PAYOS:  # whose key is made over there
            more["initial"] = {"secret": secrets.token_urlsafe(24), **more.get("initial", {})}
        super().__init__(*args, **more)
        self.provider, words = provider, WORDS[provider]
        auths = feeds.AUTHS[provider]
        if len(auths) > 1:
            self.fields["auth"] = forms.ChoiceField(
                label=_("Kiểu chứng thực"), choices=[(auth, AUTH[auth]) for auth in auths], widget=forms.RadioSelect,
                initial=auths[0], error_messages={"required": REQUIRED, "invalid_choice": REQUIRED},
            )  # fmt: skip
        if words.secret:
            self.fields["secret"] = SecretField(
                label=words.secret, max_length=200, error_messages={"required": _("Hãy ghi khóa bí mật.")},
                help_text=words.secret_help,
            )  # fmt: skip
        if provider == Feed.Provider.SMS:
            self.fields["senders"] = SendersField()
        if provider == Feed.Provider.PAYOS:  # its links need them from the first day on
            self.names = feeds.CREDENTIALS[provider]
            for name in self.names:
                self.fields[name] = SecretField(
                    label=words.credentials[name], max_length=300, error_messages={"required": REQUIRED}
                )

    @property
    def typed(self) -> dict[str, Any]:
        """What ``feeds.connect`` takes; once valid."""
        clean = self.cleaned_data
        return {
            "bank_account": clean["bank_account"], "provider": self.provider,
            "auth": clean.get("auth", feeds.AUTHS[self.provider][0]), "key": clean.get("secret"),
            "senders": clean.get("senders", ""),
            "credentials": {name: clean[name] for name in feeds.CREDENTIALS.get(self.provider, ()) if name in clean},
        }  # fmt: skip


class CardsForm(DeskForm):
    """The keys of the organization's own Stripe account."""

    secret_key = SecretField(
        label=_("Secret key (sk_live_… hoặc rk_live_…)"), max_length=300,
        help_text=_("Ở dashboard.stripe.com, mục Developers, API keys. Khóa hạn chế (rk_) an toàn hơn."),
        error_messages={"required": _("Hãy dán khóa bí mật của Stripe.")},
    )  # fmt: skip
    webhook_secret = SecretField(
        label=_("Signing secret (whsec_…)"), max_length=200, required=False,
        help_text=WORDS[Feed.Provider.STRIPE].secret_help,
    )  # fmt: skip


class SendersField(forms.CharField):
    """The names under which a bank sends its text messages."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            label=_("Ngân hàng nhắn tin dưới tên nào"), max_length=200,
            help_text=_("Ghi đúng như trên điện thoại, ví dụ: Vietcombank. Nhiều tên thì cách nhau bằng dấu phẩy."),
            error_messages={"required": _("Hãy ghi ít nhất một tên người gửi.")}, widget=forms.TextInput(PLAIN), **more,
        )  # fmt: skip


class SendersForm(DeskForm):
    """Another list of believed senders."""

    senders = SendersField()


class RotateForm(DeskForm):
    """Another key; the one before stays valid until the next change."""

    secret = SecretField(label=_("Khóa mới"), max_length=200, error_messages={"required": _("Hãy ghi khóa mới.")})
