"""The form of a rule, and who people are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.isolation.sides import Names

STAFF = frozenset({"clerk", "treasurer", "manager"})
MONEY = frozenset({"treasurer", "manager"})
SELLERS = frozenset({"clerk", "manager"})
TREASURER = frozenset({"treasurer"})
KEEPERS = frozenset({"clerk", "treasurer"})
EVERYBODY = frozenset({"guest", "buyer", "member", *STAFF})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """``arguments`` points at things of one side; ``may`` says who of that side gets them.

    ``public`` are names that everybody may use who knows them: a product on sale, a code on a QR, a link's token.
    """

    may: frozenset[str]
    arguments: Callable[[Names], dict[str, Any]] = lambda _names: {}
    public: frozenset[str] = frozenset()
