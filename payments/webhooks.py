"""The door for bank feeds: bytes and headers in, a status out. No rules here.

What arrives is written down and committed, then settled; whatever happens to the settling, the sender gets
its 200 and the worker comes back (docs/walk-of-a-payment.md).
"""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from payments import cards, crowding, receiving
from payments.call_bodies import body_of
from payments.feeds import believes_sender, keys_of
from payments.models import Feed
from payments.providers import sms
from payments.providers.arrival import Forged, NotForUs, Unreadable
from payments.providers.readers import Auth, UnknownProvider, reader_of

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(seconds=5)
"""When a feed last called is shown to the minute: a hundred calls a second do not write it a hundred times."""


@csrf_exempt  # the proof is a signature over the body; no cookie is looked at here
def hook(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """``/hooks/<provider>/<token>/``: 200 taken (again), 400 unreadable, 403 forged, 404 no such connection.

    500 only where the evidence could not be written down: then the sender is to repeat it.
    """
    if request.method != "POST":
        return _answer(405)
    try:
        with crowding.one_more():
            return _taken(request, provider, token)
    except Exception:  # logged here, because Django would log the address, and the token with it
        log.exception("a call at a %s hook failed before it was written down", provider)
        return _answer(500)


def _taken(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    feeds = Feed.objects.select_related("organization", "bank_account").filter(is_live=True)
    names_one = (provider + token).isprintable()  # no database takes a NUL
    feed = feeds.filter(provider=provider, token=token).first() if names_one else None
    if feed is None:
        return _answer(404)
    body = body_of(request)
    if body is None:
        return _unreadable(feed, reason="too_large_or_cut", body=b"")
    at = timezone.now()
    try:
        arrivals = reader_of(provider)(
            body=body, headers=request.headers, keys=keys_of(feed), now=int(at.timestamp()), auth=_auth_of(feed)
        )
        if feed.provider == Feed.Provider.STRIPE:
            cards.check(feed=feed, body=body)
    except UnknownProvider:
        return _answer(404)
    except Forged as no:
        Feed.objects.filter(pk=feed.pk).update(forged_calls=F("forged_calls") + 1)
        log.warning("forged call on feed %s: %s", feed.pk, no.reason)
        return _answer(403)
    except Unreadable as no:
        if feed.provider == Feed.Provider.SMS:
            return _unread_text(feed, no, body=body, at=at)
        return _unreadable(feed, reason=no.reason, body=body)
    except NotForUs:
        return _answer(200)
    if feed.provider == Feed.Provider.SMS and not believes_sender(feed, sms.sender_of(body)):
        return _answer(200)  # the phone forwards everything: what is not from the bank is none of our business
    receiving.take(feed=feed, arrivals=arrivals, at=at, settle_at_once=not crowding.is_crowded())
    if feed.provider == Feed.Provider.STRIPE:
        cards.note(feed=feed, body=body, at=at)
    if feed.last_call_at is None or abs(at - feed.last_call_at) >= NOTED_EVERY:
        Feed.objects.filter(pk=feed.pk).update(last_call_at=at)
    return _answer(200)


def _unread_text(feed: Feed, no: Unreadable, *, body: bytes, at: datetime) -> HttpResponse:
    """A phone repeats what is refused, for days: only a body without any text in it is. A text of the bank that does
    not say whether money came or went is kept for a person."""
    if no.reason != "no_direction":
        return _unreadable(feed, reason=no.reason, body=body)
    if believes_sender(feed, sms.sender_of(body)):
        receiving.keep_undirected(feed=feed, body=body, at=at)
    return _answer(200)


def _auth_of(feed: Feed) -> Auth:
    return "apikey" if feed.auth == Feed.Auth.APIKEY else "hmac"


def _unreadable(feed: Feed, *, reason: str, body: bytes) -> HttpResponse:
    Feed.objects.filter(pk=feed.pk).update(unreadable_calls=F("unreadable_calls") + 1)
    digest = hashlib.sha256(body).hexdigest()
    log.warning("unreadable call on feed %s: %s, %s bytes, sha256 %s", feed.pk, reason, len(body), digest)
    return _answer(400)


def _answer(status: int) -> HttpResponse:
    """SePay ends its retries at 2xx with ``{"success": true}``."""
    answer = JsonResponse({"success": status == 200}, status=status, headers={"Allow": "POST"} if status == 405 else {})
    answer._has_been_logged = True  # type: ignore[attr-defined]  # or Django logs the address, token and all
    return answer
