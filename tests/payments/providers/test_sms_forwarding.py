"""SMS at the door: JSON, forms and plain text; chat leaves no trace; a copy by hand is the same line."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.providers import sms
from payments.providers.arrival import Arrival, NotForUs, Unreadable

NOW = int(datetime(2026, 10, 9, 5, tzinfo=UTC).timestamp())
TEXT = (
    "SD TK 0811000000004 +1,400,000VND luc 09-10-2026 11:26:18. SD 29,796,653VND. Ref 785181.CP7K2M9Q9M a=b & 50% + 1"
)
TECHCOMBANK = "TK 1903xxxx0017\nSo tien GD:+185,000\nSo du:2,185,000\nCP7K2M9Q9M ca trach"
CHAT = "Me oi con chuyen roi nhe +200,000 CP7K2M9Q9M"


def read(body: bytes | dict[str, Any], now: int = NOW) -> Arrival:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    (arrival,) = sms.read(body=raw, headers={}, keys=[], now=now)
    return arrival


def test_a_forwarded_text_is_an_arrival() -> None:
    arrival = read({"from": "Vietcombank", "text": TEXT, "sentStamp": NOW * 1000, "sim": "SIM1"})
    assert (arrival.account, arrival.dong, arrival.direction) == ("0004", 1_400_000, "in")
    assert arrival.memo == "785181.CP7K2M9Q9M a=b & 50% + 1"
    assert arrival.happened_at.isoformat() == "2026-10-09T11:26:18+07:00"
    assert arrival.balance_dong == 29_796_653
    assert arrival.raw == f"Vietcombank\n{TEXT}"


@pytest.mark.parametrize("name", ["text", "message", "body", "msg", "content"])
@pytest.mark.parametrize("sender", ["from", "sender", "phone", "address"])
def test_phones_name_the_fields_in_many_ways(name: str, sender: str) -> None:
    fields = {sender: " Vietcombank ", name: TEXT, "rate": 1.5, "more": [{}]}
    form = urlencode({sender: "Vietcombank", name: TEXT}).encode()
    for body in (json.dumps(fields).encode(), form):
        assert sms.sender_of(body) == "Vietcombank"
        assert read(body).source_id == read(TEXT.encode()).source_id
    assert sms.sender_of(TEXT.encode()) == ""
    assert sms.sender_of(b'{"text": "x"}') == ""


def test_pasted_and_forwarded_copies_are_one_line() -> None:
    at = datetime.fromtimestamp(NOW, UTC)
    copies = [TECHCOMBANK, TECHCOMBANK.replace("\n", "\r\n"), f"  {TECHCOMBANK}\n", TECHCOMBANK.replace("\n", " \n  ")]
    pasted = [sms.arrival_of(copy, sender="", received_at=at) for copy in copies]
    forwarded = read({"from": "Techcombank", "text": TECHCOMBANK})
    assert {arrival.source_id for arrival in pasted} == {forwarded.source_id}
    assert {(a.dong, a.direction, a.memo) for a in (*pasted, forwarded)} == {(185_000, "in", "CP7K2M9Q9M ca trach")}
    assert read({"text": TECHCOMBANK.replace("2,185,000", "2,370,000")}).source_id != forwarded.source_id


@pytest.mark.parametrize(
    ("stamp", "hours"),
    [(-3_600, -1), (str(NOW - 7_200), -2), (-61 * 86_400, 0), (2 * 86_400, 0), ("x", 0), (None, 0), (True, 0)],
)
def test_without_a_time_in_the_text_it_is_when_the_phone_got_it(stamp: Any, hours: int) -> None:
    told = f"{stamp}000" if isinstance(stamp, str) else (NOW + stamp) * 1000 if type(stamp) is int else stamp
    arrival = read({"text": TECHCOMBANK, "sentStamp": told})
    assert arrival.happened_at == datetime.fromtimestamp(NOW, UTC) + timedelta(hours=hours)


def test_the_year_is_nearest_to_the_receipt() -> None:
    text = "Agribank: 23h59p 31/12 TK 1500xxxx5007: +2,000,000VND (x). SD: 5,123,000VND."
    arrival = read({"text": text}, now=int(datetime(2026, 1, 1, 1, tzinfo=UTC).timestamp()))
    assert arrival.happened_at.isoformat() == "2025-12-31T23:59:00+07:00"


def test_what_is_only_available_is_no_balance_of_the_books() -> None:
    text = "Sacombank 09/10/2026 10:20\nTK: 0201xxxx5847\nPS: -1.500.000 VND\nSo du kha dung: 8.500.000 VND\nx"
    arrival = read({"text": text})
    assert (arrival.direction, arrival.dong, arrival.balance_dong) == ("out", 1_500_000, None)


def test_a_masked_account_is_left_to_a_person() -> None:
    text = "ACB: TK 0123***(VND) + 1,000,000 luc 14:30 25/04/2026. So du 4,500,000. GD: LUONG"
    assert read({"text": text}).account == ""


def test_a_movement_without_a_direction_waits_for_nobody() -> None:
    text = "EIB QUAN 7 TK 140300000000036 08/06/18 12:38 TIEN DIEN 529,441VND SD 53,494,523VND"
    with pytest.raises(Unreadable, match="no_direction"):
        read({"text": text})


@pytest.mark.parametrize("text", [CHAT, "", " ", "Ma OTP la 123456", "x" * 5_000])
def test_chat_is_not_for_us(text: str) -> None:
    for body in ({"from": "Me", "text": text}, {"from": "Vietcombank", "message": text}):
        with pytest.raises(NotForUs):
            read(body)
    for plain in (text.encode() or b" ", b"from=x", b"a=b", b"500=500"):
        with pytest.raises(NotForUs):
            read(plain)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not_json"),
        (b'{"text": "a", "text": "b"}', "key_twice"),
        (b"{}", "no_text"),
        (b'{"text": 5}', "no_text"),
        (b"\xff\xfe", "bad_text"),
        (b"text=%ff", "bad_text"),
        (b"text=x" + b"&a=1" * 40, "bad_text"),
        (b"x" * 70_000, "too_long"),
        (b'{"text":' + b"[" * 30 + b"]" * 30 + b"}", "too_deep"),
    ],
)
def test_a_body_without_a_text_is_unreadable(body: bytes, reason: str) -> None:
    for ask in (read, sms.sender_of):
        with pytest.raises(Unreadable) as refused:
            ask(body)
        assert refused.value.reason == reason


anything = st.binary(max_size=200) | st.dictionaries(
    st.sampled_from(["text", "from", "body", "sentStamp"]), st.text(max_size=30) | st.integers() | st.none()
).map(lambda fields: json.dumps(fields).encode())


@settings(max_examples=200)
@given(anything, st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=2))
def test_no_bytes_ever_crash(raw: bytes, headers: dict[str, str]) -> None:
    with pytest.raises((NotForUs, Unreadable)):
        sms.read(body=raw, headers=headers, keys=["k"], now=NOW)


def test_a_body_that_was_lost_on_the_way_is_no_text() -> None:
    with pytest.raises(Unreadable, match="no_text"):
        read(b"")
