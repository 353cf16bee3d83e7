"""What is done on the page of one account: its household and card, what it is exempt from, what it agreed to."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from base.refusals import NotFound
from payments.bills import accounts, households
from payments.models import Agreement, BillingAccount, ExemptGroup, Exemption, FeeItem, Household
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_accounts import AgreeForm, EndForm, ExemptForm, HouseholdForm, JoinForm
from storefront.forms.desk import DeskForm, refusal_of
from storefront.views.biller.accounts import account_page, own_account


@require_POST
@at_biller("keep_bills")
def household(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """Who pays; of an account that has no household yet, one is made."""
    own = own_account(desk, account_id)
    form = HouseholdForm(request.POST)

    def do() -> Household:
        typed = {name: form.cleaned_data[name] for name in ("name", "phone", "place")}
        return households.of_account(account_id=own.pk, actor=desk.user, at=desk.at, **typed)

    return _answered(request, desk, own, "home", form, do, _("Đã ghi hộ của %(name)s."))


@require_POST
@at_biller("keep_bills")
def join(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """Into the household of a brother, a sister, another meter; ``alone`` gives it a household of its own again."""
    own = own_account(desk, account_id)
    form = JoinForm(request.POST)

    def do() -> BillingAccount:
        return households.join(
            account_id=own.pk, number=form.cleaned_data["number"], actor=desk.user, at=desk.at
        )  # fmt: skip

    return _answered(request, desk, own, "join", form, do, _("%(name)s đã chung hộ."))


@require_POST
@at_biller("keep_bills")
def card_anew(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """The old card opens nothing from now on."""
    own = own_account(desk, account_id)
    if own.household_id is None:
        raise NotFound()
    households.card_anew(household_id=own.household_id, actor=desk.user, at=desk.at)
    messages.success(request, _("Đã làm thẻ mới cho hộ. Thẻ cũ không dùng được nữa; hãy in thẻ mới."))
    return see("biller-account", own.pk, part="household")


@require_POST
@at_biller("keep_bills")
def exempt(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    own = own_account(desk, account_id)
    groups = ExemptGroup.objects.filter(organization=desk.organization).order_by("name")
    form = ExemptForm(request.POST, choices=[(one.pk, one.name) for one in groups])

    def do() -> Exemption:
        return accounts.exempt(account_id=own.pk, actor=desk.user, at=desk.at, **_typed(form))

    return _answered(request, desk, own, "exempt", form, do, _("Đã ghi diện được giảm của %(name)s."), part="terms",
                     renamed={"group": "group_id"})  # fmt: skip


@require_POST
@at_biller("keep_bills")
def agree(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    own = own_account(desk, account_id)
    items = FeeItem.objects.filter(organization=desk.organization, compulsory=False, is_active=True)
    form = AgreeForm(request.POST, choices=[(one.pk, one.name) for one in items.in_billers_order()])

    def do() -> Agreement:
        return accounts.agree(account_id=own.pk, actor=desk.user, at=desk.at, **_typed(form))

    return _answered(request, desk, own, "agree", form, do, _("Đã ghi đăng ký của %(name)s."), part="terms",
                     renamed={"fee_item": "fee_item_id"})  # fmt: skip


@require_POST
@at_biller("keep_bills")
def end_term(request: HttpRequest, desk: Desk, account_id: int, kind: str, term_id: int) -> HttpResponse:
    """``kind``: exemption or agreement; today, or the day typed, is its last."""
    own = own_account(desk, account_id)
    ids = {"exemption": own.exemptions.values_list("pk"), "agreement": own.agreements.values_list("pk")}
    if kind not in ids or (term_id,) not in ids[kind]:
        raise NotFound()
    form = EndForm({**request.POST.dict(), "on": request.POST.get("on") or desk.today.isoformat()})

    def do() -> Exemption | Agreement:
        on = form.cleaned_data["on"]
        if kind == "exemption":
            return accounts.end_exemption(exemption_id=term_id, on=on, actor=desk.user, at=desk.at)
        return accounts.end_agreement(agreement_id=term_id, on=on, actor=desk.user, at=desk.at)

    refused = refusal_of(do) if form.is_valid() else None
    if refused is not None:
        messages.error(request, refused.message)
    elif form.is_valid():
        messages.success(request, _("Đã ghi ngày cuối."))
    return see("biller-account", own.pk, part="terms")


def _typed(form: DeskForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.fields}


def _answered(
    request: HttpRequest,
    desk: Desk,
    own: BillingAccount,
    name: str,
    form: DeskForm,
    do: Callable[[], Any],
    told: str,
    *,
    part: str = "household",
    renamed: dict[str, str] | None = None,
) -> HttpResponse:
    if form.carries_out(do, **(renamed or {})):
        messages.success(request, told % {"name": own.name})
        return see("biller-account", own.pk, part=part)
    return account_page(request, desk, own, wrong={name: form})
