"""What was sold of a member's goods: hers alone, by Vietnamese month, in one query."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.periods import VIETNAM_OFFSET, BadPeriod
from cooperatives.chart import Kind
from orders.fulfilling import hand_over
from orders.sales import Sale, by_month, sold_by
from tests.orders.making import balance, pay, place
from tests.people import World

pytestmark = pytest.mark.django_db
SPRING = ["2026-02", "2026-03", "2026-04"]


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, 30, tzinfo=VIETNAM_OFFSET)


def sell(world: World, bags: int, *, on: datetime) -> None:
    [order] = place((world.variant, bags), at=on)
    hand_over(order_id=pay(order, world=world, at=on).pk, actor=world.clerk, at=on)


def test_the_latest_first_and_hers_alone(world: World) -> None:
    sell(world, 18, on=at(3, 1))
    sell(world, 5, on=at(3, 20))
    an = sold_by(member=world.member_an, months=SPRING)
    assert [(str(sale.sold_on), sale.quantity, sale.gross_dong, sale.fee_dong, sale.net_dong) for sale in an] == [
        ("2026-03-20", 2, 150_000, 15_000, 135_000),
        ("2026-03-01", 18, 1_350_000, 135_000, 1_215_000),
    ]
    [hoa] = sold_by(member=world.member_hoa, months=SPRING)
    assert (hoa.product_name, hoa.variant_name, hoa.unit_name) == ("Cá chạch sấy khô", "gói 200 g", "gói")
    assert (hoa.quantity, hoa.net_dong) == (3, 202_500)


def test_what_is_shown_is_what_the_books_owe_her(world: World) -> None:
    for bags in (7, 15, 4):
        sell(world, bags, on=at(3, 5))
    for member in (world.member_an, world.member_hoa):
        shown = sum(sale.net_dong for sale in sold_by(member=member, months=SPRING))
        assert shown == balance(Kind.OWED_TO_MEMBERS, f"member:{member.pk}", world=world)
        assert shown > 0


def test_what_is_only_placed_or_paid_is_not_sold(world: World) -> None:
    place((world.variant, 1), at=at(3, 1))
    pay(place((world.variant, 1), at=at(3, 1))[0], world=world)
    assert sold_by(member=world.member_an, months=SPRING) == []


def test_the_month_turns_at_midnight_in_viet_nam(world: World) -> None:
    sell(world, 1, on=at(2, 28, hour=23))
    sell(world, 2, on=at(3, 1, hour=0))
    assert [sale.quantity for sale in sold_by(member=world.member_an, months=["2026-02"])] == [1]
    assert [sale.quantity for sale in sold_by(member=world.member_an, months=["2026-03"])] == [2]
    assert sold_by(member=world.member_an, months=["2025-12"]) == []


def test_sums_by_month_with_the_empty_months(world: World) -> None:
    sell(world, 1, on=at(2, 10))
    sell(world, 2, on=at(4, 10))
    sell(world, 3, on=at(4, 11))
    months = by_month(sales=sold_by(member=world.member_an, months=SPRING), months=SPRING)
    assert [(month.month, month.sales, month.gross_dong, month.fee_dong, month.net_dong) for month in months] == [
        ("2026-02", 1, 75_000, 7_500, 67_500),
        ("2026-03", 0, 0, 0, 0),
        ("2026-04", 2, 375_000, 37_500, 337_500),
    ]


def test_december_ends_the_year(world: World) -> None:
    sell(world, 1, on=datetime(2026, 12, 31, 23, 0, tzinfo=VIETNAM_OFFSET))
    assert len(sold_by(member=world.member_an, months=["2026-12"])) == 1
    assert sold_by(member=world.member_an, months=[]) == []
    with pytest.raises(BadPeriod):
        sold_by(member=world.member_an, months=["2026-13"])


@pytest.mark.parametrize("sales", [1, 3])
def test_one_query_for_one_and_for_three(world: World, sales: int) -> None:
    for _sale in range(sales):
        sell(world, 1, on=at(3, 1))
    with CaptureQueriesContext(connection) as asked:
        rows = sold_by(member=world.member_an, months=SPRING)
    assert len(asked) == 1
    assert len(rows) == sales


def test_who_bought_it_is_not_hers_to_read() -> None:
    assert not {name for name in Sale.__dataclass_fields__ if "buyer" in name or "phone" in name or "address" in name}
