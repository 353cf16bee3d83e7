"""What a bank app is opened with is what the QR says, and only where the organization wants it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from base.refusals import NotFound
from cooperatives.models import Organization
from payments import bank_links, requesting
from payments.models import PaymentRequest
from payments.providers import vietqr
from tests.payments.conftest import order_bags, request_of
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world: World) -> PaymentRequest:
    return request_of(order_bags(world))


def test_account_amount_and_memo_are_those_of_the_qr(asked: PaymentRequest) -> None:
    read = vietqr.decode(requesting.payload_of(asked))
    filled = [way for way in bank_links.ways(asked) if way.fills]
    assert len(filled) == 5
    for way in filled:
        told = {name: values[0] for name, values in parse_qs(urlsplit(way.url).query).items()}
        assert told == {
            "app": way.app.id, "ba": f"{read.account}@vcb", "am": str(read.amount_dong), "tn": read.memo,
            "bn": asked.bank_account.holder, "url": f"{settings.SITE_URL}/pay/{asked.code}/",
        }  # fmt: skip


def test_none_where_they_are_not_wanted(asked: PaymentRequest) -> None:
    asked.organization.offers_bank_links = False
    assert bank_links.ways(asked) == []


def test_no_bank_is_told_of_a_practice_shops_account(asked: PaymentRequest) -> None:
    asked.organization.is_demo = True
    for way in bank_links.ways(asked):
        assert (way.url, way.fills) == (f"https://dl.vietqr.io/pay?app={way.app.id}", False)


def test_none_once_there_is_nothing_to_pay(asked: PaymentRequest) -> None:
    asked.state = PaymentRequest.State.PAID
    assert bank_links.ways(asked) == []


def test_the_treasurer_switches_them_off_and_on(world: World) -> None:
    for offers in (False, False, True):
        bank_links.offer(organization_id=world.organization.pk, offers=offers, actor=world.treasurer, at=world.now)
        assert Organization.objects.get(pk=world.organization.pk).offers_bank_links is offers


def test_a_clerk_and_a_stranger_switch_nothing(world: World) -> None:
    for who in (world.clerk, world.other_treasurer, world.buyer):
        with pytest.raises(NotFound):
            bank_links.offer(organization_id=world.organization.pk, offers=False, actor=who, at=world.now)
    with pytest.raises(NotFound):
        bank_links.offer(organization_id=987_654, offers=False, actor=world.treasurer, at=world.now + timedelta(1))
    assert Organization.objects.filter(offers_bank_links=False).count() == 0
