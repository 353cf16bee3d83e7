"""catalog/search/outbox.py: what changes is told, once it is true, to whom it may concern, and never lost."""

import socket
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from catalog.models import Product, SearchChange, SearchMark, SearchWord
from catalog.search import elastic, outbox, province
from catalog.search.plan import Choice, Plan, Slot
from tests import elastic as nodes
from tests import people
from tests.people import NOW, World

on_a_node = pytest.mark.skipif(not nodes.TEST_URL, reason=nodes.NOT_HERE)
FISH = Plan(slots=(Slot(choices=(Choice("a:cá", 10),)),), needed=1)
MUTE = "http://127.0.0.1:1"  # nobody listens on port 1


class Gate:
    """A way to the node that can be shut and opened again, on one port."""

    def __init__(self, url: str) -> None:
        node = urlsplit(url)
        self._node = (node.hostname or "", node.port or 0)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/test-{uuid.uuid4().hex}"
        self._open: list[socket.socket] = []
        self.open()

    def open(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._let_in, args=(self._door,), daemon=True).start()

    def shut(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for end in self._open:
            end.close()
        self._open.clear()

    def _let_in(self, door: socket.socket) -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:  # shut
                return
            node = socket.create_connection(self._node)
            self._open += [caller, node]
            for source, target in ((caller, node), (node, caller)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        try:
            while some := source.recv(65536):
                target.sendall(some)
        except OSError:  # shut in the middle
            return
        finally:
            for end in (source, target):
                end.close()


@pytest.fixture(autouse=True)
def nobody_is_left_alone() -> Iterator[None]:
    province._silent_until.clear()
    yield
    province._silent_until.clear()


@pytest.fixture
def shop(world: World) -> list[Product]:
    """Three published goods with one word each beside them: cá, cá, chè."""
    goods = [
        people.product(world.organization, world.category, slug=slug, name=name, at=NOW + timedelta(hours=hours))
        for hours, (slug, name) in enumerate([("ro", "Cá rô"), ("chach", "Cá chạch đồng"), ("che", "Chè lam")])
    ]
    for product, term in zip(goods, ("a:cá", "a:cá", "a:chè"), strict=True):
        SearchWord.objects.filter(product=product).delete()
        SearchWord.objects.create(product=product, term=term, place=SearchWord.Place.NAME)
    return goods


@pytest.fixture
def url(settings: Settings) -> Iterator[str]:
    url = f"{nodes.TEST_URL}/test-{uuid.uuid4().hex}"
    settings.SEARCH_URL = url
    yield url
    elastic.remove(url)


def found(plan: Plan = FISH) -> list[str] | None:
    among = Product.objects.published()
    ids = province.ranked_ids(plan, among=among, most=100)
    return None if ids is None else [Product.objects.get(pk=key).slug for key in ids]


def reworded(product: Product, term: str, at: datetime) -> None:
    with transaction.atomic():
        SearchWord.objects.filter(product=product).update(term=term)
        outbox.changed([product.pk], at=at)


# -- Without a node ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_where_no_node_is_named_nothing_is_written_and_nobody_asked(shop: list[Product]) -> None:
    outbox.changed([product.pk for product in shop], at=NOW)
    assert not SearchChange.objects.exists()
    assert outbox.send(at=NOW) == 0
    assert not SearchMark.objects.filter(name=outbox.TELLER).exists()
    assert found() is None
    assert outbox.state() == "ok (embedded)"


@pytest.mark.django_db
def test_a_change_stands_once_with_its_last_time_and_a_clean_sheet(shop: list[Product], settings: Settings) -> None:
    settings.SEARCH_URL = MUTE
    outbox.changed([shop[0].pk, shop[0].pk, shop[1].pk], at=NOW)
    SearchChange.objects.update(tries=3, last_error="silent")
    outbox.changed([shop[0].pk], at=NOW + timedelta(seconds=1))
    rows = SearchChange.objects.order_by("product").values_list("product", "changed_at", "tries", "last_error")
    assert list(rows) == [
        (shop[0].pk, NOW + timedelta(seconds=1), 0, ""),
        (shop[1].pk, NOW, 3, "silent"),
    ]


@pytest.mark.django_db
def test_a_change_that_is_taken_back_is_not_told(shop: list[Product], settings: Settings) -> None:
    settings.SEARCH_URL = MUTE
    with transaction.atomic():
        outbox.changed([shop[0].pk], at=NOW)
        transaction.set_rollback(True)
    assert not SearchChange.objects.exists()


@pytest.mark.django_db
def test_a_silent_node_loses_nothing_and_is_not_asked_again_at_once(
    shop: list[Product], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_URL = MUTE
    outbox.changed([shop[0].pk], at=NOW)
    assert outbox.send(at=NOW) == 0
    waiting = SearchChange.objects.get()
    assert (waiting.tries, waiting.last_error.partition(":")[0]) == (1, "ConnectionError")
    assert found() is None
    assert outbox.state() == "ok (embedded; elasticsearch does not answer)"
    monkeypatch.setattr(elastic, "live", lambda url: pytest.fail("asked too early"))
    monkeypatch.setattr(elastic, "search", lambda plan, url, most: pytest.fail("waited for again"))
    assert outbox.send(at=NOW + outbox.AFTER_SILENCE - timedelta(seconds=1)) == 0
    assert found() is None


@pytest.mark.django_db
def test_only_one_process_tells_the_node(shop: list[Product], settings: Settings) -> None:
    settings.SEARCH_URL = MUTE
    outbox.changed([shop[0].pk], at=NOW)
    mine = outbox._take_turn(NOW, outbox.TELL_LEASE)
    assert mine
    assert outbox._take_turn(NOW, outbox.TELL_LEASE) is None
    with pytest.raises(outbox.TellerBusy):
        outbox.rebuild(at=NOW)
    later = NOW + outbox.TELL_LEASE
    other = outbox._take_turn(later, outbox.TELL_LEASE)  # the first was killed
    assert other
    outbox._stay(mine, until=NOW)  # it lived after all, and must not give away what is not its own
    assert outbox._take_turn(later, outbox.TELL_LEASE) is None


# -- On a node ---------------------------------------------------------------------------------------------------------


@on_a_node
@pytest.mark.django_db
def test_the_first_round_fills_the_node_and_the_next_ones_tell_what_changes(url: str, shop: list[Product]) -> None:
    assert outbox.state() == "ok (embedded; elasticsearch has no index yet)"
    assert outbox.send(at=NOW) == 3
    assert outbox.state() == "ok (elasticsearch)"
    assert found() == ["ro", "chach"]  # fewer words in the name
    reworded(shop[2], "a:cá", at=NOW)
    assert outbox.state() == "ok (embedded; elasticsearch has yet to learn of 1)"
    assert found() is None  # what was true a moment ago is no answer
    assert outbox.send(at=NOW + timedelta(seconds=2)) == 1
    assert found() == ["che", "ro", "chach"]  # as short, and newer
    assert outbox.send(at=NOW + timedelta(seconds=4)) == 0
    assert not SearchChange.objects.exists()


@on_a_node
@pytest.mark.django_db
def test_what_may_not_be_seen_is_not_found(url: str, shop: list[Product], monkeypatch: pytest.MonkeyPatch) -> None:
    assert outbox.send(at=NOW) == 3
    shop[0].withdraw(at=NOW)
    assert found() == ["chach"]
    monkeypatch.setattr(province, "FIRST", 1)  # what may be seen comes after what may not
    assert found() == ["chach"]


@on_a_node
@pytest.mark.django_db
def test_goods_without_words_are_forgotten(url: str, shop: list[Product]) -> None:
    outbox.send(at=NOW)
    SearchWord.objects.filter(product=shop[0]).delete()
    outbox.changed([shop[0].pk], at=NOW)
    assert outbox.send(at=NOW + timedelta(seconds=2)) == 1
    assert elastic.search(FISH, url=url) == [shop[1].pk]


@on_a_node
@pytest.mark.django_db
def test_what_changes_while_it_is_told_is_told_again(
    url: str, shop: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.send(at=NOW)
    reworded(shop[2], "a:cá", at=NOW)
    put, first = elastic.put, NOW + timedelta(seconds=2)

    def meanwhile(entries: list[elastic.Entry], *, url: str) -> None:
        put(entries, url=url)
        reworded(shop[2], "a:chè", at=first)

    monkeypatch.setattr(elastic, "put", meanwhile)
    assert outbox.send(at=first) == 1
    assert SearchChange.objects.get().changed_at == first
    monkeypatch.setattr(elastic, "put", put)
    assert outbox.send(at=first + timedelta(seconds=2)) == 1
    assert found() == ["ro", "chach"]


@on_a_node
@pytest.mark.django_db
def test_rebuilding_heals_whatever_the_node_had(url: str, shop: list[Product]) -> None:
    outbox.send(at=NOW)
    elastic.drop([shop[0].pk], url=url)
    SearchWord.objects.filter(product=shop[2]).update(term="a:cá")  # behind the outbox's back
    later = NOW + timedelta(minutes=1)
    assert outbox.rebuild(at=later) == 3
    assert found() == ["che", "ro", "chach"]


@on_a_node
@pytest.mark.django_db
def test_a_node_that_lost_its_index_is_filled_anew_by_itself(url: str, shop: list[Product]) -> None:
    outbox.send(at=NOW)
    elastic.remove(url)
    assert found() is None
    assert outbox.send(at=NOW + timedelta(seconds=10)) == 0  # nothing waits, and it was looked at just now
    assert outbox.send(at=NOW + outbox.LOOK_EVERY) == 3
    province._silent_until.clear()
    assert found() == ["ro", "chach"]


@on_a_node
@pytest.mark.django_db
def test_an_index_that_this_database_did_not_fill_or_missed_a_while_is_filled_anew(
    url: str, shop: list[Product], settings: Settings
) -> None:
    elastic.build([], url=url)  # another's, or ours before the database was restored
    assert outbox.send(at=NOW) == 3
    settings.SEARCH_URL = ""
    reworded(shop[2], "a:cá", at=NOW)  # nobody writes it down
    assert outbox.send(at=NOW) == 0
    settings.SEARCH_URL = url
    assert outbox.send(at=NOW + outbox.LOOK_EVERY) == 3
    assert found() == ["che", "ro", "chach"]


@on_a_node
@pytest.mark.django_db
def test_a_node_that_goes_and_comes_back_catches_up(shop: list[Product], settings: Settings) -> None:
    gate = Gate(nodes.TEST_URL)
    settings.SEARCH_URL = gate.url
    try:
        assert outbox.send(at=NOW) == 3
        assert found() == ["ro", "chach"]
        gate.shut()
        assert found() is None  # the embedded engine's turn
        reworded(shop[2], "a:cá", at=NOW + timedelta(seconds=5))
        assert outbox.send(at=NOW + timedelta(seconds=6)) == 0
        assert SearchChange.objects.get().tries == 1
        assert outbox.state() == "ok (embedded; elasticsearch does not answer)"
        gate.open()
        assert outbox.send(at=NOW + timedelta(seconds=6) + outbox.AFTER_SILENCE) == 1
        province._silent_until.clear()  # half a minute later
        assert found() == ["che", "ro", "chach"]
    finally:
        elastic.remove(gate.url)
        gate.shut()
