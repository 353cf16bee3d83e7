"""Guessers at ``/bills/``: raw HTTP from any loopback address, so that the server sees hundreds of them.

A guesser first fetches the form (its cookie and its proof against forged forms serve for all addresses), then posts.
"""

import http.client
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_SECRETS = re.compile(r'(name="(?:csrfmiddlewaretoken|waited)" value=")[^"]*')
_OF_THE_MOMENT = {"date", "expires", "content-length", "set-cookie", "retry-after"}


@dataclass(frozen=True)
class Answer:
    """What a guesser got: the page without what differs from try to try by nature (proof, ticket, the typed code)."""

    status: int
    page: str
    headers: tuple[tuple[str, str], ...]
    location: str
    ticket: str
    cookies: tuple[str, ...]
    retry_after: int


class Guesser:
    """Somebody with a browser of their own, connecting from ``address``."""

    def __init__(self, port: int, address: str) -> None:
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=30, source_address=(address, 0), blocksize=65536
        )
        self._cookie, self._proof = "", ""

    def __enter__(self) -> "Guesser":
        page, headers = self._sent("GET", "/bills/")
        found = _TOKEN.search(page)
        assert found, page[:200]
        self._proof = found[1]
        self._cookie = headers["Set-Cookie"].split(";")[0]
        return self

    def __exit__(self, *_failed: object) -> None:
        self._connection.close()

    def tries(self, code: str, second_factor: str, *, ticket: str = "") -> Answer:
        typed = {"csrfmiddlewaretoken": self._proof, "code": code, "second_factor": second_factor, "waited": ticket}
        page, headers = self._sent("POST", "/bills/", urlencode(typed))
        given = re.search(r'name="waited" value="([^"]*)"', page)
        kept = sorted((name.lower(), value) for name, value in headers.items() if name.lower() not in _OF_THE_MOMENT)
        return Answer(
            status=self._status,
            page=_SECRETS.sub(r"\1", page).replace(code, "CODE"),
            headers=tuple(kept),
            location=headers.get("Location", ""),
            ticket=given[1] if given else "",
            cookies=tuple(value.partition("=")[0] for value in headers.get_all("Set-Cookie", [])),
            retry_after=int(headers.get("Retry-After", "0")),
        )

    def gets(self, path: str) -> int:
        self._sent("GET", path)
        return self._status

    def _sent(self, method: str, path: str, body: str = "") -> tuple[str, http.client.HTTPMessage]:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        self._status = answer.status
        return answer.read().decode(), answer.headers


def address(number: int) -> str:
    """A loopback address of its own for every number up to 16 million; never 127.0.0.x."""
    return f"127.{1 + number // 62500 % 250}.{number // 250 % 250}.{1 + number % 250}"


def in_parallel(work: Sequence[Callable[[], None]]) -> None:
    """Each in a thread of its own; the first failure is raised when all have ended."""
    failed: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as failure:  # noqa: BLE001  raised again below
            failed.append(failure)

    threads = [threading.Thread(target=guarded, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
