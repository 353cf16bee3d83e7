"""Which household a row of a list belongs to: brothers and sisters join one, and nobody joins by chance."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from base.names import sort_key
from base.text import folded
from payments.bills.households import NewHousehold
from payments.bills.roster.faults import Faulty
from payments.bills.roster.people import Person

_FIELDS = ("name", "phone", "place")


@dataclass(frozen=True, slots=True)
class KnownHousehold:
    id: int
    name: str
    phone: str
    place: str


@dataclass(frozen=True, slots=True)
class Home:
    """A household that is there (``id``), or one to be made; equal ``key`` means the same one."""

    id: int | None
    key: tuple[str, ...] = ()
    new: NewHousehold | None = None


class Homes:
    """Households by phone and guardian's name together, or by the list's own household column."""

    def __init__(self, known: Iterable[KnownHousehold], *, is_own_head: bool) -> None:
        """``is_own_head``: a meter's holder is the head of its household where the list names no other."""
        self.known = {household.id: household for household in known}
        self.is_own_head = is_own_head
        self.by_phone: defaultdict[str, list[KnownHousehold]] = defaultdict(list)
        for household in self.known.values():
            if household.phone:
                self.by_phone[household.phone].append(household)
        self._homes: dict[int, Home] = {}
        self._changes: dict[int, dict[str, tuple[str, str]]] = {}

    def phone_of(self, household_id: int | None) -> str:
        return self.known[household_id].phone if household_id in self.known else ""

    def home_of(self, person: Person) -> Home:
        return self._homes[id(person)]

    def changes_for(self, household_id: int | None) -> dict[str, tuple[str, str]]:
        return self._changes.get(household_id, {}) if household_id is not None else {}

    def settle(self, people: Collection[tuple[Person, int | None]]) -> dict[int, Faulty]:
        """Decide for everybody at once. ``people`` with the household that each one has already. Returns who cannot be
        placed: id(person) → why."""
        refused: dict[int, Faulty] = {}
        groups: defaultdict[tuple[str, ...], list[tuple[Person, int | None]]] = defaultdict(list)
        heads = self._heads_by_phone(person for person, _household in people)
        for person, household_id in people:
            try:
                groups[self._key(person, heads)].append((person, household_id))
            except Faulty as wrong:
                refused[id(person)] = wrong
        for key, members in groups.items():
            refused |= self._settle_group(key, members)
        refused |= self._corrected([pair for pair in people if id(pair[0]) not in refused])
        return refused

    def _head(self, person: Person) -> str:
        return person.guardian or (person.name if self.is_own_head else "")

    def _heads_by_phone(self, people: Iterable[Person]) -> dict[str, set[str]]:
        """Phone → the heads that go with it in the list."""
        heads: defaultdict[str, set[str]] = defaultdict(set)
        for person in people:
            if person.phone and (head := self._head(person)):
                heads[person.phone].add(sort_key(head))
        return heads

    def _key(self, person: Person, heads: dict[str, set[str]]) -> tuple[str, ...]:
        """Raises Faulty where a phone without a name goes with several households."""
        if person.household:
            return ("code", folded(person.household))
        if not person.phone:
            return ("alone", str(id(person)))
        if head := self._head(person):
            return ("phone", person.phone, sort_key(head))
        there = {sort_key(household.name) for household in self.by_phone[person.phone]}
        told = heads.get(person.phone, set()) | there
        if len(told) > 1:
            raise Faulty("AMBIGUOUS_HOUSEHOLD", phone=_local(person.phone))
        return ("phone", person.phone, next(iter(told), ""))

    def _settle_group(self, key: tuple[str, ...], members: list[tuple[Person, int | None]]) -> dict[int, Faulty]:
        theirs = {household_id for _person, household_id in members if household_id is not None}
        newcomers = [person for person, household_id in members if household_id is None]
        if not newcomers:
            return {}
        if not theirs and key[0] == "phone":
            theirs = {
                household.id for household in self.by_phone[key[1]]
                if not key[2] or sort_key(household.name) == key[2]
            }  # fmt: skip
        if len(theirs) > 1:
            return {id(one): Faulty("AMBIGUOUS_HOUSEHOLD", phone=_local(one.phone)) for one in newcomers}
        if theirs:
            self._homes |= dict.fromkeys(map(id, newcomers), Home(next(iter(theirs))))
            return {}
        first = newcomers[0]
        refused = {}
        for person in newcomers:
            other = next((one for one in newcomers if person.phone and one.phone and one.phone != person.phone), None)
            if other is not None:
                refused[id(person)] = Faulty("HOUSEHOLD_DIFFERS", other=other.line.row, text=_local(person.phone))
        said = [one for one in newcomers if id(one) not in refused]
        head = next((one.guardian for one in said if one.guardian), first.name)
        new = NewHousehold(
            head, next((one.phone for one in said if one.phone), ""), next((one.place for one in said if one.place), "")
        )
        self._homes |= {id(one): Home(None, key, new) for one in said}
        return refused

    def _corrected(self, people: Collection[tuple[Person, int | None]]) -> dict[int, Faulty]:
        """A household is known otherwise now if all its rows of the list say so; if they differ, those that would
        change it are faults."""
        members: defaultdict[int, list[Person]] = defaultdict(list)
        for person, household_id in people:
            home = self._homes.get(id(person))
            at = household_id if household_id is not None else home.id if home else None
            if at is not None and at in self.known:
                members[at].append(person)
        refused: dict[int, Faulty] = {}
        for household_id, of_one in members.items():
            household = self.known[household_id]
            changes: dict[str, tuple[str, str]] = {}
            for name in _FIELDS:
                now = getattr(household, name)
                said = {id(one): told for one in of_one if (told := _told(one, name))}
                if len(set(said.values())) > 1:
                    for one in of_one:
                        if said.get(id(one), now) != now:
                            other = next(two for two in of_one if said.get(id(two)) not in (None, said[id(one)]))
                            text = _local(said[id(one)]) if name == "phone" else said[id(one)]
                            refused[id(one)] = Faulty("HOUSEHOLD_DIFFERS", other=other.line.row, text=text)
                elif said and (then := next(iter(said.values()))) != now:
                    changes[name] = (now, then)
            if changes and not any(id(one) in refused for one in of_one):
                self._changes[household_id] = changes
        return refused


def _told(person: Person, name: str) -> str:
    return {"name": person.guardian, "phone": person.phone, "place": person.place}[name]


def _local(phone: str) -> str:
    return "0" + phone[3:] if phone.startswith("+84") else phone
