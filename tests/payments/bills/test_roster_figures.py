"""Lists of readings and of counts: whose row it is, what is wrong with it, and that a list again changes nothing."""

from datetime import date
from typing import Any

import pytest

from base.refusals import NotFound, Refused
from payments.bills.roster.outcome import Outcome, Wish
from payments.bills.roster.taking import look, opened_and_proposed, take_in
from payments.models import BillingAccount, BillRun, Reading, RosterImport, RunCount, RunItem
from tests import billers
from tests.billers import School
from tests.payments.bills.roster_files import Rows, xlsx

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Số đồng hồ", "Chủ hộ", "Chỉ số cũ", "Chỉ số mới", "Tiêu thụ"]


@pytest.fixture
def meters(school: School) -> dict[str, BillingAccount]:
    return {
        number: billers.billing_account(school.organization, name, number=number, section=section, kind="meter")
        for number, name, section in (
            ("0012", "Phạm Văn Tám", "Xóm 2"), ("0013", "Vũ Thị Chín", "Xóm 2"), ("14", "Lê Mười", "Xóm 10"),
        )
    }  # fmt: skip


@pytest.fixture
def draft(school: School) -> BillRun:
    made = billers.bill_run(school.organization, school.bank_account, name="Nháp", month="2026-04")
    BillRun.objects.filter(pk=made.pk).update(state="draft", published_at=None)
    RunItem.objects.create(run=made, fee_item=school.meals, quantity=0)
    return made


def taken(school: School, rows: Rows, *, kind: str, key: str, actor: Any = None, **wish: Any) -> RosterImport:
    data = xlsx(rows)
    book, proposal = opened_and_proposed(data, organization=school.organization, kind=kind)
    return take_in(
        organization_id=school.organization.pk, name="cs.xlsx", data=data, book=book, proposal=proposal,
        pointing=proposal.pointing, wish=Wish(kind=kind, day=wish.pop("day", date(2026, 2, 28)), **wish),
        actor=actor or school.treasurer, key=key, at=school.now,
    )  # fmt: skip


def looked(school: School, rows: Rows, *, kind: str, **wish: Any) -> Outcome:
    book, proposal = opened_and_proposed(xlsx(rows), organization=school.organization, kind=kind)
    return look(
        organization_id=school.organization.pk, book=book, proposal=proposal, pointing=proposal.pointing,
        wish=Wish(kind=kind, day=date(2026, 2, 28), **wish), actor=school.treasurer, at=school.now,
    )  # fmt: skip


def codes(done: RosterImport) -> list[tuple[int, str]]:
    return [(fault["row"], fault["code"]) for fault in done.faults]


def test_readings_come_in_once(school, meters):
    rows = [HEAD, [1, "0012", "Phạm Văn Tám", 100, 112, 12], [2, 13, "Vũ Thị Chín", "50", "1.050", "1.000,00"],
            [3, "14", "", 0, 7, ""], ["Tổng", "", "", "", "", 1019]]  # fmt: skip
    wish: dict[str, Any] = {"kind": "readings", "month": "2026-02"}
    first = taken(school, rows, key="a", **wish)
    assert (first.rows, first.added, codes(first)) == (3, 3, [])
    read = {one.account.number: (one.old_value, one.new_value, one.used) for one in Reading.objects.all()}
    assert read == {"0012": (100, 112, 12), "0013": (50, 1050, 1000), "14": (0, 7, 7)}
    again = taken(school, rows, key="b", day=date(2026, 3, 3), **wish)
    assert (again.added, again.changed, again.same) == (0, 0, 3)


def test_a_faulty_reading_is_named_and_the_others_come_in(school, meters):
    rows = [
        HEAD, [1, "0012", "Phạm Văn Tám", 100, 90, ""], [2, "0013", "Ai Đó", 1, 2, 1], [3, "99", "", 1, 2, 1],
        [4, "14", "", 0, "mười", ""], [5, "14", "", 0, 5, 5],
    ]  # fmt: skip
    done = taken(school, rows, kind="readings", key="a", month="2026-02")
    assert codes(done) == [
        (2, "METER_WENT_BACK"), (3, "NAME_DIFFERS"), (4, "NO_ACCOUNT"), (5, "SAME_NUMBER"), (6, "SAME_NUMBER"),
    ]  # fmt: skip
    assert done.added == 0
    fewer = taken(school, [*rows[:4], [4, "14", "", 0, "mười", ""]], kind="readings", key="b", month="2026-02")
    assert codes(fewer)[-1] == (5, "BAD_FIGURE")
    missing = taken(school, [HEAD, [4, "14", "", 0, "", ""]], kind="readings", key="c", month="2026-02")
    assert codes(missing) == [(2, "NO_FIGURE")]


