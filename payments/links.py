"""payOS links: an account of its own for each request, made ahead of the buyer, closed when nothing more is due.

Written down before payOS is asked, so that a lost answer leaves a trace; the network is never spoken to inside a
transaction. Where no link stands, the page shows the cooperative's own account, and money there is found by its code.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from base.money import MAX_TRANSFER_DONG
from base.refusals import Refused
from payments import calling, receiving
from payments.feeds import credentials_of, keys_of
from payments.models import Feed, PaymentLink, PaymentRequest
from payments.providers import payos_links

log = logging.getLogger(__name__)

State = PaymentLink.State
_STANDING = (State.ASKED, State.OPEN)
MADE_WITHIN = timedelta(days=1)
"""Nobody stands before the page of an older order that has no link yet. Bills have none: their slips are printed with
the account that stays, and thousands of them are published at once."""
LOOKED_AT_FOR = timedelta(days=3)
GIVE_UP_AFTER = timedelta(minutes=15)
PAUSE = timedelta(minutes=1)


def make_due(*, at: datetime, most: int = 20) -> int:
    """Make the links that are missing for fresh requests; returns how many were tried. The worker's errand."""
    feeds = {feed.bank_account_id: feed for feed in _connected()}
    if not feeds:
        return 0
    standing = PaymentLink.objects.filter(payment_request=OuterRef("pk"), created_at__gte=at - GIVE_UP_AFTER)
    fresh = (
        PaymentRequest.objects.takes_money()
        .filter(
            order__isnull=False,
            bank_account__in=feeds,
            created_at__gte=at - MADE_WITHIN,
            asked_dong__lte=MAX_TRANSFER_DONG,
        )
        .exclude(Exists(standing))
        .exclude(links__state=State.OPEN)
    )
    tried = 0
    for request in fresh.order_by("-pk")[:most]:
        tried += 1
        try:
            make(payment_request_id=request.pk, feed=feeds[request.bank_account_id], at=at)
        except calling.ProviderSilent:  # each further one would wait as long, and the errands behind with it
            break
    return tried


def make(*, payment_request_id: int, feed: Feed, at: datetime) -> PaymentLink | None:
    """One link for what is wanted now. None when nothing is due, when one stands or is being asked for, or when
    payOS made none; then ``trouble`` says why. Raises ProviderSilent."""
    with transaction.atomic():
        request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=payment_request_id)
        if not request.takes_money or request.links.filter(state__in=_STANDING).exists():
            return None
        link = PaymentLink.objects.create(
            organization_id=request.organization_id, feed=feed, payment_request=request, number=_new_number(),
            amount_dong=request.wanted_dong, key=secrets.token_hex(16), created_at=at, changed_at=at,
            expires_at=request.expires_at,
        )  # fmt: skip
    try:
        made = _asked_for(link, request, feed)
    except Refused as refused:
        log.warning("no payOS link for request %s: %s", request.pk, refused.code)
        _end(link, State.CANCELLED, trouble=refused.message, at=at)
        if isinstance(refused, calling.ProviderSilent):
            raise
        return None
    with transaction.atomic():
        stands = PaymentLink.objects.select_for_update(no_key=True).get(pk=link.pk).state == State.ASKED
        _open(link, made, state=State.OPEN if stands else State.CANCELLED, at=at)
    return link if stands else None


def _open(link: PaymentLink, made: payos_links.LinkMade, *, state: PaymentLink.State, at: datetime) -> None:
    """What payOS made; ``state`` is CANCELLED where it came so late that the link has been given up and closed."""
    link.state, link.changed_at = state, at
    link.external_id, link.url, link.qr_payload = made.external_id, made.url, made.payload
    link.account_bin, link.account_number, link.account_holder = made.bin, made.account[:40], made.holder[:120]
    link.memo = made.memo[:60]
    link.save()


def close_idle(*, at: datetime, most: int = 20) -> int:
    """Close at payOS the links whose request takes no more money, or another sum; returns how many were tried."""
    idle = (
        PaymentLink.objects.filter(feed__provider=Feed.Provider.PAYOS, state__in=_STANDING, changed_at__lte=at - PAUSE)
        .exclude(feed__credentials_sealed="")
        .select_related("feed", "payment_request__order")
        .order_by("changed_at")
    )
    tried = 0
    for link in idle[: most * 5]:
        request = link.payment_request
        if request.takes_money and request.wanted_dong == link.amount_dong and link.state == State.OPEN:
            continue
        tried += 1
        if not _close(link, at=at) or tried == most:
            break
    return tried


