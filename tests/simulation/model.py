"""The model of money: lines of the bank, what each becomes, and what people do with it by hand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.simulation.bank import BankLine
from tests.simulation.goods import ENDED, Goods, No, Order


@dataclass
class Told:
    """A line of the bank as the product should know it. ``used`` of ``dong`` is explained."""

    truth: BankLine
    org: int
    pk: int = 0
    state: str = "NEW"
    reason: str = ""
    used: int = 0
    contradicted: bool = False
    undone: int = 0
    before_opening: bool = False

    @property
    def unused(self) -> int:
        return self.truth.dong - self.used


@dataclass
class Given:
    """A settlement (``order``) or a kept debt (``subject``), until it is taken back."""

    number: int
    line: Told
    credited: int
    excess: int
    order: Order | None
    subject: str = ""
    pk: int = 0
    is_live: bool = True


@dataclass
class Seen:
    """Equal lines of one day: how many each source has told of. As many exist as the source with the most says."""

    by_feed: set[tuple[int, int]] = field(default_factory=set)
    most_in_a_file: int = 0
    lines: list[Told] = field(default_factory=list)


class Model(Goods):
    def __init__(self) -> None:
        super().__init__()
        self.owner_of: dict[int, int] = {}  # bank account → organization
        self.lines: list[Told] = []
        self.given: list[Given] = []
        self.seen: dict[object, Seen] = {}
        self.receipts: Counter[int] = Counter()
        self.wrong: set[tuple[int, int, int]] = set()

    def by_code(self, code: str) -> Order | None:
        return next((order for order in self.orders.values() if order.code == code), None)

    # -- Arriving -----------------------------------------------------------------------------------------
    def fed(self, line: BankLine, *, booked: bool = True) -> None:
        """The feed tells of ``line``; ``booked`` False: we die between writing it down and booking it."""
        seen = self.seen.setdefault(line.equal, Seen())
        seen.by_feed.add((line.account, line.source_id))
        self._as_many(seen, line)
        if booked:
            for told in seen.lines:
                self.book(told)

    def in_file(self, lines: Sequence[BankLine], *, written: Sequence[object]) -> None:
        """A file tells of ``lines``. What was known is not booked by it; what is new is, in the order ``written``.

        That order alone is the product's: which row of a file comes first is no rule.
        """
        in_this_file: Counter[object] = Counter()
        fresh: list[Told] = []
        for line in lines:
            in_this_file[line.equal] += 1
            seen = self.seen.setdefault(line.equal, Seen())
            seen.most_in_a_file = max(seen.most_in_a_file, in_this_file[line.equal])
            fresh += self._as_many(seen, line)
        del self.lines[len(self.lines) - len(fresh) :]
        for what in written:
            told = next((one for one in fresh if one.truth.shown == what), None)
            if told is not None:  # else the comparison says which line has no partner
                fresh.remove(told)
                self.lines.append(told)
                self.book(told)
        self.lines += fresh

    def _as_many(self, seen: Seen, line: BankLine) -> list[Told]:
        if max(len(seen.by_feed), seen.most_in_a_file) <= len(seen.lines):
            return []
        told = Told(line, self.owner_of[line.account])
        if line.dong == 0 or line.before_opening:
            told.state, told.reason = "NOT_OURS", "NO_AMOUNT" if line.dong == 0 else "BEFORE_OPENING"
        seen.lines.append(told)
        self.lines.append(told)
        return [told]

    def contradicted(self, line: BankLine, dong: int) -> None:
        """The feed says another sum under the id of ``line``: nothing moves, a person is told once."""
        [told] = self.seen[line.equal].lines
        if (line.account, line.source_id, dong) not in self.wrong:
            self.wrong.add((line.account, line.source_id, dong))
            told.contradicted = True
            if told.state not in ("NEW", "NOT_OURS"):
                told.reason = "CONFLICT"
        self.book(told)

    def work(self) -> None:
        """A round of the worker."""
        for told in self.lines:
            self.book(told)
        self.expire_due()

    def book(self, told: Told) -> None:
        if told.state != "NEW":
            return
        line, subject = told.truth, f"transaction:{told.pk or id(told)}"
        bank = (told.org, "bank", f"bank_account:{line.account}")
        if line.direction == "in":
            self.books[bank] += line.dong
            self.books[told.org, "unmatched_arrivals", subject] += line.dong
        else:
            self.books[bank] -= line.dong
            self.books[told.org, "unmatched_departures", subject] += line.dong
        takes, reason = (None, "CONFLICT") if told.contradicted else self._verdict(told)
        told.reason = reason
        if takes is None:
            told.state = "NEEDS_YOU"
            return
        if takes.state == "EXPIRED" and not self.can_come_back([takes]):  # its goods are gone: all of it goes back
            self._keep(told, takes)
            told.state = "SETTLED"
            return
        if takes.state == "EXPIRED":
            self.come_back(takes)
        excess = self._settle(told, takes, line.dong)
        told.state = "SETTLED"
        told.reason = reason or ("OVERPAID" if excess else "")

    def _verdict(self, told: Told) -> tuple[Order | None, str]:
        """Who takes the money, or nobody, and the reason that stands on the line."""
        line = told.truth
        if line.direction == "out":
            return None, "OUTGOING"
        named = [order for code in line.codes if (order := self.by_code(code)) is not None]
        ours = [order for order in named if order.org == told.org]
        if line.kind == "mistyped":
            return None, "MISTYPED_CODE" if ours else "NO_CODE"
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

    def _one_of_several(self, told: Told, named: list[Order], ours: list[Order]) -> tuple[Order | None, str]:
        takes = [order for order in ours if order.takes_money and order.account == told.truth.account]
        if not takes:
            reasons = {_closed(order) or "OTHER_ACCOUNT" for order in ours}
            if not ours:
                return None, "OTHER_ORGANIZATION"
            return None, reasons.pop() if len(reasons) == 1 else "TWO_CODES"
        all_ours = len(ours) == len(named) == len(told.truth.codes)
        due = takes[0].total - takes[0].credited
        if len(takes) == 1 and all_ours and due == told.truth.dong:
            return takes[0], ""
        return None, "TWO_CODES"

    def _settle(self, told: Told, order: Order, dong: int) -> int:
        credited = min(dong, order.total - order.credited) if order.takes_money else 0
        self._give(Given(len(self.given), told, credited, dong - credited, order))
        order.settled_since_release.add(len(self.given) - 1)
        return dong - credited

    def _keep(self, told: Told, order: Order | None) -> None:
        subject = f"order:{order.pk}" if order else f"transaction:{told.pk}"
        self._give(Given(len(self.given), told, 0, told.unused, None, subject))

    def _give(self, given: Given, sign: int = 1) -> None:
        told, order, org = given.line, given.order, given.line.org
        told.used += sign * (given.credited + given.excess)
        self.books[org, "unmatched_arrivals", f"transaction:{told.pk or id(told)}"] -= sign * (
            given.credited + given.excess
        )
        if order is not None:
            order.credited += sign * given.credited
            order.excess += sign * given.excess
            self.books[org, "prepaid", f"order:{order.pk}"] += sign * given.credited
        self.books[org, "owed_to_payers", f"order:{order.pk}" if order else given.subject] += sign * given.excess
        if sign > 0:
            self.given.append(given)

    def bind(self, told: Told, pk: int) -> None:
        """The product's number of a line that it has just made."""
        for kind in ("unmatched_arrivals", "unmatched_departures"):
            dong = self.books.pop((told.org, kind, f"transaction:{id(told)}"), 0)
            self.books[told.org, kind, f"transaction:{pk}"] += dong
        told.pk = pk

    # -- By hand ------------------------------------------------------------------------------------------
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
        excess = 0
        for code, dong in parts:
            order = self.by_code(code)
            assert order is not None
            excess += self._settle(told, order, dong)
        self._left(told)
        if told.state == "SETTLED":
            told.reason = "OVERPAID" if excess else ""

    def keep(self, told: Told, code: str | None) -> None:
        self._can_be_given(told)
        order = self.by_code(code) if code else None
        if code and (order is None or order.org != told.org):
            raise No("UNKNOWN_REQUEST")
        self._keep(told, order)
        told.state = "SETTLED"

    def dismiss(self, told: Told) -> None:
        self._booked(told)
        if told.state == "NOT_OURS":
            raise No("NOTHING_LEFT")
        whole = not told.used
        if told.truth.direction == "in":
            self._can_be_given(told)
            self._keep(told, None)
        told.state = "NOT_OURS" if whole else "SETTLED"

    def undo(self, given: Given) -> None:
        told, order = given.line, given.order
        if not given.is_live:
            return
        if order is not None and given.credited and not order.is_open:
            raise No("GOODS_GONE")
        if order is not None and given.credited and given.number not in order.settled_since_release:
            raise No("MONEY_RELEASED")
        given.is_live = False
        self._give(given, -1)
        if order is not None and order.takes_money and order.expires_at is not None:
            whole = self.until(order.org, order.by_cash)
            assert whole is not None
            order.expires_at = max(order.expires_at, whole)
        self._left(told)
        told.reason = "UNDONE"
        told.undone += 1

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
        self.books[order.org, "cash", f"keeper:{keeper}"] += dong
        self.books[order.org, "prepaid", f"order:{order.pk}"] += credited
        self.books[order.org, "other_receipts", ""] += max(dong - credited, 0)
        self.books[order.org, "losses", ""] += max(credited - dong, 0)

    def _booked(self, told: Told) -> None:
        if told.state == "NEW":
            raise No("NOT_YET_BOOKED")

    def _can_be_given(self, told: Told) -> None:
        self._booked(told)
        if told.truth.direction == "out":
            raise No("ONLY_MONEY_IN")
        if told.state == "NOT_OURS" or not told.unused:
            raise No("NOTHING_LEFT")

    def _left(self, told: Told) -> None:
        told.state = "SETTLED" if not told.unused else "PART_SETTLED" if told.used else "NEEDS_YOU"


def _closed(order: Order) -> str:
    """Why its code takes no money any more; "" while it does."""
    if order.state == "EXPIRED":
        return "LATE"
    if order.state == "CANCELLED":
        return "CANCELLED_ORDER"
    return "" if order.takes_money else "ALREADY_PAID"
