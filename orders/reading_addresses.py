"""A commune as it is typed, or a whole address in one line: which one is meant, by its name of today or of before."""

from dataclasses import dataclass

from base.places import divisions, finding, typing_ahead
from base.places.divisions import Commune
from base.text import folded
from orders.addresses import LONGEST_HAMLET, LONGEST_LANDMARK, former_name, full_name
from orders.buyers import one_line

LONGEST_TYPED = 300
_NEAR = frozenset({"gan", "canh", "doi", "truoc", "sau", "ben", "ke"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One commune to choose. ``former_code`` of the old one whose name was typed, "" where it is today's."""

    code: str
    former_code: str
    name: str
    former: str

    @property
    def value(self) -> str:
        """``14701:14722``: how a form carries it."""
        return f"{self.code}:{self.former_code}" if self.former_code else self.code


@dataclass(frozen=True, slots=True)
class Read:
    """One ``choice``, several, or none; ``hamlet`` and ``landmark`` are what else was typed."""

    choices: tuple[Choice, ...]
    hamlet: str = ""
    landmark: str = ""

    @property
    def one(self) -> Choice | None:
        return self.choices[0] if len(self.choices) == 1 else None


def read(typed: str, *, province: str = "") -> Read:
    """What ``typed`` means, within ``province`` (a code) when one was chosen. Any text gets an answer."""
    text = one_line(typed)[:LONGEST_TYPED]
    if not text:
        return Read(())
    chosen = divisions.province(province) if province else None
    found = finding.find(f"{text}, {chosen.full_name}" if chosen else text)
    codes = [found.code] if found.code else list(found.candidates)
    there = [commune for code in codes if (commune := divisions.commune(code)) is not None]
    if chosen:
        there = [one for one in there if one.province == chosen.code]
    if not there:
        return Read(())
    hamlet, landmark = _hamlet_and_landmark(found.rest)
    return Read(tuple(choice_of(one, typed=text) for one in there), hamlet=hamlet, landmark=landmark)


def suggest(typed: str, *, province: str = "", at_most: int) -> list[tuple[Choice, str]]:
    """What somebody who has typed so much may be about to choose, the likeliest first, each with its old names."""
    text = one_line(typed)[:LONGEST_TYPED]
    found = typing_ahead.suggestions(text, province=province or None, at_most=at_most)
    there = [(one, commune) for one in found if (commune := divisions.commune(one.code)) is not None]
    return [(choice_of(commune, typed=text), one.label.partition(" (")[2].rstrip(")")) for one, commune in there]


def chosen(value: str) -> Choice | None:
    """What a form carried back (``Choice.value``); None for anything that names no commune."""
    code, _colon, former_code = value.partition(":")
    commune = divisions.commune(code)
    return _choice(commune, former_code) if commune else None


def choice_of(commune: Commune, *, typed: str = "") -> Choice:
    """``commune``, with the old one in it whose name, another than its own, stands in ``typed``."""
    words = f" {_plain(typed)} "
    older = (one for one in commune.predecessors if _plain(one.name) != _plain(commune.name))
    named = [one for one in older if f" {_plain(one.name)} " in words]
    return _choice(commune, max(named, key=lambda one: len(one.name)).code if named else "")


def _choice(commune: Commune, former_code: str) -> Choice:
    former = former_name(commune, former_code)
    return Choice(commune.code, former_code if former else "", full_name(commune), former)


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded(text)).split())


def _hamlet_and_landmark(rest: str) -> tuple[str, str]:
    """``Xóm 3, thôn Nộn Khê, gần chợ`` → the hamlet, and what it is near."""
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    near = next((place for place, part in enumerate(parts) if _plain(part).split(" ")[0] in _NEAR), len(parts))
    return ", ".join(parts[:near])[:LONGEST_HAMLET], ", ".join(parts[near:])[:LONGEST_LANDMARK]
