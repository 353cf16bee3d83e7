"""One line of the bank: what came, what proves it, what the rules make of it, and all that a treasurer can do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from base.refusals import Refused
from payments import triage, undoing
from payments.models import BankTransaction
from storefront import desk_lines
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm, ReasonForm, refusal_of, search_from
from storefront.forms.desk_money import ROWS, KeepForm, SplitForm
from storefront.views.desk.pages import page

State, Direction = BankTransaction.State, BankTransaction.Direction
WAITS = {State.NEEDS_YOU, State.PART_SETTLED}
UNDONE_BY = {"settlement": "settlements", "kept_debt": "kept_debts"}
"""What can be taken back: the name that a form and the verb have for it, and where it stands beside its line."""


@require_safe
@at_desk("see_money")
def line(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    return _line_page(request, desk, line_id)


@require_POST
@at_desk("settle_money")
def assign(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Give the line to one request or split it over several; ``more`` only asks for more rows."""
    form = SplitForm(request.POST)
    if "more" in request.POST:
        return _line_page(request, desk, line_id, more_rows=SplitForm(rows=form.rows, spare=ROWS, initial=_kept(form)))
    return _deed(
        request, desk, line_id, name="split", form=form, said=_("Đã khớp. Nếu nhầm, bấm gỡ ở ngay bên dưới."),
        do=lambda: triage.assign(
            transaction_id=line_id, parts=form.parts, reason=form.cleaned_data["reason"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        ),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def keep(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """What is left of the line is owed back to its payer."""
    form = KeepForm(request.POST)
    return _deed(
        request, desk, line_id, name="keep", form=form, said=_("Đã ghi là tiền phải trả lại người chuyển."),
        do=lambda: triage.keep_as_debt(
            transaction_id=line_id, code=form.cleaned_data["code"] or None, reason=form.cleaned_data["reason"],
            actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        ),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def dismiss(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Not ours; nothing is erased."""
    form = ReasonForm(request.POST)
    return _deed(
        request, desk, line_id, name="dismiss", form=form,
        said=_("Đã ghi là không phải của hợp tác xã. Chứng từ vẫn giữ nguyên."),
        do=lambda: triage.dismiss(
            transaction_id=line_id, reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        ),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def undo(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Take back one thing that this line was used for, by a reversing entry."""
    found = _found(desk, line_id)
    named = {f"{name}_id": _beside(found, where, request.POST.get(name, "")) for name, where in UNDONE_BY.items()}
    if sum(pk is not None for pk in named.values()) != 1:
        raise Http404
    refused = refusal_of(lambda: undoing.undo(**named, actor=desk.user, at=desk.at))
    if refused:
        return _line_page(request, desk, line_id, refused=refused)
    messages.success(request, _("Đã gỡ. Khoản tiền này lại chờ xử lý."))
    return see("desk-line", line_id)


def _deed(
    request: HttpRequest, desk: Desk, line_id: int, *, name: str, form: DeskForm, do: Callable[[], Any], said: str
) -> HttpResponse:
    """Do it, if the line is of this organization, and show the line again; what was wrong stands in its form."""
    _found(desk, line_id)
    if form.carries_out(do):
        messages.success(request, said)
        return see("desk-line", line_id)
    return _line_page(request, desk, line_id, wrong={name: form})


def _beside(found: BankTransaction, where: str, text: str) -> int | None:
    """The key in ``text``, if it is of something that stands beside this line."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    beside: int | None = getattr(found, where).filter(pk=int(text)).values_list("pk", flat=True).first()
    return beside


def _found(desk: Desk, line_id: int) -> BankTransaction:
    lines = BankTransaction.objects.filter(organization=desk.organization, pk=line_id).preloaded()
    lines = lines.select_related(
        "bank_account", "organization", "link__payment_request", "joined_into", "dismissed_by", "declared_by"
    )
    people = [f"{where}__{who}" for where in UNDONE_BY.values() for who in ("actor", "undone_by")]
    found = lines.prefetch_related("sightings__statement_file", *people).first()
    if found is None:
        raise Http404
    return found


def _kept(form: SplitForm) -> dict[str, str]:
    return {name: form.data[name] for name in ("key", "reason") if name in form.data}


def _line_page(
    request: HttpRequest,
    desk: Desk,
    line_id: int,
    *,
    refused: Refused | None = None,
    wrong: dict[str, DeskForm] | None = None,
    more_rows: SplitForm | None = None,
) -> HttpResponse:
    """``wrong``: forms to show again with what was typed. Its deed can have changed the line, so that is read anew."""
    found = _found(desk, line_id)
    waits, is_in = found.state in WAITS, found.direction == Direction.IN
    acts = waits and desk.may["settle_money"]
    text = search_from(request.GET.get("q", ""))
    closed = desk_lines.closed_request(found) if waits and is_in else None
    suggested = desk_lines.suggestions(found, but_not=closed) if waits and is_in else []
    chosen = [(request.GET["code"][:12], str(found.unused_dong))] if "code" in request.GET else []
    found_requests = []
    if acts and is_in and (text or not suggested):
        found_requests = desk_lines.open_requests(desk.organization, text) if text else desk_lines.same_due(found)
    forms: dict[str, DeskForm] = {
        "split": more_rows or SplitForm(rows=chosen), "keep": KeepForm(), "dismiss": ReasonForm(), **(wrong or {}),
    }  # fmt: skip
    opened = {*(wrong or {}), *(["split"] if chosen or more_rows else [])}
    context = {
        "line": found, "refused": refused, "acts": acts, "is_in": is_in, "text": text, "forms": forms,
        "opened": opened, "suggested": suggested, "found": found_requests,
        "closed": closed,
    }  # fmt: skip
    return page(request, desk, "line.html", context, tab="money", status=422 if refused or wrong else 200)
