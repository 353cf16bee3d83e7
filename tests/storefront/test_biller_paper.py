"""The doors to paper and sheets: attachments for those who may, a 404 for everybody else."""

import io

import openpyxl
import pytest
from django.test import Client

from cooperatives.models import RoleGrant
from payments import cash
from payments.models import BillRun
from tests import billers, people
from tests.payments.bills.incoming import comes_to
from tests.payments.paper.making import Pdf
from tests.storefront.desk_walk import signed_in

pytestmark = pytest.mark.django_db
EVERYBODY, MONEY = {"manager", "treasurer", "clerk"}, {"manager", "treasurer"}


@pytest.fixture
def doors(school):
    """Address → (who may, type) of every door, with money behind it."""
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    hers = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    comes_to(school)(mine.code, 200_000)
    receipt = cash.receive(code=hers.code, amount_dong=400_000, actor=school.clerk, key="k", at=school.now)
    run = f"/biller/runs/{school.run.pk}"
    pdf, csv = "application/pdf", "text/csv; charset=utf-8"
    return {
        f"{run}/slips.pdf": (EVERYBODY, pdf),
        f"{run}/slips.pdf?per=8&section=3A": (EVERYBODY, pdf),
        f"{run}/class-list.pdf": (EVERYBODY, pdf),
        f"{run}/cards.pdf?section=3A": (MONEY, pdf),
        f"/biller/households/{school.household.pk}/card.pdf": (MONEY, pdf),
        f"/biller/cash/receipts/{receipt.pk}.pdf": (EVERYBODY, pdf),
        f"/biller/cash/receipts/{receipt.pk}.pdf?size=58mm": (EVERYBODY, pdf),
        f"/biller/bills/{mine.bill_id}/receipt.pdf": (EVERYBODY, pdf),
        f"{run}/export.csv": (MONEY, csv),
        f"{run}/export.csv?what=payments": (MONEY, csv),
        f"{run}/export.xlsx": (MONEY, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }


def test_each_door_opens_for_those_who_may_and_hands_out_a_file(school, doors):
    for who in ("manager", "treasurer", "clerk"):
        client = signed_in(getattr(school, who))
        for address, (allowed, kind) in doors.items():
            answer = client.get(address)
            assert answer.status_code == (200 if who in allowed else 404), (who, address)
            if who in allowed:
                assert answer.headers["Content-Type"] == kind
                assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
                assert "no-store" in answer.headers["Cache-Control"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert school.older.name not in str(answer.headers)


def test_strangers_and_guests_learn_nothing(school, doors, world):
    stranger = signed_in(world.other_treasurer)
    other_school = signed_in(_accountant_of_another_school())
    for address in doors:
        assert Client().get(address).status_code == 302
        assert stranger.get(address).status_code == 404
        assert other_school.get(address).status_code == 404
        assert signed_in(school.manager).post(address).status_code == 405


def _accountant_of_another_school() -> people.User:
    owner = people.organization("tieu-hoc-khac", "Trường khác")
    owner.bills = True
    owner.save()
    person = people.user("Kế toán khác", "+84911000009")
    people.grant(person, owner, RoleGrant.Role.TREASURER)
    return person


@pytest.mark.parametrize(
    "address",
    [
        "slips.pdf?per=3", "slips.pdf?per=", "slips.pdf?per=x", "slips.pdf?section=%00", "export.ods",
        "export.csv?what=x",
    ],
)  # fmt: skip
def test_what_was_never_offered_is_not_found(school, address):
    billers.bill(school.run, school.older, [(school.meals, 500_000)])
    assert signed_in(school.treasurer).get(f"/biller/runs/{school.run.pk}/{address}").status_code == 404


def test_a_run_without_bills_yet_has_no_paper(school):
    BillRun.objects.filter(pk=school.run.pk).update(state=BillRun.State.DRAFT)
    for name in ("slips.pdf", "class-list.pdf", "cards.pdf", "export.xlsx"):
        assert signed_in(school.treasurer).get(f"/biller/runs/{school.run.pk}/{name}").status_code == 404


def test_a_bill_that_nobody_paid_has_no_receipt_and_a_size_must_be_known(school, doors):
    unpaid = billers.bill(
        billers.bill_run(school.organization, school.bank_account), school.older, [(school.meals, 1_000)]
    )
    client = signed_in(school.treasurer)
    assert client.get(f"/biller/bills/{unpaid.bill_id}/receipt.pdf").status_code == 404
    [receipt] = [address for address in doors if "cash" in address and "size" not in address]
    assert client.get(f"{receipt}?size=a3").status_code == 404


def test_one_class_only(school, doors):
    client = signed_in(school.clerk)
    made = Pdf(client.get(f"/biller/runs/{school.run.pk}/slips.pdf?per=2&section=3A").content)
    assert "Nguyễn Văn An" in made.text
    assert "Nguyễn Thị Bình" not in made.text


def test_the_workbook_holds_bills_and_payments(school, doors):
    answer = signed_in(school.treasurer).get(f"/biller/runs/{school.run.pk}/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["Khoản thu", "Tiền đã nhận"]
    bills, payments = book.worksheets
    assert [bills.cell(2, column).value for column in (2, 6, 7, 8)] == ["Nguyễn Thị Bình", 400_000, 400_000, 0]
    assert {payments.cell(row, 9).value for row in (2, 3)} == {200_000, 400_000}
