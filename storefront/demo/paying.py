"""Who pays when and how: most by transfer, some in cash, some late, a few never; the collector's box and the files that
the treasurer downloads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from base.money import grouped
from base.periods import vietnam_day
from base.text import without_accents
from payments import bundles, cash, cash_boxes, explaining, importing, settlement
from payments.models import BankTransaction, BillingAccount, BundlePart, CashHandover, PaymentRequest
from storefront.demo.bank_days import BankDays
from storefront.demo.billing import Biller

# Of each habit: how likely somebody pays all that is open by himself in each of the six rounds.
HABITS = {
    "quick": (0.0, 0.0, 0.0, 0.0, 0.3, 0.82),
    "slow": (0.0, 0.0, 0.0, 0.0, 0.2, 0.3),
    "late": (0.0, 0.0, 0.1, 0.0, 0.1, 0.0),
    "cash": (0.3, 0.3, 0.3, 0.3, 0.3, 0.55),
    "shown": (1.0, 0.0, 1.0, 0.0, 1.0, 0.0),
    "exact": (0.0, 0.0, 1.0, 1.0, 1.0, 1.0),
    "part": (0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
}
SHARES = {"quick": 72, "slow": 21, "late": 7}
# In the first months one person of each class or hamlet still collected and sent it in one transfer.
TOGETHER = (1, 3)
JOIN_IN = {"quick": 1.0, "slow": 0.7, "part": 1.0}
BANKED = "NOP TIEN MAT VAO TAI KHOAN"


class Payment(NamedTuple):
    when: datetime
    request: PaymentRequest
    account: BillingAccount


class Payers:
    """``by_cash``: how many of all households pay the collector."""

    def __init__(self, biller: Biller, *, by_cash: float) -> None:
        self.biller, self.dice, self.by_cash = biller, biller.dice, by_cash
        self.bank = BankDays(balance_dong=biller.who.opening_dong, dice=self.dice)
        self.habits: dict[int, str] = {}

    def know(self, accounts: Iterable[BillingAccount]) -> None:
        """The habits of every household."""
        for home in dict.fromkeys(_home(account) for account in accounts):
            habit = self.dice.choices(list(SHARES), weights=list(SHARES.values()))[0]
            self.habits[home] = "cash" if self.dice.random() < self.by_cash else habit

    def make(self, account: BillingAccount, habit: str) -> None:
        """Somebody whom the story needs: pays by transfer, as ``habit`` says; only "part" not all that is due."""
        self.habits[_home(account)] = habit

    def pay(self, place: int, *, published: datetime, until: datetime) -> None:
        """The round after a run: transfers and cash as far as ``until``, the box handed over, the files taken in."""
        in_cash: list[Payment] = []
        if place in TOGETHER:
            self._send_together(published)
        for payment in self._decided(place, published=published, until=until):
            if self.habits[_home(payment.account)] == "cash":
                in_cash.append(payment)
            else:
                self.transfer(payment)
        self._collect(sorted(in_cash, key=lambda one: one.when), until=until)
        self.take_file(until=until)

    def transfer(self, payment: Payment, *, dong: int | None = None) -> None:
        """The bank is told; now and then of a part, or of a little too much."""
        due, luck = payment.request.due_dong, self.dice.random()
        if dong is None:
            dong, habit = due, self.habits[_home(payment.account)]
            if habit not in SHARES:
                luck = 0.0 if habit == "part" else 1.0
            if luck < 0.03 and due > 20_000:
                dong = due // 2 // 10_000 * 10_000
            elif luck < 0.05:
                dong = -(-due // 50_000) * 50_000
        account = payment.account
        memo = self.bank.memo(payment.request.code, name=account.name, section=account.section)
        self.bank.comes(payment.when, dong, memo)

    def is_anybody(self, request: PaymentRequest) -> bool:
        """Nobody whom the story needs, and no payer of cash."""
        return self.habits[_home(_account_of(request))] in SHARES

    def open_requests(self) -> list[PaymentRequest]:
        """One of each household that has anything open, its oldest."""
        return [requests[0] for requests in self._open().values()]

    def _decided(self, place: int, *, published: datetime, until: datetime) -> list[Payment]:
        open_, of_run = self._open(), self._bundles_of_run(published)
        decided = []
        for home, requests in open_.items():
            if self.dice.random() >= HABITS[self.habits[home]][place]:
                continue
            when = published + timedelta(days=1 + 22 * self.dice.random() ** 2, minutes=self.dice.randint(-120, 500))
            if when < until:
                request = self._one(requests, of_run, at=published)
                decided.append(Payment(when, request, _account_of(requests[0])))
        return decided

    def _send_together(self, published: datetime) -> None:
        """One transfer for many bills of a class or hamlet, as many as one code may stand for."""
        of_section: defaultdict[str, list[PaymentRequest]] = defaultdict(list)
        for home, requests in self._open().items():
            if self.dice.random() < JOIN_IN.get(self.habits[home], 0):
                of_section[_account_of(requests[0]).section] += requests
        for section, requests in sorted(of_section.items()):
            for first in range(0, len(requests), bundles.MOST):
                codes = [request.code for request in requests[first : first + bundles.MOST]]
                bundle = bundles.make(codes=codes, at=published + timedelta(days=3))
                when = published + timedelta(days=self.dice.randint(8, 20), minutes=self.dice.randint(0, 500))
                self.bank.comes(when, bundle.due_dong, f"{bundle.code} {without_accents(section).upper()} NOP CHUNG")

    def _open(self) -> dict[int, list[PaymentRequest]]:
        """By household, the requests of its bills that something is due on."""
        open_ = PaymentRequest.objects.takes_money().filter(
            organization=self.biller.organization, bill__isnull=False, bill__cancelled_at=None
        )
        by_home: defaultdict[int, list[PaymentRequest]] = defaultdict(list)
        for request in open_.select_related("account").order_by("bill__due_on", "id"):
            by_home[_home(_account_of(request))].append(request)
        return by_home

    def _bundles_of_run(self, published: datetime) -> dict[frozenset[int], PaymentRequest]:
        """What the slips of the last run offer beside the new bill, by the requests it stands for."""
        parts: defaultdict[PaymentRequest, set[int]] = defaultdict(set)
        made = BundlePart.objects.filter(
            bundle__organization=self.biller.organization, bundle__created_at__gte=published
        )
        for part in made.select_related("bundle"):
            parts[part.bundle].add(part.part_id)
        return {frozenset(ids): bundle for bundle, ids in parts.items()}

    def _one(
        self, requests: Sequence[PaymentRequest], of_run: dict[frozenset[int], PaymentRequest], *, at: datetime
    ) -> PaymentRequest:
        if len(requests) == 1:
            return requests[0]
        there = of_run.get(frozenset(request.pk for request in requests))
        return there or bundles.make(codes=[request.code for request in requests], at=at)

    # -- Cash ---------------------------------------------------------------------------------------------------

    def _collect(self, payments: Sequence[Payment], *, until: datetime) -> None:
        """Receipts by the day; the box counted each evening, and handed to the treasurer after the last."""
        step, last = self.biller.organization.cash_step_dong, None
        for payment in payments:
            if last is not None and vietnam_day(payment.when) != vietnam_day(last):
                self._count(last)
            last = payment.when
            cash.receive(
                code=payment.request.code, actor=self.biller.collector, key=next(self.biller.keys), at=last,
                amount_dong=cash.rounded_to_step(payment.request.due_dong, step_dong=step),
            )  # fmt: skip
        if last is not None:
            self._count(last)
            evening = last + timedelta(hours=10)
            if evening < until:
                self._hand_over(evening)

    def _count(self, after: datetime) -> None:
        """What lies there is what the book says."""
        box = cash_boxes.box_dong(self.biller.organization, self.biller.collector)
        cash_boxes.count(
            organization_id=self.biller.organization.pk, counted_dong=box, actor=self.biller.collector,
            key=next(self.biller.keys), at=after + timedelta(minutes=20),
        )  # fmt: skip

    def _hand_over(self, when: datetime) -> None:
        """From the collector to the treasurer, who counts it and brings it to the bank."""
        dong = cash_boxes.box_dong(self.biller.organization, self.biller.collector)
        offered = self._offer(dong, at=when)
        cash_boxes.accept(
            handover_id=offered.pk, counted_dong=dong, actor=self.biller.treasurer, at=when + timedelta(minutes=15)
        )
        self.bank.comes(when + timedelta(hours=2), dong, f"{BANKED} {grouped(dong)}")

    def leave_offer(self, *, at: datetime) -> None:
        """What the collector took since the last time waits for the treasurer to count it."""
        dong = cash_boxes.box_dong(self.biller.organization, self.biller.collector)
        if dong:
            self._offer(dong, at=at)

    def _offer(self, dong: int, *, at: datetime) -> CashHandover:
        return cash_boxes.offer(
            organization_id=self.biller.organization.pk, to_keeper_id=self.biller.treasurer.pk, amount_dong=dong,
            actor=self.biller.collector, key=next(self.biller.keys), at=at,
        )  # fmt: skip

    # -- The bank's files ---------------------------------------------------------------------------------------

    def take_file(self, *, until: datetime) -> None:
        """The treasurer's import of all lines so far, and what she says of those without a code that she knows."""
        data, treasurer = self.bank.file(until=until), self.biller.treasurer
        if data is None:
            return
        importing.import_statement(
            bank_account_id=self.biller.bank_account.pk, name=f"sao-ke-{until:%d-%m-%Y}.csv", data=data,
            actor=treasurer, at=until,
        )  # fmt: skip
        while settlement.settle_new(at=until):
            continue
        waiting = BankTransaction.objects.filter(
            bank_account=self.biller.bank_account, state=BankTransaction.State.NEEDS_YOU
        )
        for line in waiting.filter(memo__startswith=BANKED):
            explaining.explain(
                transaction_id=line.pk, kind="banked", keeper_id=treasurer.pk, reason="tiền thu trong đợt",
                actor=treasurer, key=next(self.biller.keys), at=until,
            )  # fmt: skip


def _home(account: BillingAccount) -> int:
    assert account.household_id is not None
    return account.household_id


def _account_of(request: PaymentRequest) -> BillingAccount:
    assert request.account is not None
    return request.account
