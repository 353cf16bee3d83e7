"""What was paid too much for one bill: carried to the next one, or given back at once."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from payments import bundles, refunds
from payments.bills import carrying, correcting
from payments.bills.correcting import Change
from payments.models import BillingAccount, CreditUse, PaymentRequest, Refund
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


def bill(
    school: School, account: BillingAccount, *dong: int, month: str = "2026-04", due_on: date | None = None
) -> PaymentRequest:
    """Of one item each, in the biller's order."""
    run = billers.bill_run(school.organization, school.bank_account, month=month)
    amounts = list(zip([school.meals, school.boarding, school.insurance], dong, strict=False))
    return billers.bill(run, account, amounts, due_on=due_on)


def overpaid(school: School, comes: Comes, account: BillingAccount, excess: int) -> PaymentRequest:
    """A bill of 100,000 that was paid with so much more."""
    request = bill(school, account, 100_000, month="2026-02")
    comes(request.code, 100_000 + excess)
    return request


def use(school: School, request: PaymentRequest, *, key: str = "u", **more: Any) -> CreditUse:
    given: dict[str, Any] = {"actor": school.treasurer, "at": school.now} | more
    assert request.bill_id is not None
    return carrying.use(bill_id=request.bill_id, key=key, **given)


def figures_of(request: PaymentRequest) -> tuple[str, int, int]:
    request.refresh_from_db()
    return request.state, request.credited_dong, request.due_dong


def apply(school: School, *requests: PaymentRequest) -> int:
    with transaction.atomic():
        return carrying.apply(list(requests), actor=school.manager, at=school.now)


# -- By hand ----------------------------------------------------------------------------------------------


