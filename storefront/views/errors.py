"""The pages for what went wrong: 403 (stale form), 404, 500. Each says what happened and the next step."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long, or cookies switched off. Nothing was changed."""
    return render(request, "storefront/errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what does not exist and for what is not yours."""
    return render(request, "storefront/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A bug of ours: shown with a reference that also stands in the log.

    Rendered without the request, so that neither session nor user is asked of a database that may be what broke.
    """
    reference = secrets.token_hex(4)
    page = request.resolver_match.view_name if request.resolver_match else "?"  # no path: it may hold a token
    logger.error("error page %s shown for %s %s", reference, request.method, page)
    return HttpResponse(render_to_string("storefront/errors/500.html", {"reference": reference}), status=500)
