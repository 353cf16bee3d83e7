"""A face stands on a consent: shown while it stands, gone with its files the moment it is withdrawn."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from base.refusals import KeyReused, NotFound
from catalog import portraits, versions
from catalog.lots import NotAMemberHere
from catalog.models import Portrait, Product
from catalog.pictures import NotAnImage
from tests.catalog.test_pictures import drawn, encoded
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def files() -> int:
    return len(default_storage.listdir("faces")[1]) if default_storage.exists("faces") else 0


def record(world: World, **changed: Any) -> Portrait:
    asked: dict[str, Any] = {
        "member_id": world.member_an.pk, "data": encoded(drawn()), "wording": portraits.WORDING,
        "consented_on": date(2026, 3, 14), "witness": "Đỗ Thị Mai", "actor": world.manager, "key": "k", "at": world.now,
    }  # fmt: skip
    return portraits.record_portrait(**{**asked, **changed})


def withdraw(world: World, **changed: Any) -> None:
    asked: dict[str, Any] = {"member_id": world.member_an.pk, "actor": world.manager, "at": world.now}
    portraits.withdraw_portrait(**{**asked, **changed})


def face(world: World) -> Portrait | None:
    return portraits.face_of(Product.objects.preloaded().get(pk=world.product.pk))


def test_a_face_is_shown_with_what_was_agreed_to(world: World) -> None:
    assert face(world) is None
    portrait = record(world)
    assert face(world) == portrait
    assert (portrait.wording, portrait.witness, portrait.consented_on) == (
        portraits.WORDING, "Đỗ Thị Mai", date(2026, 3, 14)
    )  # fmt: skip
    assert (portrait.recorded_by, portrait.width, files()) == (world.manager, 600, 6)
    assert portrait.path(320, "webp").startswith("faces/")
    assert default_storage.exists(portrait.path(320, "webp"))


@pytest.mark.parametrize("who", ["manager", "treasurer", "herself"])
def test_withdrawing_takes_the_face_and_its_files_at_once_and_keeps_the_row(world: World, who: str) -> None:
    actor = world.member_an.user if who == "herself" else getattr(world, who)
    record(world)
    before = versions.number_of(world.organization.pk)
    for _tap in range(2):
        withdraw(world, actor=actor)
    assert face(world) is None
    assert files() == 0
    kept = Portrait.objects.get()
    assert (kept.withdrawn_at, kept.withdrawn_by, kept.width) == (world.now, actor, 0)
    assert kept.witness == "Đỗ Thị Mai"
    assert versions.number_of(world.organization.pk) == before + 1


def test_pressed_twice_it_is_one_face_with_one_set_of_files(world: World) -> None:
    assert record(world).pk == record(world).pk
    assert (Portrait.objects.count(), files()) == (1, 6)
    with pytest.raises(KeyReused):
        record(world, witness="người khác")
    assert files() == 6


def test_a_new_face_withdraws_the_old_one(world: World) -> None:
    old, new = record(world), record(world, key="l")
    assert face(world) == new
    assert not default_storage.exists(old.path(160, "jpg"))
    assert files() == 6


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"wording": "2020-01"}, portraits.OtherWording),
        ({"consented_on": date(2026, 3, 16)}, portraits.BadConsentDay),
        ({"consented_on": date(2025, 3, 14)}, portraits.BadConsentDay),
        ({"data": b"fake"}, NotAnImage),
    ],
)
def test_without_a_consent_or_a_picture_nothing_is_kept(
    world: World, change: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        record(world, **change)
    assert (Portrait.objects.count(), files()) == (0, 0)


def test_who_has_left_is_not_shown_and_the_worker_deletes_her_files(world: World) -> None:
    record(world)
    world.member_an.left_on = world.now.date()
    world.member_an.save()
    assert face(world) is None
    assert not Portrait.objects.shown().exists()
    assert portraits.sweep(at=world.now) == 1
    assert (files(), Portrait.objects.get().withdrawn_by) == (0, None)
    assert portraits.sweep(at=world.now) == 0
    with pytest.raises(NotAMemberHere):
        record(world, key="l", at=world.now + timedelta(days=1))
    assert files() == 0


def test_files_that_a_crash_left_behind_are_deleted_by_the_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(world)
    with monkeypatch.context() as crashing:
        crashing.setattr(portraits, "_remove_files", lambda _portrait: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            withdraw(world)
    assert (face(world), files()) == (None, 6)
    assert portraits.sweep(at=world.now) == 1
    assert files() == 0


@pytest.mark.parametrize("who", ["clerk", "other_treasurer", "buyer"])
def test_a_stranger_shows_and_hides_nobody(world: World, who: str) -> None:
    actor = getattr(world, who)
    with pytest.raises(NotFound):
        record(world, actor=actor)
    assert files() == 0
    record(world)
    with pytest.raises(NotFound):
        withdraw(world, actor=actor)
    with pytest.raises(NotFound):
        withdraw(world, member_id=10**9)
    with pytest.raises(NotFound):
        withdraw(world, member_id=world.member_an.pk, actor=world.buyer)
    assert face(world) is not None


def test_another_member_cannot_hide_her(world: World) -> None:
    record(world)
    with pytest.raises(NotFound):
        withdraw(world, actor=world.member_hoa.user)
    assert files() == 6
