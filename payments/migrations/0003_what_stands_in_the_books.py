"""Lines that are booked say since when. Apart from 0002: PostgreSQL alters no table with pending trigger events."""

from django.db import migrations
from django.db.models import F


def say_when(apps, schema_editor):
    lines = apps.get_model("payments", "BankTransaction").objects.using(schema_editor.connection.alias)
    booked = lines.filter(amount_dong__gt=0, day__gte=F("organization__opened_on"), booked_at=None).exclude(state="NEW")
    booked.update(booked_at=F("seen_at"))


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_every_dong")]
    operations = [migrations.RunPython(say_when, migrations.RunPython.noop)]
