"""What buyers are promised, and whether their bank's app is offered: decided here by a manager or the treasurer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cooperatives.models import BankAccount
from orders import promising
from payments import bank_links as verb
from payments.poster_codes import check_code, shown
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_terms import PromisesForm
from storefront.views.desk.pages import page


@require_safe
@at_desk("decide_terms")
def terms(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _terms_page(request, desk)


@require_POST
@at_desk("decide_terms")
def promise(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = PromisesForm(request.POST)
    if form.carries_out(
        lambda: promising.promise(
            organization_id=desk.organization.pk, complaint_days=form.cleaned_data["complaint_days"],
            return_days=form.cleaned_data["return_days"], actor=desk.user, at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi. Trang cho người mua nói đúng như thế."))
        return see("desk-terms")
    return _terms_page(request, desk, wrong=form)


@require_POST
@at_desk("decide_terms")
def bank_links(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``offers``: "1" to offer, "" not to."""
    offers = request.POST.get("offers") == "1"
    verb.offer(organization_id=desk.organization.pk, offers=offers, actor=desk.user, at=desk.at)
    messages.success(
        request, _("Đã bật nút mở ứng dụng ngân hàng.") if offers else _("Đã tắt nút mở ứng dụng ngân hàng.")
    )
    return see("desk-terms", part="bank-links")


def _terms_page(request: HttpRequest, desk: Desk, *, wrong: PromisesForm | None = None) -> HttpResponse:
    here = desk.organization
    own = BankAccount.objects.filter(organization=here, is_active=True, kind=BankAccount.Kind.BANK)
    accounts = [(account, shown(check_code(account))) for account in own.select_related("organization").order_by("pk")]
    known = {"complaint_days": here.complaint_days, "return_days": here.return_days}
    context = {"form": wrong or PromisesForm(initial=known), "accounts": accounts, "opened": bool(wrong)}
    return page(request, desk, "terms.html", context, tab="terms", status=422 if wrong else 200)
