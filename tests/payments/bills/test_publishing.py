"""A run becomes bills all at once or not at all, whoever publishes how often; and goes while nobody has paid."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.codes import is_well_formed
from base.refusals import KeyReused, NotFound
from cooperatives.models import BankAccount
from payments import cash, deeds, triage, undoing
from payments.bills import carrying, publishing, rates, readings, runs
from payments.bills.drawing_up import NoReading, NothingToBill, TooMuchAtOnce
from payments.bills.runs import Count, ItemWanted
from payments.models import (
    Bill,
    BillingAccount,
    BillLine,
    BillRun,
    BundlePart,
    CreditUse,
    FeeRate,
    PaymentRequest,
    Settlement,
)
from tests import billers, people
from tests.billers import School
from tests.payments.bills.incoming import comes_to
from tests.payments.bills.test_runs import check, draft, exempt, meter, water
from tests.payments.conftest import is_clean
from tests.people import World


def publish(school: School, run: BillRun, *, key: str = "", **more: Any) -> BillRun:
    said = {"actor": school.treasurer, "at": school.now}
    return publishing.publish(run_id=run.pk, key=key or f"publish:{run.pk}", **(said | more))


def cancel(school: School, run: BillRun, *, reason: str = "nhầm tháng", **more: Any) -> BillRun:
    said = {"actor": school.treasurer, "at": school.now + timedelta(hours=1)}
    return publishing.cancel(run_id=run.pk, reason=reason, **(said | more))


def request(run: BillRun, account: BillingAccount) -> PaymentRequest:
    return PaymentRequest.objects.select_related("bill").get(bill__run=run, bill__account=account)


def bundle_of(school: School) -> PaymentRequest:
    return PaymentRequest.objects.get(organization=school.organization, is_bundle=True)


def parts(bundle: PaymentRequest) -> set[str]:
    return set(bundle.parts.values_list("part__code", flat=True))


def overpaid(school: School, dong: int) -> None:
    """An's February bill of 100,000 was paid, and ``dong`` more: owed to his payer."""
    february = billers.bill_run(school.organization, school.bank_account, month="2026-02")
    bill = billers.bill(february, school.older, [(school.boarding, 100_000)])
    comes_to(school)(bill.code, 100_000 + dong)
    assert carrying.credit_dong(school.older.pk) == dong


# -- Publishing -----------------------------------------------------------------------------------------


def test_every_account_gets_a_bill_with_lines_a_code_and_what_it_asks(school: School) -> None:
    exempt(school, school.older, "Hộ cận nghèo", 5_000, [school.meals])
    run = draft(school, ItemWanted(school.meals.pk, 20), school.boarding)
    checked = check(school, run)
    published = publish(school, run)
    assert (published.state, published.published_by, published.published_at) == (
        "published", school.treasurer, school.now
    )  # fmt: skip
    an, binh = request(run, school.older), request(run, school.younger)
    assert (an.asked_dong, binh.asked_dong) == (400_000, 650_000)
    assert an.asked_dong + binh.asked_dong == checked.total_dong
    assert (an.state, an.due_dong, an.account, an.bank_account) == (
        "waiting", 400_000, school.older, school.bank_account
    )  # fmt: skip
    assert an.expires_at is None
    assert is_well_formed(an.code)
    assert an.code != binh.code
    bill = an.bill
    assert bill is not None
    assert (bill.account_name, bill.section, bill.due_on, bill.created_at) == (
        "Nguyễn Văn An", "3A", run.due_on, school.now
    )  # fmt: skip
    meals, boarding = bill.lines.order_by("position")
    assert (meals.name, meals.quantity, meals.unit_price_dong, meals.full_dong) == (
        "Tiền ăn bán trú", 20, 25_000, 500_000
    )  # fmt: skip
    assert (meals.reduction_dong, meals.reduction_name, meals.amount_dong) == (250_000, "Hộ cận nghèo", 250_000)
    assert (meals.kind, meals.actor, boarding.amount_dong, boarding.reading) == (
        "charge", school.treasurer, 150_000, None
    )  # fmt: skip


