"""Put up the ledger's triggers on PostgreSQL. On SQLite they wait for post_migrate: later migrations of the same run
may remake the tables that they name (cooperatives/walls.py)."""

from django.db import migrations

from cooperatives import walls


def raise_walls(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        walls.raise_walls(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("cooperatives", "0001_initial")]
    operations = [migrations.RunPython(raise_walls, migrations.RunPython.noop)]
