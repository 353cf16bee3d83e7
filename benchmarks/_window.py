"""``python benchmarks/_window.py GOODS SECONDS``: a market of so many goods, looked at; prints milliseconds as JSON."""

import json
import os
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

import graphene
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from graphene_django import DjangoObjectType
from graphene_django.registry import Registry
from graphene_django.views import GraphQLView
from graphql_relay import to_global_id

from base.codes import ALPHABET
from catalog.models import Category, Lot, Photo, Product, Variant
from cooperatives.models import Organization
from orders.models import PickupPoint
from shop import graphql_persisted, urls
from shop.schema import schema
from storefront import shared_pages
from tests import people

NOW = timezone.now()
LIST = """{ products(first: 20) { edges { node {
  slug name organization { name } variants { priceDong unitName } photos { url(size: 320) } } } } }"""
PLACE = """mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { orders { number } errors { code } } }"""
SHOPS = 5


# -- A plain graphene-django beside ours: no preloading, each document read anew --------------------------------


PLAIN = Registry()


class PlainShop(DjangoObjectType):
    class Meta:
        model, registry = Organization, PLAIN
        fields = ("name",)


class PlainVariant(DjangoObjectType):
    class Meta:
        model, registry = Variant, PLAIN
        fields = ("price_dong", "unit_name")


class PlainPhoto(DjangoObjectType):
    class Meta:
        model, registry = Photo, PLAIN
        fields = ("name",)

    url = graphene.String()

    @staticmethod
    def resolve_url(photo: Photo, _info: Any) -> str:
        return photo.url(320, "webp")


class PlainProduct(DjangoObjectType):
    class Meta:
        model, registry = Product, PLAIN
        fields = ("slug", "name", "organization", "variants", "photos")


class PlainQuery(graphene.ObjectType):
    products = graphene.List(PlainProduct)

    @staticmethod
    def resolve_products(_root: Any, _info: Any) -> Any:
        return Product.objects.published().order_by("-created_at")[:20]


PLAIN_LIST = "{ products { slug name organization { name } variants { priceDong unitName } photos { url } } }"


# -- The market ------------------------------------------------------------------------------------------------


def listed(count: int) -> Variant:
    """Rows plainly made; the last variant has enough for every order of the benchmark."""
    category = Category.objects.create(slug="hang-do", name="Hàng đo")
    sellers = [people.organization(f"htx-{number}", f"HTX {number}", at=NOW) for number in range(SHOPS)]
    for number, seller in enumerate(sellers):
        people.bank_account(seller, number=f"0011{number}", at=NOW)
        PickupPoint.objects.create(organization=seller, name="Kho", place="Thôn Đo", hours="7–11 giờ")
    products = Product.objects.bulk_create(
        Product(
            organization=sellers[number % SHOPS], category=category, slug=f"mon-{number}", name=f"Món ngon số {number}",
            description="Làm tại thôn, phơi ba nắng.", state=Product.State.PUBLISHED, created_at=NOW, published_at=NOW,
        )
        for number in range(count)
    )  # fmt: skip
    variants = Variant.objects.bulk_create(
        Variant(
            product=product, name=f"gói {size} g", sold_by="piece", unit_name="gói", unit=1, price_dong=size * 375,
            weight_g=size, position=position, on_hand=10**8,
        )
        for product in products
        for position, size in enumerate((200, 500))
    )  # fmt: skip
    Lot.objects.bulk_create(
        Lot(variant=one, code="1", quantity=10**8, left=10**8, made_on=NOW.date(), received_at=NOW) for one in variants
    )
    Photo.objects.bulk_create(
        Photo(product=one, name=f"{one.pk:032x}", alt="hình", width=640, height=640, colour="#aa8855", added_at=NOW)
        for one in products
    )
    return variants[-1]


# -- Asking ----------------------------------------------------------------------------------------------------

application = None


