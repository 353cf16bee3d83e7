"""OCOP stars: written down from the decision that gave them, shown until they expire. No member types stars.

Who may record them answers for the cooperative (manager or treasurer), and has the paper in hand: its number, who
issued it, its days. Decision 148/QĐ-TTg of 2023 gives three to five stars for 36 months; what holds from 2026 on is not
confirmed, so no length is enforced, only a slip of the finger refused.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import folded
from catalog import versions
from catalog.models import OcopCertificate, Product
from catalog.wording import EmptyName, one_line
from cooperatives.doing_once import done_once
from cooperatives.models import User
from cooperatives.permissions import require

LEAST_STARS, MOST_STARS = 3, 5
DECISION_LETTERS = 60
ISSUER_LETTERS = 120
_LONGEST = timedelta(days=1830)  # five years: beyond it a date is a slip of the finger


class BadStars(Refused):
    """OCOP gives three, four or five."""

    code = "BAD_STARS"
    sentence = _("OCOP chỉ có 3, 4 hoặc 5 sao.")


class NoDecision(Refused):
    """Without the decision's number and who issued it nobody could look it up."""

    code = "NO_DECISION"
    sentence = _("Hãy ghi số quyết định và cơ quan cấp, đúng như trên giấy.")


class BadDays(Refused):
    """Issued in the future, expired before it was issued, or valid for longer than five years."""

    code = "BAD_DAYS"
    sentence = _("Ngày chưa đúng: ngày cấp không sau hôm nay, ngày hết hạn sau ngày cấp và không quá 5 năm.")


class DecisionRecorded(Refused):
    """The same decision stands already for these goods."""

    code = "DECISION_RECORDED"
    sentence = _("Quyết định %(decision)s đã ghi cho mặt hàng này rồi.")


def live_certificate(product: Product, *, on: date) -> OcopCertificate | None:
    """What the product's stars stand on that day: of several, the latest decision. None: no stars.

    Looks at the certificates that ``Product.objects.preloaded()`` brought.
    """
    live = [one for one in product.certificates.all() if one.is_live(on=on)]
    return max(live, key=lambda one: (one.issued_on, one.pk), default=None)


@again_when_locked_out
def record_certificate(
    *,
    product_id: int,
    stars: int,
    decision: str,
    issuer: str,
    issued_on: date,
    expires_on: date,
    actor: User | None,
    key: str,
    at: datetime,
) -> OcopCertificate:
    """Write down what a decision gave the product; its stars are shown from ``issued_on`` until before ``expires_on``.

    The same ``key`` returns the same certificate. Opens its own transaction; locks the done-once row, the product.
    ``actor`` None: the machine itself. Raises NotFound (a stranger too), BadStars, NoDecision, TooLong, BadDays,
    DecisionRecorded, KeyReused, BadKey.
    """
    with transaction.atomic():
        today = vietnam_day(at)
        product = _allowed(product_id, actor=actor, at=at)

        def record() -> str:
            if type(stars) is not int or not LEAST_STARS <= stars <= MOST_STARS:
                raise BadStars(field="stars")
            number = _said(decision, most=DECISION_LETTERS, field="decision")
            office = _said(issuer, most=ISSUER_LETTERS, field="issuer")
            if issued_on > today or issued_on < today - 2 * _LONGEST:
                raise BadDays(field="issued_on")
            if not issued_on < expires_on <= issued_on + _LONGEST:
                raise BadDays(field="expires_on")
            # The lock under which the same paper, on two screens, becomes one row.
            Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product_id)
            standing = OcopCertificate.objects.filter(product_id=product_id, withdrawn_at=None)
            if folded(number) in map(folded, standing.values_list("decision", flat=True)):  # "QĐ" is "qđ"
                raise DecisionRecorded(field="decision", decision=number)
            made = OcopCertificate.objects.create(
                product_id=product_id, stars=stars, decision=number, issuer=office, issued_on=issued_on,
                expires_on=expires_on, recorded_by=actor, recorded_at=at,
            )  # fmt: skip
            versions.moved([product.organization_id])
            return f"certificate:{made.pk}"

        meaning = {
            "product": product_id, "stars": stars, "decision": decision, "issuer": issuer,
            "issued_on": issued_on.isoformat(), "expires_on": expires_on.isoformat(),
        }  # fmt: skip
        result, _replayed = done_once(verb="ocop_record", actor=actor, key=key, meaning=meaning, at=at, do=record)
        return OcopCertificate.objects.get(pk=result.removeprefix("certificate:"))


@again_when_locked_out
def withdraw_certificate(*, certificate_id: int, actor: User | None, at: datetime) -> OcopCertificate:
    """Its stars are gone at once: recorded by mistake, or taken back by the issuer. The row stays.

    Doing it twice is doing it once. Opens its own transaction; locks the product. Raises NotFound (a stranger too).
    """
    with transaction.atomic():
        seen = OcopCertificate.objects.filter(pk=certificate_id).first()
        if seen is None:
            raise NotFound()
        product = _allowed(seen.product_id, actor=actor, at=at)
        Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product.pk)
        certificate = OcopCertificate.objects.get(pk=certificate_id)
        if certificate.withdrawn_at is None:
            certificate.withdrawn_at = at
            certificate.save(update_fields=["withdrawn_at"])
            versions.moved([product.organization_id])
        return certificate


def _allowed(product_id: int, *, actor: User | None, at: datetime) -> Product:
    product = Product.objects.select_related("organization").filter(pk=product_id).first()
    if product is None:
        raise NotFound()  # no field: the very answer that a stranger gets
    if actor is not None:
        require(actor, "certify_goods", organization=product.organization, on=vietnam_day(at))
    return product


def _said(text: str, *, most: int, field: str) -> str:
    """One line with something on it. Raises NoDecision, TooLong."""
    try:
        return one_line(text, most=most, field=field)
    except EmptyName:
        raise NoDecision(field=field) from None