def test_what_came_too_much_pays_the_next_bill(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    assert carrying.credit_dong(school.older.pk) == 130_000
    following = bill(school, school.older, 100_000, 150_000)
    for _time in range(2):
        used = use(school, following)
    assert (used.amount_dong, used.actor) == (130_000, school.treasurer)
    assert figures_of(following) == (State.PART, 130_000, 120_000)
    assert {share.fee_item: share.amount_dong for share in used.shares.all()} == {
        school.meals: 100_000, school.boarding: 30_000,
    }  # fmt: skip
    assert carrying.credit_dong(school.older.pk) == 0
    assert ledger.total_dong(organization=school.organization, kind=Kind.OWED_TO_PAYERS) == 0


def test_a_part_is_used_and_taken_back(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    following = bill(school, school.older, 100_000)
    used = use(school, following, amount_dong=40_000)
    assert figures_of(following) == (State.PART, 40_000, 60_000)
    for _time in range(2):
        carrying.undo(credit_use_id=used.pk, actor=school.treasurer, at=school.now)
    assert figures_of(following) == (State.WAITING, 0, 100_000)
    assert carrying.credit_dong(school.older.pk) == 130_000


def test_a_bundle_owes_less_once_a_bill_of_it_was_paid_with_credit(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 60_000)
    both = [bill(school, school.older, 100_000), bill(school, school.younger, 50_000)]
    bundle = bundles.make(codes=[request.code for request in both], at=school.now)
    used = use(school, both[0])
    assert figures_of(bundle) == (State.PART, 60_000, 90_000)
    carrying.undo(credit_use_id=used.pk, actor=school.treasurer, at=school.now)
    assert figures_of(bundle) == (State.WAITING, 0, 150_000)


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [(130_001, carrying.NoCredit), (200_001, carrying.MoreThanDue), (0, BadAmount)],
)
def test_no_more_is_used_than_is_there_and_due(school: School, comes: Comes, amount: int, refusal: Any) -> None:
    overpaid(school, comes, school.older, 130_000)
    following = bill(school, school.older, 200_000)
    with pytest.raises(refusal):
        use(school, following, amount_dong=amount)
    assert figures_of(following) == (State.WAITING, 0, 200_000)


def test_what_is_to_go_back_is_not_used(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    following = bill(school, school.older, 200_000)
    refunds.ask(
        account_id=school.older.pk, amount_dong=100_000, reason="phụ huynh xin lại", actor=school.treasurer, key="a",
        at=school.now,
    )  # fmt: skip
    assert carrying.credit_dong(school.older.pk) == 30_000
    assert use(school, following).amount_dong == 30_000
    with pytest.raises(carrying.NoCredit):
        use(school, following, key="again")


def test_a_paid_or_cancelled_bill_takes_no_credit(school: School, comes: Comes) -> None:
    paid = overpaid(school, comes, school.older, 130_000)
    cancelled = bill(school, school.older, 100_000)
    assert cancelled.bill is not None
    cancelled.bill.cancelled_at, cancelled.state = school.now, State.CANCELLED
    cancelled.bill.save()
    cancelled.save()
    for request in (paid, cancelled):
        with pytest.raises(bundles.NothingDue):
            use(school, request)


def test_the_credit_of_one_child_is_not_the_others(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    with pytest.raises(carrying.NoCredit):
        use(school, bill(school, school.younger, 100_000))


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_to_whoever_does_not_keep_bills_there_is_none(
    school: School, world: people.World, comes: Comes, who: str
) -> None:
    overpaid(school, comes, school.older, 130_000)
    following = bill(school, school.older, 100_000)
    actor = school.clerk if who == "clerk" else world.treasurer
    with pytest.raises(NotFound):
        use(school, following, actor=actor)
    used = use(school, following)
    with pytest.raises(NotFound):
        carrying.undo(credit_use_id=used.pk, actor=actor, at=school.now)


def test_one_key_is_one_use(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    following = bill(school, school.older, 100_000)
    use(school, following, amount_dong=10_000)
    with pytest.raises(KeyReused):
        use(school, following, amount_dong=20_000)


def test_a_use_of_which_part_was_given_back_stays(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 100_000)
    following = bill(school, school.older, 100_000)
    used = use(school, following)
    assert following.bill_id is not None
    correcting.correct(
        bill_id=following.bill_id, changes=[Change(school.meals.pk, -1)], reason="nghỉ học", actor=school.treasurer,
        key="c", at=school.now,
    )  # fmt: skip
    with pytest.raises(carrying.GivenBackSince):
        carrying.undo(credit_use_id=used.pk, actor=school.treasurer, at=school.now)


# -- When a run is published ------------------------------------------------------------------------------


def test_a_run_uses_what_is_there_oldest_bill_first(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    new = bill(school, school.older, 90_000, due_on=date(2026, 4, 30))
    old = bill(school, school.older, 80_000, month="2026-03", due_on=date(2026, 3, 31))
    others = bill(school, school.younger, 90_000)
    assert apply(school, new, others) == 2
    assert (new.credited_dong, new.state) == (50_000, State.PART)  # brought up to date in memory too
    assert figures_of(old) == (State.PAID, 80_000, 0)
    assert figures_of(new) == (State.PART, 50_000, 40_000)
    assert figures_of(others) == (State.WAITING, 0, 90_000)
    assert carrying.credit_dong(school.older.pk) == 0
    assert apply(school, new, others) == 0


def test_what_is_left_waits_for_the_run_after(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 500_000)
    assert apply(school, bill(school, school.older, 90_000)) == 1
    assert carrying.credits_of(school.organization) == {school.older.pk: 410_000}


def test_a_run_of_a_biller_that_gives_back_uses_nothing(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    school.organization.carries_credit = False
    school.organization.save()
    assert apply(school, bill(school, school.older, 90_000)) == 0
    assert carrying.credit_dong(school.older.pk) == 130_000


def test_more_payers_take_no_more_queries(school: School, comes: Comes) -> None:
    def run_of(count: int) -> list[PaymentRequest]:
        accounts = [billers.billing_account(school.organization, f"Nguyễn Văn {n}") for n in range(count)]
        for account in accounts:
            overpaid(school, comes, account, 10_000)
        return [bill(school, account, 90_000) for account in accounts]

    seen = []
    for count in (2, 6):
        wanted = run_of(count)
        with CaptureQueriesContext(connection) as asked:
            assert apply(school, *wanted) == count
        seen.append(len(asked))
    assert seen[0] == seen[1]


# -- Where the biller gives back --------------------------------------------------------------------------


def test_what_came_too_much_is_a_task_at_once(school: School, comes: Comes) -> None:
    school.organization.carries_credit = False
    school.organization.save()
    overpaid(school, comes, school.older, 130_000)
    task = Refund.objects.get()
    assert (task.account, task.amount_dong, task.state) == (school.older, 130_000, Refund.State.TO_DO)
    assert carrying.credit_dong(school.older.pk) == 0
    overpaid(school, comes, school.older, 5_000)
    assert sorted(Refund.objects.values_list("amount_dong", flat=True)) == [5_000, 130_000]


def test_credit_that_was_used_goes_back_when_the_use_is_undone(school: School, comes: Comes) -> None:
    overpaid(school, comes, school.older, 130_000)
    used = use(school, bill(school, school.older, 100_000))
    school.organization.carries_credit = False
    school.organization.save()
    carrying.undo(credit_use_id=used.pk, actor=school.treasurer, at=school.now)
    assert Refund.objects.get().amount_dong == 130_000