def look(*, feed: Feed, at: datetime) -> int:
    """Ask payOS about the links that may still bring money: what a lost call would have told. Returns new lines.

    Raises ProviderSilent, ProviderRefused and the refusals of the adapter: the lease of ``pulling`` tries again. A link
    of which nothing can be learned holds up none of the others; the first such refusal is raised behind the last link.
    """
    may_bring = Q(state=State.OPEN) | Q(created_at__gte=at - LOOKED_AT_FOR) | Q(changed_at__gte=at - LOOKED_AT_FOR)
    new, trouble = 0, None
    for link in PaymentLink.objects.filter(may_bring, feed=feed).exclude(external_id="").order_by("pk"):
        try:
            new += _looked(link, feed, at=at)
        except calling.ProviderSilent:
            raise
        except Refused as refused:
            log.warning("payOS link %s could not be looked at: %s", link.pk, refused.code)
            trouble = trouble or refused
    if trouble is not None:
        raise trouble
    return new


def _looked(link: PaymentLink, feed: Feed, *, at: datetime) -> int:
    asked = payos_links.look(credentials=credentials_of(feed), order_code=link.number)
    body = calling.call(method=asked.method, url=asked.url, headers=asked.headers)
    found = payos_links.stands(body, key=keys_of(feed)[0], account=feed.bank_account.number)
    new = receiving.take_what_calls_did_not(feed=feed, arrivals=found.arrivals, at=at)
    if found.is_over and link.state == State.OPEN:
        _end(link, State.EXPIRED, at=at)
    return new


def _connected() -> list[Feed]:
    live = Feed.objects.filter(provider=Feed.Provider.PAYOS, is_live=True).exclude(credentials_sealed="")
    return list(live.select_related("organization", "bank_account").order_by("pk"))


def _asked_for(link: PaymentLink, request: PaymentRequest, feed: Feed) -> payos_links.LinkMade:
    key = keys_of(feed)[0]
    asked = payos_links.ask(
        credentials=credentials_of(feed), key=key, order_code=int(link.number), dong=link.amount_dong,
        memo=request.code.removeprefix("CP"), page=f"{settings.SITE_URL}{reverse('pay', args=[request.code])}",
        expires_at=int(request.expires_at.timestamp()) if request.expires_at else None,
    )  # fmt: skip
    body = calling.call(method=asked.method, url=asked.url, headers=asked.headers, json=asked.json)
    return payos_links.made(body, key=key, order_code=int(link.number), dong=link.amount_dong)


def _close(link: PaymentLink, *, at: datetime) -> bool:
    """False where payOS is silent: again after the pause."""
    asked = payos_links.cancel(credentials=credentials_of(link.feed), order_code=link.number)
    try:
        calling.call(method=asked.method, url=asked.url, headers=asked.headers, json=asked.json)
    except calling.ProviderSilent as silent:
        log.warning("payOS link %s could not be closed: %s", link.pk, silent.code)
        PaymentLink.objects.filter(pk=link.pk).update(changed_at=at)
        return False
    except Refused as refused:  # gone already, or paid: its transfer will say so
        log.info("payOS link %s was not closed: %s", link.pk, refused.code)
    paid = link.payment_request.state in {PaymentRequest.State.PAID, PaymentRequest.State.OVER}
    _end(link, State.PAID if paid else State.CANCELLED, at=at)
    return True


def _end(link: PaymentLink, state: PaymentLink.State, *, at: datetime, trouble: str = "") -> None:
    link.state, link.changed_at, link.trouble = state, at, trouble[:200]
    link.save(update_fields=["state", "changed_at", "trouble"])


def _new_number() -> str:
    """A payOS order code: random, unique for ever (the database's own constraint), far from its test code."""
    return str(secrets.randbelow(payos_links.GREATEST_ORDER_CODE - 10**12) + 10**12)
