"""A card's holder takes her money back through her bank: what the books say of it, and of money that comes back.

Calls come in any order. So nothing is said of money withdrawn before the payment itself was given to its request, nor
of money reinstated before the withdrawal was explained; whichever comes last finds the others waiting.
"""

from datetime import datetime

from django.db import transaction

from base.retrying import again_when_locked_out
from payments import card_lines, crediting, deeds, refund_lines
from payments.models import BankTransaction, Explanation, PaymentLink, Settlement
from payments.providers.arrival import Arrival

WITHDRAWN, REINSTATED = ":withdrawn", ":reinstated"


def tie(arrival: Arrival, *, link: PaymentLink) -> None:
    """Write on a dispute's line which payment it is about; any other arrival is left alone."""
    if arrival.source_id.endswith((WITHDRAWN, REINSTATED)):
        line = card_lines.line_of(link.feed, arrival.source_id)
        if line is not None:
            BankTransaction.objects.filter(pk=line.pk, link=None).update(link=link)


def book(link: PaymentLink, *, at: datetime) -> None:
    """Say what the lines of the payment's disputes were for, as far as that can be said yet. Repeatable.

    Withdrawn: DISPUTED, out of the order's purse, or owed by its buyer once the goods are handed over. Reinstated: into
    the purse again; what is no longer due there is owed to the payer, who owes as much herself: none of it goes back.
    """
    waiting = BankTransaction.objects.filter(link=link, state=BankTransaction.State.NEEDS_YOU, used_dong=0)
    if not waiting.exists() or not Settlement.objects.filter(transaction__link=link, undone_at=None).exists():
        return
    for line in waiting.filter(sightings__external_id__endswith=WITHDRAWN).distinct():
        card_lines.explain(line, kind=Explanation.Kind.DISPUTED, at=at)
    for line in waiting.filter(sightings__external_id__endswith=REINSTATED).distinct():
        _give_back(line.pk, at=at)


@again_when_locked_out
def _give_back(transaction_id: int, *, at: datetime) -> None:
    with transaction.atomic():
        line = deeds.locked_line(transaction_id)
        assert line.link is not None
        request = crediting.locked_request(line.link.payment_request_id)
        disputed = Explanation.objects.filter(order=request.order, kind=Explanation.Kind.DISPUTED, undone_at=None)
        if line.used_dong or not disputed.exists():
            return
        given = {"amount_dong": line.amount_dong, "actor": None, "reason": "thắng khiếu nại thẻ", "at": at}
        if request.takes_money:
            crediting.settle_part(line=line, request=request, **given)  # type: ignore[arg-type]
            crediting.tell_buyer(request=request, at=at)
        else:
            crediting.keep(line=line, order=request.order, **given)  # type: ignore[arg-type]
            assert request.order is not None
            refund_lines.refresh_order(request.order)
        line.state, line.reason = crediting.line_state(line), ""
        line.save(update_fields=deeds.SAVED)
