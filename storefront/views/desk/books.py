"""The books at the desk: a day beside the bank, statement files, and whether everything adds up."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from base.refusals import NotFound, Refused
from payments import importing, reconciliation
from payments.models import BankTransaction, BankTransactionQuerySet, StatementFile
from payments.reconciliation import AccountDay
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import day_from
from storefront.forms.desk_statement import StatementForm
from storefront.views.desk.pages import page

LATEST_FILES = 20
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
    "payers": gettext_lazy("Tiền phải trả lại người mua khớp với chứng từ"),
    "members": gettext_lazy("Tiền hàng còn nợ bà con khớp với từng lần giao"),
    "income": gettext_lazy("Tiền bán hàng về tay đọc từ sổ bằng tổng các lần giao"),
    "results": gettext_lazy("Phần hợp tác xã giữ và phí khớp với các đơn"),
    "cash": gettext_lazy("Két tiền mặt khớp với phiếu thu"),
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


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("import_statements")
def statement(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Import one file: believed whole or not at all; the same file again adds nothing."""
    form = StatementForm(request.POST or None, request.FILES or None, organization=desk.organization)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            file = importing.import_statement(
                bank_account_id=form.cleaned_data["bank_account"].pk, name=sent.name or "",
                data=sent.read(importing.MOST_BYTES + 1), actor=desk.user, at=desk.at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused)
            if form.errors.keys() == {"__all__"}:  # every doubt about a file belongs beside the file
                form.add_error("file", form.errors.pop("__all__")[0])
        else:
            told = {"rows": file.rows, "added": file.added}
            messages.success(
                request,
                _("Đã đọc %(rows)s dòng, trong đó %(added)s dòng chưa từng thấy. Các dòng khác đã có từ trước.") % told,
            )
            return see("desk-statement")
    files = StatementFile.objects.filter(organization=desk.organization).select_related("bank_account", "imported_by")
    context = {"form": form, "files": files.order_by("-imported_at", "-pk")[:LATEST_FILES]}
    return page(request, desk, "statement.html", context, tab="day", status=422 if form.errors else 200)


@require_safe
@at_desk("see_money")
def checks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every check of the books with its verdict. The verdict itself is in the frame of the page."""
    return page(request, desk, "checks.html", {"names": CHECKS}, tab="day", anew=True)
