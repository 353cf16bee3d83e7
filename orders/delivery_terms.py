"""What an organization decides about delivery: where its goods leave from, silence, who bears what, first orders."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong
from base.periods import vietnam_day
from base.places import divisions
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders.addresses import BadCommune
from orders.promising import BadDays

MOST_SILENT_DAYS = 30
MOST_HEAVIER_BP, LEAST_DEPOSIT_BP, MOST_DEPOSIT_BP = 10_000, 100, 10_000


class BadShare(Refused):
    """A share outside of what it may be, in whole per cent."""

    code = "BAD_SHARE"
    sentence = _("Số phần trăm phải từ %(least)s đến %(most)s.")


class BadChoice(Refused):
    """None of the choices."""

    code = "BAD_CHOICE"
    sentence = _("Hãy chọn một trong các cách ghi sẵn.")


@again_when_locked_out
def decide(
    *,
    organization_id: int,
    silent_days: int,
    refused_borne_by: str,
    lost_borne_by: str,
    heavier_asked_above_bp: int,
    actor: User,
    at: datetime,
) -> Organization:
    """Decide from now on; parcels on their way keep the day on which silence counts. Repeating it changes nothing.

    ``silent_days`` 1 to 30; ``heavier_asked_above_bp`` basis points of a line. Raises NotFound (a stranger too),
    BadDays, BadChoice, BadShare.
    """
    if not 1 <= silent_days <= MOST_SILENT_DAYS:
        raise BadDays(field="silent_days", least=1, most=MOST_SILENT_DAYS)
    for borne_by, field in ((refused_borne_by, "refused_borne_by"), (lost_borne_by, "lost_borne_by")):
        if borne_by not in Organization.BornBy.values:
            raise BadChoice(field=field)
    if not 0 <= heavier_asked_above_bp <= MOST_HEAVIER_BP:
        raise BadShare(field="heavier_asked_above_bp", least=0, most=MOST_HEAVIER_BP // 100)
    return _write(
        organization_id,
        {
            "silent_days": silent_days, "refused_borne_by": refused_borne_by, "lost_borne_by": lost_borne_by,
            "heavier_asked_above_bp": heavier_asked_above_bp,
        },
        actor=actor, at=at,
    )  # fmt: skip


@again_when_locked_out
def ask_first_orders(
    *, organization_id: int, rule: str, above_dong: int, deposit_bp: int, actor: User, at: datetime
) -> Organization:
    """What is asked of a first order on receipt above ``above_dong`` from now on; orders placed keep what they were
    asked. ``deposit_bp``: basis points of the total. Raises NotFound (a stranger too), BadChoice, BadShare, BadAmount.
    """
    if rule not in Organization.FirstOrder.values:
        raise BadChoice(field="first_order_rule")
    if not LEAST_DEPOSIT_BP <= deposit_bp <= MOST_DEPOSIT_BP:
        raise BadShare(field="deposit_bp", least=LEAST_DEPOSIT_BP // 100, most=MOST_DEPOSIT_BP // 100)
    above = checked_dong(above_dong, least=0)
    columns = {"first_order_rule": rule, "first_order_above_dong": above, "deposit_bp": deposit_bp}
    return _write(organization_id, columns, actor=actor, at=at)


@again_when_locked_out
def start_from(*, organization_id: int, commune_code: str, actor: User, at: datetime) -> Organization:
    """Its goods leave from this commune: what is near, and what is in the province, is counted from there.

    Raises NotFound (a stranger too), BadCommune.
    """
    commune = divisions.commune(commune_code, on=vietnam_day(at))
    if commune is None:
        raise BadCommune(field="commune")
    columns = {
        "commune_code": commune.code, "commune_name": commune.name, "province_name": commune.province_name,
    }  # fmt: skip
    return _write(organization_id, columns, actor=actor, at=at)


def _write(organization_id: int, columns: Mapping[str, object], *, actor: User, at: datetime) -> Organization:
    with transaction.atomic():
        try:
            organization = Organization.objects.held(organization_id)
        except Organization.DoesNotExist:
            raise NotFound() from None
        require(actor, "keep_delivery", organization=organization, on=vietnam_day(at))
        for name, value in columns.items():
            setattr(organization, name, value)
        organization.save(update_fields=list(columns))
        versions.moved([organization.pk])
    return organization
