"""Boxes: what is in them, handing over with two people, counting with the difference booked, and a day's sheet."""

from datetime import timedelta

import pytest

from base.money import BadAmount
from base.periods import vietnam_day
from base.refusals import KeyReused, NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry, RoleGrant
from payments import cash, cash_boxes, cash_days
from payments.cash_boxes import CountDiffers, HandoverDecided, LongNote, MoreThanInBox, NotAKeeper, NoteMissing
from payments.cash_days import What
from payments.deeds import ReasonMissing
from payments.models import CashCount, CashHandover, CashReceipt
from tests.payments.cash_world import School, bill, school

__all__ = ["school"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def fill(school: School, dong: int, *, keeper=None, key: str = "f", at=None) -> CashReceipt:
    """So much cash for a fresh bill into a box."""
    asked = bill(school.khanh, {school.meals: dong})
    return cash.receive(
        code=asked.code, amount_dong=dong, actor=keeper or school.lan, key=key, at=at or school.world.now
    )


def offer(school: School, dong: int, *, key: str = "o", **more) -> CashHandover:
    given = {"actor": school.lan, "to_keeper_id": school.binh.pk, "at": school.world.now} | more
    return cash_boxes.offer(organization_id=school.organization.pk, amount_dong=dong, key=key, **given)


def accept(school: School, handover: CashHandover, dong: int | None = None, **more) -> CashHandover:
    given = {"actor": school.binh, "at": school.world.now} | more
    counted = handover.amount_dong if dong is None else dong
    return cash_boxes.accept(handover_id=handover.pk, counted_dong=counted, **given)


def count(school: School, dong: int, *, key: str = "c", **more) -> CashCount:
    given = {"actor": school.lan, "at": school.world.now} | more
    return cash_boxes.count(organization_id=school.organization.pk, counted_dong=dong, key=key, **given)


def box(school: School, keeper=None) -> int:
    return cash_boxes.box_dong(school.organization, keeper or school.lan)


def test_nothing_moves_before_the_other_one_has_counted(school):
    fill(school, 500_000)
    offered = offer(school, 300_000, note="chiều thứ hai")
    assert (offered.number, offered.state, box(school), box(school, school.binh)) == (1, "offered", 500_000, 0)
    taken = accept(school, offered)
    assert (taken.state, taken.decided_at) == ("accepted", school.world.now)
    assert (box(school), box(school, school.binh)) == (200_000, 300_000)


def test_accepting_twice_books_once(school):
    fill(school, 500_000)
    offered = offer(school, 300_000)
    assert accept(school, offered) == accept(school, offered)
    assert Entry.objects.filter(event="cash_moved").count() == 1


def test_another_count_is_not_accepted_but_refused_with_a_reason_that_the_giver_reads(school):
    fill(school, 500_000)
    offered = offer(school, 300_000)
    for counted in (299_000, 301_000):
        with pytest.raises(CountDiffers) as refused:
            accept(school, offered, counted)
        assert "300.000" in refused.value.message
    with pytest.raises(ReasonMissing):
        cash_boxes.refuse(handover_id=offered.pk, reason=" ", actor=school.binh, at=school.world.now)
    gone = cash_boxes.refuse(
        handover_id=offered.pk, reason="thiếu một tờ 1.000", actor=school.binh, at=school.world.now
    )
    assert (gone.state, gone.reason, box(school)) == ("refused", "thiếu một tờ 1.000", 500_000)
    with pytest.raises(HandoverDecided):
        accept(school, offered)


def test_the_giver_takes_it_back_while_nobody_has_counted(school):
    fill(school, 500_000)
    offered = offer(school, 300_000)
    assert cash_boxes.withdraw(handover_id=offered.pk, actor=school.lan, at=school.world.now).state == "withdrawn"
    with pytest.raises(HandoverDecided):
        accept(school, offered)
    second = offer(school, 500_000, key="2")
    accept(school, second)
    with pytest.raises(HandoverDecided):
        cash_boxes.withdraw(handover_id=second.pk, actor=school.lan, at=school.world.now)


def test_never_more_is_offered_than_the_box_still_holds(school):
    fill(school, 500_000)
    offer(school, 300_000)
    with pytest.raises(MoreThanInBox) as refused:
        offer(school, 200_001, key="2")
    assert "200.000" in refused.value.message
    assert offer(school, 200_000, key="3").number == 2


def test_what_has_left_meanwhile_is_not_accepted(school):
    taken = fill(school, 500_000)
    offered = offer(school, 500_000)
    cash.void(receipt_id=taken.pk, reason="ghi nhầm", actor=school.lan, at=school.world.now)
    with pytest.raises(MoreThanInBox):
        accept(school, offered)
    assert (box(school), box(school, school.binh)) == (0, 0)


def test_the_key_offers_once(school):
    fill(school, 500_000)
    assert offer(school, 300_000) == offer(school, 300_000)
    with pytest.raises(KeyReused):
        offer(school, 200_000)


def test_two_people_it_takes_both_of_whom_keep_cash_here(school):
    fill(school, 500_000)
    world = school.world
    for stranger in (school.lan, world.manager, world.other_treasurer, world.buyer):
        with pytest.raises(NotAKeeper):
            offer(school, 1_000, to_keeper_id=stranger.pk)
    offered = offer(school, 300_000)
    for stranger in (school.lan, school.nga, world.manager, world.other_treasurer):
        with pytest.raises(NotFound):
            accept(school, offered, actor=stranger)
        with pytest.raises(NotFound):
            cash_boxes.refuse(handover_id=offered.pk, reason="không phải", actor=stranger, at=world.now)
    with pytest.raises(NotFound):
        cash_boxes.withdraw(handover_id=offered.pk, actor=school.binh, at=world.now)
    with pytest.raises(NotFound):
        offer(school, 1_000, actor=world.manager)


def test_who_no_longer_keeps_cash_accepts_nothing(school):
    fill(school, 500_000)
    offered = offer(school, 300_000)
    RoleGrant.objects.filter(user=school.binh).update(until=vietnam_day(school.world.now) - timedelta(days=1))
    with pytest.raises(NotFound):
        accept(school, offered)


def test_no_such_sum_and_no_novel(school):
    fill(school, 500_000)
    for dong in (0, -1, 2**53):
        with pytest.raises(BadAmount):
            offer(school, dong)
    with pytest.raises(LongNote):
        offer(school, 1_000, note="x" * 201)


def test_what_fits_books_nothing(school):
    fill(school, 500_000)
    counted = count(school, 500_000)
    assert (counted.number, counted.expected_dong, counted.entry_id) == (1, 500_000, None)
    assert Entry.objects.filter(event__startswith="counted").count() == 0


@pytest.mark.parametrize(("dong", "loss", "gain"), [(480_000, 20_000, 0), (510_000, 0, 10_000), (0, 500_000, 0)])
def test_a_difference_needs_a_reason_and_is_booked(school, dong, loss, gain):
    fill(school, 500_000)
    with pytest.raises(NoteMissing) as refused:
        count(school, dong)
    assert "500.000" in refused.value.message
    assert count(school, dong, note="trả nhầm tiền thối").note == "trả nhầm tiền thối"
    total = {kind: ledger.total_dong(organization=school.organization, kind=kind) for kind in Kind}
    assert (total[Kind.LOSSES], total[Kind.OTHER_RECEIPTS], box(school)) == (loss, gain, dong)


def test_several_a_day_each_with_its_number(school):
    fill(school, 500_000)
    count(school, 490_000, note="thiếu một tờ")
    again = count(school, 500_000, key="2", note="tìm thấy trong sổ")
    assert (again.number, again.expected_dong, box(school)) == (2, 490_000, 500_000)


def test_the_key_counts_once(school):
    fill(school, 500_000)
    assert count(school, 490_000, note="thiếu") == count(school, 490_000, note="thiếu")
    assert box(school) == 490_000


def test_what_was_offered_is_still_hers_to_count(school):
    fill(school, 500_000)
    offer(school, 300_000)
    assert count(school, 500_000).expected_dong == 500_000


@pytest.mark.parametrize("who", ["manager", "other_treasurer", "buyer"])
def test_a_stranger_counts_nothing_here(school, who):
    with pytest.raises(NotFound):
        count(school, 0, actor=getattr(school.world, who))


def test_a_days_sheet_goes_from_morning_to_evening_without_a_gap(school):
    now = school.world.now
    fill(school, 40_000, key="0", at=now - timedelta(days=1))
    first, second = fill(school, 300_000, key="1"), fill(school, 200_000, key="2", at=now + timedelta(minutes=5))
    cash.void(receipt_id=second.pk, reason="ghi nhầm", actor=school.lan, at=now + timedelta(minutes=6))
    accept(school, offer(school, 100_000), at=now + timedelta(minutes=7))
    count(school, 239_000, note="thiếu một tờ", at=now + timedelta(minutes=8))
    sheet = cash_days.day_sheet(organization=school.organization, keeper=school.lan, day=vietnam_day(now))
    assert [(one.what, one.dong) for one in sheet.movements] == [
        (What.RECEIVED, 300_000), (What.RECEIVED, 200_000), (What.VOIDED, -200_000), (What.GIVEN, -100_000),
        (What.COUNTED, -1_000),
    ]  # fmt: skip
    assert (sheet.opening_dong, sheet.closing_dong, sheet.unexplained_dong) == (40_000, 239_000, 0)
    assert sheet.movements[0].document == first
    theirs = cash_days.day_sheet(organization=school.organization, keeper=school.binh, day=vietnam_day(now))
    assert (theirs.opening_dong, theirs.closing_dong, [one.what for one in theirs.movements]) == (
        0, 100_000, [What.TAKEN],
    )  # fmt: skip


def test_a_receipt_voided_on_a_later_day_stands_on_both(school):
    now = school.world.now
    taken, later = fill(school, 300_000), now + timedelta(days=2)
    cash.void(receipt_id=taken.pk, reason="ghi nhầm", actor=school.binh, at=later)
    sheets = [
        cash_days.day_sheet(organization=school.organization, keeper=school.lan, day=vietnam_day(at))
        for at in (now, now + timedelta(days=1), later)
    ]
    assert [[one.what for one in sheet.movements] for sheet in sheets] == [[What.RECEIVED], [], [What.VOIDED]]
    assert [(sheet.opening_dong, sheet.closing_dong) for sheet in sheets] == [
        (0, 300_000), (300_000, 300_000), (300_000, 0)
    ]  # fmt: skip


def test_all_boxes_show_who_holds_what_also_of_one_who_has_left(school, django_assert_max_num_queries):
    fill(school, 300_000, keeper=school.nga)
    offer(school, 100_000, actor=school.nga)
    RoleGrant.objects.filter(user=school.nga).delete()
    with django_assert_max_num_queries(6):
        boxes = cash_days.boxes(school.organization, on=vietnam_day(school.world.now))
    assert {(one.keeper.pk, one.dong, one.waiting_dong) for one in boxes} == {
        (school.nga.pk, 300_000, 100_000), (school.lan.pk, 0, 0), (school.binh.pk, 0, 0)
    }  # fmt: skip
