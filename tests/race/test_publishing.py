"""A run that several publish, cancel, pay and put right at one moment. PROVE=1: 200 rounds of each."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from base.periods import month_of, vietnam_day
from payments.bills import runs
from payments.bills.runs import ItemWanted
from payments.models import Bill, BillingAccount, BillLine, BillRun, FeeItem, PaymentRequest, Reading
from tests import billers
from tests.billers import School
from tests.payments.conftest import is_clean

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.fixture(autouse=True)
def later_books(school: School) -> Iterator[None]:
    yield
    assert is_clean(school.organization, at=timezone.now())


def draft(school: School, name: str, *items: FeeItem, **more: Any) -> BillRun:
    """A run of this month, due in two weeks, as the racers' clock has it."""
    now = timezone.now()
    return runs.create(
        organization_id=school.organization.pk, name=name, month=month_of(vietnam_day(now)), key=name, at=now,
        due_on=vietnam_day(now) + timedelta(days=14), items=[ItemWanted(item.pk) for item in items],
        actor=school.treasurer, **more,
    )  # fmt: skip


def publish(school: School, run: BillRun, key: str) -> dict[str, Any]:
    return {"deed": "publish", "run": run.pk, "actor": school.treasurer.pk, "key": key}


def test_a_run_that_eight_publish_is_published_once(school, race, rounds):
    for number in rounds("eight publishers of one run"):
        run = draft(school, f"đợt {number}", school.boarding)
        one_key = [publish(school, run, f"{number}")] * 4
        assert race(one_key + [publish(school, run, f"{number}-{one}") for one in range(4)]) == ["published"] * 8
        assert (Bill.objects.filter(run=run).count(), BillLine.objects.filter(bill__run=run).count()) == (2, 2)


def test_what_is_paid_once_is_in_one_of_eight_runs(school, race, rounds):
    for number in rounds("eight runs with one item that is paid once"):
        once = billers.fee_item(school.organization, f"Đồng phục {number}", price_dong=200_000, period="once")
        drafts = [draft(school, f"đợt {number}-{one}", once) for one in range(8)]
        answers = race([publish(school, run, f"{run.pk}") for run in drafts])
        assert Counter(answers) == {"published": 1, "NOTHING_TO_BILL": 7}
        assert BillLine.objects.filter(fee_item=once).count() == 2


def test_a_run_is_paid_or_cancelled_and_never_both(school, race, rounds):
    for number in rounds("a run paid and cancelled"):
        run = draft(school, f"đợt {number}", school.boarding, sections=["3A"], carries_arrears=False)
        race([publish(school, run, f"{number}")])
        request = PaymentRequest.objects.get(bill__run=run)
        pay = {"deed": "cash", "code": request.code, "dong": 150_000, "actor": school.clerk.pk, "key": f"c{number}"}
        cancel = {"deed": "cancel_run", "run": run.pk, "actor": school.treasurer.pk}
        paid, *cancelled = race([pay, cancel, cancel])
        run.refresh_from_db()
        request.refresh_from_db()
        if run.state == "cancelled":
            assert cancelled == ["cancelled"] * 2
            assert not paid.isdigit()
            assert (request.state, request.credited_dong) == ("cancelled", 0)
        else:
            assert cancelled == ["SOMEBODY_PAID"] * 2
            assert (request.state, request.credited_dong) == ("paid", 150_000)


def test_a_bill_is_made_of_the_reading_that_stands(school, race, rounds):
    """Whoever puts a reading right comes before the run, and the bill says so, or after it, and is sent to correct."""
    tap = billers.fee_item(school.organization, "Nước sạch", price_dong=6_000, measure="metered", unit_name="m³")
    today = vietnam_day(timezone.now())
    for number in rounds("a reading replaced while its run is published"):
        section = f"Xóm {number}"
        meter = billers.billing_account(school.organization, "Cường", number=section, kind="meter", section=section)
        Reading.objects.create(
            account=meter, month=month_of(today), read_on=today, old_value=0, new_value=10, used=10,
            recorded_at=timezone.now(),
        )  # fmt: skip
        run = draft(school, section, tap, sections=[section])
        read = {
            "deed": "read_meter", "account": meter.pk, "month": month_of(today), "read_on": today.isoformat(),
            "value": 12, "actor": school.clerk.pk, "key": f"r{number}",
        }  # fmt: skip
        published, said = race([publish(school, run, f"{number}"), read])
        line = BillLine.objects.get(bill__run=run)
        assert published == "published"
        assert line.reading is not None
        assert (line.reading.is_live, line.quantity) == (True, 12 if said == "12" else 10)
        assert said in {"12", "REPLACE_BY_CORRECTION"}
        assert BillingAccount.objects.get(pk=meter.pk).readings.filter(is_live=True).count() == 1
