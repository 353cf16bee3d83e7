"""A household opens its page with code and second factor; whoever guesses learns nothing and has to wait."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.codes import new_code
from cooperatives import trying
from cooperatives.models import Tries
from payments.bills import looking_up
from payments.bills.looking_up import BY_ADDRESS, BY_CODE, Found, Wait
from payments.models import BillingAccount, BundlePart, Household, PaymentRequest
from tests import billers
from tests.billers import School
from tests.payments.conftest import order_bags, request_of
from tests.people import World

HOME, VILLAGE = "14.161.0.7", "10.60.0.1"
DIGITS = "4321"  # of Hạnh's phone
_addresses = (f"10.9.{number // 250}.{number % 250}" for number in count(1))


@pytest.fixture
def asked(school: School) -> PaymentRequest:
    """March of the older child."""
    return billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])


def find(
    code: str, factor: str = DIGITS, *, address: str = HOME, at: datetime = billers.NOW, **more: str
) -> Found | Wait | None:
    return looking_up.find(code=code, second_factor=factor, address=address, at=at, **more)


def guess(times: int, *, code: str = "", address: str = "", at: datetime = billers.NOW) -> None:
    """Wrong tries that were looked at: at one code, from one address, or both."""
    for _number in range(times):
        wanted = code or new_code()
        subjects = [trying.Subject(BY_CODE.scope, wanted)] if code else []
        subjects += [trying.Subject(BY_ADDRESS.scope, address)] if address else []
        trying.note(subjects, at=at)


def waited(found: Found | Wait | None) -> Wait:
    assert isinstance(found, Wait), found
    return found


# -- What opens --------------------------------------------------------------------------------------------------


def test_a_bills_code_and_the_phones_last_digits_open_the_household(school: School, asked: PaymentRequest) -> None:
    assert find(asked.code) == Found(household=school.household, bill=asked.bill)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}.", "{} chuyen"])
def test_a_code_may_be_typed_as_it_comes(school: School, asked: PaymentRequest, typed: str) -> None:
    said = find(typed.format(asked.code.lower()))
    assert (said is not None) is (typed != "{} chuyen")


def test_the_cards_code_is_read_with_and_without_its_dash(school: School) -> None:
    card = school.household.card_code
    for typed in (card, f"{card[:5]}-{card[5:]}", f"{card[:5]} {card[5:]}".lower()):
        assert find(typed) == Found(household=school.household, bill=None)


@pytest.mark.parametrize("factor", ["4321", " 4321", "0987 654 321", "+84987654321", "0987.654.321", "４３２１"])
def test_the_digits_may_be_typed_as_people_do(school: School, asked: PaymentRequest, factor: str) -> None:
    assert find(asked.code, factor) is not None


@pytest.mark.parametrize(
    "factor", ["", "4322", "321", "an", "Nguyễn Văn An", "9876", "\ud800", "\0", "x" * 500, "٤٣٢١a"]
)
def test_anything_else_does_not_open(school: School, asked: PaymentRequest, factor: str) -> None:
    assert find(asked.code, factor) is None


def test_with_no_phone_on_file_a_childs_given_name_opens(school: School, asked: PaymentRequest) -> None:
    Household.objects.update(phone="")
    school.household.refresh_from_db()
    for name in ("An", "an", "AN", "Nguyễn Văn An", "Bình", "binh"):
        assert find(asked.code, name) == Found(household=school.household, bill=asked.bill)
    for name in ("", "Nguyễn", "Cường", "4321", "Hạnh"):
        assert find(asked.code, name, address=next(_addresses)) is None


def test_a_child_of_no_household_opens_its_own_bill_alone(school: School) -> None:
    alone = billers.billing_account(school.organization, "Lê Minh Châu", section="2C")
    asked = billers.bill(school.run, alone, [(school.boarding, 150_000)])
    assert find(asked.code, "Châu") == Found(household=None, bill=asked.bill)
    assert find(asked.code, "Hạnh") is None
    assert find(asked.code, "4321") is None


def test_a_bundles_code_opens_like_a_bills(school: School, asked: PaymentRequest) -> None:
    other = billers.bill(school.run, school.younger, [(school.boarding, 150_000)])
    bundle = bundle_of(asked, other)
    assert find(bundle.code) == Found(household=school.household, bill=None)
    Household.objects.update(phone="")
    BillingAccount.objects.update(household=None)
    assert find(bundle.code, "An") == Found(household=None, bill=asked.bill)


def test_another_households_digits_do_not_open(school: School, asked: PaymentRequest) -> None:
    billers.household(school.organization, "Phạm Văn Đức", phone="+84912345678")
    assert find(asked.code, "5678") is None


def test_an_orders_code_opens_nothing(world: World) -> None:
    assert find(request_of(order_bags(world)).code, "5678") is None


def test_the_api_gets_one_bill_by_its_own_code(school: School, asked: PaymentRequest) -> None:
    said = {"second_factor": DIGITS, "address": HOME, "at": school.now}
    assert looking_up.bill(code=asked.code, **said) == asked.bill
    assert looking_up.bill(code=school.household.card_code, **said) is None
    assert looking_up.bill(code=new_code(), **said) is None


# -- Guessers learn nothing ----------------------------------------------------------------------------------------


@pytest.fixture
def kinds(school: School, asked: PaymentRequest) -> dict[str, str]:
    """Codes with whatever may hang on them: to be tried with a wrong second factor."""
    phoneless = billers.household(school.organization, "Đỗ Văn Em")
    many = billers.household(school.organization, "Bùi Thị Giang")
    for number in range(6):
        billers.billing_account(school.organization, f"Bùi Văn Con {number}", of=many)
    alone = billers.billing_account(school.organization, "Lê Minh Châu")
    of_alone = billers.bill(school.run, alone, [(school.boarding, 150_000)])
    return {
        "nobody's": new_code(), "a card of nobody": "ABCDEFGHJK", "a bill's": asked.code,
        "a card": school.household.card_code,
        "no phone, no child": phoneless.card_code, "no phone, six children": many.card_code,
        "no household": of_alone.code, "a bundle's": bundle_of(asked).code,
    }  # fmt: skip


def test_every_wrong_try_asks_the_same_six_questions(kinds: dict[str, str]) -> None:
    asked = {}
    for kind, code in kinds.items():
        with CaptureQueriesContext(connection) as captured:
            assert find(code, "0000", address=next(_addresses)) is None
        tables = [sorted(name for name in _TABLES if f'"{name}"' in query["sql"]) for query in captured]
        asked[kind] = (len(captured), tables)
    assert set(map(str, asked.values())) == {str(asked["nobody's"])}, asked
    assert asked["nobody's"][0] == 6


_TABLES = {
    "cooperatives_tries", "payments_household", "payments_billingaccount", "payments_paymentrequest", "payments_bill"
}  # fmt: skip


def test_every_wrong_try_compares_as_often(kinds: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    digested: list[str] = []
    real = looking_up._digest
    monkeypatch.setattr(looking_up, "_digest", lambda text: digested.append(text) or real(text))
    counts = {}
    for kind, code in kinds.items():
        digested.clear()
        find(code, "0000", address=next(_addresses))
        counts[kind] = len(digested)
    assert set(counts.values()) == {13}, counts  # the factor, and twelve to compare with


@pytest.mark.parametrize("code", ["", "CP", "0123456789", "CARD-1", "CP7K2M9Q9MA", "x" * 400, "\ud800", "\0" * 9])
def test_a_code_that_cannot_be_costs_a_try_and_asks_for_no_row(school: School, code: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert find(code) is None
    assert len(captured) == 3
    assert all('"cooperatives_tries"' in query["sql"] for query in captured)
    assert sum(Tries.objects.values_list("count", flat=True)) == 1


# -- Waiting -------------------------------------------------------------------------------------------------------


def test_ten_wrong_tries_are_free_and_then_one_waits(school: School, asked: PaymentRequest) -> None:
    for _try in range(10):
        assert find(asked.code, "0000", address=next(_addresses)) is None
    assert waited(find(asked.code, "0000", address=next(_addresses))).seconds == 30
    assert waited(find(asked.code, DIGITS, address=next(_addresses))).seconds == 30
    assert find(new_code(), "0000") is None  # another code, another address: as before


def test_an_address_is_slowed_over_all_codes(school: School, asked: PaymentRequest) -> None:
    for _try in range(10):
        assert find(new_code(), "0000", address=VILLAGE) is None
    assert waited(find(asked.code, address=VILLAGE)).seconds == 5
    assert isinstance(find("no code", address=VILLAGE), Wait)
    assert isinstance(find(asked.code, address=HOME), Found)


def test_right_answers_do_not_count(school: School, asked: PaymentRequest) -> None:
    for _again in range(30):
        assert isinstance(find(asked.code), Found)
    assert sum(Tries.objects.values_list("count", flat=True)) == 0


def test_being_told_to_wait_does_not_count(school: School, asked: PaymentRequest) -> None:
    guess(10, code=asked.code)
    for _again in range(30):
        assert waited(find(asked.code, "0000")).seconds == 30


@pytest.mark.parametrize(
    ("limit", "waits"),
    [
        (BY_ADDRESS, {0: 0, 9: 0, 10: 5, 20: 10, 30: 20, 50: 80, 56: 120, 500: 120, 10**6: 120}),
        (BY_CODE, {0: 0, 9: 0, 10: 30, 12: 60, 14: 120, 18: 480, 19: 600, 500: 600}),
    ],
)
def test_the_wait_grows_to_an_end(limit: looking_up.Limit, waits: dict[int, int]) -> None:
    assert {tries: limit.wait_s(tries) for tries in waits} == waits
    assert all(limit.wait_s(tries) <= limit.wait_s(tries + 1) for tries in range(200))


def test_after_the_wait_the_ticket_opens_and_before_it_says_what_is_left(school: School, asked: PaymentRequest) -> None:
    guess(500, address=VILLAGE)
    wait = waited(find(asked.code, address=VILLAGE))
    assert wait.seconds == 120
    early = waited(find(asked.code, address=VILLAGE, waited=wait.ticket, at=school.now + timedelta(seconds=100)))
    assert early == replace(wait, seconds=20)
    later = school.now + timedelta(seconds=120)
    assert isinstance(find(asked.code, address=VILLAGE, waited=wait.ticket, at=later), Found)


def test_a_ticket_is_for_its_own_code_factor_and_address(school: School, asked: PaymentRequest) -> None:
    guess(10, address=VILLAGE)
    guess(10, code=asked.code)
    later = school.now + timedelta(seconds=60)
    wait = waited(find(asked.code, "0000", address=VILLAGE))
    for code, factor, address in (
        (asked.code, DIGITS, VILLAGE), (new_code(), "0000", VILLAGE), ("", "0000", VILLAGE),
    ):  # fmt: skip
        assert waited(find(code, factor, address=address, waited=wait.ticket, at=later)).ticket != wait.ticket
    other = next(_addresses)
    guess(10, address=other)
    assert isinstance(find(asked.code, "0000", address=other, waited=wait.ticket, at=later), Wait)
    assert find(asked.code, "0000", address=VILLAGE, waited=wait.ticket, at=later) is None


def test_a_carrier_that_hands_out_another_address_does_not_make_one_wait_again(
    school: School, asked: PaymentRequest
) -> None:
    guess(10, code=asked.code)
    wait = waited(find(asked.code, address=VILLAGE))
    later = school.now + timedelta(seconds=30)
    assert isinstance(find(asked.code, address="10.60.0.2", waited=wait.ticket, at=later), Found)


@pytest.mark.parametrize(
    "ticket",
    [
        "",
        "x",
        "a:b:c",
        "\0",
        "é" * 9,
        # A signature carries the second at which it was made: a name of its own, or two workers collect two tests.
        pytest.param(signing.dumps({"pair": "", "from": 0, "stood": {}}), id="signed for something else"),
    ],
)
def test_a_ticket_of_ones_own_making_is_none(school: School, asked: PaymentRequest, ticket: str) -> None:
    guess(10, code=asked.code)
    assert isinstance(find(asked.code, waited=ticket), Wait)


def test_a_ticket_does_not_keep(school: School, asked: PaymentRequest) -> None:
    guess(10, code=asked.code, at=school.now + timedelta(minutes=30))
    wait = waited(find(asked.code, at=school.now + timedelta(minutes=30)))
    good = school.now + timedelta(minutes=45, seconds=30)
    assert isinstance(find(asked.code, waited=wait.ticket, at=good), Found)
    assert isinstance(find(asked.code, waited=wait.ticket, at=good + timedelta(seconds=1)), Wait)


def test_of_many_tickets_for_one_code_only_one_is_good(school: School, asked: PaymentRequest) -> None:
    """Who collects a thousand tickets at once must not have a thousand tries after one wait."""
    guess(10, code=asked.code)
    tickets = {digits: waited(find(asked.code, digits)).ticket for digits in ("1111", "2222", "3333", DIGITS)}
    later = school.now + timedelta(seconds=30)
    answers = [find(asked.code, digits, waited=ticket, at=later) for digits, ticket in tickets.items()]
    assert answers[0] is None
    assert [waited(answer).seconds for answer in answers[1:]] == [43, 43, 43]
    again = waited(find(asked.code, "1111", waited=tickets["1111"], at=later))  # nor is that one good twice
    assert again.seconds == 43


def test_fifty_of_a_village_wait_side_by_side(school: School, asked: PaymentRequest) -> None:
    guess(10, address=VILLAGE)
    codes = [new_code() for _number in range(51)]
    tickets = [waited(find(code, "0000", address=VILLAGE)).ticket for code in codes]
    mine = waited(find(asked.code, address=VILLAGE)).ticket
    later = school.now + timedelta(seconds=5)
    answers = [
        find(code, "0000", address=VILLAGE, waited=ticket, at=later)
        for code, ticket in zip(codes, tickets, strict=True)
    ]
    assert answers[:50] == [None] * 50
    assert waited(answers[50]).seconds == 120
    assert isinstance(find(asked.code, address=VILLAGE, waited=mine, at=later), Wait)


def test_a_browser_that_opened_a_household_is_not_slowed_by_its_address(school: School, asked: PaymentRequest) -> None:
    guess(500, address=VILLAGE)
    assert isinstance(find(asked.code, address=VILLAGE), Wait)
    assert isinstance(find(asked.code, address=VILLAGE, known=school.household.token), Found)
    for _try in range(10):
        assert find(new_code(), "0000", address=VILLAGE, known=school.household.token) is None
    assert isinstance(find(asked.code, address=VILLAGE, known=school.household.token), Wait)  # but by itself


def test_tries_that_come_all_at_once_are_counted_before_they_are_looked_at(
    school: School, asked: PaymentRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of these reads the count before any of the others has been written."""
    guess(10, code=asked.code)
    stale: Iterator[list[int]] = iter([[0, 0]])
    real = trying.made
    monkeypatch.setattr(trying, "made", lambda subjects, *, at: next(stale, None) or real(subjects, at=at))
    assert isinstance(find(asked.code), Wait)
    assert trying.made([trying.Subject(BY_CODE.scope, asked.code)], at=school.now) == [10]


