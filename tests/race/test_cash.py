"""Cash that several hands reach for at one moment: receipts, voiding, hand-overs. PROVE=1: 200 rounds of each."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry, RoleGrant, User
from payments import cash, cash_boxes
from payments.models import CashHandover, CashReceipt, ItemShare, PaymentRequest
from tests.payments.cash_world import School, bill, make_school
from tests.payments.conftest import is_clean
from tests.people import World, grant, user
from tests.race.conftest import ROUNDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
COLLECTORS = 8


@pytest.fixture
def school(world: World) -> School:
    return make_school(world)


@pytest.fixture
def collectors(school: School) -> list[User]:
    found = [user(f"Người thu {n}", f"+8491300000{n}", password=None) for n in range(COLLECTORS)]
    for one in found:
        grant(one, school.organization, RoleGrant.Role.CLERK)
    return found


@pytest.fixture(autouse=True)
def later_books(school: School) -> Iterator[None]:
    yield
    assert is_clean(school.organization, at=timezone.now())


def take(school: School, requests: list[PaymentRequest], dong: int, keeper: User, key: str) -> dict[str, Any]:
    return {
        "deed": "take_bills", "organization": school.organization.pk, "codes": [one.code for one in requests],
        "dong": dong, "actor": keeper.pk, "key": key,
    }  # fmt: skip


def box(school: School, keeper: User) -> int:
    return cash_boxes.box_dong(school.organization, keeper)


def turnover(school: School) -> int:
    return ledger.total_dong(organization=school.organization, kind=Kind.BILL_ITEMS)


def filled(school: School, keeper: User, dong: int, key: str) -> CashReceipt:
    asked = bill(school.khanh, {school.meals: dong})
    return cash.receive(code=asked.code, amount_dong=dong, actor=keeper, key=key, at=timezone.now())


def offered(school: School, keeper: User, dong: int, key: str) -> CashHandover:
    return cash_boxes.offer(
        organization_id=school.organization.pk, to_keeper_id=school.binh.pk, amount_dong=dong, actor=keeper, key=key,
        at=timezone.now(),
    )  # fmt: skip


def test_eight_collectors_at_once_number_without_gaps_and_a_double_tap_is_one_receipt(school, collectors, race, rounds):
    for number in rounds("eight collectors, each taps twice"):
        deeds = []
        for place, keeper in enumerate(collectors):
            two = [bill(school.an, {school.meals: 40_000}), bill(school.brother, {school.fees: 20_000})]
            deeds += [take(school, two, 60_000, keeper, f"{number}-{place}")] * 2
        answers = race(deeds)
        assert [answers[place] for place in range(0, 16, 2)] == [answers[place] for place in range(1, 16, 2)]
        numbers = list(CashReceipt.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, number * COLLECTORS + 1))
        assert [box(school, keeper) for keeper in collectors] == [number * 60_000] * COLLECTORS
        assert turnover(school) == number * COLLECTORS * 60_000


def test_eight_collectors_for_the_same_two_brothers_take_it_once(school, collectors, race, rounds):
    for number in rounds("eight collectors, one household"):
        two = [bill(school.an, {school.meals: 40_000}), bill(school.brother, {school.fees: 20_000})]
        answers = race([take(school, two, 60_000, keeper, f"{number}") for keeper in collectors])
        assert Counter(answer.isdigit() for answer in answers) == {True: 1, False: 7}
        assert {answer for answer in answers if not answer.isdigit()} == {"NOTHING_DUE"}
        assert turnover(school) == number * 60_000
        assert set(PaymentRequest.objects.values_list("state", flat=True)) == {"paid"}


def test_brothers_paid_alone_and_together_at_once_are_never_paid_twice(school, collectors, race, rounds):
    for number in rounds("a bill alone, its bundle, the other bill"):
        one, two = bill(school.an, {school.meals: 40_000}), bill(school.brother, {school.fees: 20_000})
        by_hand = [([one], 40_000), ([one, two], 60_000), ([two], 20_000), ([two, one], 60_000)]
        answers = race(
            [take(school, some, dong, collectors[place], f"{number}") for place, (some, dong) in enumerate(by_hand)]
        )
        refused = {answer for answer in answers if not answer.isdigit()}
        assert refused <= {"NOTHING_DUE", "TOO_MUCH_CASH"}
        for asked, dong in ((one, 40_000), (two, 20_000)):
            given = ItemShare.objects.filter(bill=asked.bill_id).values_list("amount_dong", flat=True)
            assert sum(given) == PaymentRequest.objects.get(pk=asked.pk).credited_dong <= dong


def test_one_hand_over_accepted_twice_moves_once(school, race, rounds):
    for number in rounds("one hand-over accepted ×4"):
        filled(school, school.lan, 50_000, f"f{number}")
        handover = offered(school, school.lan, 50_000, f"o{number}")
        accept = {"deed": "accept_cash", "handover": handover.pk, "dong": 50_000, "actor": school.binh.pk}
        assert race([accept] * 4) == ["accepted"] * 4
        assert (box(school, school.lan), box(school, school.binh)) == (0, number * 50_000)
        assert Entry.objects.filter(event="cash_moved").count() == number


def test_a_hand_over_is_accepted_or_taken_back_and_never_both(school, race, rounds):
    for number in rounds("accepted and withdrawn"):
        filled(school, school.lan, 50_000, f"f{number}")
        handover = offered(school, school.lan, 50_000, f"o{number}")
        before = box(school, school.lan)
        answers = race(
            [
                {"deed": "accept_cash", "handover": handover.pk, "dong": 50_000, "actor": school.binh.pk},
                {"deed": "withdraw_cash", "handover": handover.pk, "actor": school.lan.pk},
            ]
        )
        assert (*answers, before - box(school, school.lan)) in {
            ("accepted", "HANDOVER_DECIDED", 50_000), ("HANDOVER_DECIDED", "withdrawn", 0),
        }  # fmt: skip


def test_the_same_cash_is_given_back_or_handed_over_and_never_both(school, race, rounds):
    for number in rounds("voided and handed over"):
        receipt = filled(school, school.lan, 50_000, f"f{number}")
        handover = offered(school, school.lan, 50_000, f"o{number}")
        accept = {"deed": "accept_cash", "handover": handover.pk, "dong": 50_000, "actor": school.binh.pk}
        voids = {"deed": "void", "receipt": receipt.pk, "actor": school.lan.pk}
        answers = race([accept, voids, voids])
        assert tuple(answers) in {
            ("accepted", "CASH_GONE", "CASH_GONE"), ("MORE_THAN_IN_BOX", "void", "void"),
        }  # fmt: skip
        assert box(school, school.lan) == 0
        if answers[0] != "accepted":
            cash_boxes.withdraw(handover_id=handover.pk, actor=school.lan, at=timezone.now())


def test_a_box_is_never_offered_twice(school, race, rounds):
    filled(school, school.lan, 50_000 * ROUNDS, "all")
    for number in rounds("one box offered ×4"):
        offer = {
            "deed": "offer_cash", "organization": school.organization.pk, "to": school.binh.pk, "actor": school.lan.pk,
        }  # fmt: skip
        free = 50_000 * (ROUNDS - number + 1)
        answers = race([offer | {"dong": free, "key": f"{number}-{one}"} for one in range(4)])
        assert Counter(answers) == {"offered": 1, "MORE_THAN_IN_BOX": 3}
        last = CashHandover.objects.latest("number")
        cash_boxes.withdraw(handover_id=last.pk, actor=school.lan, at=timezone.now())
        gone = offered(school, school.lan, 50_000, f"g{number}")
        cash_boxes.accept(handover_id=gone.pk, counted_dong=50_000, actor=school.binh, at=timezone.now())
    numbers = CashHandover.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 2 * ROUNDS + 1))
