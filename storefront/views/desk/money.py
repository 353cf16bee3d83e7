"""Lines of the bank: the lists, and one line with everything a treasurer can do with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from base.refusals import NotFound, Refused
from base.text import squeezed
from payments import settlement, triage, undoing
from payments.models import BankTransaction, KeptDebt, PaymentRequest, Settlement, Sighting
from storefront import desk_reading
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import ReasonForm, day_from, search_from
from storefront.forms.desk_money import KeepForm, SplitForm
from storefront.views.desk.pages import page

PER_PAGE = 30
MOST_FOUND = 20
LISTS = {
    "look": gettext_lazy("Cần xem"),
    "over": gettext_lazy("Nhận thừa"),
    "today": gettext_lazy("Hôm nay"),
    "all": gettext_lazy("Tất cả"),
}


@require_safe
@at_desk("see_money")
def money(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One list of lines at a time (``?show=``; ``?day=2026-11-22`` for the lines of a day)."""
    show = request.GET.get("show", "look")
    if show not in LISTS:
        raise Http404
    here = BankTransaction.objects.filter(organization=desk.organization)
    title: Any = LISTS[show]
    if "day" in request.GET:
        day = day_from(request.GET["day"], otherwise=desk.today)
        lines, show, title = here.filter(day=day), "", _("Ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    elif show == "look":
        lines = desk_reading.to_look_at(desk.organization)
    elif show == "over":
        lines = desk_reading.overpaid(desk.organization)
    else:
        lines = here.filter(day=desk.today) if show == "today" else here
    shown = Paginator(lines.preloaded().latest_first(), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request, desk, "money.html", {"page": shown, "lists": LISTS.items(), "show": show, "title": title}, tab="money"
    )


@require_safe
@at_desk("see_money")
def line(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """One line: what came, what proves it, what the rules make of it, what a person can do."""
    return _line_page(request, desk, _found(desk, line_id))


@require_POST
@at_desk("settle_money")
def assign(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Give the line to one request or split it over several."""
    found = _found(desk, line_id)
    form = SplitForm(request.POST)
    if form.is_valid():
        try:
            triage.assign(
                transaction_id=found.pk, parts=form.parts, reason=form.cleaned_data["reason"], actor=desk.user,
                key=form.cleaned_data["key"], at=desk.at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused)
        else:
            messages.success(request, _("Đã khớp. Nếu nhầm, bấm gỡ ở ngay bên dưới."))
            return see("desk-line", line_id)
    return _line_page(request, desk, found, split_form=form)


@require_POST
@at_desk("settle_money")
def keep(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """What is left of the line is owed back to its payer."""
    found = _found(desk, line_id)
    form = KeepForm(request.POST)
    if form.is_valid():
        try:
            triage.keep_as_debt(
                transaction_id=found.pk, code=form.cleaned_data["code"] or None, reason=form.cleaned_data["reason"],
                actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused)
        else:
            messages.success(request, _("Đã ghi là tiền phải trả lại người chuyển."))
            return see("desk-line", line_id)
    return _line_page(request, desk, found, keep_form=form)


@require_POST
@at_desk("settle_money")
def dismiss(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Not ours; nothing is erased."""
    found = _found(desk, line_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            triage.dismiss(
                transaction_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user,
                key=form.cleaned_data["key"], at=desk.at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused)
        else:
            messages.success(request, _("Đã ghi là không phải của hợp tác xã. Chứng từ vẫn giữ nguyên."))
            return see("desk-line", line_id)
    return _line_page(request, desk, found, dismiss_form=form)


@require_POST
@at_desk("settle_money")
def undo(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Take one settlement or kept debt of this line back."""
    found = _found(desk, line_id)
    settled = _of_line(Settlement, found, request.POST.get("settlement", ""))
    kept = _of_line(KeptDebt, found, request.POST.get("kept_debt", ""))
    if (settled is None) == (kept is None):
        raise Http404
    try:
        undoing.undo(settlement_id=settled, kept_debt_id=kept, actor=desk.user, at=desk.at)
    except NotFound:
        raise
    except Refused as refused:
        return _line_page(request, desk, found, refused=refused)
    messages.success(request, _("Đã gỡ. Khoản tiền này lại chờ xử lý."))
    return see("desk-line", line_id)


@require_safe
@at_desk("see_money")
def evidence(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Calls about accounts that are not ours, and evidence that says two things at once."""
    here = (
        Sighting.objects.filter(organization=desk.organization)
        .select_related("transaction")
        .order_by("-received_at", "-pk")
    )
    found = here.filter(Q(bank_account=None) | Q(contradicted=True))
    context = {"page": Paginator(found, PER_PAGE).get_page(request.GET.get("page"))}
    return page(request, desk, "evidence.html", context, tab="money")


def _of_line(kind: type[Settlement] | type[KeptDebt], found: BankTransaction, text: str) -> int | None:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    return kind.objects.filter(transaction=found, pk=int(text)).values_list("pk", flat=True).first()


def _found(desk: Desk, line_id: int) -> BankTransaction:
    found = BankTransaction.objects.filter(organization=desk.organization, pk=line_id).preloaded().first()
    if found is None:
        raise Http404
    return found


def _open_requests(desk: Desk, text: str) -> list[PaymentRequest]:
    """Requests that a person may mean by ``text``: code, order number, amount, last digits of the buyer's phone."""
    digits = "".join(c for c in text if c in "0123456789")
    wanted = Q(code__contains=squeezed(text)[:12]) if squeezed(text) else Q(pk__in=[])
    wanted |= Q(order__number__icontains=text) | Q(order__buyer_name__icontains=text)
    if digits and not any(c.isalpha() for c in text):
        wanted |= Q(asked_dong=int(digits[:15]))
        if len(digits) >= 3:
            wanted |= Q(order__buyer_phone__endswith=digits.removeprefix("0"))
    paying = [*desk_reading.PAYING, PaymentRequest.State.EXPIRED]  # an expired order reopens if its goods are there
    found = PaymentRequest.objects.filter(wanted, organization=desk.organization, state__in=paying)
    return list(found.select_related("order").order_by("-created_at", "-pk")[:MOST_FOUND])


def _same_due(desk: Desk, dong: int) -> list[PaymentRequest]:
    """Requests of which exactly so much is due: a hint to ask the payer about, never a proof."""
    here = PaymentRequest.objects.takes_money().filter(organization=desk.organization)
    same = here.filter(asked_dong=F("credited_dong") + dong)
    return list(same.select_related("order").order_by("-created_at", "-pk")[:MOST_FOUND])


def _line_page(
    request: HttpRequest,
    desk: Desk,
    found: BankTransaction,
    *,
    refused: Refused | None = None,
    split_form: SplitForm | None = None,
    keep_form: KeepForm | None = None,
    dismiss_form: ReasonForm | None = None,
) -> HttpResponse:
    if refused or split_form or keep_form or dismiss_form:
        found = _found(desk, found.pk)
    waits = found.state in {BankTransaction.State.NEEDS_YOU, BankTransaction.State.PART_SETTLED}
    is_in = found.direction == BankTransaction.Direction.IN
    text = search_from(request.GET.get("q", ""))
    proposals = settlement.examine(found).proposals if waits and is_in else ()
    codes = {part.code for proposal in proposals for part in proposal.parts}
    named = {
        one.code: one
        for one in PaymentRequest.objects.filter(code__in=codes, organization=desk.organization).select_related("order")
    }
    acts = waits and desk.may["settle_money"]
    chosen = [(request.GET["code"][:12], str(found.unused_dong))] if "code" in request.GET else []
    found_requests: list[PaymentRequest] = []
    if acts and is_in and (text or not proposals):
        found_requests = _open_requests(desk, text) if text else _same_due(desk, found.unused_dong)
    context = {
        "line": found, "refused": refused, "acts": acts, "is_in": is_in, "text": text,
        "proposals": [
            {
                "kind": proposal.kind, "best": proposal.best, "form": SplitForm(),
                "parts": [(part, named.get(part.code)) for part in proposal.parts],
                "sum_dong": sum(part.dong for part in proposal.parts),
            }
            for proposal in proposals
        ],
        "found": found_requests,
        "split_form": split_form or SplitForm(rows=chosen),
        "keep_form": keep_form or KeepForm(), "dismiss_form": dismiss_form or ReasonForm(),
        "wants_split": split_form is not None or bool(chosen), "wants_keep": keep_form is not None,
        "wants_dismiss": dismiss_form is not None,
        "settlements": found.settlements.all(), "debts": found.kept_debts.all(),
    }  # fmt: skip
    wrong = refused or split_form or keep_form or dismiss_form
    return page(request, desk, "line.html", context, tab="money", status=422 if wrong else 200)
