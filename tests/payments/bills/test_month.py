"""A month's statement: what was due and is due, item by item; to the đồng with the bank and with the cash boxes."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import pytest

from base.periods import VIETNAM_OFFSET, BadPeriod
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Posting
from payments import cash, cash_boxes, explaining, triage, undoing
from payments.bills import month, shares
from payments.models import (
    BankTransaction,
    Bill,
    BillLine,
    CashReceipt,
    Explanation,
    KeptDebt,
    PaymentRequest,
    Settlement,
)
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import comes_to
from tests.payments.conftest import is_clean

pytestmark = pytest.mark.django_db
MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04"]


def at(month_number: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month_number, day, hour, minute, tzinfo=VIETNAM_OFFSET)


def one_bill(school: School, dong: int, *, when: datetime, month: str = "2026-02") -> PaymentRequest:
    """Of somebody without a phone, meals alone."""
    account = billers.billing_account(school.organization, "Lê Văn Chung", section="2A")
    run = billers.bill_run(school.organization, school.bank_account, month=month, due_on=date(2026, 2, 28), at=when)
    return billers.bill(run, account, [(school.meals, dong)], at=when)


def test_a_bill_of_february_paid_in_march(school):
    asked = one_bill(school, 500_000, when=at(2, 5))
    comes_to(school)(asked.code, 200_000, at=at(2, 20))
    comes_to(school)(asked.code, 300_000, at=at(3, 2))
    january, february, march, april = (month.statement(school.organization, name) for name in MONTHS)
    assert january.items == []
    assert february.items == [month.Due("Tiền ăn bán trú", billed_dong=500_000, by_bank_dong=200_000)]
    assert february.total.closing_dong == 300_000
    assert march.items == [month.Due("Tiền ăn bán trú", opening_dong=300_000, by_bank_dong=300_000)]
    assert (march.total.closing_dong, april.items) == (0, [])


def test_the_last_minute_of_a_month_is_by_the_clock_of_viet_nam(school):
    asked = one_bill(school, 500_000, when=at(2, 5))
    comes_to(school)(asked.code, 100_000, at=at(2, 28, 23, 59))
    comes_to(school)(asked.code, 400_000, at=at(3, 1, 0, 0))
    assert month.statement(school.organization, "2026-02").bank.came_dong == 100_000
    assert month.statement(school.organization, "2026-03").bank.came_dong == 400_000


def test_what_was_undone_later_stays_in_its_month_and_leaves_the_other(school):
    asked = one_bill(school, 500_000, when=at(2, 5))
    line = comes_to(school)(asked.code, 500_000, at=at(2, 20))
    undoing.undo(settlement_id=line.settlements.get().pk, actor=school.treasurer, at=at(3, 4))
    february, march = (month.statement(school.organization, name) for name in ("2026-02", "2026-03"))
    assert (february.total.by_bank_dong, february.total.closing_dong) == (500_000, 0)
    assert (march.total.by_bank_dong, march.total.closing_dong) == (-500_000, 500_000)
    assert (march.bank.to_bills_dong, march.bank.waiting_before_dong, march.bank.waiting_after_dong) == (
        -500_000, 0, 500_000,
    )  # fmt: skip
    assert february.difference_dong == march.difference_dong == 0


def test_a_cancelled_bill_leaves_in_the_month_in_which_it_was_cancelled(school):
    asked = one_bill(school, 500_000, when=at(2, 5))
    Bill.objects.filter(request=asked).update(cancelled_at=at(3, 9))
    february, march, april = (month.statement(school.organization, name) for name in MONTHS[1:])
    assert (february.total.closing_dong, march.total.opening_dong) == (500_000, 500_000)
    assert (march.total.cancelled_dong, march.total.closing_dong, april.items) == (500_000, 0, [])


def test_cash_lies_in_the_boxes_until_it_is_brought_to_the_bank(school):
    asked = one_bill(school, 500_000, when=at(2, 5))
    cash.receive(code=asked.code, amount_dong=300_000, actor=school.clerk, key="k1", at=at(2, 20))
    found = month.statement(school.organization, "2026-02")
    assert found.total.in_cash_dong == 300_000
    assert found.cash == month.Cash(
        opening_dong=0, received_dong=300_000, to_bills_dong=300_000, moved_dong=0, banked_dong=0, short_dong=0,
        over_dong=0, closing_dong=300_000,
    )  # fmt: skip
    brought = comes_to(school)("nop tien mat", 300_000, at=at(3, 1))
    explaining.explain(
        transaction_id=brought.pk, kind=Explanation.Kind.BANKED, keeper_id=school.clerk.pk, reason="nộp quỹ",
        actor=school.treasurer, key="k2", at=at(3, 2),
    )  # fmt: skip
    march = month.statement(school.organization, "2026-03")
    assert (march.bank.banked_dong, march.cash.banked_dong, march.cash.closing_dong) == (300_000, 300_000, 0)
    assert march.difference_dong == 0


def test_a_count_that_differs_is_said(school):
    asked = one_bill(school, 500_000, when=at(2, 5))
    cash.receive(code=asked.code, amount_dong=300_000, actor=school.clerk, key="k1", at=at(2, 20))
    cash_boxes.count(
        organization_id=school.organization.pk, counted_dong=290_000, note="thiếu một tờ", actor=school.clerk, key="k2",
        at=at(2, 20, 17),
    )  # fmt: skip
    found = month.statement(school.organization, "2026-02").cash
    assert (found.short_dong, found.over_dong, found.closing_dong, found.difference_dong) == (10_000, 0, 290_000, 0)


def test_a_document_that_the_books_do_not_know_is_a_difference(school):
    """The two sides are counted apart: here a settlement that somebody wrote past the books."""
    asked = one_bill(school, 500_000, when=at(2, 5))
    line = comes_to(school)("khong ro", 500_000, at=at(2, 20))
    Settlement.objects.create(
        transaction=line, payment_request=asked, credited_dong=500_000, at=at(2, 21), actor=school.treasurer
    )
    assert month.statement(school.organization, "2026-02").bank.difference_dong == -500_000


def test_what_is_not_a_month_is_refused(school):
    with pytest.raises(BadPeriod):
        month.statement(school.organization, "2026-13")


def test_months_from_the_opening_day(school):
    assert month.months(school.organization, today=date(2026, 3, 15)) == ["2026-03", "2026-02", "2026-01"]


def test_a_busy_month_costs_as_many_queries_as_a_quiet_one(school, django_assert_num_queries):
    with django_assert_num_queries(25):
        month.statement(school.organization, "2026-02")
    _World(school, Random(3)).lives(30)
    with django_assert_num_queries(25):
        month.statement(school.organization, "2026-02")


@pytest.mark.parametrize("seed", range(6))
def test_in_any_world_every_month_ties_to_the_bank_to_the_boxes_and_to_the_next(school, seed):
    """Random bills, transfers right and wrong, cash, and hands that take things back, over four months."""
    world = _World(school, Random(seed))
    world.lives(45)
    assert is_clean(school.organization, at=at(4, 30))
    before = 0
    for name in MONTHS:
        found = month.statement(school.organization, name)
        assert found.difference_dong == 0, (seed, found)
        assert found.bank.difference_dong == found.cash.difference_dong == 0, (seed, found)
        assert found.total.opening_dong == before, (seed, name)
        assert found.bank.came_dong == world.came[name], (seed, name)
        before = found.total.closing_dong
    open_bills = Bill.objects.filter(organization=school.organization, cancelled_at=None).values_list("pk", flat=True)
    due = Counter[str]()
    names = {item.pk: item.name for item in (school.meals, school.boarding)}
    for items in shares.dues(list(open_bills)).values():
        for item in items:
            due[names[item.fee_item_id]] += item.due_dong
    last = month.statement(school.organization, MONTHS[-1])
    assert {item.name: item.closing_dong for item in last.items} == {item.name: due[item.name] for item in last.items}
    assert last.total.closing_dong == sum(due.values())
    unused = sum(line.unused_dong for line in BankTransaction.objects.booked().filter(organization=school.organization))
    assert last.bank.waiting_after_dong == unused
    assert last.cash.closing_dong == ledger.total_dong(organization=school.organization, kind=Kind.CASH)
    assert Posting.objects.exists()


class _World:
    """Four months of a school, one deed after another."""

    def __init__(self, school: School, dice: Random) -> None:
        self.school, self.dice, self.now = school, dice, at(1, 3)
        self.came: Counter[str] = Counter()
        self.comes = comes_to(school)
        self.steps = 0

    def lives(self, deeds: int) -> None:
        every = [
            self.bill, self.bill, self.transfer, self.transfer, self.transfer, self.stray, self.cash, self.cash,
            self.undo, self.void, self.assign, self.keep, self.receipt, self.raised, self.banked,
        ]  # fmt: skip
        self.bill()
        for _deed in range(deeds):
            self.now += timedelta(hours=self.dice.randrange(8, 110))
            if self.now >= at(4, 30):
                break
            self.steps += 1
            self.dice.choice(every)()

    def _one(self, rows):
        found = list(rows.order_by("pk"))
        return self.dice.choice(found) if found else None

    def _open(self):
        return self._one(PaymentRequest.objects.takes_money().filter(organization=self.school.organization))

    def _arrives(self, memo: str, dong: int) -> None:
        self.came[f"{self.now:%Y-%m}"] += dong
        self.comes(memo, dong, at=self.now)

    def bill(self) -> None:
        school, dice = self.school, self.dice
        account = billers.billing_account(school.organization, f"Bạn {self.steps}", section="2A")
        run = billers.bill_run(school.organization, school.bank_account, month=f"{self.now:%Y-%m}", at=self.now)
        amounts = [(school.meals, dice.randrange(1, 900) * 1_000), (school.boarding, dice.randrange(1, 300) * 1_000)]
        billers.bill(run, account, amounts, at=self.now)

    def transfer(self) -> None:
        """Exactly, too little or too much; sometimes to one that was paid before."""
        asked = self._one(PaymentRequest.objects.filter(organization=self.school.organization))
        due = asked.due_dong or asked.asked_dong
        self._arrives(f"{asked.code} {self.steps}", max(due + self.dice.choice([0, 0, -1_000, -due // 2, 7_000]), 1))

    def stray(self) -> None:
        self._arrives(f"ung ho {self.steps}", self.dice.randrange(1, 500) * 1_000)

    def cash(self) -> None:
        asked = self._open()
        if asked is not None:
            dong = self.dice.choice([asked.due_dong, max(asked.due_dong // 3, 1)])
            cash.receive(
                code=asked.code, amount_dong=dong, actor=self.school.clerk, key=f"cash{self.steps}", at=self.now
            )

    def void(self) -> None:
        found = self._one(CashReceipt.objects.filter(organization=self.school.organization, undone_at=None))
        if found is not None and cash_boxes.box_dong(self.school.organization, found.keeper) >= found.amount_dong:
            cash.void(receipt_id=found.pk, reason="ghi nhầm", actor=self.school.treasurer, at=self.now)

    def undo(self) -> None:
        model, name = self.dice.choice(
            [(Settlement, "settlement_id"), (KeptDebt, "kept_debt_id"), (Explanation, "explanation_id")]
        )
        found = self._one(model.objects.filter(undone_at=None))
        if found is not None:
            undoing.undo(**{name: found.pk}, actor=self.school.treasurer, at=self.now)

    def _waiting(self):
        return self._one(
            BankTransaction.objects.needs_you().filter(organization=self.school.organization, direction="in")
        )

    def assign(self) -> None:
        line, asked = self._waiting(), self._open()
        if line is not None and asked is not None:
            part = triage.Part(asked.code, max(line.unused_dong // self.dice.choice([1, 2]), 1))
            triage.assign(
                transaction_id=line.pk, parts=[part], reason="hỏi phụ huynh", actor=self.school.treasurer,
                key=f"assign{self.steps}", at=self.now,
            )  # fmt: skip

    def keep(self) -> None:
        line = self._waiting()
        if line is not None:
            triage.keep_as_debt(
                transaction_id=line.pk, code=None, reason="chưa rõ", actor=self.school.treasurer,
                key=f"keep{self.steps}", at=self.now,
            )  # fmt: skip

    def receipt(self) -> None:
        self._explain(Explanation.Kind.OTHER_RECEIPT)

    def banked(self) -> None:
        box = cash_boxes.box_dong(self.school.organization, self.school.clerk)
        if box:
            self._arrives(f"nop tien mat {self.steps}", box)
            line = BankTransaction.objects.latest("pk")
            explaining.explain(
                transaction_id=line.pk, kind=Explanation.Kind.BANKED, keeper_id=self.school.clerk.pk, reason="nộp quỹ",
                actor=self.school.treasurer, key=f"banked{self.steps}", at=self.now,
            )  # fmt: skip

    def _explain(self, kind: str) -> None:
        line = self._waiting()
        if line is not None:
            explaining.explain(
                transaction_id=line.pk, kind=kind, reason="lãi", actor=self.school.treasurer, key=f"why{self.steps}",
                at=self.now,
            )  # fmt: skip

    def raised(self) -> None:
        """An item costs more: a correction upwards, written plainly."""
        asked = self._open()
        if asked is not None and not asked.is_bundle:
            BillLine.objects.create(
                bill_id=asked.bill_id, fee_item=self.school.meals, position=1, kind="adjustment", name="Tiền ăn",
                amount_dong=5_000, reason="thêm một suất", at=self.now,
            )  # fmt: skip
            PaymentRequest.objects.filter(pk=asked.pk).update(asked_dong=asked.asked_dong + 5_000)
