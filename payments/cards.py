"""Paying by card: what is offered, the page at Stripe that a buyer is led to, and the doors of all that follows.

No card ever touches us: its number is typed on Stripe's page. What came is believed from signed events and from the
pulled balance (card_balance.py), never from a browser that came back.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from payments import card_calls
from payments.card_balance import sync, sync_due
from payments.card_calls import CardRefused, CardsUnavailable
from payments.card_changes import check, note, refresh_due
from payments.card_connecting import connect
from payments.card_refunds import send_due, send_refund
from payments.models import Feed, PaymentLink, PaymentRequest

__all__ = [
    "LEAST_DONG",
    "MOST_DONG",
    "CardRefused",
    "CardsUnavailable",
    "NotByCard",
    "check",
    "close_idle",
    "connect",
    "note",
    "offered",
    "refresh_due",
    "send_due",
    "send_refund",
    "start",
    "sync",
    "sync_due",
    "trouble_of",
]

State = PaymentLink.State

LEAST_DONG = 20_000
"""Stripe takes no less than half a US dollar "or its equivalent", 13,000 đồng at 26,000; the rest is for its rate."""
MOST_DONG = 99_999_999
"""Stripe's amounts have eight digits (its documentation of PaymentIntent.amount)."""
SHORTEST, LONGEST = timedelta(minutes=31), timedelta(hours=23)
"""A page of Stripe's stands for 30 minutes to 24 hours; clocks differ."""
SAME_CALL_WITHIN = timedelta(minutes=10)
"""So long an unanswered call is repeated with its own key; then another page is asked for under a new one."""

_STANDING = (State.OPEN, State.PROCESSING, State.DECLINED)


