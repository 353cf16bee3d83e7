"""Pulled lists: what is asked, and that a pulled line says the same as its webhook."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.providers import casso, casso_list, sepay, sepay_list
from payments.providers.arrival import Arrival, Unreadable

AT = datetime(2026, 3, 5, 2, 15, 42, tzinfo=UTC)
KEY, NOW = "k", 1_790_000_000
DAYS = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 5)}


def sepay_row(**changed: Any) -> dict[str, Any]:
    row = {
        "id": "92704",
        "bank_brand_name": "Vietcombank",
        "account_number": "0123499999",
        "transaction_date": "2026-03-05 09:15:42",
        "amount_out": "0.00",
        "amount_in": "185000.00",
        "accumulated": "1200541768.00",
        "transaction_content": "CP7K2M9Q9M cá trạch",
        "reference_number": "FT26064",
        "code": None,
        "sub_account": "VCB0011ABC004",
        "bank_account_id": "19",
    }
    return {name: value for name, value in (row | changed).items() if value is not ...}


def sepay_page(*rows: Any) -> bytes:
    page = {"status": 200, "error": None, "messages": {"success": True}, "transactions": list(rows)}
    return json.dumps(page).encode()


def casso_row(**changed: Any) -> dict[str, Any]:
    row = {
        "id": 5789,
        "tid": "TF2104152395814062",
        "description": "CP7K2M9Q9M cá trạch",
        "amount": 185_000,
        "cusum_balance": 1_070_904,
        "when": "2026-03-05T09:15:42",
        "bankSubAccId": "8007041027107",
        "virtualAccount": "",
        "corresponsiveName": "NGUYEN VAN A",
        "corresponsiveAccount": "1500200000000",
        "accountId": 733,
    }
    return {name: value for name, value in (row | changed).items() if value is not ...}


def casso_page(*rows: Any, **data: Any) -> bytes:
    page = {"page": 1, "pageSize": 100, "nextPage": None, "totalPages": 1, "records": list(rows)} | data
    return json.dumps({"error": 0, "message": "success", "data": page}).encode()


def told(arrival: Arrival) -> tuple[Any, ...]:
    return (arrival.source_id, arrival.account, arrival.direction, arrival.dong, arrival.memo, arrival.reference,
            arrival.happened_at, arrival.balance_dong)  # fmt: skip


def test_what_sepay_is_asked() -> None:
    url, headers, params = sepay_list.request_of(token="t", account="0123499999", **DAYS, since_id=7, limit=20)
    assert url == "https://my.sepay.vn/userapi/transactions/list"
    assert headers["Authorization"] == "Bearer t"
    assert params == {
        "account_number": "0123499999",
        "transaction_date_min": "2026-03-01 00:00:00",
        "transaction_date_max": "2026-03-05 23:59:59",
        "limit": "20",
        "since_id": "7",
    }


def test_what_casso_is_asked() -> None:
    url, headers, params = casso_list.request_of(key="k", **DAYS, page=3)
    assert url == "https://oauth.casso.vn/v2/transactions"
    assert headers["Authorization"] == "Apikey k"
    assert params == {"fromDate": "2026-03-01", "toDate": "2026-03-05", "page": "3", "pageSize": "100", "sort": "ASC"}


@pytest.mark.parametrize("direction", ["in", "out"])
@pytest.mark.parametrize("memo", ["CP7K2M9Q9M cá trạch", " hai  dòng\n1/2 \x00", ""])
def test_a_pulled_line_of_sepay_says_what_its_webhook_said(direction: Any, memo: str) -> None:
    line: dict[str, Any] = {"account": "0123499999", "dong": 185_000, "memo": memo, "happened_at": AT}
    body = sepay.call_body(source_id=92704, direction=direction, reference="FT26064", **line)
    (called,) = sepay.read(
        body=body, headers=sepay.signed_call(key=KEY, body=body, now=NOW), keys=[KEY], now=NOW
    )  # fmt: skip
    sums = {"amount_in": "0.00", "amount_out": "0.00", f"amount_{direction}": "185000.00"}
    (pulled,) = sepay_list.read_page(sepay_page(sepay_row(transaction_content=memo, **sums)))
    assert told(pulled) == told(called)


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_pulled_line_of_casso_says_what_both_webhooks_said(direction: Any) -> None:
    line: dict[str, Any] = {
        "source_id": 5789,
        "account": "8007041027107",
        "dong": 185_000,
        "memo": "CP7K2M9Q9M cá trạch",
        "happened_at": AT,
        "direction": direction,
        "reference": "TF2104152395814062",
    }
    v2, v1 = casso.call_body(**line), casso.call_body_v1(casso.row_v1(**line))
    (signed,) = casso.read_v2(
        body=v2, headers=casso.signed_call(key=KEY, body=v2, now=NOW), keys=[KEY], now=NOW
    )  # fmt: skip
    (shown,) = casso.read_v1(body=v1, headers={"secure-token": KEY}, keys=[KEY], now=NOW)
    (pulled,) = casso_list.read_page(casso_page(casso_row(amount=185_000 if direction == "in" else -185_000)))
    assert told(pulled) == told(signed) == told(shown)
    assert (pulled.payer_name, pulled.payer_account) == ("NGUYEN VAN A", "1500200000000")


@pytest.mark.parametrize(
    ("when", "meant"),
    [
        ("2021-04-15", "2021-04-15T00:00:00+07:00"),
        ("2021-04-15 01:02:03", "2021-04-15T01:02:03+07:00"),
        ("2021-04-14T18:02:03.000Z", "2021-04-14T18:02:03+00:00"),
    ],
)
def test_the_times_of_cassos_list(when: str, meant: str) -> None:
    (arrival,) = casso_list.read_page(casso_page(casso_row(when=when)))
    assert arrival.happened_at.isoformat() == meant


def test_rows_keep_their_order_and_each_is_its_own_evidence() -> None:
    pulled = sepay_list.read_page(sepay_page(sepay_row(id=3), sepay_row(id="2"), sepay_row(id="1", amount_in="0.00")))
    assert [(a.source_id, a.dong) for a in pulled] == [("3", 185_000), ("2", 185_000), ("1", 0)]
    assert '"id":3' in pulled[0].raw
    assert '"id":"2"' not in pulled[0].raw
    assert sepay_list.read_page(sepay_page()) == ()
    assert casso_list.read_page(casso_page(casso_row(id=0))) == ()


def test_a_list_that_does_not_name_the_account_says_so() -> None:
    (arrival,) = casso_list.read_page(casso_page(casso_row(bankSubAccId=...)))
    assert arrival.account == ""


def test_the_page_behind() -> None:
    assert casso_list.next_page_of(casso_page(page=4, nextPage=5)) == 5
    assert [casso_list.next_page_of(casso_page(page=4, nextPage=none)) for none in (None, 4, 0)] == [None] * 3
    assert casso_list.next_page_of(casso_page(page="4", nextPage="5")) == 5
    assert casso_list.next_page_of(casso_page(page=4, totalPages=6)) == 5
    for odd in (True, 1.5, "", "x", []):
        with pytest.raises(Unreadable, match="bad_page"):
            casso_list.next_page_of(casso_page(page=4, nextPage=odd))


def test_a_page_of_thousands_of_lines() -> None:
    page = sepay_page(*(sepay_row(id=number, note="a" * 300) for number in range(1, sepay_list.MOST_ROWS + 1)))
    assert len(page) > 2_000_000
    assert len(sepay_list.read_page(page)) == sepay_list.MOST_ROWS


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"id": "0"}, "bad_id"),
        ({"id": "x"}, "bad_id"),
        ({"id": 1.0}, "bad_id"),
        ({"id": ...}, "bad_id"),
        ({"amount_in": "185000.50"}, "bad_amount_in"),
        ({"amount_in": "185,000"}, "bad_amount_in"),
        ({"amount_in": "-1"}, "bad_amount_in"),
        ({"amount_in": "1e5"}, "bad_amount_in"),
        ({"amount_in": "１"}, "bad_amount_in"),
        ({"amount_in": "9" * 16}, "bad_amount_in"),
        ({"amount_in": 1.5}, "bad_amount_in"),
        ({"amount_out": None}, "bad_amount_out"),
        ({"amount_out": "5"}, "two_amounts"),
        ({"account_number": ""}, "bad_account"),
        ({"transaction_content": 5}, "bad_transaction_content"),
        ({"transaction_date": "2026-03-05"}, "bad_transaction_date"),
    ],
)
def test_a_line_that_cannot_be_used_refuses_the_page(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        sepay_list.read_page(sepay_page(sepay_row(), sepay_row(**changed)))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": 401, "data": null}', "refused_by_provider"),
        (b'{"data": {}}', "refused_by_provider"),
        (b'{"error": 0, "data": []}', "not_an_object"),
        (casso_page(records=None), "bad_records"),
        (casso_page(5), "not_an_object"),
        (casso_page(casso_row(), casso_row(amount=1.5)), "bad_amount"),
        (b"<html>", "not_json"),
    ],
)
def test_a_page_of_casso_that_cannot_be_used(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        casso_list.read_page(body)
    assert refused.value.reason == reason


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_no_bytes_ever_crash(raw: bytes) -> None:
    for read in (sepay_list.read_page, casso_list.read_page, casso_list.next_page_of):
        with pytest.raises(Unreadable):
            read(raw)
