"""The model of a verdict: what the machine does with a line by itself (money-safety's table, docs/books.md)."""

from tests.simulation.going_back import GoingBack, Payee
from tests.simulation.goods import Order
from tests.simulation.lines import Told


class Model(GoingBack):
    def work(self) -> None:
        """A round of the worker."""
        for told in self.lines:
            self.book(told)
        self.expire_due()

    def book(self, told: Told) -> None:
        if told.state != "NEW":
            return
        if told.by_text_alone:
            told.state, told.reason = "NEEDS_YOU", "SMS_ONLY"
            return
        self.enter(told)
        if told.contradicted:
            told.state, told.reason = "NEEDS_YOU", "CONFLICT"
            return
        if told.truth.kind == "refund" and self._closes_refund(told):
            return
        takes, told.reason = self._verdict(told)
        if takes is None:
            told.state = "NEEDS_YOU"
            return
        if takes.state == "EXPIRED" and not self.can_come_back([takes]):  # its goods are gone: all of it goes back
            self.owe(told, takes)
            self.ask(told.org, takes, None, told.dong, Payee())
            told.state = "SETTLED"
            return
        if takes.state == "EXPIRED":
            self.come_back(takes)
        excess = self.settle(told, takes, told.dong)
        told.state = "SETTLED"
        told.reason = told.reason or ("OVERPAID" if excess else "")

    def _closes_refund(self, told: Told) -> bool:
        refund = self.refund_of(told.truth.codes[0], told.org)
        if refund is not None and self.fits(told, refund):
            self.carry(refund, told)
            return True
        return False

    def _verdict(self, told: Told) -> tuple[Order | None, str]:
        """Who takes the money, or nobody, and the reason that stands on the line."""
        line = told.truth
        if line.direction == "out":
            return None, "OUTGOING"
        if line.kind == "refund":
            return None, "BOUNCED" if self.refund_of(line.codes[0], told.org) else "UNKNOWN_CODE"
        named = [order for code in line.codes if (order := self.by_code(code)) is not None]
        ours = [order for order in named if order.org == told.org]
        if line.kind == "mistyped":
            return None, "MISTYPED_CODE" if ours else "NO_CODE"
        if told.link and (order := self.by_code(told.link)) is not None:
            return self._by_link(told, order)
        if not named:
            return None, "UNKNOWN_CODE" if line.kind in ("unknown", "code and unknown") else "NO_CODE"
        if line.kind in ("two codes", "code and unknown"):
            return self._one_of_several(told, named, ours)
        [order] = named
        if not ours:
            return None, "OTHER_ORGANIZATION"
        closed = _closed(order)
        if closed == "LATE" and line.kind == "code" and order.account == line.account and line.dong >= order.total:
            return order, "LATE"
        if closed:
            return None, closed
        if order.account != line.account:
            return None, "OTHER_ACCOUNT"
        if line.kind == "bare" and line.dong != order.total - order.credited:
            return None, "AMOUNT_DIFFERS"
        return order, ""

    def _by_link(self, told: Told, order: Order) -> tuple[Order | None, str]:
        """A link of the provider proves as a whole code does, whatever account it is paid into."""
        if set(told.truth.codes) - {order.code}:
            return None, "TWO_CODES"
        closed = _closed(order)
        if closed == "LATE" and told.dong >= order.total:
            return order, "LATE"
        return (None, closed) if closed else (order, "")

    def _one_of_several(self, told: Told, named: list[Order], ours: list[Order]) -> tuple[Order | None, str]:
        takes = [order for order in ours if order.takes_money and order.account == told.truth.account]
        if not takes:
            reasons = {_closed(order) or "OTHER_ACCOUNT" for order in ours}
            if not ours:
                return None, "OTHER_ORGANIZATION"
            return None, reasons.pop() if len(reasons) == 1 else "TWO_CODES"
        all_ours = len(ours) == len(named) == len(told.truth.codes)
        due = takes[0].total - takes[0].credited
        if len(takes) == 1 and all_ours and due == told.dong:
            return takes[0], ""
        return None, "TWO_CODES"


def _closed(order: Order) -> str:
    """Why its code takes no money any more; "" while it does."""
    if order.is_refunded and order.state in ("EXPIRED", "CANCELLED"):
        return "CANCELLED_ORDER"
    if order.state == "EXPIRED":
        return "LATE"
    if order.state == "CANCELLED":
        return "CANCELLED_ORDER"
    return "" if order.takes_money else "ALREADY_PAID"
