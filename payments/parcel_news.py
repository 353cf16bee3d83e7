"""Where a carrier's parcel stands: asked of the carrier itself, and followed by the verbs that a clerk's taps call.

A carrier's call is only a hint (payments/carrier_hooks.py); what is written down here was fetched. Each word is one
move of ours (payments/carriers/words.py). A word that we do not know, a sum other than the one that was fixed, and a
word that contradicts what people wrote move nothing: the parcel waits for a person. Old news moves nothing either.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.models import User
from cooperatives.permissions import require
from orders import parcels
from orders.models import Shipment
from payments import carrier_calls, coming_back, delivering, parcel_booking
from payments.calling import ProviderSilent
from payments.carriers.contract import CarrierUnreadable, News

log = logging.getLogger(__name__)

State = Shipment.State
LEASE = timedelta(minutes=5)
"""Whoever asks has so long before another worker may ask the same."""
SOONEST, LATEST = timedelta(minutes=15), timedelta(hours=12)
ORPHANS_FOR = timedelta(days=3)

_OTHER_SUM = _("Hãng thu hộ %(theirs)s, đơn còn phải thu %(ours)s. Hãy gọi hãng, rồi tự ghi đã giao với số đúng.")
_SAYS_OTHER = _("Hãng nói “%(word)s”, khác với điều đã ghi ở đây. Hãy hỏi lại hãng.")


def check_due(*, at: datetime, most: int = 20) -> int:
    """Ask carriers about the parcels whose time has come, and call off what was given up while it was being booked;
    returns how many were asked about. The worker's errand.

    Two workers never ask about one parcel at once: whoever moves ``next_check_at`` on has the lease. A carrier that
    does not answer ends the round: each further one would wait as long.
    """
    asked = 0
    live = Shipment.objects.filter(connection__is_live=True)
    due = live.filter(next_check_at__lte=at).order_by("next_check_at", "pk").values_list("pk", "next_check_at")
    for shipment_id, next_check_at in due[:most]:
        if Shipment.objects.filter(pk=shipment_id, next_check_at=next_check_at).update(next_check_at=at + LEASE):
            asked += 1
            if not _asked(shipment_id, at=at):
                return asked
    given_up = live.filter(state=State.CANCELLED, carrier_word="", state_at__gte=at - ORPHANS_FOR)
    for shipment_id in given_up.order_by("pk").values_list("pk", flat=True)[:most]:
        parcel_booking.stop_orphan(shipment_id=shipment_id)
        asked += 1
    return asked


def look(*, shipment_id: int, actor: User, at: datetime) -> Shipment:
    """Ask the carrier now. Raises NotFound, parcel_booking.NotBookedHere, ProviderSilent, CarrierUnreadable,
    ProviderRefused, ParcelUnknown."""
    seen = Shipment.objects.select_related("organization").filter(pk=shipment_id).first()
    if seen is None:
        raise NotFound()
    require(actor, "ship_orders", organization=seen.organization, on=vietnam_day(at))
    if seen.connection_id is None:
        raise parcel_booking.NotBookedHere(parcel=str(parcels.shown(shipment_id)))
    return refresh(shipment_id=shipment_id, at=at)


def looked_at(*, shipment_id: int, actor: User, at: datetime) -> Shipment:
    """A person has seen to what ``trouble`` said. Raises NotFound."""
    seen = Shipment.objects.select_related("organization").filter(pk=shipment_id).first()
    if seen is None:
        raise NotFound()
    require(actor, "ship_orders", organization=seen.organization, on=vietnam_day(at))
    with transaction.atomic():
        parcels.mark_trouble(parcel_booking.locked(shipment_id), "")
    return parcels.shown(shipment_id)


def refresh(*, shipment_id: int, at: datetime) -> Shipment:
    """Fetch where it stands, and follow. A draft is booked first, if its carrier has not heard of it. Raises what
    carrier_calls.news_of raises; nothing is written then."""
    shipment = parcels.shown(shipment_id)
    assert shipment.connection is not None
    if shipment.state == State.DRAFT:
        return parcel_booking.carry_out(shipment_id=shipment_id, actor=None, at=at)
    client_id = parcel_booking.client_id_of(shipment)
    news = carrier_calls.news_of(connection=shipment.connection, tracking=shipment.tracking, client_id=client_id)
    return take(shipment_id=shipment_id, news=news, at=at)


def take(*, shipment_id: int, news: News, at: datetime) -> Shipment:
    """Follow news that was fetched. Repeating it changes nothing."""
    seen = parcels.shown(shipment_id)
    is_new = not seen.events.filter(word=news.word, happened_at=news.happened_at).exists()
    trouble = news.trouble if is_new else ""
    try:
        trouble = _followed(seen, news, at=at) or trouble
    except Refused as no:  # the order is not packed, was cancelled, …: people sort it out
        log.warning("news of parcel %s could not be followed: %s", shipment_id, no.code)
        trouble = no.message
    _written(shipment_id, news, trouble=trouble, at=at)
    return parcels.shown(shipment_id)


def next_check(*, state_at: datetime, at: datetime) -> datetime:
    """A quarter of the time since it last moved, from a quarter of an hour to half a day. Pure."""
    return at + min(max((at - state_at) / 4, SOONEST), LATEST)


def _followed(seen: Shipment, news: News, *, at: datetime) -> str:
    """Move the parcel where ``news`` says; returns why a person has to look, or ""."""
    state = news.state
    if not state:
        _noted(seen.pk, None, news, at=at)
        return ""
    if not seen.is_live:
        agrees = state == seen.state or (state == State.RETURNING and seen.state == State.RETURNED)
        is_old = news.happened_at < seen.state_at
        return "" if agrees or is_old else str(_SAYS_OTHER) % {"word": news.word}
    waits = seen.state in parcels.WAITING
    if state == State.CANCELLED:
        if not waits:
            return str(_SAYS_OTHER) % {"word": news.word}
        _noted(seen.pk, state, news, at=at)
        return ""
    if state == State.BOOKED:  # of what has left, it only has not heard yet
        if waits:
            _noted(seen.pk, seen.state, news, at=at)
        return _sum_differs(news, parcel_booking.due_dong(seen.order) if waits else seen.collect_dong)
    told = {"shipment_id": seen.pk, "actor": None, "at": at, "word": news.word, "happened_at": news.happened_at}
    if waits:
        seen = delivering.send(**told)  # type: ignore[arg-type]  # each of its own type
    differs = _sum_differs(news, seen.collect_dong)
    if state == State.DELIVERED:
        if not differs:
            delivering.delivered(**told)  # type: ignore[arg-type]
    elif state == State.FAILED:
        coming_back.failed(why="", **told)  # type: ignore[arg-type]
    elif state == seen.state or state in {State.HANDED_OVER, State.MOVING, State.OUT}:
        _noted(seen.pk, seen.state if state == State.HANDED_OVER else state, news, at=at)
    else:
        coming_back.coming_back(**told)  # type: ignore[arg-type]
    return differs


def _sum_differs(news: News, ours_dong: int) -> str:
    if news.collects_dong is None or news.collects_dong == ours_dong:
        return ""
    return str(_OTHER_SUM) % {"theirs": figures(news.collects_dong), "ours": figures(ours_dong)}


@again_when_locked_out
def _noted(shipment_id: int, state: str | None, news: News, *, at: datetime) -> None:
    with transaction.atomic():
        shipment = parcel_booking.locked(shipment_id)
        if shipment.is_live:  # a clerk may have ended it since it was seen
            parcels.note(shipment, state=state, word=news.word, happened_at=news.happened_at, at=at)


@again_when_locked_out
def _written(shipment_id: int, news: News, *, trouble: str, at: datetime) -> None:
    """What it costs, when to ask again, and what a person has to see."""
    with transaction.atomic():
        shipment = parcel_booking.locked(shipment_id)
        if shipment.is_live and news.fee_dong:
            shipment.fee_dong = news.fee_dong
        shipment.next_check_at = next_check(state_at=shipment.state_at, at=at) if shipment.is_live else None
        shipment.save(update_fields=["fee_dong", "next_check_at"])
        if trouble:
            parcels.mark_trouble(shipment, trouble)


def _asked(shipment_id: int, *, at: datetime) -> bool:
    """Ask, and put off what could not be learned; whether the carrier answered."""
    try:
        if refresh(shipment_id=shipment_id, at=at).state == State.DRAFT:  # neither did it take this one
            return False
    except (ProviderSilent, CarrierUnreadable) as no:
        log.warning("the carrier told nothing of parcel %s: %s", shipment_id, no.code)
        _put_off(shipment_id, at=at, trouble="")
        return not isinstance(no, ProviderSilent)
    except Refused as no:
        log.warning("the carrier would tell nothing of parcel %s: %s", shipment_id, no.code)
        _put_off(shipment_id, at=at, trouble=no.message)
    return True


def _put_off(shipment_id: int, *, at: datetime, trouble: str) -> None:
    with transaction.atomic():
        shipment = parcel_booking.locked(shipment_id)
        shipment.next_check_at = next_check(state_at=shipment.state_at, at=at) if shipment.is_live else None
        shipment.save(update_fields=["next_check_at"])
        if trouble and shipment.is_live:
            parcels.mark_trouble(shipment, trouble)
