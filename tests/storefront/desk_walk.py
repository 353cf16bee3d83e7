"""What the desk's tests share: who is signed in, an order of today, and what must not have changed."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from catalog.models import Lot, Photo, Product
from cooperatives.models import Baseline, Entry, Member, Message, User
from orders.models import Order
from payments.models import BankTransaction, CashReceipt, Feed, OpeningBalance, Refund, Sighting, StatementFile
from tests.payments.conftest import order_bags
from tests.people import World

_OF_THIS_TIME = re.compile(r'name="(?:csrfmiddlewaretoken|next)" value="[^"]*"')
_KEY = re.compile(r'name="key" value="([^"]+)"')


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def order_today(world: World, bags: int = 2, **more: Any) -> Order:
    """Dũng orders now, as the pages go by the clock."""
    return order_bags(world, bags, at=timezone.now(), **more)


def body(response: HttpResponse) -> str:
    return response.content.decode()


def plain(response: HttpResponse) -> str:
    """The page without what differs each time: its tokens, and the address that was asked for."""
    return _OF_THIS_TIME.sub("", body(response))


def key_in(response: HttpResponse) -> str:
    found = _KEY.search(body(response))
    assert found, "the form carries its key"
    return found[1]


def everything() -> tuple[object, ...]:
    """What any deed at the desk would move."""
    return (
        Entry.objects.count(),
        CashReceipt.objects.count(),
        Product.objects.count(),
        Photo.objects.count(),
        Baseline.objects.count(),
        Member.objects.count(),
        list(Feed.objects.order_by("pk").values_list("pk", "keys_sealed", "senders", "pulls", "is_live")),
        OpeningBalance.objects.count(),
        StatementFile.objects.count(),
        list(Order.objects.order_by("pk").values_list("pk", "state", "payment")),
        list(Lot.objects.order_by("pk").values_list("pk", "left")),
        list(Product.objects.order_by("pk").values_list("pk", "state")),
        list(Message.objects.order_by("pk").values_list("pk", "state")),
        list(Refund.objects.order_by("pk").values_list("pk", "state")),
        list(Sighting.objects.order_by("pk").values_list("pk", "transaction")),
        list(BankTransaction.objects.order_by("pk").values_list("pk", "state", "used_dong", "dismissed_by")),
    )
