"""What the desk is told to call about: parcels without news, goods that are asked for, day by day, page by page."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from catalog import promising_lots
from orders.models import Order, Shipment, StockQuestion
from storefront import desk_lines
from storefront.views.desk import coming
from tests.payments.conftest import order_bags
from tests.payments.parcels_world import sent
from tests.people import World, member, user
from tests.storefront.desk_walk import body, key_in, order_today, signed_in

pytestmark = pytest.mark.django_db
HOME, CALLS, LOOK = "/desk/", "/desk/calls/", "/desk/shipments/?show=look"


def test_a_quiet_parcel_is_in_the_desks_lists_and_its_buyer_is_told(world: World) -> None:
    with time_machine.travel(world.now, tick=False) as clock:
        clerk, guest = signed_in(world.clerk), Client()
        made = sent(order_bags(world, 1, pay_by="CASH"), world)
        hers, parcel = f"/o/{made.order.token}/", f"/desk/shipments/{made.pk}/"
        clock.shift(timedelta(days=2) - timedelta(seconds=1))
        assert "không có tin" not in body(clerk.get(HOME)) + body(clerk.get(CALLS)) + body(clerk.get(parcel))
        assert "Không có kiện nào" in body(clerk.get(LOOK))
        assert "Chưa có tin gì mới" not in body(guest.get(hers))

        clock.shift(timedelta(seconds=1))
        assert "1 kiện hàng lâu không có tin" in body(clerk.get(HOME))
        for shown in (body(clerk.get(CALLS)), body(clerk.get(LOOK))):
            assert parcel in shown
            assert 'href="tel:+84912345679"' in shown  # the driver's
        assert "Chưa có tin gì mới về kiện này từ 15/03/2026" in body(guest.get(hers))
        assert "còn ở bến" not in body(guest.get(hers))

        page = clerk.get(parcel)
        assert "Không có tin từ 15/03/2026" in body(page)
        empty = clerk.post(f"{parcel}asked/", {"key": "k", "said": ""})
        assert (empty.status_code, 'name="said"' in body(empty)) == (422, True)
        for _tap in range(2):
            answer = clerk.post(f"{parcel}asked/", {"key": key_in(page), "said": "Anh Hải: còn ở bến"})
            assert answer.status_code == 303
        assert "Anh Hải: còn ở bến" in body(clerk.get(parcel))
        assert Shipment.objects.get().events.filter(note="Anh Hải: còn ở bến").count() == 1
        for address in (HOME, CALLS, LOOK):
            assert parcel not in body(clerk.get(address))
        assert "Chưa có tin gì mới" not in body(guest.get(hers))
        assert "Anh Hải" not in body(guest.get(hers))  # the desk's own words


def test_calls_and_promises_come_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming, "PER_PAGE", 2)
    clerk, now = signed_in(world.clerk), timezone.now()
    asked = []
    for number in range(3):
        late = member(user(f"Bác Số {number}", None), world.organization, number=50 + number)
        asked.append(
            StockQuestion.objects.create(
                member=late, variant=world.variant, asked_at=now - timedelta(hours=9 - number),
                call_from=now + timedelta(hours=number - 1), decide_from=now + timedelta(days=1),
            )
        )  # fmt: skip
        promising_lots.promise_lot(
            variant_id=world.variant.pk, member_id=late.pk, quantity=1, expected_on=timezone.localdate() +
            timedelta(days=number + 1), actor=world.clerk, key=f"{number}", at=now,
        )  # fmt: skip
    assert names(clerk.get(CALLS)) == names(clerk.get("/desk/coming/")) == [0, 1]
    assert names(clerk.get(f"{CALLS}?page=2")) == names(clerk.get("/desk/coming/?page=2")) == [2]
    assert "?page=2" in body(clerk.get(CALLS))
    assert "Trang 2 / 2" in body(clerk.get("/desk/coming/?page=99"))
    wrong = clerk.post(f"/desk/calls/{asked[2].pk}/answer/", {"answer": "less", "left": "chừng chục", "key": "k"})
    assert (wrong.status_code, names(wrong), 'value="chừng chục"' in body(wrong)) == (422, [2], False)


def names(page) -> list[int]:  # type: ignore[no-untyped-def]
    return [number for number in range(3) if f"Bác Số {number}" in body(page)]


def test_a_search_that_found_more_than_it_shows_says_so(world: World, comes, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(desk_lines, "MOST_FOUND", 1)
    treasurer, line = signed_in(world.treasurer), comes("tien hang", 75_000)
    order_today(world, 1)
    for asked_for in ("", "?q=Hoàng"):
        assert "Còn nữa" not in body(treasurer.get(f"/desk/money/{line.pk}/{asked_for}"))
    second = order_today(world, 1)
    for asked_for in ("", "?q=Hoàng"):
        page = body(treasurer.get(f"/desk/money/{line.pk}/{asked_for}"))
        assert "Còn nữa, đây là 1 khoản mới nhất" in page
        assert page.count("Chọn khoản này") == 1
    assert Order.objects.latest("pk") == second
