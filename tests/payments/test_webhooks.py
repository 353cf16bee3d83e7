"""The hook through its URL: what each call is answered, and what is left of it."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperatives.models import Entry
from payments import feeds, inbox, receiving, settlement, working
from payments.models import BankTransaction, Feed, Sighting
from payments.providers import casso, sepay
from payments.sealing import seal
from payments.webhooks import NOTED_EVERY, hook
from tests.payments.conftest import KEY, is_clean, order_bags, request_of

pytestmark = pytest.mark.django_db


def body(
    memo: str = "tien ca", dong: int = 150_000, *, source_id: int = 7, account: str = "0011000123456", **more
) -> bytes:
    return sepay.call_body(
        source_id=source_id, account=account, dong=dong, memo=memo, happened_at=timezone.now(), **more
    )  # fmt: skip


def call(feed: Feed, data: bytes, *, key: str = KEY, token: str = "", **more: Any) -> HttpResponse:
    headers = sepay.signed_call(key=key, body=data, now=int(timezone.now().timestamp())) | more.pop("headers", {})
    return Client(raise_request_exception=False).generic(
        "POST", f"/hooks/{feed.provider}/{token or feed.token}/", data, content_type="application/json",
        headers=headers, **more,
    )  # fmt: skip


def nothing() -> bool:
    return not any(kind.objects.exists() for kind in (BankTransaction, Sighting, Entry))


def test_a_genuine_call_pays_the_order(world, feed):
    order = order_bags(world, 2, at=timezone.now())
    data = body(request_of(order).code)
    for _time in range(3):
        answer = call(feed, data)
        assert (answer.status_code, answer.json()) == (200, {"success": True})
    order.refresh_from_db()
    feed.refresh_from_db()
    assert order.payment == "PAID"
    assert (BankTransaction.objects.count(), Sighting.objects.get().raw) == (1, data.decode())
    assert feed.last_call_at is not None
    assert is_clean(world.organization, at=timezone.now())


def test_calls_close_together_are_noted_once(feed):
    moments = []
    for ago in (timedelta(0), NOTED_EVERY / 2, NOTED_EVERY, -2 * NOTED_EVERY):  # by a clock that was set back, too
        if moments:
            Feed.objects.filter(pk=feed.pk).update(last_call_at=timezone.now() - ago)
        before = Feed.objects.get(pk=feed.pk).last_call_at
        assert call(feed, body(source_id=50 + len(moments))).status_code == 200
        moments.append(Feed.objects.get(pk=feed.pk).last_call_at != before)
    assert moments == [True, False, True, True]


def test_a_forged_call_leaves_a_counter_and_nothing_else(feed):
    data = body()
    headers = sepay.signed_call(key=KEY, body=data, now=int(timezone.now().timestamp()))
    address = f"/hooks/sepay/{feed.token}/"
    client = Client()
    answers = [
        call(feed, data, key="another-key-entirely"),
        client.post(address, data, content_type="application/json"),  # unsigned
        client.generic("POST", address, data + b" ", content_type="application/json", headers=headers),
        client.generic("POST", address, data, headers=headers | {"X-SePay-Signature": "sha256=\u00e9"}),
        client.generic("POST", address, b"", headers={"X-SePay-Timestamp": "\u0662", "X-SePay-Signature": ""}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    feed.refresh_from_db()
    assert (feed.forged_calls, feed.unreadable_calls, feed.last_call_at) == (5, 0, None)
    assert nothing()


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_call_cannot_be_played_again(feed, seconds):
    data = body()
    headers = sepay.signed_call(key=KEY, body=data, now=int(timezone.now().timestamp()) + seconds)
    answer = Client().generic("POST", f"/hooks/sepay/{feed.token}/", data, headers=headers)
    assert answer.status_code == 403
    assert nothing()


@pytest.mark.parametrize(
    "data",
    [
        b"{", b"[]", b'"\xff"', b"\xef\xbb\xbf{}", json.dumps({"id": 1}).encode("utf-16"), b"{" * 1_000,
        body(account="001 000"), body().replace(b"150000", b"150000.5"), body().replace(b"150000", b"-5"),
        body().replace(b'"in"', b'"IN"'), body().replace(b'"transactionDate":"20', b'"transactionDate":"00'),
        body().replace(b'"transactionDate":"2', b'"transactionDate":"9'),
    ],
)  # fmt: skip
def test_a_signed_call_that_cannot_be_read_is_counted(feed, data, caplog):
    assert call(feed, data).status_code == 400
    feed.refresh_from_db()
    assert (feed.unreadable_calls, feed.forged_calls) == (1, 0)
    assert "sha256" in caplog.text
    assert nothing()


def test_controls_and_half_letters_in_a_memo_are_kept_readable(feed):
    assert call(feed, body("tien \\u0000 ca \\ud800 kho").replace(b"\\\\u", b"\\u")).status_code == 200
    assert BankTransaction.objects.get().memo == "tien   ca   kho"


def test_a_call_to_try_the_connection_is_fine_and_leaves_nothing(feed):
    assert call(feed, body(source_id=0)).status_code == 200
    assert nothing()


def test_no_such_connection(world, feed):
    Feed.objects.filter(pk=feed.pk).update(is_live=False)
    live = feeds.connect(
        bank_account=world.bank_account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC, key=KEY, actor=None,
        at=world.now,
    )  # fmt: skip
    client = Client()
    urls = [f"/hooks/sepay/{feed.token}/", "/hooks/sepay/khong-co/", f"/hooks/casso/{live.token}/", "/hooks/sepay/%00/"]
    assert [client.post(url, b"{}", content_type="application/json").status_code for url in urls] == [404] * 4


def test_only_post(feed):
    answer = Client().get(f"/hooks/sepay/{feed.token}/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_the_key_of_one_cooperative_proves_nothing_at_another(world, feed):
    theirs = feeds.connect(
        bank_account=world.other_bank_account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC,
        key="khoa-cua-nguoi-khac", actor=None, at=world.now,
    )  # fmt: skip
    assert call(feed, body(), key="khoa-cua-nguoi-khac").status_code == 403
    assert call(theirs, body(), key="khoa-cua-nguoi-khac").status_code == 200  # about our account: not theirs
    sighting = Sighting.objects.get()
    assert (sighting.organization, sighting.transaction, sighting.account_text) == (
        world.other_organization, None, "0011000123456",
    )  # fmt: skip
    assert not BankTransaction.objects.exists()


def test_both_keys_are_live_while_one_is_replaced(world, feed):
    feeds.rotate_key(feed_id=feed.pk, key="khoa-moi-tinh", actor=world.treasurer, at=timezone.now())
    assert [call(feed, body(source_id=n), key=key).status_code for n, key in [(1, KEY), (2, "khoa-moi-tinh")]] == [
        200
    ] * 2
    feeds.rotate_key(feed_id=feed.pk, key="khoa-thu-ba", actor=world.treasurer, at=timezone.now())
    assert call(feed, body(source_id=3)).status_code == 403


def test_a_connection_by_api_key(world, feed):
    Feed.objects.filter(pk=feed.pk).update(auth=Feed.Auth.APIKEY)
    address, client = f"/hooks/sepay/{feed.token}/", Client()
    shown = {"Authorization": f"Apikey {KEY}"}
    assert call(feed, body()).status_code == 403  # a signature is not what was agreed
    bare = {"Authorization": KEY}
    assert client.post(address, body(), content_type="application/json", headers=bare).status_code == 403
    assert client.post(address, body(), content_type="application/json", headers=shown).status_code == 200
    Feed.objects.filter(pk=feed.pk).update(auth=Feed.Auth.HMAC)
    assert client.post(address, body(), content_type="application/json", headers=shown).status_code == 403
    assert BankTransaction.objects.count() == 1


@pytest.mark.parametrize("said", ["65537", "99999999999999999999", "-1", "abc", "١٢"])
def test_a_length_that_is_too_much_or_no_number_is_not_read(feed, said):
    assert call(feed, body(), CONTENT_LENGTH=said).status_code == 400
    assert nothing()


def test_more_than_any_call_is(feed):
    assert call(feed, body("x" * 70_000)).status_code == 400
    assert nothing()


def test_less_than_it_said_is_not_genuine(feed):
    data = body()
    assert call(feed, data, CONTENT_LENGTH=str(len(data) - 5)).status_code == 403


def test_a_body_that_breaks_off_is_answered(feed, rf):
    class Broken:
        def read(self, *_most: int) -> bytes:
            raise OSError("connection reset")

        def close(self) -> None: ...

    request = rf.post("/", b"x", content_type="application/json")
    request.META["wsgi.input"] = request._stream = Broken()  # type: ignore[assignment]
    assert hook(request, "sepay", feed.token).status_code == 400


def test_a_failure_to_settle_is_no_affair_of_the_senders(world, feed, monkeypatch, caplog):
    order = order_bags(world, 2, at=timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(settlement.crediting, "settle_part", lambda **_given: 1 / 0)
        assert call(feed, body(request_of(order).code)).status_code == 200
        line = BankTransaction.objects.get()
        assert (line.state, Entry.objects.count()) == ("NEW", 0)
        assert call(feed, body(request_of(order).code)).status_code == 200  # its repeat
    assert "ZeroDivisionError" in caplog.text
    now = timezone.now()
    working.one_round(name="w", started_at=now, at=now + timedelta(minutes=1))
    order.refresh_from_db()
    line.refresh_from_db()
    assert (line.state, order.payment, Sighting.objects.count()) == ("SETTLED", "PAID", 1)
    assert is_clean(world.organization, at=now)


def test_what_could_not_be_written_down_is_to_be_sent_again(world, feed, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "write_down", lambda **_given: 1 / 0)
        assert call(feed, body()).status_code == 500
    assert nothing()
    assert call(feed, body()).status_code == 200


def test_neither_token_nor_key_nor_memo_stands_in_the_logs(feed, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    memo = "NGUYEN VAN A tra tien"
    call(feed, body(memo))
    call(feed, body(memo), key="another-key-entirely")
    call(feed, b"{" + memo.encode())
    call(feed, body(memo), CONTENT_LENGTH="70000")
    Client().get(f"/hooks/sepay/{feed.token}/")
    monkeypatch.setattr(inbox, "write_down", lambda **_given: 1 / 0)
    call(feed, body(memo))
    ours = "\n".join(
        f"{r.name} {r.getMessage()} {r.exc_text or ''}" for r in caplog.records if "db.backends" not in r.name
    )
    assert "forged call" in ours
    assert feed.token not in ours
    assert KEY not in ours
    assert memo not in ours


def test_a_stored_key_is_not_readable(feed):
    feed.refresh_from_db()
    assert KEY not in feed.keys_sealed
    assert feeds.keys_of(feed) == [KEY]
    assert seal([KEY]) != seal([KEY])


def test_a_call_asks_few_questions(world, feed):
    order = order_bags(world, 2, at=timezone.now())
    data = body(request_of(order).code)
    with CaptureQueriesContext(connection) as asked:
        call(feed, data)
    assert len(asked) <= 50, "\n".join(query["sql"][:120] for query in asked)
    with CaptureQueriesContext(connection) as again:
        call(feed, data)
    assert len(again) <= 12, "\n".join(query["sql"][:120] for query in again)


def test_play_money_of_a_sandbox_pays_no_real_order(world, feed):
    Feed.objects.filter(pk=feed.pk).update(environment="sandbox")
    order = order_bags(world, 2, at=timezone.now())
    assert call(feed, body(request_of(order).code)).status_code == 200
    order.refresh_from_db()
    assert order.payment == "UNPAID"
    assert (Sighting.objects.get().bank_account, BankTransaction.objects.count()) == (None, 0)
    world.organization.is_demo = True
    world.organization.save()
    assert call(feed, body(request_of(order).code, source_id=8)).status_code == 200
    order.refresh_from_db()
    assert order.payment == "PAID"


def test_a_call_of_many_lines_is_written_down_and_left_to_the_worker(world):
    feed = feeds.connect(
        bank_account=world.bank_account, provider="casso-v1", auth="apikey", key=KEY, actor=None, at=timezone.now()
    )
    request = request_of(order_bags(world, 2, at=timezone.now()))
    rows = [
        casso.row_v1(
            source_id=number, account=feed.bank_account.number, dong=request.due_dong if number == 1 else 1_000,
            memo=request.code if number == 1 else f"dong {number}", happened_at=timezone.now(), reference=f"FT{number}",
        )
        for number in range(1, receiving.MOST_SETTLED_AT_ONCE + 2)
    ]  # fmt: skip
    data = casso.call_body_v1(*rows)
    address, proof = f"/hooks/casso-v1/{feed.token}/", {"secure-token": KEY}
    assert Client().generic("POST", address, data, headers=proof).status_code == 200
    assert set(BankTransaction.objects.values_list("state", flat=True)) == {"NEW"}
    working.one_round(name="w", started_at=timezone.now(), at=timezone.now())
    request.refresh_from_db()
    assert (request.state, BankTransaction.objects.new().count()) == ("paid", 0)
    assert is_clean(world.organization, at=timezone.now())
