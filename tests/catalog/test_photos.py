"""Files and row stand or fall together; only those who list goods add pictures."""

import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError

from base.refusals import NotFound
from catalog import photos
from catalog.models import Photo
from catalog.pictures import NotAnImage
from catalog.wording import EmptyName
from tests.catalog.test_pictures import drawn, encoded
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored() -> list[str]:
    try:
        return sorted(default_storage.listdir("photos")[1])
    except FileNotFoundError:
        return []


def add(world: World, **changes: Any) -> Photo:
    upload: dict[str, Any] = {
        "product": world.product,
        "data": encoded(drawn()),
        "alt": "Cá chạch trên mẹt tre",
        "actor": world.clerk,
        "at": world.now,
    }
    return photos.add_photo(**upload | changes)


def test_a_photo_is_six_files_under_a_random_name(world: World) -> None:
    photo, second = add(world), add(world, is_drawn=True)
    assert re.fullmatch("[0-9a-f]{32}", photo.name)
    assert photo.name != second.name
    renditions = [f"{size}.{kind}" for size in (160, 320, 640) for kind in ("jpg", "webp")]
    assert stored() == sorted(f"{name}-{rendition}" for name in (photo.name, second.name) for rendition in renditions)
    assert (photo.position, second.position) == (0, 1)
    assert (photo.is_drawn, second.is_drawn) == (False, True)
    assert (photo.width, photo.height, photo.alt) == (600, 600, "Cá chạch trên mẹt tre")
    assert photo.url(320, "webp") == f"/media/photos/{photo.name}-320.webp"
    assert default_storage.exists(photo.path(320, "webp"))


@pytest.mark.parametrize(("change", "refusal"), [({"data": b"fake"}, NotAnImage), ({"alt": " "}, EmptyName)])
def test_a_refused_photo_leaves_neither_row_nor_file(
    world: World, change: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add(world, **change)
    assert stored() == []
    assert not Photo.objects.exists()


def test_the_ninth_photo_is_refused_and_its_files_go(world: World) -> None:
    for _number in range(8):
        add(world)
    with pytest.raises(photos.TooManyPhotos):
        add(world)
    assert Photo.objects.count() == 8
    assert len(stored()) == 48


def test_where_the_row_fails_the_files_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.secrets, "token_hex", lambda _size: "0" * 32)
    add(world)
    before = stored()
    with pytest.raises(IntegrityError):
        add(world)
    assert stored() == before


@pytest.mark.parametrize("who", ["other_treasurer", "buyer", "treasurer"])
def test_a_stranger_adds_nothing(world: World, who: str) -> None:
    with pytest.raises(NotFound):
        add(world, actor=getattr(world, who))
    assert stored() == []
