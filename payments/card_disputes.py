"""A card's holder takes her money back through her bank: what the books say of it, and of money that comes back."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from base.retrying import again_when_locked_out
from payments import card_lines, crediting, deeds
from payments.models import BankTransaction, Explanation, Feed, PaymentLink
from payments.providers.arrival import Arrival

WITHDRAWN, REINSTATED = ":withdrawn", ":reinstated"


def is_about_one(arrival: Arrival) -> bool:
    """Whether this money moved because of a dispute."""
    return arrival.source_id.endswith((WITHDRAWN, REINSTATED))


def named(arrival: Arrival, link: PaymentLink | None) -> Arrival:
    """A dispute's money with the name of its payment; any other as it is."""
    return replace(arrival, link=link.number) if link is not None and is_about_one(arrival) else arrival


def book(arrival: Arrival, *, feed: Feed, at: datetime) -> None:
    """Say what a dispute's line was for; any other is left alone. After it was settled; repeatable.

    Withdrawn: DISPUTED, out of the order's purse, or owed by its buyer once the goods are handed over. Reinstated: what
    was taken from a purse is due again, and settled like any payment; the rest is owed to the payer of the order, who
    owes as much herself: nothing of it goes back.
    """
    if not is_about_one(arrival):
        return
    line = card_lines.line_of(feed, arrival.source_id)
    if line is None or line.link_id is None or line.state != BankTransaction.State.NEEDS_YOU:
        return
    if arrival.source_id.endswith(WITHDRAWN):
        card_lines.explain(line, kind=Explanation.Kind.DISPUTED, at=at)
    else:
        _set_against(line.pk, at=at)


@again_when_locked_out
def _set_against(transaction_id: int, *, at: datetime) -> None:
    with transaction.atomic():
        line = deeds.locked_line(transaction_id)
        assert line.link is not None
        request = crediting.locked_request(line.link.payment_request_id)
        disputed = Explanation.objects.filter(order=request.order, kind=Explanation.Kind.DISPUTED, undone_at=None)
        if line.unused_dong != line.amount_dong or not disputed.exists():
            return
        crediting.keep(
            line=line, order=request.order, amount_dong=line.unused_dong, actor=None,
            reason="thắng khiếu nại thẻ", at=at,
        )  # fmt: skip
        line.state = crediting.line_state(line)
        line.save(update_fields=deeds.SAVED)
