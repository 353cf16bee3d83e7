"""A complaint: taken down once, answered by a person, decided; a stranger finds nothing."""

from datetime import date, datetime, timedelta

import pytest

from base.periods import VIETNAM_OFFSET
from base.refusals import KeyReused, NotFound
from cooperatives.models import Message, Organization
from cooperatives.phones import BadPhone
from orders import complaining
from orders.buyers import BadName
from orders.complaining import (
    MOST_FROM_ADDRESS,
    MOST_MESSAGES,
    ComplaintClosed,
    TextMissing,
    TextTooLong,
    TooManyComplaints,
    TooManyMessages,
)
from orders.models import Complaint, ComplaintMessage
from tests.orders.making import place
from tests.people import World

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=VIETNAM_OFFSET)
THERE = "203.113.1.9"


def write(world: World, *, key: str = "k1", at: datetime = FRIDAY, **more: str) -> Complaint:
    told = {
        "organization_slug": world.organization.slug, "about": "goods", "text": "Hai gói bị mốc.",
        "name": "Hoàng Văn Dũng", "phone": "0912 345 678", "order_number": "", "address": THERE, **more,
    }  # fmt: skip
    return complaining.write(key=key, at=at, **told)


def said(complaint: Complaint) -> list[tuple[str, int | None]]:
    return list(complaint.messages.values_list("text", "written_by_id"))


def test_it_has_a_number_a_promised_working_day_and_its_writer_is_told_where_to_look(world: World) -> None:
    complaint = write(world)
    assert complaint.number.startswith("KN-261120-")
    assert len(complaint.number) == len("KN-261120-7K2M")
    assert complaint.answer_by == date(2026, 11, 25)  # three working days after a Friday: the next Wednesday
    assert said(complaint) == [("Hai gói bị mốc.", None)]
    message = Message.objects.get(kind="complaint_received")
    assert (message.to_phone, message.about) == ("+84912345678", f"complaint:{complaint.pk}")
    assert "25/11/2026" in message.text
    assert f"/complaints/{complaint.token}/" in message.text


def test_the_promise_is_the_organizations_own(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(complaint_days=1)
    assert write(world).answer_by == date(2026, 11, 23)


def test_an_order_is_tied_to_it_only_with_the_phone_that_ordered(world: World) -> None:
    (order,) = place((world.variant, 1))
    number = order.number.replace("-", " ").lower()
    mine = write(world, order_number=number, phone=order.buyer_phone)
    strangers = write(world, order_number=number, phone="0987654321", key="k2")
    assert (mine.order, strangers.order) == (order, None)
    assert number in said(strangers)[0][0]  # staff still read what was typed


def test_what_is_typed_as_a_number_may_be_anything(world: World) -> None:
    for place_, typed in enumerate(("DH", "khong biet", "\x00DH-261120-7K2M", "D" * 9000)):
        assert write(world, order_number=typed, key=f"{place_}").order is None


def test_the_same_key_is_the_same_complaint_and_other_words_are_refused(world: World) -> None:
    assert write(world) == write(world)
    with pytest.raises(KeyReused):
        write(world, text="Chuyện khác")
    assert (Complaint.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"text": " \n ... "}, TextMissing),
        ({"text": "ă" * 2001}, TextTooLong),
        ({"name": "12345"}, BadName),
        ({"phone": "không có"}, BadPhone),
        ({"organization_slug": "khong-co"}, NotFound),
        ({"organization_slug": "\x00"}, NotFound),
    ],
)
def test_what_nobody_could_answer_is_not_taken_down(world: World, wrong: dict[str, str], refused: type) -> None:
    with pytest.raises(refused):
        write(world, **wrong)
    assert Complaint.objects.count() == Message.objects.count() == 0


