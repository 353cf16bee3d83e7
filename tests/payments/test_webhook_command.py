"""``webhook read`` as others rely on it: one answer a line, 2 for a provider that is not read yet."""

import json
from pathlib import Path
from typing import Any

import pytest

from base.refusals import Refused
from payments.management.commands.webhook import verdict
from payments.providers import sepay
from payments.providers.readers import UnknownProvider, reader_of

SAMPLES = Path(__file__).parents[1] / "samples" / "webhook_vectors.json"
CALLS = [call for call in json.loads(SAMPLES.read_text()) if call["provider"].startswith("sepay-webhook")]


def answer(line: str, **changed: Any) -> dict[str, Any]:
    return verdict(sepay.read, line, **{"keys": ["K-1"], "auth": None, "now": 1_790_000_000} | changed)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call["id"])
def test_samples_through_the_command(call: dict[str, Any]) -> None:
    line = json.dumps({"headers": {k.lower(): v for k, v in call["headers"].items()}, "body": call["raw_body"]})
    given = answer(line, keys=[call["key"]], now=call.get("now", 0))
    if call["expect"] == "invalid":
        assert given == {"verdict": "forged", "arrivals": []}
    else:
        expected = {
            "source_id": "92704",
            "account": "0123499999",
            "dong": 185000,
            "direction": "in",
            "memo": call["body"]["content"],
            "happened_at": "2025-11-23T09:15:42+07:00",
        }
        assert given == {"verdict": "accepted", "arrivals": [expected]}


@pytest.mark.parametrize(
    "line",
    ["", " ", "null", "[]", '"x"', "{", '{"headers": {}}', '{"body": "x"}', '{"headers": [], "body": "x"}',
     '{"headers": {"Authorization": 5}, "body": "{}"}', '{"headers": {}, "body": {}}', "[" * 100_000, "9" * 10_000],
)  # fmt: skip
def test_a_line_that_is_no_call_has_proved_nothing(line: str) -> None:
    assert answer(line) == {"verdict": "forged", "arrivals": []}


@pytest.mark.parametrize("text", ["{", "\\ud800", "[]"])
def test_proof_right_and_body_unusable_is_unreadable(text: str) -> None:
    line = '{"headers": {"Authorization": "Apikey K-1"}, "body": "' + text + '"}'
    assert answer(line) == {"verdict": "unreadable", "arrivals": []}


def test_the_test_call_is_not_for_us() -> None:
    line = json.dumps({"headers": {"Authorization": "Apikey K-1"}, "body": '{"id": 0}'})
    assert answer(line) == {"verdict": "not_for_us", "arrivals": []}


@pytest.mark.parametrize("provider", ["pay2s", "momo", "", "SEPAY", "casso-v2"])
def test_a_provider_that_is_not_read_yet_is_refused(provider: str) -> None:
    with pytest.raises(UnknownProvider) as refused:
        reader_of(provider)
    assert isinstance(refused.value, Refused)
    assert "sepay" in refused.value.message
