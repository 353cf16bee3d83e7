"""Typed readers for environment variables. A bad value names itself and stops the start."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def load_file(path: Path) -> None:
    """Read ``NAME=value`` lines of ``path`` into the environment; what is set already wins."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.strip().partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip('"'))


def text(name: str, default: str = "") -> str:
    """The value, or ``default`` when the variable is missing or empty."""
    return os.environ.get(name) or default


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number in a range. Raises ImproperlyConfigured naming variable and value."""
    raw = text(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
        raise ImproperlyConfigured(f"{name}={raw!r}: expected a whole number from {least} to {most}")
    return int(raw)


def flag(name: str) -> bool | None:
    """True, False, or None when the variable is not set. Raises ImproperlyConfigured."""
    raw = os.environ.get(name)
    if raw is None:
        return None
    if raw.lower() in _TRUE:
        return True
    if raw.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: expected on or off")
