"""Each limit at its edge, and forty documents a stranger might send: decided, refused, nothing run."""

import json
from typing import Any

import graphene
import pytest
from graphql import StringValueNode, get_introspection_query, parse

from base.graphql import ConnectionField
from shop import graphql_limits as limits
from shop.graphql_documents import Documents, Unreadable
from shop.graphql_limits import BadText, TooHeavy, check_literal, check_variables
from shop.graphql_weighing import Weight, weigh

RAN: list[str] = []


class Thing(graphene.ObjectType):
    name = graphene.String()
    same = graphene.Field(lambda: Thing)
    parts = graphene.List(lambda: Thing)


class Line(graphene.InputObjectType):
    quantity = graphene.Int()
    inner = graphene.Field(lambda: Line)
    lines = graphene.List(lambda: Line)


def ran(root: Any, info: graphene.ResolveInfo, **_arguments: Any) -> None:
    RAN.append(info.field_name)


class Queries(graphene.ObjectType):
    name = graphene.String(resolver=ran)
    thing = graphene.Field(Thing, lines=graphene.List(Line), numbers=graphene.List(graphene.Int), resolver=ran)
    things = ConnectionField(Thing, resolver=ran, required=False)


class Writes(graphene.ObjectType):
    move = graphene.String(resolver=ran)


class Ticks(graphene.ObjectType):
    tick = graphene.String(resolver=ran)


SCHEMA = graphene.Schema(query=Queries, mutation=Writes, subscription=Ticks).graphql_schema


def weight(text: str, **variables: Any) -> Weight:
    return weigh(parse(text), schema=SCHEMA, variables=variables)


def nested(levels: int, inner: str = "name") -> str:
    """``levels`` fields deep."""
    return "{ thing " + "{ same " * (levels - 2) + "{ " + inner + " }" * levels


def doubling(fragments: int, inner: str = "name") -> str:
    spread = "".join(f"fragment F{n} on Queries {{ ...F{n + 1} ...F{n + 1} }} " for n in range(fragments))
    return "{ ...F0 } " + spread + f"fragment F{fragments} on Queries {{ {inner} }}"


# -- What a document weighs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "depth", "cost"),
    [
        ("{ name }", 1, 1),
        ("{ a: name b: name }", 1, 2),
        ("{ things { totalCount } }", 2, 1 + 20),
        ("{ things(first: 3) { edges { node { name } } } }", 4, 1 + 3 * (1 + 1 + 1)),
        ("{ things(first: 0) { totalCount } }", 2, 2),
        ("query($n: Int = 7) { things(first: $n) { totalCount } }", 2, 8),
        ("{ thing { parts { name } } }", 3, 1 + 1 + 5),
        ("{ ...F ... { ...F } } fragment F on Queries { thing { name } }", 2, 4),
        (doubling(10), 1, 1024),
    ],
)
def test_depth_and_cost_are_those_of_the_answer(text: str, depth: int, cost: int) -> None:
    measured = weight(text)
    assert (measured.depth, measured.cost) == (depth, cost)


def test_the_size_of_a_page_is_read_from_the_variables() -> None:
    page = "query($n: Int = 7) { things(first: $n) { totalCount } }"
    assert weight(page, n=50).cost == 51
    assert weight(page, n=None).cost == 21
    assert weight(page, n="x").cost == 101  # GraphQL's rules will refuse it; until then it weighs the most
    assert weight(page).by_variables
    assert not weight("{ things(first: 5) { totalCount } }").by_variables


def test_the_heaviest_operation_counts() -> None:
    assert weight("query A { name } query B { thing { name } }").cost == 2


def test_what_does_not_exist_is_left_to_the_rules_of_graphql() -> None:
    assert weight("{ nobody { knows(first: 9) { ...Nowhere } } }").cost == 2
    assert weight("{ ...A } fragment A on Queries { name ...B } fragment B on Queries { ...A }").cost == 1


def test_the_standard_introspection_passes_in_every_form() -> None:
    text = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )
    assert weight(text).introspects
    assert not weight("{ name }").introspects
    Documents(SCHEMA).read(text, {})


