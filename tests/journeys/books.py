"""What stands in the database about one payment code, read with plain SQL, past all of our own code."""

from typing import Any

from tests.market import Market


def order_of(market: Market, code: str) -> dict[str, Any]:
    """The order behind ``code``, and what was asked and came for it."""
    names = ("id", "number", "token", "state", "payment", "total", "asked", "asked_state", "credited", "excess")
    [row] = market.rows(
        "SELECT o.id, o.number, o.token, o.state, o.payment, o.total_dong, r.asked_dong, r.state, r.credited_dong,"
        " r.excess_dong FROM orders_order o JOIN payments_paymentrequest r ON r.order_id = o.id WHERE r.code = %s",
        code,
    )
    return dict(zip(names, row, strict=True))


def lines_of(market: Market, code: str) -> list[tuple[str, str, int, int, int]]:
    """State, reason, amount, credited and excess of each bank line that was given to ``code`` and not taken back."""
    return market.rows(  # type: ignore[return-value]
        "SELECT t.state, t.reason, t.amount_dong, s.credited_dong, s.excess_dong FROM payments_banktransaction t"
        " JOIN payments_settlement s ON s.transaction_id = t.id JOIN payments_paymentrequest r"
        " ON r.id = s.payment_request_id WHERE r.code = %s AND s.undone_at IS NULL ORDER BY s.id",
        code,
    )


def postings_of(market: Market, code: str) -> list[tuple[str, str, str, int]]:
    """Event, debited kind, credited kind and đồng of everything booked about the order and the money for it."""
    order = order_of(market, code)["id"]
    keys = {f"handed_over:{order}"}
    for line, settlement in market.rows(
        "SELECT s.transaction_id, s.id FROM payments_settlement s JOIN payments_paymentrequest r"
        " ON r.id = s.payment_request_id WHERE r.code = %s",
        code,
    ):
        keys |= {f"arrived:{line}", f"settled:{settlement}"}
    marks = ", ".join(["%s"] * len(keys))
    return market.rows(  # type: ignore[return-value]
        "SELECT e.event, d.kind, c.kind, p.amount_dong FROM cooperatives_posting p"
        " JOIN cooperatives_entry e ON e.id = p.entry_id JOIN cooperatives_ledgeraccount d ON d.id = p.debit_id"
        f" JOIN cooperatives_ledgeraccount c ON c.id = p.credit_id WHERE e.key IN ({marks})"
        " ORDER BY e.id, p.amount_dong DESC",
        *sorted(keys),
    )


def shares_of(market: Market, code: str) -> list[tuple[str, int, int, int]]:
    """Whose goods, how much, for how much, and what the cooperative kept of it."""
    return market.rows(  # type: ignore[return-value]
        "SELECT u.name, a.quantity, a.gross_dong, a.fee_dong FROM orders_allocation a"
        " JOIN orders_orderline l ON l.id = a.line_id JOIN catalog_lot t ON t.id = a.lot_id"
        " JOIN cooperatives_member m ON m.id = t.member_id JOIN cooperatives_user u ON u.id = m.user_id"
        " WHERE l.order_id = %s ORDER BY l.position, a.position",
        order_of(market, code)["id"],
    )


def told_of(market: Market, code: str) -> list[str]:
    """What kinds of message were written to the buyer, in their order."""
    found = market.rows(
        "SELECT kind FROM cooperatives_message WHERE about = %s ORDER BY id", f"order:{order_of(market, code)['id']}"
    )
    return [kind for (kind,) in found]


def owed_to_payers_dong(market: Market, subject: str) -> int:
    """The debt on one account of owed_to_payers: ``order:12`` or ``transaction:9``."""
    [(dong,)] = market.rows(
        "SELECT COALESCE(SUM(credits - debits), 0) FROM cooperatives_ledgeraccount"
        " WHERE kind = 'owed_to_payers' AND subject = %s",
        subject,
    )
    return int(dong)
