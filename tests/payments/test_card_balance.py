"""The pulled balance: fees, payouts, refunds, disputes; each line is what it is, and the books add up."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import transaction

from base.refusals import NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from orders import fulfilling
from payments import cards, closing, explaining, refunds
from payments.models import BankTransaction, Explanation, Feed, KeptDebt, PaymentLink, PaymentRequest, Refund, Sighting
from payments.providers.arrival import Unreadable
from tests.outside.fake_stripe import FakeStripe, fake_stripe
from tests.payments.cards_world import clock, deliver, pays
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World

pytestmark = pytest.mark.django_db

State, LineState = PaymentLink.State, BankTransaction.State


@pytest.fixture
def fake(world: World, settings: object) -> Iterator[FakeStripe]:
    with fake_stripe(now=int(world.now.timestamp()), secret_key="sk_live_fake") as running:
        settings.STRIPE_API_BASE = running.address  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def feed(world: World, fake: FakeStripe) -> Feed:
    return cards.connect(
        organization=world.organization, secret_key=fake.secret_key, webhook_secret=fake.webhook_secret, actor=None,
        at=world.now,
    )  # fmt: skip


@pytest.fixture
def paid(world: World, fake: FakeStripe, feed: Feed) -> PaymentRequest:
    """Two bags, 150,000 đ, paid by card; its three calls came."""
    asked = request_of(order_bags(world, 2))
    pays(fake, asked)
    assert set(deliver(fake, feed)) == {200}
    fake.events.clear()
    return PaymentRequest.objects.select_related("order").get(pk=asked.pk)


def link_of(request: PaymentRequest) -> PaymentLink:
    return request.links.get()


def lines(feed: Feed) -> list[tuple[str, int, str]]:
    told = BankTransaction.objects.filter(bank_account=feed.bank_account).order_by("id")
    return [(line.direction, line.amount_dong, line.state) for line in told]


def clearing_dong(feed: Feed) -> int:
    """What the books say that Stripe holds for us."""
    return ledger.balance_dong(
        organization=feed.organization, kind=Kind.BANK, subject=f"bank_account:{feed.bank_account_id}"
    )  # fmt: skip


def held_at_stripe(fake: FakeStripe) -> int:
    return sum(row["net"] for row in fake.balance)


def test_a_fee_is_a_line_of_its_own_explained_at_once(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    assert cards.sync(feed=feed, at=clock(fake)) == 1  # the charge is known from its calls
    assert lines(feed) == [("in", 150_000, "SETTLED"), ("out", 16_600, "SETTLED")]
    fee = Explanation.objects.get()
    assert (fee.kind, fee.amount_dong, fee.actor) == ("bank_fee", 16_600, None)
    assert clearing_dong(feed) == held_at_stripe(fake) == 133_400
    assert cards.sync(feed=feed, at=clock(fake)) == 0
    assert Explanation.objects.count() == 1
    assert is_clean(world.organization, at=clock(fake))


def test_what_no_call_told_the_pull_does(world: World, fake: FakeStripe, feed: Feed) -> None:
    asked = request_of(order_bags(world, 2))
    pays(fake, asked)
    assert cards.sync(feed=feed, at=clock(fake)) == 2
    asked.refresh_from_db()
    assert asked.state == "paid"
    assert set(deliver(fake, feed)) == {200}  # the calls come late
    assert Sighting.objects.filter(source="stripe:live").count() == 2
    assert link_of(asked).state == State.PAID
    assert is_clean(world.organization, at=clock(fake))


def test_a_payout_waits_for_the_treasurer_who_ties_it_to_the_bank(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest, comes: object
) -> None:
    fake.pays_out(100_000)
    cards.sync(feed=feed, at=clock(fake))
    left = BankTransaction.objects.get(amount_dong=100_000)
    assert (left.direction, left.state, left.reason, left.memo) == ("out", "NEEDS_YOU", "OUTGOING", "STRIPE PAYOUT")
    came = comes("STRIPE PAYOUT", 100_000, at=clock(fake))  # type: ignore[operator]
    explaining.explain(
        transaction_id=left.pk, kind=Explanation.Kind.OWN_TRANSFER, counterpart_id=came.pk, reason="Stripe chuyển về",
        actor=world.treasurer, key="k", at=clock(fake),
    )  # fmt: skip
    left.refresh_from_db()
    assert left.state == "SETTLED"
    assert clearing_dong(feed) == held_at_stripe(fake) == 33_400
    assert is_clean(world.organization, at=clock(fake))


def test_fees_in_another_currency_are_evidence_only(world: World, fake: FakeStripe, feed: Feed) -> None:
    fake.settles = "usd"
    asked = request_of(order_bags(world, 2))
    pays(fake, asked)
    cards.sync(feed=feed, at=clock(fake))
    assert lines(feed) == [("in", 150_000, "SETTLED")]
    assert sorted(Sighting.objects.values_list("currency", flat=True)) == ["USD", "VND"]
    assert is_clean(world.organization, at=clock(fake))


def test_a_movement_that_is_not_understood_stops_nothing_and_is_read_again(
    fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    odd = fake.pays_out(50_000)
    odd["currency"] = "đ"
    fake.pays_out(20_000)
    with pytest.raises(Unreadable):
        cards.sync(feed=feed, at=clock(fake))
    assert ("out", 20_000, "NEEDS_YOU") in lines(feed)
    feed.refresh_from_db()
    assert feed.pulled_at is None
    assert cards.sync_due(at=clock(fake)) == 1
    feed.refresh_from_db()
    assert "bad_currency" in feed.pull_trouble
    odd["currency"] = "vnd"
    assert cards.sync_due(at=clock(fake) + timedelta(minutes=14)) == 0
    assert cards.sync_due(at=clock(fake) + timedelta(minutes=15)) == 1
    feed.refresh_from_db()
    assert (feed.pull_trouble, feed.pulled_at is not None) == ("", True)
    assert ("out", 50_000, "NEEDS_YOU") in lines(feed)


def test_a_hundred_and_twenty_payouts_are_read_page_by_page(fake: FakeStripe, feed: Feed) -> None:
    for _each in range(120):
        fake.pays_out(1000)
    assert cards.sync(feed=feed, at=clock(fake)) == 120
    assert clearing_dong(feed) == held_at_stripe(fake) == -120_000


def test_stripe_out_of_reach_is_noted_and_tried_again(fake: FakeStripe, feed: Feed, paid: PaymentRequest) -> None:
    fake.failures = [503, 503, 503]
    assert cards.sync_due(at=clock(fake)) == 1
    feed.refresh_from_db()
    assert feed.pull_trouble
    assert cards.sync_due(at=clock(fake) + timedelta(minutes=15)) == 1
    feed.refresh_from_db()
    assert feed.pull_trouble == ""


# -- Refunds ----------------------------------------------------------------------------------------


def ordered(world: World, fake: FakeStripe, paid: PaymentRequest) -> Refund:
    """The order is cancelled, and its treasurer orders all of it back to the card."""
    assert paid.order is not None
    closing.cancel(order_id=paid.order.pk, reason="khách đổi ý", actor=world.manager, at=clock(fake))
    task = refunds.ask(
        order_id=paid.order.pk, amount_dong=150_000, reason="trả lại", actor=world.treasurer, key="a", at=clock(fake)
    )
    assert (task.way, task.link) == (Refund.Way.CARD, link_of(paid))
    return refunds.order_out(refund_id=task.pk, actor=world.treasurer, key="o", at=clock(fake))


def test_a_refund_goes_back_to_its_card_and_its_line_closes_it(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    refund = ordered(world, fake, paid)
    assert cards.send_due(at=clock(fake)) == 1
    refund.refresh_from_db()
    assert refund.external_id in fake.refunds
    assert fake.asked[-1][3] == f"refund:{refund.code}"
    assert set(deliver(fake, feed)) == {200}
    refund.refresh_from_db()
    assert (refund.state, link_of(paid).state) == (Refund.State.SENT, State.REFUNDED)
    assert cards.send_due(at=clock(fake)) == 0
    cards.sync(feed=feed, at=clock(fake))
    assert clearing_dong(feed) == held_at_stripe(fake)
    assert is_clean(world.organization, at=clock(fake))


def test_a_refund_whose_answer_was_lost_is_sent_once(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    refund = ordered(world, fake, paid)
    fake.failures = [0, 503, 503]
    assert cards.send_due(at=clock(fake)) == 1
    refund.refresh_from_db()
    assert (refund.external_id, len(fake.refunds)) == ("asked", 1)
    with pytest.raises(refunds.SentToTheCard):
        refunds.cancel(refund_id=refund.pk, reason="thôi không trả", actor=world.treasurer, at=clock(fake))
    fake.passes(30 * 3600)  # Stripe has forgotten the key by now
    assert cards.send_due(at=clock(fake)) == 1
    refund.refresh_from_db()
    assert ([refund.external_id], len(fake.refunds)) == (list(fake.refunds), 1)


def test_what_stripe_refuses_is_owed_again_with_the_reason(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    refund = ordered(world, fake, paid)
    fake.refunds_in_dashboard(link_of(paid).charge_id, 150_000)
    refund = cards.send_refund(refund_id=refund.pk, at=clock(fake))
    assert (refund.state, refund.trouble) == (Refund.State.CANCELLED, "charge_already_refunded")
    assert "charge_already_refunded" in refund.reason
    assert refunds.owed_dong(organization=world.organization, order_id=refund.order_id) == 150_000
    with pytest.raises(NotFound):
        cards.send_refund(refund_id=refund.pk, at=clock(fake))
    deliver(fake, feed)
    again = refunds.ask(  # it would refuse for ever: by bank, or tied to the line of what was given back by hand
        order_id=refund.order_id, amount_dong=150_000, reason="trả lại", actor=world.treasurer, key="b", at=clock(fake)
    )
    assert (again.way, again.link) == (Refund.Way.TRANSFER, None)
    assert is_clean(world.organization, at=clock(fake))


def test_a_refund_that_failed_at_the_bank_comes_back_and_is_owed_again(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    refund = ordered(world, fake, paid)
    refund = cards.send_refund(refund_id=refund.pk, at=clock(fake))
    deliver(fake, feed)
    fake.fails_refund(refund.external_id)
    assert set(deliver(fake, feed)) == {200}
    refund.refresh_from_db()
    assert refund.state == Refund.State.BOUNCED
    again = Refund.objects.exclude(pk=refund.pk).get()
    assert (again.state, again.amount_dong) == (Refund.State.TO_DO, 150_000)
    assert link_of(paid).state == State.REFUNDED
    cards.sync(feed=feed, at=clock(fake))
    assert link_of(paid).state == State.PAID
    calls = len(fake.asked)
    cards.sync(feed=feed, at=clock(fake))
    assert len(fake.asked) == calls + 1  # the balance, and nothing more of this payment
    assert clearing_dong(feed) == held_at_stripe(fake)
    assert is_clean(world.organization, at=clock(fake))


def test_a_refund_made_at_stripes_own_pages_waits_for_a_person(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    fake.refunds_in_dashboard(link_of(paid).charge_id, 40_000)
    deliver(fake, feed)
    line = BankTransaction.objects.get(amount_dong=40_000)
    assert (line.direction, line.state, line.reason) == ("out", "NEEDS_YOU", "OUTGOING")
    assert link_of(paid).state == State.PART_REFUNDED
    assert is_clean(world.organization, at=clock(fake))


# -- Disputes ---------------------------------------------------------------------------------------


def dispute(fake: FakeStripe, feed: Feed, paid: PaymentRequest) -> str:
    disputed = fake.disputes(link_of(paid).charge_id)
    assert set(deliver(fake, feed)) == {200}
    fake.events.clear()
    return str(disputed["id"])


def test_a_dispute_takes_the_purse_and_the_order_is_due_again(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    dispute(fake, feed, paid)
    paid.refresh_from_db()
    assert (link_of(paid).state, paid.state, paid.credited_dong) == (State.DISPUTED, "waiting", 0)
    [explained] = Explanation.objects.all()
    assert (explained.kind, explained.order, explained.from_purse_dong) == ("disputed", paid.order, 150_000)
    cards.sync(feed=feed, at=clock(fake))  # brings both fees
    assert clearing_dong(feed) == held_at_stripe(fake) == -406_600
    assert is_clean(world.organization, at=clock(fake))


def test_a_dispute_that_is_won_settles_the_order_again(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    disputed = dispute(fake, feed, paid)
    fake.closes(disputed, won=True)
    assert set(deliver(fake, feed)) == {200}
    paid.refresh_from_db()
    assert (link_of(paid).state, paid.state, paid.credited_dong) == (State.DISPUTE_WON, "paid", 150_000)
    cards.sync(feed=feed, at=clock(fake))
    assert clearing_dong(feed) == held_at_stripe(fake)
    assert is_clean(world.organization, at=clock(fake))


def test_a_dispute_that_is_lost_has_a_name_of_its_own(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    disputed = dispute(fake, feed, paid)
    fake.closes(disputed, won=False)
    deliver(fake, feed)
    assert link_of(paid).state == State.DISPUTE_LOST
    said = cards.trouble_of(paid)
    assert said is not None
    assert "khiếu nại" in said.words
    assert is_clean(world.organization, at=clock(fake))


def handed_over(world: World, fake: FakeStripe, paid: PaymentRequest) -> None:
    assert paid.order is not None
    fulfilling.pack(order_id=paid.order.pk, actor=world.clerk, at=clock(fake))
    fulfilling.hand_over(order_id=paid.order.pk, actor=world.clerk, at=clock(fake))


def test_after_the_goods_are_gone_the_buyer_owes_and_a_won_dispute_frees_her(
    world: World, fake: FakeStripe, feed: Feed, paid: PaymentRequest
) -> None:
    handed_over(world, fake, paid)
    disputed = dispute(fake, feed, paid)
    subject = f"order:{paid.order_id}"
    owes = ledger.balance_dong(organization=world.organization, kind=Kind.OWED_BY_BUYERS, subject=subject)
    assert (owes, Explanation.objects.get().from_purse_dong) == (150_000, 0)
    fake.closes(disputed, won=True)
    deliver(fake, feed)
    assert KeptDebt.objects.get().amount_dong == 150_000
    assert refunds.owed_dong(organization=world.organization, order_id=paid.order_id) == 0
    assert lines(feed)[-1] == ("in", 150_000, "SETTLED")
    cards.sync(feed=feed, at=clock(fake))
    assert clearing_dong(feed) == held_at_stripe(fake)
    assert is_clean(world.organization, at=clock(fake))


def test_every_order_of_a_disputes_calls_ends_alike(world: World, fake: FakeStripe, feed: Feed) -> None:
    asked = request_of(order_bags(world, 2))
    link = pays(fake, asked)
    disputed = fake.disputes(fake.charge_of(link.external_id)["id"])
    fake.closes(disputed["id"], won=False)
    wanted = {
        "charge.succeeded", "payment_intent.succeeded", "charge.dispute.funds_withdrawn", "charge.dispute.closed",
    }  # fmt: skip
    told = [event for event in fake.events if event["type"] in wanted]
    ends = set()
    for order in permutations(told):
        sid = transaction.savepoint()
        assert set(deliver(fake, feed, order)) == {200}
        cards.sync(feed=feed, at=clock(fake))
        now = PaymentRequest.objects.get()
        ends.add((link_of(now).state, now.state, now.credited_dong, clearing_dong(feed), *sorted(lines(feed))))
        transaction.savepoint_rollback(sid)
    assert len(ends) == 1, ends
    assert next(iter(ends))[:4] == ("dispute_lost", "waiting", 0, held_at_stripe(fake))
