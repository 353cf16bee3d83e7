"""Put up the evidence triggers on PostgreSQL; on SQLite they wait for post_migrate (cooperatives/0002_ledger_walls)."""

from django.db import migrations

from cooperatives import walls
from payments.evidence_walls import EVIDENCE


def raise_walls(apps, schema_editor):
    connection = schema_editor.connection
    # Of walls that stand on later tables too the last migration that changes them puts up all.
    if connection.vendor != "sqlite" and set(EVIDENCE.tables) <= set(connection.introspection.table_names()):
        walls.raise_walls(connection, EVIDENCE)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_what_stands_in_the_books")]
    operations = [migrations.RunPython(raise_walls, migrations.RunPython.noop)]
