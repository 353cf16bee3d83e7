"""One bad week in one cooperative: every mess that money can arrive in, then the books are added up again."""

from datetime import timedelta

import pytest

from cooperatives import ledger
from cooperatives.chart import Kind
from orders import fulfilling
from payments import (
    cash,
    closing,
    explaining,
    importing,
    inbox,
    opening,
    reconciliation,
    refunds,
    settlement,
    triage,
    undoing,
    working,
)
from payments.audit import audit
from payments.models import BankTransaction, Refund
from tests import people
from tests.payments.conftest import arrival, is_clean, order_bags, request_of, statement

pytestmark = pytest.mark.django_db

WHY = "đã gọi điện hỏi"
PAYEE = {"payee_bin": "970415", "payee_account": "101872345678", "payee_holder": "Hoàng Văn Dũng"}


def test_a_week_of_every_mess_leaves_nothing_unexplained(world, comes, monkeypatch):
    now, treasurer, clerk = world.now, world.treasurer, world.clerk
    people.stock(world.variant, 200, owner=world.member_an)
    opening.open_account(bank_account=world.bank_account, amount_dong=1_000_000, actor=None, at=now)

    def ordered(bags: int = 1, **more):
        order = order_bags(world, bags, **more)
        return order, request_of(order).code

    def by_hand(line: BankTransaction, *parts: tuple[str, int], at=now) -> BankTransaction:
        return triage.assign(
            transaction_id=line.pk, parts=[triage.Part(*part) for part in parts], reason=WHY, actor=treasurer,
            key=f"a{line.pk}", at=at,
        )  # fmt: skip

    # As it should be, and handed over: An's and Hoa's goods, the fee, the odd đồng.
    good, code = ordered(24)
    comes(f"MBVCB.1.{code}.CT tu", 24 * 75_000, reference="FT1", source_id="1")
    fulfilling.hand_over(order_id=good.pk, actor=clerk, at=now)
    # The same call three times more, and once with another sum.
    for dong in (24 * 75_000, 24 * 75_000, 24 * 75_000, 5):
        told = arrival(f"MBVCB.1.{code}.CT tu", dong, at=now, source_id="1", reference="FT1", account="0011000123456")
        inbox.write_down(
            arrival=told, organization=world.organization, bank_account=world.bank_account, source="sepay:live", at=now
        )
    # In parts, too much, twice, for two, without a code, mistyped, for somebody else.
    parts, code = ordered(2)
    comes(code, 100_000)
    comes(code.lower(), 50_000)
    over, code = ordered()
    comes(code, 95_000)
    _twice, code = ordered()
    comes(code, 75_000)
    again = comes(code, 75_000)
    triage.keep_as_debt(transaction_id=again.pk, code=code, reason=WHY, actor=treasurer, key="k", at=now)
    (_one, first), (_two, second) = ordered(), ordered(2)
    by_hand(comes(f"{first} {second}", 225_000), (first, 75_000), (second, 150_000))
    stray, code = ordered()
    line = by_hand(comes("tien ca anh Dung", 80_000), (code, 75_000))
    triage.dismiss(transaction_id=line.pk, reason=WHY, actor=treasurer, key="rest", at=now)
    comes("CP" + "7K2M9Q9X", 10_000)
    comes(request_of(ordered()[0]).code, 75_000, account=world.other_bank_account)
    # Assigned to the wrong order, undone, assigned to the right one.
    (wrong, wrong_code), (right, right_code) = ordered(), ordered()
    line = comes(wrong_code, 75_000)
    undoing.undo(settlement_id=line.settlements.get().pk, kept_debt_id=None, actor=treasurer, at=now)
    by_hand(line, (right_code, 75_000))
    # Not ours, taken back, dismissed again; a fee of the bank; before the opening day; a greeting of 0 đồng.
    odd = comes("chuyen nham", 60_000)
    triage.dismiss(transaction_id=odd.pk, reason=WHY, actor=treasurer, key="d1", at=now)
    undoing.undo(settlement_id=None, kept_debt_id=odd.kept_debts.get().pk, actor=treasurer, at=now)
    triage.dismiss(transaction_id=odd.pk, reason=WHY, actor=treasurer, key="d2", at=now)
    fee = comes("phi SMS", 11_000, direction="out")
    triage.dismiss(transaction_id=fee.pk, reason="phí ngân hàng", actor=treasurer, key="fee", at=now)
    comes("tien cu", 90_000, at=now - timedelta(days=200))
    comes("xin chao", 0)
    # Cash: rounded, in part, the order then cancelled.
    _cash, code = ordered(pay_by="CASH")
    cash.receive(code=code, amount_dong=75_000, actor=clerk, key="c1", at=now)
    half, code = ordered(pay_by="CASH")
    cash.receive(code=code, amount_dong=30_000, actor=clerk, key="c2", at=now)
    closing.cancel(order_id=half.pk, actor=treasurer, reason="khách đổi ý", at=now)
    comes(code, 45_000)  # for the cancelled one
    # Settling fails for a while; the worker comes back.
    _late, code = ordered(3)
    with monkeypatch.context() as broken:
        broken.setattr(settlement, "_examined", lambda *_given: 1 / 0)
        written = inbox.write_down(
            arrival=arrival(code, 225_000, at=now, account="0011000123456"), organization=world.organization,
            bank_account=world.bank_account, source="sepay:live", at=now,
        )  # fmt: skip
        assert settlement.try_to_settle(transaction_id=written.transaction.pk, at=now) is None
    working.one_round(name="w", started_at=now, at=now + timedelta(seconds=30))
    # A statement tells the whole week again, and one transfer whose call was lost.
    lost, lost_code = ordered()
    told = BankTransaction.objects.filter(bank_account=world.bank_account, amount_dong__gt=0, day=now.date())
    rows = [
        ("15/03/2026", line.reference, line.amount_dong if line.direction == "in" else -line.amount_dong, line.memo)
        for line in told.order_by("id")
    ]
    data = statement([*rows, ("15/03/2026", "", 75_000, lost_code)], opening=1_000_000, account="0011000123456")
    for name in ("một.csv", "hai.csv"):
        file = importing.import_statement(
            bank_account_id=world.bank_account.pk, name=name, data=data, actor=treasurer, at=now
        )
        assert file.added == 1
    # Days later: part-paid ones expire, money comes late, once with a second code, once for goods that are gone.
    later = now + timedelta(hours=73)
    part_late, code = ordered(2)
    comes(code, 50_000)
    whole_late, whole_code = ordered(2)
    _gone, gone_code = ordered(2)
    closing.expire_due(at=later)
    comes(whole_code, 150_000, at=later)
    two = comes(f"{gone_code} CP7K2M9Q9M", 150_000, at=later)
    world.variant.refresh_from_db()
    order_bags(world, world.variant.available, at=later)
    late = comes(gone_code, 150_000, at=later)
    comes(code, 150_000, at=later)  # its goods are gone too
    for order in (parts, over, right, lost, whole_late):
        fulfilling.hand_over(order_id=order.pk, actor=clerk, at=later)

    states = {
        order.pk: type(order).objects.get(pk=order.pk).state for order in (good, stray, wrong, part_late, whole_late)
    }
    assert list(states.values()) == ["HANDED_OVER", "PLACED", "EXPIRED", "EXPIRED", "HANDED_OVER"]
    assert [(line.state, line.reason) for line in (two, late)] == [("NEEDS_YOU", "LATE"), ("SETTLED", "LATE")]
    # Late money goes back, once to an account that is closed; the fee is explained after all.
    for refund in Refund.objects.filter(state="to_do"):
        refunds.order_out(refund_id=refund.pk, actor=treasurer, key=f"out {refund.pk}", at=later, **PAYEE)
        comes(f"tra lai {refund.code}", refund.amount_dong, direction="out", at=later)
    comes(f"hoan {refund.code}", refund.amount_dong, at=later)
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["bounced", "sent", "to_do"]
    explaining.explain(transaction_id=fee.pk, kind="bank_fee", reason=WHY, actor=treasurer, key="fee", at=later)
    assert not BankTransaction.objects.filter(state="NEW").exists()
    assert is_clean(world.organization, at=later)
    assert is_clean(world.other_organization, at=later)
    [day] = reconciliation.reconcile(organization=world.organization, day=now.date())
    assert day.difference_dong is not None
    figures = audit(world.organization, at=later)
    in_the_bank = ledger.total_dong(organization=world.organization, kind=Kind.BANK)
    booked = BankTransaction.objects.filter(organization=world.organization, day__gte=world.organization.opened_on)
    moved = sum(line.amount_dong * (1 if line.direction == "in" else -1) for line in booked)
    assert (in_the_bank, figures.unexplained_dong, figures.alarm_dong) == (1_000_000 + moved, 0, 0)
