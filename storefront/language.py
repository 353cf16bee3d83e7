"""Vietnamese unless this phone has chosen English. What the browser asks for is not listened to.

Cheap phones are often sold with English set, and their owners cannot change it: ``Accept-Language`` would show them
a page they cannot read.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from storefront.same_site import from_our_pages

COOKIE = "lang"
FIRST = "vi"
_YEAR_SECONDS = 365 * 24 * 3600
_SPOKEN = ("text/", "application/json")  # what carries sentences; pictures are the same in every language


def chosen_language(request: HttpRequest) -> str:
    """``vi`` or ``en``: the cookie's language if we speak it, else Vietnamese."""
    wanted = request.COOKIES.get(COOKIE, FIRST)
    return wanted if wanted in dict(settings.LANGUAGES) else FIRST


class LanguageMiddleware:
    """Speaks the chosen language during the request and says which one it was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith(_SPOKEN):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ("Cookie",))
        return response


@require_POST
@from_our_pages
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the posted ``lang`` on this phone for a year and goes back to ``next``, if that is a page of ours."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back, status=303)  # quotes what no header may hold
    wanted = request.POST.get("lang", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            COOKIE, wanted, max_age=_YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    return response
