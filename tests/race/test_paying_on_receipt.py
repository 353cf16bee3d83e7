"""A buyer changes how she pays while something else happens to her order; and complaints that come at once."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from cooperatives.models import Message, Tries
from orders.complaining import MOST_FROM_ADDRESS
from orders.models import Complaint
from payments.models import BankTransaction
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World
from tests.race.test_payments import call, fresh_order, purse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.usefixtures("plenty")]


@pytest.fixture(autouse=True)
def later_books(world: World) -> Iterator[None]:
    """Whatever was raced: afterwards the books add up."""
    yield
    assert is_clean(world.organization, at=timezone.now())


def test_the_money_comes_at_the_moment_of_the_change(world, feed, race, rounds):
    for number in rounds("changed to cash while paid"):
        order = fresh_order(world)
        change = {"deed": "pay_by", "token": order.token, "pay_by": "CASH", "key": f"k{number}"}
        answers = race([call(feed, request_of(order).code, 75_000, number), change, change])
        assert answers[0] == "200"
        assert set(answers[1:]) in ({"CASH"}, {"TOO_LATE_TO_CHANGE"})
        order.refresh_from_db()
        # Paid either way, and nothing is lost: only whether the change came first differs.
        assert (order.state, order.payment, purse(order)) == ("PLACED", "PAID", 75_000)
        assert order.pay_by == ("CASH" if answers[1] == "CASH" else "TRANSFER")
        assert BankTransaction.objects.latest("pk").state == "SETTLED"


def test_it_falls_due_at_the_moment_of_the_change(world, race, rounds):
    for number in rounds("changed to cash while it expires"):
        order = order_bags(world, 1)  # placed months ago
        change = {"deed": "pay_by", "token": order.token, "pay_by": "CASH", "key": f"k{number}"}
        answer, *_ = race([change, {"deed": "expire"}, {"deed": "expire"}])
        order.refresh_from_db()
        request = request_of(order)
        assert (answer, order.state, order.pay_by, request.state) in {
            ("CASH", "PLACED", "CASH", "waiting"), ("TOO_LATE_TO_CHANGE", "EXPIRED", "TRANSFER", "expired"),
        }  # fmt: skip


def test_two_fingers_change_it_both_ways(world, race, rounds):
    for number in rounds("to cash and to transfer at once"):
        order = fresh_order(world)
        tell = {"deed": "pay_by", "token": order.token}
        race([tell | {"pay_by": way, "key": f"{way}{number}"} for way in ("CASH", "TRANSFER")])
        order.refresh_from_db()
        assert (order.pay_by == "CASH") == (order.expires_at is None) == (request_of(order).expires_at is None)


def test_a_flood_of_complaints_is_cut_off_at_its_limit(world, race, rounds):
    for number in rounds("complaints at once"):
        before = Complaint.objects.count()
        flood = {"deed": "complain", "organization": world.organization.slug, "address": f"203.0.{number}.1"}
        answers = race([flood | {"key": f"{number}-{one}"} for one in range(MOST_FROM_ADDRESS + 2)])
        assert answers.count("TOO_MANY_COMPLAINTS") == 2
        assert Complaint.objects.count() - before == Message.objects.count() - before == MOST_FROM_ADDRESS
        Tries.objects.all().delete()  # the limit of one shop is not met here


def test_two_officers_decide_at_once_and_one_decision_stands(world, race, rounds):
    for number in rounds("two decisions"):
        Tries.objects.all().delete()
        told = {"deed": "complain", "organization": world.organization.slug, "address": f"203.1.{number}.1"}
        race([told | {"key": f"{number}"}] * 3)  # one finger, three taps
        complaint = Complaint.objects.latest("pk")
        decide = {"deed": "close_complaint", "complaint": complaint.pk}
        answers = race(
            [
                decide | {"decision": said, "actor": who.pk, "key": f"{said}{number}"}
                for said, who in (("Đổi hàng", world.manager), ("Trả tiền", world.treasurer))
            ]
        )
        assert answers.count("COMPLAINT_CLOSED") == 1
        complaint.refresh_from_db()
        assert complaint.decision in answers
        assert Message.objects.filter(about=f"complaint:{complaint.pk}").count() == 2
