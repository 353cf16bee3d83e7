"""What carrying a refused parcel cost: a mistyped sum is asked about before members bear it, and mended afterwards."""

from collections.abc import Callable

import pytest

from base.refusals import NotFound
from cooperatives import income, ledger
from cooperatives.chart import Kind
from cooperatives.models import Organization
from orders.models import DeliveryBorne, Netting, Order, Shipment
from payments import carriage, cash_out, delivering
from payments.models import DepositKept
from tests.payments.conftest import order_bags, request_of
from tests.payments.parcels_world import brought, full_box, sent
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]
BAG_NET = 67_500


@pytest.fixture
def members_bear(world: World) -> World:
    Organization.objects.filter(pk=world.organization.pk).update(refused_borne_by="members")
    world.organization.refresh_from_db()
    return world


def stands(world: World) -> tuple[int, int]:
    """What An is owed, and owes."""
    member = world.member_an
    return income.owed_dong(member=member), income.owes_dong(member=member)


@pytest.mark.parametrize(
    ("there", "back", "goods", "odd"),
    [
        (32_000, 15_000, 75_000, False),
        (32_000, 64_000, 200_000, False),
        (32_000, 64_001, 200_000, True),  # more than twice the way there
        (0, 75_000, 75_000, False),
        (0, 75_001, 75_000, True),  # the goods themselves are worth less
        (40_000, 35_001, 75_000, True),
    ],
)
def test_a_carriage_looks_wrong_beyond_the_goods_or_twice_the_way_there(
    there: int, back: int, goods: int, odd: bool
) -> None:
    assert carriage.looks_wrong(there_dong=there, back_dong=back, goods_dong=goods) is odd


def test_nobody_bears_a_mistyped_fee_and_one_that_was_borne_is_mended_to_the_dong(members_bear: World) -> None:
    world = members_bear
    brought(order_bags(world, 1, pay_by="CASH"), world)  # 67,500 to An's credit
    parcel = sent(order_bags(world, 4, pay_by="CASH"), world)
    told = {"shipment_id": parcel.pk, "why": "không nhận", "at": world.now}
    with pytest.raises(carriage.CarriageLooksWrong, match=r"320\.000"):  # a nought too many
        delivering.back(return_fee_dong=320_000, actor=world.clerk, key="a", **told)
    with pytest.raises(carriage.CarriageLooksWrong):  # a clerk's being sure is not enough
        delivering.back(return_fee_dong=320_000, is_sure=True, actor=world.clerk, key="b", **told)
    assert Shipment.objects.get(pk=parcel.pk).is_away
    assert stands(world) == (BAG_NET, 0)
    delivering.back(return_fee_dong=320_000, is_sure=True, actor=world.manager, key="c", **told)
    assert stands(world) == (0, 352_000 - BAG_NET)

    brought(order_bags(world, 2, pay_by="CASH"), world)  # netted against what she owes
    assert stands(world) == (0, 352_000 - 3 * BAG_NET)
    told |= {"why": "gõ thừa số 0"}
    with pytest.raises(NotFound):
        carriage.correct(fee_dong=32_000, return_fee_dong=32_000, actor=world.clerk, key="d", **told)
    for _twice in range(2):
        carriage.correct(fee_dong=32_000, return_fee_dong=32_000, actor=world.treasurer, key="e", **told)
    assert stands(world) == (3 * BAG_NET - 64_000, 0)
    rows = DeliveryBorne.objects.order_by("pk").values_list("amount_dong", "undone_at")
    assert [(dong, undone is None) for dong, undone in rows] == [(352_000, False), (64_000, True)], "both stay"
    assert "32.000 ₫ + 320.000 ₫ → 32.000 ₫ + 32.000 ₫" in parcel.events.order_by("-pk")[0].note
    assert income.borne_dong(member=world.member_an) == 64_000
    assert Netting.objects.filter(amount_dong__lt=0).exists()
    with pytest.raises(carriage.CarriageLooksWrong):
        carriage.correct(fee_dong=32_000, return_fee_dong=999_000, actor=world.treasurer, key="f", **told)


def test_a_deposit_kept_for_too_dear_a_carriage_gives_the_rest_back_and_who_bore_it_stays(
    members_bear: World, comes: Callable[..., object]
) -> None:
    world = members_bear
    order = order_bags(world, 4, pay_by="CASH")
    Order.objects.filter(pk=order.pk).update(deposit_dong=60_000)
    comes(request_of(order).code, 60_000)
    parcel = sent(order, world)
    delivering.back(
        shipment_id=parcel.pk, return_fee_dong=32_000, keep_deposit_dong=60_000, why="không nhận",
        actor=world.treasurer, at=world.now,
    )  # fmt: skip
    assert stands(world) == (0, 4_000)
    Organization.objects.filter(pk=world.organization.pk).update(refused_borne_by="organization")  # decided since
    told = {"shipment_id": parcel.pk, "why": "cước thật", "actor": world.manager, "at": world.now}
    carriage.correct(fee_dong=32_000, return_fee_dong=38_000, key="more", **told)
    assert stands(world) == (0, 10_000), "members agreed to bear it when it came back"
    carriage.correct(fee_dong=32_000, return_fee_dong=8_000, key="less", **told)
    assert stands(world) == (0, 0)
    assert list(DepositKept.objects.filter(undone_at=None).values_list("amount_dong", flat=True)) == [40_000]
    owed = ledger.balance_dong(organization=world.organization, kind=Kind.OWED_TO_PAYERS, subject=f"order:{order.pk}")
    assert owed == 20_000
    full_box(world, 20_000)
    cash_out.pay_buyer(order_id=order.pk, amount_dong=20_000, actor=world.treasurer, key="back", at=world.now)
    away = sent(order_bags(world, 1, pay_by="CASH"), world)
    with pytest.raises(carriage.NotBackYet):
        carriage.correct(**told | {"shipment_id": away.pk}, fee_dong=1, return_fee_dong=1, key="early")
