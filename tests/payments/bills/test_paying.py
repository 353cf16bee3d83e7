"""Bills and bundles are paid like orders: same code, same inbox, same books; which item gets it is written down."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Message
from payments import bundles, cash, inbox, settlement, triage, undoing
from payments.bills import correcting, publishing
from payments.models import BankTransaction, BillLine, ItemShare, PaymentRequest, Settlement
from payments.triage import Part
from tests import billers
from tests.billers import School
from tests.payments.conftest import arrival, is_clean

State = PaymentRequest.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def comes(school: School) -> Callable[..., BankTransaction]:
    def arrives(memo: str, dong: int) -> BankTransaction:
        account = school.bank_account
        written = inbox.write_down(
            arrival=arrival(memo, dong, at=school.now, account=account.number), organization=school.organization,
            bank_account=account, source="sepay:live", at=school.now,
        )  # fmt: skip
        assert written.transaction is not None
        return settlement.settle(transaction_id=written.transaction.pk, at=school.now)

    return arrives


@pytest.fixture(autouse=True)
def clean(school: School) -> Iterator[None]:
    yield
    assert is_clean(school.organization, at=school.now)


@pytest.fixture
def asked(school: School) -> PaymentRequest:
    """An's bill: 500,000 for meals, 150,000 for boarding."""
    return billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])


@pytest.fixture
def sisters(school: School) -> PaymentRequest:
    """Bình's bill: 400,000 for meals."""
    return billers.bill(school.run, school.younger, [(school.meals, 400_000)])


def paid_for(request: PaymentRequest) -> dict[str, int]:
    shares = ItemShare.objects.filter(bill=request.bill, settlement__undone_at=None).select_related("fee_item")
    found: dict[str, int] = {}
    for share in shares:
        found[share.fee_item.name] = found.get(share.fee_item.name, 0) + share.amount_dong
    return found


def turnover(school: School, item: object) -> int:
    return ledger.balance_dong(
        organization=school.organization,
        kind=Kind.BILL_ITEMS,
        subject=f"fee_item:{item.pk}",  # type: ignore[attr-defined]
    )


def test_a_bill_is_paid_whole(school: School, asked: PaymentRequest, comes: Callable[..., BankTransaction]) -> None:
    line = comes(f"chuyen tien {asked.code}", 650_000)
    asked.refresh_from_db()
    assert (line.state, asked.state, asked.credited_dong) == ("SETTLED", State.PAID, 650_000)
    assert (turnover(school, school.meals), turnover(school, school.boarding)) == (500_000, 150_000)
    said = Message.objects.get(organization=school.organization)
    assert "650.000" in said.text
    assert "N.V.A. (3A)" in said.text
    assert "Nguyễn Văn An" not in said.text


