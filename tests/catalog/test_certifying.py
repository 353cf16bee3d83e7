"""OCOP stars: from a decision with its number, by who answers for the cooperative, until the day they expire."""

from datetime import date, timedelta
from typing import Any

import pytest

from base.refusals import KeyReused, NotFound
from catalog import certifying, versions
from catalog.models import OcopCertificate, Product
from catalog.wording import TooLong
from tests.people import World

pytestmark = pytest.mark.django_db
ISSUED, EXPIRES = date(2025, 6, 2), date(2028, 6, 2)


def record(world: World, **changed: Any) -> OcopCertificate:
    asked: dict[str, Any] = {
        "product_id": world.product.pk, "stars": 4, "decision": "1234/QĐ-UBND", "issuer": "UBND tỉnh Ninh Bình",
        "issued_on": ISSUED, "expires_on": EXPIRES, "actor": world.treasurer, "key": "k", "at": world.now,
    }  # fmt: skip
    return certifying.record_certificate(**{**asked, **changed})


def stars_on(world: World, day: date) -> int | None:
    found = certifying.live_certificate(Product.objects.preloaded().get(pk=world.product.pk), on=day)
    return found.stars if found else None


def test_the_stars_are_gone_on_the_day_they_expire(world: World) -> None:
    record(world)
    days = [ISSUED - timedelta(days=1), ISSUED, EXPIRES - timedelta(days=1), EXPIRES]
    assert [stars_on(world, day) for day in days] == [None, 4, 4, None]
    assert [OcopCertificate.objects.live(on=day).count() for day in days] == [0, 1, 1, 0]


def test_of_two_decisions_the_later_counts(world: World) -> None:
    record(world, stars=4)
    record(world, stars=3, decision="9/QĐ-UBND", issued_on=date(2026, 1, 5), expires_on=date(2029, 1, 5), key="l")
    assert stars_on(world, world.now.date()) == 3


def test_pressed_twice_it_stands_once_and_the_page_moved_once(world: World) -> None:
    before = versions.number_of(world.organization.pk)
    assert record(world).pk == record(world).pk
    assert OcopCertificate.objects.count() == 1
    assert versions.number_of(world.organization.pk) == before + 1
    with pytest.raises(KeyReused):
        record(world, stars=5)


def test_the_same_paper_is_refused_until_it_is_withdrawn(world: World) -> None:
    first = record(world)
    with pytest.raises(certifying.DecisionRecorded):
        record(world, decision=" 1234/qđ-ubnd ", key="again")
    before = versions.number_of(world.organization.pk)
    for _tap in range(2):
        certifying.withdraw_certificate(certificate_id=first.pk, actor=world.manager, at=world.now)
    assert versions.number_of(world.organization.pk) == before + 1
    assert stars_on(world, world.now.date()) is None
    record(world, key="again")
    assert stars_on(world, world.now.date()) == 4


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"stars": 2}, certifying.BadStars, "stars"),
        ({"stars": 6}, certifying.BadStars, "stars"),
        ({"stars": True}, certifying.BadStars, "stars"),
        ({"decision": " \t"}, certifying.NoDecision, "decision"),
        ({"decision": "1" * 61}, TooLong, "decision"),
        ({"issuer": "\x00"}, certifying.NoDecision, "issuer"),
        ({"issued_on": date(2026, 3, 16)}, certifying.BadDays, "issued_on"),
        ({"issued_on": date(1999, 1, 1)}, certifying.BadDays, "issued_on"),
        ({"expires_on": ISSUED}, certifying.BadDays, "expires_on"),
        ({"expires_on": date(2035, 6, 2)}, certifying.BadDays, "expires_on"),
    ],
)
def test_what_no_paper_says_is_refused(
    world: World, change: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        record(world, **change)
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert not OcopCertificate.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "other_treasurer", "buyer"])
def test_nobody_else_gives_or_takes_stars(world: World, who: str) -> None:
    standing = record(world)
    actor = getattr(world, who)
    with pytest.raises(NotFound):
        record(world, actor=actor, decision="2", key="other")
    with pytest.raises(NotFound):
        certifying.withdraw_certificate(certificate_id=standing.pk, actor=actor, at=world.now)
    assert stars_on(world, world.now.date()) == 4
    assert OcopCertificate.objects.count() == 1


def test_the_member_who_makes_it_never_types_stars(world: World) -> None:
    with pytest.raises(NotFound):
        record(world, actor=world.member_an.user)
    assert not OcopCertificate.objects.exists()
