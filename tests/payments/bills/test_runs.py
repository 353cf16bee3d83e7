"""A draft: made, changed, counted, checked and dropped. What it comes to is reckoned from the rows each time."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.periods import BadPeriod
from base.refusals import KeyReused, NotFound
from payments.bills import catalogue, runs
from payments.bills.checking import Check
from payments.bills.drawing_up import DuePassed, NoBankAccount
from payments.bills.runs import Count, ItemWanted
from payments.models import (
    Agreement,
    BillingAccount,
    BillRun,
    ExemptGroup,
    Exemption,
    FeeItem,
    FeeRate,
    Reading,
    RunCount,
)
from tests import billers, people
from tests.billers import School
from tests.people import World

DUE = date(2026, 4, 15)
STEPS = [[10, 6_000], [20, 7_500], [None, 9_000]]


def draft(school: School, *items: FeeItem | ItemWanted, key: str = "", name: str = "", **more: Any) -> BillRun:
    """A run of April 2026, drafted in March."""
    wanted = [one if isinstance(one, ItemWanted) else ItemWanted(one.pk) for one in items]
    said = {
        "organization_id": school.organization.pk, "name": name or "Tháng 4/2026", "month": "2026-04", "due_on": DUE,
        "actor": school.treasurer, "at": school.now,
    }  # fmt: skip
    return runs.create(items=wanted, key=key or name or "draft", **(said | more))


def check(school: School, run: BillRun, **more: Any) -> Check:
    return runs.check(BillRun.objects.get(pk=run.pk), at=school.now, **more)


def codes(check: Check) -> list[str]:
    return [hinder.code for hinder in check.hinders]


def exempt(school: School, account: BillingAccount, name: str, bp: int, items: Sequence[FeeItem], **more: Any) -> None:
    group = ExemptGroup.objects.filter(organization=school.organization, name=name).first()
    if group is None:
        group = catalogue.group_set(
            organization_id=school.organization.pk, name=name, legal_basis="", shares={item.pk: bp for item in items},
            actor=school.treasurer, key=name, at=school.now,
        )  # fmt: skip
    said = {"since": people.OPENED_ON, "recorded_at": school.now}
    Exemption.objects.create(account=account, group=group, **(said | more))


def water(school: School, **more: Any) -> FeeItem:
    return billers.fee_item(
        school.organization, "Nước sạch", price_dong=0, measure="metered", steps=STEPS, unit_name="m³", **more
    )


def meter(school: School, number: str, used: int | None, *, read_on: date = date(2026, 3, 10)) -> BillingAccount:
    """A meter, and what was used in April if it was read."""
    account = billers.billing_account(
        school.organization, "Trần Văn Cường", number=number, kind="meter", section="Xóm 1"
    )
    if used is not None:
        Reading.objects.create(
            account=account, month="2026-04", read_on=read_on, old_value=100, new_value=100 + used, used=used,
            recorded_at=school.now,
        )  # fmt: skip
    return account


# -- Drafts ---------------------------------------------------------------------------------------------


def test_a_draft_is_made_once_for_a_key(school: School) -> None:
    run = draft(school, school.meals, key="k")
    assert (run.state, run.bank_account, run.carries_arrears) == ("draft", school.bank_account, True)
    assert draft(school, school.meals, key="k") == run
    with pytest.raises(KeyReused):
        draft(school, school.boarding, key="k")
    with pytest.raises(runs.RunNameTaken):
        draft(school, school.meals, key="other")


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"month": "2026-4"}, BadPeriod),
        ({"due_on": date(2026, 3, 14)}, DuePassed),
        ({"sections": ["9Z"]}, runs.UnknownSection),
        ({"bank_account_id": 0}, NotFound),
        ({"organization_id": 0}, NotFound),
    ],
)
def test_what_cannot_be_billed_is_not_drafted(school: School, more: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        draft(school, school.meals, **more)
    assert BillRun.objects.count() == 1


def test_an_item_is_in_a_run_once_and_of_the_biller(school: School, world: World) -> None:
    with pytest.raises(runs.ItemTwice):
        draft(school, school.meals, school.meals)
    with pytest.raises(runs.BadCount):
        draft(school, ItemWanted(school.meals.pk, 10_001))
    with pytest.raises(NotFound):
        draft(school, billers.fee_item(world.organization, "Phí", price_dong=1))


def test_money_goes_to_a_bank_account_in_use(school: School, world: World) -> None:
    with pytest.raises(NotFound):
        draft(school, school.meals, bank_account_id=world.bank_account.pk)
    school.organization.bank_accounts.update(is_active=False)
    with pytest.raises(NoBankAccount):
        draft(school, school.meals)


def test_a_stranger_and_a_clerk_neither_make_nor_change_a_run(school: School, world: World) -> None:
    run = draft(school, school.meals)
    for nobody in (world.treasurer, school.clerk):
        with pytest.raises(NotFound):
            draft(school, school.meals, key="x", actor=nobody)
        with pytest.raises(NotFound):
            runs.change(run_id=run.pk, name="Khác", actor=nobody, at=school.now)
        with pytest.raises(NotFound):
            runs.set_counts(run_id=run.pk, counts=[], actor=nobody, at=school.now)
        with pytest.raises(NotFound):
            runs.drop(run_id=run.pk, actor=nobody, at=school.now)
    assert BillRun.objects.get(pk=run.pk).name == "Tháng 4/2026"


def test_a_draft_can_be_changed_and_counts_of_items_that_left_it_go(school: School) -> None:
    run = draft(school, school.meals, school.boarding)
    counts = [Count(school.older.pk, school.meals.pk, 15), Count(school.older.pk, school.boarding.pk, 0)]
    runs.set_counts(run_id=run.pk, counts=counts, actor=school.treasurer, at=school.now)
    changed = runs.change(
        run_id=run.pk, name="Tháng 4, khối 3", sections=["3A"], items=[ItemWanted(school.meals.pk, 22)],
        due_on=DUE + timedelta(days=1), actor=school.treasurer, at=school.now,
    )  # fmt: skip
    assert (changed.name, changed.sections, changed.month) == ("Tháng 4, khối 3", ["3A"], "2026-04")
    assert list(run.items.values_list("fee_item_id", "quantity")) == [(school.meals.pk, 22)]
    assert list(run.counts.values_list("fee_item_id", "quantity")) == [(school.meals.pk, 15)]


def test_only_a_draft_is_changed_counted_checked_or_dropped(school: School) -> None:
    published = {"run_id": school.run.pk, "actor": school.treasurer, "at": school.now}
    for verb in (runs.change, runs.drop):
        with pytest.raises(runs.NotDraft):
            verb(**published)
    with pytest.raises(runs.NotDraft):
        runs.set_counts(counts=[], **published)
    with pytest.raises(runs.NotDraft):
        check(school, school.run)
    run = draft(school, school.meals)
    runs.drop(run_id=run.pk, actor=school.treasurer, at=school.now)
    assert not BillRun.objects.filter(pk=run.pk).exists()


def test_counts_are_all_taken_or_none(school: School, world: World) -> None:
    run = draft(school, school.meals)
    foreign = billers.billing_account(world.organization, "Ai Đó")

    def set_(*counts: Count) -> None:
        runs.set_counts(run_id=run.pk, counts=counts, actor=school.treasurer, at=school.now)

    for wrong, refusal in (
        (Count(foreign.pk, school.meals.pk, 1), NotFound), (Count(school.older.pk, school.boarding.pk, 1), NotFound),
        (Count(school.younger.pk, school.meals.pk, -1), runs.BadCount),
    ):  # fmt: skip
        with pytest.raises(refusal):
            set_(Count(school.older.pk, school.meals.pk, 3), wrong)
    assert not RunCount.objects.exists()
    set_(Count(school.older.pk, school.meals.pk, 3))
    set_(Count(school.older.pk, school.meals.pk, 4), Count(school.younger.pk, school.meals.pk, 0))
    assert list(run.counts.order_by("account_id").values_list("quantity", flat=True)) == [4, 0]


def test_a_count_of_his_own_can_be_taken_back(school: School) -> None:
    run, other = draft(school, school.meals, school.boarding), draft(school, school.meals, name="Đợt khác", key="o")

    def set_(run: BillRun, *counts: Count) -> None:
        runs.set_counts(run_id=run.pk, counts=counts, actor=school.treasurer, at=school.now)

    for each in (run, other):
        set_(each, Count(school.older.pk, school.meals.pk, 3), Count(school.younger.pk, school.meals.pk, 0))
    set_(run, Count(school.older.pk, school.boarding.pk, 0))
    set_(run, Count(school.older.pk, school.meals.pk, None), Count(school.younger.pk, school.boarding.pk, None))
    left = [(school.younger.pk, school.meals.pk, 0), (school.older.pk, school.boarding.pk, 0)]
    assert set(run.counts.values_list("account_id", "fee_item_id", "quantity")) == set(left)
    assert other.counts.count() == 2
    set_(run, Count(school.older.pk, school.meals.pk, 5), Count(school.older.pk, school.meals.pk, None))
    assert set(run.counts.values_list("account_id", "fee_item_id", "quantity")) == set(left)


# -- What a check says ------------------------------------------------------------------------------------


def test_a_check_adds_up_by_class_and_by_item(school: School) -> None:
    exempt(school, school.older, "Hộ cận nghèo", 5_000, [school.meals])
    run = draft(school, ItemWanted(school.meals.pk, 21), school.boarding)
    runs.set_counts(
        run_id=run.pk, counts=[Count(school.younger.pk, school.meals.pk, 18)], actor=school.treasurer, at=school.now
    )
    found = check(school, run)
    assert (found.bills, found.total_dong, found.hinders, found.warnings) == (2, 1_012_500, [], [])
    assert found.by_section == [("1B", 1, 600_000), ("3A", 1, 412_500)]
    assert found.by_item == [
        (school.meals, 2, 975_000, 262_500, 712_500), (school.boarding, 2, 300_000, 0, 300_000)
    ]  # fmt: skip
    assert found.exempt == [("Hộ cận nghèo", school.meals, 1, 262_500)]
    assert sum(total.dong for total in found.by_item) == sum(total.dong for total in found.by_section)


def test_arrears_are_those_of_the_accounts_that_are_billed(school: School) -> None:
    billers.bill(school.run, school.older, [(school.meals, 500_000)])
    billers.bill(school.run, school.younger, [(school.meals, 300_000)])
    assert check(school, draft(school, school.boarding)).arrears == (2, 800_000)
    assert check(school, draft(school, school.boarding, name="3A", sections=["3A"])).arrears == (1, 500_000)


def test_exemptions_count_by_the_day_that_decides(school: School) -> None:
    """The first of the month; for a meter the day it was read."""
    tap = water(school)
    ended, later, at_reading = (meter(school, f"DH{n}", 10, read_on=date(2026, 3, 10)) for n in range(3))
    exempt(school, ended, "Hộ nghèo", 10_000, [tap, school.boarding], until=date(2026, 3, 31))
    exempt(school, later, "Hộ nghèo", 10_000, [tap, school.boarding], since=date(2026, 4, 1))
    exempt(school, at_reading, "Hộ nghèo", 10_000, [tap, school.boarding], since=date(2026, 3, 10))
    found = check(school, draft(school, tap, school.boarding, sections=["Xóm 1"]))
    by_item = {total.item: (total.full_dong, total.reduced_dong) for total in found.by_item}
    assert by_item == {tap: (180_000, 120_000), school.boarding: (450_000, 300_000)}


def test_a_voluntary_item_is_for_those_who_agreed(school: School) -> None:
    english = billers.fee_item(school.organization, "Tiếng Anh", price_dong=80_000, compulsory=False)
    Agreement.objects.create(account=school.older, fee_item=english, since=date(2026, 4, 30), recorded_at=school.now)
    Agreement.objects.create(
        account=school.younger, fee_item=english, since=date(2026, 1, 1), until=date(2026, 3, 31),
        recorded_at=school.now,
    )  # fmt: skip
    found = check(school, draft(school, english))
    assert (found.bills, found.total_dong) == (1, 80_000)
    assert [(left.account, left.code) for left in found.left_out] == [(school.younger, "NOTHING")]


def test_whoever_left_is_billed_only_for_what_was_counted_or_read(school: School) -> None:
    BillingAccount.objects.filter(pk=school.older.pk).update(until=date(2026, 4, 3))
    BillingAccount.objects.filter(pk=school.younger.pk).update(until=date(2026, 3, 31))
    run = draft(school, ItemWanted(school.meals.pk, 20), school.boarding)
    found = check(school, run)
    assert ([(left.account, left.code) for left in found.left_out], found.bills) == ([(school.older, "LEFT")], 0)
    assert codes(found) == ["NOTHING_TO_BILL"]
    runs.set_counts(
        run_id=run.pk, counts=[Count(school.older.pk, school.meals.pk, 2)], actor=school.treasurer, at=school.now
    )
    assert check(school, run).total_dong == 50_000


def test_an_account_that_begins_after_the_month_is_not_in_it(school: School) -> None:
    BillingAccount.objects.filter(pk=school.older.pk).update(since=date(2026, 5, 1))
    assert check(school, draft(school, school.boarding)).bills == 1


def test_a_count_of_nothing_leaves_the_item_out(school: School) -> None:
    run = draft(school, school.boarding)
    runs.set_counts(
        run_id=run.pk, counts=[Count(school.older.pk, school.boarding.pk, 0)], actor=school.treasurer, at=school.now
    )
    found = check(school, run)
    assert (found.bills, [left.account for left in found.left_out]) == (1, [school.older])


def test_a_meter_that_was_not_read_stops_the_run_or_is_left_out(school: School) -> None:
    tap = water(school)
    meter(school, "DH01", 12)
    unread = meter(school, "DH02", None)
    run = draft(school, tap)
    found = check(school, run)
    assert [(hinder.code, hinder.account) for hinder in found.hinders] == [("NO_READING", unread)]
    assert "DH02" in found.hinders[0].sentence
    without = check(school, run, leave_out_unread=True)
    assert (without.hinders, without.bills, without.total_dong) == ([], 1, 75_000)
    assert (unread, "NO_READING") in [(left.account, left.code) for left in without.left_out]
    runs.set_counts(run_id=run.pk, counts=[Count(unread.pk, tap.pk, 0)], actor=school.treasurer, at=school.now)
    assert check(school, run).hinders == []


def test_prices_without_basis_above_the_ceiling_or_not_begun_stop_the_run(school: School) -> None:
    def item(name: str, **rate: Any) -> FeeItem:
        made = FeeItem.objects.create(
            organization=school.organization, name=name, period="month", compulsory=True, position=9,
            created_at=school.now,
        )  # fmt: skip
        said = {"since": date(2026, 4, 1), "price_dong": 100, "legal_basis": "NQ 18", "recorded_at": school.now}
        FeeRate.objects.create(fee_item=made, **(said | rate))
        return made

    good = item("Đủ")
    bad = [
        item("Thiếu căn cứ", legal_basis=" "),
        item("Quá trần", ceiling_dong=99),
        item("Mai", since=date(2026, 4, 2)),
    ]
    found = check(school, draft(school, good, *bad))
    assert [(hinder.code, hinder.item) for hinder in found.hinders] == list(
        zip(["NO_BASIS", "ABOVE_CEILING", "NO_RATE"], bad, strict=True)
    )
    assert check(school, draft(school, good, name="good")).hinders == []


def test_an_ended_item_a_closed_account_and_a_passed_day_stop_the_run(school: School) -> None:
    run = draft(school, school.boarding)
    catalogue.item_end(fee_item_id=school.boarding.pk, actor=school.manager, at=school.now)
    school.organization.bank_accounts.update(is_active=False)
    found = runs.check(BillRun.objects.get(pk=run.pk), at=school.now + timedelta(days=60))
    assert codes(found) == ["ITEM_ENDED", "NO_BANK_ACCOUNT", "DUE_PASSED"]


def test_more_than_one_transfer_can_carry_stops_the_run(school: School) -> None:
    dear = billers.fee_item(school.organization, "Xây trường", price_dong=250_000_000)
    found = check(school, draft(school, ItemWanted(dear.pk, 2), sections=["3A"]))
    assert [(hinder.code, hinder.account) for hinder in found.hinders] == [("TOO_MUCH_AT_ONCE", school.older)]


def test_an_empty_run_is_nothing_to_bill(school: School) -> None:
    assert codes(check(school, draft(school))) == ["NOTHING_TO_BILL"]


def test_what_is_paid_once_is_never_billed_again_and_a_yearly_item_warns(school: School) -> None:
    once = billers.fee_item(school.organization, "Đồng phục", price_dong=200_000, period="once")
    billers.bill(school.run, school.older, [(once, 200_000), (school.insurance, 631_800)])
    found = check(school, draft(school, once, school.insurance))
    assert [(total.item, total.bills) for total in found.by_item] == [(school.insurance, 2), (once, 1)]
    assert [(warning.code, warning.item) for warning in found.warnings] == [("BILLED_BEFORE", school.insurance)]
    assert found.hinders == []
    school.run.bills.update(cancelled_at=school.now)
    again = check(school, draft(school, once, school.insurance, name="again"))
    assert ([total.bills for total in again.by_item], again.warnings) == ([2, 2], [])


def test_a_monthly_item_warns_only_within_its_month(school: School) -> None:
    billers.bill(school.run, school.older, [(school.boarding, 150_000)])  # of March
    assert check(school, draft(school, school.boarding)).warnings == []
    assert len(check(school, draft(school, school.boarding, name="March", month="2026-03")).warnings) == 1


@pytest.mark.parametrize("more", [0, 2])
def test_a_check_takes_as_many_queries_for_one_account_as_for_three(school: School, more: int) -> None:
    tap = water(school)
    for number in range(1 + more):
        exempt(school, meter(school, f"DH{number}", 12), "Hộ nghèo", 5_000, [tap])
    run = BillRun.objects.get(pk=draft(school, tap, school.boarding, sections=["Xóm 1"]).pk)
    with CaptureQueriesContext(connection) as seen:
        assert runs.check(run, at=school.now).bills == 1 + more
    assert len(seen) == 12
