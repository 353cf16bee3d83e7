"""Statement files: read whole or refused whole, by columns that a person points out; how far one has come."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from base.refusals import NotFound, Refused
from cooperatives.models import BankAccount
from payments import importing, mappings
from payments.models import BankTransaction, StatementFile
from payments.statements.banks import DEFAULT
from payments.statements.mapping import Mapping, read_mapped
from payments.statements.proposing import propose
from payments.statements.statement import StatementRead
from storefront import kept_uploads
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_statement import REMEMBERED, ColumnsForm, StatementForm, columns_of
from storefront.kept_uploads import Kept
from storefront.views.desk.pages import page

LATEST_FILES = 20
SAMPLE_ROWS = 12
PREVIEWED_ROWS = 5
AGAIN_SECONDS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("import_statements")
def statement(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Import one file: believed whole or not at all; the same file again adds nothing. ``columns`` asks to point them
    out, and a file that was refused offers it."""
    form = StatementForm(request.POST or None, request.FILES or None, organization=desk.organization)
    columns = ""
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        data = sent.read(importing.MOST_BYTES + 1)
        if "columns" in request.POST and len(data) <= importing.MOST_BYTES:
            return _to_columns(desk, sent.name or "", data, form.cleaned_data["bank_account"])
        if form.carries_out(lambda: _imported(desk, form, sent.name or "", data)):
            _told(request, form.done)
            return see("desk-statement-file", form.done.pk)
        if len(data) <= importing.MOST_BYTES:
            columns = _to_columns(desk, sent.name or "", data, form.cleaned_data["bank_account"]).url
    files = StatementFile.objects.filter(organization=desk.organization).select_related("bank_account", "imported_by")
    context = {"form": form, "columns": columns, "files": files.order_by("-imported_at", "-pk")[:LATEST_FILES]}
    return page(request, desk, "statement.html", context, tab="statement", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("import_statements")
def columns(request: HttpRequest, desk: Desk, token: str) -> HttpResponse:
    """Which column is what, shown on the file's own rows; what would be read is shown before anything is kept."""
    account, kept = _account(desk, request.GET.get("account", "")), kept_uploads.find(token, whose=_whose(desk))
    if kept is None:
        messages.error(request, _("Tệp này giữ quá hai giờ nên đã bỏ. Hãy gửi lại tệp."))
        return see("desk-statement")
    try:
        proposal = propose(kept.data)
    except Refused as refused:
        messages.error(request, refused.message)
        return see("desk-statement")
    form = ColumnsForm(request.POST or None, proposal=proposal)
    read: list[tuple[Mapping, StatementRead]] = []
    understood = form.carries_out(lambda: read.append(_read(form, account, kept)))
    if understood and "import" in request.POST:
        if form.carries_out(lambda: _imported_by(desk, account, kept, read[0][0])):
            kept_uploads.drop(token, whose=_whose(desk))
            _told(request, form.done)
            return see("desk-statement-file", form.done.pk)
        read.clear()
    context = {
        "form": form, "account": account, "name": kept.name, "proposal": proposal, "heads": columns_of(proposal),
        "sample": proposal.sample[:SAMPLE_ROWS], "preview": _preview(read[0][1]) if read else None,
        "address": _columns_address(token, account),
    }  # fmt: skip
    return page(request, desk, "statement_columns.html", context, tab="statement", status=422 if form.errors else 200)


@require_safe
@at_desk("see_money")
def statement_file(request: HttpRequest, desk: Desk, file_id: int) -> HttpResponse:
    """One file: how many rows, how many of them nobody had seen before, and how far the settling has come."""
    files = StatementFile.objects.select_related("bank_account", "imported_by")
    file = files.filter(organization=desk.organization, pk=file_id).first()
    if file is None:
        raise Http404
    progress = importing.progress(file)
    lines = BankTransaction.objects.needs_you().filter(sightings__statement_file=file).distinct()
    context = {
        "file": file, "progress": progress, "known": file.rows - file.added, "to_look_at": lines.count(),
        "again": AGAIN_SECONDS if progress.waiting else 0,
    }  # fmt: skip
    return page(request, desk, "statement_file.html", context, tab="statement")


def _imported(desk: Desk, form: StatementForm, name: str, data: bytes) -> StatementFile:
    account = form.cleaned_data["bank_account"]
    bank = form.cleaned_data["bank"] or DEFAULT
    if bank == REMEMBERED:
        mapping = mappings.remembered(account)
        if mapping is None:
            raise mappings.NothingRemembered(field="bank")
        return importing.import_statement(
            bank_account_id=account.pk, name=name, data=data, actor=desk.user, at=desk.at, mapping=mapping
        )
    return importing.import_statement(
        bank_account_id=account.pk, name=name, data=data, actor=desk.user, at=desk.at, bank=bank
    )


def _imported_by(desk: Desk, account: BankAccount, kept: Kept, mapping: Mapping) -> StatementFile:
    """Import first: columns that read a whole file are worth remembering."""
    file = importing.import_statement(
        bank_account_id=account.pk, name=kept.name, data=kept.data, actor=desk.user, at=desk.at, mapping=mapping
    )
    mappings.remember(bank_account=account, mapping=mapping, actor=desk.user, at=desk.at)
    return file


def _read(form: ColumnsForm, account: BankAccount, kept: Kept) -> tuple[Mapping, StatementRead]:
    mapping = form.mapping(name=account.bank_name)
    return mapping, read_mapped(kept.data, mapping)


def _preview(read: StatementRead) -> dict[str, Any]:
    """The first rows as they were understood, and what was proved."""
    came = sum(arrival.dong for arrival in read.arrivals if arrival.direction == "in")
    return {
        "rows": read.rows[:PREVIEWED_ROWS], "count": len(read.rows), "proved": read.continuous,
        "opening_dong": read.opening_dong, "closing_dong": read.closing_dong, "in_dong": came,
        "out_dong": sum(arrival.dong for arrival in read.arrivals) - came,
    }  # fmt: skip


def _to_columns(desk: Desk, name: str, data: bytes, account: BankAccount) -> Any:
    token = kept_uploads.keep(name=name, data=data, whose=_whose(desk))
    return see("desk-statement-columns", token, query={"account": str(account.pk)})


def _columns_address(token: str, account: BankAccount) -> str:
    return f"{reverse('desk-statement-columns', args=[token])}?account={account.pk}"


def _whose(desk: Desk) -> str:
    return f"{desk.organization.pk}:{desk.user.pk}"


def _account(desk: Desk, text: str) -> BankAccount:
    own = BankAccount.objects.select_related("organization").filter(organization=desk.organization)
    account = own.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) <= 18 else None
    if account is None:
        raise NotFound()
    return account


def _told(request: HttpRequest, file: StatementFile) -> None:
    told = {"rows": file.rows, "added": file.added}
    messages.success(
        request, _("Đã đọc %(rows)s dòng, trong đó %(added)s dòng chưa từng thấy. Các dòng khác đã có từ trước.") % told
    )