def test_the_rates_of_the_day_are_frozen_in_the_run(school: School) -> None:
    run = draft(school, school.boarding)
    publish(school, run)
    frozen = run.items.get().rate
    assert frozen == FeeRate.objects.get(fee_item=school.boarding)
    with pytest.raises(rates.RateDayTaken):
        rates.rate_set(
            fee_item_id=school.boarding.pk, since=people.OPENED_ON, price_dong=1, legal_basis="NQ",
            actor=school.treasurer, key="k", at=school.now,
        )  # fmt: skip


def test_publishing_again_makes_nothing_more(school: School) -> None:
    run = draft(school, school.boarding)
    first = publish(school, run, key="k")
    assert publish(school, run, key="k") == first
    assert publish(school, run, key="another", actor=school.manager) == first
    assert (Bill.objects.filter(run=run).count(), first.published_by) == (2, school.treasurer)
    with pytest.raises(KeyReused):
        publish(school, run, key="k", leave_out_unread=True)


def test_a_stranger_and_a_clerk_do_not_publish(school: School, world: World) -> None:
    run = draft(school, school.boarding)
    for nobody in (world.treasurer, school.clerk):
        with pytest.raises(NotFound):
            publish(school, run, actor=nobody)
    assert BillRun.objects.get(pk=run.pk).state == "draft"


@pytest.mark.parametrize("way", ["no basis", "above the ceiling", "nobody", "too much"])
def test_what_hinders_a_run_leaves_it_a_draft(school: School, way: str) -> None:
    """Nothing is written, and the same key can publish it once it is put right."""
    refusal: type[Exception]
    rate = FeeRate.objects.filter(fee_item=school.boarding)
    run = draft(school, ItemWanted(school.boarding.pk, 1))
    if way == "no basis":
        rate.update(legal_basis="")
        refusal = rates.NoBasis
    elif way == "above the ceiling":
        rate.update(ceiling_dong=149_999)
        refusal = rates.AboveCeiling
    elif way == "too much":
        rate.update(price_dong=499_999_999)
        run.items.update(quantity=2)
        refusal = TooMuchAtOnce
    else:
        run.items.update(quantity=0)
        refusal = NothingToBill
    with pytest.raises(refusal):
        publish(school, run, key="k")
    assert BillRun.objects.get(pk=run.pk).state == "draft"
    assert not Bill.objects.exists()
    rate.update(price_dong=150_000, ceiling_dong=150_000, legal_basis="NQ 18/2025")
    run.items.update(quantity=1)
    assert publish(school, run, key="k").state == "published"


def test_a_bill_of_nothing_is_paid_at_once(school: School) -> None:
    exempt(school, school.older, "Con liệt sĩ", 10_000, [school.boarding])
    run = draft(school, school.boarding)
    publish(school, run)
    free = request(run, school.older)
    assert (free.asked_dong, free.state, free.due_dong) == (0, "paid", 0)
    assert free.bill is not None
    assert free.bill.lines.get().reduction_name == "Con liệt sĩ"


def test_water_is_billed_by_steps_and_its_reading_is_named(school: School) -> None:
    tap = water(school)
    read, unread = meter(school, "DH01", 25), meter(school, "DH02", None)
    run = draft(school, tap, sections=["Xóm 1"])
    with pytest.raises(NoReading):
        publish(school, run)
    publish(school, run, leave_out_unread=True)
    line = BillLine.objects.get(bill__run=run)
    assert (line.quantity, line.unit_price_dong, line.amount_dong) == (25, 0, 180_000)
    assert line.reading == read.readings.get()
    assert not unread.bills.exists()


def test_once_is_once_though_two_runs_were_drafted(school: School) -> None:
    once = billers.fee_item(school.organization, "Đồng phục", price_dong=200_000, period="once")
    first, second = draft(school, once), draft(school, once, name="lần hai")
    publish(school, first)
    with pytest.raises(NothingToBill):
        publish(school, second)
    assert BillLine.objects.filter(fee_item=once).count() == 2


