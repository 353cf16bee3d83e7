"""The biller's desk: what waits, the most urgent first; for a new biller the three steps to the first đồng."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cooperatives.models import Message, Organization
from payments import cash_boxes
from payments.bills import standing
from payments.models import Bill, BillingAccount, BillRun, Feed, FeeItem, OpeningBalance, Refund
from storefront import desk_reading
from storefront.at_biller import at_biller
from storefront.at_desk import Desk
from storefront.views.biller.pages import page

FEW = 5


@require_safe
@at_biller()
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A clerk sees no bank lines."""
    here, may = desk.organization, desk.may
    drafts = BillRun.objects.filter(organization=here, state=BillRun.State.DRAFT).order_by("-pk")
    to_say = Message.objects.waiting().filter(organization=here).count()
    handed_over = cash_boxes.waiting_for(here, desk.user)
    waiting = {"messages": to_say, "cash": len(handed_over)}
    context: dict[str, Any] = {
        "tally": standing.tally(Bill.objects.filter(organization=here), today=desk.today), "drafts": drafts[:FEW],
        "to_say": to_say, "waiting_cash": handed_over,
        "steps": _steps(here, may_keep=may["keep_bills"]),
        "has_meters": BillingAccount.objects.filter(organization=here, kind=BillingAccount.Kind.METER).exists(),
    }  # fmt: skip
    if may["receive_cash"]:
        context["box_dong"] = cash_boxes.box_dong(here, desk.user)
    if may["see_money"]:
        lines = desk_reading.to_look_at(here)
        context |= {
            "looks": lines.count(), "to_look_at": lines.preloaded().latest_first()[:FEW],
            "refunds": Refund.objects.open().filter(organization=here).count(),
            "has_feed": Feed.objects.filter(organization=here, is_live=True).exists(),
            "is_opened": OpeningBalance.objects.filter(organization=here).exists(),
        }  # fmt: skip
        waiting |= {"money": context["looks"], "refunds": context["refunds"]}
    return page(request, desk, "home.html", context, tab="home", waiting=waiting)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps; ``next`` is the one to take now."""

    name: str
    text: str
    href: str
    done: bool
    next: bool


def _steps(here: Organization, *, may_keep: bool) -> list[Step]:
    items = FeeItem.objects.filter(organization=here, is_active=True, rates__isnull=False).exists()
    accounts = BillingAccount.objects.filter(organization=here).exists()
    said = [
        (_("1. Mục thu"), _("Thu những gì, giá bao nhiêu, căn cứ nào."), reverse("biller-fees"), items),
        (_("2. Danh sách"), _("Học sinh, đồng hồ, của nhà nào; nhập từ Excel."), reverse("biller-accounts"), accounts),
        (_("3. Đợt thu"), _("Chọn tháng và mục, xem tổng, rồi phát hành."), reverse("biller-runs"), False),
    ]  # fmt: skip
    now = next(number for number, (_name, _text, _href, done) in enumerate(said) if not done)
    return [
        Step(name, text, href if may_keep or done else "", done, number == now)
        for number, (name, text, href, done) in enumerate(said)
    ]
