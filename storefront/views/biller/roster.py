"""Taking in the lists that a biller has: choose a file, see what each column is, look what would happen, take it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from base.periods import month_of
from base.refusals import Refused
from payments.bills import sheets
from payments.bills.roster import taking
from payments.bills.roster.opening import MOST_BYTES, Book, opened
from payments.bills.roster.outcome import Outcome
from payments.bills.roster.pointing import Proposal, pointed
from payments.bills.roster.words import Kind
from payments.models import BillRun, RosterImport
from storefront import kept_uploads
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_roster import WHATS, ColumnsForm, ListForm, columns_of, kind_of
from storefront.kept_uploads import Kept
from storefront.views.biller.pages import page
from storefront.views.biller.paper import CSV, XLSX

LATEST = 12
SHOWN_FAULTS = 200
SHOWN_CHANGES = 30
SAMPLE_COLUMNS = 12


@dataclass(frozen=True)
class Opened:
    """A file that was sent, opened again for a page."""

    kept: Kept
    what: str
    book: Book
    proposal: Proposal


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("read_meters")
def choose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Which file, and what it is; it is kept for two hours while its columns are looked at."""
    form = ListForm(request.POST or None, request.FILES or None, whats=_whats(desk), initial=_first(desk))
    if request.method == "POST" and form.is_valid():
        sent, what = form.cleaned_data["file"], form.cleaned_data["what"]
        data = sent.read(MOST_BYTES + 1)
        if form.carries_out(lambda: opened(data, kind=kind_of(what))):
            token = kept_uploads.keep(name=sent.name or "", data=data, whose=_whose(desk))
            return see("biller-import-columns", token, what)
    done = RosterImport.objects.filter(organization=desk.organization, kind__in=_kinds(desk)).select_related("actor")
    context = {"form": form, "imports": done.order_by("-pk")[:LATEST]}
    return page(
        request, desk, "accounts/import.html", context, tab="import", status=422 if form.errors else 200
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("read_meters")
def columns(request: HttpRequest, desk: Desk, token: str, what: str) -> HttpResponse:
    """Which column is what, shown on the file's own rows; then what would come in and what is wrong with which row."""
    if what not in _whats(desk):
        raise Http404
    kept = kept_uploads.find(token, whose=_whose(desk))
    if kept is None:
        messages.error(request, _("Tệp này giữ quá hai giờ nên đã bỏ. Hãy gửi lại tệp."))
        return see("biller-import")
    try:
        book, proposal = taking.opened_and_proposed(kept.data, organization=desk.organization, kind=kind_of(what))
    except Refused as refused:
        messages.error(request, refused.message)
        return see("biller-import")
    file = Opened(kept, what, book, proposal)
    initial = {"day": desk.today, "month": month_of(desk.today)}
    form = ColumnsForm(request.POST or None, proposal=proposal, what=what, drafts=_drafts(desk), initial=initial)
    seen: list[Outcome] = []
    if form.carries_out(lambda: seen.append(_look(desk, form, file))) and "take" in request.POST:
        if form.carries_out(lambda: _take(desk, form, file)):
            kept_uploads.drop(token, whose=_whose(desk))
            return see("biller-import-done", form.done.pk)
        seen.clear()
    context = {
        "form": form, "file": file, "label": WHATS[what], "token": token,
        "heads": columns_of(proposal)[:SAMPLE_COLUMNS],
        "sample": [(row, cells[:SAMPLE_COLUMNS]) for row, cells in proposal.sample],
        "unclear": [form[role].label for role in proposal.unclear], "preview": _preview(seen[0]) if seen else None,
    }  # fmt: skip
    return page(
        request, desk, "accounts/columns.html", context, tab="import", status=422 if form.errors else 200
    )  # fmt: skip


@require_safe
@at_biller("read_meters")
def done(request: HttpRequest, desk: Desk, import_id: int) -> HttpResponse:
    """What came of a list: how many came in, and each faulty row with its reason."""
    found = _own(desk, import_id)
    context = {"done": found, "faults": found.faults[:SHOWN_FAULTS], "more": max(0, len(found.faults) - SHOWN_FAULTS)}
    return page(request, desk, "accounts/import_done.html", context, tab="import")


@require_safe
@at_biller("read_meters")  # type: ignore[arg-type]  # written for pages; a file passes through unchanged
def faults(request: HttpRequest, desk: Desk, import_id: int, kind: str) -> FileResponse:
    """The faulty rows as a sheet with the same heads: mended there, it can be sent again as it is."""
    found = _own(desk, import_id)
    heads = [str(head).replace("\n", " ") for head in found.mapping.get("heads", [])]
    width = max([len(heads), *(len(fault.get("cells", [])) for fault in found.faults)], default=0)
    rows = [
        [*fault.get("cells", []), *[""] * (width - len(fault.get("cells", []))), fault["row"], fault["said"]]
        for fault in found.faults
    ]
    table = sheets.Table("Dòng có lỗi", [*heads, *[""] * (width - len(heads)), "Dòng", "Lý do"], rows)
    made = {"xlsx": lambda: sheets.xlsx_of([table]), "csv": lambda: sheets.csv_of(table)}
    if kind not in made:
        raise Http404
    return FileResponse(
        made[kind](), as_attachment=True, filename=f"dong-co-loi-{found.pk}.{kind}",
        content_type=XLSX if kind == "xlsx" else CSV,
    )  # fmt: skip


def _look(desk: Desk, form: ColumnsForm, file: Opened) -> Outcome:
    return taking.look(
        organization_id=desk.organization.pk, book=file.book, proposal=file.proposal,
        pointing=pointed(file.proposal, form.pointed()), wish=form.wish(), actor=desk.user, at=desk.at,
    )  # fmt: skip


def _take(desk: Desk, form: ColumnsForm, file: Opened) -> RosterImport:
    return taking.take_in(
        organization_id=desk.organization.pk, name=file.kept.name, data=file.kept.data, book=file.book,
        proposal=file.proposal, pointing=pointed(file.proposal, form.pointed()), wish=form.wish(), actor=desk.user,
        key=form.cleaned_data["key"], at=desk.at,
    )  # fmt: skip


def _preview(seen: Outcome) -> dict[str, Any]:
    """The first changes as sentences of now and then, and all faults up to what a page holds."""
    changes = []
    for one in seen.plan.changed[:SHOWN_CHANGES] if seen.plan else []:
        what = [(str(now or "–"), str(then)) for now, then in one.what.values()]
        home = seen.plan.households.get(one.known.household_id or 0, {}) if seen.plan else {}
        changes.append((one.known.called, what + [(now or "–", then) for now, then in home.values()]))
    newcomers = [one.person for one in seen.plan.added[:SHOWN_CHANGES]] if seen.plan else []
    return {
        "seen": seen, "good": seen.added + seen.changed, "changes": changes, "newcomers": newcomers,
        "faults": seen.faults[:SHOWN_FAULTS], "more": max(0, len(seen.faults) - SHOWN_FAULTS),
    }  # fmt: skip


def _own(desk: Desk, import_id: int) -> RosterImport:
    """An import of this biller that she may see. Raises Http404."""
    own = RosterImport.objects.select_related("actor").filter(organization=desk.organization, kind__in=_kinds(desk))
    found = own.filter(pk=import_id).first()
    if found is None:
        raise Http404
    return found


def _kinds(desk: Desk) -> list[str]:
    return [kind for kind, deed in taking.DEEDS.items() if desk.may[deed]]


def _whats(desk: Desk) -> list[str]:
    """What she may bring; counts only where a draft waits for them."""
    allowed = [what for what in WHATS if kind_of(what) in _kinds(desk)]
    return [what for what in allowed if kind_of(what) != Kind.COUNTS or _drafts(desk)]


def _first(desk: Desk) -> dict[str, str]:
    whats = _whats(desk)
    wanted = "pupil" if desk.organization.bills_for == "school" else "meter"
    return {"what": wanted if wanted in whats else whats[0]}


def _drafts(desk: Desk) -> list[BillRun]:
    runs = BillRun.objects.filter(organization=desk.organization, state=BillRun.State.DRAFT)
    return list(runs.order_by("-pk").prefetch_related("items__fee_item")[:20])


def _whose(desk: Desk) -> str:
    return f"{desk.organization.pk}:{desk.user.pk}"
