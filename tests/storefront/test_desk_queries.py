"""Lists of one and of three cost the same number of queries."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders import fulfilling
from payments import feeds, triage
from tests.payments.conftest import request_of
from tests.people import member, product, user, variant_by_piece
from tests.storefront.desk_walk import order_today, signed_in

LISTS = [
    "/desk/orders/?show=pack", "/desk/orders/?show=give", "/desk/orders/?show=done", "/desk/orders/?show=all",
    "/desk/orders/?q=678", "/desk/goods/", "/desk/messages/", "/desk/members/", "/desk/money/", "/desk/money/?show=all",
    "/desk/money/?show=today", "/desk/money/?reason=NO_CODE", "/desk/money/?show=over", "/desk/refunds/",
    "/desk/refunds/?show=ordered", "/desk/day/", "/desk/bank/", "/desk/statement/", "/desk/",
]  # fmt: skip


@pytest.fixture
def grow(world, comes):
    """One more of everything that a list shows."""

    def more(number: int) -> None:
        packed, given, paid = (order_today(world, 1) for _kind in range(3))
        order_today(world, 1, pay_by="CASH")
        for order in (packed, given, paid):
            comes(request_of(order).code, order.total_dong, at=timezone.now())
        fulfilling.pack(order_id=packed.pk, actor=None, at=timezone.now())
        fulfilling.hand_over(order_id=given.pk, actor=None, at=timezone.now())
        comes(f"khong ro {number}", 50_000 + number, at=timezone.now())
        comes(f"phi {number}", 11_000 + number, direction="out", at=timezone.now())
        comes(request_of(order_today(world, 1)).code, 75_000 + number, at=timezone.now())  # too much: owed back
        for way in ("task", "ordered"):
            line = comes(f"{way} {number}", 20_000 + number, at=timezone.now())
            payee = {"payee_bin": "970407", "payee_account": "1903", "payee_holder": "HA"} if way == "ordered" else {}
            triage.return_line(
                transaction_id=line.pk, **payee, reason="khách chuyển nhầm", actor=world.treasurer, key=None,
                at=timezone.now(),
            )  # fmt: skip
        feeds.connect(
            bank_account=world.bank_account, provider=("sepay", "casso", "casso-v1")[number - 1],
            auth="apikey" if number == 3 else "hmac", key=f"mot-khoa-bi-mat-{number}", actor=None, at=timezone.now(),
        )  # fmt: skip
        member(user(f"Người {number}", None), world.organization, number=20 + number)
        variant_by_piece(product(world.organization, world.category, slug=f"hang-{number}", name=f"Hàng {number}"))

    return more


def test_lists_of_one_and_of_three_cost_the_same(world, grow):
    client = signed_in(world.treasurer)
    grow(1)
    one = {address: _queries(client, address) for address in LISTS}
    grow(2)
    grow(3)
    three = {address: _queries(client, address) for address in LISTS}
    assert three == one


def _queries(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)
