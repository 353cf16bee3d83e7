"""One row of a list of accounts as the person that it stands for."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from base.names import section_key, sort_key
from payments.bills.roster.cells import could_be_month_first, day_of, number_of, phone_of, text_of
from payments.bills.roster.faults import Fault, Faulty
from payments.bills.roster.lines import Line, section_named
from payments.bills.roster.words import LABELS, Role
from payments.models import BillingAccount

_NO_NAME = re.compile(r"[@=<>{}|\\^~§©«»¬µ]|^(?:true|false)$", re.IGNORECASE)
"""What a formula, a mark-up or letters of an old font leave behind, and no name has."""
_LONGEST: dict[Role, int] = {"section": 40, "household": 80, "guardian": 80, "place": 80, "note": 200}


@dataclass(frozen=True, slots=True)
class Person:
    """``None``: the list has no such column, or says nothing in it. ``phone`` in E.164."""

    line: Line
    number: str
    name: str
    section: str
    household: str = ""
    guardian: str = ""
    phone: str = ""
    place: str = ""
    note: str = ""
    since: date | None = None

    @property
    def name_key(self) -> str:
        return sort_key(self.name)

    @property
    def section_key(self) -> str:
        return section_key(self.section)


def people_of(
    lines: Collection[Line], *, account_kind: str, letters: str, year: int
) -> tuple[list[Person], list[Fault], list[str]]:
    """(who could be read, faults, days that were read day first and could be read otherwise)."""
    days = [could_be_month_first(line.said["since"]) for line in lines if "since" in line.said]
    month_first = any(only for _could, only in days)
    people, faults, doubted = list[Person](), list[Fault](), list[str]()
    for line in lines:
        try:
            check_unmerged(line)
            if "since" in line.said and could_be_month_first(line.said["since"])[0]:
                if month_first:
                    raise Faulty("AMBIGUOUS_DATE", text=text_of(line.said["since"]))
                doubted.append(text_of(line.said["since"]))
            people.append(_person(line, account_kind=account_kind, letters=letters, year=year))
        except Faulty as wrong:
            faults.append(fault_of(line, wrong))
    return people, faults, doubted


def fault_of(line: Line, wrong: Faulty) -> Fault:
    return Fault(line.sheet, line.row, wrong.code, wrong.said, line.cells)


def check_unmerged(line: Line) -> None:
    """Raises Faulty where a merged cell leaves open whose value it is."""
    for role in sorted(line.merged):
        raise Faulty("MERGED", what=str(LABELS[role]))


def name_of(line: Line, *, letters: str) -> str:
    """The name of one column or of two; with capitals again where an old font had lost them. Raises Faulty."""
    name = text_of(line.said.get("name"))
    if not name:
        name = " ".join(part for role in ("family", "given") if (part := text_of(line.said.get(role))))
    if letters == "tcvn3":
        name = " ".join(word[:1].upper() + word[1:] for word in name.split())
    sound = any(sign.isalpha() for sign in name) and name.isprintable() and _NO_NAME.search(name) is None
    if name and (len(name) > 80 or not sound):
        raise Faulty("BAD_NAME", text=name[:60])
    return name


def section_of(line: Line) -> str:
    """The class of the row's own column, or of the class row, title or sheet above it. Raises Faulty."""
    own = text_of(line.said.get("section"))
    section = section_named(own) if own else line.section
    if len(section) > _LONGEST["section"]:
        raise Faulty("TOO_LONG", text=section[:60], most=_LONGEST["section"])
    return section


def _person(line: Line, *, account_kind: str, letters: str, year: int) -> Person:
    name = name_of(line, letters=letters)
    if not name:
        raise Faulty("NO_NAME")
    number = number_of(line.said.get("number"))
    if not number and account_kind == BillingAccount.Kind.METER:
        raise Faulty("NO_NUMBER")
    return Person(
        line=line, number=number, name=name, section=section_of(line), household=_text(line, "household"),
        guardian=_text(line, "guardian"), phone=phone_of(line.said.get("phone")), place=_text(line, "place"),
        note=_text(line, "note"), since=day_of(line.said.get("since"), year=year),
    )  # fmt: skip


def _text(line: Line, role: Role) -> str:
    text = text_of(line.said.get(role))
    if len(text) > _LONGEST[role]:
        raise Faulty("TOO_LONG", text=text[:60], most=_LONGEST[role])
    return text
