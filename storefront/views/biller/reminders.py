"""Whom to remind: for the desk alone, one household after another, the longest overdue first."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from base.periods import vietnam_day
from payments.bills import reminding, standing
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.views.biller.pages import page

PER_PAGE = 30
DAYS = (1, 3, 7, 14, 30, 60)


@require_safe
@at_biller()
def reminders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``?section=3A&days=7`` narrows it."""
    here = desk.organization
    sections = standing.sections(here)
    section = request.GET.get("section", "")
    section = section if section in sections else ""
    days = next((n for n in DAYS if str(n) == request.GET.get("days")), DAYS[0])
    payers = reminding.payers(here, today=desk.today, section=section, at_least_days=days)
    shown = Paginator(payers, PER_PAGE).get_page(request.GET.get("page"))
    rows = []
    for one in reminding.reminders(here, list(shown), today=desk.today):
        told_today = one.last_at is not None and vietnam_day(one.last_at) == desk.today
        rows.append({"reminder": one, "told_today": told_today, "phone": one.phone})
    context = {
        "page": shown, "rows": rows, "count": len(payers), "sections": sections, "section": section, "days": days,
        "choices": DAYS, "reachable": sum(1 for row in rows if row["phone"] and not row["told_today"]),
    }  # fmt: skip
    return page(request, desk, "reminders.html", context, tab="reminders")


@require_POST
@at_biller("say_messages")
def remind(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Somebody told these payers (one button a payer), or the outbox shall (``wait``). A second tap changes nothing."""
    keys = [key[:40] for key in request.POST.getlist("payer")[: reminding.MOST_AT_ONCE]]
    through = "" if "wait" in request.POST else "phone"
    written = reminding.remind(
        organization_id=desk.organization.pk, keys=keys, through=through, actor=desk.user, at=desk.at
    )
    if not written:
        messages.info(request, _("Hôm nay đã nhắc, hoặc không còn quá hạn. Không ghi thêm gì."))
    elif through:
        messages.success(request, _("Đã ghi: đã nhắc %(name)s.") % {"name": written[0].to_name})
    else:
        count = len(written)
        said = ngettext("%(n)s lời nhắc chờ ở Tin báo.", "%(n)s lời nhắc chờ ở Tin báo.", count)
        messages.success(request, said % {"n": count})
    return see("biller-reminders")
