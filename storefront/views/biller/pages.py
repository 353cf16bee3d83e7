"""One way to draw a page of a biller's desk: its frame says who works for whom, and whether the books add up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from storefront import standing
from storefront.at_desk import Desk

TABS = (
    ("home", "biller", _("Hôm nay"), "see_bills"),
    ("runs", "biller-runs", _("Đợt thu"), "see_bills"),
    ("bills", "biller-bills", _("Khoản thu"), "see_bills"),
    ("accounts", "biller-accounts", _("Danh sách"), "see_bills"),
    ("fees", "biller-fees", _("Mục thu"), "see_bills"),
    ("cash", "biller-cash", _("Tiền mặt"), "see_bills"),
    ("month", "biller-month", _("Sổ tháng"), "see_money"),
    ("reminders", "biller-reminders", _("Nhắc"), "see_bills"),
)
"""A tab's name, its door, its words, and the deed of those who see it."""


def page(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """``template`` below storefront/biller/; ``tab`` is the one to mark. A form that was wrong has status 422."""
    may = desk.may
    verdict = standing.of(desk.organization, at=desk.at) if may["see_money"] else None
    request.demo = desk.organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    frame = {
        "desk": desk, "may": may, "tab": tab, "tabs": [one for one in TABS if may[one[3]]],
        "standing": verdict.audit if verdict else None, "standing_at": verdict.at if verdict else None,
    }  # fmt: skip
    return render(request, f"storefront/biller/{template}", {**frame, **context}, status=status)
