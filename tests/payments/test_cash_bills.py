"""Cash for bills and bundles: one receipt, its đồng on the right items, the rounding on the last of them."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from payments import bundles, cash
from payments.models import Bill, CashReceipt, ItemShare, PaymentRequest
from tests.payments.cash_world import School, bill, school

__all__ = ["school"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def receive(school: School, code: str, dong: int, *, key: str = "k", **more) -> CashReceipt:
    return cash.receive(code=code, amount_dong=dong, key=key, **{"actor": school.lan, "at": school.world.now} | more)


def receive_bills(school: School, requests, dong: int, *, key: str = "k", **more) -> CashReceipt:
    given = {"actor": school.lan, "at": school.world.now, "organization_id": school.organization.pk} | more
    return cash.receive_bills(codes=[request.code for request in requests], amount_dong=dong, key=key, **given)


def balance(school: School, kind: Kind, subject: str = "") -> int:
    return ledger.balance_dong(organization=school.organization, kind=kind, subject=subject)


def turnover(school: School, item) -> int:
    return balance(school, Kind.BILL_ITEMS, f"fee_item:{item.pk}")


def shares_of(receipt: CashReceipt) -> list[tuple[int, int, int]]:
    rows = ItemShare.objects.filter(cash_receipt=receipt).order_by("pk")
    return list(rows.values_list("bill_id", "fee_item_id", "amount_dong"))


def again(request: PaymentRequest) -> PaymentRequest:
    return PaymentRequest.objects.get(pk=request.pk)


def test_a_part_fills_the_items_in_the_billers_order_and_the_last_one_closes_the_bill(school):
    asked = bill(school.an, {school.fees: 50_000, school.meals: 120_000})
    part = receive(school, asked.code, 130_000, key="1")
    assert shares_of(part) == [
        (asked.bill_id, school.meals.pk, 120_000), (asked.bill_id, school.fees.pk, 10_000)
    ]  # fmt: skip
    assert (again(asked).state, again(asked).due_dong) == ("part", 40_000)
    rest = receive(school, asked.code, 40_000, key="2")
    assert shares_of(rest) == [(asked.bill_id, school.fees.pk, 40_000)]
    assert (again(asked).state, part.number, rest.number) == ("paid", 1, 2)
    assert (turnover(school, school.meals), turnover(school, school.fees)) == (120_000, 50_000)
    with pytest.raises(cash.RequestClosed):
        receive(school, asked.code, 1_000, key="3")


def test_brothers_bills_are_one_receipt_oldest_due_day_first(school):
    later = bill(school.an, {school.meals: 100_000}, due_on=date(2026, 4, 30))
    sooner = bill(school.brother, {school.meals: 60_000, school.fees: 20_000})
    receipt = receive_bills(school, [later, sooner], 130_000)
    assert shares_of(receipt) == [
        (sooner.bill_id, school.meals.pk, 60_000), (sooner.bill_id, school.fees.pk, 20_000),
        (later.bill_id, school.meals.pk, 50_000),
    ]  # fmt: skip
    assert (again(sooner).state, again(later).due_dong) == ("paid", 50_000)
    bundle = again(receipt.payment_request)
    assert (bundle.is_bundle, bundle.state, bundle.due_dong) == (True, "part", 50_000)
    rest = receive(school, bundle.code, 50_000, key="2")
    assert (again(later).state, again(bundle).state, rest.number) == ("paid", "paid", 2)


@pytest.mark.parametrize(
    ("counted", "gain", "loss"), [(181_000, 198, 0), (180_802, 0, 0)]
)  # 120,401 + 60,401 = 180,802 → 181,000; or she had the coins
def test_the_step_rounds_the_whole_due_of_a_bundle_once(school, counted, gain, loss):
    one, two = bill(school.an, {school.meals: 120_401}), bill(school.brother, {school.meals: 60_401})
    receipt = receive_bills(school, [one, two], counted)
    assert (receipt.amount_dong, receipt.credited_dong) == (counted, 180_802)
    assert (again(one).state, again(two).state) == ("paid", "paid")
    assert balance(school, Kind.CASH, f"keeper:{school.lan.pk}") == counted
    assert (balance(school, Kind.OTHER_RECEIPTS), balance(school, Kind.LOSSES)) == (gain, loss)
    assert turnover(school, school.meals) == 180_802


def test_the_last_item_bears_what_is_rounded_down(school):
    asked = bill(school.an, {school.meals: 100_000, school.fees: 499})
    receive(school, asked.code, 100_000)
    assert (again(asked).state, balance(school, Kind.LOSSES)) == ("paid", 499)
    assert (turnover(school, school.meals), turnover(school, school.fees)) == (100_000, 499)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dues=st.lists(st.integers(1, 300_000), min_size=1, max_size=4), parts=st.lists(st.integers(1, 200_000), max_size=4)
)
def test_however_bills_are_paid_in_parts_no_dong_is_lost(school, dues, parts):
    requests = [bill(school.khanh, {school.meals: due, school.fees: due // 2 + 1}) for due in dues]
    before = turnover(school, school.meals) + turnover(school, school.fees)
    whole = due = sum(request.asked_dong for request in requests)
    bundle = bundles.make(codes=[request.code for request in requests], at=school.world.now)
    for number, part in enumerate(parts):
        if part >= due:
            break
        due -= receive(school, bundle.code, part, key=f"{bundle.pk}-{number}").credited_dong
        assert again(bundle).due_dong == due == sum(again(request).due_dong for request in requests)
    last = cash.rounded_to_step(due, step_dong=1_000)
    assert receive(school, bundle.code, last, key=f"{bundle.pk}").credited_dong == due
    assert {again(request).state for request in requests} == {"paid"}
    assert turnover(school, school.meals) + turnover(school, school.fees) - before == whole


def test_the_same_key_takes_the_money_once_although_the_bills_are_paid_by_then(school):
    two = [bill(school.an, {school.meals: 70_000}), bill(school.brother, {school.meals: 60_000})]
    assert receive_bills(school, two, 130_000) == receive_bills(school, two[::-1], 130_000)
    assert CashReceipt.objects.count() == 1
    with pytest.raises(KeyReused):
        receive_bills(school, two[:1], 130_000)
    with pytest.raises(bundles.NothingDue):
        receive_bills(school, two, 130_000, key="other")


def test_a_bill_paid_alone_leaves_only_the_rest_on_its_bundle(school):
    one, two = bill(school.an, {school.meals: 70_000}), bill(school.brother, {school.meals: 60_000})
    bundle = bundles.make(codes=[one.code, two.code], at=school.world.now)
    receive(school, one.code, 70_000, key="1")
    assert again(bundle).due_dong == 60_000
    with pytest.raises(cash.TooMuchCash) as refused:
        receive(school, bundle.code, 130_000, key="2")
    assert "60.000" in refused.value.message
    receive(school, bundle.code, 60_000, key="3")
    with pytest.raises(cash.RequestClosed):
        receive(school, bundle.code, 1_000, key="4")


def test_nothing_is_taken_for_a_cancelled_bill(school):
    asked = bill(school.an, {school.meals: 70_000})
    PaymentRequest.objects.filter(pk=asked.pk).update(state=PaymentRequest.State.CANCELLED)
    Bill.objects.filter(pk=asked.bill_id).update(cancelled_at=school.world.now)
    with pytest.raises(cash.RequestClosed):
        receive(school, asked.code, 70_000)
    with pytest.raises(bundles.NothingDue):
        receive_bills(school, [asked], 70_000)
    assert not CashReceipt.objects.exists()


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "buyer"])
def test_a_stranger_takes_no_money_for_bills(school, who):
    asked, stranger = bill(school.an, {school.meals: 70_000}), getattr(school.world, who)
    with pytest.raises(NotFound):
        receive(school, asked.code, 70_000, actor=stranger)
    with pytest.raises(NotFound):
        receive_bills(school, [asked], 70_000, actor=stranger)


def test_where_nothing_is_billed_any_more_no_bill_takes_money(school):
    asked = bill(school.an, {school.meals: 70_000})
    school.organization.bills = False
    school.organization.save(update_fields=["bills"])
    with pytest.raises(NotFound):
        receive(school, asked.code, 70_000)
    with pytest.raises(NotFound):
        receive_bills(school, [asked], 70_000)


def test_no_such_sum(school):
    asked = bill(school.an, {school.meals: 70_000})
    for dong in (0, -5, 2**53):
        with pytest.raises(BadAmount):
            receive_bills(school, [asked], dong)