class NotByCard(Refused):
    code = "NOT_BY_CARD"
    sentence = _("Khoản này không trả bằng thẻ được. Hãy chuyển khoản.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went otherwise with the last card payment of a request, for its page."""

    state: str
    words: str


def offered(request: PaymentRequest, *, at: datetime) -> Feed | None:
    """The connection by which ``request`` can be paid by card right now; None: no button.

    It is for an order (a card's fee has no place beside a school's bill), its organization has cards on (the demo: a
    sandbox, and nobody else one), something is due, within Stripe's limits, and goods are held long enough for a page
    to stand.
    """
    holds_long_enough = request.expires_at is None or request.expires_at - at >= SHORTEST
    if request.order_id is None or not (
        request.takes_money and LEAST_DONG <= request.wanted_dong <= MOST_DONG and holds_long_enough
    ):
        return None
    environment = "sandbox" if request.organization.is_demo else "live"
    feeds = Feed.objects.filter(
        organization=request.organization_id, provider=Feed.Provider.STRIPE, environment=environment, is_live=True
    ).exclude(credentials_sealed="")
    return feeds.order_by("-pk").first()


def start(*, code: str, return_url: str, cancel_url: str, at: datetime) -> PaymentLink:
    """The page at Stripe on which the request with ``code`` is paid by card; its address is ``url``.

    Written down first, then asked for: a call that was cut is repeated with the same key, and an open page for the same
    sum is given again. Raises NotFound, NotByCard, CardsUnavailable (try again), CardRefused.
    """
    link, others = _written(code, at=at)
    if not link.url:
        try:
            session = card_calls.create_session(link, return_url=return_url, cancel_url=cancel_url)
        except CardRefused as refused:
            _end(link, State.CANCELLED, trouble=refused.trouble, at=at)
            raise
        link = _opened(link, session, at=at)
    for other in others:
        _close(other, at=at)
    return link


def close_idle(*, at: datetime, most: int = 20) -> int:
    """Close the pages whose request takes no more money, or another sum, so that nobody pays twice; give up calls that
    were never answered. Returns how many were tried. The worker's errand."""
    PaymentLink.objects.filter(
        feed__provider=Feed.Provider.STRIPE, state=State.ASKED, created_at__lt=at - timedelta(hours=24)
    ).update(state=State.EXPIRED, changed_at=at)
    standing = PaymentLink.objects.filter(feed__provider=Feed.Provider.STRIPE, feed__is_live=True, state__in=_STANDING)
    tried = 0
    for link in standing.select_related("feed", "payment_request__order").order_by("pk"):
        request = link.payment_request
        if not request.takes_money or request.wanted_dong != link.amount_dong:
            _close(link, at=at)
            tried += 1
        if tried == most:
            break
    return tried


def trouble_of(request: PaymentRequest) -> Trouble | None:
    """What the buyer is to know of her last card payment; None when there is nothing to say."""
    link = request.links.filter(feed__provider=Feed.Provider.STRIPE).order_by("-pk").first()
    words = None if link is None else _WORDS.get(State(link.state))
    if link is None or words is None:
        return None
    if link.state == State.DECLINED:
        words = _DECLINES.get(link.trouble, words)
    return Trouble(state=link.state, words=str(words))


_WORDS = {
    State.PROCESSING: _("Ngân hàng phát hành thẻ đang xử lý. Trang này tự đổi khi có kết quả."),
    State.DECLINED: _("Ngân hàng phát hành thẻ từ chối. Bạn có thể thử lại, dùng thẻ khác, hoặc chuyển khoản."),
    State.EXPIRED: _("Trang trả thẻ đã quá hạn. Bạn chưa bị trừ tiền; có thể mở lại hoặc chuyển khoản."),
    State.PART_REFUNDED: _("Một phần tiền đã được trả lại vào thẻ. Thường 5 đến 10 ngày thì thấy."),
    State.REFUNDED: _("Tiền đã được trả lại vào thẻ. Thường 5 đến 10 ngày thì thấy."),
    State.DISPUTED: _("Chủ thẻ đã khiếu nại khoản này với ngân hàng. Hợp tác xã sẽ liên lạc."),
    State.DISPUTE_LOST: _("Ngân hàng đã trả lại tiền cho chủ thẻ sau khiếu nại."),
}
_DECLINES = {
    "insufficient_funds": _("Thẻ không đủ tiền. Bạn có thể dùng thẻ khác, hoặc chuyển khoản."),
    "expired_card": _("Thẻ đã hết hạn. Bạn có thể dùng thẻ khác, hoặc chuyển khoản."),
    "authentication_required": _("Ngân hàng cần bạn xác nhận. Bấm trả bằng thẻ lần nữa và làm theo lời ngân hàng."),
    "payment_intent_authentication_failure": _(
        "Chưa xác nhận được với ngân hàng. Bạn có thể thử lại hoặc chuyển khoản."
    ),
}


@again_when_locked_out
def _written(code: str, *, at: datetime) -> tuple[PaymentLink, list[PaymentLink]]:
    """The row of the payment, committed; and open pages for other sums, which are to be closed."""
    with transaction.atomic():
        request = (
            PaymentRequest.objects.select_for_update(of=("self",), no_key=True)
            .select_related("organization").filter(code=code).first()
        )  # fmt: skip
        if request is None:
            raise NotFound()
        feed = offered(request, at=at)
        if feed is None:
            raise NotByCard()
        mine = request.links.filter(feed=feed).select_related("feed", "organization", "payment_request")
        usable, others = None, []
        for link in mine.filter(state__in=[State.ASKED, *_STANDING]).order_by("pk"):
            if _is_usable(link, request, at=at):
                usable = link
            elif link.state != State.ASKED:
                others.append(link)
        if usable is None:
            usable = PaymentLink.objects.create(
                organization=request.organization, feed=feed, payment_request=request,
                number=f"card_{secrets.token_hex(12)}", amount_dong=request.wanted_dong, key=secrets.token_urlsafe(32),
                created_at=at, changed_at=at, expires_at=min(request.expires_at or at + LONGEST, at + LONGEST),
            )  # fmt: skip
    return usable, others


def _is_usable(link: PaymentLink, request: PaymentRequest, *, at: datetime) -> bool:
    if link.amount_dong != request.wanted_dong or link.expires_at is None:
        return False
    if link.state == State.ASKED:
        return at - link.created_at < SAME_CALL_WITHIN
    return at < link.expires_at - timedelta(minutes=1)


@again_when_locked_out
def _opened(link: PaymentLink, session: card_calls.Session, *, at: datetime) -> PaymentLink:
    """An event may have come before the answer did: it has said more already."""
    with transaction.atomic():
        now = PaymentLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
        now.external_id, now.url = session.id, session.url
        if now.state == State.ASKED:
            now.state, now.changed_at = State.OPEN, at
        now.save(update_fields=["external_id", "url", "state", "changed_at"])
    return now


def _close(link: PaymentLink, *, at: datetime) -> None:
    """Best effort: a page that was paid meanwhile says so by its event, and that money is found by its link."""
    try:
        card_calls.expire_session(link)
    except CardsUnavailable:
        return  # asked again in the worker's next round
    except CardRefused:
        pass  # paid or over already
    _end(link, State.CANCELLED, at=at)


def _end(link: PaymentLink, state: PaymentLink.State, *, at: datetime, trouble: str = "") -> None:
    """Only where no event has said otherwise meanwhile."""
    open_ones = PaymentLink.objects.filter(pk=link.pk, state__in=[State.ASKED, *_STANDING])
    open_ones.update(state=state, trouble=trouble[:200], changed_at=at)
