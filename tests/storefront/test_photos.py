"""Photos of goods: only renditions of ours, kept by phones for a year."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

NAME = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / f"{NAME}-320.webp").write_bytes(b"RIFF....WEBP")
    (tmp_path / "photos" / "secret.txt").write_text("no")
    (tmp_path / "statement.csv").write_text("no")
    return tmp_path


def test_a_rendition_is_served_for_a_year(media: Path, client: Client) -> None:
    answer = client.get(f"/media/photos/{NAME}-320.webp")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"RIFF....WEBP"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]


@pytest.mark.parametrize(
    "path",
    ["photos/secret.txt", "statement.csv", "photos/../statement.csv", "photos/", "", "photos/%2e%2e-320.jpg",
     f"photos/{NAME}-320.webp/", f"photos/{NAME}-321.webp", f"photos/{NAME}-320.svg", f"photos/{NAME}-640.webp",
     f"photos/{NAME}-320.webp%0a"],
)  # fmt: skip
@pytest.mark.django_db
def test_nothing_else_in_the_folder_is_reached(media: Path, client: Client, path: str) -> None:
    assert client.get(f"/media/{path}").status_code == 404
