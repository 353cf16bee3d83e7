"""Walks an empty database through the migrations and tries to break it at every stop.

``python -m tests.db_wall.walking``, on what DATABASE_URL names: whatever is there is destroyed.

The stops are the last three migrations of each app whose tables are walled, and the head; which those are is read from
the migrations themselves. The books that are made at the first stop stay there through all later ones, as on a
server that is upgraded. Prints one line of JSON a stop.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.apps import apps as all_apps  # noqa: E402 — apps are loaded only now
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from cooperatives import walls  # noqa: E402
from cooperatives.walls import LEDGER, Walls  # noqa: E402
from payments.evidence_walls import EVIDENCE, KEPT  # noqa: E402
from tests.db_wall import statements  # noqa: E402
from tests.db_wall.filling import fill  # noqa: E402

STOPS_AN_APP = 3
Node = tuple[str, str]
Forbidden = Mapping[str, tuple[str, str]]


def stops(loader: MigrationLoader) -> list[Node]:
    """In the order in which an empty database meets them; the last one is the head of everything."""
    order: list[Node] = []
    for leaf in sorted(loader.graph.leaf_nodes()):
        order += [node for node in loader.graph.forwards_plan(leaf) if node not in order]
    wanted: set[Node] = set()
    for app in {_app_of(table) for one in (LEDGER, EVIDENCE) for table in one.tables}:
        wanted |= set([node for node in order if node[0] == app][-STOPS_AN_APP:])
    return [node for node in order if node in wanted]


def _app_of(table: str) -> str:
    [app] = {model._meta.app_label for model in all_apps.get_models() if model._meta.db_table == table}
    return app


def stands(one: Walls) -> bool:
    """Whether the tables that these walls guard are all there at this stop."""
    return set(one.tables) <= set(connection.introspection.table_names())


def make_ledger(at: Any) -> dict[str, object]:
    """100,000 đ arrived, 60,000 of it settled; another arrival reversed; one of a second organization."""
    home, away = (fill(at("cooperatives", "Organization"), slug=slug) for slug in ("home", "away"))

    def account(owner: Any, kind: str, subject: str, side: str) -> Any:
        guarded = kind != "bank"
        return fill(
            at("cooperatives", "LedgerAccount"), organization=owner, kind=kind, subject=subject, side=side,
            no_overdraft=guarded, debits=0, credits=0,
        )  # fmt: skip

    def entry(owner: Any, key: str, **more: Any) -> Any:
        return fill(at("cooperatives", "Entry"), organization=owner, key=key, event="arrived", **more)

    def post(made: Any, debit: Any, credit: Any, dong: int) -> Any:
        return fill(at("cooperatives", "Posting"), entry=made, debit=debit, credit=credit, amount_dong=dong)

    bank, arrival = account(home, "bank", "bank_account:1", "D"), account(home, "unmatched_arrivals", "t:1", "C")
    purse = account(home, "prepaid", "order:1", "C")
    foreign_bank, foreign = (
        account(away, "bank", "bank_account:2", "D"),
        account(away, "unmatched_arrivals", "t:1", "C"),
    )
    first = entry(home, "arrived:1")
    posting = post(first, bank, arrival, 100_000)
    post(entry(home, "settled:1"), arrival, purse, 60_000)
    second = entry(home, "arrived:2")
    post(second, bank, arrival, 7)
    post(entry(home, "reversed", reverses=second), arrival, bank, 7)
    post(entry(away, "arrived:3"), foreign_bank, foreign, 5)
    sqlite = connection.vendor == "sqlite"
    return {
        "home": home.pk, "away": away.pk, "entry": first.pk, "bare": entry(home, "bare").pk, "reversed": second.pk,
        "posting": posting.pk, "bank": bank.pk, "arrival": arrival.pk, "purse": purse.pk, "foreign": foreign.pk,
        "foreign_bank": foreign_bank.pk, "true": 1 if sqlite else "true", "false": 0 if sqlite else "false",
    }  # fmt: skip


def make_evidence(at: Any) -> dict[str, object]:
    """One row of each table whose rows are kept, around one line of one account."""
    accounts = [
        fill(at("cooperatives", "BankAccount"), bin="970436", number=f"00110001{n}", is_default=False, kind="bank")
        for n in range(2)
    ]
    line = fill(at("payments", "BankTransaction"), bank_account=accounts[0], direction="in", amount_dong=7, used_dong=0)
    sighting = fill(
        at("payments", "Sighting"), bank_account=accounts[0], transaction=line, source="sepay:live", external_id="1",
        raw="{}", amount_dong=7, direction="in",
    )  # fmt: skip
    fill(at("payments", "PaymentRequest"), bank_account=accounts[0], order=fill(at("orders", "Order")), asked_dong=7)
    made = {line._meta.db_table, sighting._meta.db_table}
    for table in KEPT.values():
        if table not in made:
            model = next(model for model in all_apps.get_models() if model._meta.db_table == table)
            fill(
                at(model._meta.app_label, model.__name__), transaction=line, from_transaction=line, to_transaction=line,
                kind=_plainest_kind(model), order=None, **_what_it_wants(model.__name__, at),
            )  # fmt: skip
    return {"sighting": sighting.pk, "other_account": accounts[1].pk}


def _what_it_wants(name: str, at: Any) -> dict[str, Any]:
    """Columns that belong together in tables whose constraints say so."""
    if name == "BillLine":
        return {"full_dong": 1, "amount_dong": 1}
    if name == "ItemShare":
        return {"settlement": at("payments", "Settlement")._default_manager.first()}
    if name == "Shipment":
        return {"state": "cancelled", "number": 9}  # an order has one live one, made for what points at it
    if name == "CashVoucher":
        return {"member": at("cooperatives", "Member")._default_manager.first() or fill(at("cooperatives", "Member"))}
    return {"to_keeper": fill(at("cooperatives", "User"))} if name == "CashHandover" else {}


def _plainest_kind(model: Any) -> str:
    """A kind that needs no other column."""
    choices = [] if model.__name__ == "Refund" else [f.choices for f in model._meta.fields if f.name == "kind"]
    return str(choices[0][0][0]) if choices and choices[0] else ""


def rows(one: Walls) -> list[list[Any]]:
    """Everything in the tables of these walls."""
    with connection.cursor() as cursor:
        found = []
        for table in one.tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found.append(cursor.fetchall())
        return found


def got_through(one: Walls, forbidden: Forbidden, ids: Mapping[str, object]) -> Iterator[str]:
    """Names of the statements that the database did not refuse as it should, with what happened instead."""

    before = rows(one)
    for name, (statement, saying) in forbidden.items():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement.format(**ids))
                touched = cursor.rowcount
                transaction.set_rollback(True)
            yield f"{name}: not refused, {touched} rows"
        except DatabaseError as refused:
            if not re.search(saying, str(refused)):
                yield f"{name}: {refused}"
    if rows(one) != before:
        yield "something changed all the same"


def lists(vendor: str) -> Iterator[tuple[Walls, Forbidden]]:
    sqlite = vendor == "sqlite"
    yield LEDGER, statements.FORBIDDEN | (statements.SQLITE_ONLY if sqlite else statements.POSTGRESQL_ONLY)
    only = statements.EVIDENCE_SQLITE_ONLY if sqlite else statements.EVIDENCE_POSTGRESQL_ONLY
    yield EVIDENCE, statements.EVIDENCE_FORBIDDEN | only


def main() -> None:
    loader = MigrationLoader(connection)
    ids: dict[str, object] = {}
    furnished: set[str] = set()
    for node in [*stops(loader), None]:
        call_command("migrate", *(node or ()), verbosity=0, interactive=False)
        # As all that has run by now made them: a migration of one app brings others of its own along.
        at = loader.project_state([*MigrationLoader(connection).applied_migrations]).apps.get_model
        for one, make in ((LEDGER, make_ledger), (EVIDENCE, make_evidence)):
            if stands(one) and one.name not in furnished:
                with transaction.atomic():
                    ids |= make(at)
                furnished.add(one.name)
        told = {"after": ".".join(node) if node else "head", "tried": 0, "through": [], "missing": [], "walls": []}
        for one, forbidden in lists(connection.vendor):
            if stands(one):
                told["walls"] = [*told["walls"], one.name]
                told["missing"] = [*told["missing"], *walls.missing(connection, one)]
                told["tried"] = told["tried"] + len(forbidden)
                told["through"] = [*told["through"], *got_through(one, forbidden, ids)]
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
