"""How much one may send: a few kilobytes of a form, or a file at the desk. More is refused unread."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

MOST_FORM_BYTES = 256 * 1024
MOST_FILE_BYTES = 13 * 1024 * 1024  # a statement of 12 MB with its form around it


class RequestSizeMiddleware:
    """Django bounds the fields of a form and never its files: a stranger could fill the disk with a form of ours.

    Doors without a form of ours (``csrf_exempt``: GraphQL, the hooks) look at the size themselves before they read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False) and not getattr(view, "takes_a_form", False):
            return None
        most = MOST_FILE_BYTES if request.path_info.startswith(reverse("desk")) else MOST_FORM_BYTES
        most = getattr(view, "most_bytes", most)  # a stranger's photo of a poster (views/checking.py)
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isascii() and said.isdigit() and len(said) <= 9 and int(said) <= most:
            return None
        return render(request, "storefront/errors/too_large.html", status=413)