def test_a_bill_paid_in_parts_fills_items_in_order(
    asked: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    comes(asked.code, 520_000)
    asked.refresh_from_db()
    assert (asked.state, asked.due_dong) == (State.PART, 130_000)
    assert paid_for(asked) == {"Tiền ăn bán trú": 500_000, "Chăm sóc bán trú": 20_000}
    comes(asked.code, 130_000)
    asked.refresh_from_db()
    assert asked.state == State.PAID


def test_too_much_is_owed_to_the_account(
    school: School, asked: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    comes(asked.code, 700_000)
    asked.refresh_from_db()
    assert (asked.state, asked.excess_dong) == (State.OVER, 50_000)
    owed = ledger.balance_dong(organization=school.organization, kind=Kind.OWED_TO_PAYERS, subject=school.older.subject)
    assert owed == 50_000


def test_one_transfer_for_two_children(
    asked: PaymentRequest, sisters: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    bundle = bundles.make(codes=[asked.code, sisters.code], at=billers.NOW)
    assert (bundle.asked_dong, bundle.state) == (1_050_000, State.WAITING)
    comes(bundle.code, 1_050_000)
    for request in (asked, sisters, bundle):
        request.refresh_from_db()
        assert request.state == State.PAID
    assert Settlement.objects.get().payment_request == bundle


def test_who_pays_for_several_households_is_told_of_the_own_children_alone(
    school: School, asked: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    neighbour = billers.household(school.organization, "Lê Văn Đạt", phone="+84987000111")
    theirs = billers.billing_account(school.organization, "Lê Thu Cúc", section="3A", of=neighbour)
    later = billers.DUE.replace(month=4, day=30)
    other = billers.bill(school.run, theirs, [(school.meals, 90_000)], due_on=later)
    comes(bundles.make(codes=[asked.code, other.code], at=billers.NOW).code, 740_000)
    said = Message.objects.get(organization=school.organization).text
    assert "N.V.A. (3A)" in said
    assert "L.T.C." not in said


def test_a_bundle_paid_short_fills_the_oldest_due_first(
    school: School, asked: PaymentRequest, sisters: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    old_run = billers.bill_run(
        school.organization, school.bank_account, month="2026-02", due_on=billers.DUE.replace(month=2, day=28)
    )
    older_due = billers.bill(old_run, school.younger, [(school.meals, 100_000)])
    bundle = bundles.make(codes=[asked.code, sisters.code, older_due.code], at=billers.NOW)
    comes(bundle.code, 130_000)
    older_due.refresh_from_db()
    bundle.refresh_from_db()
    assert older_due.state == State.PAID
    assert (bundle.state, bundle.due_dong) == (State.PART, 1_020_000)


def test_a_part_paid_by_itself_leaves_the_bundle_less_due(
    asked: PaymentRequest, sisters: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    bundle = bundles.make(codes=[asked.code, sisters.code], at=billers.NOW)
    comes(sisters.code, 400_000)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.due_dong) == (State.PART, 650_000)
    comes(bundle.code, 650_000)
    bundle.refresh_from_db()
    asked.refresh_from_db()
    assert (bundle.state, asked.state) == (State.PAID, State.PAID)


def test_a_bundle_takes_what_a_bill_in_it_was_corrected_up_by(
    school: School, asked: PaymentRequest, sisters: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    bundle = bundles.make(codes=[asked.code, sisters.code], at=billers.NOW)
    assert sisters.bill_id is not None
    correcting.correct(
        bill_id=sisters.bill_id, changes=[correcting.Change(school.meals.pk, 20_000)], reason="thêm suất",
        actor=school.treasurer, key="up", at=school.now,
    )  # fmt: skip
    line = comes(bundle.code, 1_070_000)
    for request in (asked, sisters, bundle):
        request.refresh_from_db()
        assert (request.state, request.excess_dong) == (State.PAID, 0)
    assert (line.state, line.reason) == ("SETTLED", "")


def test_the_same_bills_make_the_same_bundle(asked: PaymentRequest, sisters: PaymentRequest) -> None:
    first = bundles.make(codes=[asked.code, sisters.code], at=billers.NOW)
    assert bundles.make(codes=[sisters.code, asked.code], at=billers.NOW) == first
    assert bundles.make(codes=[asked.code], at=billers.NOW) == asked


def test_bills_of_two_billers_make_no_bundle(world: object, school: School, asked: PaymentRequest) -> None:
    other = world.organization  # type: ignore[attr-defined]
    run = billers.bill_run(other, world.bank_account)  # type: ignore[attr-defined]
    item = billers.fee_item(other, "Nước sạch", price_dong=7_000)
    meter = billers.bill(run, billers.billing_account(other, "Trần Thị Hạnh", kind="meter"), [(item, 70_000)])
    with pytest.raises(bundles.NotTogether):
        bundles.make(codes=[asked.code, meter.code], at=school.now)


def test_two_codes_in_one_transfer_wait_for_a_tap(
    school: School, asked: PaymentRequest, sisters: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    line = comes(f"{asked.code} {sisters.code}", 1_050_000)
    assert (line.state, line.reason) == ("NEEDS_YOU", "TWO_CODES")
    proposal = settlement.examine(line).proposals[0]
    assert proposal.best
    triage.assign(
        transaction_id=line.pk, parts=[Part(part.code, part.dong) for part in proposal.parts], reason="hai con",
        actor=school.treasurer, key="tap", at=school.now,
    )  # fmt: skip
    asked.refresh_from_db()
    sisters.refresh_from_db()
    assert (asked.state, sisters.state) == (State.PAID, State.PAID)


def test_a_bundle_and_its_part_assigned_from_one_line_take_no_more_than_is_due(
    school: School, asked: PaymentRequest, sisters: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    bundle = bundles.make(codes=[asked.code, sisters.code], at=billers.NOW)
    line = comes("tien hoc cua hai chau", 1_050_000)
    triage.assign(
        transaction_id=line.pk, parts=[Part(sisters.code, 400_000), Part(bundle.code, 650_000)], reason="hai con",
        actor=school.treasurer, key="tap", at=school.now,
    )  # fmt: skip
    for request in (asked, sisters, bundle):
        request.refresh_from_db()
        assert (request.state, request.excess_dong) == (State.PAID, 0)


@pytest.mark.parametrize("way", ["bank", "cash"])
def test_money_for_a_bundle_goes_past_a_bill_that_was_cancelled(
    school: School, sisters: PaymentRequest, comes: Callable[..., BankTransaction], way: str
) -> None:
    """The cancelled bill is due first, so it would be filled first."""
    wrong_run = billers.bill_run(
        school.organization, school.bank_account, month="2026-02", due_on=billers.DUE.replace(month=2, day=28)
    )
    cancelled = billers.bill(wrong_run, school.older, [(school.meals, 300_000)])
    bundle = bundles.make(codes=[cancelled.code, sisters.code], at=billers.NOW)
    publishing.cancel(run_id=wrong_run.pk, reason="phát hành nhầm", actor=school.treasurer, at=school.now)
    bundle.refresh_from_db()
    assert (bundle.asked_dong, bundle.due_dong) == (700_000, 400_000)
    if way == "bank":
        comes(bundle.code, 700_000)
    else:
        cash.receive(code=bundle.code, amount_dong=400_000, actor=school.clerk, key="c", at=school.now)
    for request in (cancelled, sisters, bundle):
        request.refresh_from_db()
    assert (cancelled.state, cancelled.credited_dong) == (State.CANCELLED, 0)
    assert (sisters.state, sisters.credited_dong) == (State.PAID, 400_000)
    assert bundle.excess_dong == (300_000 if way == "bank" else 0)


def test_what_was_taken_back_is_due_again(
    school: School, asked: PaymentRequest, sisters: PaymentRequest, comes: Callable[..., BankTransaction]
) -> None:
    bundle = bundles.make(codes=[asked.code, sisters.code], at=billers.NOW)
    comes(bundle.code, 1_060_000)
    undoing.undo(settlement_id=Settlement.objects.get().pk, actor=school.treasurer, at=school.now)
    for request in (asked, sisters, bundle):
        request.refresh_from_db()
        assert (request.state, request.credited_dong, request.excess_dong) == (State.WAITING, 0, 0)
    assert turnover(school, school.meals) == 0


def test_money_for_a_paid_bill_waits_for_a_person(asked: PaymentRequest, comes: Callable[..., BankTransaction]) -> None:
    comes(asked.code, 650_000)
    line = comes(f"{asked.code} lan nua", 650_000)
    assert (line.state, line.reason) == ("NEEDS_YOU", "ALREADY_PAID")


def test_a_bill_of_which_nothing_is_asked_counts_as_paid(school: School) -> None:
    free = billers.bill(school.run, school.older, [(school.boarding, 0)])
    assert (free.state, free.due_dong) == (State.PAID, 0)
    assert BillLine.objects.get(bill=free.bill).amount_dong == 0


@pytest.mark.parametrize("bills", [2, 4])
def test_settling_a_bundle_costs_the_same_for_two_bills_and_four(
    school: School, bills: int, comes: Callable[..., BankTransaction], django_assert_num_queries: Any
) -> None:
    requests = [
        billers.bill(billers.bill_run(school.organization, school.bank_account), school.older, [(school.meals, 1000)])
        for _ in range(bills)
    ]
    paid = bundles.make(codes=[request.code for request in requests], at=school.now)
    with django_assert_num_queries(54):
        comes(paid.code, 1000 * bills)
    paid.refresh_from_db()
    assert paid.state == State.PAID
