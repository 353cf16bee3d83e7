"""Stripe's calls: the proof, checked against Stripe's own client both ways, and what each event is turned into."""

import contextlib
import json
from collections.abc import Iterator
from itertools import permutations

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from payments.providers import stripe_events
from payments.providers.arrival import AdapterRefused, Forged, Unreadable
from payments.providers.stripe_fates import CardChange, outranks
from payments.providers.stripe_money import movements
from tests.outside.fake_stripe import ASKS_FIRST, NO_FUNDS, FakeStripe, fake_stripe

NOW = 1_773_540_000
KEY = "whsec_of_the_tests"
METADATA = {"code": "CP7K2M9Q9M", "link": "card_1"}
CHARGE = {
    "id": "ch_1", "object": "charge", "amount": 185_000, "amount_captured": 185_000, "amount_refunded": 0,
    "captured": True, "paid": True, "created": NOW - 5, "currency": "vnd", "metadata": METADATA,
    "description": "CP7K2M9Q9M", "billing_details": {"name": "Linh Tran"},
}  # fmt: skip


def event(kind: str = "charge.succeeded", **more: object) -> bytes:
    return stripe_events.call_body(kind, {**CHARGE, **more}, event_id="evt_1", created=NOW)


def read(body: bytes, *, now: int = NOW, keys: tuple[str, ...] = (KEY,), header: str | None = None) -> object:
    headers = stripe_events.signed_call(key=KEY, body=body, now=NOW)
    if header is not None:
        headers[stripe_events.SIGNATURE_HEADER] = header
    return stripe_events.read(body=body, headers=headers, keys=keys, now=now)


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with fake_stripe(now=NOW) as running:
        yield running


def session_at(fake: FakeStripe, *, dong: int = 185_000) -> str:
    item = {"quantity": "1", "price_data": {"currency": "vnd", "unit_amount": str(dong)}}
    form = {
        "mode": "payment", "line_items": {"0": item}, "metadata": METADATA, "expires_at": str(fake.now + 3600),
        "payment_intent_data": {"description": METADATA["code"], "metadata": METADATA},
        "success_url": "http://127.0.0.1/back", "cancel_url": "http://127.0.0.1/pay",
    }  # fmt: skip
    status, session, _ = fake.answer("POST", "/v1/checkout/sessions", form, f"key-{fake.now}")
    assert status == 200, session
    return str(session["id"])


def test_stripes_own_client_believes_our_signature_and_we_believe_its() -> None:
    body = event()
    header = stripe_events.signed_call(key=KEY, body=body, now=NOW)[stripe_events.SIGNATURE_HEADER]
    assert stripe.WebhookSignature.verify_header(body.decode(), header, KEY, tolerance=None)
    theirs = stripe.WebhookSignature.generate_signature_header(body.decode(), KEY, timestamp=NOW)
    assert read(body, header=theirs)


def test_the_fake_server_signs_as_stripe_does(fake: FakeStripe) -> None:
    fake.pays(session_at(fake))
    for told in fake.events:
        body, headers = fake.signed(told)
        assert stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], KEY, tolerance=None)
        stripe_events.read(body=body, headers=headers, keys=[KEY], now=fake.now)


def test_a_charge_is_gross_money_with_its_code_and_its_name() -> None:
    [arrival] = read(event())  # type: ignore[misc]
    assert (arrival.source_id, arrival.reference, arrival.dong, arrival.direction) == ("ch_1", "ch_1", 185_000, "in")
    assert (arrival.memo, arrival.link, arrival.payer_name) == ("CP7K2M9Q9M", "card_1", "Linh Tran")
    assert (arrival.currency, arrival.account, arrival.happened_at.timestamp()) == ("VND", "", NOW - 5)


@pytest.mark.parametrize("off", [301, -301, 100_000, -100_000])
def test_a_stamp_too_far_off_in_either_direction_is_refused(off: int) -> None:
    with pytest.raises(Forged) as no:
        read(event(), now=NOW + off)
    assert no.value.reason == "stale_timestamp"


@pytest.mark.parametrize("off", [300, -300])
def test_the_window_is_five_minutes_each_way(off: int) -> None:
    assert read(event(), now=NOW + off)


def proof(body: bytes, key: str = KEY) -> str:
    return stripe_events.signed_call(key=key, body=body, now=NOW)[stripe_events.SIGNATURE_HEADER].split("v1=")[1]


