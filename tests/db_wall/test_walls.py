"""What raw SQL must not get through to the books, on whichever database runs."""

from dataclasses import dataclass

import pytest
from django.core.checks import Tags, run_checks
from django.db import DatabaseError, IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader

from cooperatives import ledger, walls
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct, Move
from cooperatives.models import Entry, LedgerAccount, Posting
from tests import ledger_walls
from tests.people import NOW, OPENED_ON, World

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite's own")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a statement of PostgreSQL's own")

BANK, ARRIVAL, PURSE = Acct(Kind.BANK, "bank_account:1"), Acct(Kind.UNMATCHED_ARRIVALS, "transaction:1"), Acct(
    Kind.PREPAID, "order:1"
)  # fmt: skip

NEW_POSTING = "INTO cooperatives_posting (entry_id, debit_id, credit_id, amount_dong) VALUES"
NEW_ENTRY = "INTO cooperatives_entry (organization_id, key, fingerprint, event, booked_on, at, reverses_id) VALUES"
NEW_ACCOUNT = """INTO cooperatives_ledgeraccount
    (organization_id, kind, subject, side, no_overdraft, debits, credits, lock_seat) VALUES"""

# name → (statement, what the database says). {…} are ids of the fixture ``books``.
FORBIDDEN: dict[str, tuple[str, str]] = {
    "posting updated": ("UPDATE cooperatives_posting SET amount_dong = 1 WHERE id = {posting}", "append-only"),
    "posting moved": ("UPDATE cooperatives_posting SET debit_id = {purse} WHERE id = {posting}", "append-only"),
    "posting deleted": ("DELETE FROM cooperatives_posting WHERE id = {posting}", "append-only"),
    "every posting deleted": ("DELETE FROM cooperatives_posting", "append-only"),
    "entry updated": ("UPDATE cooperatives_entry SET booked_on = '2026-01-01' WHERE id = {entry}", "append-only"),
    "entry key changed": ("UPDATE cooperatives_entry SET key = 'other' WHERE id = {entry}", "append-only"),
    "entry deleted": ("DELETE FROM cooperatives_entry WHERE id = {entry}", "append-only"),
    "posting upserted": (
        "INSERT INTO cooperatives_posting (id, entry_id, debit_id, credit_id, amount_dong)"
        " VALUES ({posting}, {entry}, {bank}, {arrival}, 1) ON CONFLICT (id) DO UPDATE SET amount_dong = 1",
        "append-only",
    ),
    "entry upserted": (
        f"INSERT {NEW_ENTRY} ({{home}}, 'arrived:1', 'x', 'arrived', '2026-03-15', '2026-03-15', NULL)"
        " ON CONFLICT (organization_id, key) DO UPDATE SET fingerprint = 'x'",
        "append-only",
    ),
    "entry key twice": (
        f"INSERT {NEW_ENTRY} ({{home}}, 'arrived:1', 'x', 'arrived', '2026-03-15', '2026-03-15', NULL)",
        "(?i)unique",
    ),
    "second reversal": (
        f"INSERT {NEW_ENTRY} ({{home}}, 'again', 'x', 'reversed', '2026-03-15', '2026-03-15', {{reversed}})",
        "(?i)unique",
    ),
    "amount 0": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 0)", "posting_amount"),
    "amount -5": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, -5)", "posting_amount|overdraft"),
    "amount 2^53": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 9007199254740992)", "posting_amount"),
    "amount 12abc": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, '12abc')", "whole numbers|invalid input syntax",
    ),
    "no amount": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, NULL)", "whole numbers|not-null"),
    "same account twice": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{bank}}, 5)", "posting_two_accounts"),
    "account of another organization": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{foreign}}, 5)", "two organizations",
    ),
    "both accounts of another organization": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{foreign_bank}}, {{foreign}}, 5)", "two organizations",
    ),
    "overdraft": (f"INSERT {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40001)", "overdraft"),
    "several postings, the last overdraws": (
        f"INSERT {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40000), ({{entry}}, {{arrival}}, {{purse}}, 1)",
        "overdraft",
    ),
    "balance edited": ("UPDATE cooperatives_ledgeraccount SET credits = 0 WHERE id = {purse}", "only through postings"),
    "both sums edited": (
        "UPDATE cooperatives_ledgeraccount SET credits = credits + 5, debits = debits + 5", "only through postings",
    ),
    "guard taken off": ("UPDATE cooperatives_ledgeraccount SET no_overdraft = {false}", "only through postings"),
    "side turned": ("UPDATE cooperatives_ledgeraccount SET side = 'D' WHERE id = {purse}", "only through postings"),
    "subject changed": ("UPDATE cooperatives_ledgeraccount SET subject = 'order:9'", "only through postings"),
    "account given away": (
        "UPDATE cooperatives_ledgeraccount SET organization_id = {away} WHERE id = {purse}", "only through postings",
    ),
    "account born rich": (
        f"INSERT {NEW_ACCOUNT} ({{home}}, 'fee', '', 'C', {{false}}, 0, 5, {{false}})", "born empty",
    ),
    "account deleted": ("DELETE FROM cooperatives_ledgeraccount WHERE id = {purse}", "append-only"),
    "account twice": (
        f"INSERT {NEW_ACCOUNT} ({{home}}, 'prepaid', 'order:1', 'C', {{true}}, 0, 0, {{false}})", "(?i)unique",
    ),
}  # fmt: skip

