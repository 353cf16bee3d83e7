"""SePay's calls: the samples as they are, then every way to bend them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.providers import sepay
from payments.providers.arrival import Arrival, Forged, NotForUs, Unreadable

SAMPLES = Path(__file__).parents[2] / "samples" / "webhook_vectors.json"
CALLS = [call for call in json.loads(SAMPLES.read_text()) if call["provider"].startswith("sepay-webhook")]
KEY, NOW = "a-secret-of-the-feed", 1_790_000_000


def read(call: dict[str, Any], **changed: Any) -> tuple[Arrival, ...]:
    arguments = {
        "body": call["raw_body"].encode(),
        "headers": call["headers"],
        "keys": [call["key"]],
        "now": call.get("now", NOW),
    }
    return sepay.read(**arguments | changed)


def signed(body: bytes | dict[str, Any], **changed: Any) -> tuple[Arrival, ...]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return sepay.read(
        **{"body": raw, "headers": sepay.signed_call(key=KEY, body=raw, now=NOW), "keys": [KEY], "now": NOW} | changed
    )


def body(**changed: Any) -> dict[str, Any]:
    honest = json.loads(
        sepay.call_body(
            source_id=92704,
            account="0123499999",
            dong=185_000,
            memo="CP7K2M9Q9M ca trach",
            happened_at=datetime(2026, 3, 5, 2, 15, 42, tzinfo=UTC),
            reference="FT26064",
        )
    )
    return honest | changed


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in body().items() if name != field}


def test_all_nine_samples_are_here() -> None:
    assert len(CALLS) == 9


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call["id"])
def test_each_sample_gets_its_verdict(call: dict[str, Any]) -> None:
    if call["expect"] == "invalid":
        with pytest.raises(Forged):
            read(call)
        return
    (arrival,) = read(call)
    assert arrival.source_id == "92704"
    assert arrival.account == "0123499999"
    assert (arrival.dong, arrival.direction) == (185_000, "in")
    assert arrival.memo == call["body"]["content"]
    assert arrival.happened_at.isoformat() == "2025-11-23T09:15:42+07:00"
    assert arrival.reference == "MBVCB.3278907687"
    assert arrival.balance_dong is None, "accumulated is often 0: it never proves a balance"
    assert arrival.raw == call["raw_body"]


GENUINE_HMAC = [c for c in CALLS if c["provider"] == "sepay-webhook-hmac" and c["expect"] == "valid"]


@pytest.mark.parametrize("call", GENUINE_HMAC, ids=lambda call: call["id"])
def test_every_single_byte_is_signed(call: dict[str, Any]) -> None:
    raw = call["raw_body"].encode()
    for at in range(len(raw)):
        for bit in (0x01, 0x20, 0x80):
            bent = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
            with pytest.raises(Forged):
                read(call, body=bent)
    for name, value in call["headers"].items():
        for at in range(len(value)):
            for bit in (0x01, 0x20, 0x80):
                bent_value = value[:at] + chr(ord(value[at]) ^ bit) + value[at + 1 :]
                with pytest.raises(Forged):
                    read(call, headers=call["headers"] | {name: bent_value})


@pytest.mark.parametrize("drift", [-300, 0, 300])
def test_the_clock_may_be_five_minutes_off_either_way(drift: int) -> None:
    assert signed(body(), now=NOW + drift)


@pytest.mark.parametrize("drift", [-301, 301, 100_000, -100_000])
def test_a_replay_or_a_stamp_from_the_future_is_forged(drift: int) -> None:
    with pytest.raises(Forged, match="stale_timestamp"):
        signed(body(), now=NOW + drift)


@pytest.mark.parametrize(
    "stamp", ["", " ", "abc", "1e9", "-5", "+5", "١٧٩٠٠٠٠٠٠٠", "1790000000.0", "1790000000 ", "9" * 5000]
)
def test_a_timestamp_is_ascii_digits(stamp: str) -> None:
    with pytest.raises(Forged, match="bad_timestamp"):
        signed(b"{}", headers={"X-SePay-Timestamp": stamp, "X-SePay-Signature": "sha256=00"})


@pytest.mark.parametrize("signature", ["", "sha256=", "chữ ký", "\udcff", "sha512=abc", "\x00"])
def test_a_signature_of_any_shape_is_forged_and_never_a_crash(signature: str) -> None:
    with pytest.raises(Forged):
        signed(b"{}", headers={"X-SePay-Timestamp": str(NOW), "X-SePay-Signature": signature})


def test_header_names_come_in_any_case_but_only_once() -> None:
    raw = json.dumps(body()).encode()
    headers = sepay.signed_call(key=KEY, body=raw, now=NOW)
    assert signed(raw, headers={name.upper(): value for name, value in headers.items()})
    with pytest.raises(Forged, match="header_twice"):
        signed(raw, headers=headers | {name.lower(): value for name, value in headers.items()})


def test_two_keys_live_while_one_is_replaced() -> None:
    assert signed(body(), keys=["the-new-one", KEY])
    assert signed(body(), keys=[KEY, "the-new-one"])
    with pytest.raises(Forged):
        signed(body(), keys=["the-new-one"])


@pytest.mark.parametrize("keys", [[], [""], ["", ""]])
def test_no_key_or_an_empty_key_opens_nothing(keys: list[str]) -> None:
    raw = json.dumps(body()).encode()
    with pytest.raises(Forged):
        signed(raw, keys=keys, headers=sepay.signed_call(key="", body=raw, now=NOW))
    with pytest.raises(Forged):
        signed(raw, keys=keys, headers={"Authorization": "Apikey "})


def test_a_signature_header_decides_and_never_falls_back_to_the_key() -> None:
    wrong = {"X-SePay-Timestamp": str(NOW), "X-SePay-Signature": "sha256=00", "Authorization": f"Apikey {KEY}"}
    with pytest.raises(Forged):
        signed(body(), headers=wrong)
    with pytest.raises(Forged):
        signed(body(), headers=wrong | {"X-SePay-Signature": ""})


def test_the_chosen_mode_is_the_only_one_that_opens() -> None:
    raw = json.dumps(body()).encode()
    by_key = {"Authorization": f"Apikey {KEY}"}
    assert signed(raw, headers=by_key)
    assert signed(raw, headers=by_key, auth="apikey")
    with pytest.raises(Forged):
        signed(raw, headers=by_key, auth="hmac")
    with pytest.raises(Forged):
        signed(raw, auth="apikey")


@pytest.mark.parametrize(
    "header",
    [f"apikey {KEY}", f"Apikey  {KEY}", f"Apikey {KEY} ", f"Apikey {KEY[:-1]}", KEY, "Apikey", "Apikey chữ", "\udcff"],
)
def test_an_api_key_is_exact(header: str) -> None:
    with pytest.raises(Forged):
        signed(body(), headers={"Authorization": header})


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"id=1&transferAmount=5", "not_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'{"id": NaN}', "not_a_number"),
        (b'{"id": 1, "id": 2}', "key_twice"),
        (b"\xff\xfe", "not_utf8"),
        (b"[" * 30 + b"]" * 30, "too_deep"),
        (b" " * 70_000, "too_long"),
        (body(transferAmount=185000.0), "bad_transfer_amount"),
        (body(transferAmount="185000"), "bad_transfer_amount"),
        (body(transferAmount=True), "bad_transfer_amount"),
        (body(transferAmount=-1), "bad_transfer_amount"),
        (body(transferAmount=None), "bad_transfer_amount"),
        (body(transferAmount=2**53), "bad_transfer_amount"),
        (without("transferAmount"), "bad_transfer_amount"),
        (body(id="92704"), "bad_id"),
        (body(id=True), "bad_id"),
        (body(id=-1), "bad_id"),
        (body(id=None), "bad_id"),
        (without("id"), "bad_id"),
        (body(transferType="IN"), "bad_direction"),
        (body(transferType=["in"]), "bad_direction"),
        (without("transferType"), "bad_direction"),
        (body(accountNumber=123499999), "bad_account_number"),
        (body(accountNumber=""), "bad_account"),
        (body(accountNumber="0123\x00"), "bad_account"),
        (without("accountNumber"), "bad_account_number"),
        (body(content=5), "bad_content"),
        (without("content"), "bad_content"),
        (body(transactionDate="2026-02-30 09:15:42"), "bad_transaction_date"),
        (body(transactionDate="05/03/2026 09:15"), "bad_transaction_date"),
        (body(transactionDate="２０２６-03-05 09:15:42"), "bad_transaction_date"),
        (body(transactionDate=1763863000), "bad_transaction_date"),
        (without("transactionDate"), "bad_transaction_date"),
    ],
)  # fmt: skip
def test_a_genuine_call_that_cannot_be_used_is_unreadable(call: bytes | dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        signed(call)
    assert refused.value.reason == reason


def test_without_proof_it_is_forged_however_broken_the_body() -> None:
    with pytest.raises(Forged):
        signed(b"{", headers={})


def test_the_test_call_is_not_for_us() -> None:
    with pytest.raises(NotForUs):
        signed(body(id=0))


def test_zero_out_and_empty_memo_are_accepted() -> None:
    (arrival,) = signed(body(transferAmount=0, transferType="out", content=None, referenceCode=None))
    assert (arrival.dong, arrival.direction, arrival.memo, arrival.reference) == (0, "out", "", "")


def test_unknown_and_optional_fields_never_break() -> None:
    (arrival,) = signed(body(brandNew={"a": [1]}, code=7, subAccount=[], gateway=None, accumulated="x", description=3))
    assert arrival.dong == 185_000


def test_what_no_database_holds_becomes_blank_in_the_memo() -> None:
    (arrival,) = signed(body(content="CP7K\x00 \ud800 dòng 1\ndòng 2"))
    assert arrival.memo == "CP7K    dòng 1\ndòng 2"


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100)
@given(st.dictionaries(st.text(max_size=9).map("x_{}".format), any_json, max_size=4), any_json)
def test_no_unknown_field_of_any_kind_breaks_a_genuine_call(more: dict[str, Any], balance: Any) -> None:
    (arrival,) = signed(body(**more, accumulated=balance))
    assert (arrival.dong, arrival.memo) == (185_000, "CP7K2M9Q9M ca trach")


def test_a_deep_field_within_the_limit_is_nobodys_business() -> None:
    raw = json.dumps(body()).encode()
    assert signed(raw[:-1] + b', "x": ' + b"[" * 19 + b"1e-9" + b"]" * 19 + b"}")
    with pytest.raises(Unreadable, match="too_deep"):
        signed(raw[:-1] + b', "x": ' + b"[" * 20 + b"]" * 20 + b"}")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-05 23:59:59", "2026-03-05T16:59:59+00:00"),
        ("2026-03-05T00:00:00", "2026-03-04T17:00:00+00:00"),
        ("2026-03-05T00:00:00Z", "2026-03-05T00:00:00+00:00"),
        ("2026-03-05 00:00:00+07:00", "2026-03-04T17:00:00+00:00"),
    ],
)
def test_a_time_without_a_zone_is_vietnam_time(written: str, meant: str) -> None:
    (arrival,) = signed(body(transactionDate=written))
    assert arrival.happened_at.astimezone(UTC).isoformat() == meant


@settings(max_examples=150)
@given(st.binary(max_size=300), st.dictionaries(st.text(max_size=20), st.text(max_size=80), max_size=4))
def test_no_bytes_and_no_headers_ever_crash(raw: bytes, headers: dict[str, str]) -> None:
    for auth in (None, "hmac", "apikey"):
        with pytest.raises(Forged):
            sepay.read(body=raw, headers=headers, keys=[KEY], now=NOW, auth=auth)  # type: ignore[arg-type]
    with pytest.raises((Unreadable, NotForUs)):
        signed(raw)
