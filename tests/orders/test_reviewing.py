"""Reviews: from who received the goods, once an order, changeable for a month; hiding takes no star away."""

from datetime import timedelta
from typing import Any

import pytest

from base.refusals import KeyReused, NotFound
from catalog import versions
from catalog.models import Product
from orders import fulfilling, reviewing
from orders.models import Order, Review
from tests.orders.making import pay, place
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(world: World) -> Order:
    order = pay(place((world.variant, 2))[0], world=world)
    return fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def say(order: Order, world: World, **changed: Any) -> Review:
    asked: dict[str, Any] = {
        "token": order.token, "product_slug": world.product.slug, "stars": 5, "text": "Giòn, thơm.\n\n\nSẽ mua nữa.",
        "shown_name": "chị Thanh ", "key": "k", "at": world.now,
    }  # fmt: skip
    return reviewing.review(**{**asked, **changed})


def rating(world: World) -> tuple[int | None, int]:
    product = Product.objects.preloaded().get(pk=world.product.pk)
    return product.rating_tenths, product.review_count


def test_who_received_the_goods_says_what_they_were_like(world: World, received: Order) -> None:
    assert rating(world) == (None, 0)
    before = versions.number_of(world.organization.pk)
    said = say(received, world)
    assert (said.stars, said.text, said.shown_name) == (5, "Giòn, thơm.\n\nSẽ mua nữa.", "chị Thanh")
    assert (said.written_at, said.changed_at) == (world.now, None)
    assert rating(world) == (50, 1)
    assert versions.number_of(world.organization.pk) == before + 1


@pytest.mark.parametrize("key", ["k", None])
def test_sent_twice_it_is_said_once(world: World, received: Order, key: str | None) -> None:
    assert say(received, world, key=key).pk == say(received, world, key=key).pk
    again = Review.objects.get()
    assert again.changed_at is None
    say(received, world, key="k2")
    with pytest.raises(KeyReused):
        say(received, world, key="k2", stars=1)


def test_it_can_be_changed_for_thirty_days_and_then_stands(world: World, received: Order) -> None:
    say(received, world)
    later = world.now + timedelta(days=30)
    changed = say(received, world, stars=3, key="l", at=later)
    assert (changed.stars, changed.changed_at, Review.objects.count()) == (3, later, 1)
    with pytest.raises(reviewing.TooLateToChange):
        say(received, world, stars=1, key="m", at=later + timedelta(seconds=1))
    assert Review.objects.get().stars == 3
    assert say(received, world, stars=3, key="n", at=later + timedelta(days=9)).changed_at == later


def test_changing_it_back_without_a_key_is_a_change(world: World, received: Order) -> None:
    for stars in (5, 2, 5):
        assert say(received, world, stars=stars, key=None).stars == stars


@pytest.mark.parametrize("state", ["placed", "paid", "cancelled"])
def test_before_the_goods_are_there_nothing_can_be_said(world: World, state: str) -> None:
    order = place((world.variant, 1))[0]
    if state == "paid":
        pay(order, world=world)
    if state == "cancelled":
        Order.objects.filter(pk=order.pk).update(state=Order.State.CANCELLED)
    with pytest.raises(reviewing.NotHandedOver):
        say(order, world)
    assert not Review.objects.exists()


@pytest.mark.parametrize("change", [{"token": "x" * 43}, {"token": "\0"}, {"product_slug": "khong-co"},
                                    {"product_slug": "\0"}, {"product_slug": "hang-khac"}])  # fmt: skip
