"""Bills paid, corrected, credited, given back and taken back in any order: a model of its own agrees after every step.

The model knows one rule only: money fills bills by due day, then code, and items in the biller's order. ``SEED=7``
plays one seed, ``PROVE=1`` many.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from base.refusals import Refused
from cooperatives import ledger
from cooperatives.chart import Kind
from payments import bundles, cash, inbox, refunds, settlement, triage, undoing
from payments.bills import carrying, correcting
from payments.models import BankTransaction, BillingAccount, CreditUse, PaymentRequest, Refund, Settlement
from payments.triage import Part
from tests import billers
from tests.billers import School
from tests.payments.conftest import arrival, is_clean

LONG = bool(os.environ.get("PROVE"))
SEEDS = [int(os.environ["SEED"])] if "SEED" in os.environ else list(range(40 if LONG else 4))
STEPS = 150 if LONG else 40
Shares = dict[tuple[str, int], int]


@dataclass
class ModelBill:
    """``asked``: item → đồng, in the biller's order."""

    code: str
    due_on: date
    account: int
    asked: dict[int, int]


@dataclass
class Model:
    """``paid`` has one entry a live document: what it gave (or, below 0, took) of items."""

    bills: dict[str, ModelBill] = field(default_factory=dict)
    paid: dict[str, Shares] = field(default_factory=dict)
    credit: dict[int, int] = field(default_factory=dict)

    def of_item(self, code: str, item: int) -> int:
        return sum(shares.get((code, item), 0) for shares in self.paid.values())

    def due(self, code: str) -> int:
        bill = self.bills[code]
        return sum(max(asked - self.of_item(code, item), 0) for item, asked in bill.asked.items())

    def fill(self, codes: list[str], dong: int) -> tuple[Shares, int]:
        """What each item gets, and what is left over."""
        shares: Shares = {}
        for code in sorted(codes, key=lambda one: (self.bills[one].due_on, one)):
            for item, asked in self.bills[code].asked.items():
                taken = min(dong, max(asked - self.of_item(code, item), 0))
                if taken:
                    shares[code, item] = taken
                    dong -= taken
        return shares, dong

    def owe(self, account: int, dong: int) -> None:
        self.credit[account] = self.credit.get(account, 0) + dong


