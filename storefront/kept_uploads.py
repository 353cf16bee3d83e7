"""A file that somebody sent and has still to say more about: kept for two hours, for her and that desk alone.

On the disk, not in a form: nobody has to choose it again, and what comes back is byte for byte what was sent.
"""

import hashlib
import json
import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

KEPT_SECONDS = 2 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Kept:
    """``name`` as the sender's computer calls it."""

    name: str
    data: bytes


def keep(*, name: str, data: bytes, whose: str) -> str:
    """Keep a file for ``whose`` (anything that names a person at a desk); the token finds it again."""
    _drop_old()
    token = secrets.token_urlsafe(24)
    path = _path(token, whose)
    head = json.dumps({"name": name[:120]}).encode()
    path.touch(mode=0o600)
    path.write_bytes(head + b"\n" + data)
    return token


def find(token: str, *, whose: str) -> Kept | None:
    """None for somebody else's token and for what was kept too long."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _path(token, whose)
    try:
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            return None
        head, _line, data = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return Kept(json.loads(head)["name"], data)


def drop(token: str, *, whose: str) -> None:
    """Once it is needed no more."""
    if _TOKEN.fullmatch(token):
        _path(token, whose).unlink(missing_ok=True)


def _path(token: str, whose: str) -> Path:
    """The name on the disk tells neither the token nor the person."""
    return _folder() / hashlib.sha256(f"{whose}\x1f{token}".encode()).hexdigest()


def _folder() -> Path:
    folder: Path = settings.VAR_DIR / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _drop_old() -> None:
    for path in _folder().iterdir():
        with suppress(FileNotFoundError):  # another process was quicker
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink()
