"""What the cooperative bears of an order: given to its buyer for a complaint, and taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from base.money import figures
from base.text import storable
from orders.models import Order
from payments import making_good
from payments.models import MadeGood
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import refusal_of
from storefront.forms.desk_goodwill import GoodwillForm
from storefront.views.desk.orders import order_page


@require_POST
@at_desk("decide_complaints")
def goodwill(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Owe the buyer something for a complaint; how it is paid back stands on the order's page then."""
    here = Order.objects.filter(organization=desk.organization)
    found = here.filter(number=number).preloaded().first() if storable(number) else None
    if found is None:
        raise Http404
    form = GoodwillForm(request.POST)
    if form.carries_out(
        lambda: making_good.goodwill(
            order_id=found.pk, amount_dong=form.cleaned_data["amount_dong"], reason=form.cleaned_data["reason"],
            actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        said = {"amount": figures(form.done.amount_dong)}
        messages.success(request, _("Đã ghi: đền người mua %(amount)s, hợp tác xã chịu.") % said)
        return see("desk-order", number, part="made-good")
    return order_page(request, desk, found, goodwill_form=form)


@require_POST
@at_desk("settle_money")
def undo(request: HttpRequest, desk: Desk, made_good_id: int) -> HttpResponse:
    """Take back what nobody was paid of, or a shortage that came after all."""
    found = MadeGood.objects.filter(pk=made_good_id, organization=desk.organization).select_related("order").first()
    if found is None:
        raise Http404
    refused = refusal_of(lambda: making_good.undo(made_good_id=made_good_id, actor=desk.user, at=desk.at))
    if refused:
        here = Order.objects.filter(pk=found.order_id).preloaded()
        return order_page(request, desk, here.get(), refused=refused)
    messages.success(request, _("Đã gỡ khoản hợp tác xã chịu này."))
    return see("desk-order", found.order.number, part="made-good")
