"""The verdict in the desk's frame: at most half a minute old, with its time, and anew after one's own deed."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from payments.models import BankTransaction
from storefront import standing
from tests.storefront.desk_walk import body, signed_in


@pytest.fixture
def broken(world, comes) -> BankTransaction:
    """A line of which somebody took 10 đồng behind the books' back, after the verdict was worked out."""
    line = comes("tien ca", 150_000)
    standing.of(world.organization, at=world.now)
    BankTransaction.objects.filter(pk=line.pk).update(used_dong=10)
    return line


def test_a_verdict_is_kept_and_says_when_it_was_worked_out(world, broken):
    kept = standing.of(world.organization, at=world.now + timedelta(seconds=20))
    assert (kept.audit.is_clean, kept.at) == (True, world.now)
    page = body(signed_in(world.treasurer).get("/desk/"))
    assert "đối chiếu lúc 09:00" in page
    assert "unexplained--alarm" not in page


def test_it_is_kept_for_half_a_minute_only(world, monkeypatch):
    kept: list[float] = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: kept.append(timeout))
    standing.of(world.organization, at=world.now)
    assert kept == [30]


def test_one_organizations_verdict_is_not_anothers(world, broken):
    assert standing.of(world.other_organization, at=world.now).audit.organization == world.other_organization.slug


def test_the_checks_are_always_worked_out_anew(world, broken):
    assert "lệch</span>" in body(signed_in(world.treasurer).get("/desk/checks/"))


@pytest.mark.parametrize("reason", ["của người khác", ""])
def test_after_a_deed_of_ones_own_the_books_are_looked_at_again(world, broken, reason):
    treasurer = signed_in(world.treasurer)
    treasurer.post(f"/desk/money/{broken.pk}/dismiss/", {"reason": reason, "key": "k"})
    assert "unexplained--alarm" in body(treasurer.get("/desk/"))


def test_a_verdict_of_another_shape_is_not_believed(world):
    cache.set(standing._key(world.organization), {"unexplained_dong": 5}, 30)
    assert standing.of(world.organization, at=world.now).audit.is_clean