def test_a_closed_shop_is_not_found(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(is_open=False)
    with pytest.raises(NotFound):
        write(world)


def test_nobody_floods_from_one_address_and_another_hour_is_another(world: World) -> None:
    for number in range(MOST_FROM_ADDRESS):
        write(world, key=f"{number}")
    with pytest.raises(TooManyComplaints):
        write(world, key="một nữa")
    assert write(world, key="0").pk  # what was taken down is still found by its key
    write(world, key="người khác", address="203.113.1.10")
    write(world, key="giờ sau", at=FRIDAY + timedelta(hours=2))
    assert Complaint.objects.count() == MOST_FROM_ADDRESS + 2


def test_answers_and_words_go_both_ways_and_the_first_answer_keeps_the_promise(world: World) -> None:
    complaint = write(world)
    later = FRIDAY + timedelta(hours=1)
    complaining.answer(complaint_id=complaint.pk, text="Mai đổi gói mới.", actor=world.clerk, key="a", at=later)
    complaining.say(token=complaint.token, text="Vâng, chiều nhé.", address=THERE, key="b", at=later)
    complaining.answer(
        complaint_id=complaint.pk, text="Chiều mai.", actor=world.manager, key="c", at=later + timedelta(days=9)
    )
    complaint.refresh_from_db()
    assert complaint.answered_at == later
    assert said(complaint)[1:] == [
        ("Mai đổi gói mới.", world.clerk.pk), ("Vâng, chiều nhé.", None), ("Chiều mai.", world.manager.pk),
    ]  # fmt: skip
    assert Message.objects.filter(kind="complaint_answered").count() == 2


def test_a_decision_closes_it_for_both_sides(world: World) -> None:
    complaint = write(world)
    told = {"complaint_id": complaint.pk, "actor": world.treasurer, "at": FRIDAY + timedelta(hours=3)}
    complaining.close(decision="Đổi hai gói mới.", key="x", **told)
    closed = complaining.close(decision="Đổi hai gói mới.", key="x", **told)
    assert (closed.decision, closed.closed_by, closed.answered_at) == (
        "Đổi hai gói mới.", world.treasurer, told["at"],
    )  # fmt: skip
    assert list(Complaint.objects.waiting()) == []
    with pytest.raises(ComplaintClosed):
        complaining.say(token=complaint.token, text="Chưa ưng.", address=THERE, key="y", at=FRIDAY)
    with pytest.raises(ComplaintClosed):
        complaining.answer(complaint_id=complaint.pk, text="Thêm.", actor=world.clerk, key="z", at=FRIDAY)
    with pytest.raises(ComplaintClosed):
        complaining.close(decision="Khác", key="w", **told)
    assert "Đổi hai gói mới. Xem" in Message.objects.get(kind="complaint_answered").text


def test_a_clerk_answers_but_does_not_decide_and_a_stranger_finds_nothing(world: World) -> None:
    complaint = write(world)
    for who in (world.clerk, world.other_treasurer, world.buyer):
        with pytest.raises(NotFound):
            complaining.close(complaint_id=complaint.pk, decision="Thôi", actor=who, key=f"{who.pk}", at=FRIDAY)
    for who in (world.other_treasurer, world.buyer):
        with pytest.raises(NotFound):
            complaining.answer(complaint_id=complaint.pk, text="Thôi", actor=who, key=f"{who.pk}", at=FRIDAY)
    for token in ("", "x" * 43, "\x00"):
        with pytest.raises(NotFound):
            complaining.say(token=token, text="Thôi", address=THERE, key="k", at=FRIDAY)
    assert len(said(complaint)) == 1
    assert list(Complaint.objects.visible_to(world.other_treasurer)) == []
    assert list(Complaint.objects.visible_to(world.clerk)) == [complaint]


def test_one_complaint_does_not_grow_for_ever(world: World) -> None:
    complaint = write(world)
    ComplaintMessage.objects.bulk_create(
        ComplaintMessage(complaint=complaint, text="…", written_at=FRIDAY) for _ in range(MOST_MESSAGES - 1)
    )
    with pytest.raises(TooManyMessages):
        complaining.say(token=complaint.token, text="Thêm", address=THERE, key="k", at=FRIDAY)
