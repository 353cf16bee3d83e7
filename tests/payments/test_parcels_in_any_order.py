"""Parcels, money and returns come in any order: whatever is refused or done, the books add up after each step.

Drawn from a seed, so that a story that fails can be told again. PROVE=1: many long ones.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import F, Sum

from base.refusals import Refused
from catalog.models import Variant
from cooperatives import income
from cooperatives.models import Organization
from orders import fulfilling, parcels
from orders.models import Allocation, Order, Shipment
from orders.placing import Buyer, Wanted
from orders.returning import Back
from payments import (
    carriage,
    cash,
    cash_out,
    checkout,
    closing,
    delivering,
    handing_over,
    inbox,
    making_good,
    remittance_cash,
    remitting,
    returns,
    settlement,
    undoing,
    weighing,
)
from payments.models import Collection, MadeGood, Settlement
from payments.remittance_reading import Row
from tests.payments.conftest import arrival, is_clean, request_of
from tests.people import World, stock

PATIENCE = timedelta(days=3)  # an organization's silent days
STEPS, SEEDS = (200, range(40)) if os.environ.get("PROVE") else (50, range(2))


class Story:
    """A village where every verb may say no, and none may leave the books beside their documents."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.at, self.dice = world, world.now, Random(seed)
        self.orders: list[int] = []
        self.keys = 0

    def step(self) -> None:
        deeds: list[tuple[Callable[[], None], int]] = [
            (self.decides_who_bears, 1), (self.somebody_orders, 3), (self.money_comes, 3), (self.money_moves, 2),
            (self.bags_are_weighed, 2), (self.goods_go_on, 16), (self.a_parcel_goes_astray, 8),
            (self.goods_come_back, 3), (self.cash_goes_out, 3), (self.carrier_brings_money, 3),
        ]  # fmt: skip
        first = [] if self.orders else [self.somebody_orders]
        [deed] = first or self.dice.choices([deed for deed, _often in deeds], [often for _deed, often in deeds])
        with suppress(Refused):
            deed()

    def key(self) -> str:
        self.keys += 1
        return f"any-{self.keys}"

    def order(self) -> Order:
        """One of the latest few, so that stories come to an end."""
        return Order.objects.get(pk=self.dice.choice(self.orders[-4:]))

    def by(self, *, treasurer: bool = False) -> dict[str, Any]:
        return {"actor": self.world.treasurer if treasurer else self.world.clerk, "at": self.at}

    def decides_who_bears(self) -> None:
        refused, lost = self.dice.choices(Organization.BornBy.values, k=2)
        own = Organization.objects.filter(pk=self.world.organization.pk)
        own.update(refused_borne_by=refused, lost_borne_by=lost)

    def somebody_orders(self) -> None:
        wanted = [Wanted(self.world.variant.pk, self.dice.randint(1, 3))]
        if self.dice.random() < 0.4:
            wanted.append(Wanted(self.world.variant_by_weight.pk, 500))
        pay_by = self.dice.choice(["TRANSFER", "CASH", "CASH", "CASH"])
        placed = checkout.place(
            wanted=wanted, buyer=Buyer("Hoàng Văn Dũng", "0912345678", "Xóm 3"), delivery="PICKUP",
            pickup_point_id=None, pay_by=pay_by, note="", key=self.key(),
            placed_by=None, at=self.at,
        )  # fmt: skip
        self.orders.append(placed.orders[0].pk)

    def money_comes(self) -> None:
        order = self.order()
        dong = order.total_dong * self.dice.choice([30, 100, 100, 120]) // 100
        written = inbox.write_down(
            arrival=arrival(request_of(order).code, dong, at=self.at, account=self.world.bank_account.number),
            organization=self.world.organization, bank_account=self.world.bank_account, source="sepay:live", at=self.at,
        )  # fmt: skip
        assert written.transaction is not None
        settlement.settle(transaction_id=written.transaction.pk, at=self.at)

    def money_moves(self) -> None:
        order, deed = self.order(), self.dice.choice(["cash", "unsettle", "cancel", "goodwill"])
        by_her = self.by(treasurer=True)
        if deed == "cash":
            due = max(request_of(order).due_dong // 1000 * 500, 1)
            cash.receive(code=request_of(order).code, amount_dong=due, key=self.key(), **by_her)
        elif deed == "unsettle":
            settled = Settlement.objects.filter(payment_request__order=order).order_by("-pk").first()
            if settled is not None:
                undoing.undo(settlement_id=settled.pk, **by_her)
        elif deed == "cancel":
            closing.cancel(order_id=order.pk, reason="khách đổi ý", **by_her)
        else:
            dong = order.total_dong // 3
            making_good.goodwill(order_id=order.pk, amount_dong=dong, reason="hàng kém", key=self.key(), **by_her)

    def bags_are_weighed(self) -> None:
        lines = self.order().lines.filter(variant__sold_by=Variant.SoldBy.WEIGHT)
        percent = self.dice.choice([70, 90, 101, 102, 120])
        grams = {line.pk: line.quantity * percent // 100 for line in lines}
        if grams:
            weighing.weigh(order_id=lines[0].order_id, grams=grams, key=self.key(), **self.by())

    def goods_go_on(self) -> None:
        """Some steps on the straight way: packed, made out, sent, delivered, its money brought."""
        waits = Order.objects.filter(accepted_at=None, ended_at=None).order_by("-pk")[:4]
        order = self.dice.choice(list(waits) or [self.order()])
        for _step in range(self.dice.randint(1, 4)):
            self.go_on(Order.objects.get(pk=order.pk))
            if Order.objects.get(pk=order.pk).is_away and self.dice.random() < 0.6:
                break  # whatever may happen on the way has its chance

    def go_on(self, order: Order) -> None:
        parcel = order.shipments.order_by("-number").first()
        if order.state == Order.State.PLACED:
            fulfilling.pack(order_id=order.pk, **self.by())
        elif order.payment == Order.Payment.PAID and order.is_open and parcel is None and self.dice.random() < 0.2:
            handing_over.hand_over(order_id=order.pk, **self.by())
        elif order.is_open and (parcel is None or not parcel.is_live):
            parcels.draft(order_id=order.pk, way="COACH", fee_dong=31_001, **self.by())
        elif parcel is not None and parcel.state == Shipment.State.DRAFT:
            delivering.send(shipment_id=parcel.pk, **self.by())
        elif parcel is not None and self.dice.random() < 0.2:
            delivering.accept_silent(at=self.at + PATIENCE)
        elif parcel is not None and parcel.is_away:
            delivering.delivered(shipment_id=parcel.pk, **self.by())
        else:
            self.carrier_brings_money()

    def carrier_brings_money(self) -> None:
        delivered = Shipment.objects.filter(state=Shipment.State.DELIVERED, collect_dong__gt=0).order_by("-pk")[:4]
        if not delivered:
            return
        parcel, by_her = self.dice.choice(list(delivered)), self.by(treasurer=True)
        row = Row(1, str(parcel), parcel.collect_dong, 2_500)
        listed = remitting.make(
            organization_id=self.world.organization.pk, carrier_name="Nhà xe", rows=[row], key=self.key(), **by_her
        )
        dong = self.dice.choice([listed.net_dong, listed.net_dong // 2])
        remittance_cash.receive(remittance_id=listed.pk, amount_dong=dong, key=self.key(), **by_her)

    def a_parcel_goes_astray(self) -> None:
        gone = Shipment.objects.exclude(handed_over_at=None).order_by("-pk")[:3]
        if not gone:
            return
        parcel = self.dice.choice(list(gone))
        told = {"shipment_id": parcel.pk, **self.by(treasurer=True)}
        ways = ["failed", "back", "spoiled", "lost", "undelivered", "undelivered", "short", "again", "again", "again"]
        deed = self.dice.choice(ways)
        if deed == "failed":
            delivering.failed(why="đi vắng", **told)
        elif deed == "back":
            delivering.back(return_fee_dong=12_001, why="không nhận", **told)
        elif deed == "spoiled":
            some = Allocation.objects.filter(line__order=parcel.order).order_by("pk")[:1]
            goods = {allocation.pk: "written_off" for allocation in some}
            delivering.back(goods=goods, why="không nhận, hỏng", **told)
        elif deed == "again":
            self.it_was_not_so(parcel)
        elif deed == "undelivered":
            delivering.undo_delivered(why="báo nhầm", **told)
        elif deed == "short":
            making_good.short(amount_dong=10_000, reason="nộp thiếu", key=self.key(), **told)
        else:
            delivering.lost(damaged=self.dice.random() < 0.5, why="không thấy đâu", **told)

    def it_was_not_so(self, parcel: Shipment) -> None:
        """What was lost is found, and what carrying it back cost was mistyped."""
        over = Shipment.objects.filter(state__in=["lost", "damaged", "returned"]).order_by("-pk")[:3]
        parcel, by_her = self.dice.choice(list(over) or [parcel]), self.by(treasurer=True)
        if parcel.state == Shipment.State.RETURNED:
            dong = self.dice.choice([0, 3_001, 25_000])
            carriage.correct(
                shipment_id=parcel.pk, fee_dong=31_001, return_fee_dong=dong, is_sure=True, why="gõ nhầm", **by_her
            )
        else:
            delivering.found(shipment_id=parcel.pk, why="thấy lại", **by_her)

    def goods_come_back(self) -> None:
        accepted = Order.objects.exclude(accepted_at=None).order_by("-pk")[:3]
        if not accepted:
            return
        order = self.dice.choice(list(accepted))
        fate = self.dice.choice(["to_lot", "written_off"])
        line_id = order.lines.values_list("pk", flat=True)[0]
        lines = [Back(line_id, self.dice.randint(1, 2), fate)]
        reason, by_her = "không đúng hàng", self.by(treasurer=True)
        returns.take_back(order_id=order.pk, lines=lines, reason=reason, key=self.key(), **by_her)

    def cash_goes_out(self) -> None:
        told = {"key": self.key(), **self.by(treasurer=True)}
        if self.dice.random() < 0.6:
            owed = income.owed_dong(member=self.world.member_an)
            cash_out.pay_member(member_id=self.world.member_an.pk, amount_dong=max(owed, 1), **told)
        else:
            cash_out.pay_buyer(order_id=self.order().pk, amount_dong=20_000, **told)

    def check(self) -> None:
        """The books add up; every bag lies in a lot or is gone; nobody has earned what nobody has accepted."""
        assert is_clean(self.world.organization, at=self.at)
        for variant in Variant.objects.annotate(left=Sum("lots__left")):
            assert variant.on_hand == (variant.left or 0)
        waiting = Order.objects.filter(state__in=[Order.State.PLACED, Order.State.PACKED])
        promised = dict(waiting.values_list("lines__variant").annotate(Sum("lines__quantity")))
        assert dict(Variant.objects.filter(reserved__gt=0).values_list("pk", "reserved")) == promised
        accepted = Allocation.objects.filter(line__order__accepted_at__isnull=False, lot__member__isnull=False)
        kept = F("gross_dong") - F("fee_dong") - F("back_gross_dong") + F("back_fee_dong")
        sold = accepted.aggregate(dong=Sum(kept))["dong"] or 0
        made_good = self.world.organization.made_good.filter(member__isnull=False, undone_at=None)
        earned = sum(income.total_dong(member=one) for one in (self.world.member_an, self.world.member_hoa))
        assert earned == sold + sum(made_good.values_list("amount_dong", flat=True))


REACHED = (Collection, MadeGood)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_becomes_of_parcels_the_books_add_up(world: World, seed: int) -> None:
    stock(world.variant, 200, owner=world.member_hoa)
    story = Story(world, seed)
    for _step in range(STEPS):
        story.step()
        story.check()
    assert [model.__name__ for model in REACHED if not model._default_manager.exists()] == []
