"""Lines that prove nothing are settled by the hundred, as if one by one; whatever may be more goes the long way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cooperatives import ledger
from cooperatives.models import Entry, Posting
from payments import importing, settlement, settling_many
from payments.models import BankTransaction, Sighting
from tests.payments.conftest import order_bags, request_of, statement
from tests.payments.test_inbox import tell
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

State, Reason = BankTransaction.State, BankTransaction.Reason
MEMOS = ["NGUYEN THI HOA chuyen tien", "CPABCDEFGH tien ca", "CP CK 0912345678", "", "học phí tháng 3 — cảm ơn"]


@pytest.fixture(autouse=True)
def however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling_many, "FEWEST", 1)
    monkeypatch.setattr(settling_many, "_AT_ONCE", 3)


def wait(world: World, memo: str, dong: int = 150_000, **more: Any) -> BankTransaction:
    line = tell(world, memo, dong, **more).transaction
    assert line is not None
    return line


def settle_each(world: World) -> None:
    settlement.settle_new(at=world.now)


def settle_many(world: World) -> None:
    settling_many.settle_many(at=world.now)


def outcome(world: World, settle: Callable[[World], None]) -> tuple[list[Any], list[Any], list[Any]]:
    """What ``settle`` makes of the same waiting lines; taken back afterwards."""
    with transaction.atomic():
        settle(world)
        lines = list(
            BankTransaction.objects.order_by("id").values_list("pk", "state", "reason", "booked_at", "used_dong")
        )
        entries = list(
            Entry.objects.order_by("key").values_list("key", "fingerprint", "event", "booked_on", "at", "actor")
        )
        postings = sorted(
            Posting.objects.values_list(
                "entry__key", "debit__kind", "debit__subject", "credit__kind", "credit__subject", "amount_dong"
            )
        )
        transaction.set_rollback(True)
    return lines, entries, postings


def test_by_the_hundred_is_exactly_as_one_by_one(world):
    for number, memo in enumerate(MEMOS):
        wait(world, memo, 1_000 + number)
        wait(world, memo, 2_000 + number, direction="out")
        wait(world, memo, 3_000 + number, account=world.other_bank_account)
    each = outcome(world, settle_each)
    assert outcome(world, settle_many) == each
    assert {row[1] for row in each[0]} == {State.NEEDS_YOU}
    settle_many(world)


def test_nothing_is_booked_twice_whichever_way_comes_first(world):
    lines = [wait(world, memo) for memo in MEMOS]
    settlement.settle(transaction_id=lines[0].pk, at=world.now)
    assert settling_many.settle_many(at=world.now) == len(MEMOS) - 1
    assert settling_many.settle_many(at=world.now) == 0
    settle_each(world)
    assert Entry.objects.count() == len(MEMOS)


def test_whatever_may_be_more_is_left_to_the_ordinary_way(world):
    code = request_of(order_bags(world, 2)).code
    left = [
        wait(world, f"tra {code}"),
        wait(world, code[:-1] + ("7" if code[-1] != "7" else "4")),  # one slip away: to be proposed
        wait(world, "tin nhan", 8, source="sms"),
        wait(world, "hai lan", 5, source_id="1"),
    ]
    tell(world, "hai lan khac", 6, source_id="1")
    BankTransaction.objects.filter(pk=wait(world, "hong lan truoc").pk).update(next_try_at=world.now)
    plain = wait(world, "tien ca", 7)
    assert settling_many.settle_many(at=world.now) == 1
    assert list(BankTransaction.objects.exclude(state=State.NEW)) == [plain]
    settle_each(world)
    assert [BankTransaction.objects.get(pk=line.pk).reason for line in left] == [
        "", Reason.MISTYPED_CODE, Reason.SMS_ONLY, Reason.CONFLICT,
    ]  # fmt: skip


def test_a_memo_that_changed_meanwhile_is_read_again(world, monkeypatch):
    """Between the look and the lock another source made the memo whole: now it may carry a code."""
    line = wait(world, "tien ca")
    code = request_of(order_bags(world, 2)).code
    real = settling_many._named

    def named(codes: Any) -> frozenset[str]:
        BankTransaction.objects.filter(pk=line.pk).update(memo=code)
        return real(codes)

    monkeypatch.setattr(settling_many, "_named", named)
    assert settling_many.settle_many(at=world.now) == 0
    assert settlement.settle(transaction_id=line.pk, at=world.now).state == State.SETTLED


def test_what_fails_together_is_settled_one_by_one(world, monkeypatch):
    for number, memo in enumerate(MEMOS):
        wait(world, memo, 1_000 + number)
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "post_many", lambda **_given: 1 / 0)
        assert settling_many.settle_many(at=world.now) == 0
    assert not Entry.objects.exists()
    settle_each(world)
    assert Entry.objects.count() == len(MEMOS)


def test_a_few_lines_are_not_worth_it(world, monkeypatch):
    monkeypatch.setattr(settling_many, "FEWEST", 2)
    wait(world, "tien ca")
    assert settling_many.settle_many(at=world.now) == 0
    settle_each(world)


def test_many_cost_as_many_questions_as_few(world, monkeypatch):
    monkeypatch.setattr(settling_many, "_AT_ONCE", 500)
    cost = []
    for count in (5, 50):
        for number in range(count):
            wait(world, f"tien ca {number}", count * 1_000 + number)
        with CaptureQueriesContext(connection) as asked:
            assert settling_many.settle_many(at=world.now) == count
        cost.append(len(asked))
    assert cost[1] <= cost[0] + 2


def test_an_imported_file_is_settled_to_its_end(world, monkeypatch):
    monkeypatch.setattr(importing, "_SETTLED_AT_ONCE", 2)
    rows = [("15/03/2026", f"FT{number}", 1_000 + number, f"tien ca {number}") for number in range(9)]
    file = importing.import_statement(
        bank_account_id=world.bank_account.pk, name="a.csv", data=statement(rows), actor=world.treasurer, at=world.now
    )
    assert importing.progress(file).waiting == 7
    assert settling_many.settle_many(at=world.now) == 7
    assert importing.progress(file).waiting == 0
    assert Sighting.objects.filter(statement_file=file).count() == 9
