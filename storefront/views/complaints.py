"""Complaining without an account: a form, and a page under a token where both sides write."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.periods import vietnam_day
from base.refusals import NotFound
from cooperatives.models import Organization
from cooperatives.phones import shown
from orders import complaining
from orders.complaining import LONGEST_NUMBER, MOST_MESSAGES, TooManyComplaints
from orders.models import Complaint
from storefront import remembered
from storefront.forms.complaints import ComplaintForm, SayForm
from storefront.forms.desk import DeskForm
from storefront.views.bills.looking_up import address_of
from storefront.views.bills.privacy import private


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; ``?of=`` ``?about=`` ``?order=`` fill it in, as links from an order or the check page do."""
    if request.method != "POST":
        return _form_page(request, ComplaintForm(initial=_known(request)))
    form = ComplaintForm(request.POST)
    try:
        done = form.carries_out(
            lambda: complaining.write(
                organization_slug=form.cleaned_data["organization"].slug, about=form.cleaned_data["about"],
                text=form.cleaned_data["text"], name=form.cleaned_data["name"], phone=form.cleaned_data["phone"],
                order_number=form.cleaned_data["order_number"], address=address_of(request),
                key=form.cleaned_data["key"], at=timezone.now(),
            ),
            organization_slug="organization",
        )  # fmt: skip
    except NotFound:  # closed since the form was shown
        form.add_error("organization", _("Nơi này không còn mở ở đây. Hãy gọi điện."))
        done = False
    if done:
        messages.success(request, _("Đã nhận khiếu nại. Giữ đường dẫn của trang này để xem trả lời."))
        return HttpResponseRedirect(reverse("complaint", args=[form.done.token]), status=303)
    return _form_page(request, form, status=_status(form))


@never_cache
@require_safe
def complaint(request: HttpRequest, token: str) -> HttpResponse:
    """What was written by whom, when an answer was promised, how it ended. Whoever has the link may look."""
    return _page(request, _found(token))


@never_cache
@require_POST
def say(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(token)
    form = SayForm(request.POST)
    if form.carries_out(
        lambda: complaining.say(
            token=token, text=form.cleaned_data["text"], address=address_of(request), key=form.cleaned_data["key"],
            at=timezone.now(),
        )
    ):  # fmt: skip
        messages.success(request, _("Đã gửi."))
        return HttpResponseRedirect(reverse("complaint", args=[token]), status=303)
    return _page(request, found, form=form, status=_status(form))


def _status(form: DeskForm) -> int:
    return 429 if isinstance(form.refused, TooManyComplaints) else 422


def _known(request: HttpRequest) -> dict[str, str]:
    """What the link says, what is known of who is signed in, and the only place there is."""
    told = {
        "order_number": request.GET.get("order", "")[:LONGEST_NUMBER], "about": request.GET.get("about", "")[:8],
        "organization": request.GET.get("of", "")[:60],
    }  # fmt: skip
    if not told["organization"]:
        places = list(Organization.objects.public().values_list("slug", flat=True)[:2])
        told["organization"] = places[0] if len(places) == 1 else ""
    if request.user.is_authenticated:
        told |= {"name": request.user.name, "phone": shown(request.user.phone)}
    return told


def _found(token: str) -> Complaint:
    found = Complaint.objects.preloaded().filter(token=token).first() if remembered.is_token(token) else None
    if found is None:
        raise Http404
    return found


def _form_page(request: HttpRequest, form: ComplaintForm, *, status: int = 200) -> HttpResponse:
    places = Organization.objects.public().order_by("-sells", "id")
    context = {"form": form, "places": [place for place in places if place.phone][:4]}
    return render(request, "storefront/complaints/new.html", context, status=status)


def _page(request: HttpRequest, found: Complaint, *, form: SayForm | None = None, status: int = 200) -> HttpResponse:
    said = list(found.messages.all())
    context = {
        "complaint": found, "said": said, "form": form or SayForm(), "is_full": len(said) >= MOST_MESSAGES,
        "is_late": found.answered_at is None and vietnam_day(timezone.now()) > found.answer_by,
    }  # fmt: skip
    return private(render(request, "storefront/complaints/complaint.html", context, status=status))
