"""Casso's calls: the samples as they are, then every way to bend them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.providers import casso
from payments.providers.arrival import Arrival, Forged, NotForUs, Unreadable

SAMPLES = Path(__file__).parents[2] / "samples" / "webhook_vectors.json"
CALLS = [call for call in json.loads(SAMPLES.read_text()) if call["provider"].startswith("casso")]
READ = {"casso-v2": casso.read_v2, "casso-v1": casso.read_v1}
KEY, NOW = "a-secret-of-the-feed", 1_790_000_000
AT = datetime(2026, 3, 5, 2, 15, 42, tzinfo=UTC)

LINE: dict[str, Any] = {
    "source_id": 90001,
    "account": "0123456789",
    "dong": 185_000,
    "memo": "CP7K2M9Q9M/Nguyễn",
    "happened_at": AT,
    "reference": "FT26064",
}


def read(call: dict[str, Any], **changed: Any) -> tuple[Arrival, ...]:
    arguments = {"body": call["raw_body"].encode(), "headers": call["headers"], "keys": [call["key"]], "now": NOW}
    return READ[call["provider"]](**arguments | changed)


def line(**changed: Any) -> dict[str, Any]:
    call = json.loads(casso.call_body(**LINE, payer_account="1500200000000", payer_name="NGUYEN VAN A"))
    call["data"] = {name: value for name, value in (call["data"] | changed).items() if value is not ...}
    return call


def signed(call: Any, **changed: Any) -> tuple[Arrival, ...]:
    raw = call if isinstance(call, bytes) else json.dumps(call, ensure_ascii=False).encode()
    headers = casso.signed_call(key=KEY, body=raw, now=NOW)
    return casso.read_v2(**{"body": raw, "headers": headers, "keys": [KEY], "now": NOW} | changed)


def shown(call: Any, **changed: Any) -> tuple[Arrival, ...]:
    raw = call if isinstance(call, bytes) else json.dumps(call).encode()
    return casso.read_v1(**{"body": raw, "headers": {"Secure-Token": KEY}, "keys": [KEY], "now": NOW} | changed)


def row(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (casso.row_v1(**LINE) | changed).items() if value is not ...}


def rows(*some: Any) -> dict[str, Any]:
    return {"error": 0, "data": list(some)}


def test_all_eight_samples_are_here() -> None:
    assert len(CALLS) == 8


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call["id"])
def test_each_sample_gets_its_verdict(call: dict[str, Any]) -> None:
    if call["expect"] == "invalid":
        with pytest.raises(Forged):
            read(call)
        return
    if call["id"] == "casso-v2-01":
        with pytest.raises(NotForUs, match="test_call"):
            read(call)
        return
    (arrival,) = read(call)
    assert arrival.account == "0123456789"
    assert arrival.direction == "in"
    assert arrival.balance_dong is None, "the figure is not the bank's own"
    if call["provider"] == "casso-v2":
        assert (arrival.source_id, arrival.dong, arrival.memo) == ("90001", 185_000, "HTX7K3Q9F/Nguyễn")
        assert arrival.happened_at.isoformat() == "2025-11-23T09:15:42+07:00"
        assert (arrival.reference, arrival.payer_name) == ("FT25327000000001", "NGUYEN VAN A")
        assert arrival.payer_account == "1500200000000"
        assert arrival.raw == call["raw_body"]
    else:
        assert (arrival.source_id, arrival.dong, arrival.memo) == ("1", 200_500, "DH35")
        assert arrival.reference == "TF80307914"
        assert json.loads(arrival.raw) == call["body"]["data"][0]


@pytest.mark.parametrize("call", [c for c in CALLS if "string_to_sign" in c], ids=lambda call: call["id"])
def test_the_string_to_sign_is_the_one_of_the_data(call: dict[str, Any]) -> None:
    stamp = call["string_to_sign"].split(".", 1)[0]
    assert casso._signed_text(stamp=stamp, body=call["raw_body"].encode()).decode() == call["string_to_sign"]


def test_every_change_of_what_is_signed_is_refused() -> None:
    (call,) = [c for c in CALLS if c["id"] == "casso-v2-03"]
    raw = call["raw_body"].encode()
    for at in range(len(raw)):
        for bit in (0x01, 0x20, 0x80):
            bent = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
            with pytest.raises(Forged):
                read(call, body=bent)
    ((name, value),) = call["headers"].items()
    for at in range(len(value)):
        for bit in (0x01, 0x20, 0x80):
            bent_value = value[:at] + chr(ord(value[at]) ^ bit) + value[at + 1 :]
            with pytest.raises(Forged):
                read(call, headers={name: bent_value})


def test_blanks_and_the_order_of_keys_are_not_signed_and_numbers_stay_as_written() -> None:
    call = line(fee=..., rate=1.5)
    pretty = json.dumps(call, indent=2, sort_keys=True)
    headers = casso.signed_call(key=KEY, body=json.dumps(call).encode(), now=NOW)
    assert signed(pretty.encode(), headers=headers) != ()
    with pytest.raises(Forged):
        signed(pretty.replace("1.5", "1.50").encode(), headers=headers)


@pytest.mark.parametrize(
    "header",
    ["", "t=1", "v1=" + "0" * 128, "t=,v1=" + "0" * 128, "t=1,v1=" + "0" * 64, "t=1,v1=" + "é" * 128, "\ud800",
     "t=1, v1=" + "0" * 128, "t=١,v1=" + "0" * 128, "t=" + "9" * 5000 + ",v1=" + "0" * 128],
)  # fmt: skip
def test_a_signature_of_any_shape_is_forged_and_never_a_crash(header: str) -> None:
    with pytest.raises(Forged):
        signed(line(), headers={"X-Casso-Signature": header})


def test_header_names_come_in_any_case_but_only_once() -> None:
    raw = json.dumps(line()).encode()
    headers = casso.signed_call(key=KEY, body=raw, now=NOW)
    lower = {name.lower(): value for name, value in headers.items()}
    assert signed(raw, headers=lower)
    with pytest.raises(Forged, match="header_twice"):
        signed(raw, headers=headers | lower)


@pytest.mark.parametrize("keys", [[], [""], ["another"]])
def test_no_live_key_opens_nothing(keys: list[str]) -> None:
    raw = json.dumps(line()).encode()
    for key in ("", KEY):
        with pytest.raises(Forged):
            signed(raw, keys=keys, headers=casso.signed_call(key=key, body=raw, now=NOW))
        with pytest.raises(Forged):
            shown(rows(row()), keys=keys, headers={"secure-token": key})


def test_two_keys_live_while_one_is_replaced() -> None:
    assert signed(line(), keys=["new", KEY])
    assert shown(rows(row()), keys=[KEY, "new"])


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100)
@given(st.dictionaries(st.text(max_size=9).map("x_{}".format), any_json, max_size=3), any_json)
def test_unknown_and_unread_fields_of_any_kind_never_break(more: dict[str, Any], odd: Any) -> None:
    (arrival,) = signed(line(**more, runningBalance=odd, bankName=odd, counterAccountName=..., reference=odd))
    assert (arrival.dong, arrival.payer_name) == (185_000, "")
    (arrival,) = shown(rows(row(**more, cusum_balance=odd, tid=...)) | {"more": odd})
    assert arrival.reference == ""


def test_money_out_is_negative_and_zero_is_kept() -> None:
    assert [(a.dong, a.direction) for a in signed(line(amount=-5_000))] == [(5_000, "out")]
    assert [(a.dong, a.direction) for a in signed(line(amount=0))] == [(0, "in")]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (line(amount=185000.0), "bad_amount"),
        (line(amount="185000"), "bad_amount"),
        (line(amount=True), "bad_amount"),
        (line(amount=2**53), "bad_amount"),
        (line(amount=...), "bad_amount"),
        (line(id="90001"), "bad_id"),
        (line(id=-1), "bad_id"),
        (line(accountNumber=""), "bad_account"),
        (line(accountNumber=None), "bad_account_number"),
        (line(description=5), "bad_description"),
        (line(transactionDateTime="23/11/2025"), "bad_transaction_date_time"),
        ({"error": 0, "data": None}, "not_an_object"),
        ({"error": 0, "data": [line()["data"]]}, "not_an_object"),
        ({"error": 0}, "not_an_object"),
        (b"[]", "not_an_object"),
        (b'{"data": {"id": 1, "id": 2}}', "key_twice"),
        (b'{"data": NaN}', "not_a_number"),
        (b'{"x": ' + b"[" * 30 + b"]" * 30 + b"}", "too_deep"),
        (b'{"x": "' + b"a" * 70_000 + b'"}', "too_long"),
    ],
)
def test_a_genuine_call_that_cannot_be_used_is_unreadable(call: Any, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        signed(call)
    assert refused.value.reason == reason


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"a=1", b"[" * 60_000, b'"' + b"a" * 2_000_000 + b'"'])
def test_what_cannot_be_parsed_cannot_have_been_signed(raw: bytes) -> None:
    with pytest.raises(Forged):
        casso.read_v2(body=raw, headers={"X-Casso-Signature": "t=1,v1=" + "0" * 128}, keys=[KEY], now=NOW)


def test_v1_brings_many_rows_with_money_in_and_out() -> None:
    arrivals = shown(rows(row(), row(id=2, amount=-20_000, when="2021-04-15"), row(id=3, description=None)))
    assert [(a.source_id, a.dong, a.direction, a.memo) for a in arrivals] == [
        ("90001", 185_000, "in", "CP7K2M9Q9M/Nguyễn"),
        ("2", 20_000, "out", "CP7K2M9Q9M/Nguyễn"),
        ("3", 185_000, "in", ""),
    ]
    assert arrivals[1].happened_at.isoformat() == "2021-04-15T00:00:00+07:00"
    assert '"id":90001' in arrivals[0].raw
    assert '"id":2' not in arrivals[0].raw


def test_v1_test_rows_are_not_for_us_beside_genuine_ones_or_alone() -> None:
    assert len(shown(rows(row(id=0), row()))) == 1
    for call in (rows(), rows(row(id=0)), rows(row(id=0, amount="x"))):
        with pytest.raises(NotForUs):
            shown(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (rows(row(), row(id=2, amount=1.5)), "bad_amount"),
        (rows(row(), 5), "not_an_object"),
        (rows(row(bank_sub_acc_id=...)), "bad_bank_sub_acc_id"),
        (rows(row(when="hom qua")), "bad_when"),
        ({"error": 0, "data": row()}, "bad_data"),
        ({"error": 0, "data": None}, "bad_data"),
        (b"[]", "not_an_object"),
        (b"{", "not_json"),
    ],
)
def test_one_row_that_cannot_be_used_refuses_the_whole_v1_call(call: Any, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        shown(call)
    assert refused.value.reason == reason


@pytest.mark.parametrize("token", ["", KEY.upper(), KEY + " ", KEY[:-1], "chữ", "\ud800", f"Bearer {KEY}"])
def test_a_token_is_exact(token: str) -> None:
    with pytest.raises(Forged):
        shown(rows(row()), headers={"secure-token": token})
    with pytest.raises(Forged):
        shown(rows(row()), headers={"X-Token": KEY})


@settings(max_examples=150)
@given(st.binary(max_size=300), st.dictionaries(st.text(max_size=20), st.text(max_size=80), max_size=4))
def test_no_bytes_and_no_headers_ever_crash(raw: bytes, headers: dict[str, str]) -> None:
    for reader in READ.values():
        with pytest.raises(Forged):
            reader(body=raw, headers=headers, keys=[KEY], now=NOW)
    with pytest.raises((Unreadable, NotForUs)):
        shown(raw)