class Walk:
    """One seed. Every step is a verb of the product and the same thing in the model."""

    def __init__(self, school: School, seed: int) -> None:
        self.dice = random.Random(seed)
        self.school, self.model, self.at = school, Model(), school.now
        self.numbers = iter(range(10**6))
        self.items = [school.meals, school.boarding, school.insurance]
        self.accounts = [school.older, school.younger, billers.billing_account(school.organization, "Đỗ Văn Cường")]
        school.organization.carries_credit = bool(seed % 2)
        school.organization.save(update_fields=["carries_credit"])
        for _ in range(3):
            self.publish()

    def key(self) -> str:
        return f"step-{next(self.numbers)}"

    def open_codes(self) -> list[str]:
        return [code for code in self.model.bills if self.model.due(code)]

    def step(self) -> None:
        self.at += timedelta(minutes=7)
        deeds: list[Callable[[], None]] = [
            self.publish, self.pay, self.pay, self.pay_bundle, self.pay_bundle, self.by_hand, self.by_cash,
            self.void, self.correct, self.correct, self.use_credit, self.undo_credit, self.undo_settlement,
            self.give_back,
        ]  # fmt: skip
        self.dice.choice(deeds)()

    # -- what people do ------------------------------------------------------------------------------------

    def publish(self) -> None:
        due_on = billers.DUE + timedelta(days=self.dice.randint(-60, 60))
        run = billers.bill_run(self.school.organization, self.school.bank_account, due_on=due_on)
        account = self.dice.choice(self.accounts)
        chosen = [item for item in self.items if self.dice.random() < 0.7] or self.items[:1]
        amounts = [(item, self.dice.choice((0, 1, 999, 25_000, 150_000))) for item in chosen]
        request = billers.bill(run, account, amounts, at=self.at)
        asked = {item.pk: dong for item, dong in amounts}
        self.model.bills[request.code] = ModelBill(request.code, due_on, account.pk, asked)

    def pay(self) -> None:
        codes = self.open_codes()
        if codes:
            code = self.dice.choice(codes)
            self.came(code, [code], self.model.bills[code].account)

    def pay_bundle(self) -> None:
        codes = self.open_codes()
        if len(codes) < 2:
            return
        chosen = self.dice.sample(codes, self.dice.randint(2, min(4, len(codes))))
        bundle = bundles.make(codes=chosen, at=self.at)
        first = min(chosen, key=lambda one: (self.model.bills[one].due_on, one))
        if self.dice.random() < 0.8:
            self.came(bundle.code, chosen, self.model.bills[first].account)

    def came(self, memo: str, codes: list[str], account: int) -> None:
        due = sum(self.model.due(code) for code in codes)
        dong = self.dice.choice((due, due, max(due // 2, 1), due + 10_000))
        self.line(memo, dong)
        shares, left = self.model.fill(codes, dong)
        self.model.paid[f"settlement:{Settlement.objects.latest('pk').pk}"] = shares
        self.model.owe(account, left)

    def by_hand(self) -> None:
        """A memo without a code; the treasurer splits it."""
        codes = self.open_codes()[:2]
        if not codes:
            return
        parts = [Part(code, self.model.due(code)) for code in codes]
        line = self.line("tien hoc cua chau", sum(part.dong for part in parts) + 5_000)
        triage.assign(
            transaction_id=line.pk, parts=parts, reason="hỏi qua điện thoại", actor=self.school.treasurer,
            key=self.key(), at=self.at,
        )  # fmt: skip
        made = Settlement.objects.filter(transaction=line).order_by("pk")
        for settled, part in zip(made, parts, strict=True):
            self.model.paid[f"settlement:{settled.pk}"] = self.model.fill([part.code], part.dong)[0]

    def by_cash(self) -> None:
        codes = self.open_codes()
        if not codes:
            return
        code = self.dice.choice(codes)
        due = self.model.due(code)
        step = self.school.organization.cash_step_dong
        counted = self.dice.choice((cash.rounded_to_step(due, step_dong=step), due, max(due // 3, 1)))
        receipt = cash.receive(code=code, amount_dong=counted, actor=self.school.clerk, key=self.key(), at=self.at)
        self.model.paid[f"cash:{receipt.pk}"] = self.model.fill([code], receipt.credited_dong)[0]

    def void(self) -> None:
        self.take_back(
            "cash",
            lambda pk: cash.void(receipt_id=pk, reason="ghi nhầm số", actor=self.school.treasurer, at=self.at),
        )

    def correct(self) -> None:
        code = self.dice.choice(list(self.model.bills))
        bill = self.model.bills[code]
        item = self.dice.choice(list(bill.asked))
        delta = self.dice.choice((10_000, 1, -1, -10_000, -bill.asked[item]))
        if not delta or bill.asked[item] + delta < 0:
            return
        request = PaymentRequest.objects.get(code=code)
        assert request.bill_id is not None
        correcting.correct(
            bill_id=request.bill_id, changes=[correcting.Change(fee_item_id=item, delta_dong=delta)],
            reason="tính lại", actor=self.school.treasurer, key=self.key(), at=self.at,
        )  # fmt: skip
        bill.asked[item] += delta
        beyond = self.model.of_item(code, item) - bill.asked[item]
        if beyond > 0:
            self.model.paid[f"back:{next(self.numbers)}"] = {(code, item): -beyond}
            self.model.owe(bill.account, beyond)
            if still := min(beyond, self.model.due(code)):  # what one item gives back pays the bill's others first
                shares = self.model.fill([code], still)[0]
                self.model.paid[f"credit:{CreditUse.objects.latest('pk').pk}"] = shares
                self.model.owe(bill.account, -still)

    def use_credit(self) -> None:
        codes = [code for code in self.open_codes() if self.usable(self.model.bills[code].account) > 0]
        if not codes:
            return
        code = self.dice.choice(codes)
        account = self.model.bills[code].account
        request = PaymentRequest.objects.get(code=code)
        assert request.bill_id is not None
        used = carrying.use(bill_id=request.bill_id, actor=self.school.treasurer, key=self.key(), at=self.at)
        assert used.amount_dong == min(self.usable(account), self.model.due(code))
        self.model.paid[f"credit:{used.pk}"] = self.model.fill([code], used.amount_dong)[0]
        self.model.owe(account, -used.amount_dong)

    def undo_credit(self) -> None:
        name = self.some("credit")
        if not name:
            return
        account, dong = self.model.bills[self.code_in(name)].account, sum(self.model.paid[name].values())
        undone = self.take_back(
            "credit", lambda pk: carrying.undo(credit_use_id=pk, actor=self.school.treasurer, at=self.at), name=name
        )
        if undone:
            self.model.owe(account, dong)

    def undo_settlement(self) -> None:
        name = self.some("settlement")
        if not name:
            return
        settled = Settlement.objects.select_related("payment_request").get(pk=name.split(":")[1])
        assert settled.payment_request.account_id is not None
        undone = self.take_back(
            "settlement",
            lambda pk: undoing.undo(settlement_id=pk, actor=self.school.treasurer, at=self.at),
            name=name,
        )
        if undone:
            self.model.owe(settled.payment_request.account_id, -settled.excess_dong)

    def give_back(self) -> None:
        """The treasurer sends what is owed, and the bank's line is seen."""
        waiting = list(Refund.objects.filter(state=Refund.State.TO_DO).order_by("pk"))
        if not waiting:
            self.ask_back()
            return
        task = self.dice.choice(waiting)
        ordered = refunds.order_out(
            refund_id=task.pk, payee_bin="970436", payee_account="0123456789", payee_holder="TRAN THI HANH",
            actor=self.school.treasurer, key=self.key(), at=self.at,
        )  # fmt: skip
        assert ordered.account_id is not None
        self.model.owe(ordered.account_id, -ordered.amount_dong)
        self.line(ordered.code, ordered.amount_dong, direction="out")
        ordered.refresh_from_db()
        assert ordered.state == Refund.State.SENT

    def ask_back(self) -> None:
        owed = [(account, dong) for account, dong in self.model.credit.items() if dong]
        if owed:
            account, dong = self.dice.choice(owed)
            refunds.ask(
                account_id=account, amount_dong=dong, reason="phụ huynh xin lại", key=self.key(),
                actor=self.school.treasurer, at=self.at,
            )  # fmt: skip

    # -- how it is done ------------------------------------------------------------------------------------

    def some(self, kind: str) -> str:
        live = [name for name in self.model.paid if name.startswith(f"{kind}:") and self.model.paid[name]]
        return self.dice.choice(live) if live else ""

    def code_in(self, name: str) -> str:
        return next(iter(self.model.paid[name]))[0]

    def take_back(self, kind: str, undo: Callable[[int], object], *, name: str = "") -> bool:
        """Undo one document; refused exactly where an item would be left with less than was given back of it, or
        where its money is on its way."""
        name = name or self.some(kind)
        if not name:
            return False
        hurts = any(self.model.of_item(*where) < dong for where, dong in self.model.paid[name].items())
        try:
            undo(int(name.split(":")[1]))
        except Refused as refused:
            if not hurts and refused.code != "MONEY_ON_ITS_WAY":
                raise
            return False
        assert not hurts
        del self.model.paid[name]
        return True

    def usable(self, account: int) -> int:
        """What is owed to a payer and not meant to be sent back."""
        tasks = Refund.objects.filter(account=account, state=Refund.State.TO_DO)
        return self.model.credit.get(account, 0) - sum(task.amount_dong for task in tasks)

    def line(self, memo: str, dong: int, *, direction: str = "in") -> BankTransaction:
        account = self.school.bank_account
        told = arrival(memo, dong, at=self.at, account=account.number, direction=direction)
        written = inbox.write_down(
            arrival=replace(told, reference=f"FT{next(self.numbers)}"), organization=self.school.organization,
            bank_account=account, source="sepay:live", at=self.at,
        )  # fmt: skip
        assert written.transaction is not None
        return settlement.settle(transaction_id=written.transaction.pk, at=self.at)

    def compare(self) -> None:
        for request in PaymentRequest.objects.filter(bill__isnull=False):
            asked = self.model.bills[request.code].asked
            assert request.asked_dong == sum(asked.values())
            assert request.due_dong == self.model.due(request.code)
        for bundle in PaymentRequest.objects.filter(is_bundle=True):
            parts = bundles.parts_of(bundle)
            assert bundle.due_dong == min(bundle.asked_dong, sum(self.model.due(part.code) for part in parts))
        for account in BillingAccount.objects.all():
            owed = ledger.balance_dong(
                organization=self.school.organization, kind=Kind.OWED_TO_PAYERS, subject=account.subject
            )
            assert owed == self.model.credit.get(account.pk, 0)


@pytest.mark.django_db
@pytest.mark.simulation
@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_and_the_books_agree_after_every_step(school: School, seed: int) -> None:
    walk = Walk(school, seed)
    for number in range(STEPS):
        walk.step()
        walk.compare()
        if number % 10 == 9:
            assert is_clean(school.organization, at=walk.at)
