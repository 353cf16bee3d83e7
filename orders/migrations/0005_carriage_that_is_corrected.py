import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cooperatives", "0007_terms_of_delivery"),
        ("orders", "0004_returns_of_heavier_goods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="deliveryborne", name="delivery_borne_once"),
        migrations.RemoveConstraint(model_name="netting", name="netting_amount"),
        migrations.AddField(model_name="deliveryborne", name="undone_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="deliveryborne",
            name="undone_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryborne",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("shipment", "member"),
                name="delivery_borne_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="netting",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_dong", 0), _negated=True), name="netting_amount"
            ),
        ),
    ]
