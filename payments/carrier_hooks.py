"""The door for carriers' calls: each is a hint, and nothing in it is believed.

Their calls carry no signature, only our secret address. So a call moves no parcel: it has the worker ask the carrier
itself, over our own connection, where that parcel stands (payments/parcel_news.py), within seconds. A call about a
parcel that is not ours is counted and answered like any other.
"""

import logging
from datetime import datetime

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from base.text import storable
from orders.models import CarrierConnection, Shipment
from payments.call_bodies import body_of
from payments.carriers import ghtk
from payments.carriers.contract import CarrierUnreadable, Hint
from payments.parcel_booking import client_id_of, number_in

log = logging.getLogger(__name__)


@csrf_exempt  # the proof is the secret address; no cookie is looked at here
def hook(request: HttpRequest, token: str) -> HttpResponse:
    """``/hooks/ghtk/<token>/``: 200 heard, 400 unreadable, 404 no such connection, 405 not a POST, 500 not written."""
    if request.method != "POST":
        return _answer(405)
    try:
        return _heard(request, token, at=timezone.now())
    except Exception:  # logged here, because Django would log the address, and the token with it
        log.exception("a carrier's call failed before it was heard")
        return _answer(500)


def _heard(request: HttpRequest, token: str, *, at: datetime) -> HttpResponse:
    known = CarrierConnection.objects.filter(is_live=True, carrier=CarrierConnection.Carrier.GHTK)
    connection = known.filter(token=token).first() if storable(token) else None
    if connection is None:
        return _answer(404)
    body = body_of(request)
    try:
        if body is None:
            raise CarrierUnreadable(reason="too_large_or_cut")
        hint = ghtk.hint(body, is_json=request.content_type == "application/json")
    except CarrierUnreadable as no:
        log.warning("unreadable call on carrier connection %s: %s", connection.pk, no.details["reason"])
        return _counted_bad(connection, 400)
    if not _asked_again(connection, hint, at=at):
        return _counted_bad(connection, 200)
    CarrierConnection.objects.filter(pk=connection.pk).update(calls=F("calls") + 1, last_call_at=at)
    return _answer(200)


def _asked_again(connection: CarrierConnection, hint: Hint, *, at: datetime) -> bool:
    """Have the worker ask about the parcel that is meant; whether there is one."""
    if not storable(hint.tracking + hint.client_id):
        return False
    meant = Q(pk=None)
    if hint.tracking:
        meant |= Q(tracking=hint.tracking)
    numbered = number_in(hint.client_id)
    if numbered is not None:  # our answer was lost on the way, and the parcel has no number yet
        meant |= Q(tracking="", order__number=numbered[0], number=numbered[1])
    found = Shipment.objects.filter(meant, connection=connection).select_related("order").first()
    if found is None or (hint.client_id and hint.client_id != client_id_of(found)):
        return False
    Shipment.objects.filter(pk=found.pk).update(next_check_at=at)
    return True


def _counted_bad(connection: CarrierConnection, status: int) -> HttpResponse:
    CarrierConnection.objects.filter(pk=connection.pk).update(bad_calls=F("bad_calls") + 1)
    return _answer(status)


def _answer(status: int) -> HttpResponse:
    answer = JsonResponse({"success": status == 200}, status=status, headers={"Allow": "POST"} if status == 405 else {})
    answer._has_been_logged = True  # type: ignore[attr-defined]  # or Django logs the address, token and all
    return answer
