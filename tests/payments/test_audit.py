"""Each kind of fault, put in behind the walls, must be seen by the check that names it (docs/books.md §3)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from catalog.models import Variant
from cooperatives.chart import Event
from cooperatives.models import BankAccount, Entry, LedgerAccount, Posting
from orders import fulfilling
from orders.models import Allocation, Order, OrderLine
from payments import cash, closing, explaining, inbox, opening, refunds, settlement, triage, undoing
from payments.audit import Audit, audit
from payments.models import (
    BankTransaction,
    CashReceipt,
    Explanation,
    KeptDebt,
    OpeningBalance,
    PaymentRequest,
    Refund,
    RefundMovement,
    Release,
    Settlement,
    Sighting,
    StatementFile,
)
from tests import ledger_walls, people
from tests.payments.conftest import arrival, order_bags, request_of
from tests.people import World

LATER = timedelta(minutes=1)


@pytest.fixture
def busy(world: World, comes: Callable[..., BankTransaction]) -> World:
    """A morning in which everything happens once that can be booked so far."""
    now = world.now
    opening.open_account(bank_account=world.bank_account, amount_dong=1_000_000, actor=None, at=now)
    paid = order_bags(world, 22)  # An's 20 bags and two of Hoa's
    comes(request_of(paid).code, 22 * 75_000)
    fulfilling.hand_over(order_id=paid.pk, actor=world.clerk, at=now)
    comes(request_of(order_bags(world, 1)).code, 95_000)  # 20,000 too much
    given_up = order_bags(world, 1)
    comes(request_of(given_up).code, 30_000)
    closing.cancel(order_id=given_up.pk, actor=world.treasurer, reason="khách đổi ý", at=now)
    at_the_door = order_bags(world, 1, pay_by="CASH")
    cash.receive(code=request_of(at_the_door).code, amount_dong=75_000, actor=world.clerk, key="cash", at=now)
    fulfilling.hand_over(order_id=at_the_door.pk, actor=world.clerk, at=now)
    comes("tien ca", 40_000)  # no code: waits
    stranger = comes("chuyen nham", 60_000)
    triage.dismiss(transaction_id=stranger.pk, reason="không phải của mình", actor=world.treasurer, key="d", at=now)
    late = comes("tra no", 50_000)
    triage.keep_as_debt(transaction_id=late.pk, code=None, reason="trả hai lần", actor=world.treasurer, key="k", at=now)
    undoing.undo(settlement_id=None, kept_debt_id=late.kept_debts.get().pk, actor=world.treasurer, at=now)
    comes("phi dich vu", 11_000, direction="out")
    go_back_and_explain(world, comes)
    return world


def go_back_and_explain(world: World, comes: Callable[..., BankTransaction]) -> None:
    """A refund in each state, an explanation of each kind, and a text message that somebody believed for a while."""
    by_her = {"actor": world.treasurer, "at": world.now}
    told = {"reason": "đã gọi điện", **by_her}
    payee = {"payee_bin": "970415", "payee_account": "101872345678", "payee_holder": "Hoang Van Dung"}
    cancelled = order_bags(world, 2)
    comes(request_of(cancelled).code, 150_000)
    closing.cancel(order_id=cancelled.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    asked = [
        refunds.ask(order_id=cancelled.pk, amount_dong=dong, key=f"a{dong}", **told)
        for dong in (10_000, 20_000, 30_000, 40_000, 50_000)
    ]
    for refund in asked[1:]:
        refunds.order_out(refund_id=refund.pk, key=f"o{refund.pk}", **payee, **by_her)
    refunds.cancel(refund_id=asked[2].pk, **told)
    for refund in asked[3:]:
        comes(f"tra lai {refund.code}", refund.amount_dong, direction="out")
    comes(f"hoan {asked[4].code}", 50_000)

    def explain(line: BankTransaction, kind: str, **more: Any) -> Explanation:
        return explaining.explain(transaction_id=line.pk, kind=kind, key=f"{kind}{line.pk}", **told, **more)

    explain(comes("phi sms", 9_000, direction="out"), "bank_fee")
    explain(comes("mua bao bi", 8_000, direction="out"), "own_spending")
    explain(comes("lai tien gui", 7_000), "other_receipt")
    second = BankAccount.objects.create(
        organization=world.organization, bin="970405", bank_name="Agribank", number="3200205123456",
        holder="HTX NONG SAN", created_at=world.now,
    )  # fmt: skip
    left = comes("noi bo", 6_000, direction="out")
    explain(left, "own_transfer", counterpart_id=comes("noi bo den", 6_000, account=second).pk)
    disputed = order_bags(world, 1)
    comes(request_of(disputed).code, 75_000)
    explain(comes("khieu nai", 80_000, direction="out"), "disputed", code=request_of(disputed).code)
    believed = inbox.write_down(
        arrival=arrival("tin nhan", 5_000, at=world.now, account=world.bank_account.number),
        organization=world.organization, bank_account=world.bank_account, source="sms", at=world.now,
    ).transaction  # fmt: skip
    assert believed is not None
    settlement.settle(transaction_id=believed.pk, at=world.now)
    explanation = explain(believed, "other_receipt")
    undoing.undo(explanation_id=explanation.pk, **by_her)


def look(world: World, *, after: timedelta = LATER) -> Audit:
    return audit(world.organization, at=world.now + after)


# -- Clean books ------------------------------------------------------------------------------------------


def test_empty_books_are_clean(world: World) -> None:
    seen = look(world)
    assert seen.is_clean
    assert (seen.unexplained_dong, seen.waiting_dong, seen.alarm_dong, seen.entries) == (0, 0, 0, 0)


def test_a_busy_morning_is_clean(busy: World) -> None:
    seen = look(busy)
    assert seen.is_clean, seen.checks
    assert seen.unexplained_dong == 0
    assert seen.waiting_dong == 40_000 + 50_000
    assert seen.alarm_dong == 11_000
    assert seen.by_hand_dong == 60_000
    assert seen.claimed_dong == 5_000
    assert seen.entries == Entry.objects.filter(organization=busy.organization).count() > 15


def test_the_other_organization_is_audited_apart(busy: World) -> None:
    seen = audit(busy.other_organization, at=busy.now)
    assert (seen.organization, seen.entries, seen.is_clean) == ("kim-son", 0, True)


def test_every_check_of_the_contract_is_there(busy: World) -> None:
    assert set(look(busy).checks) == {
        "cache", "form", "undo", "journal", "lines", "orders", "sales", "requests", "bills", "payers", "refunds",
        "members", "income", "results", "cash", "parcels", "carrier", "returns", "bank", "prompt", "walls",
    }  # fmt: skip


def test_the_audit_takes_the_same_number_of_queries_for_more_orders(
    busy: World, comes: Callable[..., BankTransaction], django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as once:
        look(busy)
    people.stock(Variant.objects.get(pk=busy.variant.pk), 9, owner=busy.member_an)
    for _ in range(3):
        order = order_bags(busy, 2)
        comes(request_of(order).code, 150_000)
        fulfilling.hand_over(order_id=order.pk, actor=busy.clerk, at=busy.now)
    with django_assert_num_queries(len(once)):
        assert look(busy).is_clean


# -- Faults: what is done behind the walls, and the checks that must name it --------------------------------


def first(rows: Any) -> Any:
    """An updatable queryset of the first row."""
    return rows.model.objects.filter(pk=rows.order_by("pk").values_list("pk", flat=True)[0])


def flipped_dong(world: World) -> None:
    first(Posting.objects.filter(entry__event=Event.SETTLED)).update(amount_dong=F("amount_dong") + 1)


def posting_gone(world: World) -> None:
    first(Posting.objects.filter(entry__event=Event.HANDED_OVER)).delete()


def posting_added(world: World) -> None:
    posting = Posting.objects.filter(entry__event=Event.ARRIVED).first()
    assert posting is not None
    Posting.objects.create(entry=posting.entry, debit=posting.debit, credit=posting.credit, amount_dong=5)


def posting_between_other_accounts(world: World) -> None:
    hoa = LedgerAccount.objects.get(kind="owed_to_members", subject=f"member:{world.member_hoa.pk}")
    first(Posting.objects.filter(credit__kind="owed_to_members")).update(credit=hoa)


def orphan_entry(world: World) -> None:
    posting = Posting.objects.filter(entry__event=Event.ARRIVED).first()
    assert posting is not None
    entry = Entry.objects.create(
        organization=world.organization, key="arrived:999999", fingerprint="x", event=Event.ARRIVED,
        booked_on=posting.entry.booked_on, at=world.now,
    )  # fmt: skip
    Posting.objects.create(entry=entry, debit=posting.debit, credit=posting.credit, amount_dong=1_000)


def entry_without_postings(world: World) -> None:
    Entry.objects.create(
        organization=world.organization, key="arrived:999999", fingerprint="x", event=Event.ARRIVED,
        booked_on=world.now.date(), at=world.now,
    )  # fmt: skip


def entry_gone(world: World) -> None:
    entry = Entry.objects.filter(event=Event.DEPARTED).earliest("pk")
    entry.postings.all().delete()
    Entry.objects.filter(pk=entry.pk).delete()


def reversal_gone(world: World) -> None:
    entry = Entry.objects.filter(event=Event.REVERSED).earliest("pk")
    entry.postings.all().delete()
    Entry.objects.filter(pk=entry.pk).delete()


def reversal_of_another_amount(world: World) -> None:
    Posting.objects.filter(entry__event=Event.REVERSED).update(amount_dong=F("amount_dong") - 1)


def entry_moved_to_another_month(world: World) -> None:
    Entry.objects.filter(pk=Entry.objects.filter(event=Event.HANDED_OVER)[0].pk).update(booked_on="2026-02-28")


def entry_called_something_else(world: World) -> None:
    Entry.objects.filter(event=Event.RELEASED).update(event=Event.KEPT_AS_DEBT)


def balance_edited(world: World) -> None:
    LedgerAccount.objects.filter(kind="fee").update(credits=F("credits") + 1)


def guarded_below_zero(world: World) -> None:
    LedgerAccount.objects.filter(kind="cash").update(no_overdraft=False, credits=F("debits") + 1)


def account_turned_round(world: World) -> None:
    LedgerAccount.objects.filter(kind="fee").update(side="D", no_overdraft=False)


def account_given_away(world: World) -> None:
    LedgerAccount.objects.filter(kind="fee").update(organization=world.other_organization)


def settlement_changed(world: World) -> None:
    first(Settlement.objects.all()).update(credited_dong=F("credited_dong") - 1)


def settlement_gone(world: World) -> None:
    first(Settlement.objects.all()).delete()


def settlement_names_another_entry(world: World) -> None:
    first(Settlement.objects.all()).update(entry=None)


def excess_changed(world: World) -> None:
    Settlement.objects.filter(excess_dong__gt=0).update(excess_dong=1)


def debt_undone_without_entry(world: World) -> None:
    KeptDebt.objects.filter(undone_at=None).update(undone_at=world.now)


def release_changed(world: World) -> None:
    Release.objects.update(amount_dong=29_999)


def cash_receipt_changed(world: World) -> None:
    CashReceipt.objects.update(amount_dong=70_000)


def cash_receipt_number_skipped(world: World) -> None:
    CashReceipt.objects.update(number=2)


def opening_changed(world: World) -> None:
    OpeningBalance.objects.update(amount_dong=1_000_001)


def line_grew(world: World) -> None:
    first(BankTransaction.objects.filter(state="SETTLED")).update(amount_dong=F("amount_dong") + 1)


def line_turned_round(world: World) -> None:
    BankTransaction.objects.filter(direction="out").update(direction="in")


def line_noted_as_used(world: World) -> None:
    BankTransaction.objects.filter(memo="tien ca").update(used_dong=40_000)


def booked_line_set_back_to_new(world: World) -> None:
    BankTransaction.objects.filter(memo="tien ca").update(state="NEW")


def evidence_gone(world: World) -> None:
    Sighting.objects.filter(transaction__memo="tien ca").delete()


def evidence_says_otherwise(world: World) -> None:
    Sighting.objects.filter(transaction__memo="tien ca").update(amount_dong=39_999)


def share_moved(world: World) -> None:
    """From the fee to a member, in the row alone."""
    first(Allocation.objects.all()).update(fee_dong=F("fee_dong") - 1)


def share_gone(world: World) -> None:
    first(Allocation.objects.all()).delete()


def lot_given_to_another(world: World) -> None:
    world.variant.lots.filter(member=world.member_an).update(member=world.member_hoa)


def line_repriced(world: World) -> None:
    first(OrderLine.objects.filter(order__handed_over_at__isnull=False)).update(price_dong=F("price_dong") + 1)


def hand_over_forgotten(world: World) -> None:
    first(Order.objects.filter(handed_over_at__isnull=False)).update(accepted_at=None)


def hand_over_in_another_month(world: World) -> None:
    first(Order.objects.filter(handed_over_at__isnull=False)).update(accepted_at=world.now - timedelta(days=30))


def ended_with_money_in_its_purse(world: World) -> None:
    Order.objects.filter(state=Order.State.PLACED, payment=Order.Payment.PAID).update(state=Order.State.CANCELLED)


def paid_without_money(world: World) -> None:
    order = Order.objects.get(state=Order.State.PLACED, payment=Order.Payment.PAID)
    PaymentRequest.objects.filter(order=order).update(asked_dong=F("asked_dong") + 1)


def request_says_more(world: World) -> None:
    PaymentRequest.objects.filter(state="cancelled").update(credited_dong=30_000)


def refund_changed(world: World) -> None:
    Refund.objects.filter(state="ordered").update(amount_dong=F("amount_dong") + 1)


def refund_gone(world: World) -> None:
    Refund.objects.filter(state="ordered").delete()


def refund_given_to_another_order(world: World) -> None:
    other = Order.objects.exclude(pk=Refund.objects.get(state="ordered").order_id).first()
    Refund.objects.filter(state="ordered").update(order=other)


def task_marked_as_sent(world: World) -> None:
    Refund.objects.filter(state="to_do").update(state="sent")


def order_marked_as_sent(world: World) -> None:
    Refund.objects.filter(state="ordered").update(state="sent")


def cancelled_refund_comes_to_life(world: World) -> None:
    Refund.objects.filter(state="cancelled").update(state="ordered", cancelled_at=None)


def refund_cancelled_in_the_row_alone(world: World) -> None:
    Refund.objects.filter(state="ordered").update(state="cancelled", cancelled_at=world.now)


def departure_taken_off_its_refund(world: World) -> None:
    first(RefundMovement.objects.filter(kind="sent")).delete()


def movement_given_to_another_line(world: World) -> None:
    other = BankTransaction.objects.get(memo="phi dich vu")
    first(RefundMovement.objects.filter(kind="sent")).update(transaction=other)


def bounce_undone_without_entry(world: World) -> None:
    RefundMovement.objects.filter(kind="bounced").update(undone_at=world.now)


def fee_called_spending(world: World) -> None:
    first(Explanation.objects.filter(kind="bank_fee")).update(kind="own_spending")


def explanation_changed(world: World) -> None:
    first(Explanation.objects.filter(kind="other_receipt", undone_at=None)).update(amount_dong=6_999)


def explanation_gone(world: World) -> None:
    Explanation.objects.filter(kind="own_transfer").delete()


def transfer_with_another_line(world: World) -> None:
    other = BankTransaction.objects.get(memo="tien ca")
    Explanation.objects.filter(kind="own_transfer").update(counterpart=other)


def dispute_takes_more_of_the_purse(world: World) -> None:
    Explanation.objects.filter(kind="disputed").update(from_purse_dong=F("from_purse_dong") + 1)


def dispute_of_another_order(world: World) -> None:
    other = Order.objects.filter(handed_over_at__isnull=False).first()
    Explanation.objects.filter(kind="disputed").update(order=other)


def claim_booked_without_entry(world: World) -> None:
    BankTransaction.objects.filter(memo="tin nhan").update(booked_at=world.now)


def booked_line_taken_out_of_the_row(world: World) -> None:
    BankTransaction.objects.filter(memo="tien ca").update(booked_at=None)


def message_stands_for_a_bank(world: World) -> None:
    Sighting.objects.filter(transaction__memo="tien ca").update(source="sms")


def claim_called_something_else(world: World) -> None:
    BankTransaction.objects.filter(memo="tin nhan").update(reason="NO_CODE")


def request_called_given_back(world: World) -> None:
    PaymentRequest.objects.filter(state="cancelled", order__refunds__isnull=False).update(state="refunded")


def request_called_unpaid(world: World) -> None:
    PaymentRequest.objects.filter(state="over").update(state="waiting")


def explained_line_called_waiting(world: World) -> None:
    BankTransaction.objects.filter(explanations__kind="bank_fee").update(state="NEEDS_YOU")


def debt_called_returned(world: World) -> None:
    BankTransaction.objects.filter(dismissed_by__isnull=False, direction="in").update(state="RETURNED")


def task_beyond_the_debt(world: World) -> None:
    Refund.objects.filter(state="to_do").update(amount_dong=1_000_000)


def evidence_under_another_account(world: World) -> None:
    into = BankTransaction.objects.exclude(bank_account=world.bank_account).get(organization=world.organization)
    told = Sighting.objects.filter(bank_account=world.bank_account, direction="in", amount_dong=7_000)
    assert told.update(transaction=into) == 1


def evidence_under_no_line(world: World) -> None:
    assert Sighting.objects.filter(amount_dong=7_000).update(transaction=None) == 1


def evidence_moved_by_nobody(world: World) -> None:
    assert Sighting.objects.filter(amount_dong=7_000).update(joined_by="person") == 1


FAULTS: list[tuple[Callable[[World], None], set[str]]] = [
    (flipped_dong, {"cache", "journal"}),
    (posting_gone, {"cache", "journal", "income"}),
    (posting_between_other_accounts, {"cache", "journal", "income"}),
    (entry_without_postings, {"form", "journal"}),
    (entry_gone, {"cache", "journal"}),
    (reversal_gone, {"cache", "journal"}),
    (reversal_of_another_amount, {"cache", "undo", "journal"}),
    (entry_moved_to_another_month, {"journal", "income"}),
    (entry_called_something_else, {"form", "journal"}),
    (balance_edited, {"cache", "results"}),
    (guarded_below_zero, {"cache", "form", "cash"}),
    (account_turned_round, {"form"}),
    (account_given_away, {"form", "results"}),
    (settlement_changed, {"journal", "lines", "orders", "requests"}),
    (settlement_gone, {"journal", "lines", "orders", "requests"}),
    (settlement_names_another_entry, {"journal"}),
    (excess_changed, {"journal", "payers", "requests"}),
    (debt_undone_without_entry, {"journal", "lines", "payers"}),
    (release_changed, {"journal", "orders", "payers", "requests"}),
    (cash_receipt_changed, {"journal", "cash", "results"}),
    (cash_receipt_number_skipped, {"cash"}),
    (opening_changed, {"journal", "bank", "results"}),
    (line_grew, {"journal", "lines", "bank"}),
    (line_turned_round, {"journal", "lines", "bank"}),
    (line_noted_as_used, {"lines"}),
    (booked_line_set_back_to_new, {"journal", "lines", "bank"}),
    (evidence_gone, {"bank"}),
    (evidence_says_otherwise, {"bank"}),
    (share_moved, {"journal", "sales", "members", "income", "results"}),
    (share_gone, {"journal", "sales", "members"}),
    (lot_given_to_another, {"journal", "members", "income"}),
    (line_repriced, {"sales"}),
    (hand_over_forgotten, {"journal", "orders", "members", "income"}),
    (hand_over_in_another_month, {"journal", "income"}),
    (ended_with_money_in_its_purse, {"orders"}),
    (paid_without_money, {"requests"}),
    (request_says_more, {"requests"}),
    (refund_changed, {"journal", "payers", "refunds"}),
    (refund_gone, {"journal", "payers", "refunds"}),
    (refund_given_to_another_order, {"journal", "payers"}),
    (task_marked_as_sent, {"payers", "refunds"}),
    (order_marked_as_sent, {"refunds"}),
    (cancelled_refund_comes_to_life, {"journal", "payers", "refunds"}),
    (refund_cancelled_in_the_row_alone, {"journal", "payers", "refunds"}),
    (departure_taken_off_its_refund, {"journal", "lines", "refunds"}),
    (movement_given_to_another_line, {"journal", "lines"}),
    (bounce_undone_without_entry, {"journal", "lines", "payers", "refunds"}),
    (fee_called_spending, {"journal", "results"}),
    (explanation_changed, {"journal", "lines", "results"}),
    (explanation_gone, {"journal", "lines"}),
    (transfer_with_another_line, {"journal", "lines"}),
    (dispute_takes_more_of_the_purse, {"journal", "orders", "requests"}),
    (dispute_of_another_order, {"journal", "orders", "requests"}),
    (claim_booked_without_entry, {"journal", "lines", "bank"}),
    (booked_line_taken_out_of_the_row, {"journal", "lines", "bank"}),
    (message_stands_for_a_bank, {"bank"}),
    (claim_called_something_else, {"lines"}),
    (request_called_given_back, {"requests"}),
    (request_called_unpaid, {"requests"}),
    (explained_line_called_waiting, {"lines"}),
    (debt_called_returned, {"lines"}),
    (task_beyond_the_debt, {"refunds"}),
    (evidence_under_another_account, {"bank"}),
    (evidence_under_no_line, {"bank"}),
    (evidence_moved_by_nobody, {"bank"}),
]
# These are wrong without a single đồng being unexplained: a check fails, the sum stays 0.
WITHOUT_DONG = {
    "entry_without_postings", "account_turned_round", "cash_receipt_number_skipped", "request_called_given_back",
    "request_called_unpaid", "explained_line_called_waiting", "debt_called_returned", "task_beyond_the_debt",
    "evidence_moved_by_nobody",
}  # fmt: skip


def test_each_fault_is_seen_and_named(busy: World, subtests: pytest.Subtests) -> None:
    """One morning for all of them: each fault is taken back before the next one is put in."""
    for fault, named_by in FAULTS:
        with subtests.test(fault=fault.__name__), transaction.atomic():
            with ledger_walls.lowered(connection), transaction.atomic():
                fault(busy)
            seen = look(busy)
            transaction.set_rollback(True)
            failing = {name for name, verdict in seen.checks.items() if verdict != "ok"}
            assert named_by <= failing, seen.checks
            assert not seen.is_clean
            assert (seen.unexplained_dong > 0) == (fault.__name__ not in WITHOUT_DONG), (seen.sums, seen.checks)
    assert look(busy).is_clean, "a fault was not taken back"


@pytest.mark.parametrize(
    ("fault", "named_by"),
    [(posting_added, {"journal", "lines", "bank"}), (orphan_entry, {"journal", "lines", "bank"})],
)
def test_a_posting_too_many_is_seen_although_the_walls_let_it_in(
    busy: World, fault: Callable[[World], None], named_by: set[str]
) -> None:
    """The walls keep what was written; whether it should have been written only the documents know."""
    fault(busy)
    seen = look(busy)
    assert {name for name, verdict in seen.checks.items() if verdict != "ok"} >= named_by
    assert seen.checks["cache"] == "ok"
    assert seen.unexplained_dong >= 5


def test_the_sums_are_never_netted(busy: World) -> None:
    """One đồng too much for one member and one too little for another are two, not none."""
    with ledger_walls.lowered(connection):
        an, hoa = Posting.objects.filter(credit__kind="owed_to_members").order_by("-amount_dong")[:2]
        Posting.objects.filter(pk=an.pk).update(amount_dong=F("amount_dong") + 1)
        Posting.objects.filter(pk=hoa.pk).update(amount_dong=F("amount_dong") - 1)
    seen = look(busy)
    assert seen.sums["cache"] >= 2
    assert seen.sums["journal"] >= 2


# -- Waiting ----------------------------------------------------------------------------------------------


def test_a_new_line_waits_and_fails_a_check_after_a_minute(busy: World) -> None:
    inbox.write_down(
        arrival=arrival("CP", 7_000, at=busy.now), organization=busy.organization, bank_account=busy.bank_account,
        source="sepay:live", at=busy.now,
    )  # fmt: skip
    at_once = look(busy, after=timedelta(seconds=60))
    assert at_once.is_clean
    assert at_once.waiting_dong == 97_000
    later = look(busy, after=timedelta(seconds=61))
    assert later.unexplained_dong == 0
    assert [name for name, verdict in later.checks.items() if verdict != "ok"] == ["prompt"]


def test_lines_before_the_opening_day_are_not_in_the_books(busy: World, comes: Callable[..., BankTransaction]) -> None:
    comes("nam ngoai", 5_000, at=busy.now - timedelta(days=200))
    assert look(busy).is_clean


# -- Statements -------------------------------------------------------------------------------------------


def statement(world: World, *, told: list[BankTransaction], rows: int, opening_dong: int, closing_dong: int) -> None:
    """A file of the day before yesterday's lines, exported today."""
    day = world.now.date() - timedelta(days=2)
    file = StatementFile.objects.create(
        organization=world.organization, bank_account=world.bank_account, name="sao-ke.csv", digest="d", rows=rows,
        opening_dong=opening_dong, closing_dong=closing_dong, first_day=day, last_day=day, imported_at=world.now,
    )  # fmt: skip
    for line in told:
        Sighting.objects.create(
            transaction=line, organization=world.organization, bank_account=world.bank_account, statement_file=file,
            source="statement", external_id=f"row-{line.pk}", account_text="", direction=line.direction,
            amount_dong=line.amount_dong, raw="row", digest="d", received_at=world.now,
        )  # fmt: skip


