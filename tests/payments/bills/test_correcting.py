"""A published bill is corrected by a visible adjustment; what was paid beyond it is not lost."""

from typing import Any

import pytest

from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Message
from payments import bundles, owing
from payments.bills import carrying, correcting
from payments.bills.correcting import Change
from payments.deeds import ReasonMissing
from payments.models import BillLine, CreditUse, ExemptGroup, GivenBack, PaymentRequest, Reading, Refund, RunItem
from tests import billers, people
from tests.billers import School
from tests.payments.bills.incoming import Comes, comes_to
from tests.payments.conftest import is_clean

State = PaymentRequest.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def comes(school: School) -> Comes:
    return comes_to(school)


@pytest.fixture(autouse=True)
def clean(school: School) -> Any:
    yield
    assert is_clean(school.organization, at=school.now)


@pytest.fixture
def asked(school: School) -> PaymentRequest:
    """An's bill: 500,000 for meals, 150,000 for boarding."""
    return billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])


def correct(school: School, request: PaymentRequest, *changes: Change, key: str = "k", **more: Any) -> PaymentRequest:
    given: dict[str, Any] = {"reason": "nghỉ ốm 4 buổi", "actor": school.treasurer, "at": school.now} | more
    assert request.bill_id is not None
    bill = correcting.correct(bill_id=request.bill_id, changes=changes, key=key, **given)
    return PaymentRequest.objects.get(bill=bill)


def figures_of(request: PaymentRequest) -> tuple[str, int, int, int]:
    request.refresh_from_db()
    return request.state, request.asked_dong, request.credited_dong, request.due_dong


def turnover(school: School, item: Any) -> int:
    return ledger.balance_dong(
        organization=school.organization, kind=Kind.BILL_ITEMS, subject=f"fee_item:{item.pk}"
    )  # fmt: skip


# -- The bill itself --------------------------------------------------------------------------------------


def test_an_unpaid_bill_asks_less_and_says_why(school: School, asked: PaymentRequest) -> None:
    for _time in range(2):
        correct(school, asked, Change(school.meals.pk, -100_000, quantity=4))
    line = BillLine.objects.get(kind="adjustment")
    assert (line.amount_dong, line.quantity, line.unit_price_dong) == (-100_000, 4, 25_000)
    assert (line.name, line.reason, line.actor) == ("Tiền ăn bán trú", "nghỉ ốm 4 buổi", school.treasurer)
    assert figures_of(asked) == (State.WAITING, 550_000, 0, 550_000)
    assert not GivenBack.objects.exists()
    told = Message.objects.get(organization=school.organization, kind="bill_corrected")
    assert "550.000" in told.text
    assert "N.V.A. (3A)" in told.text


def test_a_correction_up_opens_a_paid_bill_again(school: School, asked: PaymentRequest, comes: Comes) -> None:
    comes(asked.code, 650_000)
    correct(school, asked, Change(school.insurance.pk, 631_800))
    assert figures_of(asked) == (State.PART, 1_281_800, 650_000, 631_800)
    comes(f"{asked.code} lan hai", 631_800)
    assert figures_of(asked) == (State.PAID, 1_281_800, 1_281_800, 0)
    assert turnover(school, school.insurance) == 631_800


def test_a_correction_to_nothing_is_paid_at_once_and_back_up_waits(school: School, asked: PaymentRequest) -> None:
    correct(school, asked, Change(school.meals.pk, -500_000), Change(school.boarding.pk, -150_000))
    assert figures_of(asked) == (State.PAID, 0, 0, 0)
    correct(school, asked, Change(school.meals.pk, 20_000), key="back")
    assert figures_of(asked) == (State.WAITING, 20_000, 0, 20_000)


# -- What was paid beyond ---------------------------------------------------------------------------------


