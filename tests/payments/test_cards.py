"""Paying by card, from the button to the books, against a Stripe of our own."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import transaction

from base.refusals import NotFound
from cooperatives.models import BankAccount, Entry
from payments import cards, feeds
from payments.card_calls import CardRefused, CardsUnavailable
from payments.card_connecting import AccountOfOthers, BadCardKey, SettlesInOtherCurrency
from payments.models import BankTransaction, Feed, PaymentLink, PaymentRequest, Sighting
from tests.outside.fake_stripe import ASKS_FIRST, DECLINED, GOOD, NO_FUNDS, FakeStripe, fake_stripe
from tests.payments.cards_world import CANCEL, RETURN, clock, deliver, pays, start
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World

pytestmark = pytest.mark.django_db

State = PaymentLink.State


@pytest.fixture
def fake(world: World, settings: object) -> Iterator[FakeStripe]:
    with fake_stripe(now=int(world.now.timestamp()), secret_key="sk_live_fake") as running:
        settings.STRIPE_API_BASE = running.address  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def feed(world: World, fake: FakeStripe) -> Feed:
    """The cooperative has cards on."""
    return cards.connect(
        organization=world.organization, secret_key=fake.secret_key, webhook_secret=fake.webhook_secret,
        actor=world.treasurer, at=world.now,
    )  # fmt: skip


@pytest.fixture
def asked(world: World, feed: Feed) -> PaymentRequest:
    """Two bags, 150,000 đ, to be paid."""
    return request_of(order_bags(world, 2))


def again(row: PaymentLink) -> PaymentLink:
    return PaymentLink.objects.get(pk=row.pk)


# -- Turning it on ----------------------------------------------------------------------------------


def test_keys_turn_cards_on_and_the_balance_is_one_more_account(world: World, fake: FakeStripe, feed: Feed) -> None:
    account = feed.bank_account
    assert (account.kind, account.bin, account.number) == (BankAccount.Kind.CARD, "", fake.account_id)
    assert (feed.environment, feeds.credentials_of(feed)) == ("live", {"secret_key": "sk_live_fake"})
    assert fake.secret_key not in feed.credentials_sealed
    assert BankAccount.objects.get(organization=world.organization, is_default=True) == world.bank_account


def test_connecting_again_changes_the_keys_of_the_same_connection(world: World, fake: FakeStripe, feed: Feed) -> None:
    fake.secret_key = "rk_live_new"
    second = cards.connect(
        organization=world.organization, secret_key="rk_live_new", webhook_secret="whsec_the_second",
        actor=world.treasurer, at=world.now,
    )  # fmt: skip
    assert (second.pk, second.token) == (feed.pk, feed.token)
    assert feeds.keys_of(second) == ["whsec_the_second", fake.webhook_secret]
    assert feeds.credentials_of(second) == {"secret_key": "rk_live_new"}


def test_without_a_webhook_secret_the_address_believes_nobody_yet(world: World, fake: FakeStripe) -> None:
    feed = cards.connect(
        organization=world.organization, secret_key=fake.secret_key, actor=world.treasurer, at=world.now
    )
    pays(fake, request_of(order_bags(world, 2)))
    assert set(deliver(fake, feed)) == {403}
    feeds.rotate_key(feed_id=feed.pk, key=fake.webhook_secret, actor=world.treasurer, at=world.now)
    assert set(deliver(fake, feed)) == {200}


@pytest.mark.parametrize("key", ["", "pk_live_x", "sk_test_fake", "whsec_x"])
def test_only_a_live_secret_key_serves_a_real_organization(world: World, fake: FakeStripe, key: str) -> None:
    with pytest.raises(BadCardKey):
        cards.connect(organization=world.organization, secret_key=key, actor=world.treasurer, at=world.now)


def test_a_wrong_key_connects_nothing(world: World, fake: FakeStripe) -> None:
    with pytest.raises(CardRefused):
        cards.connect(organization=world.organization, secret_key="sk_live_not", actor=world.treasurer, at=world.now)
    assert not Feed.objects.exists()


def test_a_balance_in_another_currency_is_refused_by_name(world: World, fake: FakeStripe) -> None:
    fake.settles = "usd"
    with pytest.raises(SettlesInOtherCurrency) as no:
        cards.connect(organization=world.organization, secret_key="sk_live_fake", actor=world.treasurer, at=world.now)
    assert "USD" in no.value.message


def test_one_account_at_stripe_belongs_to_one_organization(world: World, fake: FakeStripe, feed: Feed) -> None:
    with pytest.raises(AccountOfOthers):
        cards.connect(
            organization=world.other_organization, secret_key=fake.secret_key, actor=world.other_treasurer, at=world.now
        )


def test_a_stranger_turns_nothing_on(world: World, fake: FakeStripe) -> None:
    for stranger in (world.other_treasurer, world.clerk, world.buyer):
        with pytest.raises(NotFound):
            cards.connect(organization=world.organization, secret_key="sk_live_fake", actor=stranger, at=world.now)
    assert not Feed.objects.exists()
    assert fake.asked == []


# -- What is offered --------------------------------------------------------------------------------


def test_cards_are_offered_only_where_they_are_on(world: World, asked: PaymentRequest, feed: Feed) -> None:
    assert cards.offered(asked, at=world.now) == feed
    feeds.disconnect(feed_id=feed.pk, actor=world.treasurer, at=world.now)
    assert cards.offered(asked, at=world.now) is None


def test_the_demo_takes_no_real_money_and_nobody_else_play_money(
    world: World, asked: PaymentRequest, feed: Feed
) -> None:
    asked.organization.is_demo = True
    assert cards.offered(asked, at=world.now) is None
    Feed.objects.update(environment="sandbox")
    assert cards.offered(asked, at=world.now) == feed
    asked.organization.is_demo = False
    assert cards.offered(asked, at=world.now) is None


@pytest.mark.parametrize(
    ("changed", "is_offered"),
    [
        ({"asked_dong": cards.LEAST_DONG}, True),
        ({"asked_dong": cards.LEAST_DONG - 1}, False),
        ({"asked_dong": cards.MOST_DONG}, True),
        ({"asked_dong": cards.MOST_DONG + 1}, False),
        ({"credited_dong": 140_000}, False),
        ({"credited_dong": 100_000}, True),
        *(({"state": state}, False) for state in ("paid", "over", "expired", "cancelled", "refunded")),
    ],
)
def test_too_little_too_much_and_too_late_are_not_offered(
    world: World, asked: PaymentRequest, changed: dict[str, object], is_offered: bool
) -> None:
    for name, value in changed.items():
        setattr(asked, name, value)
    assert (cards.offered(asked, at=world.now) is not None) == is_offered


def test_the_last_half_hour_of_the_hold_is_too_short_for_a_page(world: World, asked: PaymentRequest) -> None:
    assert asked.expires_at is not None
    assert cards.offered(asked, at=asked.expires_at - timedelta(minutes=31)) is not None
    late = asked.expires_at - timedelta(minutes=30)
    assert cards.offered(asked, at=late) is None
    with pytest.raises(cards.NotByCard):
        cards.start(code=asked.code, return_url=RETURN, cancel_url=CANCEL, at=late)
    with pytest.raises(NotFound):
        cards.start(code="CP7K2M9Q9M", return_url=RETURN, cancel_url=CANCEL, at=late)


# -- The page at Stripe -----------------------------------------------------------------------------


def test_a_page_is_asked_for_what_is_due_and_says_whose_it_is(fake: FakeStripe, asked: PaymentRequest) -> None:
    link = start(fake, asked)
    assert (link.state, link.amount_dong, link.url) == (State.OPEN, 150_000, f"{fake.address}/c/pay/{link.external_id}")
    [(_, _, _, _), (method, path, form, key)] = fake.asked  # connecting asked first
    assert (method, path, key) == ("POST", "/v1/checkout/sessions", link.key)
    metadata = {"code": asked.code, "link": link.number}
    assert form["metadata"] == form["payment_intent_data"]["metadata"] == metadata
    assert (form["client_reference_id"], form["payment_intent_data"]["description"]) == (asked.code, asked.code)
    assert form["line_items"]["0"]["price_data"]["currency"] == "vnd"
    assert form["line_items"]["0"]["price_data"]["unit_amount"] == "150000"
    assert (form["success_url"], form["cancel_url"]) == (RETURN, CANCEL)
    assert asked.expires_at is not None
    assert link.expires_at == min(asked.expires_at, clock(fake) - timedelta(seconds=1) + timedelta(hours=23))


def test_one_open_page_serves_all_taps(fake: FakeStripe, asked: PaymentRequest) -> None:
    first = start(fake, asked)
    assert [start(fake, asked).pk, start(fake, asked).pk] == [first.pk, first.pk]
    assert len(fake.sessions) == 1


def test_a_page_for_another_sum_replaces_the_old_one(fake: FakeStripe, asked: PaymentRequest) -> None:
    first = start(fake, asked)
    PaymentRequest.objects.update(credited_dong=50_000, state="part")
    second = start(fake, asked)
    assert (second.amount_dong, len(fake.sessions)) == (100_000, 2)
    assert fake.sessions[first.external_id]["status"] == "expired"
    assert again(first).state == State.CANCELLED


def test_a_page_near_its_end_is_not_given_again(fake: FakeStripe, asked: PaymentRequest) -> None:
    first = start(fake, asked)
    PaymentLink.objects.update(expires_at=clock(fake) + timedelta(seconds=59))
    assert start(fake, asked).pk != first.pk


def test_a_cut_line_is_repeated_with_the_same_key_and_makes_one_page(fake: FakeStripe, asked: PaymentRequest) -> None:
    fake.failures = [0, 503]  # done, but its answer lost; then out of order
    with pytest.raises(CardsUnavailable):
        start(fake, asked)
    assert (PaymentLink.objects.get().state, len(fake.sessions)) == (State.ASKED, 1)
    link = start(fake, asked)
    assert (link.state, len(fake.sessions), PaymentLink.objects.count()) == (State.OPEN, 1, 1)
    assert {key for *_rest, key in fake.asked[1:]} == {link.key}


def test_the_row_is_committed_before_stripe_is_asked(
    fake: FakeStripe, asked: PaymentRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = len(transaction.get_connection().savepoint_ids)
    seen: list[tuple[int, int]] = []

    def dies(link: PaymentLink, **urls: str) -> object:
        seen.append((PaymentLink.objects.count(), len(transaction.get_connection().savepoint_ids)))
        raise RuntimeError("the machine is switched off here")

    monkeypatch.setattr(cards.card_calls, "create_session", dies)
    with pytest.raises(RuntimeError):
        start(fake, asked)
    assert seen == [(1, depth)]
    monkeypatch.undo()
    assert start(fake, asked).state == State.OPEN
    assert PaymentLink.objects.count() == 1


def test_an_unanswered_call_is_given_up_after_ten_minutes(fake: FakeStripe, asked: PaymentRequest) -> None:
    fake.failures = [500, 500]
    with pytest.raises(CardsUnavailable):
        start(fake, asked)
    fake.passes(601)
    assert start(fake, asked).state == State.OPEN
    assert sorted(PaymentLink.objects.values_list("state", flat=True)) == [State.ASKED, State.OPEN]
    fake.passes(24 * 3600)
    cards.close_idle(at=clock(fake))
    assert not PaymentLink.objects.filter(state=State.ASKED).exists()


def test_stripes_no_is_final_and_the_next_tap_begins_anew(
    fake: FakeStripe, asked: PaymentRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.outside.fake_stripe.LEAST", 200_000)
    with pytest.raises(CardRefused) as no:
        start(fake, asked)
    assert no.value.trouble == "amount_too_small"
    assert (PaymentLink.objects.get().state, PaymentLink.objects.get().trouble) == (State.CANCELLED, "amount_too_small")
    monkeypatch.undo()
    assert start(fake, asked).state == State.OPEN


def test_the_same_key_with_other_words_is_refused_by_stripe_and_begun_anew(
    fake: FakeStripe, asked: PaymentRequest
) -> None:
    fake.failures = [0, 500]
    with pytest.raises(CardsUnavailable):
        start(fake, asked)
    with pytest.raises(CardRefused):
        cards.start(code=asked.code, return_url="http://other/", cancel_url=CANCEL, at=clock(fake))
    assert start(fake, asked).state == State.OPEN


def test_pages_of_what_was_paid_otherwise_are_closed(
    fake: FakeStripe, asked: PaymentRequest, comes: object, world: World
) -> None:
    link = start(fake, asked)
    assert cards.close_idle(at=clock(fake)) == 0
    comes(asked.code, 150_000)  # type: ignore[operator]
    fake.failures = [500, 500, 500]
    assert cards.close_idle(at=clock(fake)) == 1
    assert again(link).state == State.OPEN  # asked again next time
    assert cards.close_idle(at=clock(fake)) == 1
    assert (again(link).state, fake.sessions[link.external_id]["status"]) == (State.CANCELLED, "expired")
    assert cards.close_idle(at=clock(fake)) == 0


# -- Money ------------------------------------------------------------------------------------------


def test_a_card_pays_the_order(world: World, fake: FakeStripe, feed: Feed, asked: PaymentRequest) -> None:
    link = pays(fake, asked)
    assert set(deliver(fake, feed)) == {200}
    asked.refresh_from_db()
    assert (asked.state, asked.credited_dong) == ("paid", 150_000)
    line = BankTransaction.objects.get()
    assert (line.bank_account, line.link, line.memo) == (feed.bank_account, link, asked.code)
    assert (line.state, line.reason, line.payer_name) == ("SETTLED", "", "Linh Tran")
    assert (again(link).state, again(link).charge_id) == (State.PAID, line.reference)
    assert is_clean(world.organization, at=clock(fake))


def test_events_delivered_sixteen_times_pay_once(
    world: World, fake: FakeStripe, feed: Feed, asked: PaymentRequest
) -> None:
    pays(fake, asked)
    for _time in range(16):
        assert set(deliver(fake, feed)) == {200}
    assert (BankTransaction.objects.count(), Sighting.objects.count()) == (1, 1)
    asked.refresh_from_db()
    assert (asked.credited_dong, asked.excess_dong) == (150_000, 0)


def test_any_order_of_a_payments_events_ends_alike(
    world: World, fake: FakeStripe, feed: Feed, asked: PaymentRequest
) -> None:
    link = start(fake, asked)
    fake.pays(link.external_id, NO_FUNDS)
    fake.pays(link.external_id, GOOD)
    told = [event for event in fake.events if event["type"] != "charge.failed"]
    assert len(told) == 4
    ends = set()
    for order in permutations(told):
        sid = transaction.savepoint()
        assert set(deliver(fake, feed, [*order, order[0]])) == {200}
        row, line, paid = again(link), BankTransaction.objects.get(), PaymentRequest.objects.get()
        ends.add((row.state, row.charge_id, line.state, line.reason, line.amount_dong, paid.state, paid.credited_dong))
        transaction.savepoint_rollback(sid)
    assert ends == {("paid", fake.charge_of(link.external_id)["id"], "SETTLED", "", 150_000, "paid", 150_000)}


@pytest.mark.parametrize(
    ("card", "trouble", "words"),
    [
        (DECLINED, "generic_decline", "Ngân hàng phát hành thẻ từ chối"),
        (NO_FUNDS, "insufficient_funds", "Thẻ không đủ tiền"),
    ],
)
def test_a_declined_card_has_a_name_and_may_be_tried_again(
    fake: FakeStripe, feed: Feed, asked: PaymentRequest, card: str, trouble: str, words: str
) -> None:
    link = pays(fake, asked, card)
    deliver(fake, feed)
    assert (again(link).state, again(link).trouble) == (State.DECLINED, trouble)
    said = cards.trouble_of(asked)
    assert said is not None
    assert said.words.startswith(words)
    assert not BankTransaction.objects.exists()
    assert start(fake, asked).pk == link.pk
    fake.pays(link.external_id, GOOD)
    deliver(fake, feed)
    asked.refresh_from_db()
    assert (again(link).state, asked.state, cards.trouble_of(asked)) == (State.PAID, "paid", None)


def test_three_d_secure_waits_then_pays_or_fails(fake: FakeStripe, feed: Feed, asked: PaymentRequest) -> None:
    link = pays(fake, asked, ASKS_FIRST)
    deliver(fake, feed)
    assert again(link).state == State.PROCESSING
    fake.authenticates(link.external_id, well=False)
    deliver(fake, feed)
    assert (again(link).state, again(link).trouble) == (State.DECLINED, "payment_intent_authentication_failure")
    fake.pays(link.external_id, ASKS_FIRST)
    fake.authenticates(link.external_id)
    deliver(fake, feed)
    assert again(link).state == State.PAID


def test_an_expired_page_leaves_the_order_payable(fake: FakeStripe, feed: Feed, asked: PaymentRequest) -> None:
    link = start(fake, asked)
    fake.passes(23 * 3600 + 60)
    deliver(fake, feed)
    asked.refresh_from_db()
    assert (again(link).state, asked.state) == (State.EXPIRED, "waiting")
    assert start(fake, asked).pk != link.pk


def test_money_of_somebody_elses_doing_waits_for_a_person(fake: FakeStripe, feed: Feed, asked: PaymentRequest) -> None:
    """A charge made in the dashboard carries no link of ours."""
    link = pays(fake, asked)
    for event in fake.events:
        event["data"]["object"]["metadata"] = {}
        if "description" in event["data"]["object"]:
            event["data"]["object"]["description"] = "Souvenir"
    assert set(deliver(fake, feed)) == {200}
    line = BankTransaction.objects.get()
    assert (line.state, line.reason, line.memo) == ("NEEDS_YOU", "NO_CODE", "Souvenir")
    assert again(link).state == State.PAID  # its session said so; the money waits for a person


def test_another_currency_is_kept_as_evidence_and_booked_nowhere(
    fake: FakeStripe, feed: Feed, asked: PaymentRequest
) -> None:
    pays(fake, asked)
    for event in fake.events:
        event["data"]["object"]["currency"] = "usd"
    assert set(deliver(fake, feed)) == {200}
    assert (Sighting.objects.get().currency, BankTransaction.objects.count()) == ("USD", 0)


def test_forged_altered_and_other_environments_events_do_nothing(
    fake: FakeStripe, feed: Feed, asked: PaymentRequest
) -> None:
    pays(fake, asked)
    secret, fake.webhook_secret = fake.webhook_secret, "whsec_of_a_thief"
    assert set(deliver(fake, feed)) == {403}
    fake.webhook_secret = secret
    for event in fake.events:
        event["livemode"] = False
    assert set(deliver(fake, feed)) == {400}
    assert not BankTransaction.objects.exists()
    assert not Entry.objects.exists()
    assert PaymentLink.objects.get().state == State.OPEN


def test_a_payment_whose_calls_were_lost_is_asked_about(fake: FakeStripe, feed: Feed, asked: PaymentRequest) -> None:
    link = pays(fake, asked)
    fake.events.clear()
    assert cards.refresh_due(at=clock(fake)) == 0
    fake.passes(601)
    assert cards.refresh_due(at=clock(fake)) == 1
    assert (again(link).state, again(link).charge_id) == (State.PAID, fake.charge_of(link.external_id)["id"])
    assert cards.refresh_due(at=clock(fake)) == 0
    asked.refresh_from_db()
    assert asked.state == "waiting"  # a state is no money: its line comes by call or by pull
    cards.sync(feed=feed, at=clock(fake))
    asked.refresh_from_db()
    assert asked.state == "paid"
