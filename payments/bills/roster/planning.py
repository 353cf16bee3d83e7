"""What a list would change, worked out without touching anything: who is new, who is known, who cannot be told apart.

Somebody is known by the number; without one by class, name and the household's phone together. Where two could be
meant, the row is a fault and never a guess.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from payments.bills.accounts import is_made
from payments.bills.roster.faults import Fault, Faulty
from payments.bills.roster.homes import Home, Homes, KnownHousehold
from payments.bills.roster.people import Person, fault_of


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it is now."""

    id: int
    kind: str
    number: str
    name: str
    name_key: str
    section: str
    section_key: str
    note: str
    since: date
    until: date | None
    household_id: int | None

    @property
    def called(self) -> str:
        return f"{self.name} ({self.number}{', ' + self.section if self.section else ''})"


@dataclass(frozen=True, slots=True)
class Addition:
    person: Person
    home: Home


@dataclass(frozen=True, slots=True)
class Change:
    """``what``: field of the account → (now, then). ``home`` None: its household stays."""

    person: Person
    known: Known
    what: dict[str, tuple[Any, Any]]
    home: Home | None = None


@dataclass(slots=True)
class Plan:
    """``households``: household → (now, then) of each of its fields that changes."""

    added: list[Addition] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: list[Known] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    households: dict[int, dict[str, tuple[str, str]]] = field(default_factory=dict)


def plan(
    people: Collection[Person],
    *,
    account_kind: str,
    accounts: Iterable[Known],
    households: Iterable[KnownHousehold],
    today: date,
) -> Plan:
    """Each person is in exactly one of ``added``, ``changed``, ``same`` and ``faults``."""
    made = Plan()
    known, homes = _Index(accounts, account_kind), Homes(households, is_own_head=account_kind != "pupil")
    matched: list[tuple[Person, Known | None]] = []
    rows: dict[int, Person] = {}
    for person in _once(people, made):
        try:
            found = known.of(person, homes)
            if found is not None:
                if found.until is not None and found.until < today:
                    raise Faulty("ENDED", other=found.called, day=f"{found.until:%d/%m/%Y}")
                if found.id in rows:
                    raise Faulty("SAME_NAME", other=_where(rows[found.id]))
                rows[found.id] = person
            matched.append((person, found))
        except Faulty as wrong:
            made.faults.append(fault_of(person.line, wrong))
    refused = homes.settle([(person, found.household_id if found else None) for person, found in matched])
    for person, found in matched:
        if id(person) in refused:
            made.faults.append(fault_of(person.line, refused[id(person)]))
        elif found is None:
            made.added.append(Addition(person, homes.home_of(person)))
        else:
            what = _differences(person, found)
            home = homes.home_of(person) if found.household_id is None else None
            moved = homes.changes_for(found.household_id)
            if what or home or moved:
                made.changed.append(Change(person, found, what, home))
            else:
                made.same.append(found)
            if moved and found.household_id is not None:
                made.households[found.household_id] = moved
    made.faults.sort(key=lambda fault: fault.row)
    return made


