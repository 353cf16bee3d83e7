"""What hostile input is grown from: the collected samples, and files that our own tests write."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from payments.providers import casso, payos, sepay, stripe_events
from tests.payments.statements import layouts, messages
from tests.payments.statements.files import HEADER, as_csv, as_xlsx

_SAMPLES = Path(__file__).resolve().parents[1] / "samples"
_WHEN = 1_790_000_000
_HERE: dict[str, Any] = {"account": "0011000123456", "happened_at": datetime(2026, 3, 15, 9, 0, tzinfo=UTC)}

WORDS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x92\xb8", b"\xcc\x81", b"\xe2\x80\xae",
    b"\n", b"\r", b"\t", b"9007199254740992", b"-1", b"1e999", b"0x10", b"NaN", b"Infinity", b"1.150.000",
    b"1,150,000", b"0", b"00", b"99999999999999999999", b"-0", b"null", b"true", b"{}", b"[]",
    b"[[[[[[[[[[[[[[[[[[[[[[[[", b'"', b"\\", b"\\u0000", b"\\ud800", b"CP7K2M9Q9M", b"CP", b"31/12/9999",
    b"00/00/0000", b"24:00:00", b"29/02/2026", b"0001-01-01", b"=1+1", b"<!ENTITY x 'y'>", b"&x;", b"]]>", b"<",
    b"-}", b":86:", b"6304", b"5303704", b"99", b"VND", b"USD", b"\xef\xbc\x91", b"\xe2\x82\xab", b"+", b"%",
)  # fmt: skip
"""What readers stumble over: edges of numbers and days, halves of letters, other grammars' marks."""


def _samples(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def memos() -> list[bytes]:
    return [one["raw"].encode() for one in _samples("memos")] + [b"CP7K2M9Q9M va CP 7K2M 9Q9E", b"NAP7K2M9Q9MFT25"]


def texts() -> list[bytes]:
    return [one["raw"].encode() for one in _samples("sms")]


def codes_on_paper() -> list[bytes]:
    return [one["payload"].encode() for one in _samples("vietqr_vectors")]


def amounts() -> list[bytes]:
    return [
        b"150.000",
        b"1,150,000",
        b"1.150.000 \xe2\x82\xab",
        b"-5,637,054.592",
        b"1E+06",
        b"0",
        b"(12.000)",
        b"+ 1 200 000",
    ]


def calls(provider: str) -> list[bytes]:
    """Bodies of ``provider``: those collected, and one of each that our simulator writes."""
    if provider == "sms":
        return forwarded_texts()
    family = {"casso-v1": "casso", "payos": "payos-webhook"}.get(provider, provider)
    raw = [one.get("raw_body") for one in _samples("webhook_vectors") if one["provider"].startswith(family)]
    made = {
        "sepay": sepay.call_body(source_id=1, dong=185_000, memo="CP7K2M9Q9M", **_HERE),
        "casso": casso.call_body(source_id=1, dong=185_000, memo="CP7K2M9Q9M", **_HERE),
        "casso-v1": casso.call_body_v1(casso.row_v1(source_id=1, dong=185_000, memo="CP7K2M9Q9M", **_HERE)),
        "stripe": stripe_events.call_body("charge.succeeded", _CHARGE, event_id="evt_1", created=_WHEN, livemode=True),
        "payos": payos.signed_body(
            key="k",
            data=payos.call_data(
                order_code=7, dong=185_000, memo="CP7K2M9Q9M", reference="FT1", payment_link_id="a" * 32, **_HERE
            ),
        ),
    }  # fmt: skip
    return [text.encode() for text in raw if text] + [made[provider]]


_CHARGE = {
    "id": "ch_1", "object": "charge", "amount": 185_000, "amount_captured": 185_000, "amount_refunded": 0,
    "currency": "vnd", "created": 1_790_000_000, "captured": True, "paid": True, "status": "succeeded",
    "payment_intent": "pi_1", "description": "CP7K2M9Q9M", "metadata": {"code": "CP7K2M9Q9M"},
    "billing_details": {"name": "NGUYEN VAN A"}, "livemode": True,
}  # fmt: skip


def forwarded_texts() -> list[bytes]:
    text = _samples("sms")[0]["raw"]
    bodies = ({"from": "Vietcombank", "text": text}, {"sender": "MB", "body": text, "sentStamp": 1_790_000_000_000})
    return [text.encode(), *(json.dumps(body).encode() for body in bodies)]


def _tables() -> list[Sequence[Sequence[Any]]]:
    moved = layouts.moves(4)
    usual = [
        [one.dmy, one.reference, *one.sides(layouts.commas), layouts.commas(one.balance), one.memo] for one in moved
    ]
    banks = [layout.rows(moved, layouts.dots) for layout in layouts.LAYOUTS.values()]
    return [[HEADER, *usual], *banks]


def csv_files() -> list[bytes]:
    files = [as_csv(rows) for rows in _tables()]
    return [*files, as_csv(_tables()[0], separator=";", encoding="utf-16"), as_csv(_tables()[0], separator="\t")]


def xlsx_files() -> list[bytes]:
    return [as_xlsx(rows) for rows in _tables()[:3]]


def html_files() -> list[bytes]:
    def row(cells: Sequence[Any]) -> str:
        return "".join(f"<td>{cell}</td>" for cell in cells)

    return [f"<html><table>{''.join(f'<tr>{row(cells)}</tr>' for cells in _tables()[0])}</table></html>".encode()]


def message_files() -> list[bytes]:
    moved = layouts.moves(4)
    return [messages.mt940(moved).encode(), messages.camt(messages.camt_statement(moved)).encode()]