def ask(address: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request through the whole application, as the server hands it over."""
    parts = urlsplit(address)
    environ = {
        "REQUEST_METHOD": "POST" if body else "GET", "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "HTTP_HOST": "localhost:8000", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": sys.stderr, "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json" if body else "",
        "HTTP_ACCEPT_ENCODING": "gzip", **headers,
    }  # fmt: skip
    said: dict[str, Any] = {}

    def start(status: str, answered: list[tuple[str, str]], _wrong: Any = None) -> None:
        said.update(status=int(status[:3]), headers=dict(answered))

    assert application is not None
    response = application(environ, start)
    content = b"".join(response)
    response.close()
    return said["status"], said["headers"], content


def cost_ms(once: Callable[[], object], seconds: float, *, clock: Callable[[], float] = time.process_time) -> float:
    """Milliseconds a call, of the best of thirty short runs that take ``3 * seconds`` together.

    What else the machine does only adds: after each wait for a database another program may have had our core, and
    its caches. The shorter a run, the likelier that one of them was left alone.
    """
    for _warm in range(5):
        once()
    runs = []
    for _run in range(30):
        turns, began, until = 0, clock(), time.perf_counter() + seconds / 10
        while time.perf_counter() < until:
            once()
            turns += 1
        runs.append((clock() - began) * 1000 / turns)
    return min(runs)


def expect(status: int, got: tuple[int, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes]:
    assert got[0] == status, (got[0], got[2][:500])
    return got


def page(address: str, seconds: float, name: str) -> dict[str, float]:
    def drawn() -> None:
        shared_pages.PLAIN.forget_all()
        shared_pages.NARROWED.forget_all()
        expect(200, ask(address))

    tag = expect(200, ask(address))[1]["ETag"]
    return {
        f"page {name}, drawn": cost_ms(drawn, seconds),
        f"page {name}, kept": cost_ms(lambda: expect(200, ask(address)), seconds),
        f"page {name}, not sent again": cost_ms(lambda: expect(304, ask(address, HTTP_IF_NONE_MATCH=tag)), seconds),
    }


def lists(seconds: float) -> dict[str, float]:
    def posted(at: str, document: str) -> Callable[[], object]:
        body = json.dumps({"query": document}).encode()
        assert b"errors" not in expect(200, ask(at, body))[2]
        return lambda: expect(200, ask(at, body))

    known = next(digest for digest, one in graphql_persisted.persisted_in(
        ROOT / "shop" / "persisted", schema=schema.graphql_schema).items() if one.name == "goods")  # fmt: skip
    extensions = json.dumps({"persistedQuery": {"version": 1, "sha256Hash": known}})
    address = "/graphql/?" + urlencode({"extensions": extensions})
    tag = expect(200, ask(address))[1]["ETag"]

    def drawn() -> None:
        graphql_persisted.ANSWERS.forget_all()
        expect(200, ask(address))

    return {
        "list plain": cost_ms(posted("/plain/", PLAIN_LIST), seconds),
        "list of any document": cost_ms(posted("/graphql/", LIST), seconds),
        "list of a known document, drawn": cost_ms(drawn, seconds),
        "list of a known document, kept": cost_ms(lambda: expect(200, ask(address)), seconds),
        "list of a known document, not sent again": cost_ms(
            lambda: expect(304, ask(address, HTTP_IF_NONE_MATCH=tag)), seconds
        ),
    }


def orders(variant: Variant, seconds: float) -> dict[str, float]:
    """By the clock, since the disk is part of it."""
    numbers = iter(range(10**9))

    def placed() -> None:
        wish = {
            "lines": [{"variantId": to_global_id("Variant", variant.pk), "quantity": 1}],
            "buyer": {"name": "Hoàng Văn Dũng", "phone": "0912345678"}, "delivery": "PICKUP", "payBy": "TRANSFER",
            "idempotencyKey": f"bench-{next(numbers):08d}",
        }  # fmt: skip
        body = json.dumps({"query": PLACE, "variables": {"input": wish}}).encode()
        said = json.loads(expect(200, ask("/graphql/", body))[2])
        assert said["data"]["orderPlace"]["orders"], said

    def bare() -> None:
        """As many rows, about as long, and the goods promised: one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE catalog_variant SET reserved = reserved + 1 WHERE id = %s", [variant.pk])
            for _row in range(5):
                key = f"bare-{next(numbers):010d}-{ALPHABET}"
                cursor.execute("INSERT INTO bench_row (a, b, c) VALUES (%s, %s, %s)", [key, key * 2, next(numbers)])

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (a varchar(80) PRIMARY KEY, b varchar(200), c bigint)")
    return {
        "order placed": cost_ms(placed, seconds, clock=time.perf_counter),
        "order bare": cost_ms(bare, seconds, clock=time.perf_counter),
    }


def main(goods: int, seconds: float) -> None:
    global application
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    variant = listed(goods)
    urls.urlpatterns.insert(
        0, path("plain/", csrf_exempt(GraphQLView.as_view(schema=graphene.Schema(query=PlainQuery))))
    )
    application = get_wsgi_application()
    told = {"empty view": cost_ms(lambda: expect(200, ask("/healthz")), seconds)}
    told |= page("/", seconds, "of 24 goods")
    told |= page("/p/mon-7/", seconds, "of one product")
    told |= lists(seconds)
    told |= orders(variant, seconds)
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