class _Index:
    """The accounts there are, by each way in which a list may mean them."""

    def __init__(self, accounts: Iterable[Known], kind: str) -> None:
        self.kind = kind
        self.by_number: dict[str, Known] = {}
        self.by_bare: defaultdict[str, list[Known]] = defaultdict(list)
        self.by_name: defaultdict[str, list[Known]] = defaultdict(list)
        for account in accounts:
            self.by_number[plain_number(account.number)] = account
            self.by_bare[plain_number(account.number).lstrip("0")].append(account)
            if account.kind == kind:
                self.by_name[account.name_key].append(account)

    def of(self, person: Person, homes: Homes) -> Known | None:
        """Who is meant; None: somebody new. Raises Faulty where that is open."""
        if not person.number:
            return self._by_name(person, self.by_name[person.name_key], homes)
        found = self.by_number.get(plain_number(person.number)) or self._without_zeros(person)
        if found is None:
            # The first list had no numbers and ours were made up: the biller's own takes the place of such a one.
            return self._by_name(person, [one for one in self.by_name[person.name_key] if is_made(one.number)], homes,
                                 is_sure=False)  # fmt: skip
        if found.kind != self.kind:
            raise Faulty("OTHER_KIND", number=person.number, other=found.called)
        return found

    def _without_zeros(self, person: Person) -> Known | None:
        number = plain_number(person.number)
        if not number.isdigit():
            return None
        alike = self.by_bare[number.lstrip("0")]
        same_name = [one for one in alike if one.name_key == person.name_key]
        if alike and len(same_name) != 1:
            others = ", ".join(one.called for one in alike[:3])
            raise Faulty("AMBIGUOUS_NUMBER", number=person.number, others=others)
        return same_name[0] if same_name else None

    def _by_name(self, person: Person, alike: list[Known], homes: Homes, *, is_sure: bool = True) -> Known | None:
        """``is_sure`` False: the row has a number, so whoever is not certainly the same is somebody else."""
        here = [one for one in alike if not person.section or one.section_key == person.section_key]
        if person.phone:
            by_phone = [one for one in (here or alike) if homes.phone_of(one.household_id) == person.phone]
            if len(by_phone) == 1:
                return by_phone[0]
            if not by_phone and len(here) == 1 and not homes.phone_of(here[0].household_id):
                return here[0]
            if not by_phone and (not here or not is_sure):
                return None
        elif len(here) == 1:
            return here[0]
        elif not here:
            return None
        if not is_sure:
            return None
        raise Faulty("AMBIGUOUS", others=", ".join(one.called for one in (here or alike)[:3]))


def plain_number(number: str) -> str:
    """As numbers are compared: capitals, no blanks."""
    return "".join(number.split()).upper()


def _once(people: Collection[Person], made: Plan) -> list[Person]:
    """Those who stand in the file once. A row that only repeats another is left out, rows that contradict each other
    are all faults."""
    groups: defaultdict[tuple[str, ...], list[Person]] = defaultdict(list)
    for person in people:
        key = (plain_number(person.number),) if person.number else (person.section_key, person.name_key, person.phone)
        groups[key].append(person)
    left: list[Person] = []
    for alike in groups.values():
        first = alike[0]
        repeats = [person for person in alike[1:] if person.number and _content(person) == _content(first)]
        if len(alike) == 1 or len(repeats) == len(alike) - 1:
            left.append(first)
            made.faults += [fault_of(one.line, Faulty("REPEATED", other=_where(first))) for one in repeats]
            continue
        for person in alike:
            other = next(one for one in alike if one is not person)
            wrong = (
                Faulty("SAME_NUMBER", number=person.number, other=_where(other))
                if person.number else Faulty("SAME_NAME", other=_where(other))
            )  # fmt: skip
            made.faults.append(fault_of(person.line, wrong))
    return sorted(left, key=lambda person: (person.line.sheet, person.line.row))


def _content(person: Person) -> tuple[Any, ...]:
    return (
        person.name_key, person.section_key, person.household, person.guardian, person.phone, person.place,
        person.note, person.since,
    )  # fmt: skip


def _differences(person: Person, known: Known) -> dict[str, tuple[Any, Any]]:
    """What the list says otherwise. What it leaves empty stays."""
    what: dict[str, tuple[Any, Any]] = {}
    longer = len(person.number) > len(known.number) or is_made(known.number)
    if person.number and plain_number(person.number) != plain_number(known.number) and longer:
        what["number"] = (known.number, person.number)
    if person.name != known.name:
        what["name"] = (known.name, person.name)
    if person.section and person.section_key != known.section_key:
        what["section"] = (known.section, person.section)
    if person.note and person.note != known.note:
        what["note"] = (known.note, person.note)
    if person.since is not None and person.since != known.since:
        what["since"] = (known.since, person.since)
    return what


def _where(person: Person) -> str:
    return f"{person.line.row}" + (f" (trang {person.line.sheet})" if person.line.sheet else "")