def test_what_was_paid_beyond_waits_for_the_next_bill(school: School, asked: PaymentRequest, comes: Comes) -> None:
    comes(asked.code, 650_000)
    correct(school, asked, Change(school.meals.pk, -100_000), Change(school.boarding.pk, -50_000))
    assert figures_of(asked) == (State.PAID, 500_000, 500_000, 0)
    back = GivenBack.objects.get()
    shares = {share.fee_item.name: share.amount_dong for share in back.shares.all()}
    assert (back.amount_dong, shares) == (150_000, {"Tiền ăn bán trú": 100_000, "Chăm sóc bán trú": 50_000})
    assert (turnover(school, school.meals), turnover(school, school.boarding)) == (400_000, 100_000)
    assert carrying.credit_dong(school.older.pk) == 150_000
    assert not Refund.objects.exists()


def test_what_was_paid_beyond_goes_back_where_the_biller_does_not_carry(
    school: School, asked: PaymentRequest, comes: Comes
) -> None:
    school.organization.carries_credit = False
    school.organization.save()
    comes(asked.code, 650_000)
    correct(school, asked, Change(school.meals.pk, -100_000))
    task = Refund.objects.get()
    assert (task.account, task.amount_dong, task.state) == (school.older, 100_000, Refund.State.TO_DO)
    assert carrying.credit_dong(school.older.pk) == 0
    correct(school, asked, Change(school.meals.pk, -30_000), key="again")
    assert sum(refund.amount_dong for refund in Refund.objects.all()) == 130_000


def test_what_was_paid_beyond_one_item_pays_what_the_bill_still_asks(
    school: School, asked: PaymentRequest, comes: Comes
) -> None:
    comes(asked.code, 520_000)  # the meals whole, 20,000 of the boarding
    correct(school, asked, Change(school.meals.pk, -200_000))
    assert figures_of(asked) == (State.PAID, 450_000, 450_000, 0)
    assert GivenBack.objects.get().amount_dong == 200_000
    assert CreditUse.objects.get().amount_dong == 130_000
    assert (turnover(school, school.meals), turnover(school, school.boarding)) == (300_000, 150_000)
    assert carrying.credit_dong(school.older.pk) == 70_000


def test_a_bundle_follows_the_bills_that_it_holds(school: School, asked: PaymentRequest, comes: Comes) -> None:
    other = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    bundle = bundles.make(codes=[asked.code, other.code], at=school.now)
    comes(bundle.code, 1_050_000)
    correct(school, asked, Change(school.meals.pk, 10_000))
    bundle.refresh_from_db()
    assert (bundle.state, bundle.asked_dong, bundle.credited_dong) == (State.PART, 1_050_000, 1_040_000)


# -- What is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delta", "more", "refusal"),
    [
        (-500_001, {}, correcting.BelowNothing), (0, {}, BadAmount), (-1, {"reason": " "}, ReasonMissing),
        (500_000_000, {}, BadAmount),
    ],
)  # fmt: skip
def test_what_cannot_be_corrected(
    school: School, asked: PaymentRequest, delta: int, more: dict[str, Any], refusal: Any
) -> None:
    with pytest.raises(refusal):
        correct(school, asked, Change(school.meals.pk, delta), **more)
    assert figures_of(asked) == (State.WAITING, 650_000, 0, 650_000)


def test_each_item_is_named_once_and_is_the_billers_own(
    school: School, world: people.World, asked: PaymentRequest
) -> None:
    with pytest.raises(correcting.NothingToCorrect):
        correct(school, asked)
    with pytest.raises(correcting.NothingToCorrect):
        correct(school, asked, Change(school.meals.pk, 1), Change(school.meals.pk, 2))
    with pytest.raises(NotFound):
        correct(school, asked, Change(billers.fee_item(world.organization, "nước", price_dong=1).pk, 1_000))
    with pytest.raises(correcting.BelowNothing):  # it never was on the bill
        correct(school, asked, Change(school.insurance.pk, -1))


