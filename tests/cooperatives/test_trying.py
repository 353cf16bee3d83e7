"""Counting tries: in whole hours, by digest, each subject by itself, and lost on nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cooperatives import trying
from cooperatives.models import Tries
from cooperatives.trying import Subject

AT = datetime(2026, 11, 22, 14, 50, tzinfo=UTC)
CODE, ADDRESS = Subject("bill_code", "CP7K2M9Q9M"), Subject("bill_address", "10.0.0.1")

pytestmark = pytest.mark.django_db


def test_each_subject_is_counted_by_itself() -> None:
    assert trying.made([CODE, ADDRESS], at=AT) == [0, 0]
    assert trying.note([CODE, ADDRESS], at=AT) == [1, 1]
    assert trying.note([ADDRESS], at=AT) == [2]
    assert trying.made([ADDRESS, CODE, Subject("bill_code", "10.0.0.1")], at=AT) == [2, 1, 0]


def test_what_was_right_is_taken_back_and_never_below_nothing() -> None:
    trying.note([CODE, ADDRESS], at=AT)
    for _again in range(2):
        trying.take_back([CODE, ADDRESS], at=AT)
    assert trying.made([CODE, ADDRESS], at=AT) == [0, 0]


def test_a_try_counts_for_an_hour_at_least_and_not_for_two() -> None:
    trying.note([CODE], at=AT)
    assert trying.made([CODE], at=AT + timedelta(minutes=60)) == [1]
    assert trying.made([CODE], at=AT + timedelta(minutes=69, seconds=59)) == [1]
    assert trying.made([CODE], at=AT + timedelta(minutes=70)) == [0]


def test_neither_code_nor_address_stands_in_the_table() -> None:
    trying.note([CODE, ADDRESS], at=AT)
    kept = str(list(Tries.objects.values_list("scope", "subject", "hour", "count")))
    assert CODE.name not in kept
    assert ADDRESS.name not in kept
    mine = CODE.digest
    assert mine != Subject("bill_address", CODE.name).digest
    with override_settings(SECRET_KEY="another one entirely"):
        assert Subject(*CODE).digest != mine


def test_old_hours_are_swept_and_the_last_ones_stay() -> None:
    for hours in range(6):
        trying.note([CODE], at=AT - timedelta(hours=hours))
    assert trying.sweep(at=AT) == 2
    assert trying.sweep(at=AT) == 0
    assert trying.made([CODE], at=AT) == [2]


@pytest.mark.parametrize(("subjects", "queries"), [(1, 2), (2, 2)])
def test_counting_is_two_questions(subjects: int, queries: int, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(queries):  # type: ignore[operator]
        trying.note([CODE, ADDRESS][:subjects], at=AT)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("14.161.0.7", "14.161.0.7"),
        ("2001:ee0:4f00:1::7", "2001:ee0:4f00:1::/64"),
        ("2001:ee0:4f00:1:ffff:ffff:ffff:ffff", "2001:ee0:4f00:1::/64"),
        ("2001:ee0:4f00:2::7", "2001:ee0:4f00:2::/64"),
        ("::ffff:14.161.0.7", "14.161.0.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_customer_of_a_network_is_one(address: str, network: str) -> None:
    assert trying.network_of(address) == network


@given(st.text())
def test_any_text_has_a_network_of_at_most_64_letters(address: str) -> None:
    assert len(trying.network_of(address)) <= 64
