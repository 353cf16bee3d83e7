"""Every call that we make to a carrier. Called outside of transactions only (docs/locking.md).

Three kinds of no leave this file: ProviderSilent and CarrierUnreadable (ask again later), ProviderRefused (the key),
and the carrier's own CarrierSaidNo, ServesNot and ParcelUnknown.
"""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from orders.models import CarrierConnection
from payments import sealing
from payments.calling import ProviderRefused, answer_of
from payments.carriers import ghtk
from payments.carriers.contract import Access, Booked, CarrierUnreadable, News, Parcel, Quote, Request

T = TypeVar("T")
_KEY_IS_WRONG = (401, 403)


class CarrierEnded(Refused):
    """Its key was forgotten when the connection was ended."""

    code = "CARRIER_ENDED"
    sentence = _("Kết nối với đơn vị vận chuyển này đã ngắt. Hãy gọi điện cho họ, rồi tự ghi.")


def quote(*, connection: CarrierConnection, parcel: Parcel) -> Quote:
    """What it would cost; nothing is ordered. Raises ServesNot and what this file names."""
    return _read(ghtk.ask_price(access=access_of(connection), parcel=parcel), ghtk.price)


def create(*, connection: CarrierConnection, parcel: Parcel) -> Booked:
    """Order ``parcel``. However often it is called with one client id, there is one parcel."""
    request = ghtk.ask_to_carry(access=access_of(connection), parcel=parcel)
    return _read(request, lambda body: ghtk.booked(body, client_id=parcel.client_id))


def news_of(*, connection: CarrierConnection, tracking: str = "", client_id: str = "") -> News:
    """Where a parcel stands: by its number or by our id. Raises ParcelUnknown and what this file names."""
    request = ghtk.ask_where(access=access_of(connection), tracking=tracking, client_id=client_id)
    return _read(request, lambda body: ghtk.news(body, tracking=tracking, client_id=client_id))


def stop(*, connection: CarrierConnection, tracking: str = "", client_id: str = "") -> None:
    """Nobody fetches it any more. Repeatable. Raises ParcelUnknown, CarrierSaidNo (too late), and what this file
    names."""
    _read(ghtk.ask_to_stop(access=access_of(connection), tracking=tracking, client_id=client_id), ghtk.stopped)


def access_of(connection: CarrierConnection) -> Access:
    """Its account, unsealed. Raises CarrierEnded."""
    assert connection.carrier == CarrierConnection.Carrier.GHTK
    keys = sealing.unseal(connection.key_sealed)
    if not keys:
        raise CarrierEnded()
    return Access(connection.environment, keys[0], connection.client_source)


def _read(request: Request, reader: Callable[[bytes], T]) -> T:
    answer = answer_of(
        method=request.method, url=request.url, headers=request.headers, params=request.params, json=request.json
    )
    why = {"host": urlsplit(request.url).hostname or "?", "why": f"HTTP {answer.status}"}
    if answer.status in _KEY_IS_WRONG:
        raise ProviderRefused(**why)
    try:
        return reader(answer.body)
    except CarrierUnreadable as no:
        if 200 <= answer.status < 300:
            raise
        raise ProviderRefused(**why) from no
