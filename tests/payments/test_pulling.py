"""The provider's own list closes the gap that lost calls leave."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from cooperatives.models import BankAccount
from payments import feeds, pulling, receiving
from payments.models import BankTransaction, Feed, Sighting
from payments.providers import sepay
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.payments.standing_in import Answer, Asked, StandIn, stand_in  # noqa: F401 - a fixture
from tests.people import World

pytestmark = pytest.mark.django_db

KEY = "khoa-bi-mat-cua-nguon"


@pytest.fixture
def provider(settings: LazySettings, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:  # noqa: F811
    settings.PROVIDER_STAND_INS = dict.fromkeys(["my.sepay.vn", "oauth.casso.vn"], stand_in.address)
    monkeypatch.setattr(pulling.time, "sleep", lambda _seconds: None)
    return stand_in


def pulled_feed(world: World, provider: str = "sepay") -> Feed:
    name = feeds.CREDENTIALS[provider][0]
    feed = feeds.connect(
        bank_account=world.bank_account, provider=provider, auth=feeds.AUTHS[provider][0], key=KEY,
        actor=world.treasurer, at=world.now,
    )  # fmt: skip
    return feeds.pull_on(feed_id=feed.pk, credentials={name: "ma-bi-mat-api"}, actor=world.treasurer, at=world.now)


def sepay_row(number: int, account: str, dong: int, memo: str, at: datetime, *, out: bool = False) -> dict[str, Any]:
    return {
        "id": str(number), "account_number": account, "transaction_date": f"{at:%Y-%m-%d %H:%M:%S}",
        "amount_in": "0.00" if out else f"{dong}.00", "amount_out": f"{dong}.00" if out else "0.00",
        "accumulated": "0.00", "transaction_content": memo, "reference_number": f"FT{number}", "code": None,
        "sub_account": None, "bank_account_id": "19",
    }  # fmt: skip


def sepay_list(*rows: dict[str, Any]) -> Answer:
    return 200, json.dumps({"status": 200, "error": None, "messages": {"success": True}, "transactions": rows}).encode()


def test_what_no_call_brought_is_found_once(world: World, provider: StandIn) -> None:
    feed = pulled_feed(world)
    heard, missed = request_of(order_bags(world, 1)), request_of(order_bags(world, 2))
    account, due = world.bank_account.number, missed.due_dong
    body = sepay.call_body(
        source_id=71, account=account, dong=heard.due_dong, memo=heard.code, happened_at=world.now, reference="FT71"
    )
    [told] = sepay.read(body=body, headers=sepay.signed_call(key=KEY, body=body, now=1), keys=[KEY], now=1, auth="hmac")
    receiving.take(feed=feed, arrivals=[told], at=world.now)
    provider.answers = lambda _asked: sepay_list(
        # worded otherwise than the call: no contradiction
        sepay_row(71, account, heard.due_dong, f"{heard.code} chuyen tien", world.now),
        sepay_row(72, account, due, missed.code, world.now),
        sepay_row(73, account, 20_000, "phi", world.now, out=True),
        sepay_row(74, "000999", 5_000, "cua nguoi khac", world.now),
    )
    assert pulling.pull_due(at=world.now) == 1
    missed.refresh_from_db()
    assert (missed.state, BankTransaction.objects.count(), Sighting.objects.count()) == ("paid", 3, 3)
    feed.refresh_from_db()
    assert (feed.pulled_at, feed.pull_trouble, feed.pull_next_at) == (world.now, "", world.now + pulling.EVERY)
    [asked] = provider.asked
    assert asked.headers["authorization"] == "Bearer ma-bi-mat-api"
    assert pulling.pull_due(at=world.now) == 0, "not before its time"
    assert pulling.pull_due(at=world.now + pulling.EVERY) == 1
    assert (BankTransaction.objects.count(), Sighting.objects.count()) == (3, 3)
    assert not Sighting.objects.filter(contradicted=True).exists()
    assert is_clean(world.organization, at=world.now)


def test_a_late_call_after_the_list_is_the_same_line(world: World, provider: StandIn) -> None:
    feed = pulled_feed(world)
    request, account = request_of(order_bags(world, 1)), world.bank_account.number
    provider.answers = lambda _asked: sepay_list(sepay_row(72, account, request.due_dong, request.code, world.now))
    pulling.pull_due(at=world.now)
    body = sepay.call_body(
        source_id=72, account=account, dong=request.due_dong, memo=request.code, happened_at=world.now
    )
    call = sepay.read(body=body, headers=sepay.signed_call(key=KEY, body=body, now=1), keys=[KEY], now=1, auth="hmac")
    assert receiving.take(feed=feed, arrivals=call, at=world.now) == 0
    assert BankTransaction.objects.get().state == "SETTLED"


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ((503, b""), pulling.LEASE),
        ((429, b""), pulling.LEASE),
        ((401, b""), pulling.EVERY),
        ((200, b"<html>"), pulling.EVERY),
        ((200, b'{"transactions": [{"id": 1}]}'), pulling.EVERY),
    ],
)
def test_a_list_that_cannot_be_read_says_so_and_is_tried_again(
    world: World, provider: StandIn, answer: Answer, again: timedelta
) -> None:
    feed = pulled_feed(world)
    provider.answers = lambda _asked: answer
    assert pulling.pull_due(at=world.now) == 1
    feed.refresh_from_db()
    assert (bool(feed.pull_trouble), feed.pulled_at, feed.pull_next_at) == (True, None, world.now + again)
    assert "ma-bi-mat-api" not in feed.pull_trouble
    assert not Sighting.objects.exists()


def test_days_that_do_not_fit_into_one_answer_are_asked_for_in_halves(
    world: World, provider: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled_feed(world)
    monkeypatch.setattr(pulling.sepay_list, "MOST_ROWS", 2)
    account = world.bank_account.number
    rows = [sepay_row(100 + n, account, 1_000 + n, f"dong {n}", world.now - timedelta(days=n)) for n in range(4)]

    def answers(asked: Asked) -> Answer:
        since, until = asked.query["transaction_date_min"][0], asked.query["transaction_date_max"][0]
        assert asked.query["limit"] == ["2"]
        return sepay_list(*[row for row in rows if since <= row["transaction_date"] <= until][:2])

    provider.answers = answers
    monkeypatch.setattr(
        pulling.sepay_list.request_of, "__kwdefaults__", {**pulling.sepay_list.request_of.__kwdefaults__, "limit": 2}
    )
    pulling.pull_due(at=world.now)
    assert BankTransaction.objects.count() == 4


def test_casso_is_read_page_by_page(world: World, provider: StandIn) -> None:
    pulled_feed(world, "casso")
    account = world.bank_account.number
    rows = [
        {
            "id": 900 + n, "tid": f"FT{n}", "description": f"dong {n}", "amount": -5_000 if n == 2 else 7_000 + n,
            "cusumBalance": None, "when": f"{world.now:%Y-%m-%d %H:%M:%S}", "bankSubAccId": account,
        }
        for n in range(3)
    ]  # fmt: skip

    def answers(asked: Asked) -> Answer:
        page = int(asked.query["page"][0])
        data = {"page": page, "nextPage": page + 1 if page < 3 else None, "records": [rows[page - 1]]}
        return 200, json.dumps({"error": 0, "message": "success", "data": data}).encode()

    provider.answers = answers
    assert pulling.pull_due(at=world.now) == 1
    assert sorted(BankTransaction.objects.values_list("direction", "amount_dong")) == [
        ("in", 7_000), ("in", 7_001), ("out", 5_000)
    ]  # fmt: skip


def test_two_workers_ask_once(world: World, provider: StandIn) -> None:
    feed = pulled_feed(world)
    stale = Feed.objects.get(pk=feed.pk)
    assert pulling._leased(feed, at=world.now)
    assert not pulling._leased(stale, at=world.now)


def test_a_connection_that_was_ended_asks_no_more(world: World, provider: StandIn) -> None:
    feed = pulled_feed(world)
    provider.answers = lambda _asked: sepay_list()
    feeds.pull_off(feed_id=feed.pk, actor=world.treasurer, at=world.now)
    assert pulling.pull_due(at=world.now) == 0
    feeds.pull_on(feed_id=feed.pk, actor=world.treasurer, at=world.now)
    feeds.disconnect(feed_id=feed.pk, actor=world.treasurer, at=world.now)
    assert pulling.pull_due(at=world.now) == 0


def test_what_was_a_strangers_account_when_the_call_came_is_found_once_it_is_ours(
    world: World, provider: StandIn
) -> None:
    feed, ours = pulled_feed(world), world.bank_account
    body = sepay.call_body(source_id=71, account="0099887766", dong=5_000, memo="x", happened_at=world.now)
    call = sepay.read(body=body, headers=sepay.signed_call(key=KEY, body=body, now=1), keys=[KEY], now=1, auth="hmac")
    assert receiving.take(feed=feed, arrivals=call, at=world.now) == 0
    BankAccount.objects.create(
        organization=world.organization, bin=ours.bin, bank_name=ours.bank_name, number="0099887766",
        holder=ours.holder, created_at=world.now,
    )  # fmt: skip
    provider.answers = lambda _asked: sepay_list(sepay_row(71, "0099887766", 5_000, "x", world.now))
    pulling.pull_due(at=world.now)
    assert BankTransaction.objects.get().bank_account.number == "0099887766"


def casso_answer(page: int, account: str, at: datetime, *, pages: int, **changed: Any) -> Answer:
    row = {
        "id": 900 + page, "tid": f"FT{page}", "description": f"dong {page}", "amount": 7_000 + page,
        "when": f"{at:%Y-%m-%d %H:%M:%S}", "bankSubAccId": account,
    } | changed  # fmt: skip
    data = {"page": page, "nextPage": page + 1 if page < pages else None, "records": [row]}
    return 200, json.dumps({"error": 0, "data": data}).encode()


def test_a_list_that_was_not_read_to_its_end_says_so(
    world: World, provider: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = pulled_feed(world, "casso")
    monkeypatch.setattr(pulling, "MOST_PAGES", 4)
    provider.answers = lambda asked: casso_answer(
        int(asked.query["page"][0]), world.bank_account.number, world.now, pages=9
    )
    pulling.pull_due(at=world.now)
    feed.refresh_from_db()
    assert (feed.pull_trouble, feed.pulled_at) == (pulling.ListCut().message, None)
    assert BankTransaction.objects.count() == 4, "what was read is taken"


def test_a_day_that_may_be_cut_says_so(world: World, provider: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    feed, account = pulled_feed(world), world.bank_account.number
    monkeypatch.setattr(pulling.sepay_list, "MOST_ROWS", 2)
    rows = [sepay_row(number, account, 1_000 + number, f"dong {number}", world.now) for number in (1, 2)]
    provider.answers = lambda asked: sepay_list(
        *(rows if asked.query["transaction_date_max"][0] >= f"{world.now:%Y-%m-%d}" else [])
    )
    monkeypatch.setattr(
        pulling.sepay_list.request_of, "__kwdefaults__", {**pulling.sepay_list.request_of.__kwdefaults__, "limit": 2}
    )
    pulling.pull_due(at=world.now)
    feed.refresh_from_db()
    assert (feed.pull_trouble, feed.pulled_at) == (pulling.ListCut().message, None)
    assert BankTransaction.objects.count() == 2


def test_a_list_that_names_no_account_is_not_taken_for_an_empty_one(world: World, provider: StandIn) -> None:
    feed = pulled_feed(world, "casso")
    provider.answers = lambda _asked: casso_answer(1, "", world.now, pages=1)
    pulling.pull_due(at=world.now)
    feed.refresh_from_db()
    assert (feed.pull_trouble, feed.pulled_at) == (pulling.ListWithoutAccounts().message, None)
