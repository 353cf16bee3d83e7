"""Hostile input at every reader and at the real hook, in the size of a suite. Longer: ``python -m tests.fuzz``."""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base import hostile_json
from base.refusals import Refused
from payments import feeds
from payments.models import Feed
from payments.providers.readers import READERS
from payments.statements.numbers import FigureReader
from tests.fuzz import targets
from tests.fuzz.mutating import spoiled
from tests.fuzz.running import SLOW_S, TooSlow, throw_for, thrown
from tests.fuzz.signing import KEY, signed
from tests.fuzz.targets import TARGETS
from tests.people import World

EXAMPLES, CALLS = 40, 40


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Forged and unreadable calls are logged, as they should be; here there are many."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_input_breaks_a_reader(name: str, data: st.DataObject) -> None:
    target = TARGETS[name]
    grown = list(target.seeds())
    seed = data.draw(st.sampled_from(grown))
    dice = random.Random(data.draw(st.integers(0, 2**32)))
    thrown(target, spoiled(seed, dice, others=grown, longest=target.longest))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_nothing_at_all_breaks_a_reader(name: str, data: bytes) -> None:
    thrown(TARGETS[name], data)


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_let_through(name: str) -> None:
    """Some of them, or everything behind the first refusal would never be reached."""
    accepted = 0
    for seed in TARGETS[name].seeds():
        with suppress(Refused):
            TARGETS[name].take(seed)
            accepted += 1
    assert accepted


def test_a_reader_that_breaks_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile_json, "MAX_DEPTH", 10**6)
    monkeypatch.setattr(targets, "read_json", lambda data: hostile_json.json.loads(data))
    outcome = throw_for("json", seconds=0.3, seed=1)
    assert outcome.crashes, "plain json.loads raises what no door expects"


def test_a_slow_reader_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.thread_time()
    monkeypatch.setattr(time, "thread_time", lambda: began if not waited else began + SLOW_S + 1)
    waited: list[str] = []
    monkeypatch.setattr(FigureReader, "dong", lambda *_given, **_more: waited.append("once"))
    with pytest.raises(TooSlow):
        thrown(TARGETS["amount"], b"1")


@pytest.mark.parametrize("provider", READERS)
def test_no_body_makes_the_hook_fail(world: World, provider: str) -> None:
    """Through the real door into the real database, with a valid proof: 200, 400, 403 or 404, and never a 5xx."""
    auth = feeds.AUTHS[provider][0]
    feed = feeds.connect(
        bank_account=world.bank_account, provider=provider, auth=auth,
        key=None if provider == Feed.Provider.SMS else KEY, senders="Vietcombank" if provider == "sms" else "",
        actor=None, at=world.now,
    )  # fmt: skip
    dice, grown = random.Random(f"hook {provider}"), TARGETS[f"call-{provider}"].seeds()
    client, answers = Client(SERVER_NAME="localhost", raise_request_exception=False), []
    for number in range(CALLS):
        body = grown[number] if number < len(grown) else spoiled(dice.choice(grown), dice, others=grown, longest=70_000)
        body, headers = signed(provider, body, now=int(timezone.now().timestamp()))
        if number % 7 == 6:
            headers = {name: value[::-1] for name, value in headers.items()}
        answer = client.generic("POST", f"/hooks/{provider}/{feed.token}/", body, headers=headers)
        answers.append(answer.status_code)
        assert answer.status_code in (200, 400, 403), body
    assert 200 in answers
