"""Text messages of the bank, forwarded or pasted: kept once, believed only from its own name, never booked alone."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from base.refusals import NotFound
from cooperatives.models import Entry
from payments import feeds, inbox, pasting, settlement
from payments.models import BankTransaction, Feed, Sighting
from tests.payments.conftest import arrival, order_bags, request_of
from tests.people import World

pytestmark = pytest.mark.django_db


def notice(world: World, code: str, dong: int = 75_000, *, when: str = "") -> str:
    tail = world.bank_account.number[-3:]
    when = when or f"{timezone.localtime():%d-%m-%Y %H:%M:%S}"
    return f"SD TK 0011xxxx{tail} +{dong:,}VND luc {when}. SD 1,575,000VND. Ref MBVCB.1.{code}.CT tu 0123 DUNG"


@pytest.fixture
def feed(world: World) -> Feed:
    return feeds.connect(
        bank_account=world.bank_account, provider="sms", auth="token", key=None, senders="Vietcombank",
        actor=world.treasurer, at=world.now,
    )  # fmt: skip


def forward(client: Client, feed: Feed, text: str, *, sender: str = "Vietcombank") -> int:
    body = {"from": sender, "text": text}
    return client.post(f"/hooks/sms/{feed.token}/", body, content_type="application/json").status_code


def test_a_text_alone_waits_and_books_nothing(world: World, feed: Feed, client: Client) -> None:
    request = request_of(order_bags(world, 1, at=timezone.now()))
    assert forward(client, feed, notice(world, request.code)) == 200
    [line] = BankTransaction.objects.all()
    assert (line.state, line.reason, line.booked_at, line.bank_account) == (
        "NEEDS_YOU", "SMS_ONLY", None, world.bank_account
    )  # fmt: skip
    request.refresh_from_db()
    assert (request.state, Entry.objects.count()) == ("waiting", 0)


@pytest.mark.parametrize("sender", ["0912345678", "", "Vietcombank!", "MBBank"])
def test_a_text_from_anybody_else_is_none_of_our_business(
    world: World, feed: Feed, client: Client, sender: str
) -> None:
    request = request_of(order_bags(world, 1, at=timezone.now()))
    assert forward(client, feed, notice(world, request.code), sender=sender) == 200
    assert not Sighting.objects.exists()


def test_chat_is_not_kept(world: World, feed: Feed, client: Client) -> None:
    assert forward(client, feed, "Chiều nay con về nhé mẹ, mang theo 200,000 VND") == 200
    assert not Sighting.objects.exists()


def test_forwarded_again_or_pasted_it_is_the_same_evidence(world: World, feed: Feed, client: Client) -> None:
    text = notice(world, "CP23456789")
    assert [forward(client, feed, text) for _time in range(2)] == [200, 200]
    written = pasting.paste(
        bank_account_id=world.bank_account.pk, text=f"  {text}\n", actor=world.treasurer, at=timezone.now()
    )
    assert (Sighting.objects.count(), BankTransaction.objects.count(), written.is_new) == (1, 1, False)


def test_a_tail_that_is_not_ours_is_a_stray(world: World, feed: Feed, client: Client) -> None:
    text = notice(world, "CP23456789").replace(f"xxxx{world.bank_account.number[-3:]}", "xxxx998")
    assert forward(client, feed, text) == 200
    assert Sighting.objects.get().bank_account is None
    with pytest.raises(pasting.OtherAccountInText):
        pasting.paste(bank_account_id=world.bank_account.pk, text=text, actor=world.treasurer, at=timezone.now())


def undirected(world: World) -> str:
    return f"EIB QUAN 7 TK {world.bank_account.number} 22/11/26 12:38 THANH TOAN HOA DON 75,000VND SD 900,000VND"


def test_money_without_a_direction_is_kept_for_a_person(world: World, feed: Feed, client: Client) -> None:
    text = undirected(world)
    assert [forward(client, feed, text) for _time in range(2)] == [200, 200]
    sighting = Sighting.objects.get()
    assert (sighting.direction, sighting.transaction, sighting.bank_account) == ("", None, world.bank_account)
    assert text in sighting.raw
    assert forward(client, feed, text + " ", sender="Ai do") == 200
    assert Sighting.objects.count() == 1
    with pytest.raises(pasting.DirectionMissing):
        pasting.paste(bank_account_id=world.bank_account.pk, text=text, actor=world.treasurer, at=timezone.now())
    written = pasting.paste(
        bank_account_id=world.bank_account.pk, text=text, direction="out", actor=world.treasurer, at=timezone.now()
    )
    assert written.transaction is not None
    assert (written.transaction.direction, written.transaction.amount_dong) == ("out", 75_000)


def test_a_body_without_a_text_is_refused_and_counted(world: World, feed: Feed, client: Client) -> None:
    assert client.post(f"/hooks/sms/{feed.token}/", {"from": "x"}, content_type="application/json").status_code == 400
    feed.refresh_from_db()
    assert feed.unreadable_calls == 1


@pytest.mark.parametrize("text", ["", "xin chào", "x" * 50_000, "\x00"])
def test_what_is_no_notice_cannot_be_pasted(world: World, text: str) -> None:
    with pytest.raises(pasting.NotABankText):
        pasting.paste(bank_account_id=world.bank_account.pk, text=text, actor=world.treasurer, at=timezone.now())


def test_a_stranger_pastes_nothing(world: World) -> None:
    for actor in (world.other_treasurer, world.clerk, world.manager):
        with pytest.raises(NotFound):
            pasting.paste(
                bank_account_id=world.bank_account.pk, text=notice(world, "CP23456789"), actor=actor,
                at=timezone.now(),
            )  # fmt: skip


def in_chunks(client: Client, feed: Feed, data: bytes) -> int:
    """A call that does not say its length, as the server hands it on."""
    environ: dict[str, Any] = {"wsgi.input": io.BytesIO(data)}
    return client.generic(
        "POST", f"/hooks/sms/{feed.token}/", b"", content_type="application/json", CONTENT_LENGTH="",
        headers={"Transfer-Encoding": "chunked"}, **environ,
    ).status_code  # fmt: skip


def test_a_phone_that_sends_in_chunks_is_heard(world: World, feed: Feed, client: Client) -> None:
    body = json.dumps({"from": "Vietcombank", "text": notice(world, "CP23456789")}).encode()
    assert [in_chunks(client, feed, data) for data in (body, b"", b"x" * 70_000)] == [200, 400, 400]
    assert BankTransaction.objects.count() == 1


@pytest.mark.parametrize("memo", ["chuyen tien", "", "tien gao"])
def test_a_forged_text_lends_its_code_to_nobody_elses_money(
    world: World, feed: Feed, client: Client, memo: str
) -> None:
    """Somebody knows that such a transfer is on its way, and sends a text in the bank's name with her own code."""
    request = request_of(order_bags(world, 1, at=timezone.now()))
    text = notice(world, f"{request.code} thanh toan tien gao thang nay cho hop tac xa", request.due_dong)
    assert forward(client, feed, text) == 200
    written = inbox.write_down(
        arrival=arrival(memo, request.due_dong, at=timezone.now(), account=world.bank_account.number),
        organization=world.organization, bank_account=world.bank_account, source="sepay:live", at=timezone.now(),
    )  # fmt: skip
    assert written.transaction is not None
    line = settlement.settle(transaction_id=written.transaction.pk, at=timezone.now())
    request.refresh_from_db()
    assert (request.state, line.state, line.reason) == ("waiting", "NEEDS_YOU", "NO_CODE")