@pytest.fixture
def two_lines(world: World, comes: Callable[..., BankTransaction]) -> list[BankTransaction]:
    day = world.now - timedelta(days=2)
    return [comes("mot", 10_000, at=day), comes("hai", 20_000, at=day)]


def test_a_statement_that_tells_the_same_is_clean(world: World, two_lines: list[BankTransaction]) -> None:
    statement(world, told=two_lines, rows=2, opening_dong=100, closing_dong=30_100)
    assert look(world).is_clean


def test_a_line_that_its_days_statement_does_not_hold(world: World, two_lines: list[BankTransaction]) -> None:
    statement(world, told=two_lines[:1], rows=1, opening_dong=100, closing_dong=10_100)
    seen = look(world)
    assert (seen.unexplained_dong, seen.sums["bank"]) == (20_000, 20_000)
    assert "not in the statement" in seen.checks["bank"]


def test_a_statement_whose_rows_do_not_make_its_balance(world: World, two_lines: list[BankTransaction]) -> None:
    statement(world, told=two_lines, rows=2, opening_dong=100, closing_dong=30_101)
    seen = look(world)
    assert seen.unexplained_dong == 1
    assert "between its balances" in seen.checks["bank"]


# -- The command ------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    call_command("books", "audit", *arguments)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_command_prints_one_line_an_organization(busy: World, capsys: pytest.CaptureFixture[str]) -> None:
    away, home = run(capsys)
    assert (away["organization"], home["organization"]) == ("kim-son", "yen-hoa")
    assert list(home) == [
        "organization", "unexplained_dong", "waiting_dong", "alarm_dong", "by_hand_dong", "entries", "checks",
    ]  # fmt: skip
    assert set(home["checks"].values()) == {"ok"}


def test_the_command_audits_one_organization(busy: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert [line["organization"] for line in run(capsys, "--organization", "kim-son")] == ["kim-son"]


def test_the_command_refuses_an_unknown_organization(busy: World) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("books", "audit", "--organization", "nowhere")
    assert refused.value.returncode == 2


def test_the_command_exits_1_when_a_dong_is_unexplained(busy: World, capsys: pytest.CaptureFixture[str]) -> None:
    with ledger_walls.lowered(connection):
        flipped_dong(busy)
    with pytest.raises(SystemExit) as ended:
        call_command("books", "audit")
    assert ended.value.code == 1
    home = json.loads(capsys.readouterr().out.splitlines()[1])
    assert home["unexplained_dong"] >= 1
    assert "settled:" in home["checks"]["journal"]
