"""``{% asked_for request %}``: what money was asked for, as people at the desk say it, with a link to it.

An order by its number and buyer; a bill by name, class and month; a bundle by the names in it. Reads ``order``, or
``account``, ``bill__run`` and ``parts__part__bill__run``: whoever shows many preloads those.
"""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payments.models import BillingAccount, PaymentRequest
from storefront.templatetags.dong import month as shown_month

register = template.Library()
BEHIND = ("order", "account__household", "bill__run")
"""To be joined."""
PARTS = "parts__part__bill__run"
"""To be fetched beside them."""


@register.simple_tag
def asked_for(request: PaymentRequest, plain: bool = False) -> SafeString | str:
    """``plain``: the words without a link."""
    words, address = _said(request)
    return words if plain else format_html('<a href="{}">{}</a>', address, words)


@register.filter
def named(account: BillingAccount) -> str:
    """``Nguyễn Văn An · 3A``."""
    return f"{account.name} · {account.section}" if account.section else account.name


def _said(request: PaymentRequest) -> tuple[str, str]:
    if request.order is not None:
        return f"{request.order.number} · {request.order.buyer_name}", reverse(
            "desk-order", args=[request.order.number]
        )
    if request.bill is not None:
        return _bill_words(request.bill), reverse("biller-bill", args=[request.bill_id])
    bills = [one.part.bill for one in request.parts.all() if one.part.bill is not None]
    names = ", ".join(dict.fromkeys(bill.account_name for bill in bills))
    count = ngettext("trả chung %(n)s khoản", "trả chung %(n)s khoản", len(bills)) % {"n": len(bills)}
    return f"{names} · {count}", reverse("biller-bill", args=[bills[0].pk])


def _bill_words(bill: Any) -> str:
    said = [bill.account_name, bill.section, _("tháng %(month)s") % {"month": shown_month(bill.run.month)}]
    return " · ".join(word for word in said if word)
