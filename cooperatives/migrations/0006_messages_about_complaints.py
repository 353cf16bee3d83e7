from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cooperatives", "0005_what_buyers_must_read"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("order_placed", "đơn đã đặt"),
                    ("order_paid", "đã nhận đủ tiền"),
                    ("order_part_paid", "mới nhận một phần tiền"),
                    ("order_overpaid", "nhận thừa tiền"),
                    ("order_ready", "hàng đã gói"),
                    ("order_handed_over", "đã giao hàng"),
                    ("order_expired", "đơn quá hạn"),
                    ("order_cancelled", "đơn đã hủy"),
                    ("money_late", "tiền về muộn"),
                    ("refund_ordered", "đang trả lại tiền"),
                    ("refund_sent", "đã trả lại tiền"),
                    ("bill_due", "nhắc khoản thu"),
                    ("bill_paid", "đã nhận tiền khoản thu"),
                    ("bill_corrected", "khoản thu được điều chỉnh"),
                    ("complaint_received", "đã nhận khiếu nại"),
                    ("complaint_answered", "đã trả lời khiếu nại"),
                ],
                max_length=20,
            ),
        ),
    ]
