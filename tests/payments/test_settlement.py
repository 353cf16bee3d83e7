"""Each mess that money can arrive in, by its name."""

from datetime import timedelta

import pytest

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import BankAccount, Entry, Message
from orders.models import Order
from payments import closing, inbox, settlement
from payments.models import BankTransaction, Feed, PaymentLink, PaymentRequest, Refund
from tests.payments.conftest import arrival, is_clean, order_bags, request_of

pytestmark = pytest.mark.django_db

State, Reason = BankTransaction.State, BankTransaction.Reason


def purse(order: Order) -> int:
    return ledger.balance_dong(organization=order.organization, kind=Kind.PREPAID, subject=f"order:{order.pk}")


def owed(order: Order) -> int:
    return ledger.balance_dong(organization=order.organization, kind=Kind.OWED_TO_PAYERS, subject=f"order:{order.pk}")


def test_exact_money_pays_the_order(world, comes):
    order = order_bags(world, 2)
    request = request_of(order)
    line = comes(f"MBVCB.1.2.{request.code}.CT tu 001 NGUYEN VAN A toi 002", 150_000)
    order.refresh_from_db()
    request.refresh_from_db()
    assert (line.state, line.reason) == (State.SETTLED, "")
    assert (order.payment, request.state, request.due_dong) == ("PAID", "paid", 0)
    assert purse(order) == 150_000
    assert ledger.balance_dong(
        organization=world.organization, kind=Kind.BANK, subject=f"bank_account:{world.bank_account.pk}"
    ) == 150_000  # fmt: skip
    assert Message.objects.filter(about=f"order:{order.pk}", kind="order_paid").count() == 1


def test_money_in_two_parts_closes_with_the_last(world, comes):
    order = order_bags(world, 2)
    request = request_of(order)
    comes(request.code, 100_000)
    request.refresh_from_db()
    order.refresh_from_db()
    assert (request.state, request.due_dong, order.payment) == ("part", 50_000, "PART")
    comes(request.code, 50_000)
    order.refresh_from_db()
    assert (order.payment, purse(order)) == ("PAID", 150_000)


def test_too_much_is_owed_to_the_payer(world, comes):
    order = order_bags(world, 2)
    line = comes(request_of(order).code, 170_000)
    request = request_of(order)
    assert (line.state, line.reason) == (State.SETTLED, Reason.OVERPAID)
    assert (request.state, request.paid_dong, request.due_dong) == ("over", 170_000, 0)
    assert (purse(order), owed(order)) == (150_000, 20_000)


def test_no_code_waits_for_a_person(world, comes):
    order_bags(world, 2)
    line = comes("tien ca kho", 150_000)
    assert (line.state, line.reason, line.used_dong) == (State.NEEDS_YOU, Reason.NO_CODE, 0)


def test_unknown_code_waits_for_a_person(world, comes):
    assert comes("CP7K2M9Q9M", 150_000).reason == Reason.UNKNOWN_CODE


def test_two_codes_wait_for_a_person_with_the_split_prepared(world, comes):
    first, second = request_of(order_bags(world, 1)), request_of(order_bags(world, 2))
    line = comes(f"{first.code} {second.code}", 225_000)
    assert (line.state, line.reason) == (State.NEEDS_YOU, Reason.TWO_CODES)


def test_one_wrong_symbol_never_settles(world, comes):
    request = request_of(order_bags(world, 2))
    wrong = "2" if request.code[-1] != "2" else "3"
    line = comes(request.code[:-1] + wrong, 150_000)
    assert line.state == State.NEEDS_YOU
    assert line.reason in {Reason.MISTYPED_CODE, Reason.UNKNOWN_CODE}


def test_the_code_of_another_organization_shows_nothing_of_it(world, comes):
    request = request_of(order_bags(world, 2))
    line = comes(request.code, 150_000, account=world.other_bank_account)
    assert (line.organization, line.state, line.reason) == (
        world.other_organization, State.NEEDS_YOU, Reason.OTHER_ORGANIZATION,
    )  # fmt: skip
    request.refresh_from_db()
    assert request.credited_dong == 0


