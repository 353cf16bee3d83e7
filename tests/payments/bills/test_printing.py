"""A run on paper: each bill's own code, its arrears in the same code, in the order of class and given name."""

import pytest
from django.test import TestCase

from base.codes import new_code
from payments import bundles
from payments.bills import printing, publishing
from payments.bills.runs import ItemWanted
from payments.models import Bill, BillingAccount, BillLine, BillRun, Household, PaymentRequest, Reading
from payments.paper.slip import Arrear
from payments.providers import vietqr
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import comes_to
from tests.payments.bills.test_runs import draft
from tests.payments.paper.making import Page, Pdf, places

pytestmark = pytest.mark.django_db
THOUSAND = 1_000


def codes_by_place(page: Page, across: int, down: int) -> list[tuple[vietqr.Decoded, str]]:
    """What a reader finds in each place of a page, and the text that stands there."""
    codes = page.codes()
    return [
        (vietqr.decode(payload), page.text_in(*place))
        for place in places(page, across, down)
        for payload, right, up in codes
        if place[0] < right < place[2] and place[1] < up < place[3]
    ]


def a_thousand_bills(school: School) -> list[PaymentRequest]:
    """Plain rows: as many accounts of one class, each with its own sum."""
    numbers = range(THOUSAND)
    accounts = BillingAccount.objects.bulk_create(
        BillingAccount(
            organization=school.organization, kind="pupil", number=f"HS-{number:04d}", name=f"Nguyễn Thị Ánh {number}",
            section="3A", since=billers.people.OPENED_ON, created_at=school.now,
        )
        for number in numbers
    )  # fmt: skip
    bills = Bill.objects.bulk_create(
        Bill(
            organization=school.organization, run=school.run, account=account, account_name=account.name, section="3A",
            due_on=school.run.due_on, created_at=school.now,
        )
        for account in accounts
    )  # fmt: skip
    asked = [100_000 + 1_000 * number for number in numbers]
    BillLine.objects.bulk_create(
        BillLine(
            bill=bill, fee_item=school.meals, position=1, name=school.meals.name, unit_price_dong=dong, full_dong=dong,
            amount_dong=dong, at=school.now,
        )
        for bill, dong in zip(bills, asked, strict=True)
    )  # fmt: skip
    return PaymentRequest.objects.bulk_create(
        PaymentRequest(
            organization=school.organization, bill=bill, account=account, bank_account=school.bank_account,
            code=new_code(), asked_dong=dong, created_at=school.now,
        )
        for bill, account, dong in zip(bills, accounts, asked, strict=True)
    )  # fmt: skip


def test_a_thousand_slips_each_decode_to_their_own_bill(school):
    """Drawn, rendered to pixels at 150 dpi, read by an independent reader: eight a page, the smallest code there is."""
    requests = {request.code: request for request in a_thousand_bills(school)}
    made = Pdf(printing.run_slips(school.run, per_page=8))
    assert len(made.pages) == THOUSAND / 8
    read = [found for page in made.pages for found in codes_by_place(page, 2, 4)]
    assert {decoded.memo for decoded, _text in read} == requests.keys()
    assert len(read) == THOUSAND
    for decoded, text in read:
        request = requests[decoded.memo or ""]
        assert request.account is not None
        assert decoded.amount_dong == request.asked_dong
        assert (decoded.bin, decoded.account) == (school.bank_account.bin, school.bank_account.number)
        assert request.code in text
        assert request.account.number in text


def test_arrears_come_in_the_same_code(school):
    old = billers.bill_run(
        school.organization, school.bank_account, name="Tháng 2/2026", month="2026-02",
        due_on=billers.DUE.replace(month=2, day=28),
    )  # fmt: skip
    older = billers.bill(old, school.older, [(school.meals, 90_000)])
    now = billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])
    bundle = bundles.make(codes=[older.code, now.code], at=school.now)
    [page] = Pdf(printing.run_slips(school.run)).pages
    [(payload, _across, _up)] = page.codes()
    decoded = vietqr.decode(payload)
    assert (decoded.memo, decoded.amount_dong) == (bundle.code, 740_000)
    text = page.text.replace("\u00a0", " ")
    assert "Nợ kỳ trước: Tháng 2/2026 90.000 ₫" in text
    assert f"Chỉ trả kỳ này: chuyển 650.000 ₫, nội dung {now.code}" in text
    [slip] = printing.slips_of(old)
    assert (slip.memo, slip.arrears) == (older.code, ())  # the older run's slip asks for its own bill alone


