"""The card's part of the payment page, and the page that buyers come back to: never more than we know."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from payments import cards
from payments.models import Feed, PaymentLink, PaymentRequest
from tests.outside.fake_stripe import NO_FUNDS, FakeStripe, fake_stripe
from tests.payments.cards_world import deliver
from tests.people import World
from tests.storefront.making import order_as_guest, request_of, text_of

BUTTON = "Trả bằng thẻ (Visa, Mastercard…)"
WAITS = "Đang chờ bên nhận thẻ xác nhận"


@pytest.fixture
def fake(world: World, settings: object) -> Iterator[FakeStripe]:
    now = int(datetime.now(UTC).timestamp())
    with fake_stripe(now=now, secret_key="sk_live_fake") as running:
        settings.STRIPE_API_BASE = running.address  # type: ignore[attr-defined]
        with time_machine.travel(now, tick=False):
            yield running


@pytest.fixture
def feed(world: World, fake: FakeStripe) -> Feed:
    return cards.connect(
        organization=world.organization, secret_key=fake.secret_key, webhook_secret=fake.webhook_secret, actor=None,
        at=datetime.fromtimestamp(fake.now, UTC),
    )  # fmt: skip


@pytest.fixture
def asked(world: World, client: Client, fake: FakeStripe) -> PaymentRequest:
    return request_of(order_as_guest(client, world.variant))


def page(asked: PaymentRequest, path: str = "") -> str:
    return text_of(Client().get(f"/pay/{asked.code}/{path}"))


def test_the_button_stands_only_where_cards_are_on(asked: PaymentRequest, world: World, fake: FakeStripe) -> None:
    assert BUTTON not in page(asked)
    cards.connect(organization=world.organization, secret_key=fake.secret_key, actor=None, at=world.now)
    assert BUTTON in page(asked)
    PaymentRequest.objects.update(state="paid", credited_dong=150_000)
    assert BUTTON not in page(asked)


def test_the_button_leads_to_stripes_page_and_the_policy_lets_it(asked: PaymentRequest, feed: Feed) -> None:
    shown = Client().get(f"/pay/{asked.code}/")
    assert "form-action 'self' https://checkout.stripe.com" in shown["Content-Security-Policy"]
    answer = Client().post(f"/pay/{asked.code}/card/")
    link = PaymentLink.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, link.url)
    again = Client().post(f"/pay/{asked.code}/card/")
    assert again["Location"] == link.url


def test_other_pages_keep_their_strict_policy(world: World) -> None:
    assert "form-action 'self';" in Client().get("/")["Content-Security-Policy"] + ";"


def test_a_page_at_an_address_of_its_own_is_a_plain_link(asked: PaymentRequest, feed: Feed, settings: object) -> None:
    """An organization may give its Stripe pages an address of its own; a form may not end there, a link may."""
    Client().post(f"/pay/{asked.code}/card/")
    PaymentLink.objects.update(url="https://tra-the.example.vn/c/pay/1")
    answer = Client().post(f"/pay/{asked.code}/card/")
    assert answer.status_code == 200
    assert 'href="https://tra-the.example.vn/c/pay/1"' in text_of(answer)


def test_coming_back_proves_nothing(asked: PaymentRequest, feed: Feed, fake: FakeStripe) -> None:
    assert Client().get(f"/pay/{asked.code}/card/")["Location"] == f"/pay/{asked.code}/"
    Client().post(f"/pay/{asked.code}/card/")
    back = page(asked, "card/")
    assert WAITS in back
    assert "Đã nhận đủ tiền" not in back
    assert f'data-refresh="/pay/{asked.code}/status"' in back
    fake.pays(PaymentLink.objects.get().external_id)
    assert WAITS in page(asked, "card/")
    deliver(fake, feed)
    back = page(asked, "card/")
    assert "Đã nhận đủ tiền" in back
    assert WAITS not in back
    assert "data-refresh=" not in back
    status = json.loads(Client().get(f"/pay/{asked.code}/status").content)
    assert status == {"state": "paid", "paid_dong": 150_000, "due_dong": 0}


def test_a_decline_is_said_plainly_and_the_order_stays_payable(
    asked: PaymentRequest, feed: Feed, fake: FakeStripe
) -> None:
    Client().post(f"/pay/{asked.code}/card/")
    fake.pays(PaymentLink.objects.get().external_id, NO_FUNDS)
    deliver(fake, feed)
    assert "Thẻ bị từ chối" in page(asked)
    assert "Thẻ không đủ tiền" in page(asked)
    assert BUTTON in page(asked)
    assert WAITS in page(asked, "card/")  # whoever comes back has paid with another card meanwhile
    assert asked.bank_account.number in page(asked)


def test_stripe_out_of_reach_is_said_and_nothing_is_lost(asked: PaymentRequest, feed: Feed, fake: FakeStripe) -> None:
    fake.failures = [503, 503]
    answer = Client().post(f"/pay/{asked.code}/card/")
    assert answer.status_code == 503
    assert "Chưa nối được với bên nhận thẻ" in text_of(answer)
    assert Client().post(f"/pay/{asked.code}/card/").status_code == 303
    assert PaymentLink.objects.count() == 1


def test_cards_that_are_off_refuse_the_form_too(asked: PaymentRequest) -> None:
    answer = Client().post(f"/pay/{asked.code}/card/")
    assert answer.status_code == 409
    assert "Khoản này không trả bằng thẻ được" in text_of(answer)


@pytest.mark.parametrize("code", ["CPAAAAAAAA", "cp", "CP7K2M9Q9M"])
def test_unknown_codes_are_not_found(world: World, code: str) -> None:
    assert Client().get(f"/pay/{code}/card/").status_code == 404
    assert Client().post(f"/pay/{code}/card/").status_code == 404


def test_the_form_wants_its_token(asked: PaymentRequest, feed: Feed) -> None:
    assert Client(enforce_csrf_checks=True).post(f"/pay/{asked.code}/card/").status_code == 403
    assert not PaymentLink.objects.exists()
