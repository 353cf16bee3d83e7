"""Where goods are fetched: the points of a cooperative, at its desk."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import pickup as verb
from orders.models import PickupPoint
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_cycles import PointForm
from storefront.views.desk.pages import page


@require_safe
@at_desk()
def pickup(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open ones first, each in the shop's own order."""
    points = PickupPoint.objects.filter(organization=desk.organization).order_by("-is_open", "position", "pk")
    return page(request, desk, "pickup.html", {"points": points}, tab="pickup")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_cycles")
def point_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = PointForm(request.POST or None)
    if form.carries_out(
        lambda: verb.add_point(
            organization_id=desk.organization.pk, written=form.written, actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã thêm điểm “%(name)s”.") % {"name": form.done.name})
        return see("desk-pickup")
    return page(request, desk, "pickup_form.html", {"form": form}, tab="pickup", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_cycles")
def point(request: HttpRequest, desk: Desk, point_id: int) -> HttpResponse:
    """Change what is written of it."""
    found = _found(desk, point_id)
    known = {
        "name": found.name, "place": found.place, "hours": found.hours, "phone": found.phone,
        "position": found.position,
    }  # fmt: skip
    form = PointForm(request.POST or None, initial=known)
    if form.carries_out(
        lambda: verb.change_point(point_id=found.pk, written=form.written, actor=desk.user, at=desk.at)
    ):
        messages.success(request, _("Đã ghi điểm “%(name)s”.") % {"name": form.done.name})
        return see("desk-pickup")
    context = {"form": form, "point": found}
    return page(request, desk, "pickup_form.html", context, tab="pickup", status=422 if form.errors else 200)


@require_POST
@at_desk("keep_cycles")
def point_open(request: HttpRequest, desk: Desk, point_id: int) -> HttpResponse:
    """``open``: "1" to offer it, "" no longer to."""
    found = _found(desk, point_id)
    is_open = request.POST.get("open") == "1"
    verb.open_point(point_id=found.pk, is_open=is_open, actor=desk.user, at=desk.at)
    told = _("Đã mở lại “%(name)s”.") if is_open else _("Đã đóng “%(name)s”. Đơn đã chọn điểm này vẫn giữ.")
    messages.success(request, told % {"name": found.name})
    return see("desk-pickup")


def _found(desk: Desk, point_id: int) -> PickupPoint:
    found = PickupPoint.objects.filter(organization=desk.organization, pk=point_id).first()
    if found is None:
        raise Http404
    return found
