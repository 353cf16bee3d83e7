"""SePay's own list of transactions, pulled: for what no webhook brought.

Confirmed by developer.sepay.vn (API v1): the address, ``Authorization: Bearer``, the parameters, at most 5,000 rows,
the shape of the answer with amounts as text (``"18067000.00"``), HTTP 429 with ``x-sepay-userapi-retry-after`` in
seconds. The pages disagree on the limit (2 or 3 requests a second): keep to 2. v1 is said to be no longer developed;
v2 names its lines by UUIDs, which are not the ``id`` of the webhook, so v1 it is.
Not confirmed: that ``id`` and ``transaction_content`` are those of the webhook to the letter; the order of the rows.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from base.hostile_json import MAX_INTEGER, canonical_json
from payments.providers.arrival import Arrival, Direction, Unreadable
from payments.providers.call_fields import account_of, as_object, memo_of, object_in, text_of, time_of, words_of
from payments.providers.list_request import MOST_LIST_BYTES, ListRequest

URL = "https://my.sepay.vn/userapi/transactions/list"
MOST_ROWS = 5_000
MOST_REQUESTS_A_SECOND = 2
RETRY_AFTER_HEADER = "x-sepay-userapi-retry-after"

_ID = re.compile(r"[0-9]{1,16}")
_AMOUNT = re.compile(r"([0-9]{1,16})(?:\.0{1,4})?")


def request_of(
    *, token: str, account: str, first_day: date, last_day: date, since_id: int | None = None, limit: int = MOST_ROWS
) -> ListRequest:
    """What to ask for the lines of ``account`` from ``first_day`` to ``last_day``, both whole days of Việt Nam.

    ``since_id`` is included in the answer. An answer of ``limit`` rows may be cut: ask for fewer days.
    """
    assert 1 <= limit <= MOST_ROWS
    params = {
        "account_number": account,
        "transaction_date_min": f"{first_day.isoformat()} 00:00:00",
        "transaction_date_max": f"{last_day.isoformat()} 23:59:59",
        "limit": str(limit),
    }
    if since_id is not None:
        params["since_id"] = str(since_id)
    return ListRequest(URL, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, params)


def read_page(body: bytes) -> tuple[Arrival, ...]:
    """The lines of one answer, in its order; ``source_id``, direction, amount and memo are those of the webhook.

    All or nothing: a line that cannot be used makes the page unreadable. Raises Unreadable.
    """
    rows = object_in(body, most_bytes=MOST_LIST_BYTES).get("transactions")
    if not isinstance(rows, list):
        raise Unreadable(reason="bad_transactions")
    return tuple(_arrival(as_object(row)) for row in rows)


def _arrival(row: Mapping[str, Any]) -> Arrival:
    came, went = _dong(row, "amount_in"), _dong(row, "amount_out")
    if came and went:
        raise Unreadable(reason="two_amounts")
    direction: Direction = "out" if went else "in"
    return Arrival(
        source_id=_id(row.get("id")),
        account=account_of(text_of(row, "account_number")),
        dong=came or went,
        direction=direction,
        memo=memo_of(row, "transaction_content"),
        happened_at=time_of(text_of(row, "transaction_date"), reason="bad_transaction_date"),
        reference=words_of(row, "reference_number"),
        raw=canonical_json(row).encode("utf-8", "replace").decode(),  # ``accumulated`` proves nothing here either
    )


def _id(value: Any) -> str:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not _ID.fullmatch(text) or not 0 < int(text) <= MAX_INTEGER:
        raise Unreadable(reason="bad_id")
    return str(int(text))


def _dong(row: Mapping[str, Any], field: str) -> int:
    value = row.get(field)
    text = str(value) if type(value) is int else value
    found = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if found is None or int(found[1]) > MAX_INTEGER:
        raise Unreadable(reason=f"bad_{field}")
    return int(found[1])
