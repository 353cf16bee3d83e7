"""What a member took home before: written once, corrected by another row, never overwritten."""

from datetime import timedelta
from typing import Any

import pytest

from base.money import BadAmount
from base.refusals import NotFound
from cooperatives.baselines import BaselineIncomplete, BaselineLocked, current_baseline, record_baseline
from cooperatives.models import Baseline
from tests.people import World


def record(world: World, **changes: Any) -> Baseline:
    asked: dict[str, Any] = {
        "member": world.member_an, "monthly_dong": 1_500_000, "method": "recall",
        "covers": "10–12/2025 và cùng tháng năm trước", "actor": world.manager, "at": at_day(world, 5),
    }  # fmt: skip
    return record_baseline(**(asked | changes))


def at_day(world: World, days: int) -> Any:
    """``days`` after An joined."""
    return world.now.replace(month=1, day=1) + timedelta(days=days)


def test_a_baseline_with_its_source(world: World) -> None:
    assert current_baseline(member=world.member_an) is None
    made = record(world, witness="Bà Tư hàng xóm")
    assert current_baseline(member=world.member_an) == made
    assert (made.monthly_dong, made.method, made.recorded_by, made.witness) == (
        1_500_000, "recall", world.manager, "Bà Tư hàng xóm",
    )  # fmt: skip


def test_nothing_earned_before_is_an_answer(world: World) -> None:
    assert record(world, monthly_dong=0).monthly_dong == 0


def test_within_thirty_days_the_later_one_counts_and_the_earlier_one_stays(world: World) -> None:
    record(world)
    record(world, monthly_dong=1_800_000, at=at_day(world, 30))
    assert [row.monthly_dong for row in Baseline.objects.order_by("pk")] == [1_500_000, 1_800_000]
    assert current_baseline(member=world.member_an) == Baseline.objects.last()


def test_after_thirty_days_a_correction_needs_a_reason(world: World) -> None:
    record(world)
    with pytest.raises(BaselineLocked):
        record(world, monthly_dong=900_000, at=at_day(world, 31), reason="sửa")
    assert Baseline.objects.count() == 1
    record(world, monthly_dong=900_000, at=at_day(world, 31), reason="tìm thấy sổ ghi chép năm trước")
    assert [row.reason for row in Baseline.objects.order_by("pk")] == ["", "tìm thấy sổ ghi chép năm trước"]


def test_a_first_baseline_may_come_late(world: World) -> None:
    assert record(world, at=at_day(world, 70)).reason == ""


@pytest.mark.parametrize("amount", [-1, 1.5, True, "1500000"])
def test_only_whole_dong(world: World, amount: Any) -> None:
    with pytest.raises(BadAmount):
        record(world, monthly_dong=amount)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"covers": " "}, "covers"), ({"covers": "x" * 81}, "covers"), ({"method": "guess"}, "method")],
)
def test_a_figure_without_its_source_is_refused(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BaselineIncomplete) as refused:
        record(world, **changes)
    assert refused.value.field == field
    assert not Baseline.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "buyer", "other_treasurer"])
def test_others_may_not(world: World, who: str) -> None:
    with pytest.raises(NotFound):
        record(world, actor=getattr(world, who))
    with pytest.raises(NotFound):
        record(world, actor=world.member_an.user)
    assert not Baseline.objects.exists()
