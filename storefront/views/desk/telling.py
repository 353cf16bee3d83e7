"""What has to be said to whom: read out, copied or called, then marked as said."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cooperatives import outbox
from cooperatives.models import Message
from storefront.at_desk import Desk, at_desk, see
from storefront.views.desk.pages import page

PER_PAGE = 20


@require_safe
@at_desk("say_messages")
def telling(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Oldest first. ``?show=said`` shows what has been said, latest first."""
    here = Message.objects.filter(organization=desk.organization)
    said = request.GET.get("show") == "said"
    rows = (
        here.exclude(state=Message.State.WAITING).order_by("-said_at", "-pk") if said else here.waiting().order_by("pk")
    )
    context = {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "said": said}
    return page(request, desk, "messages.html", context, tab="messages")


@require_POST
@at_desk("say_messages")
def said(request: HttpRequest, desk: Desk, message_id: int) -> HttpResponse:
    """Somebody told the person. Repeating it changes nothing."""
    found = Message.objects.filter(organization=desk.organization, pk=message_id).first()
    if found is None:
        raise Http404
    outbox.mark_said(message=found, actor=desk.user, through="phone", at=desk.at)
    messages.success(request, _("Đã ghi: đã báo %(name)s.") % {"name": found.to_name})
    return see("desk-messages")
