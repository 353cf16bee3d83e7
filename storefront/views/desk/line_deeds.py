"""What a treasurer does with a line of the bank. Each deed shows the line again, with its undoing beside it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from payments import explaining, refund_lines, triage, undoing
from payments.models import BankTransaction, Refund
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm, ReasonForm, refusal_of
from storefront.forms.desk_money import ROWS, KeepForm, ReturnForm, SplitForm
from storefront.views.desk.line import explain_form, found_line, line_page

UNDONE_BY = {
    "settlement": ("settlements",),
    "kept_debt": ("kept_debts",),
    "explanation": ("explanations", "explained_by"),
    "refund_movement": ("refund_movements",),
    "remittance_payment": ("remitted",),
}
"""What can be taken back: the name that a form and the verb have for it, and where it stands beside its line."""


@require_POST
@at_desk("settle_money")
def assign(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Give the line to one request or carrier's list, or split it over several; ``more`` only asks for more rows."""
    form = SplitForm(request.POST)
    if "more" in request.POST:
        typed = {name: request.POST[name] for name in ("key", "reason") if name in request.POST}
        return line_page(request, desk, line_id, more_rows=SplitForm(rows=form.rows, spare=ROWS, initial=typed))
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
def give_back(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """What is left goes back to its payer: the debt and the task in one; the transfer is made on the refund's page."""
    found_line(desk, line_id)
    form = ReturnForm(request.POST)
    if not form.carries_out(
        lambda: triage.return_line(
            transaction_id=line_id, **form.payee, reason=form.cleaned_data["reason"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        return line_page(request, desk, line_id, wrong={"return": form})
    if form.done.state == Refund.State.TO_DO:
        messages.success(request, _("Đã ghi việc trả lại tiền. Biết số tài khoản người nhận rồi thì làm tiếp ở đây."))
    else:
        messages.success(request, _("Đã lập lệnh trả lại. Quét mã dưới đây bằng ứng dụng ngân hàng để chuyển."))
    return see("desk-refund", form.done.code)


@require_POST
@at_desk("settle_money")
def explain(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """What the line was for, where it belongs to no request and no refund."""
    form = explain_form(found_line(desk, line_id), request.POST, on=desk.today)
    return _deed(
        request, desk, line_id, name="explain", form=form, said=_("Đã ghi rõ khoản này. Nếu nhầm, bấm gỡ."),
        do=lambda: explaining.explain(
            transaction_id=line_id, kind=form.cleaned_data["kind"],
            counterpart_id=form.cleaned_data.get("counterpart_id"), keeper_id=form.cleaned_data.get("keeper_id"),
            code=form.cleaned_data.get("code") or None,
            reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        ),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def match(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """This line carried a refund away, or brought it back."""
    form = ReasonForm(request.POST)
    refund = Refund.objects.filter(organization=desk.organization, code=request.POST.get("refund", "")[:12]).first()
    if refund is None:
        raise Http404
    return _deed(
        request, desk, line_id, name="match", form=form, said=_("Đã khớp với khoản trả lại."),
        do=lambda: refund_lines.match(
            refund_id=refund.pk, transaction_id=line_id, reason=form.cleaned_data["reason"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        ),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def dismiss(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Not ours; nothing is erased."""
    form = ReasonForm(request.POST)
    return _deed(
        request, desk, line_id, name="dismiss", form=form,
        said=_("Đã ghi là không phải tiền của mình. Chứng từ vẫn giữ nguyên."),
        do=lambda: triage.dismiss(
            transaction_id=line_id, reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        ),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def undo(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """Take back one thing that this line was used for, by a reversing entry."""
    found = found_line(desk, line_id)
    named = {f"{name}_id": _beside(found, places, request.POST.get(name, "")) for name, places in UNDONE_BY.items()}
    if sum(pk is not None for pk in named.values()) != 1:
        raise Http404
    refused = refusal_of(lambda: undoing.undo(**named, actor=desk.user, at=desk.at))
    if refused:
        return line_page(request, desk, line_id, refused=refused)
    messages.success(request, _("Đã gỡ. Khoản tiền này lại chờ xử lý."))
    return see("desk-line", line_id)


def _deed(
    request: HttpRequest, desk: Desk, line_id: int, *, name: str, form: DeskForm, do: Callable[[], Any], said: str
) -> HttpResponse:
    """Do it, if the line is of this organization, and show the line again; what was wrong stands in its form."""
    found_line(desk, line_id)
    if form.carries_out(do):
        messages.success(request, said)
        return see("desk-line", line_id)
    return line_page(request, desk, line_id, wrong={name: form})


def _beside(found: BankTransaction, places: Sequence[str], text: str) -> int | None:
    """The key in ``text``, if it is of something that stands beside this line."""
    beside = {str(one.pk): one.pk for place in places for one in getattr(found, place).all()}
    return beside.get(text)
