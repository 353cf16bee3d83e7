"""Packing at the desk and the page behind a label."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog import labelling, lots
from catalog.labelling import BadGtin, is_gtin
from catalog.models import Lot, Product
from cooperatives.models import Member
from orders import fulfilling
from orders.models import Order
from payments import cash
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.payments.test_weighing import two_kilograms
from tests.people import World


@pytest.fixture
def desk(world: World) -> Client:
    client = Client()
    client.force_login(world.clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_morning_of_packing(world: World, desk: Client) -> None:
    """A bag of pieces and two kilograms off the scales: both lists, both deeds, and nothing is left to pack."""
    bags, loose = order_bags(world, 22, pay_by="CASH"), two_kilograms(world, pay_by="CASH")
    shown = desk.get("/desk/packing/").content.decode()
    assert shown.index("Nguyễn Thị An") < shown.index("Trần Thị Hoa"), "by given name"
    for part in ("20\u00a0gói", "2\u00a0gói", "2\u00a0kg", bags.number, loose.number):
        assert part in shown
    for sheet in ("fetch", "pack"):
        paper = desk.get(f"/desk/packing/{sheet}.pdf")
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    again = desk.post(f"/desk/orders/{bags.number}/pack/", {"next": "packing"})
    assert (again.status_code, again.url) == (303, "/desk/packing/")
    line = loose.lines.get()
    wrong = desk.post(f"/desk/orders/{loose.number}/weigh/", {"key": "a", f"line_{line.pk}": "12 kg"})
    assert wrong.status_code == 422
    assert "từ một nửa đến gấp đôi" in wrong.content.decode()
    assert 'value="12 kg"' in wrong.content.decode(), "what was typed is still there"
    right = desk.post(f"/desk/orders/{loose.number}/weigh/", {"key": "b", f"line_{line.pk}": "1,9 kg"})
    assert right.status_code == 303
    loose.refresh_from_db()
    assert (loose.state, loose.total_dong) == (Order.State.PACKED, 456_000)
    assert "Không có đơn nào chờ gói" in desk.get("/desk/packing/").content.decode()
    for order in (bags, loose):
        asked = request_of(order)
        cash.receive(code=asked.code, amount_dong=asked.due_dong, actor=world.treasurer, key=asked.code, at=world.now)
        fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    assert is_clean(world.organization, at=world.now)


def test_the_lists_cost_the_same_for_one_order_and_for_three(
    world: World, desk: Client, django_assert_num_queries: Any
) -> None:
    order_bags(world, 1, pay_by="CASH")
    for _round in range(2):
        with django_assert_num_queries(13):
            desk.get("/desk/packing/")
        order_bags(world, 2, pay_by="CASH"), two_kilograms(world, pay_by="CASH")


def test_what_a_label_leads_to(world: World, client: Client) -> None:
    """The lot's facts for anybody; whose it is only where she agreed; a wrong number leads nowhere."""
    lot = lots.receive_lot(
        variant_id=world.variant.pk, member_id=world.member_an.pk, quantity=5, made_on=world.now.date(),
        best_before=None, actor=world.clerk, key="mẻ", at=world.now,
    )  # fmt: skip
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{10}", lot.trace)
    labelling.say_on_label(
        product_id=world.product.pk, storage="nơi khô", allergens="có cá", gtins={world.variant.pk: "8938505974194"},
        actor=world.manager, at=world.now,
    )  # fmt: skip
    shown = client.get(f"/lo/{lot.trace.lower()}/").content.decode()
    for part in (lot.code, "nơi khô", "có cá", "8938505974194", "15/03/2026", "HTX Nông sản Yên Hòa"):
        assert part in shown
    assert "Nguyễn Thị An" not in shown
    Member.objects.filter(pk=world.member_an.pk).update(shows_name=True)
    assert "Nguyễn Thị An" in client.get(f"/lo/{lot.trace}/").content.decode()
    Product.objects.filter(pk=world.product.pk).update(published_at=None)
    for number in (lot.trace, "2" * 10, "0" * 10, "abc"):
        assert client.get(f"/lo/{number}/").status_code == 404


def test_labels_for_the_printer(world: World, desk: Client) -> None:
    lot = world.variant.lots.order_by("pk")[0]
    assert desk.get(f"/desk/labels/{lot.pk}/label.pdf?times=2&size=a6").status_code == 404, "no number yet"
    Lot.objects.filter(pk=lot.pk).update(trace="TRACE22222")
    for size in ("a6", "58"):
        paper = desk.get(f"/desk/labels/{lot.pk}/label.pdf?times=3&size={size}")
        assert paper.content.count(b"/Type /Page\n") == 3
    assert desk.get(f"/desk/labels/{lot.pk}/label.pdf?times=0&size=a6").status_code == 303


@pytest.mark.parametrize(("gtin", "right"), [("8938505974194", True), ("8938505974193", False), ("96385074", True)])
def test_bar_codes_have_a_check_figure(gtin: str, right: bool, world: World) -> None:
    assert is_gtin(gtin) is right
    if not right:
        with pytest.raises(BadGtin):
            labelling.say_on_label(
                product_id=world.product.pk, storage="", allergens="", gtins={world.variant.pk: gtin}, actor=None,
                at=world.now,
            )  # fmt: skip