def test_paid_twice_waits_for_a_person(world, comes):
    request = request_of(order_bags(world, 2))
    comes(request.code, 150_000)
    line = comes(request.code, 150_000)
    assert (line.state, line.reason) == (State.NEEDS_YOU, Reason.ALREADY_PAID)


def test_late_money_reopens_the_order_when_its_goods_are_still_there(world, comes):
    order = order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    assert closing.expire_due(at=later) == 1
    world.variant.refresh_from_db()
    assert world.variant.reserved == 0
    line = comes(request_of(order).code, 150_000, at=later)
    order.refresh_from_db()
    world.variant.refresh_from_db()
    assert (line.state, line.reason) == (State.SETTLED, Reason.LATE)
    assert (order.state, order.payment, world.variant.reserved) == ("PLACED", "PAID", 2)


def test_late_money_is_owed_back_with_its_task_when_the_goods_went_to_others(world, comes):
    order = order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    order_bags(world, world.variant.on_hand, at=later)
    line = comes(request_of(order).code, 151_000, at=later)
    order.refresh_from_db()
    refund = Refund.objects.get()
    assert (line.state, line.reason, order.state) == (State.SETTLED, Reason.LATE, "EXPIRED")
    assert (owed(order), purse(order), line.kept_debts.get().order) == (151_000, 0, order)
    assert (refund.order, refund.state, refund.amount_dong, refund.entry) == (order, "to_do", 151_000, None)
    assert Message.objects.filter(about=f"order:{order.pk}", kind="money_late").count() == 1
    assert is_clean(world.organization, at=later)


def test_late_money_that_is_not_all_waits_for_a_person(world, comes):
    order = order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    line = comes(request_of(order).code, 149_999, at=later)
    order.refresh_from_db()
    assert (line.state, line.reason, order.state) == (State.NEEDS_YOU, Reason.LATE, "EXPIRED")
    assert not Refund.objects.exists()
    assert Message.objects.filter(about=f"order:{order.pk}", kind="money_late").count() == 1


def test_expiry_gives_a_part_payment_back_its_name(world, comes):
    order = order_bags(world, 2)
    comes(request_of(order).code, 50_000)
    closing.expire_due(at=world.now + timedelta(hours=73))
    request = request_of(order)
    order.refresh_from_db()
    assert (order.state, request.state, request.credited_dong) == ("EXPIRED", "expired", 0)
    assert (purse(order), owed(order)) == (0, 50_000)


def test_a_paid_order_never_expires(world, comes):
    order = order_bags(world, 2)
    comes(request_of(order).code, 150_000)
    assert closing.expire_due(at=world.now + timedelta(days=30)) == 0
    order.refresh_from_db()
    assert order.state == "PLACED"


def test_a_cancelled_order_never_reopens_by_itself(world, comes):
    order = order_bags(world, 2)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    line = comes(request_of(order).code, 150_000)
    order.refresh_from_db()
    assert (line.reason, order.state) == (Reason.CANCELLED_ORDER, "CANCELLED")


def test_money_out_is_an_alarm(world, comes):
    comes("nap", 500_000)
    line = comes("rut tien", 200_000, direction="out")
    assert (line.state, line.reason) == (State.NEEDS_YOU, Reason.OUTGOING)
    assert ledger.total_dong(organization=world.organization, kind=Kind.UNMATCHED_DEPARTURES) == 200_000


def test_nothing_and_what_came_before_the_opening_day_books_nothing(world, comes):
    zero = comes("loi chao", 0)
    early = comes("truoc khi mo so", 90_000, at=world.now - timedelta(days=365))
    assert (zero.state, zero.reason) == (State.NOT_OURS, Reason.NO_AMOUNT)
    assert (early.state, early.reason) == (State.NOT_OURS, Reason.BEFORE_OPENING)
    assert not Entry.objects.exists()


def test_settling_again_changes_nothing(world, comes):
    request = request_of(order_bags(world, 2))
    line = comes(request.code, 150_000)
    entries = Entry.objects.count()
    settlement.settle(transaction_id=line.pk, at=world.now)
    assert Entry.objects.count() == entries
    assert PaymentRequest.objects.get(pk=request.pk).credited_dong == 150_000


# -- A provider's link, and who paid before ------------------------------------------------------------------


