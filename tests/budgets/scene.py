"""Every page of the site, asked for once by somebody who may see it: ``python -m tests.budgets.scene FOLDER``.

``… FOLDER NAME…`` asks only for the pages of these names.

Runs inside a market with the demo (its settings, its database). For each name of the URL conf it finds arguments among
the market's rows, asks for the page as one person after the other, and writes what came in both languages into FOLDER.
Prints JSON: ``pages`` (name, path, who, files), ``others`` (name → why it is no page) and ``sessions`` (who → cookie).

A new name in the URL conf is looked at by itself. Where nobody gets a page and nobody is told that it only takes forms,
it stands in ``others`` with "?": test_every_page.py fails until ``arguments`` below finds it something to show.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from django.conf import settings  # noqa: E402  Django first
from django.test import Client  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver, reverse  # noqa: E402

from cooperatives.models import User  # noqa: E402
from tests.budgets.arguments import arguments, extras, prepare  # noqa: E402

GUEST = "guest"
LANGUAGES = ("vi", "en")
OUR_PAGE = {"HTTP_SEC_FETCH_SITE": "same-origin"}  # what a browser sends with a form of ours


def names(resolver: URLResolver | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    """Every name of the URL conf with its converters by argument."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name, {one: type(how).__name__ for one, how in pattern.pattern.converters.items()}


def people() -> dict[str, Client]:
    """A guest, and everybody with a role or a membership in the demo, signed in."""
    clients = {GUEST: Client(SERVER_NAME="127.0.0.1", **OUR_PAGE)}
    for user in User.objects.filter(is_active=True).order_by("pk"):
        if user.roles.exists() or user.memberships.exists():
            client = Client(SERVER_NAME="127.0.0.1", **OUR_PAGE)
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            clients[f"user-{user.pk}"] = client
    return clients


def kind(answer: Any) -> str:
    """``page``, or why it is none."""
    if answer.status_code == 405:
        return "forms only"
    if answer.status_code == 200:
        is_html = answer.get("Content-Type", "").startswith("text/html")
        return "page" if is_html else answer["Content-Type"].partition(";")[0]
    return "elsewhere" if 300 <= answer.status_code < 400 else "?"


class Visits:
    def __init__(self, folder: Path) -> None:
        self.folder, self.clients = folder, people()
        self.pages: list[dict[str, Any]] = []
        self.others: dict[str, str] = {}

    def look(self, name: str, path: str, *, status: int = 200) -> str:
        """The first person who gets a page keeps it; else the best reason that anybody was given."""
        reasons = set()
        for who, client in self.clients.items():
            answer = client.get(path)
            if answer.status_code == 405:  # whoever asks
                return kind(answer)
            found = "page" if status != 200 and answer.status_code == status else kind(answer)
            if found == "page":
                self.keep(name, path, who, answer)
                return found
            reasons.add(found)
        told = sorted(reasons - {"?", "elsewhere"}) or sorted(reasons - {"?"}) or ["?"]
        return told[0]

    def keep(self, name: str, path: str, who: str, answer: Any) -> None:
        files = []
        for language in LANGUAGES:
            self.clients[who].cookies["lang"] = language
            file = self.folder / f"{len(self.pages):03}-{language}-{name}.html"
            file.write_bytes(self.clients[who].get(path).content if language != "vi" else answer.content)
            files.append(file.name)
            del self.clients[who].cookies["lang"]
        self.pages.append({"name": name, "path": path, "who": who, "files": files, "status": answer.status_code})


def main(folder: Path, *only: str) -> None:
    visits = Visits(folder)
    prepare(visits.clients)
    found = arguments(visits.clients)
    for name, converters in names():
        if only and name not in only:
            continue
        visits.others[name] = "?"
        wanted = found.get(name, [{one: 1 if how == "IntConverter" else "none" for one, how in converters.items()}])
        for kwargs in wanted:
            query = kwargs.pop("?", "")
            reason = visits.look(name, reverse(name, kwargs=kwargs) + query)
            if visits.others[name] in {"?", "elsewhere"} and reason != "?":
                visits.others[name] = reason
        if any(page["name"] == name for page in visits.pages):
            del visits.others[name]
    for name, path, status in () if only else extras():
        assert visits.look(name, path, status=status) == "page", path
    sessions = {
        who: client.cookies[settings.SESSION_COOKIE_NAME].value
        for who, client in visits.clients.items()
        if settings.SESSION_COOKIE_NAME in client.cookies
    }
    print(json.dumps({"pages": visits.pages, "others": visits.others, "sessions": sessions}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
