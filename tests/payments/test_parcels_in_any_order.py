"""Parcels, money and returns come in any order: whatever is refused or done, the books add up after each step.

PROVE=1: long stories, many of them.
"""

import os
from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from base.refusals import Refused
from catalog.models import Variant
from cooperatives import income
from cooperatives.models import Organization
from orders import fulfilling, parcels
from orders.models import Allocation, Order, Shipment
from orders.placing import Buyer, Wanted
from orders.returning import Back
from payments import (
    cash,
    cash_out,
    checkout,
    closing,
    delivering,
    handing_over,
    inbox,
    making_good,
    returns,
    settlement,
    undoing,
    weighing,
)
from payments.models import Settlement
from tests.payments.conftest import arrival, is_clean, request_of
from tests.people import make_world

BORNE = st.sampled_from(Organization.BornBy.values)
PATIENCE = timedelta(days=3)  # an organization's silent days
WHICH = st.integers(0, 99)
_keys = count(1)


class Parcels(RuleBasedStateMachine):
    """A village of refusals: every verb may say no, and none may leave the books beside their documents."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world = make_world()
        self.at = self.world.now
        self.orders: list[int] = []

    def key(self) -> str:
        return f"any-{next(_keys)}"

    def order(self, which: int) -> Order:
        return Order.objects.get(pk=self.orders[which % len(self.orders)])

    def parcel(self, which: int) -> Shipment | None:
        return self.order(which).shipments.order_by("-number").first()

    def by(self, *, treasurer: bool = False) -> dict[str, object]:
        return {"actor": self.world.treasurer if treasurer else self.world.clerk, "at": self.at}

    @rule(refused=BORNE, lost=BORNE)
    def decides_who_bears(self, refused: str, lost: str) -> None:
        own = Organization.objects.filter(pk=self.world.organization.pk)
        own.update(refused_borne_by=refused, lost_borne_by=lost)

    @rule(bags=st.integers(1, 3), grams=st.sampled_from([0, 500, 700]), pay_by=st.sampled_from(["TRANSFER", "CASH"]))
    def somebody_orders(self, bags: int, grams: int, pay_by: str) -> None:
        wanted = [Wanted(self.world.variant.pk, bags)]
        if grams:
            wanted.append(Wanted(self.world.variant_by_weight.pk, grams))
        try:
            placed = checkout.place(
                wanted=wanted, buyer=Buyer("Hoàng Văn Dũng", "0912345678", "Xóm 3"), delivery="PICKUP",
                pickup_point_id=None, pay_by=pay_by, note="", key=self.key(), placed_by=None, at=self.at,
            )  # fmt: skip
        except Refused:  # sold out
            return
        self.orders.append(placed.orders[0].pk)

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, percent=st.sampled_from([30, 100, 100, 120]))
    def money_comes(self, which: int, percent: int) -> None:
        order = self.order(which)
        written = inbox.write_down(
            arrival=arrival(
                request_of(order).code, order.total_dong * percent // 100, at=self.at,
                account=self.world.bank_account.number,
            ),
            organization=self.world.organization, bank_account=self.world.bank_account, source="sepay:live", at=self.at,
        )  # fmt: skip
        assert written.transaction is not None
        settlement.settle(transaction_id=written.transaction.pk, at=self.at)

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, deed=st.sampled_from(["cash", "unsettle", "cancel", "goodwill"]))
    def money_moves(self, which: int, deed: str) -> None:
        order = self.order(which)
        with suppress(Refused):
            if deed == "cash":
                due = max(request_of(order).due_dong // 1000 * 500, 1)
                cash.receive(code=request_of(order).code, amount_dong=due, key=self.key(), **self.by())
            elif deed == "unsettle":
                settled = Settlement.objects.filter(payment_request__order=order).order_by("-pk").first()
                if settled is not None:
                    undoing.undo(settlement_id=settled.pk, **self.by(treasurer=True))
            elif deed == "cancel":
                closing.cancel(order_id=order.pk, reason="khách đổi ý", **self.by(treasurer=True))
            else:
                dong = order.total_dong // 3
                making_good.goodwill(
                    order_id=order.pk, amount_dong=dong, reason="hàng kém", key=self.key(), **self.by(treasurer=True)
                )

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, factor=st.sampled_from([70, 90, 101, 102, 120]))
    def bags_are_weighed(self, which: int, factor: int) -> None:
        lines = self.order(which).lines.filter(variant__sold_by=Variant.SoldBy.WEIGHT)
        grams = {line.pk: line.quantity * factor // 100 for line in lines}
        with suppress(Refused):
            weighing.weigh(order_id=self.order(which).pk, grams=grams, key=self.key(), **self.by())

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, by_hand=st.booleans(), silent=st.booleans())
    def goods_go_on(self, which: int, by_hand: bool, silent: bool) -> None:
        """One step on the straight way: packed, made out, sent, delivered."""
        order, parcel = self.order(which), self.parcel(which)
        with suppress(Refused):
            if order.state == Order.State.PLACED:
                fulfilling.pack(order_id=order.pk, **self.by())
            elif by_hand and order.is_open:
                handing_over.hand_over(order_id=order.pk, **self.by())
            elif order.is_open and (parcel is None or not parcel.is_live):
                parcels.draft(order_id=order.pk, way="COACH", fee_dong=31_001, **self.by())
            elif parcel is not None and parcel.state == Shipment.State.DRAFT:
                delivering.send(shipment_id=parcel.pk, **self.by())
            elif parcel is not None and silent:
                delivering.accept_silent(at=self.at + PATIENCE)
            elif parcel is not None:
                delivering.delivered(shipment_id=parcel.pk, **self.by())

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, deed=st.sampled_from(["failed", "back", "spoiled", "lost", "damaged", "undelivered", "short"]))
    def a_parcel_goes_astray(self, which: int, deed: str) -> None:
        parcel = self.parcel(which)
        if parcel is None:
            return
        told = {"shipment_id": parcel.pk, **self.by(treasurer=True)}
        with suppress(Refused):
            if deed == "failed":
                delivering.failed(why="đi vắng", **told)
            elif deed == "back":
                delivering.back(return_fee_dong=12_001, why="không nhận", **told)
            elif deed == "spoiled":
                gone = Allocation.objects.filter(line__order=parcel.order).order_by("pk")
                goods = {allocation.pk: "written_off" for allocation in gone[:1]}
                delivering.back(goods=goods, why="không nhận, hỏng", **told)
            elif deed == "undelivered":
                delivering.undo_delivered(why="báo nhầm", **told)
            elif deed == "short":
                making_good.short(amount_dong=10_000, reason="nộp thiếu", key=self.key(), **told)
            else:
                delivering.lost(damaged=deed == "damaged", why="không thấy đâu", **told)

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, quantity=st.integers(1, 2), fate=st.sampled_from(["to_lot", "written_off"]))
    def goods_come_back(self, which: int, quantity: int, fate: str) -> None:
        order = self.order(which)
        lines = [Back(order.lines.values_list("pk", flat=True)[0], quantity, fate)]
        with suppress(Refused):
            returns.take_back(
                order_id=order.pk, lines=lines, reason="không đúng hàng", key=self.key(), **self.by(treasurer=True)
            )

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, to_member=st.booleans())
    def cash_goes_out(self, which: int, to_member: bool) -> None:
        told = {"amount_dong": 20_000, "key": self.key(), **self.by(treasurer=True)}
        with suppress(Refused):
            if to_member:
                cash_out.pay_member(member_id=self.world.member_an.pk, **told)
            else:
                cash_out.pay_buyer(order_id=self.order(which).pk, **told)

    @invariant()
    def the_books_add_up(self) -> None:
        assert is_clean(self.world.organization, at=self.at)

    @invariant()
    def every_bag_lies_in_a_lot_or_is_gone(self) -> None:
        for variant in Variant.objects.annotate(left=Sum("lots__left")):
            assert variant.on_hand == (variant.left or 0)
        waiting = Order.objects.filter(state__in=[Order.State.PLACED, Order.State.PACKED])
        promised = dict(waiting.values_list("lines__variant").annotate(Sum("lines__quantity")))
        reserved = dict(Variant.objects.filter(reserved__gt=0).values_list("pk", "reserved"))
        assert reserved == promised

    @invariant()
    def nobody_has_earned_what_nobody_has_accepted(self) -> None:
        accepted = Allocation.objects.filter(line__order__accepted_at__isnull=False, lot__member__isnull=False)
        kept = F("gross_dong") - F("fee_dong") - F("back_gross_dong") + F("back_fee_dong")
        sold = accepted.aggregate(dong=Sum(kept))["dong"] or 0
        earned = sum(income.total_dong(member=one) for one in (self.world.member_an, self.world.member_hoa))
        assert earned == sold + self.made_good_to_members()

    def made_good_to_members(self) -> int:
        made = self.world.organization.made_good.filter(member__isnull=False)
        return sum(made.values_list("amount_dong", flat=True))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_whatever_becomes_of_parcels_the_books_add_up():
    prove = bool(os.environ.get("PROVE"))
    modest = settings(
        max_examples=200 if prove else 8, stateful_step_count=40 if prove else 14, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Parcels, settings=modest)
