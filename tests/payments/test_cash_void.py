"""A receipt taken back: its payer owes again, its number stays, and never more leaves a box than lies in it."""

from datetime import timedelta

import pytest

from base.refusals import NotFound
from catalog.models import Variant
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry
from orders import fulfilling
from payments import bundles, cash, cash_boxes, closing
from payments.bills import correcting
from payments.deeds import ReasonMissing
from payments.models import CashReceipt, PaymentRequest
from payments.undoing import GoodsGone, MoneyReleased
from tests.payments.cash_world import School, bill, school
from tests.payments.conftest import order_bags, request_of
from tests.people import World

__all__ = ["school"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def receive(school: School, code: str, dong: int, *, key: str = "k", **more) -> CashReceipt:
    return cash.receive(code=code, amount_dong=dong, key=key, **{"actor": school.lan, "at": school.world.now} | more)


def void(world: World, receipt: CashReceipt, **more) -> CashReceipt:
    given = {"actor": world.clerk, "at": world.now, "reason": "ghi nhầm cháu"} | more
    return cash.void(receipt_id=receipt.pk, **given)


def box(school: School, keeper=None) -> int:
    return cash_boxes.box_dong(school.organization, keeper or school.lan)


def again(request: PaymentRequest) -> PaymentRequest:
    return PaymentRequest.objects.get(pk=request.pk)


def test_the_payer_owes_again_and_the_number_stays_used(school):
    asked = bill(school.an, {school.meals: 100_000, school.fees: 499})
    taken = receive(school, asked.code, 100_000)
    gone = void(school.world, taken)
    assert (gone.is_live, gone.undone_by, gone.void_reason) == (False, school.lan, "ghi nhầm cháu")
    assert (again(asked).state, again(asked).due_dong, box(school)) == ("waiting", 100_499, 0)
    for kind in (Kind.BILL_ITEMS, Kind.LOSSES):
        assert ledger.total_dong(organization=school.organization, kind=kind) == 0
    anew = receive(school, asked.code, 100_000, key="2")
    assert (anew.number, again(asked).state) == (2, "paid")


def test_voiding_twice_books_once(school):
    taken = receive(school, bill(school.an, {school.meals: 50_000}).code, 50_000)
    first = void(school.world, taken)
    second = void(school.world, taken, reason="bấm lại lần nữa", at=school.world.now + timedelta(seconds=5))
    assert (first.undone_at, second.void_reason) == (second.undone_at, "ghi nhầm cháu")
    assert Entry.objects.count() == 2


def test_the_bills_of_a_bundle_fall_due_again_together(school):
    two = [bill(school.an, {school.meals: 50_000}), bill(school.brother, {school.meals: 30_000})]
    bundle = bundles.make(codes=[one.code for one in two], at=school.world.now)
    part = receive(school, bundle.code, 10_000, key="1")
    rest = receive(school, bundle.code, 70_000, key="2")
    void(school.world, part)
    assert (again(bundle).state, again(bundle).due_dong) == ("part", 10_000)
    void(school.world, rest)
    assert [again(one).state for one in (*two, bundle)] == ["waiting"] * 3
    assert again(bundle).due_dong == 80_000


def test_the_keeper_voids_her_own_on_the_same_day_and_the_treasurer_any(school):
    asked = bill(school.an, {school.meals: 50_000})
    taken = receive(school, asked.code, 20_000, key="1")
    with pytest.raises(cash.NotYourReceipt):
        void(school.world, taken, actor=school.nga)
    tomorrow = school.world.now + timedelta(days=1)
    with pytest.raises(cash.NotYourReceipt):
        void(school.world, taken, at=tomorrow)
    assert not void(school.world, taken, actor=school.binh, at=tomorrow).is_live


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "buyer"])
def test_a_stranger_voids_nothing(school, who):
    taken = receive(school, bill(school.an, {school.meals: 50_000}).code, 50_000)
    with pytest.raises(NotFound):
        void(school.world, taken, actor=getattr(school.world, who))
    with pytest.raises(NotFound):
        cash.void(receipt_id=987_654, reason="không có", actor=school.binh, at=school.world.now)


