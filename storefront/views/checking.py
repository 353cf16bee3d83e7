"""Is this QR really theirs? Anybody asks, with what stands on a poster or a photo of it; the answer is in our words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from base.refusals import Refused
from cooperatives import trying
from cooperatives.models import Organization
from cooperatives.trying import Subject
from payments import payee_checks, poster_reading
from payments.payee_checks import Answer
from storefront.forms.checking import PhotoForm, TypedForm
from storefront.views.bills.looking_up import address_of

MOST_PHOTOS = 30
"""An hour, from one address: a village may stand behind it, and each costs the processor a little."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """``?q=`` asks by code, number or text; a posted photo asks by the codes in it. The verdict first, then the rest.

    Nothing is kept of either, but how many photos came from an address in the last hour.
    """
    if request.method == "POST":
        return _by_photo(request)
    typed = TypedForm(request.GET) if "q" in request.GET else TypedForm()
    text = request.GET.get("q", "")
    answers = payee_checks.about_typed(text) if text.strip() else []
    return _page(request, answers, typed=typed)


# Photos are larger than other forms of strangers (storefront/request_size.py).
check.most_bytes = poster_reading.MOST_BYTES + 64 * 1024  # type: ignore[attr-defined]


def _by_photo(request: HttpRequest) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, [], photo=form, status=422)
    who = [Subject("check_address", trying.network_of(address_of(request)))]
    if trying.note(who, at=timezone.now())[0] > MOST_PHOTOS:
        return _page(request, [], photo=form, too_many=True, status=429)
    try:
        payloads = poster_reading.codes_in(form.cleaned_data["photo"].read(poster_reading.MOST_BYTES + 1))
    except Refused as refused:
        form.take_refusal(refused)
        busy = isinstance(refused, poster_reading.Busy)
        return _page(request, [], photo=form, status=503 if busy else 422)
    return _page(request, payee_checks.about_codes(payloads))


def _page(
    request: HttpRequest,
    answers: list[Answer],
    *,
    typed: TypedForm | None = None,
    photo: PhotoForm | None = None,
    too_many: bool = False,
    status: int = 200,
) -> HttpResponse:
    callable_ = Organization.objects.public().exclude(phone="").order_by("-sells", "id")
    context: dict[str, Any] = {
        "answers": answers, "typed": typed or TypedForm(), "photo": photo or PhotoForm(), "too_many": too_many,
        "all_ours": bool(answers) and all(answer.is_ours for answer in answers), "places": callable_[:4],
        "at": timezone.now(),
    }  # fmt: skip
    return render(request, "storefront/check.html", context, status=status)