def test_a_published_run_is_printed_with_what_publishing_bundled(school):
    old = billers.bill_run(
        school.organization, school.bank_account, month="2026-02", due_on=billers.DUE.replace(month=2, day=28)
    )
    older = billers.bill(old, school.older, [(school.boarding, 90_000)])
    run = draft(school, ItemWanted(school.meals.pk, 20), school.boarding)
    publishing.publish(run_id=run.pk, actor=school.treasurer, key="publish", at=school.now)
    an, binh = sorted(printing.slips_of(run), key=lambda slip: slip.name == "Nguyễn Thị Bình")
    bundle = PaymentRequest.objects.get(is_bundle=True)
    assert (an.memo, an.due_dong, an.arrears) == (bundle.code, 650_000 + 90_000, (Arrear(old.name, older.due_dong),))
    assert (binh.memo, binh.due_dong, binh.arrears) == (
        PaymentRequest.objects.get(bill__run=run, account=school.younger).code, 650_000, ()
    )  # fmt: skip
    assert [item.detail.replace("\u00a0", " ") for item in an.items] == ["20 suất × 25.000 ₫", ""]


def test_arrears_that_were_paid_meanwhile_leave_the_bill_alone(school):
    comes = comes_to(school)
    old = billers.bill_run(school.organization, school.bank_account, due_on=billers.DUE.replace(month=2, day=28))
    older = billers.bill(old, school.older, [(school.meals, 90_000)])
    now = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    bundles.make(codes=[older.code, now.code], at=school.now)
    comes(older.code, 90_000)
    [slip] = printing.slips_of(school.run)
    assert (slip.memo, slip.due_dong, slip.arrears) == (now.code, 500_000, ())


def test_a_bundle_with_a_sister_is_not_on_the_slip_of_one(school):
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    hers = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    bundles.make(codes=[mine.code, hers.code], at=school.now)
    assert {slip.memo for slip in printing.slips_of(school.run)} == {mine.code, hers.code}


def test_a_bundle_whose_bill_was_corrected_is_not_printed(school):
    old = billers.bill_run(school.organization, school.bank_account, due_on=billers.DUE.replace(month=2, day=28))
    older = billers.bill(old, school.older, [(school.meals, 90_000)])
    now = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    bundles.make(codes=[older.code, now.code], at=school.now)
    PaymentRequest.objects.filter(pk=now.pk).update(asked_dong=520_000)
    [slip] = printing.slips_of(school.run)
    assert (slip.memo, slip.due_dong) == (now.code, 520_000)


def test_a_part_paid_and_a_paid_bill(school):
    comes = comes_to(school)
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    hers = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    comes(mine.code, 200_000)
    comes(hers.code, 400_000)
    said = {slip.number: slip for slip in printing.slips_of(school.run)}
    part, paid = said[school.older.number], said[school.younger.number]
    assert (part.paid_dong, part.due_dong) == (200_000, 300_000)
    assert vietqr.decode(part.payload).amount_dong == 300_000
    assert (paid.due_dong, paid.payload, paid.memo) == (0, "", "")


def test_slips_go_by_class_and_given_name_and_can_be_one_class(school):
    names = [("10A", "Nguyễn Văn An"), ("2A", "Trần Văn Bình"), ("2A", "Lê Thị Ánh"), ("2A", "Đỗ Văn An")]
    for section, name in names:
        account = billers.billing_account(school.organization, name, section=section)
        billers.bill(school.run, account, [(school.meals, 1_000)])
    said = [(slip.section, slip.name) for slip in printing.slips_of(school.run)]
    assert said == [
        ("Lớp 2A", "Đỗ Văn An"), ("Lớp 2A", "Lê Thị Ánh"), ("Lớp 2A", "Trần Văn Bình"), ("Lớp 10A", "Nguyễn Văn An")
    ]  # fmt: skip
    assert [slip.name for slip in printing.slips_of(school.run, sections=["10A"])] == ["Nguyễn Văn An"]


def test_cancelled_bills_have_no_slip(school):
    request = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    Bill.objects.filter(pk=request.bill_id).update(cancelled_at=school.now)
    assert list(printing.slips_of(school.run)) == []


