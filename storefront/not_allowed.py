"""A door that only takes forms, opened as a page: reloaded, typed or shared. The answer says so, with a way on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class NotAllowedPageMiddleware:
    """Django answers 405 with nothing in it, which a browser shows as an error of its own. Programs keep that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_empty = response.status_code == 405 and not response.streaming and not response.content
        if not is_empty or request.method != "GET" or not request.accepts("text/html"):
            return response
        page = render(request, "storefront/errors/405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
