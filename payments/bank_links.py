"""Opening the payer's bank app with what a request asks for; and whether an organization wants that at all."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from base.money import MAX_TRANSFER_DONG
from base.periods import vietnam_day
from base.refusals import NotFound
from base.retrying import again_when_locked_out
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from payments.models import PaymentRequest
from payments.providers import bank_apps
from payments.requesting import payee_of


def ways(request: PaymentRequest) -> list[bank_apps.Way]:
    """Each app that we can open for ``request``, with the same account, amount and memo as in its QR.

    [] where its organization does not want it, or nothing is to be paid. The account of a practice shop is no bank's:
    there an app is only opened, and told nothing.
    """
    if not request.takes_money or not request.organization.offers_bank_links:
        return []
    if request.organization.is_demo:
        return [bank_apps.bare(app) for app in bank_apps.APPS]
    payee, due = payee_of(request), request.wanted_dong
    back = f"{settings.SITE_URL}/pay/{request.code}/"
    return [
        bank_apps.way(
            app, bin=payee.bin, account=payee.number, amount_dong=due if due <= MAX_TRANSFER_DONG else None,
            memo=payee.memo, holder=payee.holder, back=back,
        )
        for app in bank_apps.APPS
    ]  # fmt: skip


@again_when_locked_out
def offer(*, organization_id: int, offers: bool, actor: User, at: datetime) -> Organization:
    """Whether pay pages of this organization offer to open a bank app. Repeating it changes nothing.

    What the QR says then passes through vietqr.io, so a manager or the treasurer decides. Raises NotFound.
    """
    with transaction.atomic():
        try:
            organization = Organization.objects.held(organization_id)
        except Organization.DoesNotExist:
            raise NotFound() from None
        require(actor, "decide_terms", organization=organization, on=vietnam_day(at))
        organization.offers_bank_links = offers
        organization.save(update_fields=["offers_bank_links"])
    return organization
