"""Thousands of guessed codes from hundreds of addresses against a real server: nothing learned, nobody locked out.

2,000 tries by default, 10,000 with PROVE=1. Half of each address's are at codes that exist, a quarter at new ones.
"""

import difflib
import json
import os
import re
import time
from collections.abc import Iterator
from statistics import median, quantiles

import pytest

from base.codes import new_code
from tests.figures import Figure
from tests.market import Market, markets
from tests.security.guessed_scene import DIGITS, FOUNDING
from tests.security.guessing import Answer, Guesser, address, in_parallel

pytestmark = pytest.mark.processes
CODES = 10_000 if os.environ.get("PROVE") else 2_000
GUESSERS = 4
TRIES_EACH = 20
"""An address tries so often: ten are looked at, ten are told to wait."""


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with markets(tmp_path_factory, "village", filled_by=FOUNDING) as opened, opened(worker=False) as market:
        yield market


def say(market: Market, what: str) -> object:
    done = market.manage("shell", "-v", "0", "-c", f"from tests.security import guessed_scene as scene; scene.{what}")
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def bills(village: Market) -> list[list[str]]:
    """Payment code, card code and token of each household."""
    made = say(village, "tell()")
    assert isinstance(made, list)
    return made


def test_thousands_of_guesses_from_hundreds_of_addresses_learn_nothing(
    village: Market, bills: list[list[str]], figure: Figure
) -> None:
    live = [code for row in bills for code in row[:2]]
    nobodys = [new_code() for _code in live]  # tried again and again, too: the limits of both are met
    answers: list[tuple[bool, float, Answer]] = []  # whether the code exists, milliseconds, what came
    others: list[tuple[int, float]] = []
    numbers = iter(range(CODES // TRIES_EACH))

    def guess() -> None:
        for number in iter(lambda: next(numbers, None), None):
            assert number is not None
            with Guesser(village.port, address(number)) as guesser:
                for place in range(TRIES_EACH):
                    is_live = place % 2 == 0
                    code = (live if is_live else nobodys)[(number * 7 + place) % len(live)]
                    if place % 4 == 1:
                        code = new_code()
                    began = time.perf_counter()
                    answer = guesser.tries(code, "0000")
                    answers.append((is_live, (time.perf_counter() - began) * 1000, answer))

    def look_elsewhere() -> None:
        with Guesser(village.port, "127.0.0.1") as visitor:
            while len(answers) < CODES and all(status == 200 for status, _took in others):
                began = time.perf_counter()
                others.append((visitor.gets("/"), time.perf_counter() - began))
                began = time.perf_counter()
                others.append((visitor.gets(f"/pay/{live[0]}/"), time.perf_counter() - began))
                time.sleep(0.2)

    began = time.monotonic()
    in_parallel([*[guess] * GUESSERS, look_elsewhere])
    seconds = time.monotonic() - began
    assert len(answers) == CODES
    assert {status for status, _took in others} == {200}
    # What came for codes that exist is, to the letter and to the header, what came for those that do not.
    assert {answer.location for _is_live, _ms, answer in answers} == {""}
    looks = {is_live: {_look(answer) for live, _ms, answer in answers if live == is_live} for is_live in (True, False)}
    assert looks[True] == looks[False]
    assert len(looks[True]) == 2, difference(*sorted(looks[True], key=str)[:2])
    assert sorted(status for status, *_rest in looks[True]) == [422, 429]
    live_ms, other_ms = (
        [ms for is_live, ms, answer in answers if is_live == wanted and answer.status == 422]
        for wanted in (True, False)
    )
    figure(
        f"guessing on {village.database_url.partition(':')[0]}: {CODES} tries from {CODES // TRIES_EACH} addresses in "
        f"{seconds:.0f} s, {len(live_ms) + len(other_ms)} looked at, the others told to wait; 0 opened, one answer "
        f"for all; a code that exists {_spread(live_ms)}, one that does not {_spread(other_ms)}; other pages "
        f"{len(others)} times meanwhile, the slowest {max(took for _status, took in others):.2f} s"
    )
    rows = village.rows("SELECT scope, count(*), sum(count), max(count) FROM cooperatives_tries GROUP BY scope")
    by_scope = {scope: (subjects, total, most) for scope, subjects, total, most in rows}
    assert by_scope["bill_address"][0] == CODES // TRIES_EACH  # the server saw each address as its own
    assert by_scope["bill_address"][2] == 10
    assert by_scope["bill_code"][2] <= 10


def test_a_village_behind_one_address_is_slowed_and_not_locked_out(
    village: Market, bills: list[list[str]], figure: Figure
) -> None:
    carrier = "127.77.0.1"
    assert say(village, f"wear_out({carrier!r}, 500)") == [500]
    code, _card, token = bills[-1]
    with Guesser(village.port, carrier) as parent:
        told = parent.tries(code, DIGITS)
        assert told.status == 429
        assert parent.tries(code, DIGITS, ticket=told.ticket).status == 429  # not before its time
        assert parent.gets("/") == 200
        assert parent.gets(f"/bills/h/{token}/") == 200  # the link of the card is never slowed
    # Only the clock stands between them: a shorter wait of the same kind is waited out below.
    figure(f"a village after 500 wrong tries: the next one waits {told.retry_after} s")
    assert told.retry_after == 120


def test_a_right_code_opens_within_the_wait_it_was_told(village: Market, bills: list[list[str]]) -> None:
    carrier = "127.78.0.1"
    say(village, f"wear_out({carrier!r}, 12)")
    code, _card, token = bills[-2]
    with Guesser(village.port, carrier) as parent, Guesser(village.port, carrier) as other:
        told = parent.tries(code, DIGITS)
        assert told.status == 429
        for _wrong in range(5):  # the neighbours go on mistyping
            assert other.tries(new_code(), "0000").status == 429
    time.sleep(told.retry_after)
    with Guesser(village.port, carrier) as parent:
        opened = parent.tries(code, DIGITS, ticket=told.ticket)
        assert (opened.status, opened.location) == (303, f"/bills/h/{token}/")


def test_a_code_that_is_attacked_waits_for_all_and_its_card_goes_on_opening(
    village: Market, bills: list[list[str]]
) -> None:
    code, _card, token = bills[-3]
    for number in range(10):
        with Guesser(village.port, address(200_000 + number)) as guesser:
            assert guesser.tries(code, f"{number:04d}").status in {422, 429}
    with Guesser(village.port, address(300_000)) as parent:
        assert parent.tries(code, DIGITS).status == 429
        assert parent.gets(f"/bills/h/{token}/") == 200


@pytest.fixture(autouse=True)
def _server_stays_up(village: Market) -> Iterator[None]:
    yield
    village.wait_for("/healthz")
    log = (village.folder / "server.log").read_text(errors="replace")
    assert "Traceback" not in log, log[-3000:]


def _look(answer: Answer) -> tuple[int, str, object, object]:
    """All that a guesser sees. How long to wait goes by the counts, and never by what is behind the code."""
    return answer.status, _SECONDS.sub("N", answer.page), answer.headers, answer.cookies


_SECONDS = re.compile(r'(?<=data-wait=")[0-9]+|(?<=Đợi )[0-9]+(?= giây)|(?<=Hết )[0-9]+(?= giây)')


def difference(one: tuple[object, ...], other: tuple[object, ...]) -> list[str]:
    """Where two answers differ, line by line."""
    lines = ["\n".join(map(str, answer)).splitlines() for answer in (one, other)]
    return [line for line in difflib.ndiff(*lines) if line[0] in "+-"]


def _spread(times_ms: list[float]) -> str:
    if len(times_ms) < 2:
        return f"{len(times_ms)} tries"
    tenths = quantiles(times_ms, n=10)
    return f"median {median(times_ms):.1f} ms (p10 {tenths[0]:.1f}, p90 {tenths[8]:.1f})"
