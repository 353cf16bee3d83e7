"""Photos of parcels as they went onto a coach: evidence for staff, never public media.

Made anew from the sender's file (catalog/pictures.py) under a random name in a folder of their own; only a view that
has asked who looks reads them (storefront/views/desk/shipments.py). How long they stay: payments/photo_retention.py.
"""

import re
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from catalog.pictures import whole_from

_NAME = re.compile(r"[0-9a-f]{32}\.jpg")


def keep(data: bytes) -> str:
    """The name under which the picture is kept, for ``parcels.draft`` and ``parcels.correct``. No lock may be held.
    Raises as catalog.pictures.picture_from."""
    name = f"{secrets.token_hex(16)}.jpg"
    picture = whole_from(data)
    path = _folder() / name
    path.touch(mode=0o600)
    path.write_bytes(picture)
    return name


def drop(name: str) -> None:
    """Nobody wrote its name down after all."""
    if _NAME.fullmatch(name):
        (_folder() / name).unlink(missing_ok=True)


def read(name: str) -> bytes | None:
    """The JPEG; None for a name that is none, or of a file that is gone."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return (_folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def written(*, before: datetime) -> list[str]:
    """The names of the files that are older than that."""
    oldest = before.timestamp()
    return sorted(
        file.name for file in _folder().iterdir() if _NAME.fullmatch(file.name) and file.stat().st_mtime < oldest
    )  # fmt: skip


def _folder() -> Path:
    folder: Path = settings.VAR_DIR / "parcels"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
