"""A member's own page: the month, what is owed, every sale, and an uplift only with its months and its period."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from base.periods import vietnam_day
from cooperatives import baselines, uplift
from cooperatives.income import MonthIncome
from orders import fulfilling
from tests.payments.conftest import order_bags, request_of
from tests.people import member
from tests.storefront.desk_walk import body, signed_in

NOW = timezone.now


@pytest.fixture
def an(world):
    return signed_in(world.member_an.user)


def sell(world, comes, bags: int, *, at=None) -> None:
    """Ordered, paid and handed over at one moment."""
    at = at or NOW()
    order = order_bags(world, bags, at=at)
    comes(request_of(order).code, order.total_dong, at=at)
    fulfilling.hand_over(order_id=order.pk, actor=None, at=at)


def test_the_month_what_is_owed_and_the_sale(world, comes, an):
    sell(world, comes, 2)  # 150,000 − 10 %
    page = body(an.get("/member/"))
    assert f"tháng {vietnam_day(NOW()):%m/%Y}" in page
    assert "Tiền bán hàng về tay" in page
    for amount in ("135.000\u00a0₫", "150.000\u00a0₫", "15.000\u00a0₫"):
        assert amount in page
    assert "một trăm ba mươi lăm nghìn đồng" in page.lower()
    assert "chưa có lần chi trả nào ghi ở đây" in page
    assert "18\u00a0gói" in page  # of her twenty
    assert "thu nhập" not in page.lower()


def test_without_a_baseline_nothing_is_compared(world, comes, an):
    sell(world, comes, 1)
    page = body(an.get("/member/"))
    assert "chưa ghi" in page
    assert "Phần tăng thêm" not in page
    assert "So với trước" not in page


def test_with_a_baseline_the_uplift_says_its_months_and_period(world, comes, an):
    baselines.record_baseline(
        member=world.member_an,
        monthly_dong=40_000,
        method="book",
        covers="3 tháng trước",
        actor=world.manager,
        at=NOW(),
    )
    last_month = vietnam_day(NOW()).replace(day=1) - timedelta(days=3)
    sell(world, comes, 2, at=NOW() - (vietnam_day(NOW()) - last_month))
    page = body(an.get("/member/"))
    assert "Mức trước khi tham gia" in page
    assert "Trung bình 3 tháng trọn" in page
    assert f"{last_month:%m/%Y}): 45.000\u00a0₫" in page
    assert "Phần tăng thêm: 5.000\u00a0₫ mỗi tháng" in page
    assert "Chưa so được theo mùa" in page


def test_a_member_sees_her_own_sales_alone(world, comes, an):
    sell(world, comes, 25)  # An's twenty bags, then five of Hoa's
    page = body(an.get("/member/"))
    assert "1.350.000\u00a0₫" in page
    assert "337.500\u00a0₫" not in page
    assert "Hoàng Văn Dũng" not in page  # who bought is not hers to read
    assert world.member_hoa.user.name not in page


def test_with_several_cooperatives_she_chooses(world, an):
    member(world.member_an.user, world.other_organization, number=9)
    assert world.organization.name in body(an.get("/member/"))
    chosen = body(an.get("/member/?of=kim-son"))
    assert f'aria-current="page">{world.other_organization.name}' in chosen
    assert an.get("/member/?of=not-mine").status_code == 200


def test_who_is_no_member_is_told_for_whom_the_page_is(world):
    answer = signed_in(world.buyer).get("/member/")
    assert answer.status_code == 200
    assert "Trang này dành cho thành viên hợp tác xã" in body(answer)


def test_a_guest_signs_in_first(db):
    assert Client().get("/member/").headers["Location"] == "/sign-in/?next=%2Fmember%2F"


def test_the_page_is_never_kept_by_a_browser(an):
    assert "no-store" in an.get("/member/").headers["Cache-Control"]


def test_one_and_three_sales_cost_the_same(world, comes, an, django_assert_max_num_queries):
    sell(world, comes, 1)
    with django_assert_max_num_queries(20) as one:
        an.get("/member/")
    sell(world, comes, 1)
    sell(world, comes, 1)
    with django_assert_max_num_queries(20) as three:
        an.get("/member/")
    assert len(one) == len(three)


@pytest.mark.parametrize(
    ("earned", "baseline", "expected"),
    [
        ([], 100, None),
        ([90], 100, (1, "2026-01", "2026-01", 90, -10)),
        ([0, 0, 10], 0, (3, "2026-01", "2026-03", 3, 3)),
        ([1_000, 30, 60, 90], 10, (3, "2026-02", "2026-04", 60, 50)),
    ],
)
def test_the_last_three_whole_months_count(earned, baseline, expected):
    whole = [MonthIncome(f"2026-{number:02d}", dong) for number, dong in enumerate(earned, start=1)]
    found = uplift.above(whole_months=whole, baseline_dong=baseline)
    if expected is None:
        assert found is None
    else:
        assert (found.months, found.first, found.last, found.mean_dong, found.above_dong) == expected
        assert not found.knows_seasons
