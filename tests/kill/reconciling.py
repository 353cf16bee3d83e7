"""The sender's book beside ours, by plain SQL: what was acknowledged is there, once, and says the same."""

import time
from collections import Counter
from dataclasses import dataclass

from tests.kill.load import Load
from tests.market import Market

SETTLED_WITHIN_S = 60
_LINES = """SELECT s.external_id, s.occurrence, t.id, t.amount_dong, t.state, t.used_dong
    FROM payments_sighting s JOIN payments_banktransaction t ON t.id = s.transaction_id
    WHERE s.source LIKE 'sepay%%' AND s.external_id >= '5000000' AND length(s.external_id) = 7"""
_ENTRIES = "SELECT key FROM cooperatives_entry WHERE event = 'arrived'"
_PAID = "SELECT code, state, asked_dong, credited_dong FROM payments_paymentrequest"
_ORDERS = "SELECT buyer_name, number, total_dong FROM orders_order WHERE buyer_name LIKE 'Người mua %%'"


@dataclass(frozen=True)
class Difference:
    """All empty when nothing is lost and nothing is there twice."""

    missing: list[str]
    twice: list[str]
    other: list[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.twice or self.other)

    def __str__(self) -> str:
        return f"missing: {self.missing[:9]}, twice: {self.twice[:9]}, other: {self.other[:9]}"


def new_lines(market: Market) -> set[int]:
    """The lines that are written down and not yet settled."""
    return {pk for (pk,) in market.rows("SELECT id FROM payments_banktransaction WHERE state = 'NEW'")}


def wait_until_settled(market: Market) -> float:
    """Returns the seconds until no line was NEW any more. Needs a worker."""
    began = time.monotonic()
    while waiting := new_lines(market):
        taken = time.monotonic() - began
        assert taken < SETTLED_WITHIN_S, f"still NEW after {taken:.0f} s: {sorted(waiting)[:10]}\n{market.logs()}"
        time.sleep(0.2)
    return time.monotonic() - began


def compared(market: Market, load: Load) -> Difference:
    """What the market's database says otherwise than the sender's book. All must be acknowledged and settled."""
    book = load.book
    lines = market.rows(_LINES)
    seen = Counter(external_id for external_id, *_ in lines)
    orders = market.rows(_ORDERS)
    placed = Counter(name.removeprefix("Người mua ") for name, *_ in orders)
    booked = Counter(key for (key,) in market.rows(_ENTRIES))
    requests = {code: (state, asked, credited) for code, state, asked, credited in market.rows(_PAID)}
    missing = [f"call {pk}" for pk in book.calls if not seen[str(pk)]]
    missing += [f"order {key}" for key in book.orders if not placed[key]]
    missing += [f"entry of line {pk}" for _id, _n, pk, *_ in lines if not booked[f"arrived:{pk}"]]
    twice = [f"call {pk}" for pk, count in seen.items() if count > 1]
    twice += [f"line {pk}" for pk, count in Counter(line[2] for line in lines).items() if count > 1]
    twice += [f"order {key}" for key, count in placed.items() if count > 1]
    twice += [f"entry {key}" for key, count in booked.items() if count > 1]
    other = [f"call {pk} nobody sent" for pk in seen if int(pk) not in book.calls]
    other += [f"order {key} nobody placed" for key in placed if key not in book.orders]
    for external_id, _occurrence, pk, dong, state, used in lines:
        call = book.calls.get(int(external_id))
        if call is None:
            continue
        expected = ("SETTLED", call.dong) if call.code else ("NEEDS_YOU", 0)
        if (dong, (state, used)) != (call.dong, expected):
            other.append(f"line {pk} of call {external_id}: {dong} {state} {used}, sent {call.dong} for {call.code!r}")
        if call.code and requests[call.code] != ("paid", call.dong, call.dong):
            other.append(f"request {call.code}: {requests[call.code]}, sent {call.dong}")
    numbers = {name.removeprefix("Người mua "): (number, dong) for name, number, dong in orders}
    for key, order in book.orders.items():
        if key in numbers and numbers[key] != (order["number"], int(order["totalDong"])):
            other.append(f"order {key}: {numbers[key]}, answered {order}")
    return Difference(missing, twice, other)


def assert_audit_is_clean(market: Market) -> None:
    """``books audit`` itself exits with an error unless every check of every organization is ok."""
    for told in market.printed("books", "audit"):
        assert told["unexplained_dong"] == 0, told
        assert set(told["checks"].values()) == {"ok"}, told
