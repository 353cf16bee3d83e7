"""Two lines are one, or one line is two: a person says so, the books follow, and nothing is erased."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from base.refusals import NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from payments import importing, inbox, parting, settlement, triage
from payments.deeds import NotYetBooked, ReasonMissing
from payments.models import BankTransaction, Sighting, SightingMove
from tests.payments.conftest import arrival, is_clean, order_bags, request_of, statement
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

State, Reason = BankTransaction.State, BankTransaction.Reason


def tell(world: World, memo: str = "tien ca kho", dong: int = 150_000, **more: Any) -> BankTransaction:
    source, account = more.pop("source", "sepay:live"), more.pop("account", world.bank_account)
    happened_at = world.now + timedelta(hours=more.pop("hours", 0))
    written = inbox.write_down(
        arrival=arrival(memo, dong, at=happened_at, account=account.number, **more), organization=account.organization,
        bank_account=account, source=source, at=world.now,
    )  # fmt: skip
    assert written.transaction is not None
    return settlement.settle(transaction_id=written.transaction.pk, at=world.now)


def join(world: World, gone: BankTransaction, stays: BankTransaction, **more: Any) -> BankTransaction:
    given = {"reason": "cùng một lần chuyển", "actor": world.treasurer, "at": world.now} | more
    line = parting.join(transaction_id=gone.pk, into_id=stays.pk, **given)
    gone.refresh_from_db()
    return line


def part(world: World, sighting: Sighting, **more: Any) -> BankTransaction:
    given = {"reason": "hai lần chuyển", "actor": world.treasurer, "at": world.now} | more
    return parting.part(sighting_id=sighting.pk, **given)


def in_the_bank(world: World) -> int:
    return ledger.total_dong(organization=world.organization, kind=Kind.BANK)


def moves() -> list[tuple[int, int]]:
    return list(SightingMove.objects.order_by("id").values_list("from_transaction_id", "to_transaction_id"))


# -- Two are one -------------------------------------------------------------------------------------------


def test_two_lines_become_one_and_the_money_is_counted_once(world):
    stays, gone = tell(world), tell(world, "TT tien ca", source="casso:live")
    assert in_the_bank(world) == 300_000
    line = join(world, gone, stays)
    assert in_the_bank(world) == 150_000
    assert sorted(line.sightings.values_list("source", "joined_by")) == [
        ("casso:live", "person"), ("sepay:live", "first"),
    ]  # fmt: skip
    assert (gone.state, gone.reason, gone.joined_into, gone.booked_at) == (State.NOT_OURS, Reason.JOINED, stays, None)
    assert moves() == [(gone.pk, stays.pk)]
    assert SightingMove.objects.get().reason == "cùng một lần chuyển"


def test_joining_again_changes_nothing(world):
    stays, gone = tell(world), tell(world, "khac", source="casso:live")
    assert join(world, gone, stays) == join(world, gone, stays)
    assert (in_the_bank(world), len(moves())) == (150_000, 1)


def test_money_that_left_is_joined_too(world):
    stays, gone = (
        tell(world, memo, direction="out", source=source)
        for memo, source in (("phi", "sepay:live"), ("x", "casso:live"))
    )
    assert in_the_bank(world) == -300_000
    join(world, gone, stays)
    assert in_the_bank(world) == -150_000


def test_a_used_line_is_not_taken_out_of_the_books(world):
    stays, gone = tell(world, source="casso:live"), tell(world, request_of(order_bags(world)).code)
    with pytest.raises(parting.StillUsed):
        join(world, gone, stays)
    assert (in_the_bank(world), moves()) == (300_000, [])
    assert join(world, stays, gone).state == State.SETTLED  # the other way round it can be


def test_only_the_same_money_is_joined(world):
    line = tell(world)
    for other in (tell(world, dong=150_001), tell(world, direction="out")):
        with pytest.raises(parting.NotTheSameMoney):
            join(world, other, line)
    with pytest.raises(parting.NotTheSameMoney):
        join(world, line, line)
    assert moves() == []


def test_two_rows_of_one_file_are_two(world):
    importing.import_statement(
        bank_account_id=world.bank_account.pk, name="a.csv", actor=world.treasurer, at=world.now,
        data=statement([("15/03/2026", "FT1", 150_000, "a"), ("15/03/2026", "FT2", 150_000, "b")]),
    )  # fmt: skip
    one, other = BankTransaction.objects.order_by("id")
    with pytest.raises(parting.NotTheSameMoney):
        join(world, one, other)


def test_what_is_joined_takes_no_more_evidence(world):
    stays, gone = tell(world), tell(world, "khac han", source="casso:live")
    join(world, gone, stays)
    line = tell(world, "khac han", source="payos:live")
    assert line not in (gone, stays)
    with pytest.raises(parting.NotTheSameMoney):
        join(world, line, gone)


def test_a_message_that_gets_other_evidence_by_hand_is_booked(world):
    order = order_bags(world)
    claim = tell(world, "chuyen tien", source="sms", hours=-3)
    assert (claim.state, claim.reason, in_the_bank(world)) == (State.NEEDS_YOU, Reason.SMS_ONLY, 0)
    told = tell(world, "CP", source="casso:live")
    line = join(world, told, claim)
    assert (line.state, in_the_bank(world)) == (State.NEW, 0)
    settlement.settle(transaction_id=line.pk, at=world.now)
    order.refresh_from_db()
    assert in_the_bank(world) == 150_000


def test_a_message_joined_into_a_booked_line_is_only_evidence(world):
    claim, line = tell(world, "chuyen tien", source="sms", hours=-3), tell(world)
    assert join(world, claim, line).sightings.count() == 2
    assert in_the_bank(world) == 150_000


# -- One is two --------------------------------------------------------------------------------------------


def test_evidence_that_is_parted_is_money_of_its_own(world):
    line = tell(world, reference="FT1")
    tell(world, "cach goi khac", source="casso:live", reference="FT1")
    second = line.sightings.get(source="casso:live")
    own = part(world, second)
    assert (own.state, own.memo, own.amount_dong) == (State.NEW, "", 150_000)
    assert moves() == [(line.pk, own.pk)]
    settlement.settle(transaction_id=own.pk, at=world.now)
    assert in_the_bank(world) == 300_000
    assert [*own.sightings.values_list("source", "parted", "joined_by")] == [("casso:live", True, "person")]


def test_a_code_counts_for_the_parted_evidence_only_where_it_says_it(world):
    code = request_of(order_bags(world, 4)).code
    line = tell(world, code, reference="FT1")
    tell(world, f"chuyen nham, khong phai {code}", source="casso:live", reference="FT1")
    own = part(world, line.sightings.get(source="casso:live"))
    assert settlement.settle(transaction_id=own.pk, at=world.now).reason == Reason.NO_CODE
    tell(world, code.lower(), source="payos:live")
    twin = part(world, line.sightings.get(source="payos:live"))
    assert settlement.settle(transaction_id=twin.pk, at=world.now).state == State.SETTLED  # 300,000 were asked


def test_the_same_call_again_finds_its_parted_evidence(world):
    line = tell(world, source_id="1")
    tell(world, source="casso:live", source_id="9")
    own = part(world, line.sightings.get(source="casso:live"))
    assert tell(world, source="casso:live", source_id="9") == own
    assert BankTransaction.objects.count() == 2


def test_the_only_evidence_is_not_parted(world):
    with pytest.raises(parting.OnlySighting):
        part(world, tell(world).sightings.get())
    assert BankTransaction.objects.count() == 1


def test_what_contradicts_itself_goes_together(world):
    line = tell(world)
    tell(world, source="casso:live", source_id="9")
    tell(world, "khac", 150_000, source="casso:live", source_id="9")
    own = part(world, line.sightings.filter(source="casso:live").first())
    assert (own.sightings.count(), line.sightings.count()) == (2, 1)


def test_a_line_left_with_a_message_alone_leaves_the_books(world):
    claim = tell(world, source="sms")
    line = tell(world)
    assert (line, in_the_bank(world)) == (claim, 150_000)
    own = part(world, line.sightings.get(source="sepay:live"))
    line.refresh_from_db()
    assert (line.state, line.reason, line.booked_at) == (State.NEEDS_YOU, Reason.SMS_ONLY, None)
    settlement.settle(transaction_id=own.pk, at=world.now)
    assert in_the_bank(world) == 150_000


def test_a_line_left_with_a_message_alone_must_be_unused(world):
    code = request_of(order_bags(world)).code
    tell(world, code, source="sms")
    line = tell(world, code)
    with pytest.raises(parting.StillUsed):
        part(world, line.sightings.get(source="sepay:live"))
    assert (in_the_bank(world), moves()) == (150_000, [])


def test_what_only_the_parted_evidence_said_goes_with_it(world):
    line = tell(world)
    tell(world, source="statement", reference="FT7", balance_dong=900_000)
    own = part(world, line.sightings.get(source="statement"))
    line.refresh_from_db()
    assert (line.reference, line.balance_dong, own.reference, own.balance_dong) == ("", None, "FT7", 900_000)


# -- And back ----------------------------------------------------------------------------------------------


def test_joining_and_parting_come_out_where_they_began(world):
    stays, gone = tell(world), tell(world, "noi dung rieng", source="casso:live")
    line = join(world, gone, stays)
    own = part(world, line.sightings.get(source="casso:live"))
    assert own.memo == "noi dung rieng"
    settlement.settle(transaction_id=own.pk, at=world.now)
    assert in_the_bank(world) == 300_000
    assert is_clean(world.organization, at=world.now)
    own.refresh_from_db()
    assert join(world, own, stays).sightings.count() == 2
    assert in_the_bank(world) == 150_000


def test_what_a_person_kept_is_given_back_before_a_join(world):
    stays, gone = tell(world), tell(world, "khac", source="casso:live")
    triage.keep_as_debt(
        transaction_id=gone.pk, code=None, reason="trả lại sau", actor=world.treasurer, key=None, at=world.now
    )
    with pytest.raises(parting.StillUsed):
        join(world, gone, stays)


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "clerk", "buyer"])
def test_a_stranger_finds_neither(world, who):
    stays, gone = tell(world), tell(world, "khac", source="casso:live")
    theirs = tell(world, account=world.other_bank_account)
    actor = getattr(world, who)
    with pytest.raises(NotFound):
        join(world, gone, stays, actor=actor)
    with pytest.raises(NotFound):
        part(world, stays.sightings.get(), actor=actor)
    with pytest.raises(NotFound):
        join(world, gone, theirs)
    assert moves() == []


def test_a_reason_is_needed(world):
    stays, gone = tell(world), tell(world, "khac", source="casso:live")
    with pytest.raises(ReasonMissing):
        join(world, gone, stays, reason=" ")
    with pytest.raises(ReasonMissing):
        part(world, stays.sightings.get(), reason="a")


# -- What stands in no book, and what was taken out of one ------------------------------------------------


@pytest.mark.parametrize(
    ("memo", "dong", "hours", "reason"),
    [("tien cu", 150_000, -200 * 24, Reason.BEFORE_OPENING), ("xin chao", 0, 0, Reason.NO_AMOUNT)],
)
def test_evidence_of_what_is_never_booked_is_parted_into_no_book(world, memo, dong, hours, reason):
    line = tell(world, memo, dong, hours=hours)
    tell(world, memo, dong, hours=hours, source="casso:live")
    own = part(world, line.sightings.get(source="casso:live"))
    own = settlement.settle(transaction_id=own.pk, at=world.now)
    assert (own.state, own.reason, own.booked_at, in_the_bank(world)) == (State.NOT_OURS, reason, None, 0)


def test_a_line_that_was_taken_out_keeps_its_message_until_the_machine_has_booked_it_anew(world):
    line = tell(world)
    tell(world, source="sms")
    own = part(world, line.sightings.get(source="sepay:live"))
    settlement.settle(transaction_id=own.pk, at=world.now)
    join(world, tell(world, "khac han", source="casso:live", hours=2), line)
    line.refresh_from_db()
    assert (line.state, line.booked_at) == (State.NEW, None)
    with pytest.raises(NotYetBooked):  # without it the booking of before would look like this one
        part(world, line.sightings.get(source="sms"))
    settlement.settle(transaction_id=line.pk, at=world.now)
    assert in_the_bank(world) == 300_000
    part(world, line.sightings.get(source="sms"))


def test_who_moved_evidence_is_never_rewritten(world):
    stays, gone = tell(world), tell(world, "TT tien ca", source="casso:live")
    join(world, gone, stays)
    for changed in ({"reason": "khác"}, {"from_transaction": stays}, {"actor": world.manager}):
        with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
            SightingMove.objects.update(**changed)
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        SightingMove.objects.all().delete()
