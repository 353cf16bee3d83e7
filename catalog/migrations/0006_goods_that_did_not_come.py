from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_lots_that_are_traced"),
    ]

    operations = [
        migrations.AddField(
            model_name="lot",
            name="missing",
            field=models.PositiveBigIntegerField(
                default=0, help_text="Of what is left, measures promised to orders that did not come, or are not there."
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("missing__gte", 0), ("missing__lte", F("left"))), name="lot_missing"
            ),
        ),
    ]
