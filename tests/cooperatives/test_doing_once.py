"""The sender's key: a finished thing is returned, never done again."""

from typing import Any

import pytest
from django.db import transaction

from base.refusals import KeyReused, Refused
from cooperatives.doing_once import BadKey, done_once
from cooperatives.models import DoneOnce
from tests.people import World


class Doing:
    """Counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"thing:{self.times}"


def once(world: World, do: Any, **changes: Any) -> tuple[str, bool]:
    asked: dict[str, Any] = {
        "verb": "order_place", "actor": None, "key": "k", "meaning": {"bags": 2}, "at": world.now, "do": do,
    }  # fmt: skip
    return done_once(**(asked | changes))


def test_a_repeat_returns_the_first_result(world: World) -> None:
    do = Doing()
    assert once(world, do) == ("thing:1", False)
    assert once(world, do) == ("thing:1", True)
    assert do.times == 1


def test_the_same_key_for_something_else_is_refused(world: World) -> None:
    do = Doing()
    once(world, do)
    with pytest.raises(KeyReused) as refused:
        once(world, do, meaning={"bags": 3})
    assert refused.value.field == "idempotency_key"
    assert do.times == 1


def test_callers_and_verbs_have_keys_of_their_own(world: World) -> None:
    do = Doing()
    for changes in ({}, {"actor": world.buyer}, {"actor": world.clerk}, {"verb": "lot_receive"}):
        assert once(world, do, **changes)[1] is False
    assert do.times == 4


@pytest.mark.parametrize("key", ["", "x" * 101, "a\nb", "a\x00b"])
def test_a_key_that_is_none(world: World, key: str) -> None:
    with pytest.raises(BadKey):
        once(world, Doing(), key=key)
    assert not DoneOnce.objects.exists()


def test_what_failed_may_be_tried_again_with_its_key(world: World) -> None:
    def refuse() -> str:
        raise Refused

    with pytest.raises(Refused), transaction.atomic():
        once(world, refuse)
    assert once(world, Doing()) == ("thing:1", False)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_a_programming_error(world: World) -> None:
    with pytest.raises(AssertionError, match="open transaction"):
        once(world, Doing())
