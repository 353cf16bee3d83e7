"""The payment page in every state: the truth, and nothing about who pays what for."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from django.core.cache import cache
from django.test import Client
from PIL import Image

from cooperatives.models import Organization
from orders.models import Order
from payments import closing
from payments.models import PaymentRequest
from payments.requesting import payload_of
from tests.people import World
from tests.storefront.making import DUNG, order_as_guest, request_of, text_of


@pytest.fixture
def asked(world: World, client: Client) -> PaymentRequest:
    """Two bags ordered by this browser: 150,000 đ by transfer."""
    return request_of(order_as_guest(client, world.variant))


def pay_page(asked: PaymentRequest, client: Client | None = None) -> str:
    return text_of((client or Client()).get(f"/pay/{asked.code}/"))


def status_of(asked: PaymentRequest) -> dict[str, object]:
    return json.loads(Client().get(f"/pay/{asked.code}/status").content)


def set_to(asked: PaymentRequest, **fields: object) -> None:
    PaymentRequest.objects.filter(pk=asked.pk).update(**fields)


def test_a_waiting_page_has_all_that_a_bank_app_wants(asked: PaymentRequest) -> None:
    page = pay_page(asked)
    account = asked.bank_account
    for said in (account.number, account.holder, account.bank_name, asked.code, "150.000\u00a0₫"):
        assert said in page
    assert "một trăm năm mươi nghìn đồng" in page
    assert "Ngân hàng thường mất vài giây, có khi vài phút." in page
    assert f'href="/pay/{asked.code}/qr.png?download"' in page
    assert page.index("Lưu ảnh mã QR") < page.index("Số tài khoản") < page.index("<svg xmlns")
    assert f'data-refresh="/pay/{asked.code}/status"' in page
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page


def test_it_never_tells_payer_address_or_goods(asked: PaymentRequest) -> None:
    order = asked.order
    assert order is not None
    page = pay_page(asked)
    for secret in (DUNG["name"], "0912", "345 678", DUNG["hamlet"], "Cá chạch", order.number, order.token):
        assert secret not in page


def test_only_the_browser_that_ordered_gets_the_way_to_the_order(asked: PaymentRequest, client: Client) -> None:
    assert asked.order is not None
    assert f"/o/{asked.order.token}/" in pay_page(asked, client)
    assert "/o/" not in pay_page(asked)


@pytest.mark.parametrize(
    ("fields", "state", "said", "paid", "due"),
    [
        ({"state": "part", "credited_dong": 50_000}, "part", "còn thiếu 100.000\u00a0₫", 50_000, 100_000),
        ({"state": "paid", "credited_dong": 150_000}, "paid", "Đã nhận đủ tiền", 150_000, 0),
        ({"state": "over", "credited_dong": 150_000, "excess_dong": 20_000}, "over", "thừa 20.000\u00a0₫", 170_000, 0),
        ({"state": "expired"}, "expired", "đã quá hạn", 0, 0),
        ({"state": "cancelled"}, "cancelled", "đã hủy", 0, 0),
        ({"state": "refunded"}, "refunded", "Đã hoàn tiền", 0, 0),
    ],
)  # fmt: skip
def test_each_state_is_said_on_the_page_and_at_the_status(
    asked: PaymentRequest, fields: dict[str, object], state: str, said: str, paid: int, due: int
) -> None:
    set_to(asked, **fields)
    assert status_of(asked) == {"state": state, "paid_dong": paid, "due_dong": due}
    page = pay_page(asked)
    assert said in page
    is_open = state == "part"
    assert ("data-refresh=" in page) is is_open
    assert ('http-equiv="refresh"' in page) is is_open
    assert ("copy-account" in page) is is_open
    assert ("<svg xmlns" in page) is is_open


def test_the_status_is_exact_never_kept_and_conditional(asked: PaymentRequest) -> None:
    client = Client()
    url = f"/pay/{asked.code}/status"
    first = client.get(url)
    assert json.loads(first.content) == {"state": "waiting", "paid_dong": 0, "due_dong": 150_000}
    assert first["Cache-Control"] == "no-store"
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "no-store"
    set_to(asked, state="part", credited_dong=1)
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_asking_costs_one_question(asked: PaymentRequest, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        Client().get(f"/pay/{asked.code}/status")


def test_the_picture_reads_as_exactly_this_payment(asked: PaymentRequest) -> None:
    answer = Client().get(f"/pay/{asked.code}/qr.png")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == f'inline; filename="VietQR-{asked.code}.png"'
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)).convert("L"))
    assert read.text == payload_of(asked)
    saved = Client().get(f"/pay/{asked.code}/qr.png?download")
    assert saved["Content-Disposition"].startswith("attachment;")
    assert Client().get(f"/pay/{asked.code}/qr.svg")["Content-Type"].startswith("image/svg+xml")


def test_what_is_still_due_is_what_the_picture_asks(asked: PaymentRequest) -> None:
    set_to(asked, state="part", credited_dong=50_000)
    picture = Client().get(f"/pay/{asked.code}/qr.png").content
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    assert "5406100000" in read.text


@pytest.mark.parametrize("state", ["paid", "over", "expired", "cancelled", "refunded"])
def test_there_is_no_picture_of_what_must_not_be_paid(asked: PaymentRequest, state: str) -> None:
    set_to(asked, state=state)
    for kind in ("png", "svg"):
        assert Client().get(f"/pay/{asked.code}/qr.{kind}").status_code == 404


@pytest.mark.parametrize("code", ["CPAAAAAAAA", "cp", "x" * 300, "CP7K2M9Q9M", "CP7K2M9Q9N"])
@pytest.mark.parametrize("page", ["", "qr.png", "qr.svg", "status"])
def test_unknown_codes_are_not_found(world: World, code: str, page: str) -> None:
    assert Client().get(f"/pay/{code}/{page}").status_code == 404


def test_a_code_typed_in_small_letters_is_led_to_the_page(asked: PaymentRequest) -> None:
    answer = Client().get(f"/pay/{asked.code.lower()}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/pay/{asked.code}/")


def test_money_pages_are_never_kept(asked: PaymentRequest) -> None:
    answer = Client().get(f"/pay/{asked.code}/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_demo_says_so_and_shows_how_to_play_the_bank(asked: PaymentRequest) -> None:
    hint = f"bank simulate --code {asked.code}"
    assert hint not in pay_page(asked)
    assert "DEMO" not in pay_page(asked)
    Organization.objects.update(is_demo=True)
    cache.clear()
    page = pay_page(asked)
    assert hint in page
    assert page.count("DEMO") >= 3  # the page's own words, and the picture's band and ground


def test_a_paid_page_comes_from_real_money_through_the_real_verbs(
    asked: PaymentRequest, comes: Callable[..., object]
) -> None:
    comes(f"MBVCB {asked.code} chuyen tien", 150_000)
    assert status_of(asked) == {"state": "paid", "paid_dong": 150_000, "due_dong": 0}
    assert "Đã nhận đủ tiền" in pay_page(asked)


def test_an_expired_order_tells_the_payer_to_stop(asked: PaymentRequest) -> None:
    order = Order.objects.get()
    assert order.expires_at is not None
    assert closing.expire_due(at=order.expires_at + timedelta(minutes=1)) == 1
    page = pay_page(asked)
    assert "Đừng chuyển tiền nữa" in page
    assert asked.bank_account.number not in page