SQLITE_ONLY: dict[str, tuple[str, str]] = {
    "amount 0.5": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 0.5)", "whole numbers"),
    "amount 1.5": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, 1.5)", "whole numbers"),
    "posting replaced by id": (
        "INSERT OR REPLACE INTO cooperatives_posting (id, entry_id, debit_id, credit_id, amount_dong)"
        " VALUES ({posting}, {entry}, {bank}, {arrival}, 1)",
        "append-only",
    ),
    "entry replaced by id": (
        "REPLACE INTO cooperatives_entry (id, organization_id, key, fingerprint, event, booked_on, at)"
        " VALUES ({bare}, {home}, 'new', 'x', 'arrived', '2026-03-15', '2026-03-15')",
        "append-only",
    ),
    # This entry has no posting whose foreign key could save it.
    "entry replaced by key": (
        f"REPLACE {NEW_ENTRY} ({{home}}, 'bare', 'x', 'arrived', '2026-03-15', '2026-03-15', NULL)", "append-only",
    ),
    "account replaced by name": (
        f"REPLACE {NEW_ACCOUNT} ({{home}}, 'prepaid', 'order:1', 'C', 0, 0, 0, 0)", "append-only",
    ),
    "overdraft under IGNORE": (
        f"INSERT OR IGNORE {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40001)", "overdraft",
    ),
    "overdraft under FAIL": (f"INSERT OR FAIL {NEW_POSTING} ({{entry}}, {{arrival}}, {{purse}}, 40001)", "overdraft"),
    "two organizations under IGNORE": (
        f"INSERT OR IGNORE {NEW_POSTING} ({{entry}}, {{bank}}, {{foreign}}, 5)", "two organizations",
    ),
}  # fmt: skip

POSTGRESQL_ONLY: dict[str, tuple[str, str]] = {
    **{
        f"{table} truncated{how}": (f"TRUNCATE cooperatives_{table}{how}", wall)
        for table, how, wall in (
            ("posting", "", "append-only"),
            ("posting", " CASCADE", "append-only"),
            ("entry", "", "foreign key|append-only"),
            ("entry", " CASCADE", "append-only"),
            ("ledgeraccount", " CASCADE", "append-only"),
        )
    },
    "amount true": (f"INSERT {NEW_POSTING} ({{entry}}, {{bank}}, {{arrival}}, true)", "boolean"),
}


