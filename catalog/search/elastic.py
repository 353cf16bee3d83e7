"""The province's engine: an Elasticsearch 9 that gives each product the very points of the embedded one.

Terms are made and plans are written by us, so a bare node will do: two keyword fields, no analysis, no script, no
plugin. An adapter: entries and plans in, ids out; it knows no table.

The *address* is the node's (``http://HOST:9200``, with ``USER:PASSWORD@`` if it wants one); a path behind it names the
index (``http://HOST:9200/chophien-test``), for several markets on one node. That name is an alias. A new index is
filled beside the live one and takes the name over in one step.
"""

import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.dsl import Document, Keyword, Long, MetaField, Q, Search
from elasticsearch.dsl.query import Bool, ConstantScore, DisMax, Query
from elasticsearch.helpers import BulkIndexError, bulk

from catalog.search.plan import FACTORS, Plan, Slot
from catalog.search.terms import Place

log = logging.getLogger(__name__)

NAME = "chophien-products"
SHAPE = 1
"""Goes up with the fields below: the worker builds anew where the live index has another."""
MOST = 10_000
"""As many as a node gives at once unless it is told otherwise (``max_result_window``)."""

ANSWER_SECONDS = 1.0
"""A buyer waits; the embedded engine is there."""
WORK_SECONDS = 30.0

FIELDS = {Place.NAME: "name_terms", Place.ELSEWHERE: "other_terms"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SearchDown(Exception):
    """The node does not answer, has no index of ours, or refused; the text says which."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One product as the index holds it. ``name_words`` and ``created_at`` part equal scores."""

    product_id: int
    name_terms: tuple[str, ...]
    other_terms: tuple[str, ...]
    name_words: int
    created_at: datetime


class _Stored(Document):
    name_terms = Keyword(multi=True, doc_values=False)
    other_terms = Keyword(multi=True, doc_values=False)
    name_words = Long()
    created_us = Long()  # a date of Elasticsearch counts milliseconds only, and two goods can be that near
    product_id = Long()

    class Meta:
        dynamic = MetaField("strict")

    class Index:
        # A copy as soon as there is a second node. Points do not depend on how many shards there are.
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}


# -- Asking ------------------------------------------------------------------------------------------------------------


def search(plan: Plan, *, url: str, most: int = MOST) -> list[int]:
    """Ids of the products that ``plan`` finds, best first: its score, fewer words in the name, newer, the higher id.

    All that the index holds, drafts too: the caller picks what may be seen. Raises SearchDown.
    """
    node, name = _node(url)
    asked = Search(using=node, index=name).query(query_of(plan)).source(False)
    asked = asked.sort("_score", "name_words", "-created_us", "-product_id")
    # The id comes back among the sort values, so that no stored field is read.
    asked = asked.extra(size=min(most, MOST), track_total_hits=False, stored_fields="_none_")
    with _down():
        answer = asked.params(allow_partial_search_results=False).execute().to_dict()
    return [hit["sort"][-1] for hit in answer["hits"]["hits"]]


def query_of(plan: Plan) -> Query:
    """The plan's score in Elasticsearch's words: a sum over slots of the best term there, each worth a constant."""
    needed = [_slot(slot) for slot in plan.slots if not slot.optional]
    welcome = [_slot(slot) for slot in plan.slots if slot.optional]
    return Bool(must=[Bool(should=needed, minimum_should_match=plan.needed)], should=welcome)


def _slot(slot: Slot) -> Query:
    by_points: dict[tuple[Place, int], list[str]] = {}
    for choice in slot.choices:
        for place, factor in FACTORS.items():
            by_points.setdefault((place, choice.weight * factor), []).append(choice.term)
    return DisMax(
        queries=[
            ConstantScore(filter=Q("terms", **{FIELDS[place]: sorted(set(terms))}), boost=points)
            for (place, points), terms in sorted(by_points.items())
        ]
    )


def alive(url: str) -> bool:
    """Does the node answer, with an index of ours? Never raises; takes a second at most."""
    try:
        return bool(live(url))
    except SearchDown:
        return False


def live(url: str) -> str:
    """What the index is called that is asked now; empty where there is none of today's shape. Raises SearchDown."""
    with _down():
        node, name = _node(url)
        return next((index for index in _live(node, name) if index.startswith(f"{name}-v{SHAPE}-")), "")


# -- Telling -----------------------------------------------------------------------------------------------------------


