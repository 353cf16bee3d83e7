"""Items, their dated prices, who pays less, and the public price list."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.refusals import KeyReused, NotFound
from payments.bills import catalogue, rates
from payments.bills.billers import NameMissing
from payments.bills.tariff import BadSteps
from payments.models import ExemptShare, FeeItem, FeeRate, RunItem
from tests import billers
from tests.billers import School
from tests.people import World

SEPTEMBER = date(2026, 9, 1)
STEPS = [[10, 6_000], [20, 7_500], [None, 9_000]]


def create(school: School, name: str = "Tin học", *, key: str = "", **more: object) -> FeeItem:
    said = {"period": "month", "measure": "flat", "actor": school.treasurer, "at": school.now}
    return catalogue.item_create(
        organization_id=school.organization.pk, name=name, key=key or name, **(said | more),
    )  # type: ignore[arg-type]  # fmt: skip


def rate(school: School, item: FeeItem, price_dong: int = 60_000, *, key: str = "rate", **more: object) -> FeeRate:
    said = {"since": SEPTEMBER, "legal_basis": "NQ 18/2025", "actor": school.treasurer, "at": school.now}
    return catalogue.rate_set(fee_item_id=item.pk, price_dong=price_dong, key=key, **(said | more))  # type: ignore[arg-type]


def names(school: School) -> list[str]:
    return [item.name for item in school.organization.fee_items.in_billers_order()]


def test_a_new_item_is_the_last_in_the_billers_order(school: School) -> None:
    item = create(school, "  Tin   học ", note="phòng máy")
    assert (item.name, item.note, item.is_active) == ("Tin học", "phòng máy", True)
    assert names(school)[-1] == "Tin học"


def test_the_same_key_makes_one_item(school: School) -> None:
    first = create(school, key="k")
    assert create(school, key="k") == first
    with pytest.raises(KeyReused):
        create(school, "Vệ sinh", key="k")


def test_a_name_is_there_once(school: School) -> None:
    create(school)
    with pytest.raises(catalogue.NameTaken):
        create(school, key="other")
    with pytest.raises(NameMissing):
        create(school, " ")


def test_what_is_counted_says_in_what(school: School) -> None:
    with pytest.raises(catalogue.UnitMissing):
        create(school, measure="metered")
    assert create(school, measure="metered", unit_name="m³").unit_name == "m³"
    with pytest.raises(catalogue.BadKind):
        create(school, "Khác", period="week")


def test_a_stranger_and_a_seller_that_does_not_bill_see_nothing(school: School, world: World) -> None:
    with pytest.raises(NotFound):
        create(school, actor=world.treasurer)
    with pytest.raises(NotFound):
        create(school, actor=school.clerk)
    with pytest.raises(NotFound):
        catalogue.item_create(
            organization_id=world.organization.pk, name="Phí", period="month", measure="flat", actor=world.treasurer,
            key="k", at=world.now,
        )  # fmt: skip
    with pytest.raises(NotFound):
        catalogue.item_change(fee_item_id=school.meals.pk, name="Của tôi", actor=world.treasurer, at=world.now)
    with pytest.raises(NotFound):
        rate(school, school.meals, actor=world.treasurer)
    assert FeeItem.objects.count() == 3
    assert FeeRate.objects.count() == 3


def test_an_item_can_be_said_otherwise_but_is_counted_as_its_bills_were(school: School) -> None:
    changed = catalogue.item_change(
        fee_item_id=school.meals.pk, name="Suất ăn trưa", refundable=False, actor=school.manager, at=school.now
    )
    assert (changed.name, changed.refundable, changed.unit_name) == ("Suất ăn trưa", False, "suất")
    catalogue.item_change(fee_item_id=school.meals.pk, period="term", actor=school.manager, at=school.now)
    billers.bill(school.run, school.older, [(school.meals, 500_000)])
    with pytest.raises(catalogue.ItemBilled):
        catalogue.item_change(fee_item_id=school.meals.pk, measure="flat", actor=school.manager, at=school.now)
    with pytest.raises(catalogue.NameTaken):
        catalogue.item_change(
            fee_item_id=school.meals.pk, name=school.boarding.name, actor=school.manager, at=school.now
        )


@pytest.mark.parametrize(
    ("place", "order"),
    [
        (0, ["Bảo hiểm y tế", "Tiền ăn bán trú", "Chăm sóc bán trú"]),
        (1, ["Tiền ăn bán trú", "Bảo hiểm y tế", "Chăm sóc bán trú"]),
        (9, ["Tiền ăn bán trú", "Chăm sóc bán trú", "Bảo hiểm y tế"]),
    ],
)
def test_an_item_moves_and_the_others_close_up(school: School, place: int, order: list[str]) -> None:
    catalogue.item_move(fee_item_id=school.insurance.pk, position=place, actor=school.manager, at=school.now)
    assert names(school) == order
    assert [item.position for item in school.organization.fee_items.in_billers_order()] == [0, 1, 2]


def test_an_ended_item_can_be_taken_up_again(school: School) -> None:
    by_her = {"fee_item_id": school.meals.pk, "actor": school.manager, "at": school.now}
    assert not catalogue.item_end(**by_her).is_active
    assert not catalogue.item_end(**by_her).is_active
    assert catalogue.item_resume(**by_her).is_active


def test_a_price_above_its_ceiling_is_refused_and_every_step_is_looked_at(school: School) -> None:
    water = create(school, "Nước sạch", measure="metered", unit_name="m³")
    with pytest.raises(rates.AboveCeiling) as refused:
        rate(school, school.boarding, 150_001, ceiling_dong=150_000)
    assert "150.001" in refused.value.message
    assert rate(school, school.boarding, 150_000, ceiling_dong=150_000).price_dong == 150_000
    with pytest.raises(rates.AboveCeiling):
        rate(school, water, 0, steps=STEPS, ceiling_dong=8_999, key="w")
    assert rate(school, water, 0, steps=STEPS, ceiling_dong=9_000, key="w").steps == STEPS


def test_steps_are_for_meters_and_must_be_whole(school: School) -> None:
    with pytest.raises(rates.StepsNotMetered):
        rate(school, school.boarding, steps=STEPS)
    with pytest.raises(BadSteps):
        rate(school, school.boarding, steps=[[10, 6_000]])


def test_a_rate_is_corrected_until_something_was_billed_at_it(school: School) -> None:
    draft = rate(school, school.boarding, 160_000, legal_basis="")
    corrected = rate(school, school.boarding, 165_000, key="again")
    assert (corrected.pk, corrected.price_dong, corrected.legal_basis) == (draft.pk, 165_000, "NQ 18/2025")
    RunItem.objects.create(run=school.run, fee_item=school.boarding, rate=corrected)
    assert rate(school, school.boarding, 165_000, key="the same").pk == draft.pk
    with pytest.raises(rates.RateDayTaken):
        rate(school, school.boarding, 170_000, key="too late")
    assert rate(school, school.boarding, 170_000, since=SEPTEMBER + timedelta(days=1), key="next").pk != draft.pk
    draft.refresh_from_db()
    assert draft.price_dong == 165_000


def test_a_group_is_said_anew_as_a_whole(school: School) -> None:
    def set_(shares: dict[int, int], key: str) -> int:
        return catalogue.group_set(
            organization_id=school.organization.pk, name="Hộ cận nghèo", legal_basis="QĐ 59/2015", shares=shares,
            actor=school.treasurer, key=key, at=school.now,
        ).pk  # fmt: skip

    group = set_({school.meals.pk: 5_000, school.boarding.pk: 10_000}, "1")
    assert set_({school.meals.pk: 7_000}, "2") == group
    assert list(ExemptShare.objects.values_list("fee_item_id", "reduction_bp")) == [(school.meals.pk, 7_000)]
    for wrong in (0, 10_001, True):
        with pytest.raises(catalogue.BadReduction):
            set_({school.meals.pk: wrong}, "3")


def test_a_group_holds_no_items_of_others(school: School, world: World) -> None:
    foreign = billers.fee_item(world.organization, "Phí", price_dong=1_000)
    with pytest.raises(NotFound):
        catalogue.group_set(
            organization_id=school.organization.pk, name="Hộ nghèo", legal_basis="", shares={foreign.pk: 5_000},
            actor=school.treasurer, key="k", at=school.now,
        )  # fmt: skip
    assert not school.organization.exempt_groups.exists()


def test_the_price_list_shows_only_what_may_be_charged(school: School) -> None:
    create(school, "Chưa có giá")
    without_basis = create(school, "Chưa có căn cứ")
    rate(school, without_basis, legal_basis=" ", since=date(2026, 1, 1), key="b")
    above = create(school, "Vượt trần")
    FeeRate.objects.create(
        fee_item=above,
        since=date(2026, 1, 1),
        price_dong=200,
        ceiling_dong=100,
        legal_basis="NQ",
        recorded_at=school.now,
    )
    later = create(school, "Từ tháng chín")
    rate(school, later, key="l")
    catalogue.item_end(fee_item_id=school.insurance.pk, actor=school.manager, at=school.now)
    catalogue.group_set(
        organization_id=school.organization.pk, name="Con liệt sĩ", legal_basis="", shares={school.meals.pk: 10_000},
        actor=school.treasurer, key="g", at=school.now,
    )  # fmt: skip
    listed = catalogue.price_list(organization=school.organization, on=date(2026, 8, 31))
    assert [(price.item, price.rate.price_dong, price.exempt) for price in listed] == [
        (school.meals, 25_000, [("Con liệt sĩ", 10_000)]), (school.boarding, 150_000, [])
    ]  # fmt: skip
    on_the_day = catalogue.price_list(organization=school.organization, on=SEPTEMBER)
    assert [price.item for price in on_the_day] == [school.meals, school.boarding, later]


@pytest.mark.parametrize("more", [0, 2])
def test_the_price_list_asks_the_database_three_times(school: School, more: int) -> None:
    for number in range(more):
        rate(school, create(school, f"Khoản {number}"), key=f"r{number}", since=date(2026, 1, 1))
    with CaptureQueriesContext(connection) as seen:
        assert len(catalogue.price_list(organization=school.organization, on=SEPTEMBER)) == 3 + more
    assert len(seen) == 3
