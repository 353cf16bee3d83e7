"""At the desk: a mistyped carriage is asked about and mended, what was lost is found, a buyer is given something."""

from datetime import timedelta

import pytest
from django.test import Client

from base.periods import today_in_vietnam
from catalog.models import Lot
from cooperatives.models import Organization
from orders.models import DeliveryBorne, Order, Shipment
from payments import delivering
from payments.models import MadeGood
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.payments.parcels_world import brought, sent
from tests.people import World
from tests.storefront.desk_walk import body, key_in, signed_in

pytestmark = pytest.mark.django_db


def test_a_carriage_too_dear_is_asked_about_then_mended(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(refused_borne_by="members")
    parcel = sent(order_bags(world, 2, pay_by="CASH"), world)
    page, clerk, manager = f"/desk/shipments/{parcel.pk}/", signed_in(world.clerk), signed_in(world.manager)
    typed = {"key": "k", "reason": "không nhận", "return_fee_dong": "320.000"}
    refused = clerk.post(f"{page}back/", typed)
    assert refused.status_code == 422
    assert "cao khác thường" in body(refused)
    assert "is_sure" not in body(refused), "it is not hers to be sure"
    [share] = parcel.order.lines.get().allocations.all()
    typed |= {f"fate_{share.pk}": "to_lot"}
    assert 'name="is_sure"' not in body(manager.get(page))
    asked = manager.post(f"{page}back/", typed)
    assert 'name="is_sure"' in body(asked)
    done = body(manager.post(f"{page}back/", typed | {"key": key_in(asked), "is_sure": "on"}, follow=True))
    assert "Sửa cước" in done
    assert "Sửa cước" not in body(clerk.get(page))
    mended = {"key": "m", "reason": "gõ thừa số 0", "fee_dong": "32.000", "return_fee_dong": "32.000"}
    assert clerk.post(f"{page}carriage/", mended).status_code == 404
    assert manager.post(f"{page}carriage/", mended | {"reason": ""}).status_code == 422
    assert "gõ thừa số 0" in body(manager.post(f"{page}carriage/", mended, follow=True))
    assert DeliveryBorne.objects.get(undone_at=None).amount_dong == 64_000
    assert is_clean(world.organization, at=world.now)


def test_goods_past_their_best_are_offered_as_written_off_alone(world: World) -> None:
    parcel = sent(order_bags(world, 1, pay_by="CASH"), world)
    Lot.objects.filter(variant=world.variant).update(best_before=today_in_vietnam() - timedelta(days=1))
    page = f"/desk/shipments/{parcel.pk}/"
    assert "nhờ quản lý hoặc thủ quỹ" in body(signed_in(world.clerk).get(page))
    assert "chỉ ghi bỏ đi được" in body(
        signed_in(world.clerk).post(f"{page}back/", {"key": "c", "reason": "về muộn"})
    )  # fmt: skip
    shown = body(signed_in(world.manager).get(page))
    assert "không bán lại được" in shown
    assert 'value="to_lot"' not in shown


def test_what_was_lost_is_found_at_the_desk_by_who_may(world: World, comes) -> None:  # type: ignore[no-untyped-def]
    order = order_bags(world, 1)
    comes(request_of(order).code, 75_000)
    parcel = sent(order, world)
    delivering.failed(shipment_id=parcel.pk, why="đi vắng", actor=world.clerk, at=world.now)
    manager, clerk, page = signed_in(world.manager), signed_in(world.clerk), f"/desk/shipments/{parcel.pk}/"
    again = {"key": "f", "reason": "hẹn mai"}
    assert "2 lần" in body(clerk.post(f"{page}failed/", again, follow=True))
    assert "lần thứ 2: hẹn mai" in body(clerk.get("/desk/shipments/?show=look"))
    delivering.lost(shipment_id=parcel.pk, why="mất", actor=world.manager, at=world.now)
    assert "Tìm thấy kiện này" not in body(clerk.get(page))
    assert "Tìm thấy kiện này" in body(manager.get(page))
    assert clerk.post(f"{page}found/", again).status_code == 404
    assert manager.post(f"{page}found/", {"key": "x", "reason": ""}).status_code == 422
    assert "đang trên đường" in body(manager.post(f"{page}found/", {"key": "y", "reason": "ở bến"}, follow=True))
    assert Order.objects.get(pk=order.pk).payment == "PAID"
    assert signed_in(world.other_treasurer).post(f"{page}found/", again).status_code == 404


def test_a_buyer_is_given_something_and_it_is_taken_back(world: World) -> None:
    order = brought(order_bags(world, 1, pay_by="CASH"), world).order
    page, manager, treasurer = f"/desk/orders/{order.number}/", signed_in(world.manager), signed_in(world.treasurer)
    assert "Đền người mua" not in body(signed_in(world.clerk).get(page))
    typed = {"key": "g", "amount_dong": "80.000", "reason": "cá có mùi"}
    refused = manager.post(f"{page}goodwill/", typed)
    assert refused.status_code == 422
    assert "Nhiều hơn cả đơn" in body(refused)
    typed |= {"key": key_in(refused), "amount_dong": "20.000"}
    for _twice in range(2):
        done = body(manager.post(f"{page}goodwill/", typed, follow=True))
    assert "nợ người mua. Phần của bà con không đổi" in done
    assert "Gỡ khoản này" not in done
    made = MadeGood.objects.get()
    assert (made.amount_dong, made.actor) == (20_000, world.manager)
    assert "Gỡ khoản này" in body(treasurer.get(page))
    undo = f"/desk/made-good/{made.pk}/undo/"
    for stranger in (Client(), signed_in(world.clerk), signed_in(world.other_treasurer)):
        assert stranger.post(undo).status_code in {302, 404}
    assert "đã gỡ" in body(treasurer.post(undo, follow=True))
    assert is_clean(world.organization, at=world.now)
    assert not Shipment.objects.exclude(trouble="").exists()
