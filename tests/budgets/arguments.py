"""What stands in the addresses of the pages: rows of the demo, one of each state, and what the demo lacks."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from base.periods import vietnam_day
from catalog.models import Category, Lot, Photo, Portrait, Product, Variant
from cooperatives.models import BankAccount, Member, Message, Organization, RoleGrant, User
from orders import complaining, parcel_photos, parcels
from orders.models import Complaint, Cycle, Order, PickupPoint, Shipment, ShippingRate
from payments import cash_days, cash_out
from payments.models import (
    BankTransaction,
    Bill,
    BillingAccount,
    BillRun,
    CashCount,
    CashReceipt,
    CashVoucher,
    Feed,
    FeeItem,
    Household,
    PaymentRequest,
    Refund,
    Remittance,
    RosterImport,
    StatementFile,
)
from storefront import remembered_bills
from storefront.demo import cast
from tests.budgets.market_day import set_up

Kwargs = dict[str, Any]
STATEMENT = (
    b"Ngay GD;Dien giai;So phat sinh;Con lai\n14/03/2026;tien ca;150.000;150.000\n15/03/2026;phi;-11.000;139.000\n"
)
PUPILS = "Họ và tên;Lớp;Ngày sinh;Điện thoại phụ huynh\nĐỗ Minh Khang;1A;02/05/2019;0900000999\n".encode()


def prepare(clients: dict[str, Client]) -> None:
    """A guest with a basket and orders of hers; a complaint; a list that was taken in with a fault."""
    guest = clients["guest"]
    variant = Variant.objects.filter(product__in=Product.objects.published(), on_hand__gt=0).order_by("pk")[0]
    guest.post("/basket/add/", {"variant": variant.pk, "quantity": "1"})
    session = guest.session
    session["orders"] = list(Order.objects.order_by("-pk").values_list("token", flat=True)[:3])
    session[remembered_bills.CODES] = [bill.request.code for bill in _bills()]
    session.save()
    complaining.write(
        organization_slug=cast.SLUG, about=Complaint.About.values[0], text="Túi bị rách ở góc, cá bị ẩm.",
        name="Hoàng Văn Dũng", phone="0912345678", order_number="", address="127.0.0.1", key="every-page-complaint",
        at=timezone.now(),
    )  # fmt: skip

    _parcel_with_its_photo()

    set_up()
    RosterImport.objects.create(
        organization=_school(), kind=RosterImport.Kind.ACCOUNTS, name="hoc-sinh.csv", sha256="0" * 64, mapping={},
        rows=2, added=1, changed=0, same=0, faults=[{"row": 2, "code": "NO_NAME", "said": "Dòng này không có tên."}],
        at=timezone.now(),
    )  # fmt: skip

    _pay_a_driver()


def _pay_a_driver() -> None:
    """A slip for cash paid out, from the fullest box there is."""
    seller, today = Organization.objects.get(slug=cast.SLUG), vietnam_day(timezone.now())
    fullest = max(cash_days.boxes(seller, on=today), key=lambda box: box.dong)
    cash_out.pay_cost(
        organization_id=seller.pk, kind=CashVoucher.Kind.CARRIAGE, amount_dong=20_000, to_name="Anh Tài",
        reason="cước một chuyến xe", actor=fullest.keeper, key="every-page-driver", at=timezone.now(),
    )  # fmt: skip


def _parcel_with_its_photo() -> None:
    """Made out for an order of the demo that lies packed; it has not left."""
    order = _packed_orders()[0]
    clerk = RoleGrant.objects.filter(organization=order.organization, role=RoleGrant.Role.CLERK).order_by("pk")[0].user
    picture = Photo.objects.order_by("pk")[0]
    with default_storage.open(picture.path(640, "jpg")) as file:
        kept = parcel_photos.keep(file.read())
    parcels.draft(
        order_id=order.pk, way="COACH", plate="35B-123.45", bearer_phone="0900000888", photo=kept, actor=clerk,
        at=timezone.now(),
    )  # fmt: skip


def _packed_orders() -> list[Order]:
    """Packed, or ready to be, and no parcel is made out for them."""
    packed = Order.objects.filter(state=Order.State.PACKED) | Order.objects.to_pack()
    here = packed.filter(organization__slug=cast.SLUG).order_by("pk").distinct()
    return list(here.exclude(pk__in=Shipment.objects.live().values("order")))


def _school() -> Organization:
    return Organization.objects.filter(bills=True, kind=Organization.Kind.SCHOOL).order_by("pk")[0]


def each(rows: Any, *fields: str) -> list[Any]:
    """The latest row for every combination of ``fields``."""
    latest: dict[tuple[Any, ...], Model] = {}
    for row in rows.order_by("pk"):
        latest[tuple(getattr(row, field) for field in fields)] = row
    return list(latest.values())


def of(rows: Iterable[Any], field: str = "pk", argument: str = "", **more: Any) -> list[Kwargs]:
    return [{argument or field: getattr(row, field), **more} for row in rows]


def arguments(clients: dict[str, Client]) -> dict[str, list[Kwargs]]:
    """Name of the URL → what to show there; ``?`` in a row is its query."""
    asked = [
        *each(PaymentRequest.objects.filter(order__isnull=False), "state"),
        *each(PaymentRequest.objects.filter(order__isnull=True), "state"),
    ]
    orders = each(Order.objects.all(), "state", "payment", "pay_by")
    handed_over = Order.objects.filter(state=Order.State.HANDED_OVER, accepted_at__isnull=False).latest("pk")
    waiting = PaymentRequest.objects.filter(order__isnull=False, state="waiting").latest("pk")
    lines = each(BankTransaction.objects.all(), "state", "reason", "direction")
    refunds = each(Refund.objects.all(), "state")
    runs = each(BillRun.objects.all(), "state", "organization_id")
    bills = _bills()
    households = [Household.objects.filter(accounts__bills__in=bills).order_by("pk")[0]] if bills else []
    accounts = each(BillingAccount.objects.all(), "kind")
    paid = Bill.objects.filter(request__state="paid").latest("pk")
    receipts = each(CashReceipt.objects.all(), "organization_id")
    vouchers = each(CashVoucher.objects.filter(organization__slug=cast.SLUG), "kind")
    days = CashCount.objects.order_by("-pk")[:2]
    member = of(Member.objects.filter(organization__slug=cast.SLUG)[:1], argument="member_id")
    product = Product.objects.filter(slug="ca-chach-say-kho").get()
    lots = Lot.objects.filter(variant__product=product).order_by("-pk")[:1]
    return {
        "home": [{}, {"?": "?page=2"}],
        "search": [{}, {"?": "?q=ca+chach"}, {"?": "?q=xyzzy"}],
        "category": of(Category.objects.order_by("pk")[:2], "slug"),
        "product": [{"slug": product.slug}, *of(Product.objects.published().order_by("-pk")[:2], "slug")],
        "cooperative": of(Organization.objects.filter(slug=cast.SLUG), "slug"),
        "product-picture": [{"slug": product.slug}], "shop-picture": [{"slug": cast.SLUG}],
        "product-poster": [{"slug": product.slug}], "desk-poster-product": [{"product_id": product.pk}],
        "desk-poster-account": of(
            BankAccount.objects.filter(organization__slug=cast.SLUG, is_default=True), argument="account_id"
        ),
        "reviews": [{"slug": product.slug}],
        "review": [{"token": handed_over.token, "slug": handed_over.lines.first().variant.product.slug}],
        "photo": [{"path": one.url(320, "webp").removeprefix("/media/")} for one in Photo.objects.all()[:1]],
        "face": [{"path": one.url(320, "webp").removeprefix("/media/")} for one in Portrait.objects.all()[:1]],
        "pay": of(asked, "code"), "pay-card": of([waiting], "code"), "pay-app": of([waiting], "code"),
        "pay-qr-png": of([waiting], "code"), "pay-qr-svg": of([waiting], "code"), "pay-status": of([waiting], "code"),
        "order": of(orders, "token"),
        "complaint": of(Complaint.objects.all(), "token"),
        "policy": [{"which": one} for one in ("delivery", "payment", "returns", "complaints", "privacy", "market")],
        "bills-prices": of(Organization.objects.filter(bills=True), "slug"),
        "bills-household": of(households, "token"),
        "bills-receipt": [{"token": paid.account.household.token, "bill_id": paid.pk}],
        "bills-one": [{"code": one.request.code} for one in bills],
        "desk-order": of(orders, "number"),
        "lot": of(lots, "trace"), "desk-lot-labels": of(lots, argument="lot_id", **{"?": "?times=2&size=58"}),
        "desk-label": [{"product_id": product.pk}],
        "desk-order-return": of([handed_over], "number"),
        "desk-cash-member": member, "desk-member-statement": member,
        "desk-cash-buyer": [{"number": handed_over.number}],
        "desk-cash-voucher": of(vouchers, "number"), "desk-cash-slip": of(vouchers, "number"),
        "desk-receipt": of(CashReceipt.objects.filter(organization__slug=cast.SLUG)[:1], "number"),
        "desk-money": [{}, {"?": "?show=today"}, {"?": "?show=all"}],
        "desk-line": of(lines, argument="line_id"),
        "places-communes": [{"?": "?q=yen+ho&province=37"}],
        "desk-order-ship": of(_packed_orders()[:1], "number", **{"?": "?way=COACH"}),
        "desk-shipments": [{}, {"?": "?show=waiting"}],
        "desk-shipment": of(each(Shipment.objects.all(), "way", "state"), argument="shipment_id"),
        "desk-shipment-photo": of(Shipment.objects.exclude(photo="")[:1], argument="shipment_id"),
        "desk-rate": of(
            ShippingRate.objects.filter(organization__slug=cast.SLUG, is_live=True)[:1], argument="rate_id"
        ),
        "desk-cod": [{}, {"?": "?show=lists"}, {"?": "?show=all"}], "desk-cod-differences": [{"kind": "xlsx"}],
        "desk-cod-list": of(each(Remittance.objects.all(), "state"), "code"),
        "desk-cod-qr": of(Remittance.objects.waiting()[:1], "code"),
        "desk-refunds": [{}, {"?": "?show=ordered"}], "desk-refund": of(refunds, "code"),
        "desk-refund-qr": of(refunds, "code"),
        "desk-refund-new": [{"?": f"?order={handed_over.number}"}],
        "desk-statement-columns": _statement_columns(clients),
        "desk-statement-file": of(StatementFile.objects.order_by("-pk")[:1], argument="file_id"),
        "desk-photo-new": [{"product_id": product.pk}],
        "cycle": of(each(Cycle.objects.exclude(state="CANCELLED"), "state"), argument="cycle_id"),
        "desk-cycle": of(each(Cycle.objects.all(), "state"), argument="cycle_id"),
        "desk-cycle-change": of(Cycle.objects.filter(state="SET").order_by("-pk")[:1], argument="cycle_id"),
        "desk-point": of(PickupPoint.objects.filter(organization__slug=cast.SLUG)[:1], argument="point_id"),
        "desk-promise": [{"variant_id": product.variants.first().pk}],
        "member-promise": [{"variant_id": product.variants.first().pk}],
        "desk-brought": of(
            Lot.objects.promised().filter(variant__product__organization__slug=cast.SLUG)[:1], argument="lot_id"
        ),
        "desk-product-rest": [{"product_id": product.pk}], "member-rest": [{"product_id": product.pk}],
        "desk-lot-new": [{"variant_id": product.variants.first().pk}],
        "desk-baseline": member, "desk-portrait": member,
        "desk-feed-connect": [{"provider": one} for one in ("sepay", "casso", "payos", "sms")],
        "desk-feed-one": of(Feed.objects.filter(organization__slug=cast.SLUG), argument="feed_id"),
        "desk-complaint": of(Complaint.objects.all(), "number"),
        "desk-messages": [{}] if Message.objects.exists() else [],
        "biller-run": of(runs, argument="run_id"), "biller-counts": of(runs, argument="run_id"),
        "biller-bills": [{}, {"?": "?q=an"}], "biller-bill": of(bills, argument="bill_id"),
        "biller-fee": of(each(FeeItem.objects.all(), "measure", "organization_id"), argument="item_id"),
        "biller-account": of(accounts, argument="account_id"),
        "biller-read": of(BillingAccount.objects.filter(kind="meter")[:1], argument="account_id"),
        "biller-import-columns": _roster_columns(clients),
        "biller-import-done": of(RosterImport.objects.all()[:1], argument="import_id"),
        "biller-import-faults": of(RosterImport.objects.all()[:1], argument="import_id", kind="xlsx"),
        "biller-export": of(runs, argument="run_id", kind="xlsx"),
        "biller-receipt": of(receipts, argument="receipt_id"),
        "biller-cash": [{}, {"?": "?q=an"}], "biller-cash-of": of(accounts, argument="account_id"),
        "biller-cash-receipt": of(receipts, "number"),
        "biller-cash-day": [{"keeper_id": one.keeper_id, "iso": one.day.isoformat()} for one in days],
    }  # fmt: skip


def extras() -> Iterator[tuple[str, str, int]]:
    """Pages that are no address of their own: (name, path, status)."""
    yield "not-found", "/no-such-page/", 404


def _bills() -> list[Bill]:
    return [one.bill for one in each(PaymentRequest.objects.filter(bill__isnull=False), "state")]


def _statement_columns(clients: dict[str, Client]) -> list[Kwargs]:
    """A statement of a bank that nobody knows, waiting for its columns."""
    account = BankAccount.objects.filter(organization__slug=cast.SLUG).get(is_default=True)
    sent = {"bank_account": account.pk, "columns": "", "file": SimpleUploadedFile("la.csv", STATEMENT)}
    return [_waiting(_client(clients, RoleGrant.Role.TREASURER, cast.SLUG), "/desk/statement/", sent)]


def _roster_columns(clients: dict[str, Client]) -> list[Kwargs]:
    """A list of pupils, waiting for its columns."""
    sent = {"what": "pupil", "file": SimpleUploadedFile("hoc-sinh.csv", PUPILS)}
    return [_waiting(_client(clients, RoleGrant.Role.TREASURER, _school().slug), "/biller/import/", sent)]


def _client(clients: dict[str, Client], role: str, slug: str) -> Client:
    live = RoleGrant.objects.filter(role=role, organization__slug=slug).live(on=vietnam_day(timezone.now()))
    return clients[f"user-{User.objects.filter(roles__in=live).order_by('pk')[0].pk}"]


def _waiting(client: Client, path: str, sent: dict[str, Any]) -> Kwargs:
    """Where a sent file waits, as the redirect says."""
    answer = client.post(path, {**sent, "key": uuid4().hex})
    assert answer.status_code == 303, (path, answer.status_code)
    address, _mark, query = answer["Location"].partition("?")
    parts = address.strip("/").split("/")
    found: Kwargs = {"token": parts[2]} if path.startswith("/biller") else {"token": parts[-1]}
    if path.startswith("/biller"):
        found["what"] = parts[3]
    return {**found, "?": f"?{query}" if query else ""}
