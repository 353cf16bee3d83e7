"""Three keepers do what they like with their cash, in any order: a box is always the sum of its documents."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from base.periods import vietnam_day
from payments import cash, cash_boxes, cash_days
from payments.cash_boxes import HandoverDecided, MoreThanInBox
from payments.models import CashHandover, CashReceipt
from tests.payments.cash_world import make_school
from tests.payments.conftest import is_clean
from tests.payments.test_cash_boxes import accept, box, count, fill, offer
from tests.people import make_world


class Boxes(RuleBasedStateMachine):
    """Three keepers do what they like; a plain dictionary keeps their boxes beside the books."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.school = make_school(make_world())
        self.keepers = [self.school.lan, self.school.nga, self.school.binh]
        self.holds = dict.fromkeys(self.keepers, 0)
        self.receipts: list[CashReceipt] = []
        self.offers: list[CashHandover] = []
        self.step = 0

    def key(self) -> str:
        self.step += 1
        return f"k{self.step}"

    @rule(who=st.integers(0, 2), dong=st.integers(1, 400_000))
    def receives(self, who: int, dong: int) -> None:
        keeper = self.keepers[who]
        self.receipts.append(fill(self.school, dong, keeper=keeper, key=self.key()))
        self.holds[keeper] += dong

    @precondition(lambda self: self.receipts)
    @rule(which=st.integers(0, 99))
    def voids(self, which: int) -> None:
        receipt = self.receipts[which % len(self.receipts)]
        enough = self.holds[receipt.keeper] >= receipt.amount_dong
        was_live = CashReceipt.objects.get(pk=receipt.pk).is_live
        try:
            cash.void(receipt_id=receipt.pk, reason="ghi nhầm", actor=self.school.binh, at=self.school.world.now)
        except cash.CashGone:
            assert (was_live, enough) == (True, False)
            return
        if was_live:
            assert enough
            self.holds[receipt.keeper] -= receipt.amount_dong

    @rule(who=st.integers(0, 2), to=st.integers(1, 2), dong=st.integers(1, 400_000))
    def offers_some(self, who: int, to: int, dong: int) -> None:
        giver, taker = self.keepers[who], self.keepers[(who + to) % 3]
        try:
            self.offers.append(offer(self.school, dong, key=self.key(), actor=giver, to_keeper_id=taker.pk))
        except MoreThanInBox:
            waiting = cash_boxes.waiting_dong(self.school.organization, giver)
            assert dong > self.holds[giver] - waiting

    @precondition(lambda self: self.offers)
    @rule(which=st.integers(0, 99))
    def accepts(self, which: int) -> None:
        handover = CashHandover.objects.get(pk=self.offers[which % len(self.offers)].pk)
        giver, taker = handover.from_keeper, handover.to_keeper
        try:
            accept(self.school, handover, actor=taker)
        except (HandoverDecided, MoreThanInBox):
            assert handover.state == "withdrawn" or self.holds[giver] < handover.amount_dong
            return
        if handover.state == "offered":
            self.holds[giver] -= handover.amount_dong
            self.holds[taker] += handover.amount_dong

    @precondition(lambda self: self.offers)
    @rule(which=st.integers(0, 99))
    def withdraws(self, which: int) -> None:
        handover = CashHandover.objects.get(pk=self.offers[which % len(self.offers)].pk)
        try:
            cash_boxes.withdraw(handover_id=handover.pk, actor=handover.from_keeper, at=self.school.world.now)
        except HandoverDecided:
            assert handover.state == "accepted"

    @rule(who=st.integers(0, 2), gap=st.integers(-5_000, 5_000))
    def counts(self, who: int, gap: int) -> None:
        keeper = self.keepers[who]
        counted = max(self.holds[keeper] + gap, 0)
        count(self.school, counted, key=self.key(), note="đếm lại", actor=keeper)
        self.holds[keeper] = counted

    @invariant()
    def the_books_say_what_was_counted_out(self) -> None:
        assert {keeper: box(self.school, keeper) for keeper in self.keepers} == self.holds

    def teardown(self) -> None:
        try:
            self.check_the_end()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def check_the_end(self) -> None:
        at = self.school.world.now
        for keeper in self.keepers:
            sheet = cash_days.day_sheet(organization=self.school.organization, keeper=keeper, day=vietnam_day(at))
            assert (sheet.closing_dong, sheet.unexplained_dong) == (self.holds[keeper], 0)
        assert is_clean(self.school.organization, at=at)


@pytest.mark.django_db
def test_whatever_keepers_do_a_box_is_the_sum_of_its_documents():
    modest = settings(
        max_examples=10, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    run_state_machine_as_test(Boxes, settings=modest)