def test_any_of_several_signatures_under_any_of_two_keys_is_enough() -> None:
    body = event()
    assert read(body, header=f"t={NOW},v1={'0' * 64},v1={proof(body)},v0={'1' * 64}")
    assert read(body, header=f"t={NOW}, v1={proof(body, 'whsec_new')}", keys=("whsec_new", KEY))
    assert read(body, header=f"t={NOW},v1={proof(body, KEY)}", keys=("whsec_new", KEY))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "bad_timestamp"),
        ("t=,v1=", "bad_timestamp"),
        (f"t={NOW}", "bad_signature"),
        (f"t={NOW},v1={'0' * 64}", "bad_signature"),
        (f"t={NOW},v0=PROOF", "bad_signature"),
        (f"t={NOW},t={NOW},v1=PROOF", "bad_timestamp"),
        (f"t={NOW}.0,v1=PROOF", "bad_timestamp"),
        (f"t={NOW - 1},v1=PROOF", "bad_signature"),
        (f"t={NOW}," + ",".join([f"v1={'0' * 64}"] * 8) + ",v1=PROOF", "bad_signature"),
        ("v1=PROOF," * 400 + f"t={NOW}", "bad_timestamp"),
        (f"t={NOW},v1=é", "bad_signature"),
    ],
)
def test_what_proves_nothing_is_forged(header: str, reason: str) -> None:
    body = event()
    with pytest.raises(Forged) as no:
        read(body, header=header.replace("PROOF", proof(body)))
    assert no.value.reason == reason


def test_no_key_proves_nothing_and_one_altered_byte_is_noticed() -> None:
    body = event()
    for keys in ((), ("",), ("whsec_other",)):
        with pytest.raises(Forged):
            read(body, keys=keys)
    with pytest.raises(Forged):
        read(body.replace(b"185000", b"985000"), header=f"t={NOW},v1={proof(body)}")


def test_both_events_of_a_payment_are_one_and_the_same_money(fake: FakeStripe) -> None:
    fake.pays(session_at(fake))
    told = {
        (arrival.source_id, arrival.dong, arrival.direction, arrival.memo, arrival.link)
        for one in fake.events
        for arrival in stripe_events.read(
            body=fake.signed(one)[0], headers=fake.signed(one)[1], keys=[KEY], now=fake.now
        )
    }
    assert len(told) == 1
    assert [one["type"] for one in fake.events] == [
        "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed",
    ]  # fmt: skip


def test_the_pulled_balance_says_the_same_as_the_events_and_the_fees_besides(fake: FakeStripe) -> None:
    session = session_at(fake)
    fake.pays(session)
    charge = fake.charge_of(session)
    refund = fake.refunds_in_dashboard(charge["id"], 50_000)
    fake.fails_refund(refund["id"])
    dispute = fake.disputes(charge["id"])
    fake.closes(dispute["id"], won=True)
    fake.pays_out(100_000)
    by_event = {
        (arrival.source_id, arrival.dong, arrival.direction, arrival.memo, arrival.link)
        for one in fake.events
        for arrival in stripe_events.read(
            body=fake.signed(one)[0], headers=fake.signed(one)[1], keys=[KEY], now=fake.now
        )
    }
    listed = fake.answer("GET", "/v1/balance_transactions", {"limit": "100"}, "")[1]["data"]
    moved = [movement for row in listed for movement in movements(row)]
    pulled = {(a.source_id, a.dong, a.direction, a.memo, a.link) for a in (m.arrival for m in moved)}
    assert by_event <= pulled
    only_pulled = sorted((a.direction, a.dong) for m in moved for a in [m.arrival] if m.is_fee or "txn" in a.source_id)
    assert only_pulled == [("out", 18_140), ("out", 100_000), ("out", 390_000)]
    assert {m.charge for m in moved if "txn" not in m.arrival.source_id or m.is_fee} == {charge["id"]}
    signed = sum(a.dong if a.direction == "in" else -a.dong for a in (m.arrival for m in moved))
    assert signed == sum(row["net"] for row in listed)


def test_a_balance_in_another_currency_keeps_the_gross_in_dong_and_names_the_rest(fake: FakeStripe) -> None:
    fake.settles = "usd"
    fake.pays(session_at(fake, dong=260_000))
    [row] = fake.answer("GET", "/v1/balance_transactions", {}, "")[1]["data"]
    gross, fee = (movement.arrival for movement in movements(row))
    assert (gross.dong, gross.currency) == (260_000, "VND")
    assert (fee.dong, fee.currency, fee.direction) == (82, "USD", "out")