def test_looking_keeps_nothing(school, meters):
    rows = [HEAD, [1, "0012", "Phạm Văn Tám", 100, 112, 12]]
    seen = looked(school, rows, kind="readings", month="2026-02")
    assert (seen.rows, seen.added) == (1, 1)
    assert not Reading.objects.exists()
    assert not RosterImport.objects.exists()


def test_meters_without_numbers_are_found_by_name_and_hamlet(school, meters):
    rows = [["Chủ hộ", "Xóm", "Số cũ", "Số mới"], ["Phạm Văn Tám", "Xóm 2", 1, 2], ["Phạm Văn Tám", "Xóm 10", 1, 2]]
    done = taken(school, rows, kind="readings", key="a", month="2026-02")
    assert done.added == 1
    assert codes(done) == [(3, "NO_ACCOUNT")]


def test_heads_of_readings_over_two_rows(school, meters):
    rows = [["STT", "Danh bộ", "Chỉ số", "", "Khối lượng"], ["", "", "Cũ", "Mới", "m3"], [1, "0012", 5, 9, 4]]
    data = xlsx(rows, merged=["A1:A2", "B1:B2", "C1:D1"])
    book, proposal = opened_and_proposed(data, organization=school.organization, kind="readings")
    assert proposal.pointing.roles == {"number": 1, "old": 2, "new": 3, "used": 4}
    assert proposal.unclear == ()
    assert len(book.tables) == 1


def test_a_month_that_is_none_is_refused(school, meters):
    with pytest.raises(Refused):
        taken(school, [HEAD, [1, "0012", "", 1, 2, 1]], kind="readings", key="a", month="2026-13")


def test_counts_come_in_once_and_a_corrected_one_changes(school, draft):
    head = ["TT", "Họ và tên", "Lớp", "1", "2", "3", "Tổng số suất"]
    rows = [head, [1, "Nguyễn Văn An", "3A", "x", "x", "", 20], [2, "Nguyễn Thị Bình", "1B", "x", "", "", 15.0]]
    wish: dict[str, Any] = {"kind": "counts", "run_id": draft.pk, "fee_item_id": school.meals.pk}
    first = taken(school, rows, key="a", **wish)
    assert (first.added, first.changed, first.same, codes(first)) == (2, 0, 0, [])
    assert set(RunCount.objects.values_list("account__name", "quantity")) == {
        ("Nguyễn Văn An", 20), ("Nguyễn Thị Bình", 15),
    }  # fmt: skip
    assert taken(school, rows, key="b", **wish).same == 2
    rows[1][-1] = 21
    corrected = taken(school, rows, key="c", **wish)
    assert (corrected.added, corrected.changed, corrected.same) == (0, 1, 1)
    too_many = taken(school, [head, [1, "Nguyễn Văn An", "3A", "", "", "", 10_001]], key="d", **wish)
    assert codes(too_many) == [(2, "BAD_FIGURE")]


def test_counts_of_another_organizations_run_are_not_found(school, draft, world):
    wish: dict[str, Any] = {"kind": "counts", "fee_item_id": school.meals.pk}
    rows = [["Họ và tên", "Số suất"], ["Nguyễn Văn An", 3]]
    for run_id in (draft.pk + 1_000, None):
        with pytest.raises(NotFound):
            taken(school, rows, key="a", run_id=run_id, **wish)
    with pytest.raises(NotFound):
        taken(school, rows, key="a", run_id=draft.pk, actor=world.other_treasurer, **wish)
    assert not RunCount.objects.exists()


def test_the_collector_may_bring_readings_and_no_accounts(school, meters):
    rows = [HEAD, [1, "0012", "", 1, 2, 1]]
    assert taken(school, rows, kind="readings", key="a", month="2026-02", actor=school.clerk).added == 1
    with pytest.raises(NotFound):
        taken(school, [["Họ và tên", "Lớp"], ["A B", "1"]], kind="accounts", key="b", account_kind="pupil",
              actor=school.clerk)  # fmt: skip
