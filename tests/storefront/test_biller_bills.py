"""Bills at the desk: found by every filter, one bill with its items and money, and what is done with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from base.periods import vietnam_day
from payments import cash
from payments.bills import carrying
from payments.models import BillLine, CreditUse, PaymentRequest, Reading
from tests import billers
from tests.payments.bills.incoming import comes_to
from tests.payments.conftest import is_clean
from tests.storefront.desk_walk import body, key_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def nga(school):
    return signed_in(school.treasurer)


@pytest.fixture
def asked(school):
    """An, 3A: meals 500,000 and boarding 150,000, due in ten days."""
    due_on = vietnam_day(timezone.now()) + timedelta(days=10)
    return billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)], due_on=due_on)


@pytest.fixture
def sisters(school):
    """Bình, 1B: meals 400,000, due in March 2026: long overdue."""
    return billers.bill(school.run, school.younger, [(school.meals, 400_000)])


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"An", "Bình"}), ("?state=overdue", {"Bình"}), ("?state=part", {"An"}), ("?state=waiting", {"Bình"}),
        ("?state=paid", set()), ("?section=3A", {"An"}), ("?section=9Z", {"An", "Bình"}),
        ("?month=2026-03", {"An", "Bình"}),
        ("?q=An", {"An"}), ("?q=654321", {"An", "Bình"}), ("?q=khong+ai", set()),
        ("?q=binh", {"Bình"}), ("?q=000", set()),
        ("?state=nonsense", {"An", "Bình"}),
        ("?run=x&item=y&page=z", {"An", "Bình"}), ("?q=%00", {"An", "Bình"}),
    ],
)  # fmt: skip
def test_a_list_is_narrowed(school, nga, asked, sisters, query, seen):
    comes_to(school)(asked.code, 100_000)
    page = body(nga.get(f"/biller/bills/{query}"))
    found = {"An"} if asked.code in page else set()
    assert found | ({"Bình"} if sisters.code in page else set()) == seen


def test_by_item_run_and_code(school, nga, asked, sisters):
    assert sisters.code not in body(nga.get(f"/biller/bills/?item={school.boarding.pk}"))
    assert sisters.code in body(nga.get(f"/biller/bills/?run={school.run.pk}"))
    assert sisters.code not in body(nga.get(f"/biller/bills/?q={asked.code[2:6]}"))


def test_the_page_of_a_bill_says_what_came_with_its_evidence(school, nga, asked):
    line = comes_to(school)(asked.code, 520_000)
    receipt = cash.receive(code=asked.code, amount_dong=30_000, actor=school.clerk, key="k", at=school.now)
    page = body(nga.get(f"/biller/bills/{asked.bill_id}/"))
    assert "Tiền ăn bán trú 500.000\u00a0₫, Chăm sóc bán trú 20.000\u00a0₫" in page
    assert f"/desk/money/{line.pk}/" in page
    assert f"/biller/cash/receipts/{receipt.number}/" in page
    assert "100.000\u00a0₫" in page  # still due
    clerk = body(signed_in(school.clerk).get(f"/biller/bills/{asked.bill_id}/"))
    assert f"/desk/money/{line.pk}/" not in clerk
    assert "Điều chỉnh một mục" not in clerk


def test_an_item_is_corrected_down_and_what_was_paid_is_owed(school, nga, asked):
    comes_to(school)(asked.code, 650_000)
    shown = nga.get(f"/biller/bills/{asked.bill_id}/")
    typed = {"fee_item_id": school.meals.pk, "way": "less", "dong": "50.000", "reason": "nghỉ hai ngày"}
    for _tap in range(2):
        answer = nga.post(f"/biller/bills/{asked.bill_id}/correct/", {**typed, "key": key_in(shown)})
        assert answer.status_code == 303
    asked.refresh_from_db()
    assert (asked.asked_dong, asked.credited_dong) == (600_000, 600_000)
    assert carrying.credit_dong(school.older.pk) == 50_000
    page = body(nga.get(f"/biller/bills/{asked.bill_id}/"))
    assert "nghỉ hai ngày" in page
    assert "Người nộp đang dư 50.000\u00a0₫" in page
    assert f"/desk/refunds/new/?account={school.older.pk}" in page
    assert is_clean(school.organization, at=school.now)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"dong": "nhiều"}, "Chưa đọc được số tiền"), ({"reason": ""}, "Hãy ghi lý do"), ({"way": ""}, "bớt hay thêm"),
        ({"dong": "9.000.000"}, "không giảm nhiều hơn được"), ({"fee_item_id": "0"}, "trong danh sách"),
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_is_refused_beside_its_field(school, nga, asked, typed, said):
    whole = {"fee_item_id": school.meals.pk, "way": "less", "dong": "50.000", "reason": "nghỉ", "key": "k"}
    answer = nga.post(f"/biller/bills/{asked.bill_id}/correct/", {**whole, **typed})
    assert answer.status_code == 422
    assert said in body(answer)
    assert not BillLine.objects.filter(kind="adjustment").exists()


def test_credit_pays_another_bill_and_is_taken_back(school, nga, asked):
    comes_to(school)(asked.code, 700_000)
    run = billers.bill_run(school.organization, school.bank_account, name="Tháng 4", month="2026-04")
    april = billers.bill(run, school.older, [(school.meals, 300_000)])
    shown = nga.get(f"/biller/bills/{april.bill_id}/")
    assert 'value="50000"' in body(shown)
    answer = nga.post(f"/biller/bills/{april.bill_id}/credit/", {"amount_dong": "50.000", "key": "k1"})
    assert answer.status_code == 303
    april.refresh_from_db()
    assert april.due_dong == 250_000
    use = CreditUse.objects.get()
    assert "Trừ vào tiền thừa" in body(nga.get(f"/biller/bills/{april.bill_id}/"))
    assert nga.post(f"/biller/bills/{asked.bill_id}/credit/{use.pk}/undo/").status_code == 404
    assert nga.post(f"/biller/bills/{april.bill_id}/credit/{use.pk}/undo/").status_code == 303
    april.refresh_from_db()
    assert (april.due_dong, carrying.credit_dong(school.older.pk)) == (300_000, 50_000)
    more = nga.post(f"/biller/bills/{april.bill_id}/credit/", {"amount_dong": "60.000", "key": "k2"})
    assert more.status_code == 422


def test_what_one_home_owes_is_put_into_one_code(school, nga, asked, sisters):
    page = body(nga.get(f"/biller/bills/{asked.bill_id}/"))
    assert sisters.code in page
    answer = nga.post(f"/biller/bills/{asked.bill_id}/together/", {"code": [asked.code, sisters.code]})
    bundle = PaymentRequest.objects.get(is_bundle=True)
    assert (answer.status_code, answer.url) == (303, f"/pay/{bundle.code}/")
    assert bundle.asked_dong == 1_050_000


def test_bills_of_another_home_are_never_put_together(school, nga, asked, world):
    stranger = billers.billing_account(school.organization, "Lê Văn Chung", section="2A")
    other = billers.bill(school.run, stranger, [(school.meals, 400_000)])
    answer = nga.post(f"/biller/bills/{asked.bill_id}/together/", {"code": [other.code]})
    assert answer.url.endswith("#together")
    assert not PaymentRequest.objects.filter(is_bundle=True).exists()


def test_a_meter_read_wrongly_is_read_again_and_the_bill_follows(school, nga):
    water = billers.fee_item(school.organization, "Nước", price_dong=6_000, measure="metered", unit_name="m³")
    meter = billers.billing_account(school.organization, "Nhà ông Tư", kind="meter", section="Thôn 2")
    reading = Reading.objects.create(
        account=meter, month="2026-03", read_on=school.now.date(), old_value=100, new_value=130, used=30,
        recorded_at=school.now,
    )  # fmt: skip
    request = billers.bill(school.run, meter, [(water, 180_000)])
    school.run.items.create(fee_item=water, rate=water.rates.get())
    BillLine.objects.filter(bill=request.bill).update(quantity=30, unit_price_dong=6_000, reading=reading)
    page = body(nga.get(f"/biller/bills/{request.bill_id}/"))
    assert "Chỉ số 100 → 130" in page
    typed = {"reading_id": reading.pk, "new_value": "120", "reason": "đọc nhầm", "key": "k"}
    assert nga.post(f"/biller/bills/{request.bill_id}/reading/", typed).status_code == 303
    request.refresh_from_db()
    assert request.asked_dong == 120_000
    page = body(nga.get(f"/biller/bills/{request.bill_id}/"))
    assert "Chỉ số 100 → 130" in page
    assert "chỉ số đúng 100 → 120, dùng 20" in page
    now = Reading.objects.get(account=meter, is_live=True)
    assert f'name="reading_id" value="{now.pk}"' in page  # what was put right can be put right again
    typed |= {"reading_id": now.pk, "new_value": "122", "key": "k3"}
    assert nga.post(f"/biller/bills/{request.bill_id}/reading/", typed).status_code == 303
    request.refresh_from_db()
    assert request.asked_dong == 132_000
    wrong = nga.post(f"/biller/bills/{request.bill_id}/reading/", {**typed, "new_value": "một trăm", "key": "k2"})
    assert wrong.status_code == 422


def test_strangers_and_other_billers_find_nothing(school, asked, world):
    for person in (world.treasurer, world.buyer, world.other_treasurer):
        assert signed_in(person).get(f"/biller/bills/{asked.bill_id}/").status_code == 404
    clerk = signed_in(school.clerk)
    for door in ("correct", "reading", "credit", "credit/1/undo"):
        assert clerk.post(f"/biller/bills/{asked.bill_id}/{door}/", {"key": "k"}).status_code == 404