def test_the_limits_forget_within_two_hours(school: School, asked: PaymentRequest) -> None:
    guess(500, code=asked.code, address=HOME)
    assert isinstance(find(asked.code), Wait)
    assert isinstance(find(asked.code, at=school.now + timedelta(hours=2)), Found)


def test_who_guesses_day_and_night_with_many_tickets_gets_a_few_dozen_tries(
    school: School, asked: PaymentRequest
) -> None:
    """A try every ten seconds, from a new address each, with every ticket ever given out: 360 an hour would be."""
    tickets: dict[str, str] = {}
    looked_at = []
    for second in range(0, 6 * 3600, 20):
        at = school.now + timedelta(seconds=second)
        for digits in (f"{second // 20 % 7:04d}", f"9{second // 20 % 5:03d}"):
            answer = find(asked.code, digits, address=f"10.{second % 251}.0.9", waited=tickets.get(digits), at=at)
            if isinstance(answer, Wait):
                tickets[digits] = answer.ticket
            else:
                looked_at.append(second // 3600)
    by_hour = [looked_at.count(hour) for hour in range(6)]
    assert max(by_hour) <= 32, by_hour  # ten are free again once the hours before are forgotten
    assert sum(by_hour) <= 6 * 20, by_hour  # of 10,000 last digits


def bundle_of(*parts: PaymentRequest) -> PaymentRequest:
    bundle = PaymentRequest.objects.create(
        organization=parts[0].organization, is_bundle=True, account=parts[0].account,
        bank_account=parts[0].bank_account, code=new_code(), asked_dong=sum(part.asked_dong for part in parts),
        created_at=parts[0].created_at,
    )  # fmt: skip
    BundlePart.objects.bulk_create([BundlePart(bundle=bundle, part=part) for part in parts])
    return bundle
