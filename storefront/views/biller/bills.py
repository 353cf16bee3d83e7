"""Bills: a list that can be narrowed, and one bill with its items, its money and what can be done with it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.text import squeezed
from cooperatives.models import Organization
from payments.bills import carrying, standing
from payments.bills.accounts_found import ids_called
from payments.models import Bill, BillingAccount, BillLine, BillRun, FeeItem
from payments.models.billing import BillQuerySet
from storefront import bill_papers
from storefront.at_biller import at_biller
from storefront.at_desk import Desk
from storefront.forms.biller_bills import BillsFilter, CorrectForm, CreditForm, ReadingForm
from storefront.forms.desk import DeskForm, search_from
from storefront.templatetags.dong import month as shown_month
from storefront.views.biller.pages import page

PER_PAGE = 40


@require_safe
@at_biller()
def bills(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By state, class, item, month, run, and text (name, code, number, the end of a phone). Sums of what is shown."""
    here = desk.organization
    runs = list(BillRun.objects.filter(organization=here).exclude(state=BillRun.State.DRAFT).order_by("-pk")[:60])
    form = BillsFilter(
        request.GET,
        section=[(name, name) for name in standing.sections(here)],
        item=[(str(item.pk), item.name) for item in FeeItem.objects.filter(organization=here).in_billers_order()],
        month=[(one, shown_month(one)) for one in dict.fromkeys(sorted((run.month for run in runs), reverse=True))],
        run=[(str(run.pk), run.name) for run in runs],
    )
    found = _narrowed(here, form.chosen, desk)
    shown = found.preloaded().order_by("account__section_key", "account__name_key", "due_on", "pk")
    context = {
        "filter": form, "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "tally": standing.tally(found, today=desk.today), "is_narrowed": any(form.chosen.values()),
    }  # fmt: skip
    return page(request, desk, "bills.html", context, tab="bills")


def _narrowed(here: Organization, chosen: dict[str, str], desk: Desk) -> BillQuerySet:
    found = Bill.objects.filter(organization=here)
    if chosen["state"]:
        found = standing.in_state(found, chosen["state"], today=desk.today)
    if chosen["section"]:
        found = found.filter(section=chosen["section"])
    if chosen["month"]:
        found = found.filter(run__month=chosen["month"])
    if chosen["run"]:
        found = found.filter(run=int(chosen["run"]))
    if chosen["item"]:
        found = found.filter(Exists(BillLine.objects.filter(bill=OuterRef("pk"), fee_item=int(chosen["item"]))))
    text = search_from(chosen["q"])
    if text:
        wanted = Q(account__in=ids_called(BillingAccount.objects.filter(organization=here), text))
        if squeezed(text):
            wanted |= Q(request__code__contains=squeezed(text)[:12])
        found = found.filter(wanted)
    return found


@require_safe
@at_biller()
def bill(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    return bill_page(request, desk, found_bill(desk, bill_id))


def found_bill(desk: Desk, bill_id: int) -> Bill:
    """A bill of this biller. Raises Http404."""
    rows = Bill.objects.filter(organization=desk.organization).preloaded().select_related("account__household")
    found = rows.filter(pk=bill_id).first()
    if found is None:
        raise Http404
    return found


def correct_form(found: Bill, data: Any = None) -> CorrectForm:
    """With the items of the bill, and those that the biller could add to it."""
    names = {line.fee_item_id: line.name for line in found.lines.order_by("position", "pk")}
    others = FeeItem.objects.filter(organization=found.organization, is_active=True).in_billers_order()
    more = [(item.pk, _("%(item)s (chưa có trong khoản này)") % {"item": item.name}) for item in others]
    choices = [*names.items(), *(one for one in more if one[0] not in names)]
    return CorrectForm(data, items=choices)


def bill_page(
    request: HttpRequest, desk: Desk, found: Bill, *, wrong: dict[str, DeskForm] | None = None
) -> HttpResponse:
    """``wrong``: forms to show again with what was typed."""
    asked, items = found.request, bill_papers.items_of(found)
    keeps = desk.may["keep_bills"] and found.cancelled_at is None
    credit = carrying.credit_dong(found.account_id)
    beside = bill_papers.open_beside(found)
    forms: dict[str, DeskForm] = {}
    lines = [line for row in items for line in (row.charge, *row.adjustments) if line is not None]
    metered = [line.reading for line in lines if line.reading is not None]
    if keeps:
        forms = {"correct": correct_form(found)}
        live = next((reading for reading in metered if reading.is_live), None)
        if live is not None:
            forms["reading"] = ReadingForm(initial={"reading_id": live.pk, "new_value": live.new_value})
        if credit and asked.due_dong:
            forms["credit"] = CreditForm(initial={"amount_dong": min(credit, asked.due_dong)})
        forms |= wrong or {}
    came = bill_papers.came_for(found)
    context = {
        "bill": found, "asked": asked, "items": items, "came": came, "credit_dong": credit,
        "by_bank": any(one.kind == "bank" and one.undone_at is None for one in came),
        "usable_dong": min(credit, asked.due_dong), "beside": beside, "others": len(beside) > 1, "forms": forms,
        "opened": {*(wrong or {})}, "is_overdue": asked.due_dong > 0 and found.due_on < desk.today,
    }  # fmt: skip
    return page(request, desk, "bill.html", context, tab="bills", status=422 if wrong else 200)