def test_only_of_goods_in_that_order(world: World, received: Order, change: dict[str, str]) -> None:
    Product.objects.create(
        organization=world.organization, category=world.category, slug="hang-khac", name="Hàng khác",
        state=Product.State.PUBLISHED, created_at=world.now,
    )  # fmt: skip
    with pytest.raises(NotFound):
        say(received, world, **change)
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"stars": 0}, reviewing.StarsMissing, "stars"),
        ({"stars": 6}, reviewing.StarsMissing, "stars"),
        ({"stars": True}, reviewing.StarsMissing, "stars"),
        ({"text": "x" * 1001}, reviewing.TextTooLong, "text"),
        ({"shown_name": "x" * 41}, reviewing.TextTooLong, "shown_name"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    world: World, received: Order, change: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        say(received, world, **change)
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert not Review.objects.exists()


def test_stars_alone_are_enough(world: World, received: Order) -> None:
    said = say(received, world, text=" \u200b", shown_name="")
    assert (said.text, said.shown_name) == ("", "")


def test_the_cooperative_answers(world: World, received: Order) -> None:
    said = say(received, world)
    for _tap in range(2):
        answered = reviewing.reply(review_id=said.pk, text=" Cảm ơn chị. ", actor=world.clerk, key="r", at=world.now)
    assert (answered.reply, answered.replied_by, answered.replied_at) == ("Cảm ơn chị.", world.clerk, world.now)
    with pytest.raises(reviewing.NothingSaid):
        reviewing.reply(review_id=said.pk, text=" \n", actor=world.clerk, at=world.now)


def test_hiding_takes_the_text_and_no_star_and_can_be_undone(world: World, received: Order) -> None:
    said = say(received, world, stars=1)
    with pytest.raises(reviewing.NothingSaid):
        reviewing.hide(review_id=said.pk, reason=" ", actor=world.manager, at=world.now)
    for _tap in range(2):
        reviewing.hide(review_id=said.pk, reason="có số điện thoại", actor=world.manager, at=world.now)
    assert not Review.objects.shown().exists()
    assert Review.objects.get().hidden_reason == "có số điện thoại"
    assert rating(world) == (10, 1)
    changed = say(received, world, stars=2, key="l")
    assert changed.hidden_at == world.now, "changing it does not bring it back"
    for _tap in range(2):
        reviewing.show_again(review_id=said.pk, actor=world.manager, at=world.now)
    assert Review.objects.shown().get().hidden_reason == ""


def test_a_stranger_answers_and_hides_nothing(world: World, received: Order) -> None:
    said = say(received, world)
    for actor in (world.other_treasurer, world.buyer, world.member_an.user):
        with pytest.raises(NotFound):
            reviewing.reply(review_id=said.pk, text="x", actor=actor, at=world.now)
        with pytest.raises(NotFound):
            reviewing.hide(review_id=said.pk, reason="x", actor=actor, at=world.now)
        with pytest.raises(NotFound):
            reviewing.show_again(review_id=said.pk, actor=actor, at=world.now)
    for actor in (world.clerk, world.treasurer):  # they answer; only the manager hides
        with pytest.raises(NotFound):
            reviewing.hide(review_id=said.pk, reason="x", actor=actor, at=world.now)
    with pytest.raises(NotFound):
        reviewing.reply(review_id=10**9, text="x", actor=world.clerk, at=world.now)
    said.refresh_from_db()
    assert (said.reply, said.hidden_at) == ("", None)


def test_strangers_read_what_is_shown_of_goods_on_sale_and_staff_read_all(world: World, received: Order) -> None:
    said = say(received, world)
    guests, staff = (None, world.buyer, world.other_treasurer), (world.clerk, world.treasurer)
    assert [Review.objects.visible_to(who).count() for who in (*guests, *staff)] == [1] * 5
    reviewing.hide(review_id=said.pk, reason="tục", actor=world.manager, at=world.now)
    assert [Review.objects.visible_to(who).count() for who in guests] == [0, 0, 0]
    assert [Review.objects.visible_to(who).count() for who in staff] == [1, 1]
    reviewing.show_again(review_id=said.pk, actor=world.manager, at=world.now)
    Product.objects.update(state=Product.State.WITHDRAWN)
    assert [Review.objects.visible_to(who).count() for who in guests] == [0, 0, 0]


@pytest.mark.parametrize(("stars", "tenths"), [((5, 4), 45), ((5, 5, 4), 47), ((1, 1, 2), 13), ((3,), 30)])
def test_the_average_is_rounded_half_up_to_tenths(world: World, stars: tuple[int, ...], tenths: int) -> None:
    for number, given in enumerate(stars):
        order = pay(place((world.variant, 1))[0], world=world)
        fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
        say(order, world, stars=given, key=str(number))
    assert rating(world) == (tenths, len(stars))
