"""Put the evidence triggers around the tables of bills too (payments/0004_evidence_walls)."""

from django.db import migrations

from cooperatives import walls
from payments.evidence_walls import EVIDENCE


def raise_walls(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "sqlite" and set(EVIDENCE.tables) <= set(connection.introspection.table_names()):
        walls.raise_walls(connection, EVIDENCE)


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_bills")]
    operations = [migrations.RunPython(raise_walls, migrations.RunPython.noop)]
