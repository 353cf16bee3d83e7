"""How many of an item each one had (meals eaten), class by class, while the run is a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cooperatives.models import Organization
from payments.bills import runs as verbs
from payments.bills.counting import Counted, counted
from payments.models import BillRun, FeeItem, RunItem
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_counts import PREFIX, CountsForm
from storefront.views.biller.pages import page

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Step:
    """What is typed at once: a class, or a hundred of a large hamlet. ``number``: which hundred, None: all of it."""

    section: str
    number: int | None
    is_school: bool
    rows: Sequence[Counted]

    @property
    def name(self) -> str:
        """As it stands within a sentence: ``lớp 3A``, ``Xóm 2``."""
        if not self.section:
            name = _("người không ghi lớp")
        elif self.is_school and self.section[0].isdigit():
            name = _("lớp %(section)s") % {"section": self.section}
        else:
            name = self.section
        return name if self.number is None else _("%(section)s, trang %(page)s") % {
            "section": name, "page": self.number}  # fmt: skip

    @property
    def own(self) -> int:
        """How many have a count of their own."""
        return sum(row.own is not None for row in self.rows)

    @property
    def place(self) -> str:
        """It in an address: ``3A``, ``Xóm 2~2``."""
        return self.section if self.number is None else f"{self.section}~{self.number}"


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("keep_bills")
def counts(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """``?item=``: which counted item, else the first one; ``?section=``: which class, else the first one."""
    run = _draft(desk, run_id)
    items = [one for one in run.items.all() if one.fee_item.measure == FeeItem.Measure.COUNTED]
    item = _chosen(request, items)
    everybody = counted(run, item)
    steps = _steps(everybody, desk.organization)
    asked = request.GET.get("section", steps[0].place if steps else "")
    at = next((number for number, step in enumerate(steps) if step.place == asked), None)
    if steps and at is None:
        raise Http404
    here = None if at is None else steps[at]
    after = None if at is None else next(iter(steps[at + 1 :]), None)
    form = CountsForm(
        request.POST if request.method == "POST" else None,
        counted=_typed_for(request, everybody) if request.method == "POST" else here.rows if here else [],
    )
    if form.carries_out(
        lambda: verbs.set_counts(
            run_id=run.pk, counts=form.said(item.fee_item_id), actor=desk.user, at=desk.at
        )
    ):  # fmt: skip
        messages.success(request, _told(len(form.said(item.fee_item_id)), here))
        to = after if after and "go_on" in request.POST else here
        return see("biller-counts", run.pk, query={"item": str(item.fee_item_id), "section": to.place if to else ""})
    context = {"run": run, "items": items, "item": item, "steps": steps, "here": here, "after": after, "form": form}
    return page(request, desk, "counts.html", context, tab="runs", status=422 if form.errors else 200)


def _draft(desk: Desk, run_id: int) -> BillRun:
    drafts = BillRun.objects.filter(organization=desk.organization, state=BillRun.State.DRAFT)
    run = drafts.select_related("organization").prefetch_related("items__fee_item").filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def _chosen(request: HttpRequest, items: list[RunItem]) -> RunItem:
    items.sort(key=lambda one: (one.fee_item.position, one.fee_item_id))
    asked = request.GET.get("item", str(items[0].fee_item_id) if items else "")
    found = next((one for one in items if str(one.fee_item_id) == asked), None)
    if found is None:
        raise Http404
    return found


def _steps(everybody: Sequence[Counted], organization: Organization) -> list[Step]:
    is_school = organization.kind == Organization.Kind.SCHOOL
    steps = []
    ordered = sorted(everybody, key=lambda row: (row.account.section_key, row.account.section))  # "3A" and "3 A" apart
    for section, group in groupby(ordered, key=lambda row: row.account.section):
        rows = list(group)
        for start in range(0, len(rows), PER_PAGE):
            number = start // PER_PAGE + 1 if len(rows) > PER_PAGE else None
            steps.append(Step(section, number, is_school, rows[start : start + PER_PAGE]))
    return steps


def _typed_for(request: HttpRequest, everybody: Sequence[Counted]) -> list[Counted]:
    """The rows that the page had when it was drawn, whoever came, left or changed class meanwhile."""
    return [row for row in everybody if f"{PREFIX}{row.account.pk}" in request.POST]


def _told(changed: int, here: Step | None) -> str:
    name = here.name if here else ""
    if not changed:
        return _("Không có gì đổi cho %(section)s.") % {"section": name}
    return ngettext(
        "Đã ghi cho %(section)s: đổi %(n)s người.", "Đã ghi cho %(section)s: đổi %(n)s người.", changed
    ) % {"section": name, "n": changed}  # fmt: skip
