"""A parcel written off as lost turns up: every đồng of its loss goes back where it was, whatever was paid meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from base.refusals import NotFound
from cooperatives import income, ledger
from cooperatives.chart import Kind
from cooperatives.models import Organization
from orders import parcels
from orders.models import Order, Shipment
from payments import cash_out, delivering, explaining, found_again, refunds
from payments.models import BankTransaction, MadeGood, Refund
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.payments.parcels_world import brought, full_box, sent
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]
BAG, BAG_NET = 75_000, 67_500
Comes = Callable[..., BankTransaction]


def dong(world: World, kind: Kind, subject: str = "") -> int:
    return ledger.balance_dong(organization=world.organization, kind=kind, subject=subject)


def hers(world: World) -> tuple[int, int, int]:
    """What An is owed, owes, and has earned."""
    an = world.member_an
    return income.owed_dong(member=an), income.owes_dong(member=an), income.total_dong(member=an)


@pytest.fixture
def lost(world: World, comes: Comes) -> Shipment:
    """Two bags, paid before, called lost; An is made good, Dũng is owed, and the carrier has paid for it."""
    Organization.objects.filter(pk=world.organization.pk).update(lost_borne_by="organization")
    order = order_bags(world, 2)
    comes(request_of(order).code, 2 * BAG)
    parcel = sent(order, world)
    delivering.lost(shipment_id=parcel.pk, why="bến xe báo mất", actor=world.manager, at=world.now)
    paid = comes("den bu kien that lac", 100_000)
    explaining.explain(
        transaction_id=paid.pk, kind="other_receipt", reason="nhà xe đền", key="đền", actor=world.treasurer,
        at=world.now,
    )  # fmt: skip
    assert hers(world) == (2 * BAG_NET, 0, 2 * BAG_NET)
    parcel.refresh_from_db()
    return parcel


def find(world: World, parcel: Shipment, **more: object) -> Shipment:
    told = {"shipment_id": parcel.pk, "why": "thấy ở bến sau", "actor": world.manager, "at": world.now, **more}
    return found_again.found(**told)


def test_found_and_delivered_it_is_a_sale_like_any_other(world: World, lost: Shipment) -> None:
    order = lost.order
    task = refunds.ask(
        order_id=order.pk, amount_dong=2 * BAG, reason="mất hàng", actor=world.treasurer, key="t", at=world.now
    )
    with pytest.raises(NotFound):
        find(world, lost, actor=world.clerk)
    for _twice in range(2):
        seen = find(world, lost)
    order.refresh_from_db()
    assert (seen.state, bool(seen.trouble), seen.collect_dong) == ("moving", True, 0)
    assert (order.state, order.payment, order.ended_at) == ("HANDED_OVER", "PAID", None)
    assert Refund.objects.get(pk=task.pk).state == Refund.State.CANCELLED
    assert hers(world) == (0, 0, 0)
    assert dong(world, Kind.PREPAID, f"order:{order.pk}") == 2 * BAG
    delivering.delivered(shipment_id=lost.pk, actor=world.clerk, at=world.now)
    assert hers(world) == (2 * BAG_NET, 0, 2 * BAG_NET)
    assert (dong(world, Kind.LOSSES), dong(world, Kind.OTHER_RECEIPTS)) == (0, 100_000)


def test_found_and_back_after_everybody_was_paid_members_owe_what_they_have_twice(world: World, lost: Shipment) -> None:
    full_box(world, 4 * BAG)
    told = {"actor": world.treasurer, "at": world.now}
    cash_out.pay_member(member_id=world.member_an.pk, amount_dong=2 * BAG_NET, key="m", **told)
    cash_out.pay_buyer(order_id=lost.order_id, amount_dong=2 * BAG, key="b", **told)
    find(world, lost)
    assert hers(world) == (0, 2 * BAG_NET, 0)
    order = Order.objects.get(pk=lost.order_id)
    assert (order.payment, request_of(order).due_dong) == ("UNPAID", 2 * BAG), "she has had her money back"
    assert Shipment.objects.get(pk=lost.pk).collect_dong == 2 * BAG
    assert delivering.accept_silent(at=world.now + timedelta(days=30)) == 0
    assert is_clean(world.organization, at=world.now)
    before = world.variant.on_hand
    delivering.back(shipment_id=lost.pk, why="nhà xe mang về", actor=world.clerk, at=world.now)
    world.variant.refresh_from_db()
    assert world.variant.on_hand == before, "her two bags lie in her lot again"
    brought(order_bags(world, 3, pay_by="CASH"), world)
    assert hers(world) == (BAG_NET, 0, 3 * BAG_NET)


def test_found_paid_again_and_lost_once_more(world: World, lost: Shipment, comes: Comes) -> None:
    full_box(world, 2 * BAG)
    told = {"actor": world.treasurer, "at": world.now}
    cash_out.pay_buyer(order_id=lost.order_id, amount_dong=2 * BAG, key="b", **told)
    find(world, lost)
    with pytest.raises(delivering.TooLittleCollected):
        delivering.delivered(shipment_id=lost.pk, collected_dong=0, actor=world.clerk, at=world.now)
    comes(request_of(lost.order).code, 2 * BAG)
    delivering.lost(shipment_id=lost.pk, damaged=True, why="vỡ hết", actor=world.manager, key="2", at=world.now)
    assert dong(world, Kind.OWED_TO_PAYERS, f"order:{lost.order_id}") == 2 * BAG
    assert list(MadeGood.objects.order_by("pk").values_list("undone_at", flat=True))[1:] == [None]
    assert find(world, lost, key="3").state == "moving"
    delivering.delivered(shipment_id=lost.pk, collected_dong=0, actor=world.clerk, at=world.now)
    assert hers(world) == (2 * BAG_NET, 0, 2 * BAG_NET)
    for verb in (find, lambda world, parcel: delivering.coming_back(shipment_id=parcel.pk, why="", actor=None,
                                                                     at=world.now)):  # fmt: skip
        with pytest.raises(parcels.BadMove):
            verb(world, lost)
