"""Which orders this browser placed: a guest finds them again without an account."""

import re
from collections.abc import Mapping

from orders.models import Order

KEY = "orders"
MOST = 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,43}")


def is_token(text: str) -> bool:
    """Whether an order may have it; no database need be asked about anything else (a NUL, a novel)."""
    return _TOKEN.fullmatch(text) is not None


def tokens_in(session: Mapping[str, object]) -> list[str]:
    """The tokens of its orders, the latest first. Anything else that the session may hold there counts as nothing."""
    held = session.get(KEY)
    if not isinstance(held, list):
        return []
    return [token for token in held if isinstance(token, str) and is_token(token)][:MOST]


def with_orders(tokens: list[str], placed: list[Order]) -> list[str]:
    """The list to keep after ``placed``; each once, at most 20, the oldest forgotten."""
    new = [order.token for order in placed]
    return [*new, *(token for token in tokens if token not in new)][:MOST]