def linked(world, order, number="88001"):
    """A payOS link for what ``order`` asks, paid into an account of its own."""
    feed, _made = Feed.objects.get_or_create(
        organization=world.organization, bank_account=world.bank_account, provider=Feed.Provider.PAYOS,
        defaults={"token": "t" * 43, "created_at": world.now},
    )  # fmt: skip
    return PaymentLink.objects.create(
        organization=world.organization, feed=feed, payment_request=request_of(order), number=number,
        amount_dong=150_000, key=number, created_at=world.now, changed_at=world.now,
    )  # fmt: skip


def through(world, link, memo, dong, *, account=None):
    account = account or world.bank_account
    written = inbox.write_down(
        arrival=arrival(memo, dong, at=world.now, account=account.number, link=link.number),
        organization=world.organization, bank_account=account, source="payos:live", feed=link.feed, at=world.now,
    )  # fmt: skip
    return settlement.settle(transaction_id=written.transaction.pk, at=world.now)


def test_a_link_proves_as_a_code_does(world):
    order = order_bags(world, 2)
    line = through(world, linked(world, order), "khong co ma", 150_000)
    order.refresh_from_db()
    assert (line.state, order.payment) == (State.SETTLED, "PAID")


def test_a_link_pays_into_the_account_that_it_was_made_for(world):
    order = order_bags(world, 2)
    clearing = BankAccount.objects.create(
        organization=world.organization, bin="000000", bank_name="Stripe", number="acct_1", holder="HTX",
        created_at=world.now,
    )  # fmt: skip
    line = through(world, linked(world, order), "card", 150_000, account=clearing)
    assert line.state == State.SETTLED


@pytest.mark.parametrize("beside", ["open", "closed", "unknown"])
def test_another_code_beside_the_link_needs_a_person(world, comes, beside):
    order, other = order_bags(world, 2), order_bags(world, 1)
    if beside == "closed":
        comes(request_of(other).code, 75_000)
    memo = "CP7K2M9Q9M" if beside == "unknown" else request_of(other).code
    line = through(world, linked(world, order), memo, 150_000)
    assert (line.state, line.reason) == (State.NEEDS_YOU, Reason.TWO_CODES)


def test_the_same_code_beside_the_link_is_one_code(world):
    order = order_bags(world, 2)
    assert through(world, linked(world, order), request_of(order).code, 160_000).reason == Reason.OVERPAID


def test_late_money_through_a_link_reopens_the_order_too(world):
    order = order_bags(world, 2)
    link = linked(world, order)
    closing.expire_due(at=world.now + timedelta(hours=73))
    line = through(world, link, "khong co ma", 150_000)
    assert (line.state, line.reason) == (State.SETTLED, Reason.LATE)


def test_what_the_same_payer_owes_is_suggested_and_never_booked(world, comes, django_assert_max_num_queries):
    comes(request_of(order_bags(world, 1)).code, 75_000, payer_account="0912")
    order = order_bags(world, 2)
    line = comes("tien ca", 150_000, payer_account="0912")
    assert (line.state, line.reason) == (State.NEEDS_YOU, Reason.NO_CODE)
    with django_assert_max_num_queries(4):
        proposals = settlement.examine(line).proposals
    assert [(one.kind, one.parts[0].code) for one in proposals] == [("same_payer", request_of(order).code)]


@pytest.mark.parametrize("payer_account", ["", "0913"])
def test_nothing_is_suggested_for_a_payer_who_is_not_known(world, comes, payer_account):
    comes(request_of(order_bags(world, 1)).code, 75_000, payer_account="")
    order_bags(world, 2)
    assert settlement.examine(comes("tien ca", 150_000, payer_account=payer_account)).proposals == ()


def test_who_paid_another_organization_is_nobody_here(world, comes):
    elsewhere = comes("tien coi", 75_000, account=world.other_bank_account, payer_account="0912")
    order_bags(world, 2)
    assert elsewhere.organization == world.other_organization
    assert settlement.examine(comes("tien ca", 150_000, payer_account="0912")).proposals == ()


def test_nothing_is_proposed_for_a_cancelled_order(world, comes):
    order = order_bags(world, 2)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    verdict = settlement.examine(comes(request_of(order).code, 150_000))
    assert (verdict.reason, verdict.proposals) == ("CANCELLED_ORDER", ())
