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
from payments.evidence_walls import EVIDENCE
from tests import ledger_walls
from tests.db_wall.statements import FORBIDDEN, POSTGRESQL_ONLY, SQLITE_ONLY
from tests.people import NOW, OPENED_ON, World

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite's own")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a statement of PostgreSQL's own")

BANK, ARRIVAL, PURSE = Acct(Kind.BANK, "bank_account:1"), Acct(Kind.UNMATCHED_ARRIVALS, "transaction:1"), Acct(
    Kind.PREPAID, "order:1"
)  # fmt: skip


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
EVIDENCE_COLUMNS = [
    migrations.AddField("sighting", "added_meanwhile", models.IntegerField(default=7)),
    migrations.AlterField("banktransaction", "reference", models.CharField(max_length=90, blank=True)),
    migrations.AddField("refund", "added_meanwhile", models.IntegerField(default=7)),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("app", "change"),
    [
        *[("cooperatives", change) for change in (*NEW_COLUMN, *LONGER_COLUMN)],
        *[("payments", change) for change in EVIDENCE_COLUMNS],
    ],
    ids=lambda given: given if isinstance(given, str) else f"{type(given).__name__} {given.model_name}",
)
def test_a_changed_table_gets_its_walls_back(app: str, change: migrations.operations.base.Operation) -> None:
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    change.state_forwards(app, after)
    both = (walls.LEDGER, EVIDENCE)
    for one in both:
        walls.before_migrate(using="default", plan=[change], walls=one)
    try:
        with connection.schema_editor() as editor:
            change.database_forwards(app, editor, before, after)
        for one in both:
            walls.after_migrate(using="default", walls=one)
            assert walls.missing(connection, one) == []
    finally:
        for one in both:
            walls.before_migrate(using="default", plan=[change], walls=one)
        with connection.schema_editor() as editor:
            change.database_backwards(app, editor, after, before)
        for one in both:
            walls.raise_walls(connection, one)


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
