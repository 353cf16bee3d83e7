"""“Còn hàng?”: asked once, never in the way of an order, and silence becomes work for somebody."""

from datetime import datetime, timedelta

import pytest

from base.periods import VIETNAM_OFFSET
from base.refusals import NotFound
from catalog import lots
from cooperatives.models import Message, User
from orders import asking_stock, shortages
from orders.models import Order, StockQuestion
from tests.orders.making import place
from tests.people import NOW, World, variant_by_piece
from tests.people import stock as put_in


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=VIETNAM_OFFSET)


@pytest.mark.parametrize(
    ("asked", "call", "decide"),
    [
        (at(15, 9), at(15, 13), at(16, 9)),
        (at(15, 19), at(16, 9), at(16, 19)),  # two hours before the night, two after it
        (at(15, 23, 30), at(16, 11), at(17, 7)),  # nobody decides at half past eleven at night
        (at(16, 3), at(16, 11), at(17, 7)),
        (at(15, 21), at(16, 11), at(17, 7)),
    ],
)
def test_silence_counts_by_day(asked: datetime, call: datetime, decide: datetime) -> None:
    assert (asking_stock.calls_from(asked), asking_stock.decides_from(asked)) == (call, decide)


def question_about_an(world: World) -> tuple[StockQuestion, Order]:
    """Hers alone are the small bags; she brought 10 and 8 are ordered."""
    small = variant_by_piece(world.product, name="gói nhỏ")
    put_in(small, 10, owner=world.member_an)
    [order] = place((small, 8))
    assert asking_stock.ask_new(at=NOW) == 1
    return StockQuestion.objects.get(), order


@pytest.mark.django_db
def test_she_is_asked_once_and_answers_with_one_tap(world: World) -> None:
    place((world.variant, 1))  # An's and Hoa's together: nobody in particular is asked
    question, order = question_about_an(world)
    assert asking_stock.ask_new(at=NOW + timedelta(minutes=1)) == 0
    [message] = Message.objects.filter(kind=Message.Kind.STOCK_ASKED)
    assert (message.to_name, "còn 10\u00a0gói" in message.text) == ("Nguyễn Thị An", True)
    assert asking_stock.to_call(world.organization, at=NOW + timedelta(hours=3, minutes=59)) == []
    assert asking_stock.to_call(world.organization, at=NOW + timedelta(hours=4)) == [question]

    for stranger in (world.other_treasurer, world.buyer):
        with pytest.raises(NotFound):
            asking_stock.answer(question_id=question.pk, answer="yes", actor=stranger, at=NOW)
    an: User = world.member_an.user
    with pytest.raises(NotFound):  # to decide for the cooperative is not hers, nor the clerk's
        asking_stock.answer(question_id=question.pk, answer="decided", actor=an, at=NOW)
    for _tap in range(2):
        answered = asking_stock.answer(question_id=question.pk, answer="yes", actor=an, at=NOW)
    assert (answered.answer, answered.answered_by) == ("yes", an)
    with pytest.raises(asking_stock.AnsweredAlready):
        asking_stock.answer(question_id=question.pk, answer="no", actor=world.clerk, at=NOW)
    place((question.variant, 1))
    assert asking_stock.ask_new(at=NOW + timedelta(hours=1)) == 0, "she has just said so"
    order.refresh_from_db()
    assert order.state == Order.State.PLACED


@pytest.mark.django_db
def test_less_leaves_the_shelf_and_no_order(world: World) -> None:
    question, order = question_about_an(world)
    with pytest.raises(asking_stock.HowMuchIsLeft):
        asking_stock.answer(question_id=question.pk, answer="less", actor=world.clerk, at=NOW)
    asking_stock.answer(question_id=question.pk, answer="less", left=5, actor=world.clerk, at=NOW)
    small = question.variant
    small.refresh_from_db()
    assert (small.available, small.reserved) == (0, 8)
    [short] = shortages.shortages(world.organization)
    assert (short.missing, [(one.order.pk, one.lacks) for one in short.orders]) == (3, [(order.pk, 3)])
    order.refresh_from_db()
    assert order.state == Order.State.PLACED

    lots.receive_lot(
        variant_id=small.pk, member_id=world.member_an.pk, quantity=5, made_on=None, best_before=None,
        actor=world.clerk, at=NOW,
    )  # fmt: skip
    small.refresh_from_db()
    assert (small.on_hand, small.available) == (10, 2), "three of the new bags are for those that were missing"
    assert shortages.shortages(world.organization) == []
