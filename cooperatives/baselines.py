"""What a member took home before joining: recorded with its method, locked, corrected only by another row."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG, BadAmount
from base.periods import vietnam_day
from base.refusals import Refused
from base.text import composed
from cooperatives.models import Baseline, Member, User
from cooperatives.permissions import require

LOCKED_AFTER = timedelta(days=30)


class ReasonNeeded(Refused):
    code = "REASON_NEEDED"
    sentence = _("Mức này đã ghi rồi hoặc đã quá 30 ngày từ khi tham gia: hãy ghi lý do sửa.")


class CoversMissing(Refused):
    code = "COVERS_MISSING"
    sentence = _("Hãy ghi mức này tính cho những tháng nào (tối đa 80 chữ).")


def record_baseline(
    *,
    member: Member,
    monthly_dong: int,
    method: str,
    covers: str,
    witness: str,
    reason: str,
    actor: User,
    at: datetime,
) -> Baseline:
    """Average cash a month from the same goods before joining. Never changes a row: a correction is a new one.

    The first, within 30 days of joining, needs no reason; everything later does. Raises NotFound for a stranger,
    BadAmount, CoversMissing, ReasonNeeded.
    """
    require(actor, "record_baselines", organization=member.organization, on=vietnam_day(at))
    if type(monthly_dong) is not int or not 0 <= monthly_dong <= MAX_DONG:
        raise BadAmount(field="monthly_dong")
    covers, reason, witness = composed(covers), composed(reason), composed(witness)
    if not 1 <= len(covers) <= 80:
        raise CoversMissing(field="covers")
    late = vietnam_day(at) - member.joined_on > LOCKED_AFTER
    if (late or current_baseline(member=member) is not None) and not 3 <= len(reason) <= 200:
        raise ReasonNeeded(field="reason")
    return Baseline.objects.create(
        member=member, monthly_dong=monthly_dong, method=Baseline.Method(method), covers=covers,
        recorded_by=actor, witness=witness[:80], reason=reason, recorded_at=at,
    )  # fmt: skip


def current_baseline(*, member: Member) -> Baseline | None:
    """The latest row; None is "unknown", which is not 0."""
    return Baseline.objects.filter(member=member).order_by("-recorded_at", "-id").first()
