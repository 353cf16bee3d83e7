"""Asking a provider: bounded, over TLS, and never sent anywhere else."""

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