@pytest.mark.parametrize("more", [0, 2])
def test_publishing_takes_as_many_queries_for_one_account_as_for_three(school: School, more: int) -> None:
    """Each has an exemption, a meter, an older bill and so a bundle."""
    tap = water(school)
    for number in range(1 + more):
        account = meter(school, f"DH{number}", 12)
        exempt(school, account, "Hộ nghèo", 5_000, [tap])
        billers.bill(school.run, account, [(school.boarding, 150_000)])
    run = draft(school, tap, school.boarding, sections=["Xóm 1"])
    with CaptureQueriesContext(connection) as seen:
        publish(school, run)
    assert BundlePart.objects.count() == 2 * (1 + more)
    statements = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 32


# -- Credit and arrears -----------------------------------------------------------------------------------


def test_what_is_owed_to_a_payer_is_used_for_the_new_bill(school: School) -> None:
    overpaid(school, 60_000)
    run = draft(school, school.boarding)
    publish(school, run)
    an = request(run, school.older)
    assert (an.asked_dong, an.credited_dong, an.state, an.due_dong) == (150_000, 60_000, "part", 90_000)
    assert request(run, school.younger).credited_dong == 0
    assert carrying.credit_dong(school.older.pk) == 0
    assert is_clean(school.organization, at=school.now)


def test_arrears_and_the_new_bill_have_one_code_together(school: School) -> None:
    old = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    run = draft(school, school.boarding)
    publish(school, run)
    bundle = bundle_of(school)
    new = request(run, school.older)
    assert (parts(bundle), bundle.asked_dong, bundle.account) == ({old.code, new.code}, 650_000, school.older)
    comes_to(school)(bundle.code, 600_000)
    for row in (old, new, bundle):
        row.refresh_from_db()
    assert (old.state, new.credited_dong, bundle.due_dong) == ("paid", 100_000, 50_000)
    assert is_clean(school.organization, at=school.now)


def test_a_run_that_carries_no_arrears_makes_no_bundle(school: School) -> None:
    billers.bill(school.run, school.older, [(school.meals, 500_000)])
    publish(school, draft(school, school.boarding, carries_arrears=False))
    assert not PaymentRequest.objects.filter(is_bundle=True).exists()


def test_only_what_one_transfer_can_pay_stands_together(school: School) -> None:
    """Not into two bank accounts, not above what a bank carries; and what credit has paid is not asked again."""
    other = BankAccount.objects.create(
        organization=school.organization, bin="970415", bank_name="VietinBank", number="101777888",
        holder="TRUONG TH HOA SEN", created_at=school.now,
    )  # fmt: skip
    elsewhere = billers.bill_run(school.organization, other)
    billers.bill(elsewhere, school.older, [(school.meals, 500_000)])
    billers.bill(school.run, school.younger, [(school.meals, 499_900_000)])
    publish(school, draft(school, school.boarding))
    assert not PaymentRequest.objects.filter(is_bundle=True).exists()


def test_a_bill_that_credit_has_paid_stands_in_no_bundle(school: School) -> None:
    old = billers.bill(school.run, school.older, [(school.boarding, 50_000)])
    overpaid(school, 200_000)
    run = draft(school, school.boarding)
    publish(school, run)
    old.refresh_from_db()
    assert (old.state, request(run, school.older).state) == ("paid", "paid")
    assert not PaymentRequest.objects.filter(is_bundle=True).exists()
    assert is_clean(school.organization, at=school.now)


# -- Cancelling -------------------------------------------------------------------------------------------


def test_a_run_that_nobody_paid_is_taken_back(school: School) -> None:
    old = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    run = draft(school, school.boarding)
    publish(school, run)
    cancelled = cancel(school, run)
    assert (cancelled.state, cancelled.cancelled_by, cancelled.cancel_reason) == (
        "cancelled", school.treasurer, "nhầm tháng"
    )  # fmt: skip
    assert not Bill.objects.filter(run=run, cancelled_at=None).exists()
    assert set(PaymentRequest.objects.filter(bill__run=run).values_list("state", flat=True)) == {"cancelled"}
    old.refresh_from_db()
    bundle = bundle_of(school)
    assert (old.state, bundle.due_dong, bundle.state) == ("waiting", 500_000, "part")
    assert cancel(school, run, reason="lần nữa").cancel_reason == "nhầm tháng"
    again = draft(school, school.boarding, key="again")  # the name is free again, and so is the month
    assert check(school, again).warnings == []
    assert is_clean(school.organization, at=school.now)


