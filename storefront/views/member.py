"""A member's own page: what her goods brought this month, what she is owed, and every sale behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from base.periods import month_of, months_between, vietnam_day
from catalog.models import Lot, Portrait
from cooperatives import baselines, income, uplift
from cooperatives.models import Member, User
from orders import asking_stock, brought_back, on_its_way, sales
from payments import member_statement
from storefront.at_desk import sign_in_first

MOST_MONTHS = 12
LEAST_MONTHS = 6
MOST_SALES = 60
MOST_RETURNS = 20


@never_cache
@require_safe
def member(request: HttpRequest) -> HttpResponse:
    """Herself only; ``?of=<slug>`` chooses among several cooperatives. No member: a page that says for whom it is."""
    if not isinstance(request.user, User):
        return sign_in_first(request)
    memberships = _memberships(request.user)
    if not memberships:
        return render(request, "storefront/member_none.html")
    me = _chosen(request, memberships)
    face = Portrait.objects.shown().filter(member=me).first()
    context = {"me": me, "memberships": memberships, "face": face, "asked": asking_stock.of_member(me), **_figures(me)}
    return render(request, "storefront/member.html", context)


@never_cache
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """Her account with the cooperative, line by line; ``?of=`` as above."""
    if not isinstance(request.user, User):
        return sign_in_first(request)
    memberships = _memberships(request.user)
    if not memberships:
        return render(request, "storefront/member_none.html")
    me = _chosen(request, memberships)
    context = {"me": me, "memberships": memberships, "account": member_statement.statement(member=me)}
    return render(request, "storefront/member_statement.html", context)


def _memberships(user: User) -> list[Member]:
    return list(Member.objects.filter(user=user).select_related("organization", "user").order_by("organization_id"))


def _chosen(request: HttpRequest, memberships: list[Member]) -> Member:
    me = next((one for one in memberships if one.organization.slug == request.GET.get("of")), memberships[0])
    request.demo = me.organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    return me


def _figures(me: Member) -> dict[str, object]:
    """Everything on the page, by the clock of Việt Nam; income from the books, goods from the sales."""
    today = vietnam_day(timezone.now())
    this_month = month_of(today)
    shown = months_between(_months_before(this_month, MOST_MONTHS - 1), this_month)
    joined = month_of(me.joined_on)
    since = [month for month in shown if month >= joined] or shown[-1:]
    if len(since) < LEAST_MONTHS:
        since = shown[-LEAST_MONTHS:]
    by_month = income.months(member=me, first=since[0], last=since[-1])
    whole = [one for one in by_month[:-1] if one.month >= joined]
    baseline = baselines.current_baseline(member=me)
    sold = sales.sold_by(member=me, months=since)
    came_back = brought_back.of_member(member=me, months=since)
    return {
        "this_month": this_month,
        "this_month_dong": by_month[-1].income_dong,
        "bars": [(one.month, one.income_dong) for one in by_month],
        "baseline": baseline,
        "uplift": uplift.above(whole_months=whole, baseline_dong=baseline.monthly_dong) if baseline else None,
        "total_dong": income.total_dong(member=me),
        "on_its_way_dong": on_its_way.waiting_dong(member=me),
        "owed_dong": income.owed_dong(member=me),
        "owes_dong": income.owes_dong(member=me),
        "paid_out_dong": income.paid_out_dong(member=me),
        "came_back": came_back[:MOST_RETURNS],
        "came_back_by_month": list(brought_back.by_month(came_back).items()),
        "sold": sold[:MOST_SALES],
        "more_sold": max(len(sold) - MOST_SALES, 0),
        "lots": Lot.objects.filter(member=me, left__gt=0)
        .select_related("variant__product")
        .order_by("best_before", "received_at", "pk"),
    }


def _months_before(month: str, back: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - back
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
