"""Somebody called the buyer of a first order."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from base.text import storable
from orders import confirming as verb
from orders.models import Order
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm


@require_POST
@at_desk("confirm_orders")
def confirm(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """From the list of calls, or from the order itself; both go on with what waits next."""
    found = Order.objects.filter(organization=desk.organization, number=number).first() if storable(number) else None
    if found is None:
        raise Http404
    form = DeskForm(request.POST)
    if form.carries_out(
        lambda: verb.confirm_by_phone(
            order_id=found.pk, actor=desk.user, key=form.cleaned_data["key"], at=desk.at
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi: đã gọi, người mua xác nhận đơn %(number)s.") % {"number": number})
    elif form.refused:
        messages.error(request, form.refused.message)
    return see("desk-order", number)
