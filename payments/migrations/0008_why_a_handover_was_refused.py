from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_bill_walls")]
    operations = [
        migrations.AddField(
            model_name="cashhandover",
            name="reason",
            field=models.CharField(blank=True, default="", help_text="Why it was refused.", max_length=200),
            preserve_default=False,
        ),
    ]
