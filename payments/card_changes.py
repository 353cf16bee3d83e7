"""Where a card payment stands: what its events say, in whatever order they come, and what Stripe says when asked."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import transaction

from base.retrying import again_when_locked_out
from payments import card_calls, card_disputes
from payments.card_calls import CardRefused, CardsUnavailable, Standing
from payments.models import Feed, PaymentLink
from payments.providers import stripe_events
from payments.providers.arrival import Unreadable
from payments.providers.stripe_fates import CardChange, outranks

log = logging.getLogger(__name__)

State = PaymentLink.State
_UNDECIDED = (State.OPEN, State.PROCESSING, State.DECLINED)
LOOKED_AT_AFTER = timedelta(minutes=10)
"""So long an undecided payment is left to its events; then it is asked for, each time after so long again."""


def note(*, feed: Feed, body: bytes, at: datetime) -> None:
    """What a proven event of ``feed`` says of a card payment's fate: the later saying counts, whichever came first.

    For the door, after the event's money was written down and settled. An event about a payment that we do not know
    (another shop of the same account, a test) changes nothing. Harmless to repeat.
    """
    for change in stripe_events.changes(body):
        link = _link_of(change, feed=feed)
        if link is None:
            continue
        _apply(link.pk, change)
        for arrival in stripe_events.told_by(body):
            card_disputes.tie(arrival, link=link)
        card_disputes.book(link, at=at)


def check(*, feed: Feed, body: bytes) -> None:
    """An event of the sandbox is no money of a live connection, nor the other way round, though a key be mixed up.

    For the door, before the event's money is written down. Raises Unreadable.
    """
    if stripe_events.environment_of(body) != feed.environment:
        raise Unreadable(reason="other_environment")


def refresh(link: PaymentLink, *, at: datetime) -> PaymentLink:
    """Ask Stripe how ``link`` stands and write it down, whatever events said. Raises CardsUnavailable, CardRefused."""
    return _stands(link.pk, card_calls.standing_of(link), at=at)


def refresh_due(*, at: datetime, most: int = 20) -> int:
    """Ask about undecided payments that no event has settled: calls get lost. Returns how many were asked about."""
    waiting = PaymentLink.objects.filter(
        feed__provider=Feed.Provider.STRIPE, feed__is_live=True, state__in=_UNDECIDED,
        changed_at__lte=at - LOOKED_AT_AFTER,
    ).exclude(external_id="")  # fmt: skip
    asked = list(waiting.select_related("feed").order_by("changed_at")[:most])
    for link in asked:
        refresh_or_log(link, at=at)
    return len(asked)


def refresh_or_log(link: PaymentLink, *, at: datetime) -> None:
    """``refresh`` for an errand that goes on with the next one."""
    try:
        refresh(link, at=at)
    except (CardsUnavailable, CardRefused) as no:
        log.warning("card payment %s could not be asked about: %s", link.number, no)
        PaymentLink.objects.filter(pk=link.pk, state__in=_UNDECIDED).update(changed_at=at)


def _link_of(change: CardChange, *, feed: Feed) -> PaymentLink | None:
    """Ours, by our name or by Stripe's. A dispute names only its charge: if that is new to us, Stripe is asked."""
    links = PaymentLink.objects.filter(feed=feed)
    for known in ({"number": change.link}, {"external_id": change.session}, {"charge_id": change.charge}):
        if all(known.values()):
            link = links.filter(**known).first()
            if link is not None:
                return link
    if not change.charge or change.link:
        return None
    try:
        number = card_calls.standing_of_charge(feed, change.charge).link
    except (CardsUnavailable, CardRefused) as no:
        log.warning("charge %s could not be asked about, the pulled balance will tell: %s", change.charge, no)
        return None
    return links.filter(number=number).first() if number else None


@again_when_locked_out
def _apply(link_id: int, change: CardChange) -> None:
    said_at = datetime.fromtimestamp(change.at, UTC)
    with transaction.atomic():
        link = PaymentLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link_id)
        if change.charge:
            link.charge_id = change.charge
        if change.session and not link.external_id:
            link.external_id = change.session
        if outranks(change.fate, change.at, over=link.state, since=int(link.changed_at.timestamp())):
            link.state, link.changed_at, link.trouble = State(change.fate), said_at, change.trouble
        link.save(update_fields=["state", "changed_at", "trouble", "charge_id", "external_id"])


@again_when_locked_out
def _stands(link_id: int, standing: Standing, *, at: datetime) -> PaymentLink:
    """Fetched truth needs no rank, but what was said after we asked stays."""
    with transaction.atomic():
        link = PaymentLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link_id)
        link.charge_id = standing.charge or link.charge_id
        if link.changed_at <= at:
            link.state, link.trouble, link.changed_at = State(standing.state), standing.trouble, at
        link.save(update_fields=["state", "trouble", "changed_at", "charge_id"])
    return link