def test_a_line_tells_its_readings_reduction_and_reason(school):
    water = billers.fee_item(school.organization, "Nước sạch", price_dong=7_000, measure="metered", unit_name="m³")
    request = billers.bill(school.run, school.older, [(water, 154_000)])
    reading = Reading.objects.create(
        account=school.older, month="2026-03", read_on=billers.DUE, old_value=1234, new_value=1256, used=22,
        recorded_at=school.now,
    )  # fmt: skip
    BillLine.objects.filter(bill=request.bill).update(
        reading=reading, quantity=22, unit_price_dong=7_000, full_dong=154_000, reduction_dong=15_400,
        reduction_name="Hộ nghèo", amount_dong=138_600,
    )  # fmt: skip
    BillLine.objects.create(
        bill=request.bill, fee_item=water, position=water.position, kind="adjustment", name="Nước sạch",
        amount_dong=-7_000, reason="đọc nhầm số", at=school.now,
    )  # fmt: skip
    [slip] = printing.slips_of(school.run)
    charge, adjustment = slip.items
    assert charge.detail.replace("\u00a0", " ") == (
        "chỉ số cũ 1.234, mới 1.256, 22 m³ × 7.000 ₫, giảm 15.400 ₫ (Hộ nghèo)"
    )
    assert (adjustment.name, adjustment.amount_dong, adjustment.detail) == (
        "Nước sạch (điều chỉnh)", -7_000, "đọc nhầm số"
    )  # fmt: skip


def test_the_class_list_shows_what_the_slips_ask(school):
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    comes_to(school)(mine.code, 200_000)
    made = Pdf(printing.class_lists(school.run, printed_on=billers.DUE))
    text = made.text.replace("\u00a0", " ")
    for said in ("DANH SÁCH THU: Lớp 3A", "Nguyễn Văn An", "300.000", "trả một phần", "Không dán công khai"):
        assert said in text


def test_cards_say_which_factor_and_never_the_factor(school, settings):
    settings.SITE_URL = "https://chophien.example.vn"
    without_phone = billers.household(school.organization, "Lê Văn Tư")
    BillingAccount.objects.filter(pk=school.younger.pk).update(household=without_phone)
    households = printing.households_of(organization_id=school.organization.pk)
    assert [one.name for one in households] == ["Lê Văn Tư", "Trần Thị Hạnh"]  # 1B before 3A
    [page] = Pdf(printing.cards(households)).pages
    codes = [(link, page.text_in(*place)) for place in places(page, 2, 4) for link, across, up in page.codes()
             if place[0] < across < place[2] and place[1] < up < place[3]]  # fmt: skip
    for household, (link, text) in zip(households, codes, strict=True):
        assert link == f"https://chophien.example.vn/bills/h/{household.token}/"
        assert f"{household.card_code[:5]}-{household.card_code[5:]}" in text
        assert "chophien.example.vn/bills/" in text
    assert "bốn số cuối của số điện thoại" in codes[1][1]
    assert "tên gọi" in codes[0][1]
    assert "N.V.A. · 3A" in codes[1][1]
    assert "4321" not in page.text  # of her phone
    assert "Nguyễn Văn An" not in page.text


def test_households_of_some_accounts_only(school):
    other = billers.household(school.organization, "Lê Văn Tư")
    found = printing.households_of([school.older.pk], organization_id=school.organization.pk)
    assert found == [school.household]
    assert other not in found


@pytest.mark.parametrize("bills", [1, 3])
def test_paper_costs_the_same_queries_for_one_bill_and_for_three(school, bills):
    old = billers.bill_run(school.organization, school.bank_account, due_on=billers.DUE.replace(month=2, day=28))
    for number in range(bills):
        account = billers.billing_account(school.organization, f"Nguyễn Văn {number}", section="3A")
        older = billers.bill(old, account, [(school.meals, 10_000)])
        now = billers.bill(school.run, account, [(school.meals, 20_000), (school.boarding, 5_000)])
        bundles.make(codes=[older.code, now.code], at=school.now)
    run = BillRun.objects.select_related("organization").get(pk=school.run.pk)
    case = TestCase()
    with case.assertNumQueries(6):
        printing.run_slips(run)
    with case.assertNumQueries(2):
        printing.cards(printing.households_of(organization_id=school.organization.pk))
    assert Household.objects.count() == 1
