"""A carrier's list: made, paid by transfer or cash, in parts or several at once, written off, taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from base.refusals import NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from orders import on_its_way
from orders.models import Order, Shipment
from payments import (
    cash_boxes,
    delivering,
    remittance_cash,
    remittance_lines,
    remittance_money,
    remitting,
    triage,
    undoing,
)
from payments.models import BankTransaction, MadeGood, Remittance
from payments.remittance_reading import of_text
from payments.remittance_rows import RowsRefused
from payments.triage import Part
from tests.payments.conftest import order_bags
from tests.payments.parcels_world import brought, sent
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

COACH = "Nhà xe Hải Âu"


def listed(world: World, text: str, *, key: str = "list", **more: Any) -> Remittance:
    return remitting.make(
        organization_id=world.organization.pk, carrier_name=COACH, rows=of_text(text), actor=world.treasurer, key=key,
        at=world.now, **more,
    )  # fmt: skip


def two_parcels(world: World) -> tuple[Shipment, Shipment]:
    """Delivered, 150,000 đ each with the coach."""
    first, second = (brought(order_bags(world, 2, pay_by="CASH"), world) for _ in range(2))
    return first, second


def with_carrier(world: World) -> int:
    return ledger.total_dong(organization=world.organization, kind=Kind.WITH_CARRIER)


def payment_of(shipment: Shipment) -> str:
    return Order.objects.get(pk=shipment.order_id).payment


def test_a_transfer_with_our_code_pays_its_parcels_in_the_order_of_the_list(
    world: World, comes: Callable[..., BankTransaction]
) -> None:
    first, second = two_parcels(world)
    remittance = listed(world, f"{first}; 150.000; 32.000\n{second}; 150.000; 32.000")
    assert (remittance.net_dong, remittance.state) == (236_000, "waiting")
    assert on_its_way.waiting_dong(member=world.member_an) == 270_000
    part = comes(f"NHA XE HAI AU {remittance.code}", 130_000)
    assert (part.state, part.used_dong) == ("SETTLED", 130_000)
    remittance.refresh_from_db()
    assert (remittance.state, remittance.received_dong) == ("part", 130_000)
    assert (payment_of(first), payment_of(second)) == ("PAID", "COVERED")
    assert on_its_way.waiting_dong(member=world.member_an) == 135_000
    assert with_carrier(world) == 138_000
    comes(f"{remittance.code} not", 106_000)
    remittance.refresh_from_db()
    assert (remittance.state, payment_of(second), with_carrier(world)) == ("done", "PAID", 0)
    cost = ledger.total_dong(organization=world.organization, kind=Kind.SHIPPING_COST)
    assert cost == 64_000


@pytest.mark.parametrize(
    ("memo", "dong", "settles"),
    [
        ("GHTK doi soat DS20260315-77 chuyen COD", 118_000, True),
        ("GHTK DOISOATDS2026031577", 118_000, True),
        ("GHTK doi soat DS20260315-77", 117_000, False),  # not exactly what is missing
        ("GHTK doi soat DS20260315-778", 118_000, False),  # a longer number
        ("GHTK doi soat", 118_000, False),  # the amount alone proves nothing
    ],
)
def test_the_carriers_own_number_proves_only_with_the_exact_amount(
    world: World, comes: Callable[..., BankTransaction], memo: str, dong: int, settles: bool
) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world)
    listed(world, f"{parcel} 150.000 32.000", reference="DS20260315-77")
    line = comes(memo, dong)
    assert (line.state == "SETTLED") is settles
    assert with_carrier(world) == (0 if settles else 150_000)


def test_more_than_the_list_lacks_waits_for_a_person_who_takes_what_it_lacks(
    world: World, comes: Callable[..., BankTransaction]
) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world)
    remittance = listed(world, f"{parcel} 150.000 32.000")
    line = comes(remittance.code, 120_000)
    assert (line.state, line.reason) == ("NEEDS_YOU", "AMOUNT_DIFFERS")
    [proposal] = remittance_lines.proposals(line)
    assert [(part.code, part.dong) for part in proposal.parts] == [(remittance.code, 118_000)]
    with pytest.raises(remittance_money.MoreThanListLacks):
        assigned(world, line, Part(remittance.code, 118_001))
    line = assigned(world, line, Part(remittance.code, 118_000))
    assert (line.state, line.unused_dong) == ("PART_SETTLED", 2_000)


def assigned(world: World, line: BankTransaction, *parts: Part, key: str | None = None) -> BankTransaction:
    return triage.assign(
        transaction_id=line.pk, parts=parts, reason="Xem bảng kê", actor=world.treasurer, key=key, at=world.now
    )


def test_one_transfer_for_several_lists_is_prepared_for_one_tap(
    world: World, comes: Callable[..., BankTransaction]
) -> None:
    first, second = two_parcels(world)
    lists = [listed(world, f"{one} 150.000 {fee}", key=str(fee)) for one, fee in ((first, 32_000), (second, 30_000))]
    line = comes("Nha xe chuyen tien thu ho", 238_000)
    assert line.state == "NEEDS_YOU"
    [proposal] = remittance_lines.proposals(line)
    assert proposal.best
    assert {part.code for part in proposal.parts} == {one.code for one in lists}
    line = assigned(world, line, *(Part(part.code, part.dong) for part in proposal.parts))
    assert (line.state, with_carrier(world)) == ("SETTLED", 0)
    assert {one.state for one in Remittance.objects.all()} == {"done"}
    named = comes(f"{lists[0].code} {lists[1].code}", 238_000)  # both are done: nothing is guessed
    assert (named.state, named.reason) == ("NEEDS_YOU", "TWO_CODES")


def test_an_undone_payment_is_with_the_carrier_again(world: World, comes: Callable[..., BankTransaction]) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world)
    remittance = listed(world, f"{parcel} 150.000 32.000")
    line = comes(remittance.code, 118_000)
    payment = remittance.payments.get()
    with pytest.raises(NotFound):
        undoing.undo(remittance_payment_id=payment.pk, actor=world.other_treasurer, at=world.now)
    line = undoing.undo(remittance_payment_id=payment.pk, actor=world.treasurer, at=world.now)
    assert (line.state, line.reason, line.used_dong) == ("NEEDS_YOU", "UNDONE", 0)
    remittance.refresh_from_db()
    assert (remittance.state, payment_of(parcel), with_carrier(world)) == ("waiting", "COVERED", 150_000)
    undoing.undo(remittance_payment_id=payment.pk, actor=world.treasurer, at=world.now)
    assert assigned(world, line, Part(remittance.code, 118_000)).state == "SETTLED"
    assert with_carrier(world) == 0


def test_a_neighbour_brings_cash_into_the_box_of_whoever_counts_it(world: World) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world, fee_dong=0)
    remittance = listed(world, f"{parcel} 150.000")
    cash = {"remittance_id": remittance.pk, "actor": world.clerk, "at": world.now}
    with pytest.raises(remittance_money.MoreThanListLacks):
        remittance_cash.receive(amount_dong=150_001, key="c0", **cash)
    payment = remittance_cash.receive(amount_dong=100_000, key="c1", **cash)
    assert remittance_cash.receive(amount_dong=100_000, key="c1", **cash) == payment
    assert cash_boxes.box_dong(world.organization, world.clerk) == 100_000
    remittance_cash.receive(amount_dong=50_000, key="c2", **cash)
    remittance.refresh_from_db()
    assert (remittance.state, payment_of(parcel)) == ("done", "PAID")
    remittance_cash.undo(payment_id=payment.pk, reason="Đếm nhầm", actor=world.clerk, at=world.now)
    remittance.refresh_from_db()
    assert (remittance.state, remittance.received_dong) == ("part", 50_000)
    assert cash_boxes.box_dong(world.organization, world.clerk) == 50_000


def test_what_is_written_off_ends_the_waiting_and_comes_back_with_late_money(
    world: World, comes: Callable[..., BankTransaction]
) -> None:
    first, second = two_parcels(world)
    remittance = listed(world, f"{first} 150.000 32.000\n{second} 150.000 32.000")
    comes(remittance.code, 118_000)
    off = {"remittance_id": remittance.pk, "reason": "Nhà xe không nộp", "actor": world.treasurer, "at": world.now}
    remitting.write_off(key="off", **off)
    remitting.write_off(key="off", **off)
    remittance.refresh_from_db()
    assert (remittance.state, payment_of(second), with_carrier(world)) == ("done", "PAID", 0)
    assert ledger.total_dong(organization=world.organization, kind=Kind.LOSSES) == 150_000
    with pytest.raises(remitting.NothingMissing):
        remitting.write_off(key="again", **off)
    late = comes(remittance.code, 118_000)
    assert (late.state, late.reason) == ("NEEDS_YOU", "ALREADY_PAID")  # the machine takes back no writing-off
    [proposal] = remittance_lines.proposals(late)
    assigned(world, late, *(Part(part.code, part.dong) for part in proposal.parts))
    remittance.refresh_from_db()
    assert (remittance.received_dong, remittance.state, with_carrier(world)) == (236_000, "done", 0)
    assert ledger.total_dong(organization=world.organization, kind=Kind.LOSSES) == 0
    assert MadeGood.objects.get(kind="short").undone_at is not None


def test_each_wrong_row_is_named_and_nothing_is_kept(world: World) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world)
    away = sent(order_bags(world, 1, pay_by="CASH"), world)
    text = (
        f"{parcel}; 160.000; 0\n{parcel}; 1; 0\nDH-000000-XXXX; 1.000; 0\n{away}; 75.000; 0\n{away.order.number}; 0; 0"
    )
    with pytest.raises(RowsRefused) as refused:
        listed(world, text)
    faults = [one.fault for one in refused.value.checked]
    assert faults == ["SAYS_MORE", "TWICE", "UNKNOWN_PARCEL", "NOT_DELIVERED", "TWICE"]
    assert "150.000" in refused.value.checked[0].why
    assert not Remittance.objects.exists()
    made = listed(world, f"{away.order.number}; 75.000; 5.000", delivered_too=True)
    assert (made.net_dong, Shipment.objects.get(pk=away.pk).state) == (70_000, "delivered")


def test_a_parcel_stands_in_one_list_until_that_is_dropped(world: World) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world)
    remittance = listed(world, f"{parcel} 100.000", reference="BK-2026-0001")
    with pytest.raises(RowsRefused):  # 50,000 are still free of it
        listed(world, f"{parcel} 60.000", key="second")
    with pytest.raises(remitting.ReferenceUsed):
        listed(world, f"{parcel} 50.000", key="third", reference="BK-2026-0001")
    assert listed(world, f"{parcel} 50.000", key="fourth").net_dong == 50_000
    with pytest.raises(delivering.MoneyHasMoved):  # while a list says that the carrier has its money
        delivering.undo_delivered(shipment_id=parcel.pk, why="Nhầm kiện", actor=world.treasurer, at=world.now)
    stop = {"remittance_id": remittance.pk, "reason": "Ghi nhầm", "at": world.now}
    with pytest.raises(NotFound):
        remitting.cancel(actor=world.clerk, **stop)
    assert remitting.cancel(actor=world.treasurer, **stop).state == "cancelled"
    assert listed(world, f"{parcel} 100.000", key="fifth", reference="BK-2026-0001").net_dong == 100_000


def test_a_returned_parcels_fee_is_kept_out_of_others_and_a_list_that_brings_nothing_is_refused(
    world: World, comes: Callable[..., BankTransaction]
) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world)
    refused = sent(order_bags(world, 1, pay_by="CASH"), world)
    delivering.back(shipment_id=refused.pk, why="Khách không nhận", actor=world.clerk, at=world.now)
    with pytest.raises(remitting.BringsNothing):
        listed(world, f"{refused}; 0; 41.000")
    remittance = listed(world, f"{parcel}; 150.000; 32.000\n{refused}; 0; 41.000", key="both")
    comes(remittance.code, 77_000)
    share = remittance.payments.get().shares.get()
    assert (share.shipment_id, share.net_dong, share.fee_dong) == (parcel.pk, 77_000, 73_000)
    assert payment_of(parcel) == "PAID"