# -- Each limit at its edge ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fits", "too_much", "refusal"),
    [
        (nested(12), nested(13), limits.TooDeep),
        *[
            (
                "{ " + " ".join(f"a{n}: name" for n in range(size)) + " }",
                "{ " + " ".join(f"a{n}: name" for n in range(size + 1)) + " }",
                limits.TooManyAliases,
            )
            for size in (100,)
        ],
        ("{ things(first: 100) { totalCount } }", "{ things(first: 101) { totalCount } }", limits.PageTooLarge),
        ("mutation { a: move b: move c: move d: move }", "mutation { a: move b: move c: move d: move move }",
         limits.TooManyMutations),
        (f"{{ thing(numbers: {[0] * 100}) {{ name }} }}", f"{{ thing(numbers: {[0] * 101}) {{ name }} }}",
         limits.ListTooLong),
        (doubling(15), doubling(16), limits.TooCostly),
        ("{ thing(numbers: " + "[" * 12 + "]" * 12 + ") { name } }",
         "{ thing(numbers: " + "[" * 13 + "]" * 13 + ") { name } }", limits.TooDeep),
    ],
)  # fmt: skip
def test_the_limit_itself_still_fits(fits: str, too_much: str, refusal: type[TooHeavy]) -> None:
    weight(fits)
    with pytest.raises(refusal) as caught:
        weight(too_much)
    assert "%(" not in caught.value.message


def test_values_of_variables_have_limits_too() -> None:
    deep: Any = 1
    for _level in range(11):
        deep = {"inner": deep}
    check_variables({"lines": [0] * 100, "deep": deep})
    with pytest.raises(limits.ListTooLong):
        check_variables({"input": {"lines": [0] * 101}})
    with pytest.raises(limits.TooDeep):
        check_variables({"deep": {"inner": deep}})


# -- Forty hostile documents -----------------------------------------------------------------------

_MERGE = "Validation aborted."
HOSTILE: list[tuple[str, str, dict[str, Any], str]] = [
    *[(f"doubling fragments {n}", doubling(n), {}, "TOO_COSTLY") for n in (16, 18, 25, 50, 100, 150)],
    *[(f"depth {n}", nested(n), {}, "TOO_DEEP") for n in (13, 40, 150)],
    ("depth 600: too deep to parse", nested(600), {}, "TOO_LARGE"),
    ("depth by inline fragments", "{" + "... {" * 100 + "name" + "}" * 101, {}, "TOO_DEEP"),
    ("depth in a fragment nobody uses", "{ name } fragment F on Thing " + nested(60).replace("thing", "same", 1), {},
     "TOO_DEEP"),
    ("depth by a chain of fragments", "{ thing { ...F0 } } " + "".join(
        f"fragment F{n} on Thing {{ same {{ ...F{n + 1} }} }} " for n in range(120)) + "fragment F120 on Thing {name}",
     {}, "TOO_DEEP"),
    ("depth of a literal", "{ thing(lines: " + "{inner: " * 40 + "{}" + "}" * 40 + ") { name } }", {}, "TOO_DEEP"),
    ("depth of a list literal", "{ thing(numbers: " + "[" * 80 + "]" * 80 + ") { name } }", {}, "TOO_DEEP"),
    ("depth of a default", "query($l: [Line] = " + "[" * 40 + "]" * 40 + ") { thing(lines: $l) { name } }", {},
     "TOO_DEEP"),
    ("depth of a variable", "query($l: [Line]) { thing(lines: $l) { name } }",
     {"l": json.loads("[" * 40 + "]" * 40)}, "TOO_DEEP"),
    *[(f"{n} aliases", "{" + " ".join(f"a{i}:name" for i in range(n)) + "}", {}, "TOO_MANY_ALIASES")
      for n in (101, 300, 660)],
    ("aliases in fragments", "{...F...G}fragment F on Queries{" + " ".join(f"a{i}:name" for i in range(60)) +
     "}fragment G on Queries{" + " ".join(f"b{i}:name" for i in range(60)) + "}", {}, "TOO_MANY_ALIASES"),
    *[(f"first {n}", f"{{ things(first: {n}) {{ totalCount }} }}", {}, "PAGE_TOO_LARGE")
      for n in (101, 2147483647, 10**60)],
    ("first by variable", "query($n: Int) { things(first: $n) { totalCount } }", {"n": 10**9}, "PAGE_TOO_LARGE"),
    ("first by default", "query($n: Int = 5000) { things(first: $n) { totalCount } }", {}, "PAGE_TOO_LARGE"),
    ("first as a float", "query($n: Int) { things(first: $n) { totalCount } }", {"n": 1e9}, "PAGE_TOO_LARGE"),
    ("a long list", f"{{ thing(numbers: {[7] * 500}) {{ name }} }}", {}, "LIST_TOO_LONG"),
    ("a long list in a variable", "query($l: [Int]) { thing(numbers: $l) { name } }", {"l": [7] * 2000},
     "LIST_TOO_LONG"),
    ("a long list in a directive", f"{{ name @skip(if: {[True] * 101}) }}", {}, "LIST_TOO_LONG"),
    ("lists in lists", "{ thing { " + "parts { " * 9 + "name" + " }" * 11, {}, "TOO_COSTLY"),
    ("pages in doubling fragments", doubling(9, "things(first: 100) { totalCount }"), {}, "TOO_COSTLY"),
    ("pages by variable", "query($n: Int) " + doubling(9, "things(first: $n) { totalCount }"), {"n": 100},
     "TOO_COSTLY"),
    ("five mutations", "mutation { " + " ".join(f"m{n}: move" for n in range(5)) + " }", {}, "TOO_MANY_MUTATIONS"),
    ("mutations in a fragment", "mutation { ...F ...F ...F } fragment F on Writes { a: move b: move }", {},
     "TOO_MANY_MUTATIONS"),
    ("a subscription", "subscription { tick }", {}, "SUBSCRIPTIONS_REFUSED"),
    ("a subscription beside a query", "query A { name } subscription B { tick }", {}, "SUBSCRIPTIONS_REFUSED"),
    ("introspection in circles", "{ __schema { types { " + "fields { type { " * 5 + "name" + " } }" * 5 + " } } }", {},
     "TOO_DEEP"),
    ("introspection, wide", "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }", {},
     "TOO_COSTLY"),
    ("2,001 tokens", "{" + "name " * 2000 + "}", {}, "TOO_LARGE"),
    ("16 KB of comment", "#" + "x" * 17_000 + "\n{ name }", {}, "TOO_LARGE"),
    ("the same field 1,900 times", "{" + "name " * 1900 + "}", {}, _MERGE),
    ("the same field 300 times", "{" + "name " * 300 + "}", {}, _MERGE),
    ("150 fragments at once", "{" + "".join(f"...F{n} " for n in range(150)) + "}" + "".join(
        f"fragment F{n} on Queries{{name thing{{name}}}}" for n in range(150)), {}, "GRAPHQL_VALIDATION_FAILED"),
    ("fragments in a circle", "{ ...A } fragment A on Queries { ...B } fragment B on Queries { ...A }", {},
     "GRAPHQL_VALIDATION_FAILED"),
    ("nothing", "", {}, "GRAPHQL_PARSE_FAILED"),
    ("half a document", "{ thing { name ", {}, "GRAPHQL_PARSE_FAILED"),
    ("a schema", "type Query { mine: String }", {}, "GRAPHQL_VALIDATION_FAILED"),
]  # fmt: skip