def build(entries: Iterable[Entry], *, url: str) -> str:
    """A new index with exactly ``entries`` takes the name over; returns what it is called on the node.

    Whoever is asking meanwhile gets an answer from the old one, which goes when nobody can be waiting for it any more.
    One builder at a time (outbox.py sees to it). Raises SearchDown; the old index then stays in place.
    """
    node, name = _node(url)
    patient = node.options(request_timeout=WORK_SECONDS)
    fresh = f"{name}-v{SHAPE}-{uuid.uuid4().hex[:12]}"
    with _down():
        old = _live(patient, name)
        for left in patient.indices.get(index=f"{name}-v*", features=["aliases"]):  # by a builder that was killed
            if left not in old:
                patient.indices.delete(index=left)
        _Stored.init(index=fresh, using=patient)
        try:
            told, _ = bulk(patient, _actions(entries, fresh), chunk_size=500)
            patient.indices.refresh(index=fresh)
            kept = patient.count(index=fresh)["count"]
            if kept != told:
                raise SearchDown(f"{told} entries were told and {kept} are there")
            moved: list[dict[str, Any]] = [{"remove": {"index": index, "alias": name}} for index in old]
            patient.indices.update_aliases(actions=[*moved, {"add": {"index": fresh, "alias": name}}])
        except BaseException:
            _drop_quietly(patient, fresh)
            raise
        if old:
            time.sleep(ANSWER_SECONDS + 0.2)
            patient.indices.delete(index=old)
    return fresh


def put(entries: Iterable[Entry], *, url: str) -> None:
    """Learn these, new or changed; they can be found at once. Raises SearchDown, also where there is no index."""
    node, name = _node(url)
    with _down():
        bulk(node.options(request_timeout=WORK_SECONDS), _actions(entries, name), refresh=True, require_alias=True)


def drop(product_ids: Iterable[int], *, url: str) -> None:
    """Forget these; unknown ones are none of anybody's business. Raises SearchDown."""
    node, name = _node(url)
    actions = [{"_op_type": "delete", "_index": name, "_id": str(key)} for key in product_ids]
    with _down():
        patient = node.options(request_timeout=WORK_SECONDS)
        _, errors = bulk(patient, actions, refresh=True, require_alias=True, raise_on_error=False)
        wrong = [error for error in errors if "error" in error["delete"]] if isinstance(errors, list) else []
        if wrong:
            raise SearchDown(f"{len(wrong)} entries could not be dropped: {wrong[0]['delete']['error']}"[:200])


def remove(url: str) -> None:
    """Take away every index of this name. Raises SearchDown."""
    node, name = _node(url)
    with _down():
        for index in node.indices.get(index=f"{name}-v*", features=["aliases"]):
            node.indices.delete(index=index)


# -- The node ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _node(url: str) -> tuple[Elasticsearch, str]:
    """A client that keeps its connections, safe for many threads, and the name of the index."""
    parts = urlsplit(url)
    usual = "" if parts.port or parts.scheme == "https" else ":9200"
    bare = parts._replace(netloc=parts.netloc + usual, path="", query="", fragment="").geturl()
    client = Elasticsearch(bare, request_timeout=ANSWER_SECONDS, max_retries=0, retry_on_timeout=False)
    return client, parts.path.strip("/") or NAME


def _live(node: Elasticsearch, name: str) -> list[str]:
    answer = node.options(ignore_status=404).indices.get_alias(name=name)
    return [] if answer.meta.status == 404 else list(answer.body)


def _actions(entries: Iterable[Entry], index: str) -> Iterator[dict[str, Any]]:
    for entry in entries:
        stored = _Stored(
            name_terms=list(entry.name_terms),
            other_terms=list(entry.other_terms),
            name_words=entry.name_words,
            created_us=(entry.created_at - _EPOCH) // timedelta(microseconds=1),
            product_id=entry.product_id,
        )
        yield {"_index": index, "_id": str(entry.product_id), "_source": stored.to_dict(skip_empty=False)}


def _drop_quietly(node: Elasticsearch, index: str) -> None:
    """What is left of a failed build; the failure itself is what is told, and the next build cleans up as well."""
    try:
        node.options(ignore_status=404).indices.delete(index=index)
    except (ApiError, TransportError) as failure:
        log.warning("the unfinished index %s stays for the next build to remove: %s", index, failure)


@contextmanager
def _down() -> Iterator[None]:
    try:
        yield
    except ApiError as failure:
        if failure.status_code != 404:  # no index yet is a state; anything else is a fault of ours or the node's
            log.warning("elasticsearch refused: %s", failure)
        raise SearchDown(str(failure)[:200]) from failure
    except TransportError as failure:
        raise SearchDown(f"{type(failure).__name__}: {failure.message}"[:200]) from failure
    except BulkIndexError as failure:
        raise SearchDown(f"{failure.args[0]} {failure.errors[0]}"[:200]) from failure
