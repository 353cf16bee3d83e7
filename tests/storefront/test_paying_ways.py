"""Opening one's bank app, and changing how an unpaid order is paid: from the page, as phones do it."""

import re

import pytest
from django.conf import settings
from django.test import Client

from cooperatives.models import Organization
from orders.models import Order
from payments.models import PaymentRequest
from tests.people import World
from tests.storefront.desk_walk import signed_in
from tests.storefront.making import order_as_guest, request_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(world: World, client: Client) -> Order:
    return order_as_guest(client, world.variant)


@pytest.fixture
def asked(order: Order) -> PaymentRequest:
    return request_of(order)


def test_the_ways_stand_in_the_order_that_a_phone_needs(asked: PaymentRequest) -> None:
    page = text_of(Client().get(f"/pay/{asked.code}/"))
    places = [
        page.index(said)
        for said in (
            "Mở ứng dụng ngân hàng trên máy này", "Lưu ảnh mã QR", "Hoặc chép từng dòng",
            "Hoặc quét bằng điện thoại khác",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_no_address_of_ours_asks_another_host_for_anything(asked: PaymentRequest) -> None:
    for address in (f"/pay/{asked.code}/", f"/pay/{asked.code}/app/"):
        page = text_of(Client().get(address))
        loaded = re.findall(r'<(?:link|script|img|iframe|source|use)\b[^>]*?(?:href|src|srcset)="(https?:[^"]*)"', page)
        assert loaded == []


def test_the_banks_page_links_plainly_and_has_the_way_on(asked: PaymentRequest) -> None:
    page = text_of(Client().get(f"/pay/{asked.code}/app/"))
    back = f"{settings.SITE_URL}/pay/{asked.code}/".replace(":", "%3A").replace("/", "%2F")
    assert f'href="https://dl.vietqr.io/pay?app=mb&amp;ba=0011000123456@vcb&amp;am=150000&amp;tn={asked.code}' in page
    assert f"&amp;url={back}" in page
    assert 'href="https://dl.vietqr.io/pay?app=vcb"' in page
    assert f'href="/pay/{asked.code}/qr.png?download"' in page
    assert "vietqr.io, một bên thứ ba" in page


def test_the_pages_tell_a_bank_nothing_about_the_buyer(asked: PaymentRequest, order: Order) -> None:
    page = text_of(Client().get(f"/pay/{asked.code}/app/"))
    for secret in (order.buyer_name, "0912", order.number, order.token):
        assert secret not in page


def test_a_phone_that_chose_once_gets_its_bank_first(asked: PaymentRequest) -> None:
    phone = Client()
    phone.cookies["bank_app"] = "bidv"
    page = text_of(phone.get(f"/pay/{asked.code}/"))
    assert "Mở BIDV" in page
    assert f'href="https://dl.vietqr.io/pay?app=bidv&amp;ba=0011000123456@vcb&amp;am=150000&amp;tn={asked.code}' in page
    phone.cookies["bank_app"] = '"><script>'
    assert "Chọn ngân hàng để mở" in text_of(phone.get(f"/pay/{asked.code}/"))


def test_switched_off_there_is_no_trace_of_it(world: World, asked: PaymentRequest) -> None:
    desk = signed_in(world.treasurer)
    assert "Đang bật" in text_of(desk.get("/desk/terms/"))
    assert desk.post("/desk/terms/bank-links/", {"offers": ""}).status_code == 303
    assert "vietqr.io" not in text_of(Client().get(f"/pay/{asked.code}/"))
    assert Client().get(f"/pay/{asked.code}/app/").headers["Location"] == f"/pay/{asked.code}/"
    desk.post("/desk/terms/bank-links/", {"offers": "1"})
    assert Organization.objects.get(pk=world.organization.pk).offers_bank_links


def test_a_practice_shop_opens_an_app_and_tells_it_nothing(world: World, asked: PaymentRequest) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(is_demo=True)
    page = text_of(Client().get(f"/pay/{asked.code}/app/"))
    assert "0011000123456" not in page
    assert 'href="https://dl.vietqr.io/pay?app=mb"' in page


@pytest.mark.parametrize("code", ["CPXXXXXXXX", "x", "CP22222222"])
def test_an_unknown_code_has_no_banks(world: World, code: str) -> None:
    assert Client().get(f"/pay/{code}/app/").status_code == 404


def switch_form(page: str) -> dict[str, str]:
    form = page[page.index("/pay-by/") :]
    return dict(re.findall(r'name="(key|pay_by)" value="([^"]*)"', form)[:2])


def test_the_buyer_changes_to_paying_on_receipt_and_back(client: Client, order: Order, asked: PaymentRequest) -> None:
    form = switch_form(text_of(client.get(f"/pay/{asked.code}/")))
    assert form["pay_by"] == "CASH"
    answer = client.post(f"/o/{order.token}/pay-by/", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/o/{order.token}/")
    page = text_of(client.get(f"/o/{order.token}/"))
    assert "khi nhận hàng" in page
    back = switch_form(page)
    assert back["pay_by"] == "TRANSFER"
    assert client.post(f"/o/{order.token}/pay-by/", back).headers["Location"] == f"/pay/{asked.code}/"
    order.refresh_from_db()
    assert order.pay_by == "TRANSFER"


def test_only_the_browser_that_ordered_is_offered_it_at_the_code(order: Order, asked: PaymentRequest) -> None:
    page = text_of(Client().get(f"/pay/{asked.code}/"))
    assert "/pay-by/" not in page
    assert order.token not in page


def test_once_money_has_come_it_is_not_offered_and_not_done(
    client: Client, order: Order, asked: PaymentRequest, comes: object
) -> None:
    form = switch_form(text_of(client.get(f"/pay/{asked.code}/")))
    comes(asked.code, 50_000)  # type: ignore[operator]
    assert "/pay-by/" not in text_of(client.get(f"/pay/{asked.code}/"))
    answer = client.post(f"/o/{order.token}/pay-by/", form, follow=True)
    assert "không đổi cách trả được nữa" in text_of(answer)
    order.refresh_from_db()
    assert order.pay_by == "TRANSFER"


@pytest.mark.parametrize("form", [{}, {"pay_by": "GOLD", "key": "k"}, {"pay_by": "cash", "key": "k"}])
def test_a_form_of_nobodys_is_nothing(client: Client, order: Order, form: dict[str, str]) -> None:
    assert client.post(f"/o/{order.token}/pay-by/", form).status_code == 404
    assert Client().post("/o/" + "x" * 43 + "/pay-by/", {"pay_by": "CASH", "key": "k"}).status_code == 404
    assert Client(enforce_csrf_checks=True).post(
        f"/o/{order.token}/pay-by/", {"pay_by": "CASH", "key": "k"}
    ).status_code == 403  # fmt: skip
    order.refresh_from_db()
    assert order.pay_by == "TRANSFER"
