"""What the payer of bills is owed, used, asked back, taken back and added to at one moment. PROVE=1: 200 rounds."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from payments.bills import carrying
from payments.models import BillingAccount, CreditUse, GivenBack, PaymentRequest, Refund
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import comes_to
from tests.payments.conftest import is_clean

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.fixture(autouse=True)
def later_books(school: School) -> Iterator[None]:
    yield
    assert is_clean(school.organization, at=timezone.now())


def overpaid(school: School, account: BillingAccount, excess: int) -> PaymentRequest:
    run = billers.bill_run(school.organization, school.bank_account)
    request = billers.bill(run, account, [(school.meals, 100_000)])
    comes_to(school)(request.code, 100_000 + excess)
    request.refresh_from_db()
    return request


def bill(school: School, account: BillingAccount, dong: int) -> int:
    run = billers.bill_run(school.organization, school.bank_account, month="2026-04")
    bill_id = billers.bill(run, account, [(school.meals, dong)]).bill_id
    assert bill_id is not None
    return bill_id


def by_her(school: School, deed: str, key: str, **more: Any) -> dict[str, Any]:
    return {"deed": deed, "actor": school.treasurer.pk, "key": key, **more}


def test_credit_is_used_and_asked_back_never_more_than_there_is(school, race, rounds):
    for number in rounds("credit used and asked back"):
        account = billers.billing_account(school.organization, f"Nguyễn Văn {number}")
        overpaid(school, account, 70_000)
        bills = [bill(school, account, 30_000) for _one in range(4)]
        answers = race(
            [by_her(school, "use_credit", f"u{number}-{pk}", bill=pk, dong=30_000) for pk in bills]
            + [by_her(school, "ask_credit_back", f"a{number}-{one}", account=account.pk, dong=30_000)
               for one in range(4)]
        )  # fmt: skip
        said = Counter(answers)
        assert said["used"] + said["to_do"] == 2, said
        assert set(said) <= {"used", "to_do", "NO_CREDIT", "MORE_THAN_OWED"}, said
        assert carrying.credit_dong(account.pk) == 10_000


def test_one_bill_takes_credit_once_for_what_is_due(school, race, rounds):
    for number in rounds("one bill, eight uses"):
        account = billers.billing_account(school.organization, f"Nguyễn Văn {number}")
        overpaid(school, account, 500_000)
        pk = bill(school, account, 60_000)
        answers = race([by_her(school, "use_credit", f"{number}-{one}", bill=pk, dong=40_000) for one in range(8)])
        assert Counter(answers) == {"used": 1, "MORE_THAN_DUE": 7}
        assert CreditUse.objects.filter(account=account).count() == 1


def test_a_bill_is_corrected_while_it_is_paid_and_nothing_is_lost(school, race, rounds):
    for number in rounds("a bill corrected and paid"):
        account = billers.billing_account(school.organization, f"Nguyễn Văn {number}")
        pk = bill(school, account, 100_000)
        code = PaymentRequest.objects.get(bill=pk).code
        keeper = {"deed": "cash", "code": code, "actor": school.clerk.pk}
        answers = race(
            [by_her(school, "correct_bill", f"c{number}-{one}", bill=pk, item=school.meals.pk, dong=-30_000)
             for one in range(3)]
            + [keeper | {"dong": 50_000, "key": f"r{number}-{one}"} for one in range(2)]
        )  # fmt: skip
        assert answers[:3] == ["corrected"] * 3
        came = sum(answer.isdecimal() for answer in answers[3:]) * 50_000
        request = PaymentRequest.objects.get(bill=pk)
        assert (request.asked_dong, request.credited_dong) == (10_000, min(came, 10_000))
        assert carrying.credit_dong(account.pk) == max(came - 10_000, 0)
        assert all(answer.isdecimal() or answer in {"TOO_MUCH_CASH", "REQUEST_CLOSED"} for answer in answers[3:])
        assert GivenBack.objects.filter(bill=pk).exists() == (came > 10_000)


def test_an_excess_is_asked_back_or_taken_back_and_never_both(school, race, rounds):
    for number in rounds("excess asked back and taken back"):
        account = billers.billing_account(school.organization, f"Nguyễn Văn {number}")
        settled = overpaid(school, account, 70_000).settlements.get()
        answers = race(
            [by_her(school, "ask_credit_back", f"a{number}-{one}", account=account.pk, dong=70_000) for one in range(2)]
            + [{"deed": "undo", "settlement_id": settled.pk, "actor": school.treasurer.pk}]
        )
        assert answers[2] == "NEEDS_YOU"
        assert set(answers[:2]) <= {"to_do", "MORE_THAN_OWED"}, answers
        assert not Refund.objects.filter(account=account, state="to_do").exists()
