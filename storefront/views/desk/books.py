"""The books at the desk: a day beside the bank, and whether everything adds up."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from payments import reconciliation
from payments.models import BankTransaction, BankTransactionQuerySet
from payments.reconciliation import AccountDay
from storefront.at_desk import Desk, at_desk
from storefront.forms.desk import day_from
from storefront.views.desk.pages import page

DAYS_SHOWN = 14
MOST_LINES = 20
CHECKS = {
    "journal": gettext_lazy("Mỗi bút toán có đúng một chứng từ, và ngược lại"),
    "cache": gettext_lazy("Số dư từng tài khoản bằng tổng các bút toán"),
    "form": gettext_lazy("Bút toán nào cũng đủ hai vế, đúng loại"),
    "undo": gettext_lazy("Bút toán gỡ ngược đúng bút toán nó gỡ"),
    "lines": gettext_lazy("Từng dòng ngân hàng: đã dùng và còn lại khớp với sổ"),
    "orders": gettext_lazy("Tiền của từng đơn khớp với sổ"),
    "sales": gettext_lazy("Tiền hàng chia cho bà con khớp từng đơn đã giao"),
    "requests": gettext_lazy("Từng mã chuyển khoản: đã nhận và còn thiếu khớp với sổ"),
    "bills": gettext_lazy("Từng khoản thu: số phải thu, đã nhận theo từng mục và doanh thu từng mục khớp nhau"),
    "payers": gettext_lazy("Tiền phải trả lại người mua, người nộp khớp với chứng từ"),
    "refunds": gettext_lazy("Tiền đang trả lại khớp với từng lệnh trả và dòng ngân hàng"),
    "members": gettext_lazy("Tiền hàng còn nợ bà con khớp với từng lần giao"),
    "income": gettext_lazy("Tiền bán hàng về tay đọc từ sổ bằng tổng các lần giao"),
    "results": gettext_lazy("Phần hợp tác xã giữ và phí khớp với các đơn"),
    "cash": gettext_lazy("Két tiền mặt khớp với phiếu thu, bàn giao và kiểm đếm"),
    "parcels": gettext_lazy("Kiện hàng, đơn và hàng trong lô nói cùng một điều"),
    "carrier": gettext_lazy("Tiền thu hộ từng kiện khớp với bảng kê và tiền đã về"),
    "returns": gettext_lazy("Hàng trả lại khớp với phần đã chia và tiền trả lại"),
    "bank": gettext_lazy("Sổ ngân hàng khớp với các dòng và sao kê"),
    "prompt": gettext_lazy("Tiền về được ghi sổ trong vòng một phút"),
    "walls": gettext_lazy("Khóa chống sửa sổ còn nguyên trong cơ sở dữ liệu"),
}


@require_safe
@at_desk("see_money")
def day(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Opening + in − out = closing on one day (``?day=2026-11-22``), beside what the bank says; the last two weeks."""
    shown = min(day_from(request.GET.get("day", ""), otherwise=desk.today), desk.today)
    before = shown - timedelta(days=1)
    yesterday = {
        account.bank_account.pk: account.difference_dong
        for account in reconciliation.reconcile(organization=desk.organization, day=before)
    }
    context = {
        "day": shown, "before": before, "after": shown + timedelta(days=1) if shown < desk.today else None,
        "accounts": [
            _beside_the_bank(account, yesterday[account.bank_account.pk], shown)
            for account in reconciliation.reconcile(organization=desk.organization, day=shown)
        ],
        "days": reconciliation.verdicts(
            organization=desk.organization, first=desk.today - timedelta(days=DAYS_SHOWN - 1), last=desk.today
        ),
        "lines": BankTransaction.objects.filter(organization=desk.organization, day=shown).count(),
        "iso": shown.isoformat(),
    }  # fmt: skip
    return page(request, desk, "day.html", context, tab="day")


def _beside_the_bank(account: AccountDay, yesterday_dong: int | None, shown: date) -> dict[str, Any]:
    """An account with the lines that make its difference, as far as a file of the bank's tells."""
    gap = account.difference_dong
    if not gap:
        return {"account": account}
    return {
        "account": account, "gap_dong": abs(gap), "is_older": gap == yesterday_dong,
        "only_in_books": _few(reconciliation.only_in_books(bank_account=account.bank_account, day=shown)),
        "only_in_bank": _few(reconciliation.only_in_bank(bank_account=account.bank_account, day=shown)),
    }  # fmt: skip


def _few(lines: BankTransactionQuerySet) -> list[BankTransaction]:
    return list(lines.preloaded().latest_first()[:MOST_LINES])


@require_safe
@at_desk("see_money")
def checks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every check of the books with its verdict. The verdict itself is in the frame of the page."""
    return page(request, desk, "checks.html", {"names": CHECKS}, tab="checks", anew=True)