@dataclass
class Books:
    ids: dict[str, object]

    def snapshot(self) -> list[object]:
        """Everything that the books hold, to compare before and after."""
        return [
            list(model.objects.order_by("id").values_list())  # type: ignore[attr-defined]
            for model in (Entry, Posting, LedgerAccount)
        ]


@pytest.fixture
def books(world: World) -> Books:
    with transaction.atomic():
        return post_books(world)


def post_books(world: World) -> Books:
    """100,000 đ arrived, 60,000 of it settled; another arrival reversed; one account of a second organization."""

    def post(organization, key, event, debit, credit, dong):
        return ledger.post(
            organization=organization, key=key, event=event, meaning=key, moves=[Move(debit, credit, dong)],
            booked_on=OPENED_ON, at=NOW,
        )  # fmt: skip

    home, away = world.organization, world.other_organization
    entry = post(home, "arrived:1", Event.ARRIVED, BANK, ARRIVAL, 100_000)
    post(home, "settled:1", Event.SETTLED, ARRIVAL, PURSE, 60_000)
    second = post(home, "arrived:2", Event.ARRIVED, BANK, Acct(Kind.UNMATCHED_ARRIVALS, "transaction:2"), 7)
    ledger.reverse(entry=second, at=NOW, booked_on=OPENED_ON, actor=None)
    post(away, "arrived:3", Event.ARRIVED, Acct(Kind.BANK, "bank_account:2"), ARRIVAL, 5)
    bare = Entry.objects.create(
        organization=home, key="bare", fingerprint="x", event=Event.ARRIVED, booked_on=OPENED_ON, at=NOW
    )
    accounts = {
        (account.organization_id, account.kind, account.subject): account.pk for account in LedgerAccount.objects.all()
    }
    posting = Posting.objects.get(entry=entry)
    connection.check_constraints()  # nothing is left pending that PostgreSQL would name first
    sqlite = connection.vendor == "sqlite"
    return Books(
        {
            "home": home.pk, "away": away.pk, "entry": entry.pk, "bare": bare.pk, "reversed": second.pk,
            "posting": posting.pk, "bank": accounts[home.pk, *BANK], "arrival": accounts[home.pk, *ARRIVAL],
            "purse": accounts[home.pk, *PURSE], "foreign": accounts[away.pk, *ARRIVAL],
            "foreign_bank": accounts[away.pk, "bank", "bank_account:2"],
            "true": 1 if sqlite else "true", "false": 0 if sqlite else "false",
        }
    )  # fmt: skip


def refused(books: Books, statement: str, saying: str) -> None:
    """The statement ends in an error that names the wall, and leaves everything as it was."""
    before = books.snapshot()
    with pytest.raises(DatabaseError, match=saying), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(**books.ids))
    assert books.snapshot() == before


@pytest.mark.parametrize("name", FORBIDDEN)
def test_raw_sql_does_not_get_through(books: Books, name: str) -> None:
    refused(books, *FORBIDDEN[name])


@on_sqlite
@pytest.mark.parametrize("name", SQLITE_ONLY)
def test_sqlite_does_not_let_it_through(books: Books, name: str) -> None:
    refused(books, *SQLITE_ONLY[name])


@on_postgresql
@pytest.mark.parametrize("name", POSTGRESQL_ONLY)
def test_postgresql_does_not_let_it_through(books: Books, name: str) -> None:
    refused(books, *POSTGRESQL_ONLY[name])


def test_django_upsert_does_not_get_through(books: Books) -> None:
    before = books.snapshot()
    posting = Posting.objects.get(pk=books.ids["posting"])
    posting.amount_dong = 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Posting.objects.bulk_create(
            [posting], update_conflicts=True, unique_fields=["id"], update_fields=["amount_dong"]
        )
    assert books.snapshot() == before


def test_the_row_lock_column_is_free(books: Books) -> None:
    """The application role of PostgreSQL needs one column that it may update, or it could not lock."""
    assert LedgerAccount.objects.filter(pk=books.ids["purse"]).update(lock_seat=True) == 1


@on_sqlite
def test_an_emptied_gate_opens_nothing(books: Books) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {walls.GATE}")
    refused(books, "UPDATE cooperatives_ledgeraccount SET credits = 0 WHERE id = {purse}", "only through postings")


# -- Walls come back after every migrate ------------------------------------------------------------------


NEW_COLUMN = [
    migrations.AddField(name, "added_meanwhile", models.IntegerField(default=7))
    for name in ("entry", "posting", "ledgeraccount")
]
LONGER_COLUMN = [
    migrations.AlterField("entry", "event", models.CharField(max_length=40)),
    migrations.AlterField("posting", "amount_dong", models.BigIntegerField(help_text="đồng", null=True)),
    migrations.AlterField("ledgeraccount", "kind", models.CharField(max_length=40)),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change", [*NEW_COLUMN, *LONGER_COLUMN], ids=lambda change: f"{type(change).__name__} {change.model_name}"
)
def test_a_changed_table_gets_its_walls_back(change: migrations.operations.base.Operation) -> None:
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    change.state_forwards("cooperatives", after)
    walls.before_migrate(using="default", plan=[change])
    try:
        with connection.schema_editor() as editor:
            change.database_forwards("cooperatives", editor, before, after)
        walls.after_migrate(using="default")
        assert walls.missing(connection) == []
    finally:
        walls.before_migrate(using="default", plan=[change])
        with connection.schema_editor() as editor:
            change.database_backwards("cooperatives", editor, after, before)
        walls.raise_walls(connection)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_trap_itself_a_remade_table_has_lost_its_triggers() -> None:
    """Why the walls go up after every migrate. Should this fail one day, Django has learnt to keep triggers."""
    [change] = [operation for operation in NEW_COLUMN if operation.model_name == "posting"]
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    change.state_forwards("cooperatives", after)
    with connection.schema_editor() as editor:
        change.database_forwards("cooperatives", editor, before, after)
    try:
        assert "posting_no_delete" in walls.missing(connection)
    finally:
        with connection.schema_editor() as editor:
            change.database_backwards("cooperatives", editor, after, before)
        walls.raise_walls(connection)


# -- The start-up check -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_standing_walls_raise_no_error() -> None:
    assert [
        e for e in run_checks(tags=[Tags.database], databases=["default"]) if e.id and e.id.startswith("cooperatives.")
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", walls.wanted(connection))
def test_a_missing_trigger_is_an_error(name: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute(f"DROP TRIGGER {name} ON {walls._table_of(walls.POSTGRESQL[name])}")
    [error] = [e for e in run_checks(tags=[Tags.database], databases=["default"]) if e.id == "cooperatives.E001"]
    assert name in str(error.msg)


@pytest.mark.django_db
def test_a_trigger_with_another_text_is_an_error() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            name = "posting_no_delete"
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"CREATE TRIGGER {name} BEFORE DELETE ON {walls.POSTING} BEGIN SELECT 1; END")
        else:
            name = "posting_no_change"
            cursor.execute(f"DROP TRIGGER {name} ON {walls.POSTING}")
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE DELETE ON {walls.POSTING}"
                " FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()"
            )
    assert walls.missing(connection) == [name]


@on_postgresql
@pytest.mark.django_db
def test_a_trigger_switched_off_is_an_error() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {walls.POSTING} DISABLE TRIGGER posting_no_change")
    assert walls.missing(connection) == ["posting_no_change"]


# -- The way around, for tests alone ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_transactional_tests_leave_an_empty_database_with_its_walls(books: Books) -> None:
    """The teardown of this test flushes posted books; the next test sees whether it worked."""
    assert Posting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_the_walls_stand() -> None:
    assert not Posting.objects.exists()
    assert walls.missing(connection) == []


def test_walls_are_up_again_after_a_failure_inside_lowered(books: Books) -> None:
    with pytest.raises(IntegrityError), ledger_walls.lowered(connection):
        raise IntegrityError
    refused(books, *FORBIDDEN["posting deleted"])
