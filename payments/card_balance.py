"""The pull of a card processor's balance: what calls did not tell, the fees, and the payouts to the bank."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from base.refusals import Refused
from payments import card_calls, card_changes, card_disputes, card_lines, receiving
from payments.models import BankTransaction, Explanation, Feed, PaymentLink
from payments.providers.arrival import Unreadable
from payments.providers.stripe_money import Movement, movements

log = logging.getLogger(__name__)

OVERLAP = timedelta(days=3)
"""Read again each time: what was written down then is known by its id, what could not be finished is finished."""
EVERY = timedelta(minutes=15)


def sync(*, feed: Feed, at: datetime) -> int:
    """Read the balance since the last time, oldest movement first; returns how many lines were new.

    A charge, refund or dispute has the id under which its event came. Fees are lines of their own, explained at once as
    what they are. Payouts are money out that the treasurer ties to its arrival at the bank. Raises CardsUnavailable,
    CardRefused, and at the end Unreadable, should a movement not be understood: then the next time reads from here.
    """
    rows = list(card_calls.balance_since(feed, since=(feed.pulled_at or feed.created_at) - OVERLAP))
    new, unread = 0, None
    for row in reversed(rows):
        try:
            told = movements(row)
        except Unreadable as no:
            log.warning("a movement of card balance %s is unreadable: %s", feed.pk, no.reason)
            unread = no
            continue
        for movement in told:
            new += _take(movement, feed=feed, at=at)
    if unread is not None:
        raise unread
    Feed.objects.filter(pk=feed.pk).update(pulled_at=at, pull_trouble="")
    return new


def sync_due(*, at: datetime) -> int:
    """Read every connected balance whose time has come; returns how many were tried. Moving the time on is the lease:
    of several workers one reads. The worker's errand."""
    due = Q(pull_next_at__isnull=True) | Q(pull_next_at__lte=at)
    cards = Feed.objects.filter(due, provider=Feed.Provider.STRIPE, is_live=True).exclude(credentials_sealed="")
    tried = 0
    for feed in cards.select_related("organization", "bank_account").order_by("pk"):
        if not Feed.objects.filter(due, pk=feed.pk).update(pull_next_at=at + EVERY):
            continue
        tried += 1
        try:
            sync(feed=feed, at=at)
        except Refused as no:
            log.warning("card balance %s was not read to its end: %s", feed.pk, no)
            Feed.objects.filter(pk=feed.pk).update(pull_trouble=no.message[:200])
    return tried


def _take(movement: Movement, *, feed: Feed, at: datetime) -> int:
    """Keep one movement, and say of its line what the machine itself knows; the rest is for a person."""
    arrival = movement.arrival
    new = receiving.take(feed=feed, arrivals=[arrival], at=at)
    link = PaymentLink.objects.filter(feed=feed, charge_id=movement.charge).first() if movement.charge else None
    if link is not None:
        card_disputes.tie(arrival, link=link)
        card_disputes.book(link, at=at)
        if arrival.source_id.endswith(":failed") and link.changed_at < arrival.happened_at:
            card_changes.refresh_or_log(link, at=at)  # no event says how much of it is given back now
    if movement.is_fee and arrival.direction == "out":
        line = card_lines.line_of(feed, arrival.source_id)
        if line is not None and line.state == BankTransaction.State.NEEDS_YOU:
            card_lines.explain(line, kind=Explanation.Kind.BANK_FEE, at=at)
    return new
