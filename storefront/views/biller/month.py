"""The statement of a month, to be read, printed and signed; and who paid too much."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.periods import month_of
from payments.bills import month as months
from payments.bills import standing
from storefront.at_biller import at_biller
from storefront.at_desk import Desk
from storefront.views.biller.pages import page


@require_safe
@at_biller("see_money")
def month(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``?month=2026-11``, this month without. 404 for a month before the books were opened."""
    known = months.months(desk.organization, today=desk.today) or [month_of(desk.today)]
    wanted = request.GET.get("month", known[0])
    if wanted not in known:
        raise Http404
    book = months.statement(desk.organization, wanted)
    context = {
        "month": wanted, "months": known, "book": book, "bank_lines": _bank_lines(book.bank),
        "cash_lines": _cash_lines(book.cash),
    }  # fmt: skip
    return page(request, desk, "month.html", context, tab="month")


@require_safe
@at_biller("see_money")
def too_much(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Payers who are owed something, and money that came for what was paid already; each with its evidence."""
    context = {
        "rows": standing.paid_too_much(desk.organization), "again": standing.came_again(desk.organization),
    }  # fmt: skip
    return page(request, desk, "too_much.html", context, tab="too_much")


def _bank_lines(bank: months.Bank) -> list[tuple[str, int]]:
    """In the order of the sum; what is 0 both ways and rarely anything else is left out."""
    always = [
        (_("Chưa rõ của ai, từ tháng trước"), bank.waiting_before_dong),
        (_("Tiền vào trong tháng"), bank.came_dong),
        (_("Khớp vào khoản thu"), -bank.to_bills_dong),
        (_("Trả thừa, nợ lại người nộp"), -bank.excess_dong),
    ]
    seldom = [
        (_("Khớp vào đơn hàng"), -bank.to_orders_dong),
        (_("Ghi nợ lại người chuyển"), -bank.kept_dong),
        (_("Thu khác (lãi, hỗ trợ…)"), -bank.other_receipts_dong),
        (_("Chuyển giữa hai tài khoản của mình"), -bank.own_transfers_dong),
        (_("Tiền mặt nộp vào"), -bank.banked_dong),
        (_("Tiền trả lại bị trả về"), -bank.bounced_dong),
    ]
    return always + [(label, dong) for label, dong in seldom if dong]


def _cash_lines(cash: months.Cash) -> list[tuple[str, int]]:
    rows = [
        (_("Trong các két, đầu tháng"), cash.opening_dong),
        (_("Thu theo phiếu thu"), cash.received_dong),
        (_("Nộp vào ngân hàng"), -cash.banked_dong),
    ]
    seldom = [(_("Kiểm két thiếu"), -cash.short_dong), (_("Kiểm két thừa"), cash.over_dong)]
    return rows + [(label, dong) for label, dong in seldom if dong]
