"""What a bare Elasticsearch 9 can do, with no analysis, script or reindex module: the calls our engine may lean on.

On a real node or not at all: ``make services-test`` starts one. What a bare node lacks is proved too, where leaning on
it would be an easy mistake.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import ConflictError, Elasticsearch, NotFoundError
from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query
from elasticsearch.helpers import BulkIndexError, bulk

from tests import elastic

pytestmark = pytest.mark.skipif(not elastic.TEST_URL, reason=elastic.NOT_HERE)

MAPPINGS = {
    "dynamic": "strict",
    "properties": {
        "words": {"type": "text", "analyzer": "whitespace"},
        "category": {"type": "keyword"},
        "price_dong": {"type": "long"},
        "made_on": {"type": "date"},
    },
}
GOODS: dict[int, dict[str, Any]] = {
    1: {"words": "=ca =chach ca chach say", "category": "fish", "price_dong": 90_000, "made_on": "2026-11-01"},
    2: {"words": "=ca =ro ca ro kho to", "category": "fish", "price_dong": 60_000, "made_on": "2026-11-02"},
    3: {"words": "=che =lam che lam gung", "category": "sweet", "price_dong": 30_000, "made_on": "2026-11-03"},
}


@pytest.fixture(scope="module")
def node() -> Iterator[Elasticsearch]:
    with Elasticsearch(elastic.TEST_URL, request_timeout=10) as client:
        yield client


@pytest.fixture
def name(node: Elasticsearch) -> Iterator[str]:
    """A name nobody else uses; every index whose name begins with it is gone afterwards."""
    name = f"test-{uuid.uuid4().hex}"
    yield name
    for index in node.indices.get(index=f"{name}*"):  # wildcards may not be deleted by
        node.indices.delete(index=index)


@pytest.fixture
def goods(node: Elasticsearch, name: str) -> str:
    """The alias of an index that holds GOODS."""
    made(node, f"{name}-1", GOODS)
    node.indices.update_aliases(actions=[{"add": {"index": f"{name}-1", "alias": name}}])
    return name


def made(node: Elasticsearch, index: str, documents: dict[int, dict[str, Any]]) -> None:
    alone = {"number_of_shards": 1, "number_of_replicas": 0}
    node.indices.create(index=index, settings=alone, mappings=MAPPINGS)
    actions = [{"_index": index, "_id": str(key), "_source": document} for key, document in documents.items()]
    assert bulk(node, actions, refresh=True) == (len(documents), [])


def found(node: Elasticsearch, index: str, query: Query) -> list[tuple[int, float]]:
    hits = Search(using=node, index=index).query(query).sort("_score", "-made_on").execute()
    return [(int(hit.meta.id), hit.meta.score) for hit in hits]


def sure(kind: str, word: str, boost: float) -> Query:
    return Q("constant_score", filter=Q(kind, words=word), boost=boost)


def test_a_node_answers_for_its_health(node: Elasticsearch) -> None:
    # Not for GET /, which the small distribution lacks: client.ping() is false there and client.info() is refused.
    assert node.cluster.health(wait_for_status="yellow")["number_of_nodes"] >= 1


def test_points_are_ours_to_give(node: Elasticsearch, goods: str) -> None:
    either = Q("dis_max", queries=[sure("term", "chach", 6), sure("prefix", "cha", 1)])
    asked = Q("bool", should=[sure("term", "=ca", 4), sure("term", "ca", 2), either], minimum_should_match=1)
    assert found(node, goods, asked) == [(1, 12.0), (2, 6.0)]


def test_every_word_may_be_asked_for_and_most_of_them(node: Elasticsearch, goods: str) -> None:
    words = [sure("term", word, 1) for word in ("ca", "ro", "kho", "nuong")]
    assert found(node, goods, Q("bool", must=words)) == []
    assert found(node, goods, Q("bool", should=words, minimum_should_match="2<75%")) == [(2, 3.0)]


def test_equal_points_go_to_the_newest(node: Elasticsearch, goods: str) -> None:
    assert found(node, goods, sure("prefix", "c", 1)) == [(3, 1.0), (2, 1.0), (1, 1.0)]


def test_a_word_is_kept_as_we_wrote_it(node: Elasticsearch, goods: str) -> None:
    assert found(node, goods, sure("term", "chạch", 1)) == []
    made(node, f"{goods}-2", {9: {"words": "Chạch chạch"}})
    assert [key for key, _ in found(node, f"{goods}-2", sure("term", "chạch", 1))] == [9]
    assert found(node, f"{goods}-2", sure("term", "chach", 1)) == []


def test_filters_narrow_and_facets_count(node: Elasticsearch, goods: str) -> None:
    cheap = Search(using=node, index=goods).filter("range", price_dong={"gte": 30_000, "lt": 90_000})
    cheap.aggs.bucket("categories", "terms", field="category", size=20)
    cheap.aggs.bucket("prices", "range", field="price_dong", ranges=[{"to": 50_000}, {"from": 50_000}])
    answer = cheap.extra(track_total_hits=True)[:0].execute()
    assert answer.to_dict()["hits"]["total"] == {"value": 2, "relation": "eq"}
    assert [(one.key, one.doc_count) for one in answer.aggregations.categories] == [("fish", 1), ("sweet", 1)]
    assert [one.doc_count for one in answer.aggregations.prices] == [1, 1]


def test_an_alias_moves_in_one_step_and_takes_the_old_index_away(node: Elasticsearch, goods: str) -> None:
    made(node, f"{goods}-2", {4: GOODS[1]})
    moved = [{"add": {"index": f"{goods}-2", "alias": goods}}, {"remove_index": {"index": f"{goods}-1"}}]
    node.indices.update_aliases(actions=moved)
    assert list(node.indices.get_alias(name=goods)) == [f"{goods}-2"]
    assert not node.indices.exists(index=f"{goods}-1")
    assert [key for key, _ in found(node, goods, sure("term", "=ca", 1))] == [4]


def test_a_late_writer_does_not_overwrite_a_newer_document(node: Elasticsearch, goods: str) -> None:
    node.index(index=goods, id="5", document=GOODS[1], version=20, version_type="external")
    with pytest.raises(ConflictError):
        node.index(index=goods, id="5", document=GOODS[2], version=10, version_type="external")
    with pytest.raises(ConflictError):
        node.delete(index=goods, id="5", version=10, version_type="external")
    assert node.get(index=goods, id="5")["_source"] == GOODS[1]


def test_an_unknown_field_is_refused_and_said(node: Elasticsearch, goods: str) -> None:
    action = {"_index": goods, "_id": "6", "_source": {"wrods": "ca"}}
    with pytest.raises(BulkIndexError) as refused:
        bulk(node, [action])
    assert refused.value.errors[0]["index"]["error"]["type"] == "strict_dynamic_mapping_exception"
    with pytest.raises(NotFoundError):
        node.get(index=goods, id="6")


def test_a_misspelt_word_is_near_a_known_one(node: Elasticsearch, goods: str) -> None:
    near = Q("fuzzy", words={"value": "chach", "fuzziness": 1, "prefix_length": 1})
    assert [key for key, _ in found(node, goods, near)] == [1]
    asked = Q("fuzzy", words={"value": "cach", "fuzziness": 1, "prefix_length": 1})
    assert [key for key, _ in found(node, goods, asked)] == [1]