def test_nobody_voids_without_a_reason(school):
    taken = receive(school, bill(school.an, {school.meals: 50_000}).code, 50_000)
    for reason in ("", "  a ", "x" * 201):
        with pytest.raises(ReasonMissing):
            void(school.world, taken, reason=reason)
    assert CashReceipt.objects.get().is_live


def hand_over(school: School, dong: int) -> None:
    offer = cash_boxes.offer(
        organization_id=school.organization.pk, to_keeper_id=school.binh.pk, amount_dong=dong, actor=school.lan,
        key=f"h{dong}", at=school.world.now,
    )  # fmt: skip
    cash_boxes.accept(handover_id=offer.pk, counted_dong=dong, actor=school.binh, at=school.world.now)


def test_cash_that_left_the_box_keeps_its_receipt(school):
    taken = receive(school, bill(school.an, {school.meals: 50_000}).code, 50_000)
    hand_over(school, 20_000)
    with pytest.raises(cash.CashGone) as refused:
        void(school.world, taken)
    assert "30.000" in refused.value.message
    assert (CashReceipt.objects.get().is_live, box(school)) == (True, 30_000)
    receive(school, bill(school.khanh, {school.meals: 20_000}).code, 20_000, key="2")  # đồng are alike
    assert not void(school.world, taken).is_live
    assert (box(school), box(school, school.binh)) == (0, 20_000)


def test_a_counted_day_does_not_hinder_while_the_cash_is_there(school):
    taken = receive(school, bill(school.an, {school.meals: 50_000}).code, 50_000)
    cash_boxes.count(
        organization_id=school.organization.pk, counted_dong=50_000, actor=school.lan, key="c", at=school.world.now
    )
    assert not void(school.world, taken).is_live


def test_what_was_given_back_of_an_item_holds_its_receipt(school):
    asked = bill(school.an, {school.meals: 50_000, school.fees: 10_000})
    taken = receive(school, asked.code, 60_000)
    correcting.correct(
        bill_id=asked.bill_id, changes=[correcting.Change(school.meals.pk, -1_000)], reason="nghỉ ăn một bữa",
        actor=school.binh, key="c", at=school.world.now,
    )  # fmt: skip
    with pytest.raises(cash.ItemsGivenBack):
        void(school.world, taken)


def order(world: World) -> PaymentRequest:
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=75_000)
    return request_of(order_bags(world, 1, pay_by="CASH"))


def test_an_order_falls_due_again_with_time_to_pay(world):
    asked = order(world)
    taken = cash.receive(code=asked.code, amount_dong=75_000, actor=world.clerk, key="k", at=world.now)
    void(world, taken)
    asked.refresh_from_db()
    asked.order.refresh_from_db()
    assert (asked.state, asked.due_dong, asked.order.payment) == ("waiting", 75_000, "UNPAID")
    assert cash_boxes.box_dong(world.organization, world.clerk) == 0


def test_goods_that_are_handed_over_keep_their_receipt(world):
    asked = order(world)
    taken = cash.receive(code=asked.code, amount_dong=75_000, actor=world.clerk, key="k", at=world.now)
    fulfilling.hand_over(order_id=asked.order_id, actor=world.clerk, at=world.now)
    with pytest.raises(GoodsGone):
        void(world, taken)


def test_money_of_a_cancelled_order_goes_back_as_a_debt_and_not_by_voiding(world):
    asked = order(world)
    taken = cash.receive(code=asked.code, amount_dong=75_000, actor=world.clerk, key="k", at=world.now)
    closing.cancel(order_id=asked.order_id, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    with pytest.raises((GoodsGone, MoneyReleased)):
        void(world, taken)
    assert cash_boxes.box_dong(world.organization, world.clerk) == 75_000
