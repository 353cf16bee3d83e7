"""How much of the goods strangers may hold: open, unpaid orders of guests, by phone and by network.

A guest's order holds goods before any money moves. Whoever is signed in is known by name, and a phone that has taken
goods from a cooperative before is hardly limited there. Nobody is locked out: a network from which many unknown phones
order is slowed, and the cooperative itself orders for whoever calls (docs/decisions/0029-limits-of-guests.md).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from base.periods import VIETNAM_OFFSET
from base.refusals import Refused
from cooperatives import phones, trying
from cooperatives.models import Organization
from cooperatives.trying import Subject
from orders.models import Order

MOST_OPEN, MOST_OPEN_KNOWN = 5, 20
"""Orders of one phone with one cooperative that wait for money or a call; more for a phone that took goods there."""
FREE_FROM_NETWORK = 30
"""Checkouts of unknown phones from one network in an hour (counted as trying.made counts) before it is slowed."""
SLOT, MOST_IN_SLOT = timedelta(minutes=5), 3
"""And then so many in each five minutes: 36 households an hour behind one carrier's address."""


class TooManyOpenOrders(Refused):
    """This phone has as many unpaid orders with one of the cooperatives as a guest may have."""

    code = "TOO_MANY_OPEN_ORDERS"
    sentence = _(
        "Số điện thoại này đang có nhiều đơn chưa trả tiền ở %(name)s. Hãy trả tiền hoặc nhận một đơn trước, hoặc gọi "
        "%(whom)s: hợp tác xã đặt giúp. Đơn này chưa đặt."
    )


class OrdersSlowed(Refused):
    """Many unknown phones have ordered from this network; the next order is taken in a few minutes."""

    code = "ORDERS_SLOWED"
    sentence = _(
        "Từ mạng này vừa có nhiều đơn chưa trả tiền, có khi của người khác dùng chung mạng. Đơn này chưa đặt: đợi đến "
        "%(time)s rồi bấm đặt lại, hoặc gọi %(whom)s, hợp tác xã đặt giúp."
    )


REFUSALS: tuple[type[Refused], ...] = (TooManyOpenOrders, OrdersSlowed)


def check(*, phone: str, sellers: Collection[Organization], came_from: str, at: datetime) -> None:
    """Count one checkout of a guest; refused, it is rolled back with everything else, so only what was placed counts.

    Strangers come from the public network. A request from this machine or from within the house (a script, a trial, the
    cooperative's own screen) is not limited, and not counted.

    ``phone``: E.164. ``came_from``: the network address of her request. Needs an open transaction (asserted), and goes
    before any goods are locked: two checkouts of one phone, or from one network, come one after the other. In three
    queries, five for a phone that every seller knows. Raises TooManyOpenOrders, OrdersSlowed.
    """
    assert connection.in_atomic_block, "what was counted stands or falls with the order"
    slot = int(at.timestamp() // SLOT.total_seconds())
    by_network = _networks(came_from, slot)
    if not by_network:
        return
    _of_phone, *counts = trying.note([Subject("order_phone", phone), *by_network], at=at)
    waiting, known = _orders_of(phone, sellers)
    for seller in sellers:
        if waiting.get(seller.pk, 0) >= (MOST_OPEN_KNOWN if seller.pk in known else MOST_OPEN):
            raise TooManyOpenOrders(name=seller.name, whom=_whom([seller]))
    if len(known) == len(sellers):
        trying.take_back(by_network, at=at)
    elif counts[0] > FREE_FROM_NETWORK and counts[1] > MOST_IN_SLOT:
        raise OrdersSlowed(time=_next_slot(slot), whom=_whom(sellers))


def _orders_of(phone: str, sellers: Collection[Organization]) -> tuple[dict[int, int], set[int]]:
    """By seller: guests' orders of this phone that hold goods and for which nobody has paid or been called; and the
    sellers whose goods it has taken."""
    unpaid = Q(payment=Order.Payment.UNPAID, state=Order.State.PLACED, confirmed_at=None, placed_by=None)
    rows = Order.objects.filter(organization__in=sellers, buyer_phone=phone).order_by().values("organization_id")
    found = list(rows.annotate(open=Count("pk", unpaid), taken=Count("pk", Q(accepted_at__isnull=False))))
    return (
        {row["organization_id"]: row["open"] for row in found},
        {row["organization_id"] for row in found if row["taken"]},
    )  # fmt: skip


def _networks(came_from: str, slot: int) -> list[Subject]:
    """What its orders are counted by: in the hour, and in these five minutes; nothing for an address within a house."""
    network = trying.network_of(came_from)
    try:
        is_public = ip_network(network).is_global
    except ValueError:
        is_public = False
    if not is_public:
        return []
    return [Subject("order_network", network), Subject("order_network_slot", f"{network} {slot}")]


def _next_slot(slot: int) -> str:
    begins = datetime.fromtimestamp((slot + 1) * SLOT.total_seconds(), tz=VIETNAM_OFFSET)
    return f"{begins:%H:%M}"


def _whom(sellers: Collection[Organization]) -> str:
    """Whom to call: each by name and, where there is one, number."""
    return ", ".join(f"{one.name} {phones.shown(one.phone)}".strip() for one in sellers)
