"""Triggers that keep the books append-only and move the balances, for both databases.

Made after every migrate (SQLite drops triggers when it remakes a table; on PostgreSQL a migration makes them as
well), and looked for at start-up by a system check that is an error.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Doubt
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

# What is put together below are these names and nothing from outside: S608 has nothing to warn of in this file.
ENTRY = "cooperatives_entry"
POSTING = "cooperatives_posting"
ACCOUNT = "cooperatives_ledgeraccount"
GATE = "cooperatives_posting_gate"

_ONE_ORGANIZATION = f"""SELECT count(DISTINCT o) FROM (
    SELECT organization_id AS o FROM {ENTRY} WHERE id = NEW.entry_id
    UNION ALL SELECT organization_id FROM {ACCOUNT} WHERE id IN (NEW.debit_id, NEW.credit_id)) AS owners"""  # noqa: S608

# Refusals are RAISE(ABORT), overdraft too: an INSERT OR IGNORE hands its IGNORE on to the trigger's own UPDATE, so the
# account's CHECK would be passed over in silence and the posting would stand without having moved a balance.
SQLITE: dict[str, str] = {
    "posting_form": f"""CREATE TRIGGER posting_form BEFORE INSERT ON {POSTING} BEGIN
  SELECT RAISE(ABORT, 'whole numbers only') WHERE typeof(NEW.amount_dong) <> 'integer';
  SELECT RAISE(ABORT, 'append-only') WHERE EXISTS (SELECT 1 FROM {POSTING} WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'overdraft') WHERE EXISTS (SELECT 1 FROM {ACCOUNT} WHERE no_overdraft AND (
    (id = NEW.debit_id AND side = 'C' AND credits - debits < NEW.amount_dong)
    OR (id = NEW.credit_id AND side = 'D' AND debits - credits < NEW.amount_dong)));
END""",  # noqa: S608
    "posting_apply": f"""CREATE TRIGGER posting_apply AFTER INSERT ON {POSTING} BEGIN
  SELECT RAISE(ABORT, 'two organizations') WHERE 1 <> ({_ONE_ORGANIZATION});
  UPDATE {GATE} SET open = 1;
  UPDATE {ACCOUNT} SET debits = debits + NEW.amount_dong WHERE id = NEW.debit_id;
  UPDATE {ACCOUNT} SET credits = credits + NEW.amount_dong WHERE id = NEW.credit_id;
  UPDATE {GATE} SET open = 0;
END""",  # noqa: S608
    "account_guard": f"""CREATE TRIGGER account_guard BEFORE UPDATE ON {ACCOUNT}
  WHEN NOT EXISTS (SELECT 1 FROM {GATE} WHERE open = 1) AND (NEW.debits <> OLD.debits OR NEW.credits <> OLD.credits
    OR NEW.id <> OLD.id OR NEW.organization_id <> OLD.organization_id OR NEW.kind <> OLD.kind
    OR NEW.subject <> OLD.subject OR NEW.side <> OLD.side OR NEW.no_overdraft <> OLD.no_overdraft)
BEGIN SELECT RAISE(ABORT, 'balances move only through postings'); END""",  # noqa: S608
    "account_birth": f"""CREATE TRIGGER account_birth BEFORE INSERT ON {ACCOUNT} BEGIN
  SELECT RAISE(ABORT, 'an account is born empty') WHERE NEW.debits <> 0 OR NEW.credits <> 0;
END""",
    "account_no_delete": f"""CREATE TRIGGER account_no_delete BEFORE DELETE ON {ACCOUNT}
BEGIN SELECT RAISE(ABORT, 'append-only'); END""",
    "entry_form": f"""CREATE TRIGGER entry_form BEFORE INSERT ON {ENTRY} BEGIN
  SELECT RAISE(ABORT, 'append-only') WHERE EXISTS (SELECT 1 FROM {ENTRY} WHERE id = NEW.id);
