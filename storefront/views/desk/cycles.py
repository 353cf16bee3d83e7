"""Market days at the desk: set, changed, settled, and what each member is to bring for one."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.periods import VIETNAM_OFFSET
from orders import bringing, cycling, deciding_cycles, setting_cycles
from orders.models import Cycle, CyclePickup
from orders.models.pickup import CycleQuerySet
from payments import failing_cycles
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_cycles import CycleForm, WhyForm
from storefront.upcoming import told
from storefront.views.desk.pages import page

PER_PAGE = 20
State = Cycle.State


@require_safe
@at_desk()
def cycles(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The latest day first."""
    rows = _here(desk).order_by("-pickup_day", "-pk")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "days": [told(cycle) for cycle in shown]}
    return page(request, desk, "cycles.html", context, tab="cycles")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_cycles")
def cycle_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One page for everything: times, day, stops, goods, minimum and cap."""
    now = desk.at.astimezone(VIETNAM_OFFSET)
    usual = {"opens_day": now.date(), "opens_time": now.replace(second=0, microsecond=0).time()}
    form = CycleForm(request.POST or None, organization=desk.organization, initial=usual)
    if form.carries_out(
        lambda: setting_cycles.set_cycle(
            organization_id=desk.organization.pk, plan=form.plan, actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        ),
        opens_at="opens_day", closes_at="closes_day",
    ):  # fmt: skip
        messages.success(request, _("Đã mở “%(name)s”.") % {"name": form.done.name})
        return see("desk-cycle", form.done.pk)
    return page(request, desk, "cycle_form.html", {"form": form}, tab="cycles", status=422 if form.errors else 200)


@require_safe
@at_desk()
def cycle(request: HttpRequest, desk: Desk, cycle_id: int) -> HttpResponse:
    return _cycle_page(request, desk, _found(desk, cycle_id))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_cycles")
def cycle_change(request: HttpRequest, desk: Desk, cycle_id: int) -> HttpResponse:
    """While it takes orders."""
    found = _found(desk, cycle_id)
    known = CycleForm.known(found, list(found.pickups.all()))
    form = CycleForm(request.POST or None, organization=desk.organization, initial=known)
    if form.carries_out(
        lambda: setting_cycles.change_cycle(cycle_id=found.pk, plan=form.plan, actor=desk.user, at=desk.at),
        opens_at="opens_day", closes_at="closes_day",
    ):  # fmt: skip
        messages.success(request, _("Đã ghi “%(name)s”.") % {"name": form.done.name})
        return see("desk-cycle", found.pk)
    context = {"form": form, "cycle": found}
    return page(request, desk, "cycle_form.html", context, tab="cycles", status=422 if form.errors else 200)


@require_POST
@at_desk("keep_cycles")
def go(request: HttpRequest, desk: Desk, cycle_id: int) -> HttpResponse:
    """Take no more orders and go ahead."""
    found = _found(desk, cycle_id)
    form = WhyForm(request.POST, needed=False)
    if form.carries_out(
        lambda: deciding_cycles.go_ahead(
            cycle_id=found.pk, why=form.cleaned_data["why"], actor=desk.user, at=desk.at
        )
    ):  # fmt: skip
        messages.success(request, _("Đã chốt: phiên sẽ họp. Tin báo người mua và bà con đã soạn sẵn."))
        return see("desk-cycle", found.pk)
    return _cycle_page(request, desk, found, go_form=form)


@require_POST
@at_desk("cancel_orders")
def drop(request: HttpRequest, desk: Desk, cycle_id: int) -> HttpResponse:
    """Cancel it with all its orders; money goes back."""
    found = _found(desk, cycle_id)
    form = WhyForm(request.POST)
    if form.carries_out(
        lambda: failing_cycles.drop(cycle_id=found.pk, why=form.cleaned_data["why"], actor=desk.user, at=desk.at)
    ):
        messages.success(request, _("Đã bỏ phiên: đơn đã hủy, tiền đã trả được ghi là phải trả lại."))
        return see("desk-cycle", found.pk)
    return _cycle_page(request, desk, found, drop_form=form)


def _here(desk: Desk) -> CycleQuerySet:
    stops = Prefetch("pickups", CyclePickup.objects.select_related("point"))
    return Cycle.objects.filter(organization=desk.organization).select_related("organization").prefetch_related(stops)


def _found(desk: Desk, cycle_id: int) -> Cycle:
    found = _here(desk).filter(pk=cycle_id).first()
    if found is None:
        raise Http404
    return found


def _cycle_page(
    request: HttpRequest, desk: Desk, found: Cycle, *, go_form: WhyForm | None = None, drop_form: WhyForm | None = None
) -> HttpResponse:
    if go_form or drop_form:  # a rival may have settled it since the page was shown
        found = _found(desk, found.pk)
    said = bringing.told_of(found)
    lists = [(member, promises, said.get(member.pk)) for member, promises in bringing.of_cycle(found).items()]
    standing = cycling.standing_dong(found)
    context = {
        "cycle": found, "day": told(found), "ordered_dong": cycling.ordered_dong(found), "standing_dong": standing,
        "is_below": standing < found.needs_dong, "lists": lists, "goods": list(found.products.order_by("name")),
        "orders": cycling.live_orders(found).order_by("placed_at", "pk")[:200],
        "is_changeable": found.state == State.SET and found.closes_at > desk.at,
        "is_late": found.state == State.SET and found.closes_at < desk.at - timedelta(minutes=5),
        "go_form": go_form or WhyForm(auto_id="go-%s"), "drop_form": drop_form or WhyForm(auto_id="drop-%s"),
        "wants_go": go_form is not None, "wants_drop": drop_form is not None,
    }  # fmt: skip
    return page(request, desk, "cycle.html", context, tab="cycles", status=422 if go_form or drop_form else 200)
