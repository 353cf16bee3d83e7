"""A member's account with the cooperative, line by line as the ledger has it: sales, returns, cash, and what she owes.

Reads only. Her balance is what she is owed less what she owes; netting one against the other changes nothing of it and
has no line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from cooperatives import income
from cooperatives.chart import Event, Kind
from cooperatives.models import Entry, LedgerAccount, Member, Posting
from orders.models import Order

MOST_LINES = 200
_DOCUMENTS = (
    "goods_return__order", "cash_voucher", "made_good__order", "delivery_borne__shipment__order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """``dong`` is signed: more owed to her, or less. ``balance_dong`` is what she was owed after it."""

    day: date
    what: str
    detail: str
    dong: int
    balance_dong: int


@dataclass(frozen=True, slots=True)
class Statement:
    """``lines`` with the latest first; ``more`` older ones are not shown."""

    owed_to_dong: int
    owed_by_dong: int
    paid_dong: int
    lines: tuple[Line, ...]
    more: int

    @property
    def balance_dong(self) -> int:
        return self.owed_to_dong - self.owed_by_dong


def statement(*, member: Member, most: int = MOST_LINES) -> Statement:
    """Her account as it stands. Seven queries, however long it is."""
    subject = f"member:{member.pk}"
    hers = LedgerAccount.objects.filter(
        organization=member.organization, subject=subject, kind__in=[Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS]
    )
    balances = {account.kind: account.balance_dong for account in hers}
    moved = _moved([account.pk for account in hers])
    owed_to, owed_by = balances.get(Kind.OWED_TO_MEMBERS, 0), balances.get(Kind.OWED_BY_MEMBERS, 0)
    shown = sorted(moved, reverse=True)[:most]
    entries = _entries(shown)
    orders = _orders_of(entries.values())
    balance, lines = owed_to - owed_by, []
    for pk in shown:
        entry = entries[pk]
        what, detail = _said(entry, orders)
        lines.append(Line(entry.booked_on, what, detail, moved[pk], balance))
        balance -= moved[pk]
    return Statement(owed_to, owed_by, income.paid_out_dong(member=member), tuple(lines), len(moved) - len(shown))


def _moved(accounts: list[int]) -> dict[int, int]:
    """By entry, the đồng by which it changed what she is owed in all; without what it did not change."""
    sums: dict[int, int] = {}
    for side, sign in (("credit", 1), ("debit", -1)):
        rows = Posting.objects.filter(Q(**{f"{side}__in": accounts})).order_by()
        for pk, dong in rows.values_list("entry_id").annotate(Sum("amount_dong")):
            sums[pk] = sums.get(pk, 0) + sign * dong
    return {pk: dong for pk, dong in sums.items() if dong}


def _entries(ids: Iterable[int]) -> dict[int, Entry]:
    related = [*_DOCUMENTS, "reverses", *(f"reverses__{name}" for name in _DOCUMENTS)]
    return Entry.objects.select_related(*related).in_bulk(list(ids))


def _orders_of(entries: Iterable[Entry]) -> dict[int, str]:
    """Numbers of the orders whose hand-overs these entries are."""
    ids = [pk for entry in entries if (pk := _handed_over(entry)) is not None]
    return dict(Order.objects.filter(pk__in=ids).values_list("pk", "number"))


def _handed_over(entry: Entry) -> int | None:
    """The order that a hand-over, or its undoing, is about: its key names it (orders/fulfilling.py: keys_of)."""
    event, pk, *_again = [*(entry.reverses or entry).key.split(":"), ""]
    return int(pk) if event == Event.HANDED_OVER else None


def _said(entry: Entry, orders: dict[int, str]) -> tuple[str, str]:
    """What happened, and which paper says so."""
    if entry.reverses is not None:
        what, detail = _said(entry.reverses, orders)
        return _("Gỡ lại: %(what)s") % {"what": what}, detail
    order_id = _handed_over(entry)
    if order_id is not None:
        return _("Bán hàng"), _order(orders[order_id])
    if entry.event == Event.RETURNED:
        return _("Hàng trả lại"), f"{_order(entry.goods_return.order.number)}: {entry.goods_return.reason}"
    if entry.event == Event.PAID_IN_CASH:
        return _("Nhận tiền mặt"), _("phiếu chi số %(number)s") % {"number": entry.cash_voucher.number}
    if entry.event == Event.MADE_GOOD:
        return _("Bù hàng mất trên đường"), _order(entry.made_good.order.number)
    if entry.event == Event.DELIVERY_BORNE:
        return _("Chịu cước hàng bị từ chối"), _order(entry.delivery_borne.shipment.order.number)
    return _("Bút toán khác"), ""


def _order(number: str) -> str:
    return _("đơn %(number)s") % {"number": number}
