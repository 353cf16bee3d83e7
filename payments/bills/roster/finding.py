"""Whose row of readings or counts it is: by number, with the name as a check; else by class and name."""

from collections import defaultdict
from collections.abc import Iterable

from base.names import section_key, sort_key
from payments.bills.roster.cells import number_of
from payments.bills.roster.faults import Faulty
from payments.bills.roster.lines import Line
from payments.bills.roster.people import check_unmerged, name_of, section_of
from payments.bills.roster.planning import Known, plain_number


class Accounts:
    """The accounts of a biller, by each way in which a list may mean them."""

    def __init__(self, accounts: Iterable[Known]) -> None:
        self.by_number: dict[str, Known] = {}
        self.by_bare: defaultdict[str, list[Known]] = defaultdict(list)
        self.by_name: defaultdict[str, list[Known]] = defaultdict(list)
        for account in accounts:
            self.by_number[plain_number(account.number)] = account
            self.by_bare[plain_number(account.number).lstrip("0")].append(account)
            self.by_name[account.name_key].append(account)

    def of(self, line: Line, *, letters: str) -> Known:
        """Raises Faulty where nobody is meant, or more than one could be."""
        check_unmerged(line)
        number, name = number_of(line.said.get("number")), name_of(line, letters=letters)
        if not number:
            return self._by_name(line, name)
        found = self.by_number.get(plain_number(number)) or self._without_zeros(number, name)
        if found is None:
            raise Faulty("NO_ACCOUNT", text=number)
        if name and sort_key(name) != found.name_key:
            raise Faulty("NAME_DIFFERS", number=number, other=found.called, text=name)
        return found

    def _without_zeros(self, number: str, name: str) -> Known | None:
        alike = self.by_bare[plain_number(number).lstrip("0")] if plain_number(number).isdigit() else []
        named = [one for one in alike if not name or one.name_key == sort_key(name)]
        if len(named) > 1 or (alike and not named):
            others = ", ".join(one.called for one in alike[:3])
            raise Faulty("AMBIGUOUS_NUMBER", number=number, others=others)
        return named[0] if named else None

    def _by_name(self, line: Line, name: str) -> Known:
        if not name:
            raise Faulty("NO_NAME")
        section = section_key(section_of(line))
        alike = [one for one in self.by_name[sort_key(name)] if not section or one.section_key == section]
        if not alike:
            raise Faulty("NO_ACCOUNT", text=f"{name} {section_of(line)}".strip())
        if len(alike) > 1:
            raise Faulty("AMBIGUOUS", others=", ".join(one.called for one in alike[:3]))
        return alike[0]
