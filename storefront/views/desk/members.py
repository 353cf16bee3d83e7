"""Members at the desk: who they are, what they are owed, and what they took home before joining."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from base.periods import month_of
from base.text import given_name_key
from cooperatives import baselines, enrolling, income
from cooperatives.chart import Kind
from cooperatives.models import Baseline, LedgerAccount, Member
from payments import member_statement
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_members import BaselineForm, MemberForm
from storefront.views.desk.pages import page


@dataclass(frozen=True, slots=True)
class Row:
    """One member with her figures, đồng; ``owes_dong``: of what came back after she was paid; ``baseline_dong`` None:
    not asked yet."""

    member: Member
    owed_dong: int
    owes_dong: int
    month_dong: int
    baseline_dong: int | None


@require_safe
@at_desk("see_money")
def members(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everybody, sorted as names are sorted in Vietnamese: by the given name."""
    rows = _rows(desk)
    context = {"rows": rows, "owed_dong": sum(row.owed_dong for row in rows), "month": month_of(desk.today)}
    return page(request, desk, "members.html", context, tab="members")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("enrol_members")
def member_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Enrol a member in person."""
    form = MemberForm(request.POST or None, initial={"joined_on": desk.today})
    if form.carries_out(lambda: _enrol(desk, form.cleaned_data)):
        told = {"name": form.done.user.name, "number": form.done.number}
        messages.success(request, _("Đã ghi %(name)s, thành viên số %(number)s.") % told)
        return see("desk-members")
    return page(request, desk, "member_new.html", {"form": form}, tab="members", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("record_baselines")
def baseline(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """Record what a member took home before; older rows stay and are shown."""
    member = Member.objects.select_related("user", "organization").filter(
        organization=desk.organization, pk=member_id
    ).first()  # fmt: skip
    if member is None:
        raise Http404
    form = BaselineForm(request.POST or None)
    if form.carries_out(lambda: _record(desk, member, form.cleaned_data)):
        messages.success(request, _("Đã ghi mức trước khi tham gia của %(name)s.") % {"name": member.user.name})
        return see("desk-members")
    recorded = Baseline.objects.filter(member=member).select_related("recorded_by").order_by("-recorded_at", "-pk")
    context = {"form": form, "member": member, "recorded": recorded}
    return page(request, desk, "baseline.html", context, tab="members", status=422 if form.errors else 200)


@require_safe
@at_desk("see_money")
def statement(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """A member's account, line by line, as she sees it herself."""
    own = Member.objects.select_related("user", "organization").filter(organization=desk.organization)
    member = own.filter(pk=member_id).first()
    if member is None:
        raise Http404
    context = {"member": member, "account": member_statement.statement(member=member)}
    return page(request, desk, "member_statement.html", context, tab="members")


def _enrol(desk: Desk, typed: dict[str, Any]) -> Member:
    return enrolling.enrol_member(
        organization=desk.organization, name=typed["name"], phone=typed["phone"] or None,
        password=typed["password"] or None, hamlet=typed["hamlet"], joined_on=typed["joined_on"],
        shows_name=typed["shows_name"], role=typed["role"] or None, actor=desk.user, key=typed["key"], at=desk.at,
    )  # fmt: skip


def _record(desk: Desk, member: Member, typed: dict[str, Any]) -> Baseline:
    return baselines.record_baseline(
        member=member, monthly_dong=typed["monthly_dong"], method=typed["method"], covers=typed["covers"],
        witness=typed["witness"], reason=typed["reason"], actor=desk.user, at=desk.at,
    )  # fmt: skip


def _rows(desk: Desk) -> list[Row]:
    """In five queries, however many members there are."""
    latest = Baseline.objects.filter(member=OuterRef("pk")).order_by("-recorded_at", "-pk")
    found = Member.objects.filter(organization=desk.organization, left_on=None).select_related("user")
    found = found.annotate(baseline_dong=Subquery(latest.values("monthly_dong")[:1]))
    hers = LedgerAccount.objects.filter(
        organization=desk.organization, kind__in=[Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS]
    )
    balances = {(account.kind, account.subject): account.balance_dong for account in hers}
    earned, month = income.of_everybody(organization=desk.organization), month_of(desk.today)
    rows = [
        Row(
            member=member, owed_dong=balances.get((Kind.OWED_TO_MEMBERS, f"member:{member.pk}"), 0),
            owes_dong=balances.get((Kind.OWED_BY_MEMBERS, f"member:{member.pk}"), 0),
            month_dong=earned.get((member.pk, month), 0), baseline_dong=member.baseline_dong,
        )
        for member in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: given_name_key(row.member.user.name))
