from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_cycles_parcels_and_returns")]

    operations = [
        migrations.AddField(
            model_name="return",
            name="borne_dong",
            field=models.BigIntegerField(
                default=0, help_text="Of the goods, what the seller had borne of their weight; the buyer never paid it."
            ),
        ),
        migrations.RemoveConstraint(model_name="return", name="return_sums"),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("borne_dong__gte", 0),
                    ("goods_dong__gte", 0),
                    ("shipping_dong__gte", 0),
                    ("borne_dong__lte", models.F("goods_dong")),
                    (
                        "goods_dong__gte",
                        models.expressions.CombinedExpression(models.Value(1), "-", models.F("shipping_dong")),
                    ),
                ),
                name="return_sums",
            ),
        ),
    ]
