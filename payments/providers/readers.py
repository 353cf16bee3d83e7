"""The bank feeds that are read: provider name → reader. A new one is a copy of sepay.py and a line here."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.providers import casso, payos, sepay, sms, stripe_events
from payments.providers.arrival import Arrival

Auth = Literal["hmac", "apikey"]


class Reader(Protocol):
    """Bytes and headers in, frozen Arrivals out; raises Forged, Unreadable or NotForUs and nothing else."""

    def __call__(
        self, *, body: bytes, headers: Mapping[str, str], keys: Sequence[str], now: int, auth: Auth | None = None
    ) -> tuple[Arrival, ...]: ...


class UnknownProvider(Refused):
    code = "UNKNOWN_PROVIDER"
    sentence = _("Chưa đọc được nguồn “%(provider)s”. Nguồn đang dùng được: %(known)s.")


READERS: Mapping[str, Reader] = {
    "sepay": sepay.read,
    "casso": casso.read_v2,
    "casso-v1": casso.read_v1,
    "payos": payos.read,
    "stripe": stripe_events.read,
    "sms": sms.read,
}


def reader_of(provider: str) -> Reader:
    """The reader for ``provider``. Raises UnknownProvider."""
    if provider not in READERS:
        raise UnknownProvider(provider=provider, known=", ".join(READERS))
    return READERS[provider]
