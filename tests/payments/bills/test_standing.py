"""Who has paid and who has not, counted every way a biller asks; who paid too much, and why."""

from collections.abc import Callable
from datetime import date

import pytest

from payments import undoing
from payments.bills import standing
from payments.models import BankTransaction, Bill, PaymentRequest
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import Comes, comes_to

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 15)


@pytest.fixture
def comes(school: School) -> Comes:
    return comes_to(school)


@pytest.fixture
def asked(school: School) -> dict[str, PaymentRequest]:
    """An: paid in February, owes in March; Bình: overdue since the 10th; Chung of 10A: nothing to pay at all."""
    february = billers.bill_run(
        school.organization, school.bank_account, name="Tháng 2", month="2026-02", due_on=date(2026, 2, 28)
    )
    other = billers.billing_account(school.organization, "Lê Văn Chung", section="10A")
    other.section_key = "~10A"  # 10A after 3A
    other.save()
    return {
        "an february": billers.bill(february, school.older, [(school.meals, 300_000)]),
        "an march": billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)]),
        "binh march": billers.bill(school.run, school.younger, [(school.meals, 400_000)], due_on=date(2026, 3, 10)),
        "chung march": billers.bill(school.run, other, []),
    }


def all_bills(school: School):
    return Bill.objects.filter(organization=school.organization)


def test_paid_part_waiting_and_overdue_are_counted_once_each(school, asked, comes):
    comes(asked["an february"].code, 300_000)
    comes(asked["an march"].code, 100_000)
    found = standing.tally(all_bills(school), today=TODAY)
    assert (found.bills, found.paid, found.part, found.waiting) == (4, 2, 1, 1)
    assert (found.asked_dong, found.paid_dong, found.due_dong) == (1_350_000, 400_000, 950_000)
    assert (found.overdue, found.overdue_dong) == (1, 400_000)


def test_on_its_due_day_a_bill_is_not_overdue(school, asked):
    assert standing.tally(all_bills(school), today=date(2026, 2, 28)).overdue == 0
    assert standing.tally(all_bills(school), today=date(2026, 3, 1)).overdue_dong == 300_000


def test_a_cancelled_bill_counts_nowhere(school, asked):
    Bill.objects.filter(request=asked["binh march"]).update(cancelled_at=billers.NOW)
    PaymentRequest.objects.filter(pk=asked["binh march"].pk).update(state="cancelled")
    bills = all_bills(school)
    assert standing.tally(bills, today=TODAY).bills == 3
    assert "1B" not in {row.name for row in standing.by_section(bills, today=TODAY)}
    assert standing.in_state(bills, "cancelled", today=TODAY).count() == 1
    assert standing.in_state(bills, "overdue", today=TODAY).count() == 1  # An's of February


def test_by_class_month_run_and_item_add_up_to_the_whole(school, asked, comes):
    comes(asked["an march"].code, 520_000)
    bills = all_bills(school)
    whole = standing.tally(bills, today=TODAY)
    for by in (standing.by_section, standing.by_month, standing.by_run):
        rows = by(bills, today=TODAY)
        for name in standing.Tally.__dataclass_fields__:
            assert sum(getattr(row.tally, name) for row in rows) == getattr(whole, name), (by, name)
    items = standing.by_item(bills, today=TODAY)
    for name in ("asked_dong", "paid_dong", "overdue_dong"):
        assert sum(getattr(row.tally, name) for row in items) == getattr(whole, name), name
    assert [row.name for row in standing.by_section(bills, today=TODAY)] == ["1B", "3A", "10A"]
    assert [row.name for row in standing.by_month(bills, today=TODAY)] == ["2026-03", "2026-02"]


def test_an_item_says_who_paid_it_in_part(school, asked, comes):
    comes(asked["an march"].code, 520_000)
    meals, boarding = standing.by_item(all_bills(school), today=TODAY)
    assert (meals.name, meals.tally.bills, meals.tally.paid, meals.tally.waiting) == ("Tiền ăn bán trú", 3, 1, 2)
    assert (boarding.tally.part, boarding.tally.paid_dong, boarding.tally.due_dong) == (1, 20_000, 130_000)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("overdue", {"binh march"}), ("part", {"an march"}), ("waiting", {"binh march"}), ("cancelled", set()),
        ("paid", {"an february", "chung march"}), ("over", {"an february"}),
    ],
)  # fmt: skip
def test_a_list_narrowed_to_a_state(school, asked, comes, state, expected):
    comes(asked["an february"].code, 310_000)
    comes(asked["an march"].code, 1_000)
    found = standing.in_state(all_bills(school), state, today=TODAY)
    names = {request.pk: name for name, request in asked.items()}
    assert {names[bill.request.pk] for bill in found} == expected


def test_too_much_says_how_it_came(school, asked, comes):
    line = comes(asked["an february"].code, 350_000)
    (found,) = standing.paid_too_much(school.organization)
    assert (found.account, found.dong, found.free_dong) == (school.older, 50_000, 50_000)
    (cause,) = found.causes
    assert (cause.kind, cause.dong, cause.transaction_id, cause.code) == (
        "excess", 50_000, line.pk, asked["an february"].code,
    )  # fmt: skip
    settled = line.settlements.get()
    undoing.undo(settlement_id=settled.pk, actor=school.treasurer, at=school.now)
    assert standing.paid_too_much(school.organization) == []


def test_money_for_a_bill_that_was_paid_is_named_by_its_bill(school, asked, comes):
    comes(asked["an february"].code, 300_000)
    again = comes(asked["an february"].code, 300_000)
    assert again.state == BankTransaction.State.NEEDS_YOU
    assert standing.came_again(school.organization) == [
        standing.CameAgain(again, PaymentRequest.objects.get(pk=asked["an february"].pk))
    ]


def test_counting_costs_the_same_for_many(school, asked, comes, django_assert_num_queries: Callable):
    comes(asked["an february"].code, 350_000)
    for number in range(4):
        one = billers.billing_account(school.organization, f"Bạn {number}", section=f"4{number}")
        comes(billers.bill(school.run, one, [(school.meals, 50_000)]).code, 60_000)
    bills = all_bills(school)
    for queries, read in (
        (1, lambda: standing.tally(bills, today=TODAY)), (1, lambda: standing.by_section(bills, today=TODAY)),
        (1, lambda: standing.by_month(bills, today=TODAY)), (1, lambda: standing.by_run(bills, today=TODAY)),
        (4, lambda: standing.by_item(bills, today=TODAY)),
        (6, lambda: standing.paid_too_much(school.organization)),
        (1, lambda: standing.came_again(school.organization)), (1, lambda: standing.sections(school.organization)),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            assert read() is not None
