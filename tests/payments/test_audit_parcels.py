"""Each fault around parcels, carriers and returns, put in behind the walls, is seen by the check that names it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from catalog.models import Variant
from cooperatives import income
from cooperatives.models import Organization
from orders.models import Allocation, DeliveryBorne, Netting, Order, Return, ReturnLine, Shipment
from orders.placing import Buyer, Wanted
from orders.returning import Back
from payments import (
    carriage,
    cash_out,
    checkout,
    delivering,
    explaining,
    handing_over,
    making_good,
    remittance_cash,
    remitting,
    returns,
    weighing,
)
from payments.audit import Audit, audit
from payments.models import (
    BankTransaction,
    CashVoucher,
    Collection,
    DepositKept,
    Explanation,
    MadeGood,
    Remittance,
    RemittanceLine,
    RemittancePayment,
    RemittanceShare,
)
from payments.remittance_reading import Row
from tests import ledger_walls
from tests.payments.conftest import order_bags, request_of
from tests.payments.parcels_world import brought, sent
from tests.people import World


@pytest.fixture
def travelled(world: World, comes: Callable[..., BankTransaction]) -> World:
    """A month of parcels in a minute: every document that they can leave, each once."""
    by_her, day = {"actor": world.treasurer, "at": world.now}, {"at": world.now}
    Organization.objects.filter(pk=world.organization.pk).update(refused_borne_by="members")
    world.organization.refresh_from_db()
    collected = brought(order_bags(world, 22, pay_by="CASH"), world)  # An's 20 bags and two of Hoa's
    listed = remitting.make(
        organization_id=world.organization.pk, carrier_name="Nhà xe Hải Âu", key="list", **by_her,
        rows=[Row(1, str(collected), collected.collect_dong, 32_000)],
    )  # fmt: skip
    remittance_cash.receive(remittance_id=listed.pk, amount_dong=1_500_000, key="came", **by_her)
    making_good.short(shipment_id=collected.pk, amount_dong=10_000, reason="nộp thiếu", key="short", **by_her)

    refused = order_bags(world, 1, pay_by="CASH")
    Order.objects.filter(pk=refused.pk).update(deposit_dong=30_000)
    comes(request_of(refused).code, 30_000)
    parcel = sent(refused, world)
    delivering.back(
        shipment_id=parcel.pk, return_fee_dong=15_000, keep_deposit_dong=20_000, why="không nhận",
        actor=world.treasurer, **day,
    )  # fmt: skip
    carriage.correct(shipment_id=parcel.pk, fee_dong=32_000, return_fee_dong=14_000, why="gõ nhầm", **by_her)
    found = order_bags(world, 1)
    comes(request_of(found).code, 75_000)
    parcel = delivering.lost(shipment_id=sent(found, world).pk, why="không thấy", **by_her)
    delivering.found(shipment_id=parcel.pk, why="thấy ở bến", **by_her)
    delivering.back(shipment_id=parcel.pk, why="khách đã mua chỗ khác", **by_her)
    lost = order_bags(world, 1)
    comes(request_of(lost).code, 75_000)
    delivering.lost(shipment_id=sent(lost, world).pk, why="xe cháy", **by_her)
    heavier(world, comes)

    credit = income.owed_dong(member=world.member_an)
    cash_out.pay_member(member_id=world.member_an.pk, amount_dong=credit, key="paid", **by_her)
    line = collected.order.lines.get()
    hers, hoas = world.variant.lots.order_by("pk").values_list("pk", flat=True)[:2]
    back = [Back(line.pk, 1, "to_lot", lot_id=hers), Back(line.pk, 2, "written_off", lot_id=hoas)]
    returns.take_back(order_id=collected.order_id, lines=back, reason="không đúng hàng", key="r", **by_her)
    next_sale = order_bags(world, 1)
    comes(request_of(next_sale).code, 75_000)
    handing_over.hand_over(order_id=next_sale.pk, actor=world.clerk, **day)
    making_good.goodwill(order_id=next_sale.pk, amount_dong=9_000, reason="hàng kém", key="g", **by_her)
    cash_out.pay_buyer(order_id=next_sale.pk, amount_dong=9_000, key="b", **by_her)
    cash_out.pay_cost(
        organization_id=world.organization.pk, kind="carriage", amount_dong=5_000, to_name="Chú Tư xe ôm",
        reason="chở ra bến", key="c", **by_her,
    )  # fmt: skip
    bill = comes("cuoc thang 3", 40_000, direction="out")
    explaining.explain(transaction_id=bill.pk, kind="carrier_cost", reason="cước tháng 3", key="e", **by_her)
    sent(order_bags(world, 1, pay_by="CASH"), world)  # and one is still on its way
    return world


def heavier(world: World, comes: Callable[..., BankTransaction]) -> None:
    """A kilogram that weighed 1,010 grams: the seller bears the ten."""
    [order] = checkout.place(
        wanted=[Wanted(world.variant_by_weight.pk, 1000)], buyer=Buyer("Hoàng Văn Dũng", "0912345678", "Xóm 3"),
        delivery="PICKUP", pickup_point_id=None, pay_by="TRANSFER", note="", key="heavy", placed_by=None, at=world.now,
    ).orders  # fmt: skip
    comes(request_of(order).code, 240_000)
    grams = {order.lines.get().pk: 1010}
    weighing.weigh(order_id=order.pk, grams=grams, actor=world.clerk, key="w", at=world.now)
    handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def look(world: World) -> Audit:
    return audit(world.organization, at=world.now + timedelta(minutes=1))


def more(model: type, column: str = "amount_dong", by: int = 1, **which: object) -> Callable[[], object]:
    return lambda: model._default_manager.filter(**which).update(**{column: F(column) + by})


def put(model: type, which: dict[str, object], **told: object) -> Callable[[], object]:
    return lambda: model._default_manager.filter(**which).update(**told)


FAULTS: list[tuple[str, Callable[[], object], set[str]]] = [
    ("collected more", more(Collection, by=-1), {"journal", "orders", "requests", "carrier"}),
    ("a share of another size", more(RemittanceShare, "net_dong"), {"journal", "carrier"}),
    ("a fee of another size", more(RemittanceShare, "fee_dong"), {"journal", "carrier", "results"}),
    ("more came for a list", more(RemittancePayment), {"carrier", "cash"}),
    ("a list that counts wrong", more(Remittance, "received_dong"), {"carrier"}),
    ("a list of other rows", more(RemittanceLine, "said_dong"), {"carrier"}),
    ("a list called waiting", put(Remittance, {}, state="waiting"), {"carrier"}),
    ("less came back", more(ReturnLine, "gross_dong", quantity=2), {"journal", "returns", "members", "income"}),
    ("a return of another sum", more(Return, "goods_dong"), {"returns", "payers"}),
    ("shipping given back", more(Return, "shipping_dong"), {"journal", "returns", "payers", "results"}),
    ("noted as back", more(Allocation, "back_gross_dong", -1, back_quantity__gt=0), {"returns"}),
    ("owes less", more(ReturnLine, "owed_dong", -1, owed_dong__gt=0), {"journal", "members"}),
    ("netted more", more(Netting), {"journal", "members"}),
    ("bears more", more(DeliveryBorne, undone_at=None), {"journal", "members", "results"}),
    (
        "called taken back",
        put(DeliveryBorne, {"undone_at": None}, undone_at=F("at")),
        {"journal", "members", "results"},
    ),
    ("borne beyond the cost", put(Shipment, {"state": "returned"}, fee_dong=0), {"parcels"}),
    ("lost more", more(MadeGood, kind="lost", undone_at=None), {"journal", "members", "income", "results"}),
    ("weighed more", more(MadeGood, kind="weight"), {"journal", "orders", "results"}),
    ("short by more", more(MadeGood, kind="short"), {"journal", "carrier", "results"}),
    ("given for good will", more(MadeGood, kind="goodwill"), {"journal", "payers", "results"}),
    ("kept of a deposit", more(DepositKept), {"journal", "orders", "requests", "results"}),
    ("paid a member", more(CashVoucher, kind="member"), {"journal", "members", "cash"}),
    ("paid a buyer", more(CashVoucher, kind="buyer"), {"journal", "payers", "cash"}),
    ("paid a cost", more(CashVoucher, kind="carriage"), {"journal", "results", "cash"}),
    ("a voucher's number", more(CashVoucher, "number", 5, kind="carriage"), {"cash"}),
    ("a cost of another kind", put(Explanation, {}, kind="own_spending"), {"journal", "results"}),
    ("called paid", put(Order, {"payment": "COVERED"}, payment="PAID"), {"requests"}),
    (
        "accepted on another day",
        more(Order, "accepted_at", timedelta(days=40), state="ACCEPTED"),
        {"journal", "income"},
    ),
    ("never accepted", put(Order, {"state": "ACCEPTED"}, accepted_at=None), {"journal", "orders", "members"}),
    ("gone with nobody", put(Shipment, {"state": "handed_over"}, state="cancelled"), {"parcels"}),
    ("delivered, and not accepted", put(Shipment, {"state": "handed_over"}, state="delivered"), {"parcels"}),
    ("goods that nobody lost", put(Shipment, {"state": "lost"}, state="cancelled"), {"parcels"}),
    ("brought back whole", put(Order, {"state": "ACCEPTED"}, state="RETURNED"), {"returns"}),
]
WITHOUT_DONG = {
    "a list called waiting", "a voucher's number", "brought back whole",
}  # fmt: skip


def test_a_month_of_parcels_is_clean_and_each_fault_in_it_is_seen(travelled: World, subtests: pytest.Subtests) -> None:
    """One month for all of them: each fault is taken back before the next one is put in."""
    clean = look(travelled)
    assert clean.is_clean, clean.checks
    kept = (Collection, RemittancePayment, Return, Netting, DeliveryBorne, DepositKept)
    assert all(model.objects.exists() for model in kept)
    assert set(MadeGood.objects.values_list("kind", flat=True)) == set(MadeGood.Kind.values)
    assert Variant.objects.get(pk=travelled.variant.pk).on_hand == 30 - 22 + 1 - 1 - 1 - 1
    for name, fault, named_by in FAULTS:
        with subtests.test(fault=name), transaction.atomic():
            with ledger_walls.lowered(connection), transaction.atomic():
                assert fault(), "nothing was put in"
            seen = look(travelled)
            transaction.set_rollback(True)
            failing = {check for check, verdict in seen.checks.items() if verdict != "ok"}
            assert named_by <= failing, seen.checks
            assert not seen.is_clean
            assert (seen.unexplained_dong > 0) == (name not in WITHOUT_DONG), (seen.sums, seen.checks)
    assert look(travelled).is_clean, "a fault was not taken back"
