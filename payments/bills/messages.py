"""What a household is told about its bills. Texts only; the outbox and its adapters say them.

A child is initials, class and number: a message is read over a shoulder, and phones are shared.
"""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from base.money import figures
from cooperatives import outbox
from cooperatives.models import Message
from payments import bundles
from payments.models import BillingAccount, Household, PaymentRequest

Kind = Message.Kind


def tell_paid(*, request: PaymentRequest, at: datetime) -> None:
    """What came for a bill or a bundle, to the household that it is for; nobody without a phone."""
    if not request.credited_dong and not request.excess_dong:
        return
    if request.account is None:
        return
    parts = bundles.parts_of(request) if request.is_bundle else [request]
    # Somebody may pay for several households at once: each child is named to its own alone.
    accounts = [part.account for part in parts if part.account is not None]
    own = [account for account in accounts if account.household_id == request.account.household_id]
    named = ", ".join(dict.fromkeys(map(name_of, own)))
    _tell(request.account, Kind.BILL_PAID, named=named, paid_dong=request.paid_dong, due_dong=request.due_dong, at=at)


def tell_household(*, account: BillingAccount, kind: str, at: datetime, paid_dong: int = 0, due_dong: int = 0) -> None:
    """One kind of news about one account; nobody where no phone is on file."""
    _tell(account, Kind(kind), named=name_of(account), paid_dong=paid_dong, due_dong=due_dong, at=at)


def name_of(account: BillingAccount) -> str:
    """``N.V.A. (3A)``."""
    return f"{account.initials} ({account.section})" if account.section else account.initials


def link_to(household: Household) -> str:
    """The household's page; whoever has the link may see its bills."""
    return f"{settings.SITE_URL}/bills/h/{household.token}/"


def _tell(account: BillingAccount, kind: Kind, *, named: str, paid_dong: int, due_dong: int, at: datetime) -> None:
    household = account.household
    if household is None or not household.phone:
        return
    with translation.override("vi"):
        said = _sentence(kind) % {"named": named, "paid": figures(paid_dong), "due": figures(due_dong)}
        if kind == Kind.BILL_PAID and due_dong:
            said += " " + _("Còn phải trả %(due)s.") % {"due": figures(due_dong)}
        text = f"{account.organization.name}: {said} {link_to(household)}"
    outbox.tell(
        organization=account.organization, kind=kind, name=household.name, phone=household.phone, text=text,
        about=f"account:{account.pk}", at=at,
    )  # fmt: skip


def _sentence(kind: Kind) -> str:
    return {
        Kind.BILL_PAID: _("Đã nhận %(paid)s cho %(named)s."),
        Kind.BILL_DUE: _("Còn %(due)s phải trả cho %(named)s."),
        Kind.BILL_CORRECTED: _("Khoản thu của %(named)s đã được điều chỉnh, nay còn phải trả %(due)s."),
        Kind.MONEY_LATE: _("Đã nhận %(paid)s cho %(named)s, nhưng khoản thu này đã đóng. Tiền được ghi lại đầy đủ."),
        Kind.REFUND_ORDERED: _("Đang trả lại %(paid)s của %(named)s."),
        Kind.REFUND_SENT: _("Đã trả lại %(paid)s của %(named)s."),
    }[kind]
