"""What the tests of money share: an order of Dũng's, and money that comes for it."""

from collections.abc import Callable
from datetime import datetime
from itertools import count

import pytest

from cooperatives.models import BankAccount
from orders.models import Order
from orders.placing import Buyer, Wanted
from payments import checkout, inbox, settlement
from payments.models import BankTransaction, PaymentRequest
from payments.providers.arrival import Arrival
from tests.people import World

_ids = count(1)


def order_bags(world: World, bags: int = 2, *, pay_by: str = "TRANSFER", key: str = "", at: datetime | None = None) -> Order:
    """Dũng orders ``bags`` bags of the world's product as a guest."""
    placed = checkout.place(
        wanted=[Wanted(world.variant.pk, bags)], buyer=Buyer("Hoàng Văn Dũng", "0912345678", "Xóm 3"),
        delivery="PICKUP", pickup_point_id=None, pay_by=pay_by, note="", key=key or f"order-{next(_ids)}",
        placed_by=None, at=at or world.now,
    )  # fmt: skip
    return placed.orders[0]


def request_of(order: Order) -> PaymentRequest:
    return PaymentRequest.objects.get(order=order)


def arrival(
    memo: str, dong: int, *, at: datetime, source_id: str = "", direction: str = "in", account: str = "", **more: object
) -> Arrival:
    return Arrival(
        source_id=source_id or f"t{next(_ids)}", account=account, dong=dong, direction=direction, memo=memo,
        happened_at=at, raw=f"{memo} {dong}", **more,
    )  # fmt: skip


@pytest.fixture
def comes(world: World) -> Callable[..., BankTransaction]:
    """Money comes in: written down, then settled. Returns the line."""

    def arrives(memo: str, dong: int, *, at: datetime | None = None, account: BankAccount | None = None, **more: object):
        account = account or world.bank_account
        at = at or world.now
        written = inbox.write_down(
            arrival=arrival(memo, dong, at=at, account=account.number, **more), organization=account.organization,
            bank_account=account, source="sepay:live", at=at,
        )  # fmt: skip
        assert written.transaction is not None
        return settlement.settle(transaction_id=written.transaction.pk, at=at)

    return arrives