def test_a_hold_that_is_not_captured_is_no_money_yet() -> None:
    assert read(event(captured=False)) == ()
    [arrival] = read(event("charge.captured", amount_captured=100_000))  # type: ignore[misc]
    assert arrival.dong == 100_000


def test_another_currency_is_said_not_counted_as_dong() -> None:
    [arrival] = read(event(currency="usd", amount_captured=1250))  # type: ignore[misc]
    assert (arrival.currency, arrival.dong) == ("USD", 1250)


@pytest.mark.parametrize("kind", ["customer.created", "charge.failed", "invoice.paid", "charge.pending", "x"])
def test_events_without_money_bring_none(kind: str) -> None:
    assert read(event(kind)) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"object":"event"}',
        event(id=""),
        event(id=7),
        event(amount_captured=1.5),
        event(amount_captured="185000"),
        event(amount_captured=-1),
        event(currency=""),
        event(currency=None),
        event(created=-1),
        event(created=2**52),
        event().replace(b'"livemode": false', b'"livemode": "false"'),
    ],
)
def test_a_proven_call_that_cannot_be_used_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_sandbox_and_live_are_told_apart() -> None:
    assert stripe_events.environment_of(event()) == "sandbox"
    assert stripe_events.environment_of(event().replace(b'"livemode": false', b'"livemode": true')) == "live"


def fates(fake: FakeStripe) -> list[CardChange]:
    return [change for one in fake.events for change in stripe_events.changes(fake.signed(one)[0])]


def test_a_decline_and_a_question_of_the_bank_have_names_of_their_own(fake: FakeStripe) -> None:
    session = session_at(fake)
    fake.pays(session, NO_FUNDS)
    fake.pays(session, ASKS_FIRST)
    fake.authenticates(session, well=False)
    assert [(one.fate, one.trouble) for one in fates(fake)] == [
        ("declined", "insufficient_funds"), ("processing", ""), ("declined", "payment_intent_authentication_failure"),
    ]  # fmt: skip


def standing_after(told: list[CardChange]) -> tuple[str, int]:
    state, since = "open", NOW + 86_400  # our own clock may run ahead of theirs
    for one in told:
        if outranks(one.fate, one.at, over=state, since=since):
            state, since = one.fate, one.at
    return state, since


def test_every_order_of_a_whole_story_ends_in_the_same_state(fake: FakeStripe) -> None:
    session = session_at(fake)
    fake.pays(session, NO_FUNDS)
    fake.pays(session, ASKS_FIRST)
    fake.authenticates(session)
    dispute = fake.disputes(fake.charge_of(session)["id"])
    fake.closes(dispute["id"], won=False)
    told = fates(fake)[-7:]
    assert len(told) == 7
    assert {standing_after(list(order)) for order in permutations(told)} == {standing_after(told)}
    assert standing_after(told)[0] == "dispute_lost"


any_change = st.builds(
    CardChange, at=st.integers(NOW, NOW + 3),
    fate=st.sampled_from(["processing", "declined", "expired", "cancelled", "paid", "refunded", "disputed"]),
)  # fmt: skip


@given(st.lists(any_change, min_size=1, max_size=8), st.randoms())
def test_any_changes_in_any_order_and_number_end_alike(told: list[CardChange], dice: object) -> None:
    shuffled = told + told[: len(told) // 2]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standing_after(shuffled) == standing_after(told)


_texts = st.text(max_size=12)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3), max_leaves=6,
)  # fmt: skip


@given(st.sampled_from([*stripe_events.EVENTS, "other"]), st.dictionaries(st.sampled_from([*CHARGE, "reason", "status", "latest_charge", "balance_transaction", "failure_balance_transaction", "last_payment_error"]), _json))  # fmt: skip  # noqa: E501
def test_whatever_stands_in_an_event_it_is_read_or_refused(kind: str, twisted: dict[str, object]) -> None:
    body = json.dumps(
        {"object": "event", "type": kind, "livemode": True, "created": NOW, "data": {"object": {**CHARGE, **twisted}}}
    ).encode()
    for look in (read, stripe_events.changes):
        with contextlib.suppress(AdapterRefused):
            look(body)  # type: ignore[operator]
