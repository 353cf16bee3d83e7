"""Casso's own list of transactions, pulled: for what no webhook brought.

Confirmed by developer.casso.vn (API v2): the address, ``Authorization: Apikey``, ``fromDate``, ``toDate``, ``page``,
``pageSize``, ``sort``, the answer ``{error, data: {page, nextPage, totalPages, records: […]}}`` and, in its newer
examples, the account, the virtual account and the other side of each line; ``when`` is the bare day in older examples.
Not confirmed: that ``id`` and ``description`` are those of the webhooks to the letter (v1 rows have the same names),
the greatest page, and any limit on requests.
"""

import re
from datetime import date

from payments.providers.arrival import Arrival, Unreadable
from payments.providers.call_fields import account_of, as_object, object_in, words_of
from payments.providers.casso import row_arrival
from payments.providers.list_request import MOST_LIST_BYTES, ListRequest

URL = "https://oauth.casso.vn/v2/transactions"
PAGE_ROWS = 100

_PAGE = re.compile(r"[0-9]{1,9}")


def request_of(*, key: str, first_day: date, last_day: date, page: int = 1) -> ListRequest:
    """What to ask for one page of the lines from ``first_day`` to ``last_day``, oldest first. The list holds all
    accounts of the key; sort them by ``Arrival.account``."""
    assert page >= 1
    return ListRequest(
        URL,
        {"Authorization": f"Apikey {key}", "Content-Type": "application/json"},
        {
            "fromDate": first_day.isoformat(),
            "toDate": last_day.isoformat(),
            "page": str(page),
            "pageSize": str(PAGE_ROWS),
            "sort": "ASC",
        },
    )


def read_page(body: bytes) -> tuple[Arrival, ...]:
    """The lines of one page, in its order; ``source_id``, direction, amount and memo are those of the webhooks.

    ``account`` is "" where the list does not say. All or nothing. Raises Unreadable.
    """
    records = _data(body).get("records")
    if not isinstance(records, list):
        raise Unreadable(reason="bad_records")
    arrivals = []
    for record in records:
        row = as_object(record)
        account = words_of(row, "bankSubAccId") or words_of(row, "bank_sub_acc_id")
        arrivals.append(row_arrival(row, account=account_of(account) if account else ""))
    return tuple(arrival for arrival in arrivals if arrival is not None)


def next_page_of(body: bytes) -> int | None:
    """The number of the page behind this one, None at the last. ``totalPages`` is believed where ``nextPage`` is not
    given. Raises Unreadable where it cannot be told: the lines behind would be lost in silence."""
    data = _data(body)
    page, following, pages = (_page_number(data.get(name)) for name in ("page", "nextPage", "totalPages"))
    if following is None:
        return page + 1 if page is not None and pages is not None and page < pages else None
    if page is None:
        raise Unreadable(reason="bad_page")
    return following if following > page else None


def _page_number(value: object) -> int | None:
    if value is None:
        return None
    number = int(value) if isinstance(value, str) and _PAGE.fullmatch(value) else value
    if type(number) is not int:
        raise Unreadable(reason="bad_page")
    return number


def _data(body: bytes) -> dict[str, object]:
    answer = object_in(body, most_bytes=MOST_LIST_BYTES)
    if answer.get("error") != 0:
        raise Unreadable(reason="refused_by_provider")
    return as_object(answer.get("data"))
