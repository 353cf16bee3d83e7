"""What an organization promises, in days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.promising import MOST_COMPLAINT_DAYS, MOST_RETURN_DAYS
from storefront.forms.desk import DeskForm, DigitsField


class PromisesForm(DeskForm):
    """Working days to an answer, and days to report faulty goods."""

    complaint_days = DigitsField(
        label=_("Trả lời khiếu nại trong mấy ngày làm việc"), min_value=1, max_value=MOST_COMPLAINT_DAYS,
        help_text=_("Thứ Hai đến thứ Sáu. Phần mềm không biết ngày lễ. Khiếu nại đã nhận giữ ngày đã hứa."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip
    return_days = DigitsField(
        label=_("Báo hàng hỏng, sai, thiếu trong mấy ngày"), min_value=0, max_value=MOST_RETURN_DAYS,
        help_text=_("Tính từ ngày nhận hàng. 0: phải báo ngay khi nhận."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip
