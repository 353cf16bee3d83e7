"""The run as a sheet: a row a bill, a row a đồng's way; sums that equal the books' own."""

from datetime import date

import pytest
from django.test import TestCase

from payments import cash
from payments.bills.exporting import bills_table, payments_table
from payments.models import BillingAccount, ItemShare
from tests import billers
from tests.payments.bills.incoming import comes_to

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 15)


def test_a_row_for_each_bill_with_its_items(school):
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])
    hers = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    comes_to(school)(mine.code, 520_000)
    table = bills_table(school.run, today=TODAY)
    assert list(table.head[-2:]) == ["Tiền ăn bán trú", "Chăm sóc bán trú"]
    assert list(table.rows) == [
        ["1B", "Nguyễn Thị Bình", school.younger.number, hers.code, billers.DUE, 400_000, 0, 400_000, "chưa thấy tiền",
         400_000, None],
        ["3A", "Nguyễn Văn An", school.older.number, mine.code, billers.DUE, 650_000, 520_000, 130_000,
         "mới nhận một phần", 500_000, 150_000],
    ]  # fmt: skip


def test_overdue_is_said(school):
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    comes_to(school)(mine.code, 20_000)
    states = [row[8] for row in bills_table(school.run, today=date(2026, 4, 1)).rows]
    assert states == ["quá hạn", "quá hạn, mới trả một phần"]


def test_every_dong_that_came_is_a_row_once(school):
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])
    comes_to(school)(mine.code, 520_000)
    receipt = cash.receive(code=mine.code, amount_dong=130_000, actor=school.clerk, key="k", at=school.now)
    rows = list(payments_table(school.run).rows)
    assert [row[1] for row in rows] == ["chuyển khoản", "chuyển khoản", "tiền mặt"]
    assert rows[-1][2] == f"{receipt.number:06d}"
    assert sum(row[-1] for row in rows) == 650_000 == sum(share.amount_dong for share in ItemShare.objects.all())
    type(receipt).objects.filter(pk=receipt.pk).update(undone_at=school.now)
    assert sum(row[-1] for row in payments_table(school.run).rows) == 520_000


@pytest.mark.parametrize("bills", [1, 3])
def test_a_sheet_costs_the_same_queries_for_one_bill_and_for_three(school, bills):
    for number in range(bills):
        account = billers.billing_account(school.organization, f"Nguyễn Văn {number}", section="3A")
        asked = billers.bill(school.run, account, [(school.meals, 20_000), (school.boarding, 5_000)])
        comes_to(school)(asked.code, 25_000)
    assert BillingAccount.objects.count() == bills + 2
    with TestCase().assertNumQueries(4):
        list(bills_table(school.run, today=TODAY).rows)
    with TestCase().assertNumQueries(1):
        list(payments_table(school.run).rows)
