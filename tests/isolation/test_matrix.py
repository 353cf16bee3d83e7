"""Every root field and mutation × every kind of viewer × one's own and another's things.

The list of fields is read from the schema: one without a rule fails. What is not for a viewer is answered, byte for
byte, like something that does not exist, and nothing in the database moves.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from catalog.models import Category, CategoryFee
from cooperatives.models import Organization
from tests import people
from tests.isolation.asking import ROOTS, ask, footprint
from tests.isolation.rule import EVERYBODY, Rule
from tests.isolation.rules import MUTATIONS, QUERIES
from tests.isolation.sides import UNKNOWN, Names, Side, make_side

RULES: dict[str, dict[str, Rule]] = {"query": QUERIES, "mutation": MUTATIONS}
CELLS = [(kind, name) for kind, fields in ROOTS.items() for name in fields]


@dataclass(frozen=True)
class Viewer:
    """Somebody at the door: ``side`` is the letter of her cooperative, if she has one."""

    role: str
    side: str
    client: Client

    def __str__(self) -> str:
        return f"{self.role} {self.side}".strip()


@dataclass(frozen=True)
class Market:
    sides: dict[str, Side]
    viewers: list[Viewer]


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Market]:
    """The market, in a transaction around all tests here: each takes back what it did, and finds it as it was made."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = _make_market()
        with django_db_blocker.block():
            yield made
        transaction.set_rollback(True)


@pytest.fixture
def market(made_once: Market, db: None) -> Market:
    """With clients that nobody has used, signed in all the same."""
    viewers = [replace(viewer, client=Client()) for viewer in made_once.viewers]
    for fresh, signed_in in zip(viewers, made_once.viewers, strict=True):
        fresh.client.cookies = copy.deepcopy(signed_in.client.cookies)
    return replace(made_once, viewers=viewers)


def _make_market() -> Market:
    at = timezone.now() - timedelta(hours=1)
    category = Category.objects.create(slug="do-kho", name="Đồ khô")
    sides = {letter: make_side(letter, category=category, at=at) for letter in "ab"}
    for organization in Organization.objects.all():
        CategoryFee.objects.create(organization=organization, category=category, fee_bp=1000)
    viewers = [Viewer("guest", "", Client()), Viewer("buyer", "", _signed_in(people.user("Dũng", "+84912000004")))]
    for letter, side in sides.items():
        viewers.append(Viewer("member", letter, _signed_in(side.member)))
        viewers += [Viewer(role, letter, _signed_in(person)) for role, person in side.staff.items()]
    return Market(sides, viewers)


def _signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def test_every_field_has_a_rule_and_every_rule_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    for kind, rules in RULES.items():
        assert set(ROOTS[kind]) - set(rules) == set(), f"a new {kind} needs a rule in tests/isolation/rules.py"
        assert set(rules) - set(ROOTS[kind]) == set(), f"a rule for a {kind} that is gone"
    ruled = sum(map(len, RULES.values()))
    with capsys.disabled():
        print(f"\nisolation matrix: {ruled} of {len(CELLS)} root fields × 10 viewers × 2 organizations")


@pytest.mark.parametrize(("kind", "name"), CELLS, ids=[name for _kind, name in CELLS])
def test_others_things_are_like_nothing(kind: str, name: str, market: Market) -> None:
    rule = RULES[kind][name]
    before = footprint()
    for viewer in market.viewers:
        for letter, side in market.sides.items():
            other = market.sides["b" if letter == "a" else "a"].names
            theirs = _answer(viewer, kind, name, rule, side.names)
            if not _may(rule, viewer, letter):
                nothing = _answer(viewer, kind, name, rule, UNKNOWN, unmoved=before)
                assert theirs == nothing, f"{viewer} can tell that it exists"
                _answer(viewer, kind, name, rule, side.names, unmoved=before)
            elif _private(rule):
                assert _done(theirs, kind, name), f"{viewer} is refused: {theirs}"
                for one in _private(rule):
                    mixed = replace(side.names, **{one: getattr(other, one)})
                    unknown = replace(side.names, **{one: getattr(UNKNOWN, one)})
                    nothing = _answer(viewer, kind, name, rule, unknown, unmoved=before)
                    assert _answer(viewer, kind, name, rule, mixed, unmoved=before) == nothing, f"{viewer}: {one}"
            _holds_no_secret(theirs, viewer, market, given=letter if rule.public else "")


def _may(rule: Rule, viewer: Viewer, letter: str) -> bool:
    return viewer.role in rule.may and (rule.may is EVERYBODY or viewer.side == letter)


def _private(rule: Rule) -> list[str]:
    """Which names the rule writes into its request, but for the public ones."""
    written = {name: f"«{name}»" for name in asdict(UNKNOWN)}
    used = json.dumps(rule.arguments(Names(**written)), ensure_ascii=False)
    return [name for name, mark in written.items() if mark in used and name not in rule.public]


def _answer(
    viewer: Viewer, kind: str, name: str, rule: Rule, names: Names, *, unmoved: dict[str, tuple[int, str]] | None = None
) -> str:
    """What the door says; whatever was done is taken back. With ``unmoved``: nothing may have been done."""
    with transaction.atomic():
        status, body = ask(viewer.client, kind, name, rule.arguments(names))
        if unmoved is not None:
            assert footprint() == unmoved, f"{viewer} changed something"
        transaction.set_rollback(True)
    assert status == 200, body
    assert "INTERNAL" not in body, f"{viewer}: {body}"
    for value in set(_strings(rule.arguments(names))) & set(asdict(names).values()):  # a message may repeat its input
        body = body.replace(value, "…")
    return body


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _done(answer: str, kind: str, name: str) -> bool:
    """Something came back, and a mutation was not refused."""
    told = json.loads(answer)["data"][name]
    return bool(told) and (kind == "query" or told["errors"] == [])


def _holds_no_secret(answer: str, viewer: Viewer, market: Market, *, given: str) -> None:
    """Texts of a side stand in no answer to anybody but its own people (and whoever was ``given`` a public name)."""
    for letter, side in market.sides.items():
        if letter not in (viewer.side, given):
            assert not [text for text in side.private if text in answer], f"{viewer} reads what is {letter}'s"


def test_staff_do_see_what_is_theirs(market: Market) -> None:
    """The texts that are looked for above do stand in the answers of those they are for."""
    (treasurer,) = [viewer for viewer in market.viewers if (viewer.role, viewer.side) == ("treasurer", "a")]
    lists = ("orders", "bankTransactions", "products", "billingAccounts")
    seen = "".join(ask(treasurer.client, "query", name, {})[1] for name in lists)
    seen += ask(treasurer.client, "query", "memberIncome", QUERIES["memberIncome"].arguments(market.sides["a"].names))[
        1
    ]
    assert [text for text in market.sides["a"].private if text not in seen] == []
