"""“Đã nhận hàng”: the buyer says on her order's page that a parcel, paid before, has come."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from base.refusals import NotFound, Refused
from payments import delivering
from storefront import remembered


@never_cache
@require_POST
def received(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the order's link may say it, once or again."""
    if not remembered.is_token(token):
        raise Http404
    try:
        delivering.receive_by_buyer(token=token, at=timezone.now())
    except NotFound as no:
        raise Http404 from no
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Cảm ơn bà con. Tiền hàng đã chia cho người làm ra."))
    return HttpResponseRedirect(reverse("order", args=[token]), status=303)
