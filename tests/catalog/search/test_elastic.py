"""catalog/search/elastic.py on a real node: the plan's own order, an index that changes under its readers, silence."""

import random
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from catalog.search import elastic
from catalog.search.elastic import Entry, SearchDown
from catalog.search.plan import FACTORS, Choice, Plan, Slot
from catalog.search.terms import Place
from tests import elastic as nodes

on_a_node = pytest.mark.skipif(not nodes.TEST_URL, reason=nodes.NOT_HERE)
NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
WORDS = [f"{form}:{word}" for form in ("a", "p", "same") for word in ("cá", "chạch", "sấy", "chè lam", "200", "đ")]


def entry(number: int, *terms: str, elsewhere: tuple[str, ...] = (), name_words: int = 2, us: int = 0) -> Entry:
    created_at = NOW + timedelta(microseconds=us)
    return Entry(
        product_id=number, name_terms=terms, other_terms=elsewhere, name_words=name_words, created_at=created_at
    )


def asking(*terms: str) -> Plan:
    return Plan(slots=tuple(Slot(choices=(Choice(term, 10),)) for term in terms), needed=len(terms))


def shelves() -> list[Entry]:
    """Two hundred goods whose terms, sizes of names and dates often coincide."""
    dice = random.Random(5)
    made = []
    for number in range(1, 201):
        held = dice.sample(WORDS, dice.randint(0, 7))
        cut = dice.randint(0, len(held))
        elsewhere = tuple(held[cut:])
        made.append(
            entry(number, *held[:cut], elsewhere=elsewhere, name_words=dice.randint(1, 3), us=dice.randint(0, 3))
        )
    return made


def order_of(plan: Plan, entries: list[Entry]) -> list[int]:
    """The plan's docstring, word by word: an order to compare with."""
    ranked = []
    for one in entries:
        place = {**dict.fromkeys(one.other_terms, Place.ELSEWHERE), **dict.fromkeys(one.name_terms, Place.NAME)}
        score, hit = 0, 0
        for slot in plan.slots:
            best = max((c.weight * FACTORS[place[c.term]] for c in slot.choices if c.term in place), default=0)
            score += best
            hit += bool(best) and not slot.optional
        if hit >= plan.needed:
            ranked.append((-score, one.name_words, -one.created_at.timestamp(), -one.product_id))
    return [-row[-1] for row in sorted(ranked)]


@pytest.fixture
def url() -> Iterator[str]:
    """The node, with a name of the index that nobody else uses."""
    url = f"{nodes.TEST_URL}/test-{uuid.uuid4().hex}"
    yield url
    elastic.remove(url)


@pytest.fixture(scope="module")
def full() -> Iterator[str]:
    url = f"{nodes.TEST_URL}/test-{uuid.uuid4().hex}"
    elastic.build(shelves(), url=url)
    yield url
    elastic.remove(url)