def test_a_cancelled_bill_is_not_corrected(school: School, asked: PaymentRequest) -> None:
    bill = asked.bill
    assert bill is not None
    bill.cancelled_at, asked.state = school.now, State.CANCELLED
    bill.save()
    asked.save()
    with pytest.raises(correcting.BillCancelled):
        correct(school, asked, Change(school.meals.pk, 1_000))


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_to_whoever_does_not_keep_bills_there_is_none(
    school: School, world: people.World, asked: PaymentRequest, who: str
) -> None:
    actor = school.clerk if who == "clerk" else world.treasurer
    with pytest.raises(NotFound):
        correct(school, asked, Change(school.meals.pk, 1_000), actor=actor)


def test_one_key_is_one_correction(school: School, asked: PaymentRequest) -> None:
    correct(school, asked, Change(school.meals.pk, 1_000))
    with pytest.raises(KeyReused):
        correct(school, asked, Change(school.meals.pk, 2_000))


# -- Readings ---------------------------------------------------------------------------------------------

STEPS = [[10, 6_000], [20, 7_500], [None, 9_000]]


@pytest.fixture
def water(school: School) -> Any:
    return billers.fee_item(school.organization, "Nước", price_dong=0, measure="metered", steps=STEPS, unit_name="m³")


@pytest.fixture
def meter(school: School) -> Any:
    return billers.billing_account(school.organization, "Trần Thị Hạnh", kind="meter", of=school.household)


def read(school: School, meter: Any, month: str, old: int, new: int) -> Reading:
    return Reading.objects.create(
        account=meter, month=month, read_on=f"{month}-05", old_value=old, new_value=new, used=new - old,
        recorded_at=school.now,
    )  # fmt: skip


def bill_of(
    school: School, meter: Any, water: Any, reading: Reading, full: int, *, reduction: int = 0, group: str = ""
) -> PaymentRequest:
    """A published bill for one reading, as a run makes it."""
    run = billers.bill_run(school.organization, school.bank_account, month=reading.month)
    RunItem.objects.create(run=run, fee_item=water, rate=water.rates.get())
    request = billers.bill(run, meter, [(water, full)])
    BillLine.objects.filter(bill=request.bill).update(
        reading=reading, quantity=reading.used, reduction_dong=reduction, reduction_name=group,
        amount_dong=full - reduction, unit_price_dong=0,
    )  # fmt: skip
    PaymentRequest.objects.filter(pk=request.pk).update(asked_dong=full - reduction)
    return PaymentRequest.objects.get(pk=request.pk)


def correct_reading(school: School, reading: Reading, new: int, *, key: str = "r", **more: Any) -> Reading:
    given: dict[str, Any] = {"reason": "đọc nhầm số", "actor": school.treasurer, "at": school.now} | more
    return correcting.correct_reading(reading_id=reading.pk, new_value=new, key=key, **given)


def test_a_reading_that_was_typed_wrong_is_corrected_after_payment(
    school: School, meter: Any, water: Any, comes: Comes
) -> None:
    wrong = read(school, meter, "2026-02", 100, 125)  # 25 m³: 60,000 + 75,000 + 45,000
    asked = bill_of(school, meter, water, wrong, 180_000)
    comes(asked.code, 180_000)
    for _time in range(2):
        right = correct_reading(school, wrong, 112)  # 12 m³: 60,000 + 15,000
    wrong.refresh_from_db()
    assert (wrong.is_live, right.is_live, right.used, right.replaces) == (False, True, 12, wrong)
    line = BillLine.objects.get(kind="adjustment")
    assert (line.amount_dong, line.quantity, line.reading, line.reason) == (-105_000, 13, right, "đọc nhầm số")
    assert figures_of(asked) == (State.PAID, 75_000, 75_000, 0)
    assert carrying.credit_dong(meter.pk) == 105_000


def test_a_reading_is_corrected_again_from_what_it_became(school: School, meter: Any, water: Any) -> None:
    wrong = read(school, meter, "2026-02", 100, 125)
    asked = bill_of(school, meter, water, wrong, 180_000)
    second = correct_reading(school, wrong, 112)
    correct_reading(school, second, 121, key="r2")
    assert figures_of(asked)[1] == 60_000 + 75_000 + 9_000
    with pytest.raises(correcting.ReadingReplaced):
        correct_reading(school, wrong, 130, key="r3")


