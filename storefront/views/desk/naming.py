"""Whether buyers read a member's name: set at the desk, or by herself. ``shows=yes``; anything else hides."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import naming
from cooperatives.models import Member, User
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import refusal_of


@require_POST
@at_desk("keep_portraits")
def name(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """From her portrait's page."""
    member = Member.objects.filter(organization=desk.organization, pk=member_id, left_on=None).select_related("user")
    found = member.first()
    if found is None:
        raise Http404
    _set(request, found, actor=desk.user, at=desk.at)
    return see("desk-portrait", found.pk, part="name")


@require_POST
def own_name(request: HttpRequest, member_id: int) -> HttpResponse:
    """The member herself, from her own page, in the cooperative that it shows."""
    if not isinstance(request.user, User):
        raise Http404
    me = Member.objects.filter(user=request.user, pk=member_id).select_related("organization", "user").first()
    if me is None:
        raise Http404
    _set(request, me, actor=request.user, at=timezone.now())
    return HttpResponseRedirect(f"{reverse('member')}?of={me.organization.slug}#name", status=303)


def _set(request: HttpRequest, member: Member, *, actor: User, at: datetime) -> None:
    """As she pressed, and a word on what came of it."""
    shows = request.POST.get("shows") == "yes"
    refused = refusal_of(lambda: naming.show_name(member_id=member.pk, shows=shows, actor=actor, at=at))
    if refused:
        messages.error(request, refused.message)
        return
    told = _("Người mua thấy tên %(name)s từ bây giờ.") if shows else _("Đã ẩn tên %(name)s.")
    messages.success(request, told % {"name": member.user.name})
