"""Put up the evidence triggers on PostgreSQL; on SQLite they wait for post_migrate (cooperatives/0002_ledger_walls)."""

from django.db import migrations

from cooperatives import walls
from payments.evidence_walls import EVIDENCE


def raise_walls(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        walls.raise_walls(schema_editor.connection, EVIDENCE)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_what_stands_in_the_books")]
    operations = [migrations.RunPython(raise_walls, migrations.RunPython.noop)]
