"""payOS links: made ahead of the buyer, shown while they stand for what is due, and proof when they bring money."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from payments import closing, feeds, links, pulling, requesting
from payments.models import BankTransaction, Feed, PaymentLink, PaymentRequest
from payments.providers import payos, vietqr
from tests import billers
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.payments.standing_in import Answer, Asked, StandIn, stand_in  # noqa: F401 - a fixture
from tests.people import World

pytestmark = pytest.mark.django_db

KEY = "khoa-kiem-tra-cua-payos"
VIRTUAL, BIN = "V3CAS0123456789", "970418"


@pytest.fixture
def feed(world: World) -> Feed:
    return feeds.connect(
        bank_account=world.bank_account, provider="payos", auth="hmac", key=KEY,
        credentials={"client_id": "khach-1", "api_key": "khoa-api-1"}, actor=world.treasurer, at=world.now,
    )  # fmt: skip


def signed(data: dict[str, Any], key: str = KEY) -> bytes:
    return json.dumps(
        {"code": "00", "desc": "success", "data": data, "signature": payos.signature_of(data, key=key)}
    ).encode()


@pytest.fixture
def provider(settings: LazySettings, stand_in: StandIn) -> StandIn:  # noqa: F811
    """payOS as its documentation has it: opens links, tells of them, closes them."""
    settings.PROVIDER_STAND_INS = {"api-merchant.payos.vn": stand_in.address}
    stand_in.answers = opens_links
    return stand_in


def opens_links(asked: Asked, **changed: Any) -> Answer:
    if asked.path.endswith("/cancel"):
        return 200, signed({"id": "x", "orderCode": 1, "status": "CANCELLED", "transactions": []})
    wanted = asked.json
    memo = f"CSABC {wanted['description']}"
    payload = vietqr.write(bin=BIN, account=VIRTUAL, amount_dong=wanted["amount"], memo=memo)
    data = {
        "bin": BIN, "accountNumber": VIRTUAL, "accountName": "HTX NONG SAN", "amount": wanted["amount"],
        "description": memo, "orderCode": wanted["orderCode"], "currency": "VND",
        "paymentLinkId": f"id{wanted['orderCode']}", "status": "PENDING", "expiredAt": None,
        "checkoutUrl": "https://pay.payos.vn/web/abc", "qrCode": payload, "aFieldOfTomorrow": [1, {"b": None}],
    } | changed  # fmt: skip
    return 200, signed(data)


def told(
    client: Client, feed: Feed, link: PaymentLink, dong: int, *, memo: str = "CSABC", reference: str = "FT1"
) -> int:
    data = payos.call_data(
        order_code=int(link.number), account=VIRTUAL, dong=dong, memo=memo, happened_at=link.created_at,
        reference=reference, payment_link_id=link.external_id,
    )  # fmt: skip
    body = payos.signed_body(key=KEY, data=data)
    return client.post(f"/hooks/payos/{feed.token}/", body, content_type="application/json").status_code


def test_a_fresh_request_gets_an_account_of_its_own(world: World, feed: Feed, provider: StandIn) -> None:
    request = request_of(order_bags(world, 2))
    assert links.make_due(at=world.now) == 1
    [asked] = provider.asked
    assert asked.headers["x-client-id"] == "khach-1"
    assert (asked.json["amount"], asked.json["description"]) == (request.due_dong, request.code[2:])
    link = PaymentLink.objects.get()
    assert asked.json["signature"] == payos.create_link_signature(
        amount=request.due_dong, cancel_url=asked.json["cancelUrl"], description=request.code[2:],
        order_code=int(link.number), return_url=asked.json["returnUrl"], key=KEY,
    )  # fmt: skip
    payee = requesting.payee_of(PaymentRequest.objects.get())
    assert (payee.number, payee.memo) == (VIRTUAL, f"CSABC {request.code[2:]}")
    assert links.make_due(at=world.now + timedelta(minutes=20)) == 0


def test_its_money_is_on_the_request_though_the_memo_says_nothing(
    world: World, feed: Feed, provider: StandIn, client: Client
) -> None:
    request = request_of(order_bags(world, 2))
    links.make_due(at=world.now)
    link = PaymentLink.objects.get()
    assert told(client, feed, link, request.due_dong) == 200
    request.refresh_from_db()
    line = BankTransaction.objects.get()
    assert (request.state, line.state, line.link_id) == ("paid", "SETTLED", link.pk)
    assert line.bank_account == world.bank_account
    assert told(client, feed, link, line.amount_dong) == 200
    assert BankTransaction.objects.count() == 1
    assert is_clean(world.organization, at=world.now)


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": 1}, {"orderCode": 5}, {"currency": "USD"}, {"accountNumber": "666"}, {"bin": "970436"},
        {"qrCode": "khong phai"}, {"checkoutUrl": "javascript:alert(1)"}, {"paymentLinkId": None},
    ],
)  # fmt: skip
def test_another_link_than_was_asked_for_is_not_shown(
    world: World, feed: Feed, provider: StandIn, changed: dict[str, Any]
) -> None:
    request = request_of(order_bags(world, 1))
    provider.answers = lambda asked: opens_links(asked, **changed)
    links.make_due(at=world.now)
    link = PaymentLink.objects.get()
    assert (link.state, bool(link.trouble)) == ("cancelled", True)
    assert requesting.payee_of(request).number == world.bank_account.number


def _forged(asked: Asked) -> Answer:
    _status, body = opens_links(asked)
    return 200, signed(json.loads(body)["data"], key="khoa-khac")


@pytest.mark.parametrize(
    "answers",
    [lambda _asked: (503, b""), lambda _asked: (401, b""), lambda _asked: (200, b"[]"), lambda _asked: (200, b"{"),
     lambda _asked: (200, b'{"code": "20", "desc": "no"}'), lambda _asked: (200, b'{"code": "231"}'), _forged],
)  # fmt: skip
def test_without_a_link_the_own_account_is_shown(
    world: World, feed: Feed, provider: StandIn, answers: Callable[[Asked], Answer]
) -> None:
    request = request_of(order_bags(world, 1))
    provider.answers = answers
    assert links.make_due(at=world.now) == 1
    assert requesting.payee_of(request).memo == request.code
    assert links.make_due(at=world.now) == 0, "not asked again at once"
    provider.answers = opens_links
    assert links.make_due(at=world.now + links.GIVE_UP_AFTER + timedelta(seconds=1)) == 1
    assert requesting.payee_of(PaymentRequest.objects.get()).number == VIRTUAL


def test_a_link_is_closed_when_nothing_more_is_due_on_it(world: World, feed: Feed, provider: StandIn) -> None:
    order = order_bags(world, 1)
    links.make_due(at=world.now)
    later = world.now + links.PAUSE
    assert links.close_idle(at=later) == 0
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="hết hàng", at=world.now)
    assert links.close_idle(at=later) == 1
    assert provider.asked[-1].path.endswith("/cancel")
    assert PaymentLink.objects.get().state == "cancelled"


def test_what_a_lost_call_would_have_told_is_found_by_looking(
    world: World, feed: Feed, provider: StandIn, client: Client
) -> None:
    request = request_of(order_bags(world, 2))
    links.make_due(at=world.now)
    link = PaymentLink.objects.get()
    transfer = {
        "reference": "FT9", "amount": request.due_dong, "accountNumber": VIRTUAL, "description": "noi dung khac",
        "transactionDateTime": "2026-03-15 10:00:00", "counterAccountName": "HOANG VAN DUNG",
        "counterAccountNumber": "0123456789", "virtualAccountName": None, "virtualAccountNumber": VIRTUAL,
    }  # fmt: skip
    stands = {
        "id": link.external_id, "orderCode": int(link.number), "amount": request.due_dong, "status": "PAID",
        "transactions": [transfer], "createdAt": "2026-03-15T10:00:00+07:00", "canceledAt": None,
    }  # fmt: skip
    provider.answers = lambda _asked: (200, signed(stands))
    assert links.look(feed=feed, at=world.now) == 1
    assert links.look(feed=feed, at=world.now) == 0
    request.refresh_from_db()
    assert request.state == "paid"
    line = BankTransaction.objects.get()
    assert (line.payer_name, line.payer_account) == ("HOANG VAN DUNG", "0123456789")
    assert told(client, feed, link, request.paid_dong, memo="noi dung khac", reference="FT9") == 200
    assert BankTransaction.objects.count() == 1
    assert not line.sightings.filter(contradicted=True).exists()


def transfer(link: PaymentLink, reference: str) -> dict[str, Any]:
    return {
        "reference": reference, "amount": link.amount_dong, "accountNumber": VIRTUAL, "description": "x",
        "transactionDateTime": "2026-03-15 10:00:00",
    }  # fmt: skip


def stands(link: PaymentLink, *transfers: dict[str, Any]) -> Answer:
    data = {"id": link.external_id, "orderCode": int(link.number), "status": "PAID", "transactions": [*transfers]}
    return 200, signed(data)


def test_a_long_reference_is_the_same_transfer_in_a_call_and_in_a_look(
    world: World, feed: Feed, provider: StandIn, client: Client
) -> None:
    request = request_of(order_bags(world, 2))
    links.make_due(at=world.now)
    link, reference = PaymentLink.objects.get(), "R" * 100
    assert told(client, feed, link, request.due_dong, reference=reference) == 200
    provider.answers = lambda _asked: stands(link, transfer(link, reference))
    assert links.look(feed=feed, at=world.now) == 0
    assert BankTransaction.objects.count() == 1


def test_a_link_that_payos_knows_nothing_of_hides_no_other(world: World, feed: Feed, provider: StandIn) -> None:
    for bags in (1, 2):
        order_bags(world, bags)
    links.make_due(at=world.now)
    odd, paid = PaymentLink.objects.order_by("pk")
    provider.answers = lambda asked: (
        (200, b'{"code": "101"}') if asked.path.endswith(odd.number) else stands(paid, transfer(paid, "FT9"))
    )
    Feed.objects.update(pull_next_at=None)
    pulling.pull_due(at=world.now)
    assert BankTransaction.objects.get().link == paid
    feed.refresh_from_db()
    assert (feed.pull_trouble != "", feed.pulled_at) == (True, None)


def test_a_link_that_still_takes_money_is_looked_at_however_old(world: World, feed: Feed, provider: StandIn) -> None:
    order_bags(world, 1)
    links.make_due(at=world.now)
    link = PaymentLink.objects.get()
    provider.answers = lambda _asked: stands(link, transfer(link, "FT9"))
    assert links.look(feed=feed, at=world.now + links.LOOKED_AT_FOR * 2) == 1


def test_while_one_worker_asks_another_does_not(world: World, feed: Feed, provider: StandIn) -> None:
    request = request_of(order_bags(world, 1))
    PaymentLink.objects.create(
        organization=world.organization, feed=feed, payment_request=request, number="5", key="x" * 32,
        amount_dong=request.due_dong, created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    assert links.make(payment_request_id=request.pk, feed=feed, at=world.now) is None
    assert not provider.asked


def test_a_silent_payos_is_asked_once_a_round(world: World, feed: Feed, provider: StandIn) -> None:
    for _order in range(3):
        order_bags(world, 1)
    links.make_due(at=world.now)
    PaymentRequest.objects.update(state=PaymentRequest.State.CANCELLED)
    order_bags(world, 1)
    order_bags(world, 1)
    provider.asked.clear()
    provider.answers = lambda _asked: (503, b"")
    assert (links.make_due(at=world.now), links.close_idle(at=world.now + links.PAUSE)) == (1, 1)
    assert len(provider.asked) == 2


def test_a_link_that_was_given_up_before_its_answer_came_is_not_shown(
    world: World, feed: Feed, provider: StandIn
) -> None:
    request = request_of(order_bags(world, 1))
    real = links._asked_for

    def slowly(*given: Any) -> Any:
        made = real(*given)
        assert links.close_idle(at=world.now + links.PAUSE) == 1, "another worker"
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(links, "_asked_for", slowly)
        assert links.make_due(at=world.now) == 1
    link = PaymentLink.objects.get()
    assert (link.state, bool(link.external_id)) == ("cancelled", True)
    assert requesting.payee_of(request).number == world.bank_account.number


def test_a_connection_without_credentials_closes_nothing_and_stops_nothing(
    world: World, feed: Feed, provider: StandIn
) -> None:
    order = order_bags(world, 1)
    links.make_due(at=world.now)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="hết hàng", at=world.now)
    feeds.give_credentials(feed_id=feed.pk, credentials={}, actor=world.treasurer, at=world.now)
    assert links.close_idle(at=world.now + links.PAUSE) == 0


def test_bills_are_paid_into_the_account_that_is_printed_on_them(world: World, feed: Feed, provider: StandIn) -> None:
    run = billers.bill_run(world.organization, world.bank_account)
    item = billers.fee_item(world.organization, "Nước sạch", price_dong=7_000)
    asked = billers.bill(run, billers.billing_account(world.organization, "Trần Thị Hạnh"), [(item, 70_000)])
    assert links.make_due(at=world.now) == 0
    assert requesting.payee_of(asked).number == world.bank_account.number
