"""The ways about a desk: at most five groups, and the pages of the group in which somebody stands.

A phone of 360 px shows five words in a row; whoever works sees her work, not fourteen ways to it. Which ways there are
depends on what the organization does (sells, bills, both) and on what the person may do. No query is made.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from storefront.at_desk import Desk
from storefront.desk_map import BILLING, MORE, SELLING, Group, Place

PLACES = frozenset(place.name for group in (*SELLING, *BILLING) for place in group.places)


@dataclass(frozen=True, slots=True)
class Way:
    """A link. ``current`` is the value of its aria-current: "page", "true" for a page further in, or nothing."""

    href: str
    label: str
    says: str
    icon: str
    current: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Ways:
    """``groups``: the first row. ``row``: pages of the group named ``here``; empty where there is nothing to choose."""

    groups: tuple[Way, ...]
    here: str
    row: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the page that lists everything."""

    label: str
    icon: str
    ways: tuple[Way, ...]


def ways(
    request: HttpRequest, desk: Desk, *, tab: str, billing: bool, waiting: Mapping[str, int] | None = None
) -> Ways:
    """What stands above a page. ``tab`` names its place; ``billing``: at the desk where bills are kept.

    ``waiting``: place → how much waits there, as far as the page knows it already. Raises KeyError for a ``tab`` that
    is no place. A place of the other desk only is nowhere here: then no group is current.
    """
    if tab not in PLACES:
        raise KeyError(tab)
    door, may, counts = _door(request), desk.may, waiting or {}
    groups: list[Way] = []
    here = ""
    row: tuple[Way, ...] = ()
    for group in _map(desk, billing=billing):
        places = _open_to(desk, group, may)
        if not places:
            continue
        is_here = any(place.name == tab for place in places)
        current = _current(places[0], door) if is_here else ""
        total = sum(counts.get(place.name, 0) for place in places)
        groups.append(_way(places[0], label=str(group.label), icon=group.icon, current=current, waiting=total))
        if is_here:
            here = str(group.label)
            shown = [place for place in places if place.often or place.name == tab]
            row = tuple(
                _way(one, current=_current(one, door) if one.name == tab else "", waiting=counts.get(one.name, 0))
                for one in shown
            )
    return Ways(groups=tuple(groups), here=here, row=row if len(row) > 1 and tab != MORE else ())


def everything(desk: Desk, *, billing: bool) -> tuple[Part, ...]:
    """Every page that she may open, by groups, each page once; where the organization has two desks, of the other one
    too, under its name."""
    desks = [billing, not billing] if desk.organization.sells and desk.organization.bills else [billing]
    return tuple(part for one in desks for part in _parts(desk, billing=one, first=one == billing))


def _parts(desk: Desk, *, billing: bool, first: bool) -> Iterator[Part]:
    """What stands in no row of its own comes first: it is what people come for."""
    there = set() if first else {place.door for group in _map(desk, billing=not billing) for place in group.places}
    may = desk.may
    *everyday, seldom = _map(desk, billing=billing)
    for group in (seldom, *everyday):
        found = [one for one in _open_to(desk, group, may) if one.name != MORE and one.door not in there]
        if found:
            label = str(group.label) if first else f"{_('Bàn thu') if billing else _('Bàn bán hàng')}: {group.label}"
            yield Part(label=label, icon=group.icon, ways=tuple(_way(place) for place in found))


def _open_to(desk: Desk, group: Group, may: Mapping[str, bool]) -> list[Place]:
    open_shop = desk.organization.is_open
    return [place for place in group.places if may[place.deed] and (open_shop or not place.of_an_open_shop)]


def _map(desk: Desk, *, billing: bool) -> tuple[Group, ...]:
    """Who only bills has one desk, on every page."""
    return BILLING if billing or not desk.organization.sells else SELLING


def _door(request: HttpRequest) -> str:
    return (request.resolver_match.url_name or "") if request.resolver_match else ""


def _current(place: Place, door: str) -> str:
    return "page" if place.door == door else "true"


def _way(place: Place, *, label: str = "", icon: str = "", current: str = "", waiting: int = 0) -> Way:
    return Way(
        href=reverse(place.door), label=label or str(place.label), says=str(place.says), icon=icon, current=current,
        waiting=waiting,
    )  # fmt: skip
