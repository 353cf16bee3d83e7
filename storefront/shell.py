"""What a phone keeps of the market, so that it opens on a bad line: the service worker and what it holds ready."""

import json
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

_STATIC = Path(__file__).resolve().parent / "static" / "storefront"
_WORKER = (_STATIC / "sw.js").read_text(encoding="utf-8")
_NAMES = [
    "app.css",
    "icons.svg",
    "mark.svg",
    *sorted(f"behaviours/{file.name}" for file in _STATIC.glob("behaviours/*.js")),
]


def offline_page(language: str) -> str:
    """The page shown without network, in ``language``; the same for everybody. One query: who can be called."""
    with translation.override(language):
        return render_to_string("storefront/offline.html", {"site_name": _("Chợ Phiên")})


def files() -> list[str]:
    """Addresses of the style sheet, the icons and every behaviour, as pages name them."""
    return [staticfiles_storage.url(f"storefront/{name}") for name in _NAMES]


def service_worker() -> tuple[str, str]:
    """The script and its version, which moves when the script, a file that it keeps, or the offline page does."""
    kept = files()
    pages = [offline_page(language) for language, _name in settings.LANGUAGES]
    version = sha256("\0".join([_WORKER, *kept, *pages]).encode()).hexdigest()[:16]
    shell = {"version": version, "files": kept, "offline": reverse("offline")}
    return f"const SHELL = {json.dumps(shell)};\n{_WORKER}", version
