"""The model of the shop: goods, lots, orders, shares. Plain Python; ids are the product's, rules are our own."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OPEN = ("PLACED", "PACKED")
ENDED = ("EXPIRED", "CANCELLED")


class No(Exception):  # what a verb must refuse, by its code
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Variant:
    org: int
    product: int
    price: int
    unit: int
    step: int
    fee_bp: int
    on_hand: int = 0
    reserved: int = 0
    on_sale: bool = True


@dataclass
class Lot:
    variant: int
    member: int | None
    left: int


@dataclass
class Line:
    variant: int
    quantity: int
    total: int
    fee_bp: int


@dataclass
class Order:
    """An order and its request to pay in one."""

    pk: int
    org: int
    account: int
    code: str
    lines: list[Line]
    by_cash: bool
    expires_at: datetime | None
    state: str = "PLACED"
    credited: int = 0
    excess: int = 0
    is_refunded: bool = False
    settled_since_release: set[int] = field(default_factory=set)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def payment(self) -> str:
        if self.state in ENDED or not self.credited:
            return "UNPAID"
        return "PAID" if self.credited >= self.total else "PART"

    @property
    def request_state(self) -> str:
        if self.state in ENDED:
            return "refunded" if self.is_refunded else self.state.lower()
        if self.credited < self.total:
            return "part" if self.credited else "waiting"
        return "over" if self.excess else "paid"

    @property
    def takes_money(self) -> bool:
        return self.request_state in ("waiting", "part")


@dataclass
class Organization:
    account: int
    hours: int
    cash_step: int


class Goods:
    """What lies where, what is promised, and what each account of the books holds on its normal side."""

    def __init__(self) -> None:
        self.now: datetime
        self.organizations: dict[int, Organization] = {}
        self.variants: dict[int, Variant] = {}
        self.lots: dict[int, Lot] = {}
        self.orders: dict[int, Order] = {}
        self.books: Counter[tuple[int, str, str]] = Counter()
        self.done: dict[tuple[str, int | None, str], object] = {}

    # -- The sender's key ---------------------------------------------------------------------------------
    def repeated(self, verb: str, actor: int | None, key: str | None, meaning: object) -> bool:
        """Whether this very thing was done before. Raises No where the key was for something else."""
        before = self.done.get((verb, actor, key)) if key is not None else None
        if before is not None and before != meaning:
            raise No("KEY_REUSED")
        return before is not None

    def remember(self, verb: str, actor: int | None, key: str | None, meaning: object) -> None:
        if key is not None:
            self.done[verb, actor, key] = meaning

    # -- Ordering -----------------------------------------------------------------------------------------
    def to_place(self, wanted: list[tuple[int, int]]) -> dict[int, list[Line]]:
        """The lines of each organization's order; raises No."""
        together: dict[int, int] = {}
        for variant, quantity in wanted:
            if quantity < 1:
                raise No("BAD_QUANTITY")
            together[variant] = together.get(variant, 0) + quantity
        goods = {variant: self.variants[variant] for variant in together}
        if not all(one.on_sale for one in goods.values()):
            raise No("UNKNOWN_GOODS")
        if any(together[variant] % one.step for variant, one in goods.items()):
            raise No("BAD_QUANTITY")
        if not self._there_is(together):
            raise No("SOLD_OUT")
        lines: dict[int, list[Line]] = {}
        for variant, one in goods.items():
            quantity = together[variant]
            exact, rest = divmod(one.price * quantity, one.unit)
            total = exact + (1 if 2 * rest >= one.unit else 0)
            lines.setdefault(one.org, []).append(Line(variant, quantity, total, one.fee_bp))
        return lines

    def placed(self, pk: int, org: int, code: str, lines: list[Line], *, by_cash: bool) -> None:
        self._promise({line.variant: line.quantity for line in lines}, 1)
        account = self.organizations[org].account
        self.orders[pk] = Order(pk, org, account, code, lines, by_cash, self.until(org, by_cash))

    def until(self, org: int, by_cash: bool) -> datetime | None:
        return None if by_cash else self.now + timedelta(hours=self.organizations[org].hours)

    def _there_is(self, wanted: dict[int, int]) -> bool:
        return all(self.variants[v].on_hand - self.variants[v].reserved >= n for v, n in wanted.items())

    def _promise(self, wanted: dict[int, int], sign: int) -> None:
        for variant, quantity in wanted.items():
            self.variants[variant].reserved += sign * quantity

    # -- Ending and coming back ---------------------------------------------------------------------------
    def end(self, order: Order, state: str) -> None:
        self._promise({line.variant: line.quantity for line in order.lines}, -1)
        purse = self.books.pop((order.org, "prepaid", f"order:{order.pk}"), 0)
        self.books[order.org, "owed_to_payers", f"order:{order.pk}"] += purse
        if purse:
            order.settled_since_release.clear()
        order.state, order.credited = state, 0

    def cancel(self, order: Order, reason: str) -> None:
        if order.state == "CANCELLED":
            return
        if len(reason) > 200:
            raise No("REASON_TOO_LONG")
        if order.state == "EXPIRED":
            raise No("ALREADY_ENDED")
        if not order.is_open:
            raise No("ALREADY_HANDED_OVER")
        self.end(order, "CANCELLED")

    def expire_due(self) -> None:
        for order in self.orders.values():
            overdue = order.expires_at is not None and order.expires_at <= self.now
            if order.state == "PLACED" and overdue and order.payment != "PAID":
                self.end(order, "EXPIRED")

    def can_come_back(self, orders: list[Order]) -> bool:
        wanted: Counter[int] = Counter()
        for order in orders:
            wanted.update({line.variant: line.quantity for line in order.lines})
        return self._there_is(wanted)

    def come_back(self, order: Order) -> None:
        self._promise({line.variant: line.quantity for line in order.lines}, 1)
        order.state, order.is_refunded = "PLACED", False
        order.expires_at = self.until(order.org, order.by_cash)

    # -- Packing and handing over -------------------------------------------------------------------------
    def pack(self, order: Order) -> None:
        if order.state in ("PACKED", "HANDED_OVER"):
            return
        if not order.is_open:
            raise No("NOT_PACKABLE")
        if order.payment != "PAID" and not order.by_cash:
            raise No("NOT_PAID_YET")
        order.state = "PACKED"

    def hand_over(self, order: Order) -> None:
        if order.state == "HANDED_OVER":
            return
        if not order.is_open:
            raise No("NOT_DELIVERABLE")
        if order.payment != "PAID":
            raise No("NOT_PAID_YET")
        for line in order.lines:
            self._share(order.org, line)
        self.books[order.org, "prepaid", f"order:{order.pk}"] -= order.total
        order.state = "HANDED_OVER"

    def _share(self, org: int, line: Line) -> None:
        """First in, first out, by cumulative quantity (docs/prices-and-shares.md §3); the odd đồng is the owners'."""
        variant = self.variants[line.variant]
        variant.on_hand -= line.quantity
        variant.reserved -= line.quantity
        reached = gross_so_far = fee_so_far = 0
        for lot in self.lots.values():  # in the order in which they came
            part = min(lot.left, line.quantity - reached) if lot.variant == line.variant else 0
            if not part:
                continue
            lot.left -= part
            reached += part
            gross = line.total * reached // line.quantity
            fee = gross * line.fee_bp // 10_000
            net = (gross - gross_so_far) - (fee - fee_so_far)
            owner = ("own_goods", "") if lot.member is None else ("owed_to_members", f"member:{lot.member}")
            self.books[org, *owner] += net
            self.books[org, "fee", ""] += fee - fee_so_far
            gross_so_far, fee_so_far = gross, fee
        assert reached == line.quantity
