"""A round of reading meters: who is not read yet, and one meter after the other, from house to house."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from base.money import grouped
from base.periods import BadPeriod, first_day, month_of
from payments.bills import readings
from payments.bills.accounts_found import found, sections
from payments.models import BillingAccount, Reading
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_readings import MeterForm
from storefront.forms.desk import search_from
from storefront.views.biller.accounts import own_account
from storefront.views.biller.pages import page

PER_PAGE = 40
MONTHS = 3
METER = BillingAccount.Kind.METER


@require_safe
@at_biller("read_meters")
def round_of(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The meters of a month and hamlet that nobody has read yet, then those that are."""
    month, section = _month(request, desk.today), search_from(request.GET.get("section", ""))
    text = search_from(request.GET.get("q", ""))
    meters = found(desk.organization, text=text, section=section, kind=METER, today=desk.today)
    unread_first = meters.order_by(_is_read(month), "section_key", "name_key", "id")
    shown = Paginator(unread_first, PER_PAGE).get_page(request.GET.get("page"))
    taken = Reading.objects.filter(account__in=list(shown), month=month, is_live=True)
    context = {
        "page": shown, "read_ids": set(taken.values_list("account_id", flat=True)), "month": month,
        "months": _months(desk.today), "section": section, "q": text, "all": meters.count(),
        "read": meters.filter(_is_read(month)).count(),
        "sections": sections(desk.organization, today=desk.today),
    }  # fmt: skip
    return page(request, desk, "readings/round.html", context, tab="readings")


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("read_meters")
def read(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """What one meter shows; a number that looks wrong is asked about once more, then the next unread one follows."""
    own = own_account(desk, account_id)
    month, section = _month(request, desk.today), search_from(request.GET.get("section", ""))
    live = Reading.objects.filter(account=own, is_live=True)
    before, now = live.filter(month__lt=month).order_by("-month").first(), live.filter(month=month).first()
    initial = {"read_on": desk.today, "new_value": now.new_value if now else None}
    form = MeterForm(request.POST or None, initial=initial, is_first=before is None and now is None)
    if form.carries_out(
        lambda: readings.record(
            account_id=own.pk, month=month, **{name: form.cleaned_data[name] for name in form.fields},
            actor=desk.user, at=desk.at,
        )
    ):  # fmt: skip
        told = {"name": own.name, "value": grouped(form.done.new_value), "used": grouped(form.done.used)}
        messages.success(request, _("Đã ghi %(name)s: %(value)s, dùng %(used)s.") % told)
        meters = found(desk.organization, section=section, kind=METER, today=desk.today)
        left = meters.filter(~_is_read(month)).first()
        where = {"month": month, **({"section": section} if section else {})}
        return see("biller-read", left.pk, query=where) if left else see("biller-readings", query=where)
    context = {"account": own, "form": form, "month": month, "section": section, "before": before, "now": now}
    return page(request, desk, "readings/meter.html", context, tab="readings", status=422 if form.errors else 200)


def _is_read(month: str) -> Exists:
    """Of an account: whether that month has its reading."""
    return Exists(Reading.objects.filter(account=OuterRef("pk"), month=month, is_live=True))


def _months(today: date) -> list[str]:
    """This month and those just before it, the latest first."""
    here = today.year * 12 + today.month - 1
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(here, here - MONTHS, -1)]


def _month(request: HttpRequest, today: date) -> str:
    """The month in the address, or this one where it names none."""
    asked = request.GET.get("month", "")
    try:
        return month_of(first_day(asked))
    except BadPeriod:
        return month_of(today)
