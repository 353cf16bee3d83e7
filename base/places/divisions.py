"""The provinces and communes of Viet Nam since the reform of 1 July 2025, and what was there before. Dated, read once.

A commune is named by its code of five digits and a day: its type may change under the same code (22 xã became phường
in 2026). Whatever is kept for long, an order or a bill, keeps code *and* name as they were that day. What the lists
are built from is said in base/places/data/SOURCES.md. Names are compared with base.places.words, because official
lists write one name two ways (Yên Hoà, Yên Hòa). Days are half open: ``valid_to`` is the first day on which a row no
longer holds.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from base.names import section_key

DATA = Path(__file__).parent / "data"
DATA_VERSION = "2026-09-20"
"""The last resolution that the lists know of. Exports carry it beside the codes."""
REFORM = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 34. ``code`` has two digits, ``type`` is tỉnh or thành phố; ``former``: the older ones it holds."""

    code: str
    name: str
    type: str
    valid_from: date
    valid_to: date | None
    former: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.type} {self.name}"


@dataclass(frozen=True, slots=True)
class District:
    """Of before the reform: huyện, quận, thị xã, thành phố. ``province`` is the code of then; ``into`` today's."""

    code: str
    name: str
    type: str
    province: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """A commune of before the reform. ``into``: the codes of today, several where it was divided.

    ``older``: accentless keys of names from before earlier mergers; they are for finding, never for showing.
    """

    code: str
    name: str
    type: str
    district: District
    province_name: str
    into: tuple[str, ...]
    older: tuple[str, ...]

    @property
    def split(self) -> bool:
        return len(self.into) > 1

    @property
    def full_name(self) -> str:
        """``phường 5``, ``thị trấn Yên Thịnh``."""
        return f"{self.type} {self.name}"


@dataclass(frozen=True, slots=True)
class Commune:
    """One of the 3,321. ``type`` is xã, phường or đặc khu; ``province`` a code; ``postal_code`` "" where unknown."""

    code: str
    name: str
    type: str
    province: str
    valid_from: date
    valid_to: date | None
    postal_code: str
    predecessors: tuple[Former, ...]

    @property
    def full_name(self) -> str:
        return f"{self.type} {self.name}"

    @property
    def province_name(self) -> str:
        held = province(self.province)
        assert held is not None, "every commune lies in a province: a test holds the lists to it"
        return held.name


@dataclass(frozen=True, slots=True)
class FormerProvince:
    """One of the 63 of before the reform. Codes are of then, and some say something else today."""

    code: str
    name: str
    into: str


@dataclass(frozen=True)
class Divisions:
    """All rows. The last row of a code is the one in force; the ones before it are of before a change of type."""

    provinces: dict[str, tuple[Province, ...]]
    communes: dict[str, tuple[Commune, ...]]
    former_provinces: dict[str, FormerProvince]
    districts: dict[str, District]
    former: tuple[Former, ...]


@cache
def divisions() -> Divisions:
    """Everything, read from the files at the first call in a process."""
    provinces: dict[str, list[Province]] = defaultdict(list)
    rows = list(_rows("provinces"))
    old = {code: FormerProvince(code, name, into) for code, name, _, _, _, into in rows if into}
    inside: dict[str, list[str]] = defaultdict(list)
    for one in old.values():
        inside[one.into].append(one.name)
    for code, name, kind, since, until, into in rows:
        if not into:
            provinces[code].append(Province(code, name, kind, _day(since), _last(until), tuple(inside[code])))
    former_rows = list(_rows("former"))
    taken: dict[str, set[str]] = defaultdict(set)
    for _, _, _, district, into, _ in former_rows:
        taken[district].update(into.split())
    districts = {
        code: District(code, name, kind, in_province, tuple(sorted({*taken[code], *into.split()})))
        for code, name, kind, in_province, into in _rows("districts")
    }
    former = tuple(
        Former(
            code,
            name,
            kind,
            districts[district],
            old[districts[district].province].name,
            tuple(into.split()),
            tuple(older.split()),
        )
        for code, name, kind, district, into, older in former_rows
    )
    before: dict[str, list[Former]] = defaultdict(list)
    for one_former in former:
        for code in one_former.into:
            before[code].append(one_former)
    communes: dict[str, list[Commune]] = defaultdict(list)
    for code, name, kind, in_province, since, until, postal in _rows("communes"):
        communes[code].append(
            Commune(code, name, kind, in_province, _day(since), _last(until), postal, tuple(before[code]))
        )
    return Divisions(
        {code: _in_time(them) for code, them in provinces.items()},
        {code: _in_time(them) for code, them in communes.items()},
        old,
        districts,
        former,
    )


def commune(code: str, *, on: date | None = None) -> Commune | None:
    """The commune of that code in force on that day (without one: in the newest row); None where there was none."""
    return _of(divisions().communes.get(code, ()), on)


def province(code: str, *, on: date | None = None) -> Province | None:
    return _of(divisions().provinces.get(code, ()), on)


def provinces(*, own: str | None = None, on: date | None = None) -> tuple[Province, ...]:
    """The provinces in Vietnamese alphabetical order, the one with the code ``own`` before all others."""
    there = [one for code in divisions().provinces if (one := province(code, on=on)) is not None]
    return tuple(sorted(there, key=lambda one: (one.code != own, section_key(one.name))))


def communes(*, of_province: str | None = None, on: date | None = None) -> tuple[Commune, ...]:
    """The communes in force on that day, of one province or of all, in Vietnamese alphabetical order."""
    there = (one for code in divisions().communes if (one := commune(code, on=on)) is not None)
    return tuple(
        sorted(
            (one for one in there if of_province in (None, one.province)),
            key=lambda one: (section_key(one.name), one.code),
        )
    )


Row = TypeVar("Row", Province, Commune)


def _of(rows: tuple[Row, ...], on: date | None) -> Row | None:
    if on is None:
        return rows[-1] if rows else None
    return next((row for row in rows if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)), None)


def _in_time(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: row.valid_from))


def _rows(name: str) -> Iterator[list[str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        yield from lines


@cache
def _day(written: str) -> date:
    return date.fromisoformat(written)


def _last(written: str) -> date | None:
    return _day(written) if written else None
