"""Giao Hàng Tiết Kiệm's public HTTP API, as bytes: what to ask, and what its answers say.

Source: api.ghtk.vn/en/docs (submit order), read in November 2026 beside what others wrote who use it. It sorts by
province, district and ward *names* of before July 2025. No live account was at hand; not confirmed: that names of two
levels are taken, the HTTP status of each refusal, what asking for a parcel that it does not have answers.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote_plus

from base.hostile_json import MAX_INTEGER
from payments.carriers.contract import (
    Access,
    Booked,
    CarrierSaidNo,
    CarrierUnreadable,
    Hint,
    News,
    Parcel,
    ParcelUnknown,
    Quote,
    Request,
    ServesNot,
)
from payments.carriers.words import GHTK, UNKNOWN
from payments.providers.arrival import Unreadable, readable_text
from payments.providers.call_fields import object_in, time_of

HOSTS = {
    "live": "https://services.giaohangtietkiem.vn",
    "sandbox": "https://services-staging.ghtklab.com",
}
NOTE_LETTERS = 120
NO_HAMLET = "Khác"
"""What its papers want where there is no hamlet."""
TAGS = (7, 10, 13)
"""Produce and dry food; the buyer may look before she pays; call us before a parcel goes back."""
_MOST_BYTES = 1024 * 1024
_KNOWN = {"ORDER_ID_EXIST", "30107"}
_CANCELLED_BEFORE = {"50101"}
_NO_SUCH = {"50109"}


def ask_price(*, access: Access, parcel: Parcel) -> Request:
    """What carrying ``parcel`` costs. Nothing is ordered."""
    params = {
        "pick_address": parcel.sender.street, "pick_ward": parcel.sender.ward,
        "pick_district": parcel.sender.district, "pick_province": parcel.sender.province,
        "address": parcel.receiver.street, "ward": parcel.receiver.ward, "district": parcel.receiver.district,
        "province": parcel.receiver.province, "weight": parcel.weight_g, "value": parcel.value_dong,
        "transport": "road", "tags[]": list(TAGS),
    }  # fmt: skip
    return Request("GET", f"{HOSTS[access.environment]}/services/shipment/fee", _headers(access), params=params)


def price(body: bytes) -> Quote:
    """Raises ServesNot, CarrierSaidNo, CarrierUnreadable."""
    answer = _object(body)
    _refuse_unless_done(answer)
    fee = answer.get("fee")
    if not isinstance(fee, dict):
        raise CarrierUnreadable(reason="no_fee")
    if fee.get("delivery") is False:
        raise ServesNot()
    return Quote(_dong(fee, "fee") + (_dong_or_none(fee, "insurance_fee") or 0))


def ask_to_carry(*, access: Access, parcel: Parcel) -> Request:
    """Order ``parcel`` to be fetched. Its ``client_id`` makes asking again harmless: see ``booked``."""
    one, other = parcel.sender, parcel.receiver
    wanted = {
        "products": [{"name": parcel.goods, "weight": parcel.weight_g, "quantity": 1, "price": parcel.value_dong}],
        "order": {
            "id": parcel.client_id, "pick_name": one.name, "pick_tel": one.phone, "pick_address": one.street,
            "pick_ward": one.ward, "pick_district": one.district, "pick_province": one.province,
            "name": other.name, "tel": other.phone, "address": other.street, "hamlet": other.hamlet or NO_HAMLET,
            "ward": other.ward, "district": other.district, "province": other.province,
            "pick_money": parcel.collect_dong, "value": parcel.value_dong, "note": parcel.note[:NOTE_LETTERS],
            "is_freeship": 1,  # what it takes from the buyer holds the carriage already
            "weight_option": "gram", "transport": "road", "tags": list(TAGS),
        },
    }  # fmt: skip
    url = f"{HOSTS[access.environment]}/services/shipment/order/?ver=1.5"
    return Request("POST", url, _headers(access), json=wanted)


def booked(body: bytes, *, client_id: str) -> Booked:
    """The number it gave, or had given before. Raises CarrierSaidNo, CarrierUnreadable (also: for another parcel)."""
    answer = _object(body)
    error = answer.get("error")
    if _codes(answer) & _KNOWN and isinstance(error, dict):
        if _text(error, "partner_id") != client_id:
            raise CarrierUnreadable(reason="another_parcel")
        return Booked(_label(error, "ghtk_label"), None, was_known=True)
    _refuse_unless_done(answer)
    order = answer.get("order")
    if not isinstance(order, dict):
        raise CarrierUnreadable(reason="no_order")
    if _text(order, "partner_id") != client_id:
        raise CarrierUnreadable(reason="another_parcel")
    return Booked(_label(order, "label"), _dong(order, "fee") + (_dong_or_none(order, "insurance_fee") or 0))


def ask_where(*, access: Access, tracking: str = "", client_id: str = "") -> Request:
    """Where a parcel stands, by its number or, where that was lost, by ours."""
    return Request(
        "GET", f"{HOSTS[access.environment]}/services/shipment/v2/{_named(tracking, client_id)}", _headers(access)
    )


def news(body: bytes, *, tracking: str = "", client_id: str = "") -> News:
    """Raises ParcelUnknown, CarrierUnreadable (also: about another parcel)."""
    answer = _object(body)
    order = answer.get("order")
    if answer.get("success") is not True or not isinstance(order, dict):
        raise ParcelUnknown()
    label = _label(order, "label_id")
    ours = _text(order, "partner_id")
    if (tracking and label != tracking) or (client_id and ours != client_id):
        raise CarrierUnreadable(reason="another_parcel")
    number, said = _text(order, "status"), _text(order, "status_text")
    word = f"{number} {said}".strip()[:80]
    meaning = GHTK.get(number)
    try:
        happened_at = time_of(_text(order, "modified"), reason="bad_modified")
    except Unreadable as no:
        raise CarrierUnreadable(reason=no.reason) from no
    carriage, insurance = _dong_or_none(order, "ship_money"), _dong_or_none(order, "insurance")
    return News(
        tracking=label, client_id=ours, word=word, state=meaning.state if meaning else "",
        trouble=str(meaning.trouble) if meaning else str(UNKNOWN) % {"word": word}, happened_at=happened_at,
        collects_dong=_dong_or_none(order, "pick_money"),
        fee_dong=None if carriage is None else carriage + (insurance or 0),
    )  # fmt: skip


def ask_to_stop(*, access: Access, tracking: str = "", client_id: str = "") -> Request:
    """It is not to be fetched any more: possible until somebody has fetched it."""
    url = f"{HOSTS[access.environment]}/services/shipment/cancel/{_named(tracking, client_id)}"
    return Request("POST", url, _headers(access))


def stopped(body: bytes) -> None:
    """Returns where it is cancelled now, or was before. Raises ParcelUnknown, CarrierSaidNo (it has been fetched),
    CarrierUnreadable."""
    answer = _object(body)
    codes, said = _codes(answer), _text(answer, "message").lower()
    if codes & _CANCELLED_BEFORE or "trạng thái hủy" in said or "trạng thái huỷ" in said:
        return
    if codes & _NO_SUCH or said.startswith("không tìm thấy"):
        raise ParcelUnknown()
    _refuse_unless_done(answer)


def hint(body: bytes, *, is_json: bool) -> Hint:
    """Which parcel a call is about: a form, as it sends them, or JSON. Raises CarrierUnreadable."""
    if is_json:
        call: Mapping[str, Any] = _object(body)
    else:
        try:
            form = parse_qs(body.decode(), max_num_fields=50)
        except ValueError as no:  # bytes that are no UTF-8, or too many fields
            raise CarrierUnreadable(reason="not_a_form") from no
        call = {name: values[0] for name, values in form.items()}
    found = Hint(_text(call, "label_id")[:40], _text(call, "partner_id")[:40])
    if not found.tracking and not found.client_id:
        raise CarrierUnreadable(reason="no_label")
    return found


def _named(tracking: str, client_id: str) -> str:
    assert tracking or client_id
    return quote_plus(tracking) if tracking else f"partner_id:{quote_plus(client_id)}"


def _headers(access: Access) -> dict[str, str]:
    headers = {"Token": access.key}
    return headers | {"X-Client-Source": access.client_source} if access.client_source else headers


def _object(body: bytes) -> dict[str, Any]:
    try:
        return object_in(body, most_bytes=_MOST_BYTES)
    except Unreadable as no:
        raise CarrierUnreadable(reason=no.reason) from no


def _refuse_unless_done(answer: Mapping[str, Any]) -> None:
    if answer.get("success") is True:
        return
    said = _text(answer, "message") or ", ".join(sorted(_codes(answer)))
    raise CarrierSaidNo(why=said[:160] or "?")


def _codes(answer: Mapping[str, Any]) -> set[str]:
    """It names an error in two places, as a word or a number."""
    error = answer.get("error")
    codes = {_text(answer, "error_code"), _text(error, "code") if isinstance(error, dict) else ""}
    return codes - {""}


def _label(found: Mapping[str, Any], field: str) -> str:
    label = _text(found, field)
    if not 1 <= len(label) <= 40:
        raise CarrierUnreadable(reason=f"bad_{field}")
    return label


def _text(found: Mapping[str, Any], field: str) -> str:
    """Words and whole numbers alike: it writes the same field now as one, now as the other."""
    value = found.get(field)
    if type(value) is int:
        return str(value)
    return " ".join(readable_text(value).split()) if isinstance(value, str) else ""


def _dong(found: Mapping[str, Any], field: str) -> int:
    dong = _dong_or_none(found, field)
    if dong is None:
        raise CarrierUnreadable(reason=f"bad_{field}")
    return dong


def _dong_or_none(found: Mapping[str, Any], field: str) -> int | None:
    """Whole đồng, written as 30400 or "30400"; None where it is absent or anything else."""
    text = _text(found, field)
    if not (text.isascii() and text.isdigit() and len(text) <= 16) or int(text) > MAX_INTEGER:
        return None
    return int(text)
