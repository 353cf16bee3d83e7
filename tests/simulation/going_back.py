"""The model of refunds: asked, ordered out, seen leaving, bounced, cancelled (docs/books.md)."""

from dataclasses import dataclass
from typing import NamedTuple

from tests.simulation.giving import Given, Giving
from tests.simulation.goods import ENDED, No, Order
from tests.simulation.lines import Told


class Payee(NamedTuple):
    bin: str = ""
    account: str = ""
    holder: str = ""


@dataclass(eq=False)
class Refund:
    """Money owed for ``order``, or to the stranger who sent ``line``, on its way back. ``code``: the product's."""

    org: int
    order: Order | None
    line: Told | None
    dong: int
    payee: Payee
    state: str = "to_do"
    pk: int = 0
    code: str = ""

    @property
    def subject(self) -> str:
        if self.order is not None:
            return f"order:{self.order.pk}"
        assert self.line is not None
        return self.line.subject

    @property
    def way_out(self) -> str:
        return f"refund:{self.pk or id(self)}"


@dataclass(eq=False)
class Movement:
    """A line that carried a refund away ("sent") or brought it back ("bounced")."""

    refund: Refund
    line: Told
    kind: str
    pk: int = 0
    is_live: bool = True


class GoingBack(Giving):
    def __init__(self) -> None:
        super().__init__()
        self.refunds: list[Refund] = []
        self.movements: list[Movement] = []

    def refund_of(self, code: str, org: int) -> Refund | None:
        return next((one for one in self.refunds if one.code == code and one.org == org), None)

    def bind_refund(self, refund: Refund, pk: int, code: str) -> None:
        dong = self.books.pop((refund.org, "on_the_way_out", refund.way_out), 0)
        refund.pk, refund.code = pk, code
        self.books[refund.org, "on_the_way_out", refund.way_out] += dong

    def to_ask(self, org: int, subject: str) -> int:
        """What is owed and nobody has asked for yet."""
        tasks = sum(one.dong for one in self._of(org, subject) if one.state == "to_do")
        return max(self.owed(org, subject) - tasks, 0)

    def ask(self, org: int, order: Order | None, line: Told | None, dong: int, payee: Payee) -> Refund:
        refund = Refund(org, order, line, dong, payee)
        if dong > self.to_ask(org, refund.subject):
            raise No("MORE_THAN_OWED")
        self.refunds.append(refund)
        return refund

    def order_out(self, refund: Refund, payee: Payee) -> None:
        if refund.state != "to_do":
            raise No("REFUND_GONE")
        if refund.dong > self.owed(refund.org, refund.subject):
            raise No("MORE_THAN_OWED")
        self._on_the_way(refund, 1)
        refund.payee, refund.state = payee, "ordered"

    def cancel_refund(self, refund: Refund) -> None:
        if refund.state == "cancelled":
            return
        if refund.state not in ("to_do", "ordered"):
            raise No("REFUND_GONE")
        if refund.state == "ordered":
            self._on_the_way(refund, -1)
        refund.state = "cancelled"

    def return_line(self, told: Told, payee: Payee) -> Refund:
        """Owed for the one order that its memo or its link names, else to the stranger; and back it goes."""
        self._can_be_given(told)
        named = {order.pk: order for code in told.codes if (order := self.by_code(code)) and order.org == told.org}
        if told.link and (order := self.by_code(told.link)) is not None:
            named[order.pk] = order
        order = next(iter(named.values())) if len(named) == 1 else None
        dong = told.unused
        self.keep_for(told, order)
        refund = self.ask(told.org, order, None if order else told, dong, payee)
        if all(payee):
            self.order_out(refund, payee)
        return refund

    def match(self, refund: Refund, told: Told) -> None:
        self.looked_at(told)
        if refund.state != ("sent" if told.is_in else "ordered") or told.used or told.dong != refund.dong:
            raise No("NOT_THAT_REFUND")
        if not told.is_booked and not told.is_claim:
            raise No("NOTHING_LEFT")
        self.declare(told)
        self.carry(refund, told)
        told.is_dismissed = False

    def fits(self, told: Told, refund: Refund) -> bool:
        if told.used or told.dong != refund.dong:
            return False
        if told.is_in:
            return refund.state == "sent"
        shown = told.other_side.lstrip("*")
        same = refund.payee.account == shown if shown == told.other_side else refund.payee.account.endswith(shown)
        return refund.state == "ordered" and (not shown or same)

    def carry(self, refund: Refund, told: Told) -> None:
        """The whole line is this refund, going or coming back."""
        movement = Movement(refund, told, "bounced" if told.is_in else "sent")
        self.movements.append(movement)
        self._carry(movement, 1)
        told.state, told.reason = "SETTLED", "BOUNCED" if told.is_in else ""
        refund.state = movement.kind
        if told.is_in and refund.dong <= self.to_ask(refund.org, refund.subject):
            self.ask(refund.org, refund.order, refund.line, refund.dong, refund.payee)
        self._refresh(refund)

    def undo_movement(self, movement: Movement) -> None:
        refund, told = movement.refund, movement.line
        if not movement.is_live:
            return
        if movement.kind == "sent" and refund.state != "sent":
            raise No("CAME_BACK")
        if movement.kind == "bounced" and self.owed(refund.org, refund.subject) < refund.dong:
            raise No("MONEY_ON_ITS_WAY")
        movement.is_live = False
        self._carry(movement, -1)
        refund.state = "ordered" if movement.kind == "sent" else "sent"
        self.drop_what_is_not_owed(refund.org, refund.subject)
        self._refresh(refund)
        self.before_a_person(told)

    def drop_what_is_not_owed(self, org: int, subject: str) -> None:
        """Tasks that the debt no longer covers go; the older stay."""
        debt = self.owed(org, subject)
        for refund in self._of(org, subject):
            if refund.state != "to_do":
                continue
            if refund.dong > debt:
                refund.state = "cancelled"
            else:
                debt -= refund.dong

    def _of(self, org: int, subject: str) -> list[Refund]:
        return [one for one in self.refunds if one.org == org and one.subject == subject]

    def _on_the_way(self, refund: Refund, sign: int) -> None:
        self.books[refund.org, "owed_to_payers", refund.subject] -= sign * refund.dong
        self.books[refund.org, "on_the_way_out", refund.way_out] += sign * refund.dong

    def _carry(self, movement: Movement, sign: int) -> None:
        refund, told, dong = movement.refund, movement.line, sign * movement.refund.dong
        told.used += dong
        if movement.kind == "sent":
            self.books[refund.org, "on_the_way_out", refund.way_out] -= dong
            self.books[refund.org, "unmatched_departures", told.subject] -= dong
        else:
            self.books[refund.org, "unmatched_arrivals", told.subject] -= dong
            self.books[refund.org, "owed_to_payers", refund.subject] += dong

    def _refresh(self, refund: Refund) -> None:
        """All of it gone: the ended order's request is refunded, a line that was kept whole is returned."""
        is_back = self._is_back(refund.org, refund.subject)
        if refund.order is not None:
            self._refresh_order(refund.order)
        kept: dict[Told, int] = {}
        for given in self.given:
            is_debt = given.is_live and given.order is None
            if is_debt and (given.line.org, given.subject) == (refund.org, refund.subject):
                kept[given.line] = kept.get(given.line, 0) + given.excess
        for told, dong in kept.items():
            if dong == told.dong and told.state == ("SETTLED" if is_back else "RETURNED"):
                told.state = "RETURNED" if is_back else "SETTLED"

    def _is_back(self, org: int, subject: str) -> bool:
        states = {one.state for one in self._of(org, subject)}
        return not self.owed(org, subject) and "ordered" not in states and "sent" in states

    def _refresh_order(self, order: Order) -> None:
        if order.state in ENDED:
            order.is_refunded = self._is_back(order.org, f"order:{order.pk}") and (order.pk in self.paid_in_cash or any(
                given.is_live and (given.order is order or given.kept_for is order) for given in self.given
            ))  # fmt: skip

    # What is kept for an order is owed for it: it is no longer given back whole, and is again when that is undone.
    def keep_for(self, told: Told, order: Order | None) -> None:
        super().keep_for(told, order)
        if order is not None:
            self._refresh_order(order)

    def undo(self, given: Given) -> None:
        super().undo(given)
        if given.kept_for is not None:
            self._refresh_order(given.kept_for)
