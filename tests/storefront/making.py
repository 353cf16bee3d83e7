"""What the pages' tests share: a guest's steps through the forms, as a browser without scripts would take them."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from catalog.models import Variant
from orders.models import Order
from payments.models import PaymentRequest

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
DUNG = {"name": "Hoàng Văn Dũng", "phone": "0912 345 678", "hamlet": "Xóm 3, thôn Nộn Khê", "note": ""}


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def put(client: Client, variant: Variant, quantity: str) -> HttpResponse:
    """Type ``quantity`` on the product's page and press the button."""
    return client.post("/basket/add/", {"variant": variant.pk, "quantity": quantity})


def checkout_form(client: Client, **typed: Any) -> dict[str, Any]:
    """The checkout form as it comes, filled in for Dũng; ``typed`` differs."""
    page = client.get("/checkout/")
    assert page.status_code == 200, page.status_code
    body = text_of(page)
    hidden = dict(_HIDDEN.findall(body[body.index('data-remember="checkout"') :]))
    received = re.search(r'name="receive" value="([^"]*)"', body)
    assert received
    return {**hidden, **DUNG, "receive": received[1], "pay_by": "TRANSFER", **typed}


def order_as_guest(client: Client, variant: Variant, quantity: str = "2", **typed: Any) -> Order:
    """Basket, form, order: the latest one is returned."""
    assert put(client, variant, quantity).status_code == 303
    answer = client.post("/checkout/", checkout_form(client, **typed))
    assert answer.status_code == 303, text_of(answer)
    return Order.objects.latest("pk")


def request_of(order: Order) -> PaymentRequest:
    return PaymentRequest.objects.get(order=order)