END""",  # noqa: S608
    **{
        f"{name}_no_{verb.lower()}": f"""CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'append-only'); END"""
        for name, table in (("posting", POSTING), ("entry", ENTRY))
        for verb in ("UPDATE", "DELETE")
    },
}

# Functions first, then triggers. Statement-level with a transition table: row triggers on one hot
# account are quadratic inside a transaction.
_PG_FUNCTIONS: dict[str, str] = {
    "ledger_apply_postings": f"""CREATE OR REPLACE FUNCTION ledger_apply_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  IF EXISTS (SELECT 1 FROM added p JOIN {ENTRY} e ON e.id = p.entry_id
      JOIN {ACCOUNT} d ON d.id = p.debit_id JOIN {ACCOUNT} c ON c.id = p.credit_id
      WHERE d.organization_id <> e.organization_id OR c.organization_id <> e.organization_id) THEN
    RAISE EXCEPTION 'two organizations';
  END IF;
  PERFORM 1 FROM {ACCOUNT} WHERE id IN (SELECT debit_id FROM added UNION SELECT credit_id FROM added)
    ORDER BY id FOR NO KEY UPDATE;
  UPDATE {ACCOUNT} a SET debits = a.debits + s.d, credits = a.credits + s.c
    FROM (SELECT id, sum(d)::bigint AS d, sum(c)::bigint AS c FROM (
        SELECT debit_id AS id, amount_dong AS d, 0 AS c FROM added
        UNION ALL SELECT credit_id, 0, amount_dong FROM added) AS both_sides GROUP BY id) AS s
    WHERE a.id = s.id;
  RETURN NULL; END $$""",  # noqa: S608
    "ledger_guard_account": """CREATE OR REPLACE FUNCTION ledger_guard_account() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN
  IF (NEW.id, NEW.organization_id, NEW.kind, NEW.subject, NEW.side, NEW.no_overdraft)
     IS DISTINCT FROM (OLD.id, OLD.organization_id, OLD.kind, OLD.subject, OLD.side, OLD.no_overdraft)
     OR ((NEW.debits, NEW.credits) IS DISTINCT FROM (OLD.debits, OLD.credits) AND pg_trigger_depth() < 2) THEN
    RAISE EXCEPTION 'balances move only through postings';
  END IF; RETURN NEW; END $$""",
    "ledger_birth_account": """CREATE OR REPLACE FUNCTION ledger_birth_account() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.debits <> 0 OR NEW.credits <> 0 THEN RAISE EXCEPTION 'an account is born empty'; END IF;
  RETURN NEW; END $$""",
    "ledger_refuse_change": """CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$""",
}
POSTGRESQL: dict[str, str] = {
    "posting_apply": f"""CREATE TRIGGER posting_apply AFTER INSERT ON {POSTING} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply_postings()""",
    "account_guard": f"""CREATE TRIGGER account_guard BEFORE UPDATE ON {ACCOUNT}
  FOR EACH ROW EXECUTE FUNCTION ledger_guard_account()""",
    "account_birth": f"""CREATE TRIGGER account_birth BEFORE INSERT ON {ACCOUNT}
  FOR EACH ROW EXECUTE FUNCTION ledger_birth_account()""",
    **{
        f"{name}_no_change": f"""CREATE TRIGGER {name}_no_change BEFORE {verbs} ON {table}
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()"""
        for name, table, verbs in (
            ("posting", POSTING, "DELETE OR UPDATE"),
            ("entry", ENTRY, "DELETE OR UPDATE"),
            ("account", ACCOUNT, "DELETE"),
        )
    },
    **{
        f"{name}_no_truncate": f"""CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()"""
        for name, table in (("posting", POSTING), ("entry", ENTRY), ("account", ACCOUNT))
    },
}


@dataclass(frozen=True)
class Walls:
    """Triggers that belong together. ``table``: where it is missing, they have nothing to stand on yet."""

    name: str
    table: str
    sqlite: Mapping[str, str]
    postgresql: Mapping[str, str]
    functions: Mapping[str, str]
    error_id: str

    @property
    def tables(self) -> list[str]:
        """Every table that they guard."""
        return sorted({_table_of(text) for text in self.postgresql.values()})


LEDGER = Walls("ledger", POSTING, SQLITE, POSTGRESQL, _PG_FUNCTIONS, "cooperatives.E001")


def wanted(connection: BaseDatabaseWrapper, walls: Walls = LEDGER) -> Mapping[str, str]:
    """Name → text of every trigger that must stand on this database."""
    return walls.sqlite if connection.vendor == "sqlite" else walls.postgresql


def raise_walls(connection: BaseDatabaseWrapper, walls: Walls = LEDGER) -> None:
    """Put up every wall anew. Repeatable; needs the right to create triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {GATE} (open INTEGER NOT NULL)")
            cursor.execute(f"INSERT INTO {GATE} SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM {GATE})")  # noqa: S608
            for name, text in walls.sqlite.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(text)
            return
        for text in walls.functions.values():
            cursor.execute(text)
        for name, text in walls.postgresql.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {_table_of(text)}")
            cursor.execute(text)


