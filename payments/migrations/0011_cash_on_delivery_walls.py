"""Put the evidence triggers around the tables of parcels, returns and cash on delivery too (0004_evidence_walls)."""

from django.db import migrations

from cooperatives import walls
from payments.evidence_walls import EVIDENCE


def raise_walls(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "sqlite" and set(EVIDENCE.tables) <= set(connection.introspection.table_names()):
        walls.raise_walls(connection, EVIDENCE)


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_cash_on_delivery"), ("orders", "0003_cycles_parcels_and_returns")]
    operations = [migrations.RunPython(raise_walls, migrations.RunPython.noop)]
