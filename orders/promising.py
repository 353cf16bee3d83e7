"""What an organization promises its buyers in days: an answer to a complaint, and the time to report faulty goods."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from cooperatives.models import Organization, User
from cooperatives.permissions import require

MOST_COMPLAINT_DAYS, MOST_RETURN_DAYS = 15, 60


class BadDays(Refused):
    """No such number of days: an answer takes 1 to 15 working days, a report 0 to 60 days."""

    code = "BAD_DAYS"
    sentence = _("Số ngày phải từ %(least)s đến %(most)s.")


@again_when_locked_out
def promise(*, organization_id: int, complaint_days: int, return_days: int, actor: User, at: datetime) -> Organization:
    """Promise from now on; complaints that are taken down already keep their day. Repeating it changes nothing.

    ``return_days`` 0: faulty goods are reported at once. Raises NotFound (a stranger too), BadDays.
    """
    for days, least, most, field in (
        (complaint_days, 1, MOST_COMPLAINT_DAYS, "complaint_days"), (return_days, 0, MOST_RETURN_DAYS, "return_days"),
    ):  # fmt: skip
        if not least <= days <= most:
            raise BadDays(field=field, least=least, most=most)
    with transaction.atomic():
        try:
            organization = Organization.objects.held(organization_id)
        except Organization.DoesNotExist:
            raise NotFound() from None
        require(actor, "decide_terms", organization=organization, on=vietnam_day(at))
        organization.complaint_days, organization.return_days = complaint_days, return_days
        organization.save(update_fields=["complaint_days", "return_days"])
        versions.moved([organization.pk])
    return organization
