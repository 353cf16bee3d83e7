"""Whatever is paid, corrected, used, undone and given back of three bills, in any order: the books still add up."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.refusals import Refused
from payments import bundles, cash, refunds, undoing
from payments.audit import audit
from payments.bills import carrying, correcting
from payments.bills.correcting import Change
from payments.models import Bill, CashReceipt, CreditUse, PaymentRequest, Refund, Settlement
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import comes_to

pytestmark = pytest.mark.django_db

NAMES = ["pays", "pays_together", "brings_cash", "corrects", "uses", "applies", "undoes_settlement", "undoes_use",
         "voids", "asks_back", "drops", "sends"]  # fmt: skip
STEP = st.tuples(st.sampled_from(NAMES), st.integers(0, 5), st.integers(-120_000, 150_000).filter(bool))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=6, max_size=18), carries=st.booleans())
def test_the_books_add_up_whatever_was_done(school: School, steps: list[tuple[str, int, int]], carries: bool) -> None:
    with transaction.atomic():
        _play(school, steps, carries=carries)
        transaction.set_rollback(True)


def _play(school: School, steps: list[tuple[str, int, int]], *, carries: bool) -> None:
    school.organization.carries_credit = carries
    school.organization.save(update_fields=["carries_credit"])
    game, done = _Game(school), []
    for number, (name, which, dong) in enumerate(steps):
        with suppress(Refused), transaction.atomic():  # that a no changes nothing is seen at the end
            getattr(game, name)(which, dong, f"k{number}")
            done.append((name, which, dong))
    seen = audit(school.organization, at=school.now + timedelta(minutes=1))
    assert seen.is_clean, (done, seen.checks)
    if not carries:  # whatever is owed is on its way back, or somebody is to send it
        assert carrying.credits_of(school.organization) == {}, done


class _Game:
    def __init__(self, school: School) -> None:
        self.school, self.comes = school, comes_to(school)
        self.by_her: dict[str, Any] = {"actor": school.treasurer, "at": school.now}
        self.requests = [
            billers.bill(school.run, school.older, [(school.meals, 60_000), (school.boarding, 40_000)]),
            billers.bill(school.run, school.younger, [(school.meals, 50_300)]),
        ]
        later = billers.bill_run(
            school.organization, school.bank_account, month="2026-04", due_on=billers.DUE + timedelta(days=30)
        )
        self.requests.append(billers.bill(later, school.older, [(school.meals, 70_000)]))

    def _request(self, which: int) -> PaymentRequest:
        return PaymentRequest.objects.select_related("bill").get(pk=self.requests[which % 3].pk)

    def pays(self, which: int, dong: int, key: str) -> None:
        self.comes(f"{self._request(which).code} {key}", abs(dong))

    def pays_together(self, which: int, dong: int, key: str) -> None:
        codes = [self._request(one).code for one in (which, which + 1)]
        self.comes(f"{bundles.make(codes=codes, at=self.school.now).code} {key}", abs(dong))

    def brings_cash(self, which: int, dong: int, key: str) -> None:
        request = self._request(which)
        wanted = min(abs(dong), request.due_dong) or 1
        cash.receive(code=request.code, amount_dong=wanted, actor=self.school.clerk, key=key, at=self.school.now)

    def corrects(self, which: int, dong: int, key: str) -> None:
        item = [self.school.meals, self.school.boarding][which // 3]
        bill_id = self._request(which).bill_id
        assert bill_id is not None
        correcting.correct(bill_id=bill_id, changes=[Change(item.pk, dong)], reason="sửa số", key=key, **self.by_her)

    def uses(self, which: int, dong: int, key: str) -> None:
        bill_id = self._request(which).bill_id
        assert bill_id is not None
        carrying.use(bill_id=bill_id, amount_dong=dong if dong > 0 else None, key=key, **self.by_her)

    def applies(self, which: int, dong: int, key: str) -> None:
        carrying.apply([self._request(one) for one in range(3)], **self.by_her)

    def undoes_settlement(self, which: int, dong: int, key: str) -> None:
        self._one(Settlement, which, lambda pk: undoing.undo(settlement_id=pk, **self.by_her))

    def undoes_use(self, which: int, dong: int, key: str) -> None:
        self._one(CreditUse, which, lambda pk: carrying.undo(credit_use_id=pk, **self.by_her))

    def voids(self, which: int, dong: int, key: str) -> None:
        self._one(CashReceipt, which, lambda pk: cash.void(receipt_id=pk, reason="ghi nhầm", **self.by_her))

    def asks_back(self, which: int, dong: int, key: str) -> None:
        account = self._request(which).account_id
        refunds.ask(account_id=account, amount_dong=abs(dong), reason="xin lại", key=key, **self.by_her)

    def drops(self, which: int, dong: int, key: str) -> None:
        if self.school.organization.carries_credit:
            self._one(Refund, which, lambda pk: refunds.cancel(refund_id=pk, reason="thôi", **self.by_her))

    def sends(self, which: int, dong: int, key: str) -> None:
        payee = {"payee_bin": "970415", "payee_account": "101872345678", "payee_holder": "Tran Thi Hanh"}
        self._one(Refund, which, lambda pk: refunds.order_out(refund_id=pk, key=key, **payee, **self.by_her))

    def _one(self, documents: Any, which: int, do: Callable[[int], object]) -> None:
        ids = list(documents.objects.order_by("pk").values_list("pk", flat=True))
        if ids:
            do(ids[which % len(ids)])


def test_the_game_reaches_every_document(school: School) -> None:
    """One game by hand, so that the one above cannot pass by being refused all along."""
    game = _Game(school)
    game.pays(0, 130_000, "a")  # 30,000 too much
    game.applies(0, 1, "b")  # for the later bill
    game.pays_together(1, 60_000, "c")
    game.brings_cash(2, 10_000, "d")
    game.corrects(0, -20_000, "e")
    game.asks_back(0, 5_000, "f")
    game.uses(2, 3_000, "g")
    assert (CreditUse.objects.count(), CashReceipt.objects.count(), Refund.objects.count()) == (2, 1, 1)
    assert Bill.objects.filter(given_back__amount_dong=20_000).count() == 1
    assert PaymentRequest.objects.filter(is_bundle=True).count() == 1
    assert audit(school.organization, at=school.now).is_clean
