"""Which text of the house is running: a page that is drawn otherwise tomorrow is another page, though nothing moved."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import django
from django.conf import settings

_ROOTS = ("base", "cooperatives", "catalog", "orders", "payments", "storefront", "shop", "locale")
_SEEN_IN_PAGES = frozenset({".py", ".html", ".txt", ".css", ".js", ".svg", ".mo"})


@cache
def build() -> str:
    """The same in every process that runs the same text under the same settings. Read once a process."""
    told = (django.get_version(), settings.SITE_URL, settings.DEMO, settings.PRODUCTION, settings.MEDIA_URL)
    return fingerprint([settings.BASE_DIR / root for root in _ROOTS], told=repr(told))


def fingerprint(roots: Iterable[Path], *, told: str = "") -> str:
    """16 hexadecimal digits of everything below ``roots`` that may be seen in a page: names and contents."""
    digest = hashlib.sha256(told.encode())
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.suffix in _SEEN_IN_PAGES and path.is_file():
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
