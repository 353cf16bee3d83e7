"""Reminders: the longest overdue first, one for each household, with words that say what and how; said once a day."""

from datetime import date, timedelta

import pytest

from base.refusals import NotFound
from cooperatives.models import Message
from payments.bills import reminding
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import comes_to
from tests.people import World

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 15)


@pytest.fixture
def overdue(school: School):
    """An and Bình of one household overdue since the 1st and the 10th; Chung, of no household, since the 5th."""
    chung = billers.billing_account(school.organization, "Lê Văn Chung", section="10A")
    days = {school.older: 1, school.younger: 10, chung: 5}
    return {
        account.name.split()[-1]: billers.bill(
            school.run, account, [(school.meals, 200_000), (school.boarding, 150_000)], due_on=date(2026, 3, day)
        )
        for account, day in days.items()
    }


def reminders(school, **more):
    chosen = reminding.payers(school.organization, today=TODAY, **more)
    return reminding.reminders(school.organization, chosen, today=TODAY)


def test_one_for_each_household_the_longest_first(school, overdue):
    hanh, chung = reminders(school)
    assert (hanh.key, hanh.name, hanh.phone, hanh.days) == (
        f"household:{school.household.pk}", "Trần Thị Hạnh", "+84987654321", 14,
    )  # fmt: skip
    assert (hanh.due_dong, [one.bill.account_name for one in hanh.owing]) == (
        700_000, ["Nguyễn Văn An", "Nguyễn Thị Bình"],
    )  # fmt: skip
    assert (chung.name, chung.phone, chung.days, chung.last_at) == ("Lê Văn Chung", "", 10, None)


def test_the_words_say_month_items_what_is_left_and_how_to_pay(school, overdue):
    comes_to(school)(overdue["An"].code, 250_000)
    text = reminders(school)[0].text
    assert "N.V.A. (3A), tháng 03/2026 còn 100.000\u00a0₫ (Chăm sóc bán trú 100.000\u00a0₫), hạn 01/03/2026" in text
    assert overdue["An"].code in text
    assert f"/bills/h/{school.household.token}/" in text
    assert "Tất cả 450.000\u00a0₫" in text
    assert "Nguyễn Văn An" not in text, "a child's name is never whole in a message"


def test_without_a_household_the_way_to_pay_is_the_bills_own_page(school, overdue):
    assert f"/pay/{overdue['Chung'].code}/" in reminders(school)[1].text


def test_what_is_paid_or_not_yet_due_reminds_nobody(school, overdue):
    comes_to(school)(overdue["Chung"].code, 350_000)
    assert [one.name for one in reminders(school)] == ["Trần Thị Hạnh"]
    assert [one.name for one in reminders(school, at_least_days=15)] == []
    assert [one.due_dong for one in reminders(school, section="1B")] == [350_000]
    assert reminding.payers(school.organization, today=date(2026, 3, 1)) == []


def test_said_once_a_day_and_again_the_next(school, overdue):
    key = f"household:{school.household.pk}"
    said = {"organization_id": school.organization.pk, "keys": [key], "through": "phone", "actor": school.clerk}
    (message,) = reminding.remind(**said, at=school.now)
    assert (message.kind, message.state, message.said_by) == (Message.Kind.BILL_DUE, "said", school.clerk)
    assert reminders(school)[0].last_at == school.now
    assert reminding.remind(**said, at=school.now + timedelta(hours=2)) == []
    assert len(reminding.remind(**said, at=school.now + timedelta(days=1))) == 1
    assert Message.objects.filter(organization=school.organization).count() == 2


def test_what_the_outbox_is_to_say_waits_and_needs_a_phone(school, overdue):
    keys = [payer.key for payer in reminding.payers(school.organization, today=TODAY)]
    written = reminding.remind(
        organization_id=school.organization.pk, keys=keys, through="", actor=school.treasurer, at=school.now
    )
    assert [(one.to_phone, one.state) for one in written] == [("+84987654321", "waiting")]


def test_a_stranger_reminds_nobody(school, overdue, world: World):
    key = f"household:{school.household.pk}"
    with pytest.raises(NotFound):
        reminding.remind(
            organization_id=school.organization.pk, keys=[key], through="phone", actor=world.treasurer, at=school.now
        )
    with pytest.raises(NotFound):  # a cooperative that bills nobody
        reminding.remind(
            organization_id=world.organization.pk, keys=[key], through="phone", actor=world.treasurer, at=school.now
        )
    assert not Message.objects.exists()


def test_many_cost_as_many_queries_as_few(school, overdue, django_assert_num_queries):
    for number in range(5):
        parent = billers.household(school.organization, f"Nhà {number}", phone=f"+8491200{number:04d}")
        child = billers.billing_account(school.organization, f"Bạn {number}", section="2A", of=parent)
        billers.bill(school.run, child, [(school.meals, 10_000)], due_on=date(2026, 3, 2))
    with django_assert_num_queries(1 + 6):
        assert len(reminders(school)) == 7
