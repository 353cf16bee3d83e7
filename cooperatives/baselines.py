"""What a member took home before she joined. Written once; a correction is a new row."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong
from base.periods import vietnam_day
from base.refusals import Refused
from base.text import composed
from cooperatives.models import Baseline, Member, User
from cooperatives.permissions import require

OPEN_FOR = timedelta(days=30)


class BaselineLocked(Refused):
    """30 days after joining another baseline needs a reason."""

    code = "BASELINE_LOCKED"
    sentence = _("Đã quá 30 ngày từ khi tham gia và đã có mức ban đầu. Muốn sửa, hãy ghi rõ lý do.")


class BaselineIncomplete(Refused):
    """A figure without its source is no baseline."""

    code = "BASELINE_INCOMPLETE"
    sentence = _("Hãy ghi rõ mức này của những tháng nào và hỏi bằng cách nào.")


def record_baseline(
    *,
    member: Member,
    monthly_dong: int,
    method: str,
    covers: str,
    actor: User,
    at: datetime,
    witness: str = "",
    reason: str = "",
) -> Baseline:
    """Add what ``member`` took home a month, from the same goods, before joining; 0 is an answer.

    Within 30 days of joining a later row simply replaces an earlier one; after that it needs a ``reason`` of at least
    10 characters. Nothing is overwritten. Opens its own transaction. Raises NotFound (who may not), BadAmount,
    BaselineIncomplete, BaselineLocked.
    """
    today = vietnam_day(at)
    require(actor, "record_baselines", organization=member.organization, on=today)
    checked_dong(monthly_dong, least=0)
    covers, reason, witness = composed(covers), composed(reason), composed(witness)
    if method not in Baseline.Method or not 3 <= len(covers) <= 80:
        raise BaselineIncomplete(field="covers" if method in Baseline.Method else "method")
    with transaction.atomic():
        Member.objects.select_for_update(of=("self",)).get(pk=member.pk)  # one baseline after the other
        if current_baseline(member=member) is not None and today > member.joined_on + OPEN_FOR and len(reason) < 10:
            raise BaselineLocked(field="reason")
        return Baseline.objects.create(
            member=member, monthly_dong=monthly_dong, method=method, covers=covers, recorded_by=actor,
            witness=witness[:80], reason=reason[:200], recorded_at=at,
        )  # fmt: skip


def current_baseline(*, member: Member) -> Baseline | None:
    """The latest row, or None: unknown, which is never 0."""
    return Baseline.objects.filter(member=member).order_by("-recorded_at", "-pk").first()
