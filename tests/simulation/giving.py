"""The model of what lines of the bank are given to: requests, debts, explanations; and of taking it back."""

from collections import Counter
from dataclasses import dataclass

from tests.simulation.goods import ENDED, No, Order
from tests.simulation.lines import Lines, Told


@dataclass(eq=False)
class Given:
    """A settlement (``order``), or a kept debt of ``subject`` (``kept_for`` an order, or a stranger)."""

    number: int
    line: Told
    credited: int
    excess: int
    order: Order | None
    subject: str = ""
    kept_for: Order | None = None
    pk: int = 0
    is_live: bool = True


@dataclass(eq=False)
class Explained:
    """What (part of) a line was for; ``other`` is the arrival of an own transfer."""

    line: Told
    kind: str
    dong: int
    other: Told | None = None
    pk: int = 0
    is_live: bool = True


class Giving(Lines):
    def __init__(self) -> None:
        super().__init__()
        self.given: list[Given] = []
        self.explained: list[Explained] = []
        self.receipts: Counter[int] = Counter()
        self.paid_in_cash: set[int] = set()

    def drop_what_is_not_owed(self, org: int, subject: str) -> None:
        raise NotImplementedError

    def by_code(self, code: str) -> Order | None:
        return self.codes.get(code)

    def owed(self, org: int, subject: str) -> int:
        return self.books[org, "owed_to_payers", subject]

    # -- To requests and debts ----------------------------------------------------------------------------
    def assign(self, told: Told, parts: list[tuple[str, int]]) -> None:
        self._can_be_given(told)
        if sum(dong for _, dong in parts) > told.unused:
            raise No("MORE_THAN_IT_HOLDS")
        orders = {}
        for code, _ in parts:
            order = self.by_code(code)
            if order is None or order.org != told.org:
                raise No("UNKNOWN_REQUEST")
            orders[order.pk] = order
        ended = [order for order in orders.values() if order.state in ENDED]
        if any(order.state == "CANCELLED" for order in ended) or not self.can_come_back(ended):
            raise No("REQUEST_ENDED")
        for order in ended:
            self.come_back(order)
        self.declare(told)
        excess = 0
        for code, dong in parts:
            order = self.by_code(code)
            assert order is not None
            excess += self.settle(told, order, dong)
        self.left(told)
        if told.state == "SETTLED":
            told.reason = "OVERPAID" if excess else ""

    def keep(self, told: Told, code: str | None) -> None:
        self._can_be_given(told)
        order = self.by_code(code) if code else None
        if code and (order is None or order.org != told.org):
            raise No("UNKNOWN_REQUEST")
        self.keep_for(told, order)

    def keep_for(self, told: Told, order: Order | None) -> None:
        was_claim = told.is_claim
        self.declare(told)
        self.owe(told, order)
        told.state = "SETTLED"
        if was_claim:
            told.reason = ""

    def dismiss(self, told: Told) -> None:
        self.looked_at(told)
        if told.state == "NOT_OURS":
            raise No("NOTHING_LEFT")
        whole = not told.used
        if told.is_in and not told.is_claim:
            self._can_be_given(told)
            self.owe(told, None)
        elif not told.unused:
            raise No("NOTHING_LEFT")
        told.state = "NOT_OURS" if whole or told.unused else "SETTLED"
        told.is_dismissed = True

    def settle(self, told: Told, order: Order, dong: int) -> int:
        credited = min(dong, order.total - order.credited) if order.takes_money else 0
        self._give(Given(len(self.given), told, credited, dong - credited, order))
        order.settled_since_release.add(len(self.given) - 1)
        return dong - credited

    def owe(self, told: Told, order: Order | None) -> None:
        subject = f"order:{order.pk}" if order else told.subject
        self._give(Given(len(self.given), told, 0, told.unused, None, subject, order))

    def _give(self, given: Given, sign: int = 1) -> None:
        told, order, org = given.line, given.order, given.line.org
        told.used += sign * (given.credited + given.excess)
        self.books[org, "unmatched_arrivals", told.subject] -= sign * (given.credited + given.excess)
        if order is not None:
            order.credited += sign * given.credited
            order.excess += sign * given.excess
            self.books[org, "prepaid", f"order:{order.pk}"] += sign * given.credited
        self.books[org, "owed_to_payers", f"order:{order.pk}" if order else given.subject] += sign * given.excess
        if sign > 0:
            self.given.append(given)

    def undo(self, given: Given) -> None:
        told, order = given.line, given.order
        if not given.is_live:
            return
        if order is not None and given.credited and not order.is_open:
            raise No("GOODS_GONE")
        if order is not None and given.credited and given.number not in order.settled_since_release:
            raise No("MONEY_RELEASED")
        subject = f"order:{order.pk}" if order else given.subject
        if self.owed(told.org, subject) < given.excess:
            raise No("MONEY_ON_ITS_WAY")
        given.is_live = False
        self._give(given, -1)
        if order is not None and order.takes_money and order.expires_at is not None:
            whole = self.until(order.org, order.by_cash)
            assert whole is not None
            order.expires_at = max(order.expires_at, whole)
        if given.excess:
            self.drop_what_is_not_owed(told.org, subject)
        if order is None:
            told.is_dismissed = False
        self.before_a_person(told)

    # -- To what a person says ----------------------------------------------------------------------------
    def explain(self, told: Told, kind: str, dong: int | None, other: Told | None) -> None:
        self.looked_at(told)
        if other is not None and other.org == told.org:  # of another cooperative's line nothing is said
            self.looked_at(other)
        if not told.is_booked and not told.is_claim:
            raise No("NOTHING_LEFT")
        if kind != "own_transfer" and told.is_in != (kind == "other_receipt"):
            raise No("WRONG_DIRECTION")
        if not told.unused:
            raise No("NOTHING_LEFT")
        if dong is not None and dong > told.unused:
            raise No("MORE_THAN_IS_LEFT")
        if kind != "own_transfer":
            self.declare(told)
            self._explain(Explained(told, kind, told.unused if dong is None else dong))
            return
        if other is None or other.org != told.org or not other.is_booked or other.unused != told.unused:
            raise No("NOT_THE_OTHER_SIDE")
        if other.is_in == told.is_in or other.truth.account == told.truth.account:
            raise No("NOT_THE_OTHER_SIDE")
        self.declare(told)
        went, came = (other, told) if told.is_in else (told, other)
        self._explain(Explained(went, kind, went.unused, came))

    def _explain(self, one: Explained, sign: int = 1) -> None:
        org, dong = one.line.org, sign * one.dong
        for told in [one.line] + ([one.other] if one.other else []):
            side = "unmatched_arrivals" if told.is_in else "unmatched_departures"
            self.books[org, side, told.subject] -= dong
            told.used += dong
            if sign > 0:
                told.is_dismissed = False
                self.left(told)
                told.reason = "" if told.state == "SETTLED" else told.reason
        account = {"bank_fee": "charges", "own_spending": "own_spending", "other_receipt": "other_receipts"}
        if one.other is None:
            self.books[org, account[one.kind], ""] += dong
        if sign > 0:
            self.explained.append(one)

    def undo_explained(self, one: Explained) -> None:
        if not one.is_live:
            return
        one.is_live = False
        self._explain(one, -1)
        for told in ([one.other] if one.other else []) + [one.line]:
            self.before_a_person(told, counted=told is one.line)

    # -- Cash ---------------------------------------------------------------------------------------------
    def cash(self, order: Order, dong: int, keeper: int) -> None:
        if not order.takes_money:
            raise No("REQUEST_CLOSED")
        due, step = order.total - order.credited, self.organizations[order.org].cash_step
        rounded = max((2 * due + step) // (2 * step) * step, step)
        if dong > due and dong != rounded:
            raise No("TOO_MUCH_CASH")
        credited = due if dong == rounded else dong
        order.credited += credited
        self.receipts[order.org] += 1
        self.paid_in_cash.add(order.pk)
        self.books[order.org, "cash", f"keeper:{keeper}"] += dong
        self.books[order.org, "prepaid", f"order:{order.pk}"] += credited
        self.books[order.org, "other_receipts", ""] += max(dong - credited, 0)
        self.books[order.org, "losses", ""] += max(credited - dong, 0)

    # -- Of every deed ------------------------------------------------------------------------------------
    def looked_at(self, told: Told) -> None:
        if told.state == "NEW":
            raise No("NOT_YET_BOOKED")

    def before_a_person(self, told: Told, *, counted: bool = True) -> None:
        """Something of it was taken back: whoever repeats a deed on it without a key means it anew."""
        self.left(told)
        told.reason = "UNDONE"
        told.undone += counted
        self.withdraw(told)

    def left(self, told: Told) -> None:
        told.state = "SETTLED" if not told.unused else "PART_SETTLED" if told.used else "NEEDS_YOU"

    def _can_be_given(self, told: Told) -> None:
        self.looked_at(told)
        if not told.is_in:
            raise No("ONLY_MONEY_IN")
        if (told.state == "NOT_OURS" and not told.is_claim) or not told.unused:
            raise No("NOTHING_LEFT")
