"""The pages for what went wrong: 403 (stale form), 404, 500. Each says what happened and the next step."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long, or cookies switched off. Nothing was changed."""
    return render(request, "storefront/errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what does not exist and for what is not yours."""
    return render(request, "storefront/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A bug of ours: shown with a reference that also stands in the log."""
    return render(request, "storefront/errors/500.html", {"reference": secrets.token_hex(4)}, status=500)