def missing(connection: BaseDatabaseWrapper, walls: Walls = LEDGER) -> list[str]:
    """Names of triggers that are absent, switched off or whose text differs."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            standing = {name: _plain(sql) for name, sql in cursor.fetchall()}
            return [name for name, text in walls.sqlite.items() if standing.get(name) != _plain(text)]
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(t.oid), prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid"
            " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
        found = {name: (definition, source) for name, definition, source in cursor.fetchall()}
    absent = []
    for name, text in walls.postgresql.items():
        definition, source = found.get(name, ("", ""))
        body = walls.functions[text.rsplit(" ", 1)[1].removesuffix("()")].split("$$")[1]
        if _plain(definition.replace(" ON public.", " ON ")) != _plain(text) or _plain(source) != _plain(body):
            absent.append(name)
    return absent


def before_migrate(*, using: str = DEFAULT_DB_ALIAS, plan: Sequence[Any] = (), walls: Walls = LEDGER, **_: Any) -> None:
    """Receiver of pre_migrate: where SQLite has migrations to run, the triggers come down until after_migrate.

    A remade table is away for a moment, and SQLite refuses the rename that brings it back while a trigger names it.
    Should a migration fail half-way, the start-up check refuses to serve without them.
    """
    connection = connections[using]
    if connection.vendor == "sqlite" and plan:
        with connection.cursor() as cursor:
            for name in walls.sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def after_migrate(*, using: str = DEFAULT_DB_ALIAS, walls: Walls = LEDGER, **_: Any) -> None:
    """Receiver of post_migrate: tables may have been remade, so walls go up again where all tables are."""
    connection = connections[using]
    if set(walls.tables) <= set(connection.introspection.table_names()):
        raise_walls(connection, walls)


def check_walls(
    app_configs: Any = None, *, databases: Sequence[str] | None = None, walls: Walls = LEDGER, **_: Any
) -> list[CheckMessage]:
    """System check (tag ``database``): every trigger is present with the expected text.

    Only a warning while migrations wait: ``migrate`` itself asks, and puts the walls up at its end. So a changed text
    needs a migration beside it. Start-up refuses in either case (shop/starting.py).
    """
    problems: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if walls.table not in connection.introspection.table_names():
            continue
        absent = missing(connection, walls)
        if absent:
            waits = _migrations_wait(connection)
            problems.append(
                (Doubt if waits else Error)(
                    f"The {walls.name} on {alias!r} stands without its triggers: {', '.join(absent)}",
                    hint="manage.py migrate puts them up."
                    if waits
                    else "Look why they went; manage.py migrate --skip-checks puts them up again.",
                    id=walls.error_id,
                )
            )
        if walls is LEDGER:
            problems += _durability(connection, alias)
    return problems


def _migrations_wait(connection: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _durability(connection: BaseDatabaseWrapper, alias: str) -> list[CheckMessage]:
    """A kill does not test the disk: the settings that survive a power cut are asserted."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            safe = cursor.fetchone()[0] >= 2
            cursor.execute("PRAGMA recursive_triggers")
            safe = safe and cursor.fetchone()[0] == 1
            name = "synchronous=FULL and recursive_triggers=ON"
        else:
            cursor.execute("SHOW synchronous_commit")
            safe = cursor.fetchone()[0] in {"on", "remote_apply", "remote_write", "local"}
            name = "synchronous_commit=on"
    if safe:
        return []
    return [Error(f"The database {alias!r} may lose acknowledged đồng: {name} is needed", id="cooperatives.E002")]


def _table_of(trigger: str) -> str:
    match = re.search(r" ON (\w+)", trigger)
    assert match
    return match[1]


def _plain(sql: str) -> str:
    return " ".join(sql.split())
