"""The bank: each account with its opening balance and with the sources that tell of its money."""

from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from base.refusals import NotFound
from cooperatives.models import BankAccount
from payments import opening
from payments.models import Feed, OpeningBalance
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_feed import OpeningForm
from storefront.views.desk.pages import page


@require_safe
@at_desk("see_money")
def bank(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where the setting up stands, and the next step."""
    return _bank_page(request, desk)


@require_POST
@at_desk("open_books")
def open_books(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Book what an account held on the opening day; once."""
    form = OpeningForm(request.POST)
    if form.carries_out(
        lambda: opening.open_account(
            bank_account=_account(desk, form.cleaned_data["bank_account"]),
            amount_dong=form.cleaned_data["amount_dong"], actor=desk.user, at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã mở sổ. Từ nay sổ và ngân hàng phải khớp từng đồng."))
        return see("desk-feed")
    return _bank_page(request, desk, wrong=form)


def _account(desk: Desk, account_id: int) -> BankAccount:
    own = BankAccount.objects.select_related("organization").filter(organization=desk.organization, pk=account_id)
    account = own.first()
    if account is None:
        raise NotFound()
    return account


def _bank_page(request: HttpRequest, desk: Desk, *, wrong: OpeningForm | None = None) -> HttpResponse:
    """In a fixed number of queries, however many accounts and sources there are."""
    accounts = BankAccount.objects.filter(organization=desk.organization, is_active=True).order_by("-is_default", "pk")
    openings = {one.bank_account_id: one for one in OpeningBalance.objects.filter(organization=desk.organization)}
    sources: defaultdict[int, list[Feed]] = defaultdict(list)
    for feed in Feed.objects.filter(organization=desk.organization, is_live=True).order_by("pk"):
        sources[feed.bank_account_id].append(feed)
    mistaken = wrong.data.get("bank_account", "") if wrong else ""
    rows = [
        {
            "account": account, "opened": openings.get(account.pk), "feeds": sources[account.pk],
            "form": wrong
            if wrong and mistaken == str(account.pk)
            else OpeningForm(initial={"bank_account": account.pk}, auto_id=f"open-{account.pk}-%s"),
        }
        for account in accounts
    ]  # fmt: skip
    return page(request, desk, "bank.html", {"rows": rows}, tab="feed", status=422 if wrong else 200)
