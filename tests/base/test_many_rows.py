"""Rows by the hundred thousand stand there as if each had been saved alone."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from base import many_rows
from base.many_rows import insert_few, insert_rows, next_ids
from cooperatives.models import DoneOnce, Entry
from tests.people import NOW, World

pytestmark = pytest.mark.django_db

FIELDS = ("organization", "key", "fingerprint", "event", "booked_on", "at", "actor_id")
ODD = ["dấu ' \" \\ %s {} \t\n", "𝄞 ngoài mặt phẳng", "\\N", "", "a\\tb"]


def rows(world: World, *keys: str) -> list[tuple[Any, ...]]:
    return [
        (world.organization.pk, key, "f" * 64, "arrived", NOW.date(), NOW, world.treasurer.pk if number % 2 else None)
        for number, key in enumerate(keys)
    ]


def test_they_read_back_as_they_went_in(world: World) -> None:
    insert_rows(Entry, FIELDS, rows(world, *ODD))
    alone = Entry.objects.create(
        organization=world.organization,
        key="alone",
        fingerprint="f" * 64,
        event="arrived",
        booked_on=NOW.date(),
        at=NOW,
    )
    found = Entry.objects.exclude(pk=alone.pk).order_by("id")
    assert [entry.key for entry in found] == ODD
    assert [entry.actor for entry in found] == [None, world.treasurer, None, world.treasurer, None]
    assert {(entry.at, entry.booked_on) for entry in found} == {(alone.at, alone.booked_on)}
    assert Entry.objects.filter(at=NOW, booked_on=NOW.date()).count() == len(ODD) + 1


def test_what_is_there_is_left_out_only_on_request(world: World) -> None:
    insert_rows(Entry, FIELDS, rows(world, "a"))
    insert_rows(Entry, FIELDS, rows(world, "a", "b"), ignore_conflicts=True)
    assert Entry.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Entry, FIELDS, rows(world, "c", "a"))
    assert Entry.objects.count() == 2


def test_a_few_tell_which_of_them_are_new(world: World) -> None:
    [[first]] = insert_few(Entry, FIELDS, rows(world, "a"))
    told = insert_few(Entry, FIELDS, rows(world, "a", *ODD), returning=["key", "id"], ignore_conflicts=True)
    assert sorted(told) == sorted(Entry.objects.exclude(pk=first).values_list("key", "pk"))
    assert {key for key, _pk in told} == set(ODD)
    assert set(Entry.objects.values_list("at", "booked_on")) == {(NOW, NOW.date())}
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_few(Entry, FIELDS, rows(world, "b", "a"))


def test_more_rows_than_one_statement_takes(world: World) -> None:
    keys = [f"k{number}" for number in range(1_201)]
    for _time in range(2):
        insert_rows(Entry, FIELDS, rows(world, *keys), ignore_conflicts=True)
    assert Entry.objects.count() == len(keys)


def test_none_is_none(world: World) -> None:
    for ignore_conflicts in (True, False):
        insert_rows(Entry, FIELDS, [], ignore_conflicts=ignore_conflicts)
    assert not Entry.objects.exists()


def test_walls_and_constraints_hold(world: World) -> None:
    fields = ("verb", "caller", "key", "fingerprint", "result", "at")
    with pytest.raises(DatabaseError), transaction.atomic():
        insert_rows(DoneOnce, fields, [("v", "c", "k", "f", None, NOW)])


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_is_a_programming_error(world: World) -> None:
    with pytest.raises(AssertionError, match="together"):
        insert_rows(Entry, FIELDS, rows(world, "a"))


def test_ids_are_known_before_their_rows_go_in_and_given_to_nobody_else(world: World) -> None:
    insert_rows(Entry, FIELDS, rows(world, "before"))
    ids = next_ids(Entry, 3)
    assert ids == sorted(set(ids))
    keys = ("a", "b", "c")
    insert_rows(Entry, ("id", *FIELDS), [(pk, *row) for pk, row in zip(ids, rows(world, *keys), strict=True)])
    insert_rows(Entry, FIELDS, rows(world, "after"))
    assert list(Entry.objects.filter(pk__in=ids).order_by("id").values_list("key", flat=True)) == list(keys)
    assert list(Entry.objects.order_by("id").values_list("key", flat=True)) == ["before", *keys, "after"]


def test_the_first_ids_of_an_empty_table(world: World) -> None:
    assert not DoneOnce.objects.exists()
    assert len(set(next_ids(DoneOnce, 2))) == 2


def test_rows_may_come_one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_rows, "_HELD_AT_ONCE", 2)
    insert_rows(Entry, FIELDS, iter(rows(world, "a", "b", "c")))
    assert Entry.objects.count() == 3
