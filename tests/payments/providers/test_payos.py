"""payOS: the samples as they are, then every way to bend a call, and the signature of a new link."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.providers import payos
from payments.providers.arrival import Arrival, Forged, NotForUs, Unreadable

SAMPLES = Path(__file__).parents[2] / "samples" / "webhook_vectors.json"
VECTORS = json.loads(SAMPLES.read_text())
CALLS = [call for call in VECTORS if call["provider"] == "payos-webhook"]
LINKS = [call for call in VECTORS if call["provider"] == "payos-create-link"]
KEY, NOW = "a-checksum-key", 1_790_000_000
DATA = payos.call_data(
    order_code=20251123,
    account="0123456789",
    dong=185_000,
    memo="CP7K2M9Q9M ca trach",
    happened_at=datetime(2026, 3, 5, 2, 15, 42, tzinfo=UTC),
    reference="FT26064",
    payment_link_id="00000000000000000000000000000001",
    payer_account="1500200000000",
)
OPTIONAL = ("counterAccountBankId", "counterAccountBankName", "counterAccountName", "counterAccountNumber",
            "virtualAccountName", "virtualAccountNumber", "currency", "desc")  # fmt: skip


def read(raw: bytes, *, keys: list[str] | None = None, **changed: Any) -> tuple[Arrival, ...]:
    return payos.read(**{"body": raw, "headers": {}, "keys": keys or [KEY], "now": NOW} | changed)


def data(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (DATA | changed).items() if value is not ...}


def signed(**changed: Any) -> Arrival:
    (arrival,) = read(payos.signed_body(key=KEY, data=data(**changed)))
    return arrival


def test_all_samples_are_here() -> None:
    assert (len(CALLS), len(LINKS)) == (9, 2)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call["id"])
def test_each_sample_gets_its_verdict(call: dict[str, Any]) -> None:
    raw = call["raw_body"].encode()
    if call["expect"] == "invalid":
        with pytest.raises(Forged):
            read(raw, keys=[call["key"]])
        return
    (arrival,) = read(raw, keys=["another", call["key"]])
    given = call["body"]["data"]
    assert arrival.source_id == f"{given['paymentLinkId']}:{given['reference']}"
    assert arrival.link == str(given["orderCode"])
    assert (arrival.account, arrival.dong, arrival.direction) == (given["accountNumber"], given["amount"], "in")
    assert (arrival.memo, arrival.currency, arrival.reference) == (given["description"], "VND", given["reference"])
    assert arrival.payer_name in ("", "NGUYEN VAN A")
    assert arrival.payer_account == given["counterAccountNumber"]
    assert arrival.raw == call["raw_body"]


@pytest.mark.parametrize("call", [c for c in CALLS if "string_to_sign" in c], ids=lambda call: call["id"])
def test_the_string_to_sign_is_the_one_of_the_data(call: dict[str, Any]) -> None:
    assert payos.signed_text(call["body"]["data"]) == call["string_to_sign"]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["id"])
def test_the_signature_of_a_new_link(link: dict[str, Any]) -> None:
    asked = link["body"]
    signature = payos.create_link_signature(
        amount=asked["amount"],
        cancel_url=asked["cancelUrl"],
        description=asked["description"],
        order_code=asked["orderCode"],
        return_url=asked["returnUrl"],
        key=link["key"],
    )
    assert signature == link["signature"]


@pytest.mark.parametrize("call", [c for c in CALLS if c["expect"] == "valid"], ids=lambda call: call["id"])
def test_every_change_of_what_is_signed_is_refused(call: dict[str, Any]) -> None:
    raw = call["raw_body"].encode()
    signed_from = raw.index(b'"data":')
    for at in range(signed_from, len(raw)):
        for bit in (0x01, 0x20, 0x80):
            bent = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
            with pytest.raises((Forged, Unreadable)):
                read(bent, keys=[call["key"]])


def test_the_unsigned_fields_decide_nothing() -> None:
    for outer in ({"code": "01", "success": False}, {"desc": 1.5, "more": [{"a": 1e300}]}):
        (arrival,) = read(payos.signed_body(key=KEY, data=DATA, **outer))
        assert arrival.dong == 185_000


@pytest.mark.parametrize("code", ["01", "", "0", None, ...])
def test_a_signed_code_other_than_00_moved_no_money(code: Any) -> None:
    with pytest.raises(NotForUs, match="not_paid"):
        signed(code=code)


@pytest.mark.parametrize("field", OPTIONAL)
@pytest.mark.parametrize("value", [..., None, "", "null", "undefined"])
def test_an_optional_field_may_be_absent_or_empty_in_any_way(field: str, value: Any) -> None:
    arrival = signed(**{field: value})
    assert (arrival.dong, arrival.currency) == (185_000, "VND")
    assert "null" not in (arrival.payer_name, arrival.payer_account)


def test_empty_in_any_way_shares_one_signature_and_says_the_same() -> None:
    bodies = [payos.signed_body(key=KEY, data=data(description=empty)) for empty in (None, "null", "undefined", "")]
    assert len({json.loads(body)["signature"] for body in bodies}) == 1
    assert {read(body)[0].memo for body in bodies} == {""}


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9).filter(lambda text: "&" not in text),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=100)
@given(st.dictionaries(st.from_regex(r"x_\w{0,9}", fullmatch=True), any_json, max_size=4))
def test_no_unknown_field_of_any_kind_breaks_a_genuine_call(more: dict[str, Any]) -> None:
    assert signed(**more).dong == 185_000


def test_an_object_as_javascript_signs_it() -> None:
    call = json.loads(payos.signed_body(key=KEY, data=data(more="[object Object]")))
    call["data"]["more"] = {"a": 1}
    assert read(json.dumps(call).encode())


def test_a_float_keeps_its_text_and_is_no_amount() -> None:
    body = payos.signed_body(key=KEY, data=data(fee=1.5))
    assert read(body)
    with pytest.raises(Forged):
        read(body.replace(b"1.5", b"1.50"))
    with pytest.raises(Unreadable, match="bad_amount"):
        signed(amount=185000.0)


def test_the_memo_of_a_payer_cannot_be_cut_into_other_fields() -> None:
    body = payos.signed_body(key=KEY, data=data(description="x&orderCode=999&orderCodf=1"))
    with pytest.raises(Unreadable, match="ambiguous_proof"):
        read(body)
    recut = json.loads(body)
    recut["data"] |= {"description": "x", "orderCode": 999, "orderCodf": "1&orderCode=20251123"}
    assert payos.signed_text(recut["data"]) == payos.signed_text(json.loads(body)["data"]), "one text, two readings"
    with pytest.raises(Unreadable, match="ambiguous_proof"):
        read(json.dumps(recut).encode())
    with pytest.raises(Unreadable, match="ambiguous_proof"):
        signed(**{"description=x&orderCode": 999})


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"amount": "185000"}, "bad_amount"),
        ({"amount": True}, "bad_amount"),
        ({"amount": -1}, "bad_amount"),
        ({"amount": None}, "bad_amount"),
        ({"amount": ...}, "bad_amount"),
        ({"amount": 2**53}, "bad_amount"),
        ({"orderCode": "20251123"}, "bad_order_code"),
        ({"orderCode": ...}, "bad_order_code"),
        ({"description": 5}, "bad_description"),
        ({"accountNumber": ""}, "bad_account"),
        ({"accountNumber": "12 34"}, "bad_account"),
        ({"reference": ...}, "bad_reference"),
        ({"reference": 7}, "bad_reference"),
        ({"paymentLinkId": None}, "bad_payment_link_id"),
        ({"paymentLinkId": "a:b"}, "bad_payment_link_id"),
        ({"currency": "vnd"}, "bad_currency"),
        ({"currency": 704}, "bad_currency"),
        ({"transactionDateTime": "2026-02-30 00:00:00"}, "bad_transaction_date_time"),
        ({"transactionDateTime": ...}, "bad_transaction_date_time"),
    ],
)
def test_a_genuine_call_that_cannot_be_used_is_unreadable(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        signed(**changed)
    assert refused.value.reason == reason


def test_a_virtual_account_another_currency_and_zero() -> None:
    assert signed(accountNumber=None, virtualAccountNumber="VQRQ0001").account == "VQRQ0001"
    assert signed(currency="USD").currency == "USD"
    assert signed(amount=0).dong == 0


def test_a_key_that_stands_twice_is_never_used() -> None:
    body = payos.signed_body(key=KEY, data=DATA)
    twice = body.replace(b'"amount":185000', b'"amount":1,"amount":185000')
    with pytest.raises(Unreadable, match="key_twice"):
        read(twice)


@pytest.mark.parametrize("signature", [None, "", 5, "0" * 64, "chữ", "A" * 64, ["x"]])
def test_a_signature_of_any_shape_is_forged_and_never_a_crash(signature: Any) -> None:
    for given_data in (DATA, None, [], "x", {}):
        with pytest.raises(Forged):
            read(json.dumps({"data": given_data, "signature": signature}).encode())


@pytest.mark.parametrize("keys", [[""], ["another"]])
def test_no_live_key_opens_nothing(keys: list[str]) -> None:
    for key in ("", KEY):
        with pytest.raises(Forged):
            read(payos.signed_body(key=key, data=DATA), keys=keys)


@settings(max_examples=150)
@given(
    st.binary(max_size=300) | any_json.map(lambda value: json.dumps({"data": value, "signature": "0" * 64}).encode())
)
def test_no_bytes_ever_crash(raw: bytes) -> None:
    with pytest.raises(Forged):
        read(raw)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(sorted(DATA)), any_json))
def test_no_signed_data_ever_crashes(changed: dict[str, Any]) -> None:
    with contextlib.suppress(Unreadable, NotForUs):
        assert signed(**changed).dong >= 0


def test_an_id_too_long_to_be_kept_is_told_by_its_hash() -> None:
    long, other = (signed(reference=letter * 128).source_id for letter in "AB")
    assert len(long) == len(other) == 64
    assert long != other
    assert signed(reference="FT1").source_id.endswith(":FT1")
