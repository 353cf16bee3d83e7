"""What every deed at the desk must bear: who asks, why, once, on a line that is locked and was looked at."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once, fingerprint
from cooperatives.models import User
from cooperatives.permissions import require
from orders.buyers import one_line
from payments import entering
from payments.models import BankTransaction, Explanation, KeptDebt, RefundMovement, RemittancePayment, Settlement

SAVED = ["state", "reason", "used_dong", "dismissed_by", "dismissed_why", "booked_at", "declared_by"]
"""What a deed may change of a line."""


class NotYetBooked(Refused):
    code = "NOT_YET_BOOKED"
    sentence = _("Dòng này vừa đến, máy đang ghi sổ. Thử lại sau vài giây.")


class ReasonMissing(Refused):
    code = "REASON_MISSING"
    sentence = _("Hãy ghi lý do (3 đến 200 ký tự), để sau này ai cũng hiểu.")


class NothingLeft(Refused):
    code = "NOTHING_LEFT"
    sentence = _("Dòng này đã dùng hết, không còn gì để xử lý.")


def checked_reason(reason: str) -> str:
    """The reason in one line. Raises ReasonMissing."""
    why = one_line(reason)
    if not 3 <= len(why) <= 200:
        raise ReasonMissing(field="reason")
    return why


@again_when_locked_out
def on_line(
    verb: str,
    transaction_id: int,
    meaning: Any,
    reason: str,
    actor: User | None,
    key: str | None,
    at: datetime,
    do: Callable[[BankTransaction, str], str | None],
    *,
    also: Collection[int] = (),
) -> str:
    """Check who asks and why, lock the line (and those ``also`` needed), ``do`` it once with the reason in one line,
    save the line.

    ``actor`` None is the machine itself. Returns what ``do`` returned (the line's number for None), also to whoever
    repeats it. Without a ``key`` the same deed on the same line is a repeat until something of the line is undone.
    """
    found = BankTransaction.objects.select_related("organization").filter(pk=transaction_id).first()
    if found is None:
        raise NotFound()
    if actor is not None:
        require(actor, "settle_money", organization=found.organization, on=vietnam_day(at))
    why = checked_reason(reason)

    def locked() -> str:
        if found.booked_at is None:  # a second source must not come between the look and the deed
            entering.lock_account_of(transaction_id)
        own = BankTransaction.objects.filter(pk__in=also, organization_id=found.organization_id)
        line = locked_lines({transaction_id, *own.values_list("pk", flat=True)})[transaction_id]
        result = do(line, why)
        line.save(update_fields=SAVED)
        return result or str(line.pk)

    with transaction.atomic():
        key = _key_of(transaction_id, meaning) if key is None else key
        return done_once(verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=locked)[0]


def _key_of(transaction_id: int, meaning: Any) -> str:
    """For a sender without a key: the deed, and how often something of its line was undone before it."""
    undone = sum(
        given._default_manager.filter(transaction_id=transaction_id, undone_at__isnull=False).count()
        for given in (Settlement, KeptDebt, Explanation, RefundMovement, RemittancePayment)
    )
    # A transfer stands with the line that left; it was undone for the other line too.
    undone += Explanation.objects.filter(counterpart_id=transaction_id, undone_at__isnull=False).count()
    return f"{transaction_id}:{undone}:{fingerprint(meaning)}"


def locked_line(transaction_id: int) -> BankTransaction:
    """The line, locked; needs an open transaction. Raises NotYetBooked while the machine is at it."""
    return locked_lines({transaction_id})[transaction_id]


def locked_lines(transaction_ids: Collection[int]) -> dict[int, BankTransaction]:
    """Several at once, in id order."""
    locked = BankTransaction.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    lines = {line.pk: line for line in locked.filter(pk__in=transaction_ids).order_by("id")}
    if any(line.state == BankTransaction.State.NEW for line in lines.values()):
        raise NotYetBooked()
    return lines
