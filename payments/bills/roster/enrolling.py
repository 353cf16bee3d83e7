"""Lists of accounts: what is there already, and writing a plan down."""

from datetime import date, datetime
from typing import Any

from base.names import section_key, sort_key
from cooperatives.models import Organization
from payments.bills.accounts import NewAccount, add_many
from payments.bills.households import make_many
from payments.bills.roster.homes import Home, KnownHousehold
from payments.bills.roster.planning import Change, Known, Plan
from payments.models import BillingAccount, Household

_KEYS = {"name": ("name_key", sort_key), "section": ("section_key", section_key)}
_AT_ONCE = 500


def known_accounts(organization: Organization) -> list[Known]:
    fields = ("id", "kind", "number", "name", "section", "note", "since", "until", "household_id")
    return [
        Known(
            id=pk, kind=kind, number=number, name=name, name_key=sort_key(name), section=section,
            section_key=section_key(section), note=note, since=since, until=until, household_id=household_id,
        )
        for pk, kind, number, name, section, note, since, until, household_id in BillingAccount.objects.filter(
            organization=organization
        ).values_list(*fields)
    ]  # fmt: skip


def known_households(organization: Organization) -> list[KnownHousehold]:
    rows = Household.objects.filter(organization=organization).values_list("id", "name", "phone", "place")
    return [KnownHousehold(*row) for row in rows]


def write(plan: Plan, *, organization: Organization, account_kind: str, since: date, at: datetime) -> None:
    """Write a plan down, in a few statements for any length. Needs an open transaction that holds the organization.

    ``since`` for whoever's row says no other day.
    """
    homes = _made_homes(plan, organization=organization, at=at)
    add_many(
        organization=organization,
        wanted=[
            NewAccount(
                account_kind, one.person.number, one.person.name, one.person.section, one.person.since or since,
                _id_of(one.home, homes), one.person.note,
            )
            for one in plan.added
        ],
        at=at,
    )  # fmt: skip
    _change_accounts(plan.changed, homes)
    _change_households(plan.households)


def _made_homes(plan: Plan, *, organization: Organization, at: datetime) -> dict[tuple[str, ...], int]:
    """Key → id of each household that had to be made."""
    homes = [one.home for one in plan.added] + [one.home for one in plan.changed if one.home is not None]
    wanted = {home.key: home.new for home in homes if home.id is None and home.new is not None}
    made = make_many(organization=organization, wanted=list(wanted.values()), at=at)
    return {key: household.pk for key, household in zip(wanted, made, strict=True)}


def _id_of(home: Home, made: dict[tuple[str, ...], int]) -> int:
    return home.id if home.id is not None else made[home.key]


def _change_accounts(changes: list[Change], homes: dict[tuple[str, ...], int]) -> None:
    accounts = BillingAccount.objects.in_bulk([one.known.id for one in changes if one.what or one.home])
    fields = set[str]()
    for one in changes:
        values: dict[str, Any] = {name: then for name, (_now, then) in one.what.items()}
        for name, (key, keyed) in _KEYS.items():
            if name in values:
                values[key] = keyed(values[name])
        if one.home is not None:
            values["household_id"] = _id_of(one.home, homes)
        for name, value in values.items():
            setattr(accounts[one.known.id], name, value)
        fields |= {"household" if name == "household_id" else name for name in values}
    if fields:
        BillingAccount.objects.bulk_update(accounts.values(), sorted(fields), batch_size=_AT_ONCE)


def _change_households(changes: dict[int, dict[str, tuple[str, str]]]) -> None:
    households = Household.objects.in_bulk(list(changes))
    for household_id, what in changes.items():
        for name, (_now, then) in what.items():
            setattr(households[household_id], name, then)
    if households:
        Household.objects.bulk_update(households.values(), ["name", "phone", "place"], batch_size=_AT_ONCE)
