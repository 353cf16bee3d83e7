"""An organization's own account at a carrier: its key, tried before it is kept, and where parcels are fetched."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.text import composed, storable
from cooperatives import phones
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders.models import CarrierConnection
from payments import carrier_calls, sealing
from payments.carriers.contract import Parcel, Place

TRIAL_G = 500


class BadCarrierKey(Refused):
    code = "BAD_CARRIER_KEY"
    sentence = _("Khóa (API token) phải có từ 8 đến 200 ký tự, không có dấu cách hay xuống dòng.")


class BadSender(Refused):
    code = "BAD_SENDER"
    sentence = _("Hãy ghi đủ nơi lấy hàng: tên, điện thoại, địa chỉ, huyện và tỉnh theo tên cũ.")


class CarrierThereAlready(Refused):
    code = "CARRIER_THERE_ALREADY"
    sentence = _("Đã nối đơn vị vận chuyển này. Hãy đổi khóa ở kết nối đang có.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where parcels are fetched, with the names of before July 2025."""

    name: str
    phone: str
    address: str
    ward: str = ""
    district: str
    province: str


_LONGEST = {"name": 80, "phone": 16, "address": 160, "ward": 80, "district": 80, "province": 80}


def connect(
    *,
    organization: Organization,
    key: str,
    client_source: str = "",
    sender: Sender,
    actor: User | None,
    at: datetime,
    carrier: str = CarrierConnection.Carrier.GHTK,
) -> CarrierConnection:
    """Parcels can be booked from now on, and its hook has an address.

    The key is tried first, by asking what a trial parcel from ``sender`` to ``sender`` would cost; nothing is ordered.
    Demo organizations go to the carrier's sandbox, all others to the real one. Raises NotFound, BadCarrierKey,
    BadSender, phones.BadPhone, CarrierThereAlready, and what carrier_calls.quote raises (a wrong key: ProviderRefused).
    """
    _require(actor, organization, at)
    made = CarrierConnection(
        organization=organization, carrier=CarrierConnection.Carrier(carrier), token=secrets.token_urlsafe(24),
        environment="sandbox" if organization.is_demo else "live", created_at=at,
    )  # fmt: skip
    _write(made, key=key, client_source=client_source, sender=sender)
    if _live(organization, carrier).exists():
        raise CarrierThereAlready()
    try_out(made)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)  # two taps, one connection
        if _live(organization, carrier).exists():
            raise CarrierThereAlready()
        made.save(force_insert=True)
    return made


def change(
    *, connection_id: int, key: str = "", client_source: str, sender: Sender, actor: User | None, at: datetime
) -> CarrierConnection:
    """Another key ("" keeps the one there is), another place to fetch parcels; tried before it is kept. Raises as
    ``connect``."""
    tried = _found(connection_id, actor=actor, at=at)
    _write(tried, key=key, client_source=client_source, sender=sender)
    try_out(tried)
    with transaction.atomic():
        locked = _found(connection_id, actor=actor, at=at, lock=True)
        _write(locked, key=key, client_source=client_source, sender=sender)
        locked.save()
    return locked


def disconnect(*, connection_id: int, actor: User | None, at: datetime) -> CarrierConnection:
    """Nothing is asked of the carrier any more, its hook's address answers 404, its key is forgotten. Parcels on their
    way stay, and people write down what becomes of them. Repeatable."""
    with transaction.atomic():
        connection = _found(connection_id, actor=actor, at=at, lock=True, live_only=False)
        connection.is_live, connection.key_sealed = False, ""
        connection.save(update_fields=["is_live", "key_sealed"])
    return connection


def try_out(connection: CarrierConnection) -> int:
    """What a trial parcel of half a kilogram to its own sender would cost, in đồng. Raises as carrier_calls.quote."""
    here = sender_place(connection)
    parcel = Parcel(
        client_id="trial", sender=here, receiver=replace(here, hamlet=""), goods="-", weight_g=TRIAL_G, value_dong=0,
        collect_dong=0,
    )  # fmt: skip
    return carrier_calls.quote(connection=connection, parcel=parcel).fee_dong


def sender_place(connection: CarrierConnection) -> Place:
    return Place(
        name=connection.sender_name, phone=local_phone(connection.sender_phone), street=connection.sender_address,
        ward=connection.sender_ward, district=connection.sender_district, province=connection.sender_province,
    )  # fmt: skip


def local_phone(stored: str) -> str:
    """``+84912345678`` → ``0912345678``, as couriers dial."""
    return phones.shown(stored).replace(" ", "")


def live_connection(organization: Organization) -> CarrierConnection | None:
    return CarrierConnection.objects.filter(organization=organization, is_live=True).order_by("pk").first()


def _live(organization: Organization, carrier: str) -> QuerySet[CarrierConnection]:
    return CarrierConnection.objects.filter(organization=organization, carrier=carrier, is_live=True)


def _found(
    connection_id: int, *, actor: User | None, at: datetime, lock: bool = False, live_only: bool = True
) -> CarrierConnection:
    rows = CarrierConnection.objects.select_related("organization")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=connection_id).first()
    if found is None or (live_only and not found.is_live):
        raise NotFound()
    _require(actor, found.organization, at)
    return found


def _write(connection: CarrierConnection, *, key: str, client_source: str, sender: Sender) -> None:
    if key or not connection.key_sealed:
        if not _is_secret(key, least=8, most=200):
            raise BadCarrierKey(field="key")
        connection.key_sealed = sealing.seal([key])
    client_source = client_source.strip()
    if client_source and not _is_secret(client_source, least=1, most=40):
        raise BadCarrierKey(field="client_source")
    connection.client_source = client_source
    typed = {name: composed(text) for name, text in asdict(sender).items()}
    typed["phone"] = phones.e164(typed["phone"])
    for name, text in typed.items():
        if (not text and name != "ward") or len(text) > _LONGEST[name] or not storable(text):
            raise BadSender(field=name)
        setattr(connection, f"sender_{name}", text)


def _is_secret(text: str, *, least: int, most: int) -> bool:
    return least <= len(text) <= most and text.isascii() and all("!" <= letter <= "~" for letter in text)


def _require(actor: User | None, organization: Organization, at: datetime) -> None:
    if actor is not None:
        require(actor, "keep_delivery", organization=organization, on=vietnam_day(at))