choices = st.builds(Choice, term=st.sampled_from([*WORDS, "a:nowhere"]), weight=st.integers(1, 1000))
slots = st.builds(
    Slot, choices=st.lists(choices, min_size=1, max_size=6).map(tuple), optional=st.sampled_from([False, False, True])
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    asked = draw(st.lists(slots, max_size=5))
    asked.append(Slot(choices=draw(slots).choices))
    return Plan(slots=tuple(asked), needed=draw(st.integers(1, sum(not slot.optional for slot in asked))))


@on_a_node
@given(plan=plans())
@examples(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_plan_is_answered_in_its_own_order(full: str, plan: Plan) -> None:
    expected = order_of(plan, shelves())
    assert elastic.search(plan, url=full) == expected
    assert elastic.search(plan, url=full, most=3) == expected[:3]


@on_a_node
def test_the_heaviest_plan_there_can_be_is_answered_without_rounding(url: str) -> None:
    words = [[f"a:{slot}-{word}" for word in range(48)] for slot in range(40)]
    heavy = tuple(Slot(choices=tuple(Choice(word, 1000 - n) for n, word in enumerate(each))) for each in words)
    best = [each[0] for each in words]
    almost = [*best[:-1], words[-1][1]]
    elastic.build([entry(1, *almost), entry(2, *best), entry(3, *best, name_words=1)], url=url)
    assert elastic.search(Plan(slots=heavy, needed=40), url=url) == [3, 2, 1]


@on_a_node
def test_goods_are_learned_changed_and_forgotten(url: str) -> None:
    elastic.build([], url=url)
    assert elastic.search(asking("a:cá"), url=url) == []
    elastic.put([entry(1, "a:cá"), entry(2, "a:chạch")], url=url)
    elastic.put([entry(2, "a:cá", elsewhere=("a:chạch",), us=1)], url=url)
    assert elastic.search(asking("a:cá"), url=url) == [2, 1]
    assert elastic.search(asking("a:cá", "a:chạch"), url=url) == [2]
    elastic.drop([2, 77], url=url)
    assert elastic.search(asking("a:cá"), url=url) == [1]


@on_a_node
def test_without_an_index_nothing_is_made_up(url: str) -> None:
    assert not elastic.alive(url)
    assert elastic.live(url) == ""
    for doing in (
        lambda: elastic.search(asking("a:cá"), url=url),
        lambda: elastic.put([entry(1, "a:cá")], url=url),
        lambda: elastic.drop([1], url=url),
    ):
        with pytest.raises(SearchDown):
            doing()
    assert elastic.live(url) == ""


@on_a_node
def test_an_index_of_another_shape_is_not_ours(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    elastic.build([entry(1, "a:cá")], url=url)
    assert elastic.alive(url)
    monkeypatch.setattr(elastic, "SHAPE", elastic.SHAPE + 1)
    assert not elastic.alive(url)
    elastic.build([entry(2, "a:cá")], url=url)
    assert elastic.alive(url)
    assert elastic.search(asking("a:cá"), url=url) == [2]


@on_a_node
def test_a_reader_always_finds_a_whole_index_while_others_take_its_place(url: str) -> None:
    elastic.build([entry(number, "a:cá") for number in range(1, 101)], url=url)
    counts, failures, over = [], [], threading.Event()

    def read() -> None:
        while not over.is_set():
            try:
                counts.append(len(elastic.search(asking("a:cá"), url=url)))
            except SearchDown as down:
                failures.append(down)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    names = [
        elastic.build([entry(number, "a:cá") for number in range(1, size + 1)], url=url) for size in (200, 300, 100)
    ]
    over.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert set(counts) >= {200, 300}
    assert set(counts) <= {100, 200, 300}
    assert len(set(names)) == 3


@on_a_node
def test_a_build_that_breaks_leaves_the_old_index_and_no_litter(url: str) -> None:
    elastic.build([entry(1, "a:cá")], url=url)

    def breaks() -> Iterator[Entry]:
        yield entry(2, "a:cá")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        elastic.build(breaks(), url=url)
    assert elastic.search(asking("a:cá"), url=url) == [1]
    node, name = elastic._node(url)
    assert len(node.indices.get(index=f"{name}-v*")) == 1


@on_a_node
def test_what_a_killed_builder_left_is_swept_up_by_the_next(url: str) -> None:
    node, name = elastic._node(url)
    node.indices.create(index=f"{name}-v{elastic.SHAPE}-left")
    live = elastic.build([entry(1, "a:cá")], url=url)
    assert list(node.indices.get(index=f"{name}-v*")) == [live]


def test_a_dead_node_is_said_at_once() -> None:
    with socket.socket() as held:  # bound and not listening: nobody else can answer there
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        assert not elastic.alive(url)
        with pytest.raises(SearchDown, match="ConnectionError"):
            elastic.search(asking("a:cá"), url=url)
        with pytest.raises(SearchDown):
            elastic.build([entry(1, "a:cá")], url=url)
        with pytest.raises(SearchDown):
            elastic.live(url)


def test_a_node_that_takes_the_call_and_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(SearchDown, match="ConnectionTimeout"):
            elastic.search(asking("a:cá"), url=url)
        assert time.monotonic() - began < 10 * elastic.ANSWER_SECONDS  # not the minutes that a client waits by itself


def test_the_address_may_hold_a_password_and_the_name_of_the_index() -> None:
    node, name = elastic._node("http://cho:phien@127.0.0.1:9/hill-market")
    assert name == "hill-market"
    (config,) = [one.config for one in node.transport.node_pool.all()]
    assert (config.host, config.port, config.path_prefix) == ("127.0.0.1", 9, "")
    assert config.headers["authorization"].startswith("Basic ")
    assert elastic._node("http://127.0.0.1:9")[1] == elastic.NAME


def test_the_usual_ports_need_not_be_said() -> None:
    for url, port in (("http://somewhere.test", 9200), ("https://somewhere.test/shop", 443)):
        node, _name = elastic._node(url)
        assert [one.config.port for one in node.transport.node_pool.all()] == [port]
