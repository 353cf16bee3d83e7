"""What is owed to those who pay bills goes back like every other debt: asked for, ordered out, seen leaving."""

from typing import Any

import pytest

from base.refusals import NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Message
from payments import owing, refund_lines, refunds, triage, undoing
from payments.models import BankTransaction, PaymentRequest, Refund
from tests import billers, people
from tests.billers import School
from tests.payments.bills.incoming import Comes, comes_to
from tests.payments.conftest import is_clean

State = BankTransaction.State
pytestmark = pytest.mark.django_db
HANH = {"payee_bin": "970415", "payee_account": "101 872 345 678", "payee_holder": "Trần Thị Hạnh"}


@pytest.fixture
def comes(school: School) -> Comes:
    return comes_to(school)


@pytest.fixture(autouse=True)
def clean(school: School) -> Any:
    yield
    assert is_clean(school.organization, at=school.now)


@pytest.fixture
def overpaid(school: School, comes: Comes) -> PaymentRequest:
    """An's bill of 100,000, paid with 150,000."""
    request = billers.bill(school.run, school.older, [(school.meals, 100_000)])
    comes(request.code, 150_000)
    request.refresh_from_db()
    return request


def ask(school: School, dong: int, *, key: str = "a", **more: Any) -> Refund:
    given: dict[str, Any] = {"account_id": school.older.pk, "reason": "phụ huynh xin lại", "actor": school.treasurer}
    return refunds.ask(amount_dong=dong, key=key, at=school.now, **given | more)


def send(school: School, refund: Refund) -> Refund:
    return refunds.order_out(
        refund_id=refund.pk, actor=school.treasurer, key=f"s{refund.pk}", at=school.now, **HANH
    )  # fmt: skip


def owed(school: School) -> int:
    return owing.owed_dong(organization=school.organization, account_id=school.older.pk)


def test_an_excess_goes_back_and_the_bill_stays_paid(school: School, comes: Comes, overpaid: PaymentRequest) -> None:
    assert (overpaid.state, owed(school)) == ("over", 50_000)
    [debt] = owing.owed_list(school.organization)
    assert (debt.dong, debt.account, debt.order, debt.transaction) == (50_000, school.older, None, None)
    for _time in range(2):
        task = ask(school, 50_000)
    assert (task.subject, owed(school), owing.owed_list(school.organization)) == (f"account:{school.older.pk}", 0, [])
    ordered = send(school, task)
    line = comes(f"tra lai {ordered.code}", 50_000, direction="out")
    task.refresh_from_db()
    overpaid.refresh_from_db()
    assert (line.state, task.state, overpaid.state) == (State.SETTLED, Refund.State.SENT, "over")
    assert ledger.total_dong(organization=school.organization, kind=Kind.ON_THE_WAY_OUT) == 0
    told = Message.objects.filter(organization=school.organization).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["bill_paid", "refund_ordered", "refund_sent"]


def test_no_more_goes_back_than_is_owed(school: School, overpaid: PaymentRequest) -> None:
    ask(school, 30_000)
    with pytest.raises(refunds.MoreThanOwed):
        ask(school, 20_001, key="b")
    with pytest.raises(refunds.MoreThanOwed):
        ask(school, 1, key="c", account_id=school.younger.pk)


def test_what_bounces_is_owed_to_the_account_again(school: School, comes: Comes, overpaid: PaymentRequest) -> None:
    sent = send(school, ask(school, 50_000))
    comes(f"tra lai {sent.code}", 50_000, direction="out")
    back = comes(f"hoan {sent.code}", 50_000)
    anew = Refund.objects.get(state=Refund.State.TO_DO)
    assert (back.state, anew.account, anew.payee_holder) == (State.SETTLED, school.older, "TRAN THI HANH")
    undoing.undo(refund_movement_id=back.refund_movements.get().pk, actor=school.treasurer, at=school.now)
    anew.refresh_from_db()
    assert anew.state == Refund.State.CANCELLED


def test_a_person_names_the_refund_of_a_line(school: School, comes: Comes, overpaid: PaymentRequest) -> None:
    sent = send(school, ask(school, 50_000))
    line = comes("tra lai phu huynh", 50_000, direction="out")
    found = refund_lines.match(
        refund_id=sent.pk, transaction_id=line.pk, reason="đúng dòng này", actor=school.treasurer, key="m",
        at=school.now,
    )  # fmt: skip
    assert found.state == Refund.State.SENT


def test_money_kept_for_a_paid_bill_is_one_debt_with_the_excess(
    school: School, comes: Comes, overpaid: PaymentRequest
) -> None:
    twice = comes("tra hai lan", 100_000)
    triage.keep_as_debt(
        transaction_id=twice.pk, code=overpaid.code, reason="trả hai lần", actor=school.treasurer, key="k",
        at=school.now,
    )  # fmt: skip
    assert owed(school) == 150_000
    task = ask(school, 150_000)
    # While it is only a task, taking the debt back drops it.
    undoing.undo(kept_debt_id=twice.kept_debts.get().pk, actor=school.treasurer, at=school.now)
    task.refresh_from_db()
    assert (task.state, owed(school)) == (Refund.State.CANCELLED, 50_000)


def test_an_excess_that_is_being_paid_back_is_not_taken_back(school: School, overpaid: PaymentRequest) -> None:
    send(school, ask(school, 50_000))
    with pytest.raises(undoing.MoneyOnItsWay):
        undoing.undo(settlement_id=overpaid.settlements.get().pk, actor=school.treasurer, at=school.now)


def test_money_for_a_paid_bill_goes_back_in_one_tap(school: School, comes: Comes, overpaid: PaymentRequest) -> None:
    late = comes(f"lan nua {overpaid.code}", 100_000)
    refund = triage.return_line(
        transaction_id=late.pk, reason="trả hai lần", actor=school.treasurer, key="r", at=school.now, **HANH
    )  # fmt: skip
    assert (refund.account, refund.amount_dong, refund.state) == (school.older, 100_000, Refund.State.ORDERED)
    assert owed(school) == 50_000


def test_exactly_one_thing_is_named(school: School, overpaid: PaymentRequest) -> None:
    line = overpaid.settlements.get().transaction_id
    for named in ({"account_id": None}, {"transaction_id": line}):
        with pytest.raises(refunds.OneSubject):
            ask(school, 1_000, **named)


@pytest.mark.parametrize("who", ["manager", "clerk", "stranger"])
def test_to_whoever_does_not_settle_money_there_is_nothing_to_refund(
    school: School, world: people.World, overpaid: PaymentRequest, who: str
) -> None:
    actor = {"manager": school.manager, "clerk": school.clerk, "stranger": world.treasurer}[who]
    with pytest.raises(NotFound):
        ask(school, 1_000, actor=actor)


def test_what_is_kept_for_an_account_goes_back_where_the_biller_does_not_carry(school: School, comes: Comes) -> None:
    school.organization.carries_credit = False
    school.organization.save(update_fields=["carries_credit"])
    request = billers.bill(school.run, school.older, [(school.meals, 100_000)])
    line = comes("khong ghi ma", 30_000)
    triage.keep_as_debt(
        transaction_id=line.pk, code=request.code, reason="chuyển nhầm", actor=school.treasurer, key="k", at=school.now
    )
    task = Refund.objects.get()
    assert (task.account, task.amount_dong, task.state) == (school.older, 30_000, Refund.State.TO_DO)
    assert owed(school) == 0
    undoing.undo(kept_debt_id=line.kept_debts.get().pk, actor=school.treasurer, at=school.now)
    task.refresh_from_db()
    assert task.state == Refund.State.CANCELLED
