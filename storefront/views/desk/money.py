"""Lines of the bank: what waits for a person, what came today, everything, and evidence about strange accounts."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from payments.models import BankTransaction, Sighting
from storefront import desk_lines, desk_reading, desk_reasons
from storefront.at_desk import Desk, at_desk
from storefront.forms.desk import day_from
from storefront.views.desk.pages import page

PER_PAGE = 30
FEW = 5
LISTS = {
    "look": gettext_lazy("Cần xem"),
    "today": gettext_lazy("Hôm nay"),
    "over": gettext_lazy("Nhận thừa"),
    "all": gettext_lazy("Tất cả"),
}


@require_safe
@at_desk("see_money")
def money(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One list at a time: ``?show=``, ``?reason=NO_CODE`` for one heap of what waits, ``?day=2026-11-22``."""
    show = request.GET.get("show", "look")
    if show not in LISTS:
        raise Http404
    here = BankTransaction.objects.filter(organization=desk.organization)
    title: Any = LISTS[show]
    more: dict[str, Any] = {}
    if "day" in request.GET:
        day = day_from(request.GET["day"], otherwise=desk.today)
        lines, show, title = here.filter(day=day), "", _("Ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}
        more = {"sums": desk_lines.sums(lines)}
    elif "reason" in request.GET:
        reason = request.GET["reason"]
        if reason not in desk_reasons.WHAT_TO_DO:
            raise Http404
        lines = desk_reading.to_look_at(desk.organization).filter(reason=reason)
        more = {"reason": reason}
    elif show == "look":
        groups = desk_lines.groups(desk.organization, most=FEW)
        context = {"groups": groups, "lists": LISTS.items(), "show": show, "title": title}
        return page(request, desk, "money.html", context, tab="money")
    elif show == "over":
        lines = desk_reading.overpaid(desk.organization)
    elif show == "today":
        lines = here.filter(day=desk.today)
        more = {"sums": desk_lines.sums(lines)}
    else:
        lines = here
    shown = Paginator(lines.preloaded().latest_first(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "lists": LISTS.items(), "show": show, "title": title, **more}
    return page(request, desk, "money.html", context, tab="money")


@require_safe
@at_desk("see_money")
def evidence(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is booked nowhere: accounts that are not ours, foreign money, and evidence that says two things at once."""
    here = (
        Sighting.objects.filter(organization=desk.organization)
        .select_related("transaction", "statement_file")
        .order_by("-received_at", "-pk")
    )
    found = here.filter(Q(transaction=None) | Q(contradicted=True))
    context = {"page": Paginator(found, PER_PAGE).get_page(request.GET.get("page"))}
    return page(request, desk, "evidence.html", context, tab="evidence")
