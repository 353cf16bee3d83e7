"""Complaints at the desk: who waits for an answer, until when; answering, and deciding."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from base.text import storable
from orders import complaining
from orders.models import Complaint
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.complaints import AnswerForm, DecisionForm
from storefront.forms.desk import DeskForm
from storefront.views.desk.pages import page

PER_PAGE = 30
LISTS = {"waiting": gettext_lazy("Đang chờ"), "closed": gettext_lazy("Đã xong")}


@require_safe
@at_desk("answer_complaints")
def complaints(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those that wait, the one due first on top; ``?show=closed`` those that are done, the latest first."""
    show = request.GET.get("show", "waiting")
    if show not in LISTS:
        raise Http404
    own = Complaint.objects.filter(organization=desk.organization)
    found = own.waiting() if show == "waiting" else own.closed()
    context = {
        "page": Paginator(found.select_related("order"), PER_PAGE).get_page(request.GET.get("page")),
        "lists": LISTS.items(), "show": show,
    }  # fmt: skip
    return page(request, desk, "complaints.html", context, tab="complaints")


@require_safe
@at_desk("answer_complaints")
def complaint(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    return _complaint_page(request, desk, _found(desk, number))


@require_POST
@at_desk("answer_complaints")
def answer(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    found, form = _found(desk, number), AnswerForm(request.POST)
    if form.carries_out(
        lambda: complaining.answer(
            complaint_id=found.pk, text=form.cleaned_data["text"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã trả lời. Tin báo cho người khiếu nại đã soạn sẵn."))
        return see("desk-complaint", number)
    return _complaint_page(request, desk, found, wrong={"answer": form})


@require_POST
@at_desk("decide_complaints")
def close(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    found, form = _found(desk, number), DecisionForm(request.POST)
    if form.carries_out(
        lambda: complaining.close(
            complaint_id=found.pk, decision=form.cleaned_data["decision"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi quyết định. Tin báo cho người khiếu nại đã soạn sẵn."))
        return see("desk-complaint", number)
    return _complaint_page(request, desk, found, wrong={"decision": form})


def _found(desk: Desk, number: str) -> Complaint:
    """The complaint, if it is about the organization at whose desk she stands; else 404."""
    own = Complaint.objects.filter(organization=desk.organization).preloaded()
    found = own.filter(number=number).first() if storable(number) else None
    if found is None:
        raise Http404
    return found


def _complaint_page(
    request: HttpRequest, desk: Desk, found: Complaint, *, wrong: dict[str, DeskForm] | None = None
) -> HttpResponse:
    if wrong:  # a colleague may have answered since the page was shown
        found = _found(desk, found.number)
    forms: dict[str, DeskForm] = {"answer": AnswerForm(), "decision": DecisionForm(), **(wrong or {})}
    context = {"complaint": found, "said": list(found.messages.all()), "forms": forms, "opened": {*(wrong or {})}}
    return page(request, desk, "complaint.html", context, tab="complaints", status=422 if wrong else 200)
