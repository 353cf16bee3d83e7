"""Market days from the desk to a buyer's basket, what members do on their phones, and rests on every page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from base.periods import vietnam_day
from catalog.models import Lot
from orders.models import Cycle, Order, PickupPoint, StockQuestion
from tests.people import World

pytestmark = pytest.mark.django_db


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def typed(world: World, **changed: str) -> dict[str, str]:
    today = vietnam_day(timezone.now())
    point = world.pickup_point.pk
    return {
        "key": "phiên một", "name": "", "note": "", "opens_day": str(today - timedelta(days=1)), "opens_time": "06:00",
        "closes_day": str(today + timedelta(days=4)), "closes_time": "20:00",
        "pickup_day": str(today + timedelta(days=6)), "needs_dong": "80.000.000", "most_dong": "",
        f"stop_{point}": "on", f"from_{point}": "07:00", f"to_{point}": "09:00", **changed,
    }  # fmt: skip


def test_from_the_desk_to_an_order(world: World) -> None:
    clerk, buyer = signed_in(world.clerk), Client()
    wrong = clerk.post("/desk/cycles/new/", typed(world, closes_day="", **{f"from_{world.pickup_point.pk}": ""}))
    assert (wrong.status_code, Cycle.objects.count()) == (422, 0)
    assert clerk.post("/desk/cycles/new/", typed(world, opens_day="0001-01-01")).status_code == 422
    for _tap in range(2):
        done = clerk.post("/desk/cycles/new/", typed(world))
    cycle = Cycle.objects.get()
    assert done["Location"] == f"/desk/cycles/{cycle.pk}/"
    assert signed_in(world.other_treasurer).get(done["Location"]).status_code == 404

    words = buyer.get(f"/cycles/{cycle.pk}/").content.decode()
    assert "7:00–9:00" in words
    assert "Đã đặt 0/80 triệu" in words
    for page in ("/", "/c/yen-hoa/", "/p/ca-chach-say-kho/"):
        assert f'href="/cycles/{cycle.pk}/"' in buyer.get(page).content.decode(), page

    buyer.post("/basket/add/", {"variant": world.variant.pk, "quantity": "20"})
    form = buyer.get("/checkout/").context["form"]
    assert [card.value for card in form.cycle_cards] == ["", str(cycle.pk)]
    sent = {
        "name": "Hoàng Văn Dũng", "phone": "0912345678", "receive": f"PICKUP:{world.pickup_point.pk}",
        "pay_by": "TRANSFER", "cycle": str(cycle.pk), "note": "", "lines": form.initial["lines"],
        "seen_dong": form.initial["seen_dong"], "key": "một lần",
    }  # fmt: skip
    assert buyer.post("/checkout/", sent).status_code == 303
    order = Order.objects.get()
    assert (order.cycle, order.pickup_point) == (cycle, world.pickup_point)
    assert "Đã đặt 1/80 triệu" in buyer.get(f"/cycles/{cycle.pk}/").content.decode(), "1,5 million, rounded down"

    shown = clerk.get(f"/desk/cycles/{cycle.pk}/").content.decode()
    assert "1.500.000" in shown
    assert clerk.post(f"/desk/cycles/{cycle.pk}/drop/", {"key": "x", "why": "bão"}).status_code == 404
    manager = signed_in(world.manager)
    assert manager.post(f"/desk/cycles/{cycle.pk}/drop/", {"key": "x", "why": ""}).status_code == 422
    manager.post(f"/desk/cycles/{cycle.pk}/drop/", {"key": "x", "why": "bão về"})
    order.refresh_from_db()
    assert order.end_reason.endswith("không họp: bão về")
    assert buyer.get(f"/cycles/{cycle.pk}/").status_code == 404


def test_a_member_promises_answers_and_rests_on_her_phone(world: World) -> None:
    an, clerk = signed_in(world.member_an.user), signed_in(world.clerk)
    day = vietnam_day(timezone.now()) + timedelta(days=2)
    sent = {"quantity": "8 gói", "expected_on": str(day), "key": "hẹn một"}
    for _tap in range(2):
        an.post(f"/member/lots/{world.variant.pk}/promise/", sent)
    lot = Lot.objects.promised().get()
    assert "đã hẹn 8\u00a0gói" in an.get("/member/calendar/").content.decode()
    assert signed_in(world.buyer).post(f"/member/lots/{world.variant.pk}/promise/", sent).status_code == 404
    clerk.post(f"/desk/lots/{lot.pk}/brought/", {"quantity": "5", "key": "k", "made_on": "", "best_before": ""})
    lot.refresh_from_db()
    assert (lot.left, lot.is_here) == (5, True)

    now = timezone.now()
    asked = StockQuestion.objects.create(
        member=world.member_an, variant=world.variant, asked_at=now, call_from=now, decide_from=now + timedelta(days=1)
    )
    assert "tel:+84912000001" in clerk.get("/desk/calls/").content.decode()
    unread = clerk.post(f"/desk/calls/{asked.pk}/answer/", {"answer": "less", "left": "chừng chục gói", "key": "k"})
    assert (unread.status_code, 'value="chừng chục gói"' in unread.content.decode()) == (422, True)
    assert an.post(f"/member/stock/{asked.pk}/", {"answer": "less", "left": "", "key": "k"}).status_code == 303
    decided = an.post(f"/member/stock/{asked.pk}/", {"answer": "decided", "left": "", "key": "k"})
    assert decided.status_code == 404, "to decide for the cooperative is not hers"
    an.post(f"/member/stock/{asked.pk}/", {"answer": "yes", "left": "", "key": "k"})
    asked.refresh_from_db()
    assert asked.answer == "yes"

    an.post(f"/member/goods/{world.product.pk}/rest/", {"until": str(day), "key": "k"})
    for page in ("/", "/p/ca-chach-say-kho/"):
        assert f"Nghỉ bán đến hết ngày {day:%d/%m/%Y}" in (words := Client().get(page).content.decode()) or (
            f"Nghỉ bán đến hết {day:%d/%m/%Y}" in words
        ), page
    assert 'action="/basket/add/"' not in Client().get("/p/ca-chach-say-kho/").content.decode()


def test_pickup_points_are_kept_at_the_desk(world: World) -> None:
    clerk = signed_in(world.clerk)
    sent = {"name": "Cổng chợ", "place": "cạnh đình", "hours": "", "phone": "0912345678", "position": "2", "key": "k"}
    for _tap in range(2):
        clerk.post("/desk/pickup/new/", sent)
    point = PickupPoint.objects.get(name="Cổng chợ")
    assert clerk.post(f"/desk/pickup/{point.pk}/", {**sent, "phone": "không có"}).status_code == 422
    clerk.post(f"/desk/pickup/{point.pk}/open/", {"open": ""})
    point.refresh_from_db()
    assert not point.is_open
    assert signed_in(world.other_treasurer).post(f"/desk/pickup/{point.pk}/open/", {"open": "1"}).status_code == 404
