"""The other providers through ``webhook read``: every vector of the data, then calls as a stranger would twist them."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Run

pytestmark = pytest.mark.django_db

VECTORS = json.loads((Path(__file__).parents[1] / "samples" / "webhook_vectors.json").read_text(encoding="utf-8"))
NAMES = {
    "casso-v2": "casso",
    "casso-v1": "casso-v1",
    "payos-webhook": "payos",
    "sepay-webhook-hmac": "sepay",
    "sepay-webhook-apikey": "sepay",
}
CALLS = [vector for vector in VECTORS if vector["provider"] in NAMES]
KEY = "khoa_khong_dung_that"
FORGED = {"verdict": "forged", "arrivals": []}
UNREADABLE = {"verdict": "unreadable", "arrivals": []}

CASSO: dict[str, Any] = {
    "id": 90001,
    "reference": "FT25327000000001",
    "description": "CP7K2M9Q9M/Nguyễn",
    "amount": 185000,
    "runningBalance": 25000000,
    "transactionDateTime": "2026-11-18 14:02:37",
    "accountNumber": "0123456789",
    "counterAccountName": "",
}
CASSO_ROW: dict[str, Any] = {
    "id": 90001,
    "tid": "TF80307914",
    "description": "CP7K2M9Q9M/Nguyễn",
    "amount": 185000,
    "cusum_balance": 20000000,
    "when": "2026-11-18 14:02:37",
    "bank_sub_acc_id": "0123456789",
}
PAYOS: dict[str, Any] = {
    "orderCode": 20261118,
    "amount": 185000,
    "description": "CP7K2M9Q9M/Nguyễn",
    "accountNumber": "0123456789",
    "reference": "FT25327000000001",
    "transactionDateTime": "2026-11-18 14:02:37",
    "currency": "VND",
    "paymentLinkId": "00000000000000000000000000000001",
    "code": "00",
    "desc": "Thành công",
    "counterAccountName": None,
}
ARRIVAL = {
    "account": "0123456789",
    "dong": 185000,
    "direction": "in",
    "memo": "CP7K2M9Q9M/Nguyễn",
    "happened_at": "2026-11-18T14:02:37+07:00",
}


def casso(**fields: Any) -> tuple[dict[str, str], str]:
    """Signed by the rule in the data, written once more by hand."""
    call = {"error": 0, "data": {name: value for name, value in (CASSO | fields).items() if value is not ...}}
    canonical = json.dumps(call, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    proof = hmac.new(KEY.encode(), f"1763863000123.{canonical}".encode(), hashlib.sha512).hexdigest()
    return {"X-Casso-Signature": f"t=1763863000123,v1={proof}"}, json.dumps(call)


def casso_v1(**fields: Any) -> tuple[dict[str, str], str]:
    row = {name: value for name, value in (CASSO_ROW | fields).items() if value is not ...}
    return {"secure-token": KEY}, json.dumps({"error": 0, "data": [row]})


def payos(**fields: Any) -> tuple[dict[str, str], str]:
    data = {name: value for name, value in (PAYOS | fields).items() if value is not ...}
    signed = "&".join(f"{name}={_value(data[name])}" for name in sorted(data))
    proof = hmac.new(KEY.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return {}, json.dumps({"code": "00", "desc": "success", "success": True, "data": data, "signature": proof})


def _value(value: Any) -> str:
    if value in (None, "null", "undefined"):
        return ""
    return (
        value
        if isinstance(value, str)
        else json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    )


CALL = {"casso": casso, "casso-v1": casso_v1, "payos": payos}


@pytest.fixture
def read(run: Run) -> Any:
    def read(provider: str, headers: Any, body: Any, *, key: str = KEY, now: int | None = None) -> Any:
        more = [] if now is None else ["--now", str(now)]
        line = json.dumps({"headers": headers, "body": body}).encode() + b"\n"
        code, (answer,) = run("webhook", "read", "--provider", provider, "--key", key, *more, stdin=line)
        assert code == 0
        return answer

    return read


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call["id"])
def test_every_vector(read: Any, call: dict[str, Any]) -> None:
    answer = read(
        NAMES[call["provider"]], call["headers"], call["raw_body"], key=call["key"], now=call.get("now")
    )  # fmt: skip
    if call["expect"] == "invalid":
        assert answer == FORGED
    elif call["id"] == "casso-v2-01":
        assert answer == {"verdict": "not_for_us", "arrivals": []}
    else:
        assert answer["verdict"] == "accepted"
        (arrival,) = answer["arrivals"]
        assert set(arrival) == {"source_id", *ARRIVAL}
        assert (type(arrival["source_id"]), type(arrival["dong"])) == (str, int)


@pytest.mark.parametrize("provider", CALL)
def test_a_genuine_call(read: Any, provider: str) -> None:
    (arrival,) = read(provider, *CALL[provider]())["arrivals"]
    source_id = arrival.pop("source_id")
    assert arrival == ARRIVAL
    assert source_id == ("90001" if provider != "payos" else f"{PAYOS['paymentLinkId']}:{PAYOS['reference']}")


@pytest.mark.parametrize("provider", CALL)
@pytest.mark.parametrize(
    ("fields", "differs"),
    [
        ({"amount": 0}, {"dong": 0}),
        ({"amount": 2**53 - 1}, {"dong": 2**53 - 1}),
        ({"fresh": {"a": [1, None, {"b": "/ề"}]}}, {}),
        ({"fresh": 1.5}, {}),
        ({"fresh": 10**20}, {}),
        ({"fresh": None, "more": ["x", {"z": 1, "a": 2}]}, {}),
        ({"description": ""}, {"memo": ""}),
        ({"description": "Tiền cá 1/2 \"q\" 'x' \\ ✓\n2"}, {"memo": "Tiền cá 1/2 \"q\" 'x' \\ ✓\n2"}),
        ({"counterAccountName": ..., "counterAccountNumber": ...}, {}),
    ],
)
def test_genuine_and_usable(read: Any, provider: str, fields: dict[str, Any], differs: dict[str, Any]) -> None:
    answer = read(provider, *CALL[provider](**fields))
    assert answer["verdict"] == "accepted"
    (arrival,) = answer["arrivals"]
    del arrival["source_id"]
    assert arrival == ARRIVAL | differs


@pytest.mark.parametrize("provider", CALL)
@pytest.mark.parametrize(
    "fields",
    [{"amount": "185000"}, {"amount": 185000.5}, {"amount": True}, {"amount": None}, {"amount": 2**53},
     {"amount": [1]}, {"amount": {}}, {"amount": ...}, {"description": 5}, {"description": ["x"]}],
)  # fmt: skip
def test_genuine_and_not_usable(read: Any, provider: str, fields: dict[str, Any]) -> None:
    assert read(provider, *CALL[provider](**fields)) == UNREADABLE


@pytest.mark.parametrize(
    ("provider", "fields"),
    [
        ("casso", {"id": "90001"}), ("casso", {"id": -1}), ("casso", {"accountNumber": ...}),
        ("casso", {"transactionDateTime": "2026-02-30 00:00:00"}), ("casso-v1", {"id": None}),
        ("casso-v1", {"bank_sub_acc_id": 123456789}), ("casso-v1", {"when": 1795000000}), ("payos", {"amount": -1}),
        ("payos", {"orderCode": "20261118"}), ("payos", {"reference": ""}), ("payos", {"paymentLinkId": None}),
        ("payos", {"accountNumber": None}), ("payos", {"transactionDateTime": ""}),
    ],
)  # fmt: skip
def test_what_each_of_them_needs(read: Any, provider: str, fields: dict[str, Any]) -> None:
    assert read(provider, *CALL[provider](**fields)) == UNREADABLE


@pytest.mark.parametrize("provider", ["casso", "casso-v1"])
def test_money_out_is_negative_there_and_positive_here(read: Any, provider: str) -> None:
    (arrival,) = read(provider, *CALL[provider](amount=-185000))["arrivals"]
    assert (arrival["dong"], arrival["direction"]) == (185000, "out")
    assert read(provider, *CALL[provider](id=0)) == {"verdict": "not_for_us", "arrivals": []}


def test_one_call_of_casso_v1_brings_many_rows(read: Any) -> None:
    rows = [CASSO_ROW | {"id": number, "amount": amount} for number, amount in ((1, 5), (2, -6), (3, 0))]
    answer = read("casso-v1", {"Secure-Token": KEY}, json.dumps({"error": 0, "data": rows}))
    told = [(arrival["source_id"], arrival["dong"], arrival["direction"]) for arrival in answer["arrivals"]]
    assert told == [("1", 5, "in"), ("2", 6, "out"), ("3", 0, "in")]


def test_only_the_signed_code_of_payos_decides(read: Any) -> None:
    headers, body = payos()
    outer = json.loads(body) | {"code": "01", "success": False, "desc": "failed"}
    assert read("payos", headers, json.dumps(outer))["verdict"] == "accepted"
    assert read("payos", *payos(code="01"))["verdict"] == "not_for_us"


@pytest.mark.parametrize("provider", CALL)
def test_no_valid_proof(read: Any, provider: str) -> None:
    headers, body = CALL[provider]()
    assert read(provider, headers, body, key="khac") == FORGED
    assert read(provider, headers, body, key="") == FORGED
    assert read(provider, headers, body, key=KEY.upper()) == FORGED
    if provider != "casso-v1":
        assert read(provider, headers, body.replace("185000", "185001")) == FORGED
    if provider != "payos":
        for twisted in ({}, {name: value[:-1] for name, value in headers.items()}, {"Authorization": f"Apikey {KEY}"}):
            assert read(provider, twisted, body) == FORGED
        twice = headers | {name.swapcase(): value for name, value in headers.items()}
        assert read(provider, twice, body) == FORGED
        for change in (str.lower, str.upper):
            assert read(provider, {change(n): v for n, v in headers.items()}, body)["verdict"] == "accepted"


@pytest.mark.parametrize("provider", CALL)
@pytest.mark.parametrize(
    "body", ["", "null", "[]", "{", "NaN", '"x"', "[" * 100_000, "\ud800", "1" * 5000, "x" * 10**6]
)
def test_a_broken_body_without_a_proof(read: Any, provider: str, body: str) -> None:
    assert read(provider, {}, body) == FORGED


@pytest.mark.parametrize("provider", CALL)
def test_a_proof_over_what_is_too_long_or_too_deep(read: Any, provider: str) -> None:
    deep: Any = 1
    for _ in range(25):
        deep = [deep]
    for fields in ({"fresh": "a" * 70_000}, {"fresh": deep}):
        assert read(provider, *CALL[provider](**fields)) == UNREADABLE
