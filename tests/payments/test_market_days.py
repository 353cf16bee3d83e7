"""Market days from the first order to the money that goes back: their story, told with the books."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from base.periods import VIETNAM_OFFSET
from catalog import promising_lots
from cooperatives.models import Message
from orders import bringing, cycling, deciding_cycles, fulfilling, setting_cycles
from orders.models import Cycle, Order
from orders.placing import BadPickupPoint, Buyer, Wanted
from orders.setting_cycles import Plan, Stop
from payments import checkout, closing, failing_cycles, working
from payments.models import BankTransaction, Refund
from tests.payments.conftest import is_clean, request_of
from tests.people import World

DAY = date(2026, 3, 21)  # a Saturday; the world's clock stands on Sunday the 15th, 9:00
CLOSES = datetime(2026, 3, 19, 20, 0, tzinfo=VIETNAM_OFFSET)
MORNING = datetime(2026, 3, 21, 7, 0, tzinfo=VIETNAM_OFFSET)


def plan(world: World, **changed: Any) -> Plan:
    told: dict[str, Any] = {
        "opens_at": world.now - timedelta(hours=1), "closes_at": CLOSES, "pickup_day": DAY,
        "stops": [Stop(world.pickup_point.pk, MORNING, MORNING + timedelta(hours=2))],
    }  # fmt: skip
    return Plan(**{**told, **changed})


def market_day(world: World, **changed: Any) -> Cycle:
    return setting_cycles.set_cycle(
        organization_id=world.organization.pk, plan=plan(world, **changed), actor=world.clerk, key=None, at=world.now
    )


def order(world: World, cycle: Cycle, bags: int = 2, *, key: str, **changed: Any) -> Order:
    asked: dict[str, Any] = {
        "wanted": [Wanted(world.variant.pk, bags)], "buyer": Buyer("Hoàng Văn Dũng", "0912345678"),
        "delivery": "PICKUP", "pickup_point_id": None, "pay_by": "TRANSFER", "note": "", "placed_by": None,
        "at": world.now,
    }  # fmt: skip
    return checkout.place(**{**asked, **changed}, cycle_id=cycle.pk, key=key).orders[0]


def work(at: datetime) -> None:
    working.one_round(name="test", started_at=at, at=at)


def told(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("text", flat=True))


def free(world: World) -> int:
    world.variant.refresh_from_db()
    return world.variant.available


@pytest.mark.usefixtures("clean_books")
def test_below_its_minimum_everybody_is_told_and_owed_the_money(world: World, comes: Any) -> None:
    cycle = market_day(world, needs_dong=1_000_000)
    assert cycle.name == "Chợ phiên thứ Bảy 21/3"
    paid, unpaid = order(world, cycle, 4, key="a"), order(world, cycle, 1, key="b")
    on_receipt = order(world, cycle, 2, key="c", pay_by="CASH")
    assert unpaid.expires_at == world.now + timedelta(hours=72)
    late = order(world, cycle, 1, key="d", at=CLOSES - timedelta(hours=1))
    assert late.expires_at == CLOSES, "nobody's goods are held unpaid beyond the closing"
    comes(request_of(paid).code, 300_000)
    with pytest.raises(cycling.CycleUndecided):
        fulfilling.pack(order_id=on_receipt.pk, actor=world.clerk, at=world.now)
    with pytest.raises(cycling.CycleUndecided):
        fulfilling.hand_over(order_id=paid.pk, actor=world.clerk, at=world.now)
    assert not Order.objects.to_pack().exists()

    work(CLOSES - timedelta(seconds=1))
    cycle.refresh_from_db()
    assert cycle.state == Cycle.State.SET
    work(CLOSES)
    work(CLOSES + timedelta(seconds=5))  # again, as the worker does

    cycle.refresh_from_db()
    assert cycle.state == Cycle.State.FAILED
    states = dict(Order.objects.values_list("pk", "state"))
    assert states == {
        paid.pk: "CANCELLED", on_receipt.pk: "CANCELLED", unpaid.pk: "EXPIRED", late.pk: "EXPIRED",
    }  # fmt: skip
    assert free(world) == 30
    [refund] = Refund.objects.all()
    assert (refund.order_id, refund.amount_dong, refund.state) == (paid.pk, 300_000, Refund.State.TO_DO)
    failed = told(Message.Kind.CYCLE_FAILED)
    assert len(failed) == 2
    assert "300.000\u00a0₫" in failed[0]
    assert "không đủ đơn" in failed[0]
    assert "trả lại" not in failed[1]
    assert told(Message.Kind.ORDER_CANCELLED) == []
    [bring] = told(Message.Kind.BRING_LIST)
    assert bring.endswith("không họp. Không cần mang hàng.")

    # Money that comes after all does not bring an order of it back.
    line = comes(request_of(unpaid).code, 75_000, at=CLOSES + timedelta(minutes=5))
    unpaid.refresh_from_db()
    assert (unpaid.state, line.state) == ("EXPIRED", BankTransaction.State.SETTLED)
    assert Refund.objects.filter(order=unpaid, amount_dong=75_000).exists()


@pytest.mark.usefixtures("clean_books")
def test_what_makes_its_minimum_goes_and_members_hear_what_to_bring(world: World, comes: Any) -> None:
    lot = promising_lots.promise_lot(
        variant_id=world.variant.pk, member_id=world.member_an.pk, quantity=10, expected_on=DAY, actor=world.clerk,
        at=world.now,
    )  # fmt: skip
    cycle = market_day(world, needs_dong=2_500_000)
    big = order(world, cycle, 36, key="a")
    comes(request_of(big).code, 36 * 75_000)
    work(CLOSES)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.lists_sent_at) == (Cycle.State.GOES, CLOSES)
    [goes] = told(Message.Kind.CYCLE_GOES)
    assert "7:00–9:00 ở Nhà văn hóa thôn, Thôn Nộn Khê" in goes
    [to_an] = told(Message.Kind.BRING_LIST)  # 30 bags lie here already
    assert "mang 6\u00a0gói Cá chạch sấy khô" in to_an
    assert "trước 7:00" in to_an

    # A buyer gives up: she is told anew, and only what is so now waits to be read out.
    closing.cancel(order_id=big.pk, actor=world.treasurer, reason="khách bận", at=CLOSES)
    failing_cycles.tell_again(at=CLOSES + timedelta(minutes=1))
    waiting = Message.objects.waiting().filter(kind=Message.Kind.BRING_LIST)
    assert [message.text.endswith("Không cần mang gì.") for message in waiting] == [True]
    assert [promise.ordered for promise in bringing.promised(world.organization)] == [0]

    assert failing_cycles.finish_past(at=MORNING) == 0
    assert failing_cycles.finish_past(at=MORNING + timedelta(days=1)) == 1
    assert lot.expected_on == DAY


@pytest.mark.usefixtures("clean_books")
def test_less_is_brought_than_promised_and_nothing_is_cancelled(world: World, comes: Any) -> None:
    lot = promising_lots.promise_lot(
        variant_id=world.variant.pk, member_id=world.member_an.pk, quantity=10, expected_on=DAY, actor=world.clerk,
        at=world.now,
    )  # fmt: skip
    cycle = market_day(world)
    first, last = order(world, cycle, 30, key="a"), order(world, cycle, 8, key="b")
    for one in (first, last):
        comes(request_of(one).code, one.total_dong)
    deciding_cycles.go_ahead(cycle_id=cycle.pk, why="", actor=world.clerk, at=world.now)
    fulfilling.hand_over(order_id=first.pk, actor=world.clerk, at=world.now)
    with pytest.raises(fulfilling.stock.NotBroughtYet):
        fulfilling.hand_over(order_id=last.pk, actor=world.clerk, at=world.now)

    promising_lots.brought(lot_id=lot.pk, quantity=5, actor=world.clerk, at=MORNING)
    lot.refresh_from_db()
    assert (lot.left, lot.missing, free(world)) == (8, 3, 0)
    last.refresh_from_db()
    assert last.state == Order.State.PLACED
    with pytest.raises(fulfilling.stock.NotBroughtYet):
        fulfilling.hand_over(order_id=last.pk, actor=world.clerk, at=MORNING)
    closing.cancel(order_id=last.pk, actor=world.treasurer, reason="thiếu hàng", at=MORNING)
    lot.refresh_from_db()
    assert (lot.left, lot.missing, free(world)) == (5, 0, 5), "three bags are not there: nobody is promised them"


@pytest.mark.usefixtures("clean_books")
def test_a_manager_goes_ahead_below_the_minimum_or_drops_it_with_a_reason(world: World, comes: Any) -> None:
    cycle, other = market_day(world, needs_dong=9_000_000), market_day(world, name="Phiên Tết")
    paid = order(world, other, 2, key="a")
    comes(request_of(paid).code, 150_000)
    with pytest.raises(deciding_cycles.CycleReasonMissing):
        deciding_cycles.go_ahead(cycle_id=cycle.pk, why=" ", actor=world.manager, at=world.now)
    gone = deciding_cycles.go_ahead(cycle_id=cycle.pk, why="xe đi cùng đường", actor=world.manager, at=world.now)
    assert (gone.state, gone.decided_by) == (Cycle.State.GOES, world.manager)
    with pytest.raises(cycling.CycleClosed):
        order(world, cycle, key="b")
    deciding_cycles.go_ahead(cycle_id=other.pk, why="", actor=world.manager, at=world.now)
    fulfilling.pack(order_id=paid.pk, actor=world.clerk, at=world.now)
    failing_cycles.drop(cycle_id=other.pk, why="bão về", actor=world.manager, at=world.now)
    paid.refresh_from_db()
    assert (paid.state, paid.end_reason) == ("CANCELLED", "phiên “Phiên Tết” không họp: bão về")
    assert Refund.objects.get().amount_dong == 150_000


def test_what_does_not_fit_a_market_day_is_refused(world: World) -> None:
    cycle = market_day(world, most_dong=150_000, product_ids=[world.product.pk])
    order(world, cycle, 1, key="a")
    with pytest.raises(cycling.CycleFull) as full:
        order(world, cycle, 2, key="b")
    assert "75.000" in full.value.message
    order(world, cycle, 1, key="c")
    with pytest.raises(cycling.CycleClosed):
        order(world, cycle, 1, key="d", at=CLOSES)
    with pytest.raises(BadPickupPoint):
        order(world, cycle, 1, key="e", pickup_point_id=cycle.pk + 10_000)
    with pytest.raises(setting_cycles.CycleHasOrders):
        setting_cycles.change_cycle(
            cycle_id=cycle.pk, plan=plan(world, closes_at=CLOSES - timedelta(hours=1)), actor=world.clerk, at=world.now
        )
    later = setting_cycles.change_cycle(
        cycle_id=cycle.pk, plan=plan(world, closes_at=CLOSES + timedelta(hours=1)), actor=world.clerk, at=world.now
    )
    assert later.closes_at == CLOSES + timedelta(hours=1)
    assert is_clean(world.organization, at=world.now)
