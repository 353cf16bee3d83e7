"""The one way in which we ask a provider for something: its own fixed address, over TLS, bounded in time and size.

No address comes from a user or from a provider's answer, and no redirect is followed, so nobody can send us to a
place inside (money-safety: our server fetches an inner address).
"""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import HTTPError

from base.refusals import Refused

TIMEOUTS_S = (5, 20)
"""To connect, and between two bytes of the answer."""
MOST_BYTES = 8 * 1024 * 1024
MOST_SECONDS = 120.0
"""For the whole answer: one that comes byte by byte would keep the worker from every other provider."""


class ProviderSilent(Refused):
    code = "PROVIDER_SILENT"
    sentence = _("Không gọi được %(host)s (%(why)s). Máy sẽ thử lại.")


class ProviderRefused(Refused):
    code = "PROVIDER_REFUSED"
    sentence = _("%(host)s từ chối (%(why)s). Hãy kiểm tra khóa kết nối.")


class Answer(NamedTuple):
    """``status`` below 500 and not 429."""

    status: int
    body: bytes


def call(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    params: Mapping[str, Any] | None = None,
    json: Any = None,
) -> bytes:
    """The body of a 2xx answer. Raises ProviderSilent (network, 5xx, 429, too large: worth another try later) or
    ProviderRefused (anything else: a person has to look). Secrets stand in ``headers``, which are never logged.
    """
    status, body = answer_of(method=method, url=url, headers=headers, params=params, json=json)
    if not 200 <= status < 300:
        raise ProviderRefused(host=urlsplit(url).hostname or "?", why=f"HTTP {status}")
    return body


def answer_of(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    params: Mapping[str, Any] | None = None,
    json: Any = None,
) -> Answer:
    """The same for a provider that says in the body of a 4xx why it will not. Raises ProviderSilent."""
    host, address = urlsplit(url).hostname or "?", _address(url)
    try:
        with requests.request(
            method, address, headers={"User-Agent": "cho-phien", **headers}, params=params, json=json,
            timeout=TIMEOUTS_S, allow_redirects=False, stream=True,
        ) as answer:  # fmt: skip
            body = b"".join(_bounded(answer, host))
            status = answer.status_code
    except (requests.RequestException, HTTPError) as failure:  # urllib3's own, where the answer breaks off
        raise ProviderSilent(host=host, why=type(failure).__name__) from failure
    if status == 429 or status >= 500:
        raise ProviderSilent(host=host, why=f"HTTP {status}")
    return Answer(status, body)


def _bounded(answer: requests.Response, host: str) -> Any:
    read, until = 0, time.monotonic() + MOST_SECONDS
    while part := answer.raw.read1(64 * 1024, decode_content=True):
        if time.monotonic() > until:
            raise ProviderSilent(host=host, why="too slow")
        read += len(part)
        if read > MOST_BYTES:
            raise ProviderSilent(host=host, why="too large")
        yield part


def _address(url: str) -> str:
    """``url``, or the same path at the stand-in that a test has named for its host. Only https leaves this machine."""
    parts = urlsplit(url)
    stand_in = settings.PROVIDER_STAND_INS.get(parts.hostname or "")
    if stand_in:
        return f"{stand_in}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    assert parts.scheme == "https", "a provider is asked over TLS"
    return url
