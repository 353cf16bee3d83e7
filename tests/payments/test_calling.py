"""Asking a provider: bounded, over TLS, and never sent anywhere else."""

import gzip
import socket
import threading
import time
from collections.abc import Iterable

import pytest
from django.conf import LazySettings

from payments import calling
from tests.payments.standing_in import StandIn, stand_in  # noqa: F401 - a fixture

URL = "https://my.sepay.vn/userapi/transactions/list"


@pytest.fixture(autouse=True)
def played(settings: LazySettings, stand_in: StandIn) -> StandIn:  # noqa: F811
    settings.PROVIDER_STAND_INS = {"my.sepay.vn": stand_in.address}
    return stand_in


def ask(**more: object) -> bytes:
    return calling.call(method="GET", url=URL, headers={"Authorization": "Bearer secret-token"}, **more)  # type: ignore[arg-type]


def test_what_is_sent_and_what_comes_back(played: StandIn) -> None:
    played.answers = lambda _asked: (200, b"{}")
    assert ask(params={"limit": 5}) == b"{}"
    [asked] = played.asked
    assert (asked.path, asked.query) == ("/userapi/transactions/list", {"limit": ["5"]})
    assert asked.headers["authorization"] == "Bearer secret-token"


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        (500, calling.ProviderSilent),
        (503, calling.ProviderSilent),
        (429, calling.ProviderSilent),
        (401, calling.ProviderRefused),
        (404, calling.ProviderRefused),
        (301, calling.ProviderRefused),
        (302, calling.ProviderRefused),
    ],
)
def test_every_other_answer_is_a_refusal_without_the_secret(played: StandIn, status: int, refused: type) -> None:
    played.answers = lambda _asked: (status, b"secret-token")
    with pytest.raises(refused) as no:
        ask()
    assert "secret" not in no.value.message
    assert len(played.asked) == 1, "a redirect was followed"


def test_an_endless_answer_is_left(played: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_BYTES", 100_000)
    played.answers = lambda _asked: (200, b"x" * 300_000)
    with pytest.raises(calling.ProviderSilent):
        ask()


def test_nobody_there_is_a_reason_to_try_again(settings: LazySettings) -> None:
    settings.PROVIDER_STAND_INS = {"my.sepay.vn": "http://127.0.0.1:9"}
    with pytest.raises(calling.ProviderSilent):
        ask()


def test_only_tls_leaves_this_machine() -> None:
    with pytest.raises(AssertionError):
        calling.call(method="GET", url="http://example.org/", headers={})


def says(settings: LazySettings, parts: Iterable[bytes], *, pause_s: float = 0.0) -> None:
    """A provider that sends ``parts`` as they are, one after the other, and hangs up."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.PROVIDER_STAND_INS = {"my.sepay.vn": f"http://127.0.0.1:{server.getsockname()[1]}"}

    def answer() -> None:
        with server, server.accept()[0] as caller:
            caller.recv(65_536)
            try:
                for part in parts:
                    caller.sendall(part)
                    time.sleep(pause_s)
            except OSError:
                return  # the caller has left, as it should

    threading.Thread(target=answer, daemon=True).start()


def test_an_answer_that_comes_byte_by_byte_is_left(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_SECONDS", 0.2)
    says(settings, [b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *[b"x"] * 899], pause_s=0.02)
    with pytest.raises(calling.ProviderSilent, match="too slow"):
        ask()


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_half_an_answer_is_none(settings: LazySettings, said: bytes) -> None:
    says(settings, [said])
    with pytest.raises(calling.ProviderSilent):
        ask()


def test_a_packed_answer_is_unpacked(settings: LazySettings) -> None:
    packed = gzip.compress(b"{}" * 100_000)
    says(settings, [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed), packed])
    assert ask() == b"{}" * 100_000
