"""What the tests of money share: an order of Dũng's, and money that comes for it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count

import pytest

from cooperatives.models import BankAccount, Organization
from orders.models import Order
from orders.placing import Buyer, Wanted
from payments import checkout, feeds, inbox, settlement
from payments.audit import audit
from payments.models import BankTransaction, Feed, PaymentRequest
from payments.providers.arrival import Arrival
from tests.payments.statements.files import HEADER, as_csv
from tests.people import World

_ids = count(1)


def order_bags(
    world: World, bags: int = 2, *, pay_by: str = "TRANSFER", key: str = "", at: datetime | None = None
) -> Order:
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

    def arrives(
        memo: str, dong: int, *, at: datetime | None = None, account: BankAccount | None = None, **more: object
    ) -> BankTransaction:
        account = account or world.bank_account
        at = at or world.now
        written = inbox.write_down(
            arrival=arrival(memo, dong, at=at, account=account.number, **more), organization=account.organization,
            bank_account=account, source="sepay:live", at=at,
        )  # fmt: skip
        assert written.transaction is not None
        return settlement.settle(transaction_id=written.transaction.pk, at=at)

    return arrives


def is_clean(organization: Organization, *, at: datetime) -> bool:
    """Whether ``books audit`` has nothing to say; fails with what it says."""
    figures = audit(organization, at=at)
    assert figures.unexplained_dong == 0, figures
    assert {name: said for name, said in figures.checks.items() if said != "ok"} == {}
    return figures.is_clean


@pytest.fixture
def clean_books(world: World) -> Iterator[None]:
    """Whatever the test did: afterwards both organizations' books add up."""
    yield
    assert is_clean(world.organization, at=world.now)
    assert is_clean(world.other_organization, at=world.now)


KEY = "khoa-bi-mat-cua-nguon"


@pytest.fixture
def feed(world: World) -> Feed:
    """The cooperative's bank calls us, signed with KEY."""
    return feeds.connect(
        bank_account=world.bank_account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC, key=KEY, actor=None,
        at=world.now,
    )  # fmt: skip


def statement(rows: list[tuple[str, str, int, str]], *, opening: int | None = 0, account: str = "") -> bytes:
    """A file of the bank: (day, reference, đồng with its sign, memo) a row; no balances when ``opening`` is None."""
    balance, lines = opening or 0, []
    for day, reference, dong, memo in rows:
        balance += dong
        shown = [] if opening is None else [balance]
        lines.append([day, reference, -dong if dong < 0 else "", dong if dong > 0 else "", *shown, memo])
    header = HEADER if opening is not None else [name for name in HEADER if name != "Số dư"]
    above = [["Số tài khoản", account]] if account else []
    return as_csv([*above, header, *lines])
