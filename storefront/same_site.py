"""Forms on shared pages carry no token of their visitor's: the browser itself says which page sent them.

Read in this order: ``Sec-Fetch-Site`` (browsers since 2020–2023), ``Origin``, ``Referer``. No page of a stranger's can
write them. Where a browser sends none, or names a page that is not ours, Django's token is asked for; without a right
one nothing is done, and a page with a token asks the visitor to say it again. Only for deeds that move no money and
show nothing (decision 0021).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]
_MOST_AGAIN = 20  # fields that the page which asks again carries along


def from_our_pages(view: View) -> View:
    """Let ``view`` act on a form that came from a page of ours, with or without a token; ask again otherwise.

    For POST (put ``require_POST`` above it).
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if comes_from_us(request) or _has_token(request):
            return view(request, *args, **kwargs)
        return _ask_again(request)

    exempt: Any = csrf_exempt(checked)
    exempt.takes_a_form = True  # so its size is looked at (storefront/request_size.py)
    return exempt


def comes_from_us(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form. False where it does not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sent_by = request.headers.get("Origin") or request.headers.get("Referer")
    return sent_by is not None and _origin(sent_by) in _our_origins(request)


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def _our_origins(request: HttpRequest) -> set[str]:
    return {f"{request.scheme}://{request.get_host()}".lower(), *settings.CSRF_TRUSTED_ORIGINS}


def _has_token(request: HttpRequest) -> bool:
    """Whether the form carries the token of this very browser, as Django checks it. No more is asked: a browser that
    hides where a form comes from hides it a second time too."""
    if getattr(request, "_dont_enforce_csrf_checks", False):  # Django's test client
        return True
    check: Any = CsrfViewMiddleware(lambda _request: HttpResponse())
    try:
        check._check_token(request)
    except RejectRequest:
        return False
    return True


def _ask_again(request: HttpRequest) -> HttpResponse:
    """Nothing was done: the same form once more, with a token, on a page that says what it will do."""
    fields = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    return render(request, "storefront/errors/say_again.html", {"fields": fields[:_MOST_AGAIN]}, status=403)