def test_there_are_forty_of_them() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize(("text", "variables", "code"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_document_is_decided_and_nothing_runs(text: str, variables: dict[str, Any], code: str) -> None:
    RAN.clear()
    documents = Documents(SCHEMA)
    with pytest.raises((TooHeavy, Unreadable)) as caught:
        documents.read(text, variables)
    if code == _MERGE:
        assert [error.message for error in caught.value.errors] == [_MERGE]  # type: ignore[union-attr]
    else:
        assert caught.value.code == code
    assert not RAN
    assert not documents._known, "a refused text is not remembered"


# -- What is remembered ----------------------------------------------------------------------------


def test_a_document_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Documents(SCHEMA)
    first = documents.read("{ name }", {})
    monkeypatch.setattr("shop.graphql_documents.parse", None)
    monkeypatch.setattr("shop.graphql_documents.validate", None)
    assert documents.read("{ name }", {}) is first


def test_a_known_document_is_weighed_again_when_its_pages_come_from_variables() -> None:
    documents = Documents(SCHEMA)
    text = "query($n: Int) { things(first: $n) { totalCount } }"
    assert documents.read(text, {"n": 2}).weight.cost == 3
    assert documents.read(text, {"n": 90}).weight.cost == 91
    with pytest.raises(limits.PageTooLarge):
        documents.read(text, {"n": 101})


def test_memory_is_bounded_and_the_oldest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.graphql_documents._REMEMBERED_CHARACTERS", 40)
    documents = Documents(SCHEMA)
    for text in ("query A { name }", "query B { name }", "query A { name }", "query C { name }"):
        documents.read(text, {})
    assert list(documents._known) == ["query A { name }", "query C { name }"]
    assert documents._characters == 32


def test_names_are_not_guessed_for_strangers() -> None:
    with pytest.raises(Unreadable) as caught:
        Documents(SCHEMA).read("{ thinks { name } }", {})
    assert [error.message for error in caught.value.errors] == ["Cannot query field 'thinks' on type 'Queries'."]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfffy"])
def test_text_that_no_database_takes_is_refused_before_anything_runs(text):
    with pytest.raises(BadText):
        check_variables({"input": {"lines": [{"name": text}]}})
    with pytest.raises(BadText):
        check_literal(StringValueNode(value=text))


def test_ordinary_text_passes():
    check_variables({"name": "Cá chạch sấy 🐟"})
