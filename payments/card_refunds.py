"""Refunds that go back to a card: ordered out in the books by ``refunds``, then asked of Stripe, once.

The line that carries one away arrives like any other (an event, or the pulled balance) with the refund's code, and
closes it (``refund_lines``).
"""

import logging
from datetime import datetime

from base.refusals import NotFound
from payments import card_calls, refunds
from payments.card_calls import CardRefused, CardsUnavailable
from payments.models import Refund

log = logging.getLogger(__name__)

ASKED = "asked"
"""Stands as ``external_id`` from before the call until its answer: whoever would cancel it meanwhile sees it."""


def send_refund(*, refund_id: int, at: datetime) -> Refund:
    """Ask Stripe to give an ORDERED refund back to its card. Its code is the key of the call: however often it is
    asked, it happens once. Called after the order was committed, never within a transaction.

    Stripe's no ends the order: what was on its way is owed again, with the reason, and a person decides. Raises
    NotFound, CardsUnavailable (the worker asks again).
    """
    if not Refund.objects.filter(pk=refund_id, **_TO_SEND).update(external_id=ASKED):
        raise NotFound()
    refund = Refund.objects.select_related("link__feed").get(pk=refund_id)
    assert refund.link is not None
    try:
        refund.external_id = card_calls.create_refund(refund, at=at)
    except CardRefused as refused:
        Refund.objects.filter(pk=refund_id).update(external_id="", trouble=refused.trouble[:200])
        return refunds.cancel(refund_id=refund_id, reason=f"Stripe: {refused.trouble}", actor=None, at=at)
    Refund.objects.filter(pk=refund_id).update(external_id=refund.external_id)
    return refund


def send_due(*, at: datetime, most: int = 20) -> int:
    """Send what was ordered out and not yet sent, oldest first; returns how many were tried. The worker's errand."""
    waiting = list(Refund.objects.filter(**_TO_SEND).order_by("ordered_at").values_list("pk", flat=True)[:most])
    for refund_id in waiting:
        try:
            send_refund(refund_id=refund_id, at=at)
        except CardsUnavailable:
            log.warning("card refund %s waits: Stripe did not answer", refund_id)
        except NotFound:
            log.info("card refund %s was taken by another worker", refund_id)
    return len(waiting)


_TO_SEND = {
    "way": Refund.Way.CARD, "state": Refund.State.ORDERED, "external_id__in": ["", ASKED], "trouble": "",
    "link__isnull": False,
}  # fmt: skip
