"""The node gives the very order that memory and the database give, on every shop there is to try them on."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from catalog.models import Product
from catalog.search import elastic, outbox
from catalog.search.embedded import reindex
from catalog.search.finding import find
from tests import elastic as nodes
from tests import people
from tests.figures import Figure
from tests.people import NOW, World
from tests.search_scores import BLIND, PUBLIC, read, scores, verdicts

pytestmark = pytest.mark.skipif(not nodes.TEST_URL, reason=nodes.NOT_HERE)


@pytest.fixture(autouse=True)
def url(settings: Settings) -> Iterator[str]:
    url = f"{nodes.TEST_URL}/test-{uuid.uuid4().hex}"
    settings.SEARCH_URL = url
    yield url
    elastic.remove(url)


@pytest.fixture
def ranked(capsys: pytest.CaptureFixture[str]) -> Callable[[Path, str], dict[str, list[str]]]:
    """``search rank``: the hits of each query."""

    def ranked(file: Path, engine: str) -> dict[str, list[str]]:
        call_command("search", "rank", "--products", str(file), "--queries", str(file), "--engine", engine)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return {line["id"]: line["hits"] for line in lines}

    return ranked


@pytest.mark.parametrize("file", [PUBLIC, *BLIND], ids=lambda file: file.stem)
def test_search_rank_prints_the_same_by_both(
    file: Path, ranked: Callable[[Path, str], dict[str, list[str]]], figure: Figure
) -> None:
    by_node = ranked(file, "elasticsearch")
    assert len(by_node) == len(read(file).queries)
    assert by_node == ranked(file, "embedded")
    figure(f"on a real node, {file.stem}: {scores(verdicts(read(file), by_node))}")


def test_the_public_shop_is_ranked_as_well_as_promised(ranked: Callable[[Path, str], dict[str, list[str]]]) -> None:
    reached = scores(verdicts(read(PUBLIC), ranked(PUBLIC, "elasticsearch")))
    assert reached.recall_at_10 >= 0.95
    assert reached.top_1 >= 0.92
    assert reached.clean >= 0.90
    assert reached.noisy <= 0.05


@pytest.mark.django_db
def test_a_page_lists_the_same_goods_whoever_found_them(world: World, settings: Settings, url: str) -> None:
    sample = read(BLIND[1])
    for number, (slug, name) in enumerate(sample.products.items()):
        made_at = NOW + timedelta(minutes=number // 3)  # some at the same instant
        product = people.product(world.organization, world.category, slug=slug.lower(), name=name, at=made_at)
        product.description = "Hàng mới" if number % 7 else "Cá và rau nhà trồng, gói 500 g"
        product.save()
    Product.objects.filter(name__startswith="C").update(state=Product.State.DRAFT)
    reindex(Product.objects.all(), at=NOW)
    assert outbox.send(at=NOW) == Product.objects.count()
    among = Product.objects.published()
    for query in sample.queries:
        settings.SEARCH_URL = url
        by_node = find(query.q, among=among, at=NOW)
        settings.SEARCH_URL = "http://127.0.0.1:1"  # where nobody listens
        by_database = find(query.q, among=among, at=NOW)
        assert (by_node.engine, by_database.engine) == ("elasticsearch", "embedded")
        assert [product.slug for product in by_node.products] == [product.slug for product in by_database.products]
        assert (by_node.read_as, by_node.did_you_mean) == (by_database.read_as, by_database.did_you_mean)