def test_the_month_after_begins_where_this_one_really_ended(school: School, meter: Any, water: Any) -> None:
    february = read(school, meter, "2026-02", 100, 125)
    march = read(school, meter, "2026-03", 125, 130)  # 5 m³
    asked = [bill_of(school, meter, water, february, 180_000), bill_of(school, meter, water, march, 30_000)]
    correct_reading(school, february, 112)
    after = Reading.objects.get(month="2026-03", is_live=True)
    assert (after.old_value, after.new_value, after.used, after.replaces) == (112, 130, 18, march)
    assert figures_of(asked[0])[1] == 75_000
    assert figures_of(asked[1])[1] == 60_000 + 8 * 7_500


def test_a_reading_does_not_end_beyond_the_month_after(school: School, meter: Any) -> None:
    february = read(school, meter, "2026-02", 100, 125)
    read(school, meter, "2026-03", 125, 130)
    with pytest.raises(correcting.meters.MeterWentBack):
        correct_reading(school, february, 131)
    february.refresh_from_db()
    assert february.is_live


def test_the_reduction_that_the_line_had_counts_for_the_difference(school: School, meter: Any, water: Any) -> None:
    group = ExemptGroup.objects.create(organization=school.organization, name="Hộ nghèo")
    share = group.shares.create(fee_item=water, reduction_bp=3_333)
    wrong = read(school, meter, "2026-02", 100, 125)
    reduction = 180_000 * 3_333 // 10_000
    asked = bill_of(school, meter, water, wrong, 180_000, reduction=reduction, group="Hộ nghèo")
    second = correct_reading(school, wrong, 111)
    assert figures_of(asked)[1] == 67_500 - 67_500 * 3_333 // 10_000
    share.reduction_bp = 5_000  # decided since: the line's own proportion counts
    share.save()
    correct_reading(school, second, 125, key="r2")
    assert figures_of(asked)[1] == 180_000 - reduction


def test_a_meter_that_stood_still_is_charged_with_the_exemption_of_its_day(
    school: School, meter: Any, water: Any
) -> None:
    group = ExemptGroup.objects.create(organization=school.organization, name="Hộ nghèo")
    group.shares.create(fee_item=water, reduction_bp=5_000)
    meter.exemptions.create(group=group, since="2026-02-01", until="2026-02-28", recorded_at=school.now)
    asked = bill_of(school, meter, water, still := read(school, meter, "2026-02", 100, 100), 0)
    correct_reading(school, still, 110)
    assert figures_of(asked)[1] == 30_000


def test_a_collector_corrects_what_no_bill_holds(school: School, meter: Any, water: Any) -> None:
    loose = read(school, meter, "2026-02", 100, 125)
    right = correct_reading(school, loose, 120, actor=school.clerk)
    assert right.recorded_by == school.clerk
    asked = bill_of(school, meter, water, right, 150_000 - 15_000)
    with pytest.raises(NotFound):
        correct_reading(school, right, 119, actor=school.clerk, key="r2")
    assert figures_of(asked)[1] == 135_000
    with pytest.raises(correcting.NothingToCorrect):
        correct_reading(school, right, 120, key="r3")


def test_a_changed_meter_says_what_was_used(school: School, meter: Any, water: Any) -> None:
    old = read(school, meter, "2026-02", 900, 905)
    asked = bill_of(school, meter, water, old, 30_000)
    with pytest.raises(correcting.meters.UsedMissing):
        correct_reading(school, old, 3, meter_changed=True)
    right = correct_reading(school, old, 3, meter_changed=True, used=8)
    assert (right.used, figures_of(asked)[1]) == (8, 48_000)
    assert owing.debt_dong(organization=school.organization, account_id=meter.pk) == 0
