"""Cash counted by a named keeper: rounded by the rule, numbered without gaps, booked once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from catalog.models import Variant
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry, Message
from payments import cash, closing
from payments.models import CashReceipt, PaymentRequest
from tests.payments.conftest import order_bags, request_of
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def receive(world: World, code: str, dong: int, *, key: str = "k", **more) -> CashReceipt:
    return cash.receive(code=code, amount_dong=dong, key=key, **{"actor": world.clerk, "at": world.now} | more)


def priced(world: World, price_dong: int) -> str:
    """The code of an order that costs so much."""
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=price_dong)
    return request_of(order_bags(world, 1, pay_by="CASH")).code


def balance(world: World, kind: Kind, subject: str = "") -> int:
    return ledger.balance_dong(organization=world.organization, kind=kind, subject=subject)


@pytest.mark.parametrize(
    ("price", "counted", "gain", "loss"),
    [
        (75_000, 75_000, 0, 0),
        (75_499, 75_000, 0, 499),  # rounded down
        (75_500, 76_000, 500, 0),  # half up
        (75_499, 75_499, 0, 0),  # she had the coins
        (400, 1_000, 600, 0),  # never to nothing
    ],
)
def test_the_whole_due_may_be_rounded_to_the_step(world, price, counted, gain, loss):
    receipt = receive(world, priced(world, price), counted)
    receipt.payment_request.order.refresh_from_db()
    assert (receipt.amount_dong, receipt.credited_dong, receipt.payment_request.order.payment) == (
        counted, price, "PAID",
    )  # fmt: skip
    assert balance(world, Kind.CASH, f"keeper:{world.clerk.pk}") == counted
    assert balance(world, Kind.PREPAID, f"order:{receipt.payment_request.order_id}") == price
    assert (balance(world, Kind.OTHER_RECEIPTS), balance(world, Kind.LOSSES)) == (gain, loss)
    assert Message.objects.filter(kind="order_paid").count() == 1


@given(due=st.integers(1, 10**9), step=st.sampled_from([1, 500, 1_000, 5_000]))
def test_rounding_is_at_most_half_a_step_and_never_to_nothing(due, step):
    rounded = cash.rounded_to_step(due, step_dong=step)
    assert rounded % step == 0
    assert rounded >= step
    assert due < step or abs(rounded - due) * 2 <= step


def test_a_part_stays_a_part_and_the_last_one_closes_it(world):
    code = priced(world, 75_400)
    part = receive(world, code, 75_000 - 1_000, key="1")
    assert (part.credited_dong, part.payment_request.state) == (74_000, "part")
    last = receive(world, code, 1_000, key="2")
    assert (last.credited_dong, last.payment_request.state) == (1_400, "paid")
    assert (part.number, last.number) == (1, 2)


def test_what_is_more_than_due_is_handed_back_first(world):
    code = priced(world, 75_400)
    for dong in (75_401, 76_000, 10**15):
        with pytest.raises(cash.TooMuchCash) as refused:
            receive(world, code, dong)
        assert "75.000" in refused.value.message
    assert not CashReceipt.objects.exists()


def test_numbers_run_without_gaps_in_each_organization(world):
    code = priced(world, 75_000)
    receive(world, code, 10_000, key="1")
    with pytest.raises(cash.TooMuchCash):
        receive(world, code, 900_000, key="2")
    receive(world, code, 10_000, key="3", actor=world.treasurer)
    assert list(CashReceipt.objects.order_by("id").values_list("number", flat=True)) == [1, 2]


def test_the_same_key_takes_the_money_once(world):
    code = priced(world, 75_000)
    assert receive(world, code, 10_000) == receive(world, code, 10_000)
    assert Entry.objects.count() == 1
    with pytest.raises(KeyReused):
        receive(world, code, 20_000)
    other = receive(world, code, 10_000, actor=world.treasurer)  # another keeper's key is another key
    assert other.number == 2


def test_nothing_is_taken_for_what_is_closed(world, comes):
    paid = order_bags(world, 1)
    comes(request_of(paid).code, 75_000)
    expired = order_bags(world, 1)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    cancelled = order_bags(world, 1)
    closing.cancel(order_id=cancelled.pk, actor=world.treasurer, reason="", at=later)
    for order in (paid, expired, cancelled):
        with pytest.raises(cash.RequestClosed):
            receive(world, request_of(order).code, 1_000, at=later)
    assert not CashReceipt.objects.exists()


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "buyer"])
def test_a_stranger_has_no_cash_box_here(world, who):
    code = priced(world, 75_000)
    with pytest.raises(NotFound):
        receive(world, code, 75_000, actor=getattr(world, who))
    assert (CashReceipt.objects.count(), request_of_code(code)) == (0, "waiting")


@pytest.mark.parametrize("code", ["", "CP7K2M9Q9M", "CP\x00", "CP\ud800", "x" * 5_000])
def test_an_unknown_code_is_not_found(world, code):
    with pytest.raises(NotFound):
        receive(world, code, 1_000)


@pytest.mark.parametrize("dong", [0, -5, 2**53])
def test_no_such_sum(world, dong):
    with pytest.raises(BadAmount):
        receive(world, priced(world, 75_000), dong)


def request_of_code(code: str) -> str:
    return PaymentRequest.objects.get(code=code).state
