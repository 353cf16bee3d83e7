"""A member's face at the desk: recorded with her consent, gone the moment she says so."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog import portraits
from catalog.models import Portrait
from catalog.pictures import MOST_BYTES
from cooperatives.models import Member, User
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_signs import PortraitForm
from storefront.views.desk.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_portraits")
def portrait(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """The face that is shown, with its consent; a new one replaces it."""
    member = _found(desk, member_id)
    form = PortraitForm(request.POST or None, request.FILES or None, initial={"consented_on": desk.today})
    if form.carries_out(
        lambda: portraits.record_portrait(
            member_id=member.pk, data=form.cleaned_data["photo"].read(MOST_BYTES + 1),
            wording=form.cleaned_data["wording"], consented_on=form.cleaned_data["consented_on"],
            witness=form.cleaned_data["witness"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        ),
        wording="",  # stands in a hidden field: said above the form
    ):  # fmt: skip
        messages.success(request, _("Ảnh của %(name)s đã lên trang bán hàng.") % {"name": member.user.name})
        return see("desk-portrait", member.pk)
    kept = Portrait.objects.filter(member=member).select_related("recorded_by", "withdrawn_by")
    context = {
        "form": form, "member": member, "consent": portraits.CONSENT,
        "recorded": kept.order_by("-recorded_at", "-pk"),
    }  # fmt: skip
    return page(request, desk, "portrait.html", context, tab="members", status=422 if form.errors else 200)


@require_POST
@at_desk("keep_portraits")
def withdraw(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """Off every page, and the files deleted."""
    member = _found(desk, member_id)
    portraits.withdraw_portrait(member_id=member.pk, actor=desk.user, at=desk.at)
    messages.success(request, _("Đã gỡ và xóa ảnh của %(name)s.") % {"name": member.user.name})
    return see("desk-portrait", member.pk)


@require_POST
def withdraw_own(request: HttpRequest) -> HttpResponse:
    """The member herself, from her own page, for each cooperative where her face is shown."""
    if not isinstance(request.user, User):
        raise Http404
    at = timezone.now()
    for member_id in Portrait.objects.shown().filter(member__user=request.user).values_list("member_id", flat=True):
        portraits.withdraw_portrait(member_id=member_id, actor=request.user, at=at)
    messages.success(request, _("Đã gỡ và xóa ảnh."))
    return HttpResponseRedirect(reverse("member"), status=303)


def _found(desk: Desk, member_id: int) -> Member:
    member = Member.objects.filter(organization=desk.organization, pk=member_id, left_on=None).select_related("user")
    found = member.first()
    if found is None:
        raise Http404
    return found
