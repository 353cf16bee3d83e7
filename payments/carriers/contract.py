"""What a carrier's adapter takes and gives, whoever the carrier is: a parcel, its price, its number, news of it.

Adapters translate only: no tables, no network. A carrier is asked by ``payments.carrier_calls``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused


@dataclass(frozen=True, slots=True)
class Access:
    """An organization's account at a carrier. ``environment``: live or sandbox; ``key`` is a secret and is no part of
    any message; ``client_source``: the partner code that some carriers want beside it."""

    environment: str
    key: str
    client_source: str = ""

    def __repr__(self) -> str:
        return f"Access({self.environment})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One end of a way, by the names that carriers still sort by: before July 2025 there were districts.

    ``street``: what a courier reads to find the door. ``hamlet`` "" where nobody has said one.
    """

    name: str
    phone: str
    street: str
    hamlet: str = ""
    ward: str = ""
    district: str
    province: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """``client_id`` is ours and never used for another parcel: with it, asking twice makes one parcel."""

    client_id: str
    sender: Place
    receiver: Place
    goods: str
    weight_g: int
    value_dong: int
    collect_dong: int
    note: str = ""

    def __post_init__(self) -> None:
        assert self.client_id
        assert self.weight_g > 0
        assert self.value_dong >= 0
        assert self.collect_dong >= 0


@dataclass(frozen=True, slots=True)
class Request:
    """One outgoing call; ``headers`` hold the secret and are never logged."""

    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, Any] | None = None
    json: Any = None


@dataclass(frozen=True, slots=True)
class Quote:
    """``fee_dong`` for carrying it there, insurance and surcharges included."""

    fee_dong: int


@dataclass(frozen=True, slots=True)
class Booked:
    """The carrier's number of our parcel. ``was_known``: it had it already, an answer of ours was lost; its fee is then
    not told (None)."""

    tracking: str
    fee_dong: int | None
    was_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Where a parcel stands now, as the carrier says when we ask.

    ``word``      the carrier's own, as it came
    ``state``     the value of a Shipment.State, or "": a word that we do not know
    ``trouble``   why a person has to look, in the active language; "" for nothing
    ``collects``  đồng that it takes or took from the buyer, None where it does not say
    """

    tracking: str
    client_id: str
    word: str
    state: str
    trouble: str
    happened_at: datetime
    collects_dong: int | None
    fee_dong: int | None


@dataclass(frozen=True, slots=True)
class Hint:
    """What a call of the carrier's says it is about. Nothing of it is believed: the parcel is asked for again."""

    tracking: str
    client_id: str


class CarrierSaidNo(Refused):
    """It answered, and will not: its own words are in ``why``."""

    code = "CARRIER_SAID_NO"
    sentence = _("Đơn vị vận chuyển từ chối: %(why)s")


class CarrierUnreadable(Refused):
    """It answered something that its papers do not have; ``reason`` (lower_snake) for logs."""

    code = "CARRIER_UNREADABLE"
    sentence = _("Đơn vị vận chuyển trả lời sai mẫu (%(reason)s). Máy sẽ hỏi lại.")


class ParcelUnknown(Refused):
    """It has no such parcel."""

    code = "PARCEL_UNKNOWN"
    sentence = _("Đơn vị vận chuyển không có kiện hàng này.")


class ServesNot(Refused):
    """It brings nothing there."""

    code = "CARRIER_SERVES_NOT"
    sentence = _("Đơn vị vận chuyển không giao đến địa chỉ này. Hãy chọn cách gửi khác.")
