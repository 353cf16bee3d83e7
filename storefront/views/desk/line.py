"""One line of the bank: what came, what proves it, what the rules make of it, and all that can be done with it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from base.money import figures
from base.refusals import Refused
from payments import cash_days, refund_lines
from payments.models import BankTransaction, Feed
from storefront import desk_lines
from storefront.at_desk import Desk, at_desk
from storefront.forms.desk import DeskForm, ReasonForm, search_from
from storefront.forms.desk_money import ExplainForm, KeepForm, ReturnForm, SplitForm
from storefront.templatetags import asked_for
from storefront.templatetags.dong import clock, day
from storefront.views.desk.pages import page

State, Direction = BankTransaction.State, BankTransaction.Direction
WAITS = {State.NEEDS_YOU, State.PART_SETTLED}
TO_GIVE_BACK = {
    BankTransaction.Reason.CANCELLED_ORDER,
    BankTransaction.Reason.ALREADY_PAID,
    BankTransaction.Reason.LATE,
}
"""Where giving the money back is the first thing to offer."""


@require_safe
@at_desk("see_money")
def line(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    return line_page(request, desk, line_id)


def found_line(desk: Desk, line_id: int) -> BankTransaction:
    """The line with all that its page shows, if it is of the organization at whose desk she stands. Raises Http404."""
    lines = BankTransaction.objects.filter(organization=desk.organization, pk=line_id).preloaded()
    lines = lines.select_related(
        "bank_account", "organization", "link__payment_request", "link__feed", "joined_into", "dismissed_by",
        "declared_by",
    )  # fmt: skip
    used = ("settlements", "kept_debts", "explanations", "explained_by", "refund_movements", "remitted")
    people = [f"{where}__{who}" for where in used for who in ("actor", "undone_by")]
    beside = [
        "explanations__counterpart", "explanations__keeper", "explained_by__transaction", "refund_movements__refund",
        "remitted__remittance",
        "kept_debts__order", "kept_debts__account", "settlements__payment_request__account",
        "settlements__payment_request__bill__run", f"settlements__payment_request__{asked_for.PARTS}",
    ]  # fmt: skip
    found = lines.prefetch_related("sightings__statement_file", "joined_lines", *people, *beside).first()
    if found is None:
        raise Http404
    return found


def explain_form(found: BankTransaction, data: QueryDict | None = None, *, on: date) -> ExplainForm:
    """With the lines of other accounts that may be its other side, and the cash boxes it may have come out of."""
    others = [
        (one.pk, f"{one.bank_account} · {figures(one.amount_dong)} · {clock(one.happened_at)} {day(one.happened_at)}")
        for one in desk_lines.counterparts(found)
    ]
    by_card = found.link is not None and found.link.feed.provider == Feed.Provider.STRIPE
    boxes = cash_days.boxes(found.organization, on=on) if found.direction == Direction.IN else []
    keepers = [(box.keeper.pk, f"{box.keeper.name} · {figures(box.dong)}") for box in boxes if box.dong]
    return ExplainForm(data, line=found, counterparts=others, by_card=by_card, keepers=keepers)


def line_page(
    request: HttpRequest,
    desk: Desk,
    line_id: int,
    *,
    refused: Refused | None = None,
    wrong: dict[str, DeskForm] | None = None,
    more_rows: SplitForm | None = None,
) -> HttpResponse:
    """``wrong``: forms to show again with what was typed. A rival can have changed the line, so it is read anew."""
    found = found_line(desk, line_id)
    waits, is_in = found.state in WAITS, found.direction == Direction.IN
    acts = waits and desk.may["settle_money"]
    chosen = [(request.GET["code"][:12], str(found.unused_dong))] if "code" in request.GET else []
    context: dict[str, Any] = {"line": found, "refused": refused, "acts": acts, "is_in": is_in}
    if acts:
        forms: dict[str, DeskForm] = {
            "split": more_rows or SplitForm(rows=chosen), "keep": KeepForm(), "dismiss": ReasonForm(),
            "return": ReturnForm(initial=payer_of(found)), "explain": explain_form(found, on=desk.today),
            "match": ReasonForm(),
        }  # fmt: skip
        context |= {
            "forms": {**forms, **(wrong or {})},
            "opened": {*(wrong or {}), *(["split"] if chosen or more_rows else [])},
            "refunds": refund_lines.candidates(found),
            "gives_back_first": found.reason in TO_GIVE_BACK,
        }  # fmt: skip
        if is_in:
            context |= _requests_for(desk, found, search_from(request.GET.get("q", "")))
    context |= {
        "given_back": desk_lines.given_back(found),
        "joins": desk_lines.join_candidates(found) if desk.may["settle_money"] else [],
        "join_refused": (wrong or {}).get("join"), "parting_refused": (wrong or {}).get("part"),
    }  # fmt: skip
    return page(request, desk, "line.html", context, tab="money", status=422 if refused or wrong else 200)


def _requests_for(desk: Desk, found: BankTransaction, text: str) -> dict[str, Any]:
    """What the money may be for: the request that its memo names, the rules' proposals, or what was searched."""
    closed = desk_lines.closed_request(found)
    suggested = desk_lines.suggestions(found, but_not=closed)
    requests = []
    if text or not suggested:
        requests = desk_lines.open_requests(desk.organization, text) if text else desk_lines.same_due(found)
    shown = requests[: desk_lines.MOST_FOUND]
    return {
        "closed": closed, "suggested": suggested, "found": shown, "more": len(requests) > len(shown), "text": text
    }  # fmt: skip


def payer_of(found: BankTransaction) -> dict[str, str]:
    """Who sent it, as far as a source says it in full: a masked account is none."""
    masked = not found.payer_account.isalnum() or "XXX" in found.payer_account.upper()
    return {"payee_account": "" if masked else found.payer_account, "payee_holder": found.payer_name}