def test_a_cancelled_run_is_not_published_again(school: School) -> None:
    run = draft(school, school.boarding)
    publish(school, run)
    cancel(school, run)
    with pytest.raises(runs.NotDraft):
        publish(school, run, key="other")


def test_a_draft_is_dropped_and_not_cancelled(school: School, world: World) -> None:
    run = draft(school, school.boarding)
    with pytest.raises(publishing.NotPublished):
        cancel(school, run)
    with pytest.raises(deeds.ReasonMissing):
        cancel(school, run, reason=" ")
    for nobody in (world.treasurer, school.clerk):
        with pytest.raises(NotFound):
            cancel(school, run, actor=nobody)


@pytest.mark.parametrize("way", ["transfer", "bundle", "cash", "too much", "credit"])
def test_a_run_that_somebody_paid_stays(school: School, way: str) -> None:
    old = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    exempt(school, school.younger, "Con liệt sĩ", 10_000, [school.boarding])
    run = draft(school, school.boarding)
    publish(school, run)
    code = request(run, school.older).code
    later = school.now + timedelta(minutes=5)
    if way == "transfer":
        comes_to(school)(code, 10_000, at=later)
    elif way == "bundle":
        comes_to(school)(bundle_of(school).code, 500_001, at=later)
    elif way == "cash":
        cash.receive(code=code, amount_dong=50_000, actor=school.clerk, key="c", at=later)
    elif way == "too much":  # for the bill of nothing: all of it is owed back
        line = comes_to(school)("chuyen tien", 10_000, at=later)
        part = triage.Part(request(run, school.younger).code, 10_000)
        triage.assign(
            transaction_id=line.pk, parts=[part], reason="gọi điện", actor=school.treasurer, key="t", at=later
        )
    else:
        comes_to(school)(old.code, 520_000, at=later)
        carrying.use(bill_id=request(run, school.older).bill_id or 0, actor=school.treasurer, key="u", at=later)
    with pytest.raises(publishing.SomebodyPaid):
        cancel(school, run)
    assert BillRun.objects.get(pk=run.pk).state == "published"
    assert not Bill.objects.filter(run=run, cancelled_at__isnull=False).exists()
    assert is_clean(school.organization, at=later)


def test_once_a_payment_was_taken_back_the_run_can_go(school: School) -> None:
    run = draft(school, school.boarding)
    publish(school, run)
    comes_to(school)(request(run, school.older).code, 150_000)
    settlement = Settlement.objects.get()
    undoing.undo(settlement_id=settlement.pk, actor=school.treasurer, at=school.now)
    assert cancel(school, run).state == "cancelled"
    assert is_clean(school.organization, at=school.now)


def test_credit_that_publishing_used_is_owed_again(school: School) -> None:
    overpaid(school, 60_000)
    run = draft(school, school.boarding)
    at = school.now + timedelta(minutes=1)
    publish(school, run, at=at)
    assert CreditUse.objects.get().is_live
    cancel(school, run)
    assert not CreditUse.objects.get().is_live
    assert carrying.credit_dong(school.older.pk) == 60_000
    assert request(run, school.older).state == "cancelled"
    assert is_clean(school.organization, at=at)


def test_readings_of_a_cancelled_run_can_be_put_right_and_billed_anew(school: School) -> None:
    tap = water(school)
    account = meter(school, "DH01", 25)
    run = draft(school, tap, sections=["Xóm 1"])
    publish(school, run)
    cancel(school, run)
    readings.record(
        account_id=account.pk, month="2026-04", read_on=date(2026, 3, 10), new_value=115, actor=school.clerk, key="r",
        at=school.now,
    )  # fmt: skip
    again = draft(school, tap, sections=["Xóm 1"], key="again")
    publish(school, again)
    assert request(again, account).asked_dong == 97_500


def test_counts_said_before_publishing_are_what_is_billed(school: School) -> None:
    run = draft(school, ItemWanted(school.meals.pk, 0))
    runs.set_counts(
        run_id=run.pk, counts=[Count(school.older.pk, school.meals.pk, 17)], actor=school.treasurer, at=school.now
    )
    publish(school, run)
    assert list(PaymentRequest.objects.filter(bill__run=run).values_list("asked_dong", flat=True)) == [425_000]
