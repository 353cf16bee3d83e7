"""Readings in the database: one live a month, replaced by new rows, and a list that can be told twice."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.refusals import KeyReused, NotFound
from payments.bills import meters, readings
from payments.bills.readings import ReadingRow, Taken
from payments.models import Bill, BillingAccount, BillLine, Reading
from tests import billers
from tests.billers import School
from tests.people import World

READ_ON = date(2026, 3, 10)


@pytest.fixture
def meter(school: School) -> BillingAccount:
    """DH01, which showed 120 at the end of February."""
    return read_meter(school, "DH01")


def read_meter(school: School, number: str) -> BillingAccount:
    account = billers.billing_account(school.organization, "Trần Văn Cường", number=number, kind="meter")
    Reading.objects.create(
        account=account, month="2026-02", read_on=date(2026, 2, 27), old_value=108, new_value=120, used=12,
        recorded_at=school.now,
    )  # fmt: skip
    return account


def record(school: School, account: BillingAccount, new_value: int, *, key: str = "", **more: Any) -> Reading:
    said = {"month": "2026-03", "read_on": READ_ON, "actor": school.clerk, "at": school.now}
    return readings.record(account_id=account.pk, new_value=new_value, key=key or str(new_value), **(said | more))


def row(number: str, new_value: int, *, at_row: int = 2, month: str = "2026-03", **more: Any) -> ReadingRow:
    return ReadingRow(row=at_row, number=number, month=month, read_on=READ_ON, new_value=new_value, **more)


def record_many(school: School, *rows: ReadingRow, key: str = "list", **more: Any) -> Taken:
    said = {"organization_id": school.organization.pk, "actor": school.clerk, "at": school.now}
    return readings.record_many(rows=rows, key=key, **(said | more))


def billed(school: School, reading: Reading) -> Bill:
    """A published bill that holds it."""
    water = school.organization.fee_items.filter(name="Nước sạch").first() or billers.fee_item(
        school.organization, "Nước sạch", price_dong=6_000, measure="metered", unit_name="m³"
    )
    request = billers.bill(school.run, reading.account, [(water, reading.used * 6_000)])
    assert request.bill is not None
    BillLine.objects.filter(bill=request.bill).update(reading=reading)
    return request.bill


def test_a_reading_starts_from_the_last_one(school: School, meter: BillingAccount) -> None:
    reading = record(school, meter, 135)
    assert (reading.old_value, reading.new_value, reading.used, reading.is_live) == (120, 135, 15, True)
    assert (reading.recorded_by, reading.recorded_at) == (school.clerk, school.now)


def test_the_same_key_and_the_same_figures_are_the_same_reading(school: School, meter: BillingAccount) -> None:
    reading = record(school, meter, 135, key="k")
    assert record(school, meter, 135, key="k") == reading
    assert record(school, meter, 135, key="another") == reading
    with pytest.raises(KeyReused):
        record(school, meter, 136, key="k")
    assert Reading.objects.count() == 2


def test_a_mistyped_month_is_replaced_by_a_new_row(school: School, meter: BillingAccount) -> None:
    wrong = record(school, meter, 153)
    right = record(school, meter, 135)
    wrong.refresh_from_db()
    assert (right.replaces, right.used, wrong.is_live, wrong.used) == (wrong, 15, False, 33)


def test_what_was_billed_is_corrected_and_not_replaced(school: School, meter: BillingAccount) -> None:
    bill = billed(school, record(school, meter, 153))
    with pytest.raises(meters.ReplaceByCorrection) as refused:
        record(school, meter, 135)
    assert refused.value.details["value"] == "153"
    assert Reading.objects.filter(month="2026-03").get().new_value == 153
    Bill.objects.filter(pk=bill.pk).update(cancelled_at=school.now)
    assert record(school, meter, 135).used == 15


def test_a_reading_that_was_corrected_after_billing_is_billed_still(school: School, meter: BillingAccount) -> None:
    first = record(school, meter, 153)
    billed(school, first)
    Reading.objects.filter(pk=first.pk).update(is_live=False)
    Reading.objects.create(
        account=meter, month="2026-03", read_on=READ_ON, old_value=120, new_value=135, used=15, replaces=first,
        recorded_at=school.now,
    )  # fmt: skip
    with pytest.raises(meters.ReplaceByCorrection):
        record(school, meter, 136)


def test_a_digit_too_many_is_asked_about_before_anything_is_written(school: School, meter: BillingAccount) -> None:
    with pytest.raises(meters.LooksWrong):
        record(school, meter, 1_350, key="k")
    assert Reading.objects.count() == 1
    assert record(school, meter, 1_350, key="k", sure=True).used == 1_230


def test_only_meters_of_ones_own_biller_are_read(school: School, world: World, meter: BillingAccount) -> None:
    with pytest.raises(NotFound):
        record(school, meter, 135, actor=world.treasurer)
    with pytest.raises(readings.NotAMeter):
        record(school, school.older, 135, old_value=0)
    with pytest.raises(NotFound):
        readings.record(
            account_id=0, month="2026-03", read_on=READ_ON, new_value=1, actor=school.clerk, key="k", at=school.now
        )
    assert Reading.objects.count() == 1


def test_a_list_takes_the_good_rows_and_names_the_others(school: School, meter: BillingAccount) -> None:
    record(school, read_meter(school, "DH02"), 130)
    record(school, read_meter(school, "DH03"), 140)
    taken = record_many(
        school, row("DH01", 135), row("DH02", 131, at_row=3), row("DH03", 140, at_row=4), row("DH09", 5, at_row=5),
        row("DH01", 136, at_row=6), row(school.older.number, 5, at_row=7, old_value=0),
        row("DH02", 2_000, month="2026-04", at_row=8), row("DH03", 1, month="2026-04", at_row=9),
    )  # fmt: skip
    assert (taken.added, taken.changed, taken.same) == (1, 1, 1)
    assert [(fault["row"], fault["code"]) for fault in taken.faults] == [
        (5, "UNKNOWN_NUMBER"), (6, "TWICE_IN_LIST"), (7, "NOT_A_METER"), (8, "LOOKS_WRONG"), (9, "METER_WENT_BACK")
    ]  # fmt: skip
    assert "DH09" in taken.faults[0]["said"]
    live = Reading.objects.filter(is_live=True, month="2026-03").order_by("account__number")
    assert list(live.values_list("new_value", flat=True)) == [135, 131, 140]


def test_a_list_told_again_adds_nothing(school: School, meter: BillingAccount) -> None:
    rows = [row("DH01", 135), row("DH09", 5, at_row=3)]
    first = record_many(school, *rows)
    assert record_many(school, *rows) == first
    again = record_many(school, *rows, key="the same file, tomorrow")
    assert (again.added, again.changed, again.same, again.faults) == (0, 0, 1, first.faults)
    with pytest.raises(KeyReused):
        record_many(school, row("DH01", 136))
    assert Reading.objects.filter(month="2026-03").count() == 1


def test_the_months_of_one_list_follow_each_other(school: School, meter: BillingAccount) -> None:
    taken = record_many(school, row("DH01", 150, month="2026-04"), row("DH01", 135, month="2026-03", at_row=3))
    assert (taken.added, taken.faults) == (2, [])
    assert list(Reading.objects.order_by("month").values_list("used", flat=True)) == [12, 15, 15]


def test_a_strangers_list_is_not_taken(school: School, world: World, meter: BillingAccount) -> None:
    with pytest.raises(NotFound):
        record_many(school, row("DH01", 135), actor=world.treasurer)
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_as_many_queries_for_one_row_as_for_three(
    school: School, meter: BillingAccount, count: int
) -> None:
    numbers = ["DH01", *(read_meter(school, f"DH0{number}").number for number in range(2, count + 1))]
    with CaptureQueriesContext(connection) as seen:
        assert record_many(school, *[row(number, 135) for number in numbers]).added == count
    assert len([query for query in seen if "SAVEPOINT" not in query["sql"]]) == 11
